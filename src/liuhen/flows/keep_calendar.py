"""节假日安排: an agency's administrator enters a year's notice; what was adopted is an event, and every calendar stays kept.

Invariant: only what has no mistake is adopted, and only onto the calendar that the person saw; of two people who enter at the
same time the second is told, and nothing of the first is lost.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from liuhen.adapters.calendars.files import read_calendar_data, read_calendar_file
from liuhen.core.calendar.calendar import DayNote, WorkCalendar
from liuhen.core.calendar.calendar_data import to_data
from liuhen.core.calendar.entry import Entry, Mistake, Typed, changed_days, check_entry, lay_over
from liuhen.core.events.agency import CalendarAdopted
from liuhen.core.events.catalogue import Event
from liuhen.core.kernel import canonical
from liuhen.core.kernel.errors import BadInput, LiuhenError
from liuhen.flows.access import NotFound, Permission, has, require
from liuhen.flows.actors import names_of
from liuhen.flows.calendars import calendar_of, published_version, version_of
from liuhen.flows.ground import open_kept
from liuhen.flows.occasion import Actor, Occasion
from liuhen.flows.office import office
from liuhen.flows.write_document import keep
from liuhen.flows.writing import write_agency
from liuhen.records.ledger.append import hold
from liuhen.records.ledger.read import sealed_events
from liuhen.records.ledger.turn import turn

ADOPTED = "agency.calendar-adopted"


class CalendarMoved(LiuhenError):
    """Somebody adopted another calendar since this one was looked at."""

    def __init__(self) -> None:
        super().__init__("您打开页面之后，本机关的工作日历已由他人更新；请重新打开节假日安排，核对后再录入")


class NothingChanged(LiuhenError):
    """What was entered is what stands already."""

    def __init__(self) -> None:
        super().__init__("录入的安排与现行工作日历完全一致，没有需要更新的内容")


class CalendarRefused(BadInput):
    """An entry with mistakes; all of them are at hand."""

    def __init__(self, mistakes: tuple[Mistake, ...]) -> None:
        self.mistakes = mistakes
        more = f"（另有 {len(mistakes) - 1} 处错误）" if len(mistakes) > 1 else ""
        super().__init__(mistakes[0].place, mistakes[0].sentence + more)


@dataclass(frozen=True, slots=True)
class Adoption:
    """A calendar as it was adopted: its event and place in the agency's stream, by whom, when, for which years."""

    event: str
    seq: int
    at: datetime
    recorded_at: datetime
    actor: str
    version: str
    years: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class CalendarReading:
    """The calendar in force with its history, newest first; `names` gives the person behind an actor's opaque id."""

    calendar: WorkCalendar
    version: str
    adoptions: tuple[Adoption, ...]
    names: dict[str, str]
    published: WorkCalendar
    may_change: bool


@dataclass(frozen=True, slots=True)
class Proposal:
    """What an entry would make of the calendar in force. Where there are mistakes, `after` is what stands now."""

    entry: Entry
    before: WorkCalendar
    after: WorkCalendar
    base: str
    changed: tuple[tuple[date, DayNote, DayNote], ...]

    @property
    def version(self) -> str:
        """The digest that names what would stand after it."""
        return version_of(self.after)

    @property
    def changes(self) -> bool:
        """Whether adopting it would change anything at all, be it only a source."""
        return self.before != self.after


def adoptions_in(events: Iterable[Event]) -> tuple[Adoption, ...]:
    """Give the adoptions among events of an agency, in their order."""
    found = []
    for event in events:
        said, header = event.content, event.header
        if isinstance(said, CalendarAdopted):
            found.append(
                Adoption(header.id, header.seq, header.at, header.recorded_at, header.actor, said.version, said.years)
            )
    return tuple(found)


def _adoptions(agency: str) -> tuple[Adoption, ...]:
    return adoptions_in(open_kept(item, "") for item in sealed_events(f"agency:{agency}"))


def read_calendar(actor: Actor) -> CalendarReading:
    """Give the calendar of the actor's agency. Raises NotAllowed, and NotFound for who belongs to no agency."""
    if not has(actor, Permission.MANAGE_AGENCY):
        require(actor, Permission.VIEW)
    if not actor.agency:
        raise NotFound("机关")
    adoptions = _adoptions(actor.agency)
    version = adoptions[-1].version if adoptions else None
    return CalendarReading(
        calendar=calendar_of(version),
        version=version or published_version(),
        adoptions=adoptions[::-1],
        names=names_of(adoption.actor for adoption in adoptions),
        published=office().calendar,
        may_change=has(actor, Permission.MANAGE_AGENCY),
    )


def read_entry(data: bytes, name: str) -> Typed:
    """Read a calendar file by the ending of its name. Raises BadInput for a file that is no calendar at all."""
    return read_calendar_file(data, name)


def read_entry_data(data: Any) -> Typed:
    """Read an entry that a program sent as JSON. Raises BadInput for what is no calendar at all."""
    return read_calendar_data(data, "calendar")


def entry_data(entry: Entry) -> dict[str, Any]:
    """Give a sound entry in the form of a calendar file, by which it is sent back to be confirmed."""
    data = to_data(WorkCalendar(entry.notices, entry.regional or ()))
    if entry.regional is None:
        del data["regional"]
    return data


def lay_published(reading: CalendarReading, year: int) -> WorkCalendar:
    """Give the calendar with the published notice of a year laid over it, where there is one; it is adopted by nobody yet."""
    published = tuple(notice for notice in reading.published.notices if notice.year == year)
    return lay_over(reading.calendar, Entry(published, None, ()))


def propose(actor: Actor, typed: Typed) -> Proposal:
    """Check what was typed and give what it would change; nothing is written. Raises NotAllowed, NotFound."""
    require(actor, Permission.MANAGE_AGENCY)
    reading = read_calendar(actor)
    entry, after = check_entry(typed), reading.calendar
    if not entry.mistakes:
        try:
            after = lay_over(reading.calendar, entry)
        except BadInput as fault:
            entry = Entry(entry.notices, entry.regional, (Mistake(fault.place, fault.sentence),), entry.doubts)
    changed = tuple(changed_days(reading.calendar, after))
    return Proposal(entry, reading.calendar, after, reading.version, changed)


def adopt(occasion: Occasion, typed: Typed, *, base: str) -> Proposal:
    """Adopt what was typed onto the calendar of version `base`; the cases of the agency are counted anew by a sweep.

    Raises NotAllowed, NotFound, CalendarMoved, NothingChanged, and CalendarRefused with every mistake.
    """
    require(occasion.actor, Permission.MANAGE_AGENCY)
    with turn():
        hold(occasion.actor.agency)
        proposal = propose(occasion.actor, typed)
        if proposal.entry.mistakes:
            raise CalendarRefused(proposal.entry.mistakes)
        if proposal.base != base:
            raise CalendarMoved
        if not proposal.changes:
            raise NothingChanged
        record_calendar(occasion, proposal.after)
    return proposal


def record_calendar(occasion: Occasion, calendar: WorkCalendar) -> None:
    """Put a calendar into the vault and record that the agency adopted it."""
    file = keep(canonical.render(to_data(calendar)), "工作日历.json", "application/json")
    years = tuple(notice.year for notice in calendar.notices)
    write_agency(occasion, CalendarAdopted(version_of(calendar), file, years))
