"""Entering a calendar: what somebody typed or a file says, checked as a whole, with one sentence for each mistake.

Invariant: nothing that was typed is guessed at. Either there is a mistake that names its place, or there are notices that
`YearNotice` itself accepts; what is only strange is a doubt, which the person who has the notice before them decides.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from liuhen.core.calendar.calendar import (
    DayNote,
    RegionalRest,
    RestDay,
    WorkCalendar,
    YearNotice,
    notice_faults,
)
from liuhen.core.kernel.errors import BadInput

_DAY = re.compile(r"([0-9]{4})\s*[-/.年]\s*([0-9]{1,2})\s*[-/.月]\s*([0-9]{1,2})\s*日?")
_LONGEST = 31  # no festival and no regional rest lasts longer; a slip in the month would
_FESTIVALS = ("元旦", "春节", "清明", "劳动", "端午", "中秋", "国庆")
_SEVEN_FESTIVALS_SINCE = 2008
_SATURDAY = 5


@dataclass(frozen=True, slots=True)
class TypedSpan:
    """Days as they were typed: from `first` to `last` (empty for one day); `place` is what a mistake points at."""

    place: str
    first: str
    last: str = ""
    name: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class TypedNotice:
    """A year's notice as it was typed."""

    place: str
    year: str
    source: str
    days_off: tuple[TypedSpan, ...]
    make_up_days: tuple[TypedSpan, ...]


@dataclass(frozen=True, slots=True)
class Mistake:
    """One thing to put right: where it stands, and a sentence that says what to do."""

    place: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Typed:
    """Everything that was typed at once. `regional` is None where nothing was said of rest days of the region."""

    notices: tuple[TypedNotice, ...]
    regional: tuple[TypedSpan, ...] | None = None
    mistakes: tuple[Mistake, ...] = ()


@dataclass(frozen=True, slots=True)
class Entry:
    """What was typed, understood. It can be adopted only where there are no mistakes; doubts are for a person."""

    notices: tuple[YearNotice, ...]
    regional: tuple[RegionalRest, ...] | None
    mistakes: tuple[Mistake, ...]
    doubts: tuple[str, ...] = ()

    @property
    def years(self) -> tuple[int, ...]:
        """Every year that the entry speaks of."""
        spoken = {notice.year for notice in self.notices} | {rest.day.year for rest in self.regional or ()}
        return tuple(sorted(spoken))


def parse_day(text: str) -> date | None:
    """Read a day as people and spreadsheets write it: 2027-02-06, 2027/2/6, 2027.2.6, 2027年2月6日; None for others."""
    found = _DAY.fullmatch(text.strip())
    if found is None:
        return None
    try:
        return date(int(found[1]), int(found[2]), int(found[3]))
    except ValueError:
        return None


def check_entry(typed: Typed) -> Entry:
    """Check what was typed; every mistake is found at once, so that nobody has to come back for the next one."""
    mistakes = list(typed.mistakes)
    notices = [notice for item in typed.notices if (notice := _notice(item, mistakes))]
    years = [notice.year for notice in notices]
    for year in sorted({year for year in years if years.count(year) > 1}):
        mistakes.append(Mistake(f"{year} 年", "同一年写了两份安排；请合并成一份"))
    regional = None if typed.regional is None else _regional(typed.regional, mistakes)
    if not typed.notices and not typed.regional and not mistakes:
        mistakes.append(Mistake("", "没有写任何安排；请填写一个年度的放假日和上班日，或者地方规定的休息日"))
    doubts = [doubt for notice in notices for doubt in _doubts(notice)]
    return Entry(tuple(sorted(notices, key=lambda one: one.year)), regional, tuple(mistakes), tuple(doubts))


def lay_over(calendar: WorkCalendar, entry: Entry) -> WorkCalendar:
    """Give a calendar in which the entry's years stand as the entry says them; other years stay as they are.

    Raises BadInput where two years' notices contradict each other on a day.
    """
    notices = {notice.year: notice for notice in calendar.notices} | {notice.year: notice for notice in entry.notices}
    regional = calendar.regional
    if entry.regional is not None:
        kept = [rest for rest in calendar.regional if rest.day.year not in entry.years]
        regional = (*kept, *entry.regional)
    return WorkCalendar(tuple(notices[year] for year in sorted(notices)), regional)


def changed_days(before: WorkCalendar, after: WorkCalendar) -> list[tuple[date, DayNote, DayNote]]:
    """Give the days on which two calendars differ in whether one works, or for what reason one does not."""
    return [
        (day, before.note(day), after.note(day))
        for day in sorted(set(_marked(before)) | set(_marked(after)))
        if (before.note(day).kind, before.note(day).name) != (after.note(day).kind, after.note(day).name)
    ]


