"""Deadlines against the published vectors, the traps of counting, and laws that hold for any input."""

import json
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liuhen.core.calendar.calendar import RegionalRest, WorkCalendar
from liuhen.core.calendar.deadline import before, deadline, to_json, working_days_between
from liuhen.core.calendar.exclusions import Exclusion
from liuhen.core.calendar.periods import (
    Hours,
    Months,
    NaturalDays,
    Period,
    Roll,
    WorkingDays,
    Years,
    parse_period,
)
from liuhen.core.kernel.errors import BadInput
from tests.core.calendar.known import CALENDAR, NOTICE_2026, at, ends_no_earlier

# rule, start, last day, strict last day ("" where there is none)
VECTORS = [
    ("7 个工作日", "2026-09-24", "2026-10-12", ""),
    ("5 个工作日", "2026-02-12", "2026-02-26", ""),
    ("7 个工作日", "2026-04-30", "2026-05-13", ""),
    ("15 个工作日", "2026-09-18", "2026-10-15", ""),
    ("2 工作日", "2026-02-13", "2026-02-24", ""),
    ("10 个工作日", "2026-09-22", "2026-10-13", ""),
    ("90 日", "2026-02-10", "2026-05-11", "2026-05-11"),
    ("15 日", "2026-09-16", "2026-10-08", "2026-10-01"),
    ("30 日", "2026-01-20", "2026-02-24", "2026-02-19"),
    ("30 日", "2026-04-02", "2026-05-06", "2026-05-02"),
    ("60 日", "2026-08-05", "2026-10-08", "2026-10-04"),
    ("6 个月", "2026-08-31", "2027-03-01", "2027-02-28"),
    ("6 个月", "2026-02-28", "2026-08-28", "2026-08-28"),
    ("3 个月", "2026-07-04", "2026-10-08", "2026-10-04"),
]


@pytest.mark.parametrize("clock", ["00:00", "15:00", "23:59"])
@pytest.mark.parametrize(("rule", "start", "last", "strict"), VECTORS)
def test_published_vectors_hold_at_any_time_of_the_start_day(
    rule: str, start: str, last: str, strict: str, clock: str
) -> None:
    result = deadline(at(start, clock), parse_period(rule), CALENDAR)
    assert result.last_day == date.fromisoformat(last)
    assert result.due == at(last, "00:00") + timedelta(days=1)
    assert result.strict_last_day == (date.fromisoformat(strict) if strict else None)
    assert result.provisional is (last > "2026-12-31")


def test_hearing_notice_is_counted_in_clear_days() -> None:
    result = before(at("2026-10-15", "09:00"), WorkingDays(7), CALENDAR)
    assert result.last_day == date(2026, 9, 29)
    assert result.due == at("2026-09-30", "00:00")


@pytest.mark.parametrize(
    ("start", "clock", "last"),
    [
        ("2026-02-14", "10:00", "2026-02-25"),  # a make-up Saturday is worked, yet as the starting day it never counts
        ("2026-02-17", "10:00", "2026-02-25"),  # within 春节
        ("2026-02-24", "00:00", "2026-02-26"),
        ("2026-02-24", "23:59", "2026-02-26"),
        ("2026-02-25", "00:00", "2026-02-27"),
        ("2026-02-26", "12:00", "2026-02-28"),  # ends on a make-up Saturday
    ],
)
def test_starting_day_never_counts(start: str, clock: str, last: str) -> None:
    assert deadline(at(start, clock), WorkingDays(2), CALENDAR).last_day == date.fromisoformat(last)


def test_an_instant_of_another_zone_falls_on_its_shanghai_day() -> None:
    late_utc = datetime(2026, 3, 1, 17, 0, tzinfo=UTC)  # 2026-03-02 01:00 in Shanghai
    assert deadline(late_utc, NaturalDays(1), CALENDAR).last_day == date(2026, 3, 3)


def test_hours_run_from_the_exact_moment_through_holidays() -> None:
    result = deadline(at("2026-02-14", "09:10"), Hours(24), CALENDAR)
    assert result.due == at("2026-02-15", "09:10")
    assert (result.last_day, result.strict_last_day, result.provisional) == (date(2026, 2, 15), None, False)


