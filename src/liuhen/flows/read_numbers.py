"""编号台账: every number of every series of an agency with what became of it.

Invariant: every number from 1 to the last one taken is accounted for exactly once: a case's or a document's (voided or not),
reserved, or void unused; what is none of these is a gap, and shown as one.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from django.db.models import Q

from liuhen.adapters.sheets.writing import SheetColumn, write_sheet
from liuhen.core.documents.numbers import CASES, SOURCES, Number, read_number
from liuhen.core.facts.agency_model import AgencyFacts, NumberBlock
from liuhen.core.kernel.moments import say_instant
from liuhen.flows.access import NotFound, Permission, require
from liuhen.flows.ground import agency_facts
from liuhen.flows.occasion import Actor
from liuhen.flows.office import office
from liuhen.records.index.models import CaseRow, DocumentRow, NumberSeries

State = Literal["used", "voided", "reserved", "blank", "gap"]
STATES: Mapping[State, str] = {
    "used": "已用",
    "voided": "作废",
    "reserved": "预留",
    "blank": "空白作废",
    "gap": "断号",
}
PAGE = 50
_WIDTHS = (("编号", 26), ("状态", 10), ("文书或者案件", 30), ("说明", 44), ("时间", 20))


@dataclass(frozen=True, slots=True)
class Entry:
    """A number and what became of it: the document and case it is of, or why it is reserved or void, and when."""

    ordinal: int
    number: str
    state: State
    title: str = ""
    because: str = ""
    at: datetime | None = None
    case: str = ""
    document: str = ""


@dataclass(frozen=True, slots=True)
class Series:
    """A series of a year: how many numbers were taken, what they are, and the gaps, of which there must be none.

    `strangers` are numbers in use that the series never gave out, which there must not be either.
    """

    character: str
    year: int
    name: str
    taken: int
    counts: Mapping[State, int]
    gaps: tuple[int, ...]
    strangers: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class NumbersPage:
    """Some numbers of a series, the newest first; `older` and `newer` are the pages beside it, 0 for none."""

    series: Series
    entries: tuple[Entry, ...]
    page: int
    older: int
    newer: int


def years_of(actor: Actor) -> tuple[int, ...]:
    """Give the years in which the actor's agency took numbers, the newest first. Raises NotAllowed."""
    require(actor, Permission.VIEW)
    found = NumberSeries.objects.filter(agency=actor.agency, next__gt=1).values_list("year", flat=True)
    return tuple(sorted(set(found), reverse=True))


def series_of(actor: Actor, year: int) -> tuple[Series, ...]:
    """Give all series of a year. Raises NotAllowed."""
    require(actor, Permission.VIEW)
    return series_kept(actor.agency, year)


def series_kept(agency: str, year: int, only: str = "") -> tuple[Series, ...]:
    """Give all series of a year of an agency, or the only one of a character, to whoever checks its ledger."""
    facts = agency_facts(agency).agency
    rows = NumberSeries.objects.filter(agency=agency, year=year, next__gt=1).order_by("kind")
    standing, names = _standing(agency, facts, year, only), _names()
    if only:
        rows, standing = rows.filter(kind=only), {kind: states for kind, states in standing.items() if kind == only}
    found = [_series(row.kind, year, row.next - 1, standing.get(row.kind, {}), names) for row in rows]
    # Numbers that were recorded without any series having given them out.
    known = {one.character for one in found}
    found += [_series(kind, year, 0, states, names) for kind, states in standing.items() if kind not in known]
    order = [SOURCES, CASES, *names]
    return tuple(sorted(found, key=lambda one: order.index(one.character) if one.character in order else len(order)))


def _names() -> dict[str, str]:
    types = {kind.character: kind.name for kind in office().documents.values() if kind.character}
    return {SOURCES: "案件来源登记号", CASES: "案号", **types}


def _series(kind: str, year: int, taken: int, states: Mapping[int, State], names: Mapping[str, str]) -> Series:
    gaps = tuple(n for n in range(1, taken + 1) if n not in states)
    within = [state for n, state in states.items() if n <= taken]
    counts: dict[State, int] = {state: within.count(state) for state in STATES if state != "gap"}
    strangers = tuple(sorted(n for n in states if n > taken))
    return Series(kind, year, names.get(kind, kind), taken, counts | {"gap": len(gaps)}, gaps, strangers)


def _standing(agency: str, facts: AgencyFacts, year: int, only: str) -> dict[str, dict[int, State]]:
    """Give for each character the numbers of a year that are accounted for; of all others little is read where one is asked."""
    found: dict[str, dict[int, State]] = {}
    for block in facts.blocks.values():
        if block.year == year:
            for n in range(block.first, block.last + 1):
                found.setdefault(block.character, {})[n] = "reserved" if block.returned is None else "blank"
    spelt = f"{facts.number_prefix}{only}〔{year}〕" if only else f"〔{year}〕"
    for text, state in _borne(agency, spelt, "startswith" if only else "contains"):
        number = read_number(text, facts.number_prefix)
        if number is not None and number.year == year:
            found.setdefault(number.character, {})[number.ordinal] = state
    return found


