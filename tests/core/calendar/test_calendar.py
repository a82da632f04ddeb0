"""The calendar as data: what it says of a day, and that its data comes back the same or is refused."""

import copy
from datetime import date
from typing import Any

import pytest

from liuhen.core.calendar.calendar import DayKind, RegionalRest, RestDay, WorkCalendar, YearNotice
from liuhen.core.calendar.calendar_data import from_data, to_data, version_of
from liuhen.core.kernel import canonical
from liuhen.core.kernel.errors import BadInput
from tests.core.calendar.known import CALENDAR, NOTICE_2025, NOTICE_2026

REGIONAL = RegionalRest(date(2026, 2, 28), "试验节", "某自治州人民政府通知")


@pytest.mark.parametrize(
    ("day", "kind", "worked"),
    [
        (date(2026, 2, 13), DayKind.WORKDAY, True),
        (date(2026, 2, 14), DayKind.MAKE_UP, True),
        (date(2026, 2, 15), DayKind.HOLIDAY, False),
        (date(2026, 3, 7), DayKind.WEEKEND, False),
        (date(2027, 1, 1), DayKind.WORKDAY, True),  # no notice: the plain week
    ],
)
def test_what_a_day_is(day: date, kind: DayKind, worked: bool) -> None:
    assert CALENDAR.note(day).kind is kind
    assert CALENDAR.is_working(day) is worked


def test_which_years_are_known() -> None:
    assert [year for year in range(2024, 2028) if CALENDAR.knows(year)] == [2025, 2026]
    assert CALENDAR.missing_notice(date(2025, 12, 31)) is None
    assert CALENDAR.missing_notice(date(2026, 12, 28)) is None
    assert CALENDAR.missing_notice(date(2026, 12, 29)) == 2027
    assert CALENDAR.missing_notice(date(2024, 5, 1)) == 2024


def test_a_regional_rest_day_lies_over_a_make_up_day() -> None:
    assert CALENDAR.is_working(date(2026, 2, 28))
    assert not WorkCalendar((NOTICE_2026,), (REGIONAL,)).is_working(date(2026, 2, 28))


def test_data_comes_back_the_same() -> None:
    calendar = WorkCalendar((NOTICE_2025, NOTICE_2026), (REGIONAL,))
    data = canonical.parse(canonical.render(to_data(calendar)))
    assert from_data(data) == calendar
    assert version_of(from_data(data)) == version_of(calendar)


def test_the_version_moves_with_the_data_and_not_with_the_order() -> None:
    backwards = YearNotice(2026, NOTICE_2026.source, NOTICE_2026.days_off[::-1], NOTICE_2026.make_up_days[::-1])
    assert version_of(WorkCalendar((backwards,))) == version_of(WorkCalendar((NOTICE_2026,)))
    fewer = YearNotice(2026, NOTICE_2026.source, NOTICE_2026.days_off, NOTICE_2026.make_up_days[1:])
    assert version_of(WorkCalendar((fewer,))) != version_of(WorkCalendar((NOTICE_2026,)))


def _with(path: list[Any], value: object) -> dict[str, Any]:
    data = copy.deepcopy(to_data(WorkCalendar((NOTICE_2026,), (REGIONAL,))))
    node: Any = data
    for key in path[:-1]:
        node = node[key]
    node[path[-1]] = value
    return data


@pytest.mark.parametrize(
    ("path", "value", "says"),
    [
        (["format"], "other/9", "format"),
        (["extra"], 1, "应恰好有这些字段"),
        (["notices"], {}, "列表"),
        (["notices", 0, "year"], "2026", "年份"),
        (["notices", 0, "year"], True, "年份"),
        (["notices", 0, "source"], "", "不能为空"),
        (["notices", 0, "days_off"], [], "对照表"),
        (["notices", 0, "days_off"], {"2026-2-14": "春节"}, "不是日期"),
        (["notices", 0, "days_off"], {"2027-01-01": "元旦"}, "不属于这一年"),
        (["notices", 0, "days_off"], {"2026-01-04": "元旦"}, "出现了两次"),
        (["notices", 0, "make_up_days"], ["2026-02-30"], "不是日期"),
        (["notices", 0, "make_up_days"], ["2026-02-13"], "不是周六或周日"),
        (["notices", 0, "make_up_days"], [20260214], "不是日期"),
        (["regional", 0, "name"], 7, "文字"),
    ],
)
def test_wrong_data_is_refused_with_its_place(path: list[Any], value: object, says: str) -> None:
    with pytest.raises(BadInput, match=says):
        from_data(_with(path, value), "calendar.json")


def test_contradictions_are_refused() -> None:
    clash = YearNotice(2027, "通知", (RestDay(date(2026, 12, 12), "元旦"),), ())
    other = YearNotice(2026, "通知", (), (date(2026, 12, 12),))
    with pytest.raises(BadInput, match="相反"):
        WorkCalendar((other, clash))
    with pytest.raises(BadInput, match="每年只有一份"):
        WorkCalendar((NOTICE_2026, NOTICE_2026))
    with pytest.raises(BadInput, match="写了两次"):
        WorkCalendar((NOTICE_2026,), (REGIONAL, REGIONAL))
    with pytest.raises(BadInput, match="节日名称"):
        YearNotice(2026, "通知", (RestDay(date(2026, 1, 1), " "),), ())
