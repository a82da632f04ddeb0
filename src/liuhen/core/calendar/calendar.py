"""The work calendar: which days are worked, by which notice, and which years nobody has announced yet.

Invariant: a calendar is plain immutable data with one digest, so that a deadline can be recomputed years later from
the calendar that travels with the case. A year without a notice follows the plain week and is never called settled.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import Enum
from itertools import pairwise

from liuhen.core.kernel.errors import BadInput

_SATURDAY = 5
_YEAR_END = 29  # the notice for a year has moved 29 to 31 December of the year before (2006, 2007, 2011, 2018)


class DayKind(Enum):
    """Why a day is worked or not."""

    WORKDAY = "workday"
    MAKE_UP = "make-up"
    WEEKEND = "weekend"
    HOLIDAY = "holiday"
    REGIONAL = "regional"


_WORKED = frozenset({DayKind.WORKDAY, DayKind.MAKE_UP})


@dataclass(frozen=True, slots=True, order=True)
class RestDay:
    """A day off and the festival it is given for."""

    day: date
    name: str


@dataclass(frozen=True, slots=True)
class YearNotice:
    """What the State Council announced for one year; `source` is the notice a reader can look up."""

    year: int
    source: str
    days_off: tuple[RestDay, ...]
    make_up_days: tuple[date, ...]

    def __post_init__(self) -> None:
        object.__setattr__(self, "days_off", tuple(sorted(self.days_off)))
        object.__setattr__(self, "make_up_days", tuple(sorted(self.make_up_days)))
        fault = next(notice_faults(self.year, self.source, self.days_off, self.make_up_days), None)
        if fault is not None:
            raise BadInput(f"{self.year} 年节假日安排", fault)


def notice_faults(year: int, source: str, days_off: Sequence[RestDay], make_up_days: Sequence[date]) -> Iterator[str]:
    """Give a sentence for everything in a year's notice that makes no sense; a YearNotice exists only without any."""
    off = [rest.day for rest in days_off]
    if not 1950 <= year <= 2200:
        yield "年份应在 1950 至 2200 之间；请核对年份"
        return
    if not source.strip():
        yield "没有写明依据；请填写通知的名称或文号"
    for day in (*off, *make_up_days):
        if not date(year - 1, 12, 1) <= day <= date(year, 12, 31):
            yield f"{day} 不属于这一年；请改到相应年度的通知中"
    for day in make_up_days:
        if day.weekday() < _SATURDAY:
            yield f"调休上班日 {day} 不是周六或周日；请核对通知原文"
    for twice in _twins((*off, *make_up_days)):
        yield f"{twice} 出现了两次；一天只能是放假日或者上班日，请核对通知原文"
    if any(not rest.name.strip() for rest in days_off):
        yield "有放假日没有写节日名称；请补写"


@dataclass(frozen=True, slots=True, order=True)
class RegionalRest:
    """A rest day set by a local government (全国年节及纪念日放假办法 art. 4)."""

    day: date
    name: str
    source: str


@dataclass(frozen=True, slots=True)
class DayNote:
    """What a calendar says of one day: its kind, the festival if any, and what decided ("" for the plain week)."""

    kind: DayKind
    name: str = ""
    source: str = ""

    @property
    def worked(self) -> bool:
        """Say whether the day is a 工作日."""
        return self.kind in _WORKED


_PLAIN = tuple(DayNote(DayKind.WORKDAY if n < _SATURDAY else DayKind.WEEKEND) for n in range(7))


@dataclass(frozen=True, slots=True)
class WorkCalendar:
    """Every known notice, oldest first, and the rest days of a region laid over them."""

    notices: tuple[YearNotice, ...]
    regional: tuple[RegionalRest, ...] = ()
    _notes: dict[date, DayNote] = field(init=False, repr=False, compare=False)
    _years: frozenset[int] = field(init=False, repr=False, compare=False)
    _hash: int = field(init=False, repr=False, compare=False)

    def __hash__(self) -> int:
        return self._hash  # hundreds of days, asked for at every remembered deadline

    def __post_init__(self) -> None:
        object.__setattr__(self, "regional", tuple(sorted(self.regional)))
        years = [notice.year for notice in self.notices]
        if years != sorted(set(years)):
            raise BadInput("工作日历", "各年度通知须按年度排列且每年只有一份；请合并重复的年度")
        if twice := next(_twins(tuple(rest.day for rest in self.regional)), None):
            raise BadInput("工作日历", f"地方休息日 {twice} 写了两次；请删去一条")
        object.__setattr__(self, "_years", frozenset(years))
        object.__setattr__(self, "_notes", _index(self.notices, self.regional))
        object.__setattr__(self, "_hash", hash((self.notices, self.regional)))

    def note(self, day: date) -> DayNote:
        """Give what this calendar says of a day."""
        return self._notes.get(day) or _PLAIN[day.weekday()]

    def is_working(self, day: date) -> bool:
        """Say whether a day is a 工作日: Monday to Friday less days off, plus make-up weekends."""
        return self.note(day).worked

    def knows(self, year: int) -> bool:
        """Say whether the notice for a year is here."""
        return year in self._years

    def missing_notice(self, day: date) -> int | None:
        """Give the year whose notice, not yet here, could still change this day; None when the day is settled.

        The last three days of a year need the notice for the next year as well: 2018-12-29 became a working Saturday
        by the notice for 2019.
        """
        if not self.knows(day.year):
            return day.year
        if day.month == 12 and day.day >= _YEAR_END and not self.knows(day.year + 1):
            return day.year + 1
        return None

    def next_working(self, day: date) -> date:
        """Give the day itself when it is worked, else the first working day after it."""
        while not self.is_working(day):
            day += timedelta(days=1)
        return day

    def previous_working(self, day: date) -> date:
        """Give the day itself when it is worked, else the last working day before it."""
        while not self.is_working(day):
            day -= timedelta(days=1)
        return day


def _twins(days: tuple[date, ...]) -> Iterator[date]:
    """Give each day that stands there more than once."""
    ordered = sorted(days)
    yield from dict.fromkeys(day for day, after in pairwise(ordered) if day == after)


def _index(notices: tuple[YearNotice, ...], regional: tuple[RegionalRest, ...]) -> dict[date, DayNote]:
    notes: dict[date, DayNote] = {}
    for notice in notices:
        fresh = {rest.day: DayNote(DayKind.HOLIDAY, rest.name, notice.source) for rest in notice.days_off}
        fresh |= {day: DayNote(DayKind.MAKE_UP, "", notice.source) for day in notice.make_up_days}
        for day, note in fresh.items():
            if day in notes and notes[day].kind is not note.kind:
                raise BadInput("工作日历", f"两份年度通知对 {day} 的安排相反；请核对通知原文")
        notes |= fresh
    for rest in regional:
        notes[rest.day] = DayNote(DayKind.REGIONAL, rest.name, rest.source)
    return notes