@pytest.mark.parametrize(
    ("start", "strict"),
    [("2026-08-29", "2027-02-28"), ("2026-08-30", "2027-02-28"), ("2026-08-31", "2027-02-28")],
)
def test_six_months_from_the_end_of_august(start: str, strict: str) -> None:
    assert deadline(at(start), Months(6), CALENDAR).strict_last_day == date.fromisoformat(strict)


def test_years_from_a_leap_day_end_on_the_last_of_february() -> None:
    assert deadline(at("2024-02-29"), Years(2), CALENDAR).strict_last_day == date(2026, 2, 28)


def test_strict_period_does_not_roll() -> None:
    result = deadline(at("2026-01-20"), NaturalDays(30, Roll.STRICT), CALENDAR)
    assert result.last_day == result.strict_last_day == date(2026, 2, 19)
    assert any("不顺延" in step for step in result.steps)


def test_seizure_with_testing_in_the_middle() -> None:
    testing = Exclusion(at("2026-03-05"), at("2026-03-15"), "检测期间（检测告知书〔2026〕1号）")
    result = deadline(at("2026-03-02"), NaturalDays(30), CALENDAR, exclusions=[testing])
    assert result.strict_last_day == date(2026, 4, 11)  # 04-01 and ten days
    assert result.last_day == date(2026, 4, 13)
    assert any("检测告知书〔2026〕1号" in step for step in result.steps)
    assert any("共 10 日" in step for step in result.steps)


def test_testing_over_the_nominal_last_day_leaves_what_was_unused() -> None:
    testing = Exclusion(at("2026-03-29"), at("2026-04-20"), "鉴定")
    result = deadline(at("2026-03-02"), NaturalDays(30), CALENDAR, exclusions=[testing])
    assert result.strict_last_day == date(2026, 4, 23)  # 3 of 30 days were left on 03-29


def test_testing_begun_before_the_start_counts_only_from_the_start() -> None:
    testing = Exclusion(at("2026-02-24"), at("2026-03-07"), "鉴定")
    result = deadline(at("2026-03-02"), NaturalDays(30), CALENDAR, exclusions=[testing])
    assert result.strict_last_day == date(2026, 4, 6)  # 04-01 and five days


def test_exclusions_that_overlap_are_left_out_once() -> None:
    twice = [
        Exclusion(at("2026-03-05"), at("2026-03-15"), "检测"),
        Exclusion(at("2026-03-10"), at("2026-03-17"), "听证"),
    ]
    result = deadline(at("2026-03-02"), NaturalDays(30, Roll.STRICT), CALENDAR, exclusions=twice)
    assert result.last_day == date(2026, 4, 13)


def test_an_exclusion_after_the_end_changes_nothing() -> None:
    late = Exclusion(at("2026-04-01", "16:00"), at("2026-04-20"), "检测")
    assert deadline(at("2026-03-02"), NaturalDays(30), CALENDAR, exclusions=[late]).last_day == date(2026, 4, 1)


def test_working_days_skip_an_exclusion_and_say_so() -> None:
    hearing = Exclusion(at("2026-03-03"), at("2026-03-05"), "听证（听证通知书〔2026〕3号）")
    result = deadline(at("2026-03-02"), WorkingDays(5), CALENDAR, exclusions=[hearing])
    assert result.last_day == date(2026, 3, 11)
    assert any("2026-03-04（周三）至2026-03-05（周四）不计入期限（听证" in step for step in result.steps)


def test_hours_stop_for_the_exact_time_of_an_exclusion() -> None:
    pauses = [
        Exclusion(at("2026-03-02", "20:00"), at("2026-03-03", "02:00"), "设备故障"),
        Exclusion(at("2026-03-03", "01:00"), at("2026-03-03", "03:00"), "停电"),
    ]
    result = deadline(at("2026-03-02", "10:00"), Hours(24), CALENDAR, exclusions=pauses)
    assert result.due == at("2026-03-03", "17:00")
    assert any("停电" in step for step in result.steps)


