"""编号台账: the series of a year, the blocks that are out, and the numbers of one series with what became of each."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse

from liuhen.core.facts.agency_model import AgencyFacts, NumberBlock
from liuhen.doors.web.cards.parts import panel_url
from liuhen.doors.web.number_forms import ReasonForm, ReserveForm, return_form
from liuhen.flows.occasion import Actor
from liuhen.flows.read_numbers import STATES, Entry, NumbersPage, Series
from liuhen.flows.reserved_numbers import may_reserve, may_return, numbered_types, say_block, unused_of


@dataclass(frozen=True, slots=True)
class SeriesRow:
    """A series with its counts in the order of the heads; `fault` says loudly what must not be."""

    name: str
    character: str
    taken: int
    counts: tuple[int, ...]
    fault: str
    url: str


@dataclass(frozen=True, slots=True)
class BlockRow:
    """A block that is out: its numbers, how many are unused, and the form of its return where the person may."""

    uid: str
    numbers: str
    form: str
    holder: str
    reason: str
    at: datetime | None
    left: int
    size: int
    giving_back: ReasonForm | None
    opened: bool


@dataclass(frozen=True, slots=True)
class NumbersCard:
    """The page of a year."""

    year: int
    years: tuple[tuple[int, str], ...]
    heads: tuple[str, ...]
    series: tuple[SeriesRow, ...]
    blocks: tuple[BlockRow, ...]
    reserving: ReserveForm | None
    opened: bool


@dataclass(frozen=True, slots=True)
class NumberRow:
    """A number as a row."""

    number: str
    state: str
    label: str
    title: str
    because: str
    at: datetime | None
    url: str


@dataclass(frozen=True, slots=True)
class SeriesCard:
    """The page of a series."""

    name: str
    year: int
    taken: int
    summary: str
    fault: str
    rows: tuple[NumberRow, ...]
    older: str
    newer: str
    export_url: str
    year_url: str


def fault_of(series: Series) -> str:
    """Say what must not be: gaps, and numbers that the series never gave out."""
    found = []
    if series.gaps:
        found.append(f"断号 {len(series.gaps)} 个：{_some(series.gaps)}")
    if series.strangers:
        found.append(f"有 {len(series.strangers)} 个号不是按序取得的：{_some(series.strangers)}")
    return "；".join(found)


def _some(ordinals: tuple[int, ...]) -> str:
    return "、".join(f"{n} 号" for n in ordinals[:10]) + ("等" if len(ordinals) > 10 else "")


def year_url(year: int) -> str:
    """Give the address of a year."""
    return f"{reverse('numbers')}?year={year}"


def numbers_card(
    actor: Actor,
    agency: AgencyFacts,
    year: int,
    years: tuple[int, ...],
    series: tuple[Series, ...],
    *,
    reserving: ReserveForm | None = None,
    returning: Mapping[str, ReasonForm] | None = None,
) -> NumbersCard:
    """Give the page; `reserving` and `returning` are forms that came back with what is wrong."""
    shown = [state for state in STATES if state != "gap"]
    return NumbersCard(
        year=year,
        years=tuple((one, year_url(one)) for one in years),
        heads=tuple(STATES[state] for state in shown),
        series=tuple(
            SeriesRow(
                one.name,
                one.character,
                one.taken,
                tuple(one.counts[state] for state in shown),
                fault_of(one),
                reverse("numbers-series", args=[one.character, one.year]),
            )
            for one in series
        ),
        blocks=tuple(
            _block(actor, agency, block, returning or {}) for block in agency.blocks.values() if block.returned is None
        ),
        reserving=(reserving or reserve_form(actor, agency)) if may_reserve(actor) else None,
        opened=reserving is not None,
    )


def reserve_form(actor: Actor, agency: AgencyFacts, data: Mapping[str, str] | None = None) -> ReserveForm:
    """Give the form by which numbers are reserved; nobody is offered himself."""
    officers = [(uid, one.name) for uid, one in agency.officers.items() if one.certificate and uid != actor.uid]
    return ReserveForm([kind.name for kind in numbered_types()], officers, data)


def _block(actor: Actor, agency: AgencyFacts, block: NumberBlock, sent: Mapping[str, ReasonForm]) -> BlockRow:
    return BlockRow(
        uid=block.uid,
        numbers=say_block(agency, block),
        form=block.form,
        holder=block.holder,
        reason=block.reason,
        at=block.reserved,
        left=len(unused_of(agency.uid, agency, block)),
        size=block.last - block.first + 1,
        giving_back=(sent.get(block.uid) or return_form(block.uid)) if may_return(actor) else None,
        opened=block.uid in sent,
    )


def series_card(found: NumbersPage) -> SeriesCard:
    """Give the page of a series."""
    series = found.series
    address = reverse("numbers-series", args=[series.character, series.year])
    counted = [f"{label} {series.counts[state]}" for state, label in STATES.items() if series.counts[state]]
    return SeriesCard(
        name=series.name,
        year=series.year,
        taken=series.taken,
        summary="，".join(counted),
        fault=fault_of(series),
        rows=tuple(_row(entry) for entry in found.entries),
        older=f"{address}?page={found.older}" if found.older else "",
        newer=f"{address}?page={found.newer}" if found.newer else "",
        export_url=reverse("numbers-export", args=[series.character, series.year]),
        year_url=year_url(series.year),
    )


def _row(entry: Entry) -> NumberRow:
    url = ""
    if entry.document:
        url = panel_url(entry.case, "documents", entry.document)
    elif entry.case:
        url = reverse("case", args=[entry.case])
    return NumberRow(entry.number, entry.state, STATES[entry.state], entry.title, entry.because, entry.at, url)
