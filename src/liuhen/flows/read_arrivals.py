"""The import desk's three lists: recordings of no case yet, recordings of doubtful time, files that were set aside.

Invariant: every read names its actor, sees that actor's agency only, leaves out closed recordings that the actor may not
know of, and is bounded; lists page by a cursor that stays right while recordings arrive.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

from django.db.models import Model, Q, QuerySet

from liuhen.flows.access import NotFound, Permission, case_for, knows_closed, require
from liuhen.flows.classified import OPEN_WORDS
from liuhen.flows.ground import agency_facts, case_named
from liuhen.flows.match_arrivals import Candidate, Match, acts_of_case, match_recordings
from liuhen.flows.occasion import Actor
from liuhen.records.index.models import QuarantineRow, RecordingRow

PAGE = 20
_COUNTED = 1000

Line = TypeVar("Line")
Row = TypeVar("Row", bound=Model)


@dataclass(frozen=True, slots=True)
class Page(Generic[Line]):
    """One page of a list; `total` counts up to 1000, `next` continues it, None at its end."""

    lines: tuple[Line, ...]
    total: int
    capped: bool
    next: int | None


@dataclass(frozen=True, slots=True)
class Doubtful:
    """A recording whose time somebody must settle; `case` is empty while it is of none."""

    uid: str
    name: str
    doubt: str
    started_at: datetime | None
    stored_at: datetime
    officer: str
    case: str


@dataclass(frozen=True, slots=True)
class Aside:
    """A file that was set aside and that nobody has dealt with."""

    sha256: str
    name: str
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Cursors:
    """Where each list continues; None for its beginning."""

    unmatched: int | None = None
    doubtful: int | None = None
    aside: int | None = None


@dataclass(frozen=True, slots=True)
class Arrivals:
    """What the desk shows below the files that are arriving."""

    unmatched: Page[Match]
    doubtful: Page[Doubtful]
    aside: Page[Aside]


@dataclass(frozen=True, slots=True)
class Roll:
    """Who may have filmed with what: uid and name, for choosing."""

    officers: tuple[tuple[str, str], ...]
    devices: tuple[tuple[str, str], ...]


def read_arrivals(actor: Actor, cursors: Cursors, *, at: datetime) -> Arrivals:
    """Read the three lists. Raises NotAllowed."""
    require(actor, Permission.INGEST)
    rows = _visible(actor)
    return Arrivals(
        unmatched=_page(
            rows.filter(case_uid=""),
            "stored_at",
            cursors.unmatched,
            lambda found: match_recordings(actor, found, at=at),
        ),
        doubtful=_page(rows.exclude(clock_doubt=""), "stored_at", cursors.doubtful, _doubtful),
        aside=_page(
            QuarantineRow.objects.filter(agency=actor.agency, outcome=""),
            "at",
            cursors.aside,
            lambda found: tuple(Aside(row.sha256, row.name, row.reason, row.at) for row in found),
        ),
    )


def acts_named(actor: Actor, name: str) -> tuple[Candidate, ...]:
    """Give the acts of a case by its number, for choosing by hand. Raises NotAllowed, NotFound."""
    require(actor, Permission.INVESTIGATE)
    uid = case_named(actor.agency, name.strip())
    if uid is None:
        raise NotFound("案件")
    return acts_of_case(case_for(actor, uid))


def roll_of(actor: Actor) -> Roll:
    """Give the agency's officers and devices. Raises NotAllowed."""
    require(actor, Permission.INGEST)
    agency = agency_facts(actor.agency).agency
    return Roll(
        tuple((uid, one.name) for uid, one in agency.officers.items()),
        tuple((uid, f"{one.name} {one.number}".strip()) for uid, one in agency.devices.items() if one.usable),
    )


def _visible(actor: Actor) -> QuerySet[RecordingRow]:
    rows = RecordingRow.objects.filter(agency=actor.agency)
    if knows_closed(actor):
        return rows
    return rows.filter(Q(classification__in=OPEN_WORDS) | Q(officer=actor.uid))


def _doubtful(rows: Iterable[RecordingRow]) -> tuple[Doubtful, ...]:
    return tuple(
        Doubtful(row.uid, row.name, row.clock_doubt, row.started_at, row.stored_at, row.officer, row.case_uid)
        for row in rows
    )


def _page(
    rows: QuerySet[Row], column: str, after: int | None, lines: Callable[[list[Row]], tuple[Line, ...]]
) -> Page[Line]:
    """Give the page that follows the row `after`, the newest first; a row that is gone begins at the newest."""
    total = rows.order_by().values("pk")[: _COUNTED + 1].count()
    found = list(_after(rows, column, after).order_by(f"-{column}", "-pk")[: PAGE + 1])
    following = found[PAGE - 1].pk if len(found) > PAGE else None
    return Page(lines(found[:PAGE]), min(total, _COUNTED), total > _COUNTED, following)


def _after(rows: QuerySet[Row], column: str, after: int | None) -> QuerySet[Row]:
    # The row may have left the list since (it was matched): its place in time still tells where to go on.
    moment: Any = rows.model._default_manager.filter(pk=after).values_list(column, flat=True).first()
    if moment is None:
        return rows
    return rows.filter(Q(**{f"{column}__lt": moment}) | Q(**{column: moment, "pk__lt": after}))
