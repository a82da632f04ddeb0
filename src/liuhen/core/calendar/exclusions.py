"""Time that does not count (不计入期限): tests, appraisals, hearings, public notices, suspensions.

Invariant: by days, an exclusion follows the rule of every period: the day it begins on still counts, the day it ends on
does not (民法典 art. 201), so from the 1st to the 11th ten days are left out. By hours it is exact.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from liuhen.core.kernel.errors import BadInput
from liuhen.core.kernel.moments import local_day


@dataclass(frozen=True, slots=True)
class Exclusion:
    """An interval that stops the clock, with the reason and document number a reader can check.

    Something still going on is given with `end` set to the moment of judgement, and computed again later.
    """

    start: datetime
    end: datetime
    reason: str

    def __post_init__(self) -> None:
        if self.start.tzinfo is None or self.end.tzinfo is None:
            raise BadInput("不计入期间", "起止时间须带时区；请写成 2026-03-02T09:10:00+08:00 的形式")
        if self.end < self.start:
            raise BadInput("不计入期间", f"结束时间早于开始时间（{self.reason}）；请核对起止时间")
        if not self.reason.strip():
            raise BadInput("不计入期间", "没有写明事由；请填写事由和文书编号")

    def stops(self, day: date) -> bool:
        """Say whether a day is left out of a period counted by days."""
        return local_day(self.start) < day <= local_day(self.end)


def stopping(exclusions: Sequence[Exclusion], day: date) -> Exclusion | None:
    """Give the first exclusion that leaves a day out, or None when the day counts."""
    return next((exclusion for exclusion in exclusions if exclusion.stops(day)), None)


def extended_by_days(after: date, last: date, exclusions: Sequence[Exclusion]) -> date:
    """Move a last day on by the days left out between `after` (not counted) and itself, and by those met on the way."""
    for first_out, last_out in _day_runs(exclusions):
        first_out = max(first_out, after + timedelta(days=1))
        if first_out <= last and first_out <= last_out:
            last += last_out - first_out + timedelta(days=1)
    return last


def extended_by_hours(start: datetime, end: datetime, exclusions: Sequence[Exclusion]) -> datetime:
    """Move an end instant on by the time left out after `start`."""
    reached = start
    for exclusion in sorted(exclusions, key=lambda item: item.start):
        opening = max(exclusion.start, reached)
        if opening < end and opening < exclusion.end:
            end += exclusion.end - opening
            reached = exclusion.end
    return end


def _day_runs(exclusions: Sequence[Exclusion]) -> list[tuple[date, date]]:
    """Give the days left out as sorted runs (first, last) that do not overlap."""
    runs: list[tuple[date, date]] = []
    for exclusion in sorted(exclusions, key=lambda item: item.start):
        first, last = local_day(exclusion.start) + timedelta(days=1), local_day(exclusion.end)
        if runs:
            first = max(first, runs[-1][1] + timedelta(days=1))
        if first <= last:
            runs.append((first, last))
    return runs
