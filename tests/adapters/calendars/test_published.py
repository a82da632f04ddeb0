"""The published calendar equals an independent table on every day, and claims no year nobody announced."""

from datetime import date, timedelta

import chinese_calendar
import pytest

from liuhen.adapters.calendars.published import published_calendar
from liuhen.core.calendar.calendar import DayKind, YearNotice
from liuhen.core.calendar.calendar_data import from_data, to_data
from tests.core.calendar.known import NOTICE_2025, NOTICE_2026

CALENDAR = published_calendar()


def test_equals_chinesecalendar_on_every_day() -> None:
    days = [date(2015, 1, 1) + timedelta(days=n) for n in range((date(2027, 1, 1) - date(2015, 1, 1)).days)]
    assert len(days) == 4383
    assert [day for day in days if CALENDAR.is_working(day) != chinese_calendar.is_workday(day)] == []


def test_a_year_without_announced_make_up_days_is_unknown() -> None:
    wide = published_calendar(range(2015, 2101))
    assert [wide.knows(year) for year in (2014, 2015, 2026)] == [False, True, True]
    assert not wide.knows(2100)
    assert not CALENDAR.knows(2027)


def test_asking_for_one_year_gives_it_alone() -> None:
    assert [notice.year for notice in published_calendar([2026]).notices] == [2026]
    assert published_calendar([]).notices == ()


@pytest.mark.parametrize("known", [NOTICE_2025, NOTICE_2026], ids=["2025", "2026"])
def test_days_and_make_up_days_are_those_of_the_notice(known: YearNotice) -> None:
    found = next(item for item in CALENDAR.notices if item.year == known.year)
    assert [rest.day for rest in found.days_off] == [rest.day for rest in known.days_off]
    assert found.make_up_days == known.make_up_days
    assert known.source in found.source


def test_days_moved_in_december_belong_to_the_next_notice() -> None:
    moved = CALENDAR.note(date(2018, 12, 29))
    assert moved.kind is DayKind.MAKE_UP
    assert "2019年" in moved.source
    assert CALENDAR.note(date(2018, 12, 31)).name == "元旦"


def test_festivals_that_meet_are_both_named() -> None:
    assert CALENDAR.note(date(2025, 10, 6)).name == "国庆节、中秋节"


def test_it_travels_as_data() -> None:
    assert from_data(to_data(CALENDAR)) == CALENDAR
