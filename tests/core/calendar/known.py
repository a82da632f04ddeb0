"""The notices the vectors were computed with, written out here so that the core is tested without any adapter.

Source: 国务院办公厅关于2025年、2026年部分节假日安排的通知.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from liuhen.core.calendar.calendar import RestDay, WorkCalendar, YearNotice
from liuhen.core.calendar.deadline import Deadline
from liuhen.core.calendar.exclusions import Exclusion
from liuhen.core.calendar.periods import Months, Period, Years


def notice(year: int, off: str, worked: str) -> YearNotice:
    rests = []
    for part in off.split("; "):
        name, first, last = part.split()
        day, until = date.fromisoformat(f"{year}-{first}"), date.fromisoformat(f"{year}-{last}")
        while day <= until:
            rests.append(RestDay(day, name))
            day += timedelta(days=1)
    source = f"国务院办公厅关于{year}年部分节假日安排的通知"
    return YearNotice(year, source, tuple(rests), tuple(date.fromisoformat(f"{year}-{day}") for day in worked.split()))


NOTICE_2025 = notice(
    2025,
    "元旦 01-01 01-01; 春节 01-28 02-04; 清明节 04-04 04-06; 劳动节 05-01 05-05; 端午节 05-31 06-02; "
    "国庆节 10-01 10-08",
    "01-26 02-08 04-27 09-28 10-11",
)
NOTICE_2026 = notice(
    2026,
    "元旦 01-01 01-03; 春节 02-15 02-23; 清明节 04-04 04-06; 劳动节 05-01 05-05; 端午节 06-19 06-21; "
    "中秋节 09-25 09-27; 国庆节 10-01 10-07",
    "01-04 02-14 02-28 05-09 09-20 10-10",
)
CALENDAR = WorkCalendar((NOTICE_2025, NOTICE_2026))


def at(day: str, clock: str = "15:00") -> datetime:
    return datetime.fromisoformat(f"{day}T{clock}+08:00")


_MONTHS_DIFFER_BY = timedelta(days=3)  # February from a month of 31 days


def ends_no_earlier(later: Deadline, earlier: Deadline, period: Period, left_out: Sequence[Exclusion]) -> bool:
    """Say whether the deadline of a later start lies where it may: never before that of the earlier one.

    Where time is left out of calendar months, the months themselves may differ in length by up to three days, before rolling.
    """
    if earlier.due <= later.due:
        return True
    if not (left_out and isinstance(period, (Months, Years))):
        return False
    first, second = (item.strict_last_day or item.last_day for item in (earlier, later))
    return first - second <= _MONTHS_DIFFER_BY