def test_a_result_in_a_year_without_a_notice_is_provisional() -> None:
    assert deadline(at("2026-12-28"), WorkingDays(7), CALENDAR).provisional
    assert not deadline(at("2026-12-14"), WorkingDays(7), CALENDAR).provisional
    assert deadline(at("2026-06-01"), Years(2), CALENDAR).provisional
    result = deadline(at("2026-12-28"), WorkingDays(7), CALENDAR)
    assert any("2027 年节假日安排通知尚未录入" in step for step in result.steps)


def test_the_last_days_of_december_wait_for_the_next_notice() -> None:
    assert not deadline(at("2026-12-25"), WorkingDays(1), CALENDAR).provisional
    assert deadline(at("2026-12-28"), WorkingDays(1), CALENDAR).provisional
    assert not deadline(at("2025-12-28"), WorkingDays(2), CALENDAR).provisional


def test_a_strict_period_never_needs_a_notice() -> None:
    assert not deadline(at("2026-06-01"), Years(2, Roll.STRICT), CALENDAR).provisional


def test_steps_name_the_holiday_the_make_up_day_and_the_notice() -> None:
    steps = deadline(at("2026-02-13"), WorkingDays(2), CALENDAR).steps
    notice = "国务院办公厅关于2026年部分节假日安排的通知"
    assert steps == (
        "起点 2026-02-13（周五）15:00；当日不计，自次日起算（民法典第二百零一条）",
        f"2026-02-14（周六）为调休上班日，计第 1 个工作日（依据：{notice}）",
        f"2026-02-15（周日）至2026-02-23（周一）为春节假期，不计（依据：{notice}）",
        "2026-02-24（周二）为工作日，计第 2 个工作日",
        "截止 2026-02-24（周二）24:00",
    )


def test_steps_of_a_roll_give_both_dates() -> None:
    steps = deadline(at("2026-01-20"), NaturalDays(30), CALENDAR).steps
    assert "第 30 日为 2026-02-19（周四）" in steps
    assert any("顺延至 2026-02-24（周二）" in step and "不顺延则为 2026-02-19（周四）" in step for step in steps)


def test_a_regional_rest_day_is_not_worked() -> None:
    regional = RegionalRest(date(2026, 3, 20), "开斋节", "宁夏回族自治区人民政府通知")
    calendar = WorkCalendar((NOTICE_2026,), (regional,))
    result = deadline(at("2026-03-19"), WorkingDays(1), calendar)
    assert result.last_day == date(2026, 3, 23)
    assert any("开斋节" in step and "宁夏回族自治区人民政府通知" in step for step in result.steps)


def test_before_in_natural_days_and_hours() -> None:
    renewal = before(at("2026-03-20"), NaturalDays(30), CALENDAR)
    assert (renewal.strict_last_day, renewal.last_day) == (date(2026, 2, 17), date(2026, 2, 14))
    assert before(at("2026-03-20", "09:00"), Hours(24), CALENDAR).due == at("2026-03-19", "09:00")
    with pytest.raises(BadInput, match="小时、工作日或日"):
        before(at("2026-03-20"), Months(1), CALENDAR)  # type: ignore[arg-type]


@pytest.mark.parametrize("start", [datetime.fromisoformat("2026-03-01T09:00"), at("1948-12-31"), at("2300-01-01")])
def test_impossible_starts_are_refused(start: datetime) -> None:
    with pytest.raises(BadInput):
        deadline(start, NaturalDays(1), CALENDAR)
    with pytest.raises(BadInput):
        before(start, NaturalDays(1), CALENDAR)


@pytest.mark.parametrize(
    ("start", "end", "reason"),
    [
        (at("2026-03-02"), at("2026-03-01"), "检测"),
        (at("2026-03-01"), at("2026-03-02"), " "),
        (datetime.fromisoformat("2026-03-01"), at("2026-03-02"), "检测"),
    ],
)
def test_impossible_exclusions_are_refused(start: datetime, end: datetime, reason: str) -> None:
    with pytest.raises(BadInput):
        Exclusion(start, end, reason)


