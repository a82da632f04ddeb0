"""When a period ends, and how anyone can check it by hand.

Invariant: pure arithmetic on an instant, a typed period and a calendar given as data; the day of the event never
counts, hours run from the exact moment, and a result that an unpublished holiday notice could still change says so.
"""

from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, assert_never

from liuhen.core.calendar.calendar import WorkCalendar
from liuhen.core.calendar.exclusions import Exclusion, extended_by_days, extended_by_hours, stopping
from liuhen.core.calendar.periods import (
    Hours,
    Months,
    NaturalDays,
    Period,
    Roll,
    WorkingDays,
    Years,
    render_period,
)
from liuhen.core.calendar.working import (
    Mark,
    say_day,
    say_exclusions,
    say_kind,
    say_marks,
    say_missing,
    say_moment,
    say_rests,
    say_source,
)
from liuhen.core.kernel.errors import BadInput
from liuhen.core.kernel.moments import SHANGHAI, day_start, local_day, render_instant

_DAY = timedelta(days=1)
_STARTING_DAY = "当日不计，自次日起算（民法典第二百零一条）"


@dataclass(frozen=True, slots=True)
class Deadline:
    """The end of a period.

    `due` is the end instant: acting at or before it is in time (24:00 of a day is 00:00 of the next).
    `last_day` is the last day on which acting is in time; `strict_last_day` the one without rolling past rest days, for
    periods in natural days, months and years (alarm on this one when the period limits power over a person).
    `provisional`: a notice not yet published could change the result. `steps`: the working, in Chinese.
    """

    due: datetime
    last_day: date
    strict_last_day: date | None
    provisional: bool
    steps: tuple[str, ...]


def deadline(
    start: datetime, period: Period, calendar: WorkCalendar, *, exclusions: Sequence[Exclusion] = ()
) -> Deadline:
    """Give the end of a period that an event at `start` sets running.

    Raises BadInput for a start without an offset or outside 1949–2199.
    Cites: 民法典 art. 200–203; 行政处罚法 art. 85; 行政强制法 art. 69; 行政复议法 art. 88.
    """
    moment = _require_moment(start)
    match period:
        case Hours():
            return _hours_after(moment, period, exclusions)
        case WorkingDays():
            return _working_days_after(moment, period, calendar, exclusions)
        case NaturalDays() | Months() | Years():
            return _natural_after(moment, period, calendar, exclusions)
        case _:
            assert_never(period)


def before(event: datetime, period: Hours | WorkingDays | NaturalDays, calendar: WorkCalendar) -> Deadline:
    """Give the last day on which something due "N days before" an event can still be done.

    Clear days: neither the day of doing nor the day of the event counts (hearing notice, 行政处罚法 art. 64(2)); for
    natural days a rest day moves the result earlier, never later. Raises BadInput as `deadline` does.
    """
    moment = _require_moment(event)
    match period:
        case Hours():
            due = moment - timedelta(hours=period.count)
            steps = (_from(moment, "按小时计，自该时刻倒推"), f"提前 {render_period(period)}：{say_moment(due)}")
            return Deadline(due, local_day(due), None, False, steps)
        case WorkingDays():
            return _working_days_before(moment, period, calendar)
        case NaturalDays():
            return _natural_days_before(moment, period, calendar)
        case _:
            raise BadInput("期限", "倒推的期限应为小时、工作日或日；请改用其中之一")


def working_days_between(start: date, end: date, calendar: WorkCalendar) -> int:
    """Count the working days after `start` up to and including `end`; 0 when `end` is not after `start`."""
    return sum(calendar.is_working(start + _DAY * n) for n in range(1, (end - start).days + 1))


def to_json(result: Deadline) -> dict[str, Any]:
    """Give a deadline in the stable shape of `liuhen deadline --json`."""
    strict = result.strict_last_day
    return {
        "due": render_instant(result.due),
        "last_day": result.last_day.isoformat(),
        "strict_last_day": strict.isoformat() if strict else None,
        "provisional": result.provisional,
        "steps": list(result.steps),
    }


def _hours_after(start: datetime, period: Hours, exclusions: Sequence[Exclusion]) -> Deadline:
    plain = start + timedelta(hours=period.count)
    due = extended_by_hours(start, plain, exclusions)
    steps = [
        _from(start, "按小时计，自该时刻起算（民法典第二百零一条）"),
        f"加 {render_period(period)}：{say_moment(plain)}",
    ]
    if due != plain:
        steps += [*say_exclusions(exclusions), f"扣除不计入的时间后：{say_moment(due)}"]
    return Deadline(due, local_day(due), None, False, tuple(steps))


def _working_days_after(
    start: datetime, period: WorkingDays, calendar: WorkCalendar, exclusions: Sequence[Exclusion]
) -> Deadline:
    marks: list[Mark] = []
    day, number = local_day(start), 0
    while number < period.count:
        day += _DAY
        note, stopped = calendar.note(day), stopping(exclusions, day)
        counts = note.worked and stopped is None
        number += counts
        marks.append(Mark(day, note, number if counts else None, stopped))
    missing = say_missing(calendar, (mark.day for mark in marks))
    steps = (_from(start, _STARTING_DAY), *say_marks(marks), *missing, _until(day))
    return Deadline(day_start(day + _DAY), day, None, bool(missing), steps)


