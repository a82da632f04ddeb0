"""The working of a deadline in Chinese sentences, day by day, so that a clerk and a judge can check it by hand.

Invariant: sentences are made from the very marks that were counted; nothing is computed twice.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise

from liuhen.core.calendar.calendar import DayKind, DayNote, WorkCalendar
from liuhen.core.calendar.exclusions import Exclusion
from liuhen.core.kernel.moments import SHANGHAI

_WEEKDAYS = "一二三四五六日"
_KINDS = {
    DayKind.WORKDAY: "工作日",
    DayKind.MAKE_UP: "调休上班日",
    DayKind.WEEKEND: "周末",
    DayKind.HOLIDAY: "{name}假期",
    DayKind.REGIONAL: "地方规定的休息日（{name}）",
}


@dataclass(frozen=True, slots=True)
class Mark:
    """One day met while counting: what it is, its number if it counted, and what left it out if not."""

    day: date
    note: DayNote
    number: int | None
    exclusion: Exclusion | None = None

    def continues(self, other: "Mark") -> bool:
        """Say whether `other` can stand in the same sentence right after this one."""
        same = (self.note, self.number is None, self.exclusion) == (
            other.note,
            other.number is None,
            other.exclusion,
        )
        return same and abs(other.day - self.day) == timedelta(days=1)


def say_day(day: date) -> str:
    """Write a day with its weekday: 2026-02-14（周六）."""
    return f"{day.isoformat()}（周{_WEEKDAYS[day.weekday()]}）"


def say_moment(moment: datetime) -> str:
    """Write an instant with its weekday, seconds only when there are any: 2026-02-14（周六）09:10."""
    local = moment.astimezone(SHANGHAI)
    clock = str(local)[11:19]
    return f"{say_day(local.date())}{clock if local.second else clock[:5]}"


def say_kind(note: DayNote) -> str:
    """Write what a day is: 工作日, 调休上班日, 周末, 春节假期."""
    return _KINDS[note.kind].format(name=note.name)


def say_source(note: DayNote) -> str:
    """Write what decided a day, or nothing for the plain week."""
    return f"（依据：{note.source}）" if note.source else ""


def say_marks(marks: Sequence[Mark]) -> list[str]:
    """Write a run of counted and passed working days, one sentence for each stretch of equal days."""
    return [_counted(group) for group in _stretches(marks)]


def say_rests(marks: Sequence[Mark]) -> list[str]:
    """Write the rest days that push a last day on, one sentence for each stretch."""
    return [f"{_span(group)}为{say_kind(group[0].note)}{say_source(group[0].note)}" for group in _stretches(marks)]


def say_exclusions(exclusions: Iterable[Exclusion]) -> list[str]:
    """Write each interval left out of the count."""
    return [
        f"{say_moment(item.start)}至{say_moment(item.end)}不计入期限：{item.reason}"
        for item in sorted(exclusions, key=lambda item: item.start)
    ]


def say_missing(calendar: WorkCalendar, days: Iterable[date]) -> list[str]:
    """Write a warning for each year whose notice is not here; an empty list means the result is settled."""
    years = sorted({year for year in map(calendar.missing_notice, days) if year is not None})
    return [
        f"{year} 年节假日安排通知尚未录入，相关日期暂按周一至周五上班推算，结果为暂定；录入通知后须重新计算"
        for year in years
    ]


def _stretches(marks: Sequence[Mark]) -> list[list[Mark]]:
    groups: list[list[Mark]] = [[mark] for mark in marks[:1]]
    for before, mark in pairwise(marks):
        if before.continues(mark):
            groups[-1].append(mark)
        else:
            groups.append([mark])
    return groups


def _span(group: Sequence[Mark]) -> str:
    days = sorted(mark.day for mark in group)
    return say_day(days[0]) if len(days) == 1 else f"{say_day(days[0])}至{say_day(days[-1])}"


def _counted(group: Sequence[Mark]) -> str:
    head = group[0]
    if head.exclusion is not None:
        return f"{_span(group)}不计入期限（{head.exclusion.reason}）"
    what = f"{_span(group)}为{say_kind(head.note)}"
    if head.number is None:
        return f"{what}，不计{say_source(head.note)}"
    numbers = f"第 {head.number} 个" if len(group) == 1 else f"第 {head.number} 至第 {group[-1].number} 个"
    return f"{what}，计{numbers}工作日{say_source(head.note)}"
