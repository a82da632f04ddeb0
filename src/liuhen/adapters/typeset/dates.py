"""Dates as official documents write them: 2026 年 3 月 2 日."""

from datetime import date, datetime

from liuhen.core.kernel.errors import BadInput
from liuhen.core.kernel.moments import SHANGHAI, say_day, say_minute


def read_day(value: object, place: str) -> date:
    """Read an ISO day or instant; an instant counts by its day in Asia/Shanghai. Raises BadInput."""
    moment = _read(value, place)
    return moment.date() if isinstance(moment, datetime) else moment


def say_date(value: object, place: str) -> str:
    """Write an ISO day, or an ISO instant to the minute, in Chinese form; nothing stays nothing. Raises BadInput."""
    if value is None or value == "":
        return ""
    moment = _read(value, place)
    return say_minute(moment) if isinstance(moment, datetime) else say_day(moment)


def _read(value: object, place: str) -> date | datetime:
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    try:
        moment = value if isinstance(value, datetime) else _parse(str(value))
    except ValueError:
        raise BadInput(place, f"“{value}” is not a date; write it like 2026-03-02") from None
    if not isinstance(moment, datetime):
        return moment
    if moment.tzinfo is None:
        raise BadInput(place, f"the time “{value}” has no offset; add +08:00 for Beijing time")
    return moment.astimezone(SHANGHAI)


def _parse(text: str) -> date | datetime:
    return date.fromisoformat(text) if len(text) == 10 else datetime.fromisoformat(text)
