"""清单维护: an agency publishes its 音像记录事项清单 in numbered versions, takes it in from a workbook and gives it out as one.

Invariant: publishing is one event in the agency's stream, numbered here and nowhere else; a version once published stays
readable as it was; a list is published only by who saw the version it replaces, so that no two people overwrite each other.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from liuhen.adapters.sheets.reading import read_sheets
from liuhen.adapters.sheets.writing import SheetColumn, write_sheet
from liuhen.core.events.agency import ListPublished
from liuhen.core.events.parts import ListEntry
from liuhen.core.facts.fold import fold
from liuhen.core.kernel.errors import BadInput, LiuhenError
from liuhen.core.kernel.moments import SHANGHAI, say_instant
from liuhen.flows.access import NotAllowed, NotFound, Permission, has, may_any
from liuhen.flows.actors import names_by_roll
from liuhen.flows.ground import agency_facts, open_kept
from liuhen.flows.import_list import ImportedList, file_name, read_list, sheet_rows
from liuhen.flows.list_rows import COLUMNS, LIST, entry_faults, list_faults, next_version
from liuhen.flows.occasion import Actor, Occasion
from liuhen.flows.study_law import editions
from liuhen.flows.writing import write_agency
from liuhen.records.ledger.append import hold
from liuhen.records.ledger.read import sealed_events
from liuhen.records.ledger.turn import turn

_PUBLISHERS = (Permission.MANAGE_AGENCY, Permission.ARCHIVE)
_WIDTHS = {"category": 12, "matter": 26, "link": 14, "manner": 14, "starts": 18, "content": 44, "ends": 18, "keep": 14}


@dataclass(frozen=True, slots=True)
class PublishedList:
    """A version as it was published: `id` is its event's, `at` the moment it came into force, `by` the person."""

    id: str
    version: str
    at: datetime
    recorded_at: datetime
    by: str
    entries: tuple[ListEntry, ...]


class ListMoved(LiuhenError):
    """Somebody published another version after the one this list was made from."""

    def __init__(self, newest: PublishedList | None) -> None:
        what = (
            f"{newest.by}已于 {say_instant(newest.recorded_at)} 公布了{newest.version}" if newest else "清单尚未公布过"
        )
        super().__init__(f"{what}，您的修改所依据的不是现行清单，本次没有公布；请对照现行清单核对后重新修改。")
        self.newest = newest


class ListUnchanged(LiuhenError):
    """The list says the same as the version in force."""

    def __init__(self, newest: PublishedList) -> None:
        super().__init__(f"内容与现行的{newest.version}完全相同，没有公布新版本；请修改后再公布。")


def may_read(actor: Actor) -> bool:
    """Say whether the actor may read the agency's lists: who works on cases, and who keeps the agency's data."""
    return has(actor, Permission.VIEW) or has(actor, Permission.MANAGE_AGENCY)


def may_publish(actor: Actor) -> bool:
    """Say whether the actor may publish: the system administrator, and the custodian of records (档案管理员)."""
    return may_any(actor, _PUBLISHERS)


def require_publisher(actor: Actor) -> None:
    """Raise NotAllowed unless the actor may publish."""
    if not may_publish(actor):
        raise NotAllowed(actor, Permission.MANAGE_AGENCY)


def published_lists(actor: Actor) -> tuple[PublishedList, ...]:
    """Give every version that the actor's agency published, the one in force first. Raises NotAllowed."""
    if not may_read(actor):
        raise NotAllowed(actor, Permission.VIEW)
    return _versions(actor.agency)


def published_list(actor: Actor, uid: str) -> PublishedList:
    """Give one version by its id. Raises NotAllowed, NotFound."""
    found = next((one for one in published_lists(actor) if one.id == uid), None)
    if found is None:
        raise NotFound("清单版本")
    return found


def _versions(agency: str) -> tuple[PublishedList, ...]:
    events = [open_kept(item, "") for item in sealed_events(f"agency:{agency}")]
    found = [(event.header, event.content) for event in events if isinstance(event.content, ListPublished)]
    ours = [(header, said) for header, said in found if said.list == LIST]
    names = names_by_roll(fold(events).agency.officers, {header.actor for header, _ in ours})
    return tuple(
        PublishedList(
            id=header.id,
            version=said.version,
            at=header.at,
            recorded_at=header.recorded_at,
            by=names.get(header.actor, "未登记的人员"),
            entries=said.entries,
        )
        for header, said in reversed(ours)
    )


def publish_list(occasion: Occasion, entries: Sequence[ListEntry], *, based_on: str) -> PublishedList:
    """Publish a list as the next version; `based_on` is the id of the version it was made from, empty for the first.

    Raises NotAllowed, BadInput naming row and column, ListMoved, ListUnchanged.
    """
    require_publisher(occasion.actor)
    rows = tuple(entries)
    _require_right(rows)
    with turn():
        hold(occasion.actor.agency)
        versions = _versions(occasion.actor.agency)
        newest = versions[0] if versions else None
        if based_on != (newest.id if newest else ""):
            raise ListMoved(newest)
        if newest is not None and newest.entries == rows:
            raise ListUnchanged(newest)
        number = next_version((one.version for one in versions), occasion.at.astimezone(SHANGHAI).year)
        write_agency(occasion, ListPublished(LIST, number, rows))
        return _versions(occasion.actor.agency)[0]


def _require_right(entries: Sequence[ListEntry]) -> None:
    for place, entry in enumerate(entries):
        for fault in entry_faults(entry):
            field = fault.column.field if fault.column else ""
            raise BadInput(f"entries[{place}].{field}", f"第 {place + 1} 行{fault.say()}")
    for row, fault in list_faults(entries):
        raise BadInput("entries" if row is None else f"entries[{row}]", _called(row, fault.say()))


def _called(row: int | None, said: str) -> str:
    return said if row is None else f"第 {row + 1} 行{said}"


def import_workbook(actor: Actor, data: bytes) -> ImportedList:
    """Read a list from an xlsx file; nothing is recorded. Raises NotAllowed, SheetRefused, BadInput."""
    require_publisher(actor)
    return read_list(read_sheets(data))


def export_workbook(actor: Actor, uid: str) -> tuple[str, bytes]:
    """Give a version as an xlsx file with its name. Raises NotAllowed, NotFound."""
    chosen = published_list(actor, uid)
    columns = [SheetColumn(column.title, _WIDTHS[column.field]) for column in COLUMNS]
    name = file_name(agency_facts(actor.agency).agency.short_name, chosen.version)
    return name, write_sheet(LIST, columns, sheet_rows(chosen.entries))


def suggested_categories(actor: Actor) -> tuple[str, ...]:
    """Give the kinds of act that the agency's packs speak of, to choose a category from."""
    own = agency_facts(actor.agency).agency.packs
    return tuple(dict.fromkeys(kind for pack in editions() if pack.id in own for kind in pack.kinds))
