"""节假日安排: the picture of a year, its history, and what an entry would change.

Invariant: every day of a year stands in its picture once, and what it is can be read without seeing colours.
"""

from calendar import Calendar
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from liuhen.core.calendar.calendar import DayKind, DayNote, WorkCalendar
from liuhen.core.calendar.working import say_day, say_kind
from liuhen.flows.keep_calendar import CalendarReading, Proposal

_MARKS = {DayKind.HOLIDAY: "休", DayKind.MAKE_UP: "班", DayKind.REGIONAL: "地"}
_MONDAY_FIRST = Calendar(firstweekday=0)
_AHEAD = 2


@dataclass(frozen=True, slots=True)
class DayCell:
    """A day of the picture: its number, a mark (休, 班, 地 or none), its kind for the look, and words for it."""

    number: int
    kind: str
    mark: str
    words: str
    changed: bool


@dataclass(frozen=True, slots=True)
class Month:
    """A month by weeks from Monday; None where a week reaches into another month."""

    label: str
    weeks: tuple[tuple[DayCell | None, ...], ...]


@dataclass(frozen=True, slots=True)
class YearPicture:
    """A year: its notice, its twelve months, and what it comes to."""

    year: int
    source: str
    known: bool
    months: tuple[Month, ...]
    holidays: int
    made_up: int
    regional: tuple[str, ...]
    working: int


@dataclass(frozen=True, slots=True)
class YearChoice:
    """A year to choose."""

    year: int
    known: bool
    chosen: bool


@dataclass(frozen=True, slots=True)
class AdoptionLine:
    """A calendar that was adopted: when, by whom, for which years, under which digest."""

    at: datetime
    person: str
    years: str
    version: str


@dataclass(frozen=True, slots=True)
class CalendarPage:
    """Everything that the page of a year shows."""

    picture: YearPicture
    years: tuple[YearChoice, ...]
    history: tuple[AdoptionLine, ...]
    version: str
    may_change: bool
    offered: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Preview:
    """What an entry would make of the calendar, before it is confirmed."""

    pictures: tuple[YearPicture, ...]
    changes: tuple[str, ...]
    doubts: tuple[str, ...]
    years: str
    base: str
    entry: str


def calendar_page(reading: CalendarReading, year: int, today: date) -> CalendarPage:
    """Give the page of a year; the year after a known one can be chosen so that its notice can be entered."""
    known = {notice.year for notice in reading.calendar.notices}
    published = {notice.year for notice in reading.published.notices}
    years = sorted(known | {today.year + n for n in range(_AHEAD)} | {year}, reverse=True)
    return CalendarPage(
        picture=picture(reading.calendar, year),
        years=tuple(YearChoice(each, each in known, each == year) for each in years),
        history=tuple(
            AdoptionLine(
                adoption.recorded_at,
                reading.names.get(adoption.actor, adoption.actor),
                say_years(adoption.years),
                adoption.version.removeprefix("sha256:"),
            )
            for adoption in reading.adoptions
        ),
        version=reading.version.removeprefix("sha256:"),
        may_change=reading.may_change,
        offered=tuple(sorted(published - known)),
    )


def preview(proposal: Proposal, entry: str) -> Preview:
    """Give the preview of a sound entry; `entry` is what its confirmation sends back."""
    changed = frozenset(day for day, _, _ in proposal.changed)
    return Preview(
        pictures=tuple(picture(proposal.after, year, changed) for year in proposal.entry.years),
        changes=tuple(
            f"{say_day(day)}：{say_kind(was)}改为{say_kind(now)}"
            for day, was, now in proposal.changed
            if proposal.before.knows(day.year)
        ),
        doubts=proposal.entry.doubts,
        years=say_years(proposal.entry.years),
        base=proposal.base,
        entry=entry,
    )


def picture(calendar: WorkCalendar, year: int, changed: frozenset[date] = frozenset()) -> YearPicture:
    """Draw a year."""
    months = tuple(
        Month(
            f"{month} 月",
            tuple(
                tuple(_cell(calendar, day, changed) if day.month == month else None for day in week)
                for week in _MONDAY_FIRST.monthdatescalendar(year, month)
            ),
        )
        for month in range(1, 13)
    )
    cells = [cell for month in months for week in month.weeks for cell in week if cell]
    notice = next((notice for notice in calendar.notices if notice.year == year), None)
    return YearPicture(
        year=year,
        source=notice.source if notice else "",
        known=notice is not None,
        months=months,
        holidays=sum(cell.kind == DayKind.HOLIDAY.value for cell in cells),
        made_up=sum(cell.kind == DayKind.MAKE_UP.value for cell in cells),
        regional=tuple(
            f"{say_day(rest.day)} {rest.name}（{rest.source}）" for rest in calendar.regional if rest.day.year == year
        ),
        working=sum(cell.kind in (DayKind.WORKDAY.value, DayKind.MAKE_UP.value) for cell in cells),
    )


def _cell(calendar: WorkCalendar, day: date, changed: frozenset[date]) -> DayCell:
    note = calendar.note(day)
    return DayCell(day.day, note.kind.value, _MARKS.get(note.kind, ""), _words(day, note), day in changed)


def _words(day: date, note: DayNote) -> str:
    return "" if note.kind in (DayKind.WORKDAY, DayKind.WEEKEND) else f"{say_day(day)}：{say_kind(note)}"


def say_years(years: Iterable[int]) -> str:
    """Write years, runs of them as a span: 2015–2026、2028."""
    runs: list[list[int]] = []
    for year in sorted(set(years)):
        if runs and year == runs[-1][-1] + 1:
            runs[-1].append(year)
        else:
            runs.append([year])
    return "、".join(f"{run[0]}–{run[-1]}" if len(run) > 1 else str(run[0]) for run in runs)