def test_working_days_between_counts_as_deadlines_do() -> None:
    assert working_days_between(date(2026, 9, 18), date(2026, 10, 15), CALENDAR) == 15
    assert working_days_between(date(2026, 9, 18), date(2026, 9, 18), CALENDAR) == 0


def test_json_shape_is_stable() -> None:
    found = to_json(deadline(at("2026-02-13"), WorkingDays(2), CALENDAR))
    assert list(found) == ["due", "last_day", "strict_last_day", "provisional", "steps"]
    assert found["due"] == "2026-02-25T00:00:00+08:00"
    assert json.loads(json.dumps(found)) == found


STARTS = st.integers(0, 880 * 24 * 60).map(lambda minutes: at("2025-01-01") + timedelta(minutes=minutes))
COUNTS = st.integers(1, 60)
KINDS = st.sampled_from([Hours, WorkingDays, NaturalDays, Months, Years])
LENGTHS = st.tuples(KINDS, COUNTS).map(lambda pair: pair[0](pair[1]))
EXCLUSIONS = st.lists(
    st.tuples(STARTS, st.integers(0, 2000)).map(
        lambda pair: Exclusion(pair[0], pair[0] + timedelta(hours=pair[1]), "检测")
    ),
    max_size=3,
)


@given(STARTS, STARTS, LENGTHS, EXCLUSIONS)
def test_a_later_start_never_ends_earlier(
    one: datetime, other: datetime, period: Period, exclusions: list[Exclusion]
) -> None:
    early, late = sorted((one, other))
    first = deadline(early, period, CALENDAR, exclusions=exclusions)
    second = deadline(late, period, CALENDAR, exclusions=exclusions)
    assert ends_no_earlier(second, first, period, exclusions)


def test_a_month_and_time_left_out_may_end_a_day_sooner_for_a_later_start() -> None:
    """A month is as long as the one it begins in; docs/decisions/0003 says why that is left as the law has it."""
    away = [Exclusion(at("2025-01-01"), at("2025-02-08", "00:00"), "检测")]
    early = deadline(at("2025-01-01"), Months(1), CALENDAR, exclusions=away)
    late = deadline(at("2025-01-29"), Months(1), CALENDAR, exclusions=away)
    assert (early.last_day, late.last_day) == (date(2025, 3, 11), date(2025, 3, 10))
    assert ends_no_earlier(late, early, Months(1), away)


@given(STARTS, KINDS, COUNTS, EXCLUSIONS)
def test_a_longer_period_never_ends_earlier(
    start: datetime, kind: type[Period], count: int, exclusions: list[Exclusion]
) -> None:
    shorter = deadline(start, kind(count), CALENDAR, exclusions=exclusions)
    longer = deadline(start, kind(count + 1), CALENDAR, exclusions=exclusions)
    assert shorter.due <= longer.due


@given(STARTS, LENGTHS, EXCLUSIONS)
def test_strict_is_never_after_rolled_and_rolled_is_worked(
    start: datetime, period: Period, exclusions: list[Exclusion]
) -> None:
    result = deadline(start, period, CALENDAR, exclusions=exclusions)
    assert start < result.due
    if not isinstance(period, Hours):
        assert CALENDAR.is_working(result.last_day)
    if result.strict_last_day is not None:
        assert result.strict_last_day <= result.last_day


@given(STARTS, LENGTHS, EXCLUSIONS)
def test_an_exclusion_never_shortens(start: datetime, period: Period, exclusions: list[Exclusion]) -> None:
    assert deadline(start, period, CALENDAR).due <= deadline(start, period, CALENDAR, exclusions=exclusions).due


@given(STARTS, COUNTS)
def test_before_leaves_that_many_clear_working_days(event: datetime, count: int) -> None:
    last = before(event, WorkingDays(count), CALENDAR).last_day
    assert CALENDAR.is_working(last)
    assert working_days_between(last, event.date() - timedelta(days=1), CALENDAR) == count
