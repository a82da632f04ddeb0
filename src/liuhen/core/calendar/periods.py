"""Typed lengths of time as the law writes them: 24 小时, 2 个工作日, 30 日, 6 个月, 2 年.

Invariant: a length never exists without its unit, and is at least one of it; "20 日" and
"20 个工作日" are different types.
"""

import re
from dataclasses import dataclass
from enum import Enum

from liuhen.core.kernel.errors import BadInput


class Roll(Enum):
    """What happens when the last day of a natural period is a rest day (民法典 art. 203)."""

    PAST_REST = "past-rest"
    STRICT = "strict"


@dataclass(frozen=True, slots=True)
class Hours:
    """小时: counted from the exact moment."""

    count: int

    def __post_init__(self) -> None:
        _require_count(self.count, 876_000, "小时")


@dataclass(frozen=True, slots=True)
class WorkingDays:
    """工作日: counted from the next working day; the last day is always worked."""

    count: int

    def __post_init__(self) -> None:
        _require_count(self.count, 3_660, "工作日")


@dataclass(frozen=True, slots=True)
class NaturalDays:
    """日 in the sense of calendar days; rolls past a rest day unless it says otherwise."""

    count: int
    roll: Roll = Roll.PAST_REST

    def __post_init__(self) -> None:
        _require_count(self.count, 36_600, "日")


@dataclass(frozen=True, slots=True)
class Months:
    """个月: ends on the corresponding day, or the last day of a shorter month (民法典 art. 202)."""

    count: int
    roll: Roll = Roll.PAST_REST

    def __post_init__(self) -> None:
        _require_count(self.count, 1_200, "个月")


@dataclass(frozen=True, slots=True)
class Years:
    """年: ends on the corresponding day, as months do."""

    count: int
    roll: Roll = Roll.PAST_REST

    def __post_init__(self) -> None:
        _require_count(self.count, 100, "年")


Period = Hours | WorkingDays | NaturalDays | Months | Years

_STRICT = "不顺延"
SPELLING = rf"([1-9][0-9]{{0,6}}) ?(小时|个?工作日|日|个月|年)(?: ?({_STRICT}))?"
_SPELLING = re.compile(SPELLING)
_FIXED: dict[str, type[Hours] | type[WorkingDays]] = {"小时": Hours, "工作日": WorkingDays, "个工作日": WorkingDays}
_ROLLING: dict[str, type[NaturalDays] | type[Months] | type[Years]] = {
    "日": NaturalDays,
    "个月": Months,
    "年": Years,
}
_UNITS: dict[type[Period], str] = {
    Hours: "小时",
    WorkingDays: "个工作日",
    NaturalDays: "日",
    Months: "个月",
    Years: "年",
}


def parse_period(text: str, place: str = "") -> Period:
    """Read a period in its Chinese spelling; "30 日 不顺延" is a strict one.

    Raises BadInput for anything else: a guessed unit is a wrong deadline.
    """
    found = _SPELLING.fullmatch(text)
    if found is None:
        raise BadInput(place, f"“{text}”不是期限；请写成 24 小时、2 个工作日、30 日、6 个月 或 2 年")
    count, unit, strict = int(found[1]), found[2], found[3]
    if unit in _ROLLING:
        return _ROLLING[unit](count, Roll.STRICT if strict else Roll.PAST_REST)
    if strict:
        raise BadInput(place, f"“{text}”：按小时或工作日计算的期限没有顺延问题；请去掉“{_STRICT}”")
    return _FIXED[unit](count)


def render_period(period: Period) -> str:
    """Write a period in its one canonical spelling; `parse_period` reads it back."""
    text = f"{period.count} {_UNITS[type(period)]}"
    if isinstance(period, (NaturalDays, Months, Years)) and period.roll is Roll.STRICT:
        return f"{text} {_STRICT}"
    return text


def _require_count(count: int, largest: int, unit: str) -> None:
    if isinstance(count, bool) or not isinstance(count, int) or not 1 <= count <= largest:
        raise BadInput("期限", f"{count} {unit}不是可以计算的长度；应为 1 至 {largest} 的整数")
