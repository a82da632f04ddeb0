"""The form of a year's notice: from a calendar to fields, and from what was typed into them to an entry.

Invariant: what a person typed comes back to the person as it was typed, also when it is wrong.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from liuhen.core.calendar.calendar import WorkCalendar
from liuhen.core.calendar.entry import Mistake, Typed, TypedNotice, TypedSpan

_FESTIVALS = ("元旦", "春节", "清明节", "劳动节", "端午节", "中秋节", "国庆节")
_MOST_ROWS = 60
_LEAST_OFF, _LEAST_MADE_UP, _LEAST_REST = 9, 9, 3
_TITLE = "国务院办公厅关于{year}年部分节假日安排的通知"


@dataclass(frozen=True, slots=True)
class SpanRow:
    """A row of fields: a stretch of days with its name and, for regional days, its source."""

    number: int
    name: str = ""
    first: str = ""
    last: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class NoticeForm:
    """The fields of the form, with the mistakes found in them."""

    year: str
    source: str
    off: tuple[SpanRow, ...]
    made_up: tuple[SpanRow, ...]
    rests: tuple[SpanRow, ...]
    mistakes: tuple[Mistake, ...] = ()


def form_of(calendar: WorkCalendar, year: int) -> NoticeForm:
    """Fill the form with what a calendar says of a year; the festivals' names stand there even where nothing is known."""
    notice = next((notice for notice in calendar.notices if notice.year == year), None)
    off = list(_spans((rest.day, rest.name, "") for rest in notice.days_off)) if notice else []
    off = off or [("", "", name, "") for name in _FESTIVALS]
    made_up = [(day.isoformat(), "", "", "") for day in notice.make_up_days] if notice else []
    rests = list(_spans((rest.day, rest.name, rest.source) for rest in calendar.regional if rest.day.year == year))
    return NoticeForm(
        str(year),
        notice.source if notice else _TITLE.format(year=year),
        _rows(off, max(_LEAST_OFF, len(off) + 1)),
        _rows(made_up, max(_LEAST_MADE_UP, len(made_up) + 1)),
        _rows(rests, max(_LEAST_REST, len(rests) + 1)),
    )


def _spans(days: Iterable[tuple[date, str, str]]) -> Iterator[tuple[str, str, str, str]]:
    """Join days that follow each other under one name and source: (first, last, name, source)."""
    run: list[tuple[date, str, str]] = []
    for item in (*sorted(days), None):
        if item is not None and run and item[1:] == run[-1][1:] and item[0] - run[-1][0] == timedelta(days=1):
            run.append(item)
            continue
        if run:
            last = run[-1][0].isoformat() if len(run) > 1 else ""
            yield run[0][0].isoformat(), last, run[0][1], run[0][2]
        run = [item] if item is not None else []


def _rows(spans: Sequence[tuple[str, str, str, str]], least: int) -> tuple[SpanRow, ...]:
    filled = [*spans, *[("", "", "", "")] * (least - len(spans))]
    return tuple(
        SpanRow(number, name, first, last, source) for number, (first, last, name, source) in enumerate(filled)
    )


def form_from(posted: Mapping[str, str]) -> NoticeForm:
    """Read the fields as they were typed."""
    return NoticeForm(
        posted.get("year", "").strip()[:8],
        posted.get("source", "").strip()[:300],
        tuple(_posted(posted, "off")),
        tuple(_posted(posted, "made-up")),
        tuple(_posted(posted, "rest")),
    )


def _posted(posted: Mapping[str, str], kind: str) -> Iterator[SpanRow]:
    for number in range(_MOST_ROWS):
        if f"{kind}-{number}-first" in posted:
            words = (posted.get(f"{kind}-{number}-{part}", "").strip() for part in ("name", "first", "last", "source"))
            name, first, last, source = words
            yield SpanRow(number, name[:60], first[:20], last[:20], source[:300])


def typed_in(form: NoticeForm) -> Typed:
    """Give what was typed as an entry; a festival without days is one that the notice does not speak of."""
    off = [row for row in form.off if row.first or row.last or row.name not in ("", *_FESTIVALS)]
    made_up = [row for row in form.made_up if row.first]
    rests = [row for row in form.rests if row.first or row.last or row.name or row.source]
    notice = TypedNotice(
        f"{form.year} 年",
        form.year,
        form.source,
        tuple(TypedSpan(row.name or f"放假第 {row.number + 1} 行", row.first, row.last, row.name) for row in off),
        tuple(TypedSpan(f"上班日第 {row.number + 1} 项", row.first) for row in made_up),
    )
    regional = tuple(
        TypedSpan(f"地方休息日第 {row.number + 1} 行", row.first, row.last, row.name, row.source) for row in rests
    )
    # A region's days may be entered before the year's notice is published.
    return Typed((notice,) if off or made_up else (), regional)