def new_sources(before: WorkCalendar, after: WorkCalendar) -> tuple[str, ...]:
    """Give what a reader looks up to see why a calendar changed: the sources of what is new in it."""
    known = set(before.notices)
    fresh = [notice.source for notice in after.notices if notice not in known]
    fresh += [rest.source for rest in after.regional if rest not in before.regional]
    return tuple(dict.fromkeys(fresh))


def _marked(calendar: WorkCalendar) -> Iterator[date]:
    for notice in calendar.notices:
        yield from (rest.day for rest in notice.days_off)
        yield from notice.make_up_days
    yield from (rest.day for rest in calendar.regional)


def _notice(typed: TypedNotice, mistakes: list[Mistake]) -> YearNotice | None:
    before = len(mistakes)
    year = typed.year.strip().removesuffix("年").strip()
    if not re.fullmatch(r"[0-9]{4}", year):
        mistakes.append(Mistake(typed.place, f"“{typed.year}”不是年份；请写成 2027 的形式"))
        return None
    off = [RestDay(day, span.name.strip()) for span in typed.days_off for day in _days(span, mistakes)]
    make_up = [day for span in typed.make_up_days for day in _days(span, mistakes)]
    if not off and len(mistakes) == before:
        mistakes.append(Mistake(typed.place, "没有写放假日；全年都不放假的通知是没有的，请照通知原文填写"))
    mistakes += [Mistake(typed.place, fault) for fault in notice_faults(int(year), typed.source, off, make_up)]
    if len(mistakes) > before:
        return None
    return YearNotice(int(year), typed.source.strip(), tuple(off), tuple(make_up))


def _regional(spans: Iterable[TypedSpan], mistakes: list[Mistake]) -> tuple[RegionalRest, ...]:
    found: dict[date, RegionalRest] = {}
    for span in spans:
        for what, text in (("名称", span.name), ("依据", span.source)):
            if not text.strip():
                mistakes.append(Mistake(span.place, f"地方休息日没有写{what}；请补写，例如规定它的文件"))
        for day in _days(span, mistakes):
            if day in found:
                mistakes.append(Mistake(span.place, f"地方休息日 {day} 写了两次；请删去一条"))
            found[day] = RegionalRest(day, span.name.strip(), span.source.strip())
    return tuple(found[day] for day in sorted(found))


def _days(span: TypedSpan, mistakes: list[Mistake]) -> Sequence[date]:
    first = parse_day(span.first)
    last = parse_day(span.last) if span.last.strip() else first
    for text, day in ((span.first, first), (span.last, last)):
        if day is None and (text.strip() or text is span.first):
            said = f"“{text.strip()}”不是日期" if text.strip() else "没有写日期"
            mistakes.append(Mistake(span.place, f"{said}；请写成 2027-02-06 的形式"))
    if first is None or last is None:
        return ()
    length = (last - first).days + 1
    if length < 1:
        mistakes.append(Mistake(span.place, f"{first} 至 {last} 前后颠倒；请对调"))
        return ()
    if length > _LONGEST:
        mistakes.append(Mistake(span.place, f"{first} 至 {last} 共 {length} 天，不像一次放假；请核对日期"))
        return ()
    return [first + timedelta(days=n) for n in range(length)]


def _doubts(notice: YearNotice) -> Iterator[str]:
    """Hold a notice against what every notice since 2008 has obeyed; real ones were changed by events, so only doubt."""
    if notice.year < _SEVEN_FESTIVALS_SINCE:
        return
    said = " ".join(rest.name for rest in notice.days_off)
    missing = "、".join(name for name in _FESTIVALS if name not in said)
    if missing:
        yield f"{notice.year} 年没有写{missing}；请核对通知原文"
    lost = sum(rest.day.weekday() < _SATURDAY for rest in notice.days_off) - len(notice.make_up_days)
    statutory = statutory_days(notice.year)
    if lost != statutory:
        yield (
            f"{notice.year} 年放假占用的周一至周五减去调休上班日为 {lost} 天，法定节假日为 {statutory} 天；"
            "两数一般相等，请核对有没有漏写放假日或者上班日"
        )


def statutory_days(year: int) -> int:
    """Give how many days a year the State Council's 全国年节及纪念日放假办法 gives: 11 since 2008, 13 since 2025."""
    return 13 if year >= 2025 else 11


def require_sound(entry: Entry) -> None:
    """Raise BadInput with the first mistake, where a caller can tell only one."""
    if entry.mistakes:
        first = entry.mistakes[0]
        more = f"（另有 {len(entry.mistakes) - 1} 处错误）" if len(entry.mistakes) > 1 else ""
        raise BadInput(first.place, first.sentence + more)
