"""The published work calendar, read from the `holidays` package.

Invariant: only years whose make-up days were really announced are known; computed future festivals are left out,
because a guessed make-up Saturday would move a deadline.
"""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

import holidays

from liuhen.core.calendar.calendar import RestDay, WorkCalendar, YearNotice

# Numbers of the notices that were checked against their text; a year not listed is cited by its title alone.
_NUMBERS = {2016: "2015〕18号", 2024: "2023〕7号", 2025: "2024〕12号", 2026: "2025〕7号"}
_FURTHER = {
    2015: "国务院关于中国人民抗日战争暨世界反法西斯战争胜利70周年纪念日调休放假的通知",
    2019: "国务院办公厅关于调整2019年劳动节假期安排的通知",
    2020: "国务院办公厅关于延长2020年春节假期的通知",
}
_FESTIVALS = ("元旦", "春节", "清明节", "劳动节", "端午节", "中秋节", "国庆节")
_ALSO = {"农历除夕": "春节", "中国人民抗日战争": "抗战胜利70周年纪念日"}
_DAY = timedelta(days=1)


def published_calendar(years: Iterable[int] = range(2015, 2027)) -> WorkCalendar:
    """Give the calendar of the years asked for whose State Council notice is known to the installed release."""
    asked = sorted(set(years))
    if not asked:
        return WorkCalendar(())
    table = holidays.country_holidays("CN", years=range(asked[0] - 1, asked[-1] + 2), language="zh_CN")
    make_up = sorted(table.weekend_workdays)
    spans = _spans(dict(table.items()), frozenset(make_up))
    notices = []
    for year in asked:
        worked = tuple(day for day in make_up if _notice_year(day) == year)
        if worked:
            rests = tuple(rest for span in spans if span[-1].day.year == year for rest in span)
            notices.append(YearNotice(year, source_of(year), rests, worked))
    return WorkCalendar(tuple(notices))


def source_of(year: int) -> str:
    """Give the title of the notice for a year, its number where checked, and a later notice that changed it."""
    title = f"国务院办公厅关于{year}年部分节假日安排的通知"
    if year in _NUMBERS:
        title += f"（国办发明电〔{_NUMBERS[year]}）"
    return f"{title}；{_FURTHER[year]}" if year in _FURTHER else title


def _notice_year(make_up: date) -> int:
    """Give the year of the notice that set a make-up day: one in the last days of December belongs to the next year."""
    return make_up.year + (make_up.month == 12 and make_up.day >= 29)


def _spans(names: dict[date, str], make_up: frozenset[date]) -> list[Sequence[RestDay]]:
    """Join the days off with the weekends they touch; the whole span bears the festivals that fall in it."""
    off = set(names)
    for day in names:
        for step in (_DAY, -_DAY):
            beside = day + step
            while beside.weekday() >= 5 and beside not in make_up:
                off.add(beside)
                beside += step
    spans: list[list[date]] = []
    for day in sorted(off):
        if spans and day - spans[-1][-1] == _DAY:
            spans[-1].append(day)
        else:
            spans.append([day])
    return [[RestDay(day, _named(span, names)) for day in span] for span in spans]


def _named(span: Sequence[date], names: dict[date, str]) -> str:
    found: dict[str, None] = {}
    for day in span:
        for word in (*_FESTIVALS, *_ALSO):
            if word in names.get(day, ""):
                found[_ALSO.get(word, word)] = None
    return "、".join(found) or "调休"