def _borne(agency: str, spelt: str, how: str) -> Iterable[tuple[str, State]]:
    documents = DocumentRow.objects.filter(agency=agency, **{f"number__{how}": spelt})
    for text, voided in documents.values_list("number", "voided_at"):
        yield text, "used" if voided is None else "voided"
    either = Q(**{f"number__{how}": spelt}) | Q(**{f"register_number__{how}": spelt})
    cases = CaseRow.objects.filter(either, agency=agency)
    for texts in cases.values_list("number", "register_number"):
        yield from ((text, "used") for text in texts if text)


def years_kept(agency: str) -> tuple[int, ...]:
    """Give the years of an agency's series, to whoever checks its ledger."""
    return tuple(sorted(set(NumberSeries.objects.filter(agency=agency).values_list("year", flat=True))))


def raise_series(agency: str) -> None:
    """Let no series give out again a number that is borne already, as one from an older copy of the database would."""
    for year in years_kept(agency):
        for series in series_kept(agency, year):
            if series.strangers:
                NumberSeries.objects.update_or_create(
                    agency=agency, kind=series.character, year=year, defaults={"next": series.strangers[-1] + 1}
                )


def numbers_of(actor: Actor, character: str, year: int, page: int) -> NumbersPage:
    """Give a page of a series, counted from 1, the newest numbers on the first. Raises NotAllowed, NotFound."""
    series = _only(actor, character, year)
    pages = max(1, -(-series.taken // PAGE))
    if not 1 <= page <= pages:
        raise NotFound("这一页编号")
    highest = series.taken - (page - 1) * PAGE
    ordinals = range(highest, max(0, highest - PAGE), -1)
    entries = _entries(actor.agency, series, ordinals)
    return NumbersPage(series, entries, page, page + 1 if page < pages else 0, page - 1)


def export_numbers(actor: Actor, character: str, year: int) -> tuple[str, bytes]:
    """Give a whole series as an xlsx file with its name. Raises NotAllowed, NotFound."""
    series = _only(actor, character, year)
    entries = _entries(actor.agency, series, range(1, series.taken + 1))
    rows = [
        (one.number, STATES[one.state], one.title, one.because, say_instant(one.at) if one.at else "")
        for one in entries
    ]
    columns = [SheetColumn(title, width) for title, width in _WIDTHS]
    return f"编号台账（{series.name}，{year} 年）.xlsx", write_sheet("编号台账", columns, rows)


def _only(actor: Actor, character: str, year: int) -> Series:
    require(actor, Permission.VIEW)
    found = series_kept(actor.agency, year, character) if character else ()
    if not found:
        raise NotFound("编号序列")
    return found[0]


def _entries(agency: str, series: Series, ordinals: range) -> tuple[Entry, ...]:
    facts = agency_facts(agency).agency
    texts = {Number(facts.number_prefix, series.character, series.year, n).say(): n for n in ordinals}
    used = _used(agency, series, texts)
    blocks = [one for one in facts.blocks.values() if (one.character, one.year) == (series.character, series.year)]
    return tuple(used.get(text) or _unborne(n, text, blocks) for text, n in texts.items())


def _used(agency: str, series: Series, texts: Mapping[str, int]) -> dict[str, Entry]:
    if series.character in (SOURCES, CASES):
        column = "register_number" if series.character == SOURCES else "number"
        cases = CaseRow.objects.filter(agency=agency, **{f"{column}__in": list(texts)})
        found = [(getattr(row, column), row) for row in cases]
        return {text: _case_entry(texts[text], text, row) for text, row in found}
    documents = DocumentRow.objects.filter(agency=agency, number__in=list(texts)).select_related("case")
    return {row.number: _document_entry(texts[row.number], row) for row in documents}


def _case_entry(ordinal: int, number: str, row: CaseRow) -> Entry:
    at = row.registered_at if number == row.register_number else row.filed_at
    return Entry(ordinal, number, "used", f"{row.party} {row.matter}", at=at, case=row.uid)


def _document_entry(ordinal: int, row: DocumentRow) -> Entry:
    state: State = "used" if row.voided_at is None else "voided"
    at = row.voided_at or row.made_at
    return Entry(ordinal, row.number, state, f"《{row.title}》", row.void_reason, at, row.case.uid, row.uid)


def _unborne(ordinal: int, number: str, blocks: Iterable[NumberBlock]) -> Entry:
    block = next((one for one in blocks if one.first <= ordinal <= one.last), None)
    if block is None:
        return Entry(ordinal, number, "gap", because="没有任何记录说明这个号的去向；请立即报告系统管理员核对账本")
    if block.returned is None:
        return Entry(ordinal, number, "reserved", because=f"{block.holder}领用：{block.reason}", at=block.reserved)
    because = f"{block.holder}交回：{block.returned_because or ''}"
    return Entry(ordinal, number, "blank", because=because, at=block.returned)
