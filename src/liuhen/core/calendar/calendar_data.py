"""The work calendar as plain data: what travels in an archive package and what an administrator edits.

Invariant: `from_data(to_data(c)) == c`, and one calendar has one spelling, so its digest names it.
The layout below is hashed into packages; changing it needs a new `format`.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from liuhen.core.calendar.calendar import RegionalRest, RestDay, WorkCalendar, YearNotice
from liuhen.core.kernel import canonical, digests
from liuhen.core.kernel.errors import BadInput

FORMAT = "liuhen-work-calendar/1"


def to_data(calendar: WorkCalendar) -> dict[str, Any]:
    """Give a calendar as data for canonical JSON; days are sorted, so that the order of entry does not matter."""
    return {
        "format": FORMAT,
        "notices": [
            {
                "year": notice.year,
                "source": notice.source,
                "days_off": {rest.day.isoformat(): rest.name for rest in sorted(notice.days_off)},
                "make_up_days": [day.isoformat() for day in sorted(notice.make_up_days)],
            }
            for notice in calendar.notices
        ],
        "regional": [
            {"day": rest.day.isoformat(), "name": rest.name, "source": rest.source}
            for rest in sorted(calendar.regional)
        ],
    }


def version_of(calendar: WorkCalendar) -> str:
    """Give the digest that names a calendar: "sha256:" and 64 hexadecimal digits of its canonical bytes."""
    return "sha256:" + digests.sha256(canonical.render(to_data(calendar)))


def from_data(data: object, place: str = "工作日历") -> WorkCalendar:
    """Read a calendar from data; an unknown key, a wrong type or an impossible day raises BadInput naming its place."""
    top = _record(data, {"format", "notices", "regional"}, place)
    if top["format"] != FORMAT:
        raise BadInput(f"{place}.format", f"应为“{FORMAT}”；这份日历由其他版本写成")
    notices = [_notice(item, f"{place}.notices[{n}]") for n, item in enumerate(_list(top["notices"], place))]
    regional = [_regional(item, f"{place}.regional[{n}]") for n, item in enumerate(_list(top["regional"], place))]
    return WorkCalendar(tuple(sorted(notices, key=lambda notice: notice.year)), tuple(sorted(regional)))


def _notice(item: object, place: str) -> YearNotice:
    record = _record(item, {"year", "source", "days_off", "make_up_days"}, place)
    if not isinstance(record["year"], int) or isinstance(record["year"], bool):
        raise BadInput(f"{place}.year", "应为年份数字，如 2026")
    if not isinstance(record["days_off"], Mapping):
        raise BadInput(f"{place}.days_off", "应为“日期: 节日名称”的对照表")
    return YearNotice(
        year=record["year"],
        source=_text(record["source"], f"{place}.source"),
        days_off=tuple(
            sorted(
                RestDay(_day(key, f"{place}.days_off"), _text(name, f"{place}.days_off.{key}"))
                for key, name in record["days_off"].items()
            )
        ),
        make_up_days=tuple(sorted(_day(day, f"{place}.make_up_days") for day in _list(record["make_up_days"], place))),
    )


def _regional(item: object, place: str) -> RegionalRest:
    record = _record(item, {"day", "name", "source"}, place)
    return RegionalRest(
        day=_day(record["day"], f"{place}.day"),
        name=_text(record["name"], f"{place}.name"),
        source=_text(record["source"], f"{place}.source"),
    )


def _record(item: object, keys: set[str], place: str) -> Mapping[str, Any]:
    if not isinstance(item, Mapping) or set(item) != keys:
        raise BadInput(place, f"应恰好有这些字段：{'、'.join(sorted(keys))}")
    return item


def _list(value: object, place: str) -> list[Any] | tuple[Any, ...]:
    if not isinstance(value, (list, tuple)):
        raise BadInput(place, "应为列表")
    return value


def _text(value: object, place: str) -> str:
    if not isinstance(value, str) or not value.strip():
        raise BadInput(place, "应为文字，不能为空")
    return value


def _day(value: object, place: str) -> date:
    try:
        day = date.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        day = None
    if day is None or day.isoformat() != value:
        raise BadInput(place, f"“{value}”不是日期；请写成 2026-02-14 的形式")
    return day