def _natural_after(
    start: datetime, period: NaturalDays | Months | Years, calendar: WorkCalendar, exclusions: Sequence[Exclusion]
) -> Deadline:
    opening = local_day(start)
    nominal = _nominal(opening, period)
    strict = extended_by_days(opening, nominal, exclusions)
    rolled = calendar.next_working(strict) if period.roll is Roll.PAST_REST else strict
    steps = [_from(start, _STARTING_DAY), _nominal_step(nominal, period)]
    if strict != nominal:
        extra = (strict - nominal).days
        steps += [*say_exclusions(exclusions), f"不计入的日数共 {extra} 日，届满日为 {say_day(strict)}"]
    missing: list[str] = []
    if period.roll is Roll.PAST_REST:
        steps += _roll_steps(strict, rolled, calendar)
        missing = say_missing(calendar, _days(strict, rolled))
    else:
        steps.append(_kept_strict(strict, calendar))
    return Deadline(day_start(rolled + _DAY), rolled, strict, bool(missing), (*steps, *missing, _until(rolled)))


def _nominal(opening: date, period: NaturalDays | Months | Years) -> date:
    if isinstance(period, NaturalDays):
        return opening + _DAY * period.count
    months = period.count if isinstance(period, Months) else 12 * period.count
    year, month = divmod(opening.year * 12 + opening.month - 1 + months, 12)
    return date(year, month + 1, min(opening.day, monthrange(year, month + 1)[1]))


def _nominal_step(nominal: date, period: NaturalDays | Months | Years) -> str:
    if isinstance(period, NaturalDays):
        return f"第 {period.count} 日为 {say_day(nominal)}"
    length = f"{period.count} {'个月' if isinstance(period, Months) else '年'}"
    return f"{length}后的对应日（没有对应日的为月末日，民法典第二百零二条）为 {say_day(nominal)}"


def _kept_strict(strict: date, calendar: WorkCalendar) -> str:
    """Say that a term that limits power over a person or their property is not rolled, and when it would end if it were."""
    rolled = calendar.next_working(strict)
    return "此期限遇休息日不顺延" + (f"；如顺延则为 {say_day(rolled)}" if rolled != strict else "")


def _roll_steps(strict: date, rolled: date, calendar: WorkCalendar) -> list[str]:
    if rolled == strict:
        note = calendar.note(strict)
        return [f"{say_day(strict)}为{say_kind(note)}，不需顺延{say_source(note)}"]
    marks = [Mark(day, calendar.note(day), None) for day in _days(strict, rolled - _DAY)]
    return [
        *say_rests(marks),
        f"届满日遇休息日，顺延至 {say_day(rolled)}（民法典第二百零三条）；不顺延则为 {say_day(strict)}",
    ]


def _working_days_before(event: datetime, period: WorkingDays, calendar: WorkCalendar) -> Deadline:
    marks: list[Mark] = []
    day, number = local_day(event), 0
    while number < period.count:
        day -= _DAY
        note = calendar.note(day)
        number += note.worked
        marks.append(Mark(day, note, number if note.worked else None))
    last = calendar.previous_working(day - _DAY)
    missing = say_missing(calendar, _days(last, local_day(event)))
    steps = (
        _from(event, "当日不计，自前一日起倒数"),
        *say_marks(marks),
        f"办理当日也不计，最迟应在此前一个工作日 {say_day(last)}办理",
        *missing,
        _until(last),
    )
    return Deadline(day_start(last + _DAY), last, None, bool(missing), steps)


def _natural_days_before(event: datetime, period: NaturalDays, calendar: WorkCalendar) -> Deadline:
    strict = local_day(event) - _DAY * (period.count + 1)
    last = calendar.previous_working(strict) if period.roll is Roll.PAST_REST else strict
    missing = say_missing(calendar, _days(last, strict)) if period.roll is Roll.PAST_REST else []
    steps = [
        _from(event, "当日不计，自前一日起倒数"),
        f"倒数第 {period.count} 日为 {say_day(strict + _DAY)}，办理当日也不计，最迟为 {say_day(strict)}",
    ]
    if last != strict:
        steps.append(f"{say_day(strict)}为{say_kind(calendar.note(strict))}，提前至 {say_day(last)}")
    return Deadline(day_start(last + _DAY), last, strict, bool(missing), (*steps, *missing, _until(last)))


def _require_moment(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise BadInput("起算时间", f"“{moment}”没有时区；请写成 2026-03-02T09:10:00+08:00 的形式")
    if not 1949 <= moment.year <= 2199:
        raise BadInput("起算时间", f"“{moment}”不在 1949 至 2199 年之间；请核对年份")
    return moment.astimezone(SHANGHAI)


def _days(first: date, last: date) -> list[date]:
    return [first + _DAY * n for n in range((last - first).days + 1)]


def _from(moment: datetime, rule: str) -> str:
    return f"起点 {say_moment(moment)}；{rule}"


def _until(day: date) -> str:
    return f"截止 {say_day(day)}24:00"
