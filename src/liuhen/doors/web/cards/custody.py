"""保管: who had a recording when and why, until when it is kept, and what may be written down now."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django import forms
from django.urls import reverse

from liuhen.core.events.case import CaseConsulted
from liuhen.core.events.catalogue import Event
from liuhen.core.rules.keeping import KeepingTerm, KeptUntil, kept_until
from liuhen.doors.web.cards.case import Header, case_header
from liuhen.doors.web.cards.parts import ClauseChip, EventLine, clause_chip, event_line
from liuhen.doors.web.cards.told import told
from liuhen.flows.access import Permission, has
from liuhen.flows.occasion import Actor
from liuhen.flows.read_case import CaseReading

_TITLES = {
    "late": "未及时入库说明",
    "keep": "延长或者永久保存",
    "classify": "定密或者解除",
    "hold": "暂缓处置",
    "transfer": "移交登记",
}
_BY = {"late": Permission.INVESTIGATE}


@dataclass(frozen=True, slots=True)
class Term:
    """One word on how long it is kept."""

    length: str
    source: str
    clause: ClauseChip | None


@dataclass(frozen=True, slots=True)
class Passage:
    """One thing that happened to the recording, with what was said of it."""

    event: EventLine
    told: str


@dataclass(frozen=True, slots=True)
class Writing:
    """A form and where it is sent; `open` when it was just refused."""

    kind: str
    title: str
    form: forms.Form
    url: str
    open: bool


@dataclass(frozen=True, slots=True)
class Custody:
    """The whole page."""

    header: Header
    title: str
    player_url: str
    until: str
    terms: tuple[Term, ...]
    holds: tuple[Writing, ...]
    passages: tuple[Passage, ...]
    writings: tuple[Writing, ...]


def custody_page(
    reading: CaseReading,
    actor: Actor,
    uid: str,
    fresh: Mapping[str, forms.Form],
    release: Mapping[str, forms.Form],
    refused: str,
) -> Custody:
    """Give the page: `fresh` holds a form by kind, `release` one by hold; `refused` is the kind that was just refused."""
    recording = reading.facts.recordings[uid]
    kept: KeptUntil = kept_until(reading.packs, reading.facts, uid)
    return Custody(
        header=case_header(reading, actor),
        title=recording.original_name or uid,
        player_url=reverse("play", args=[reading.uid, uid]),
        until=kept.say(),
        terms=tuple(_term(reading, term) for term in kept.terms),
        holds=tuple(
            Writing("release", ground, release[hold], _url(reading, uid, "release"), refused == "release")
            for hold, ground in recording.holds.items()
        ),
        passages=tuple(_passage(reading, event) for event in _in_time(reading.events, uid)),
        writings=tuple(
            Writing(kind, title, fresh[kind], _url(reading, uid, kind), refused == kind)
            for kind, title in _TITLES.items()
            if has(actor, _BY.get(kind, Permission.ARCHIVE))
        ),
    )


def _url(reading: CaseReading, uid: str, kind: str) -> str:
    return reverse("custody-entry", args=[reading.uid, uid, kind])


def _term(reading: CaseReading, term: KeepingTerm) -> Term:
    return Term(term.length, term.source, clause_chip(reading.packs, term.clause) if term.clause else None)


def _in_time(events: Iterable[Event], uid: str) -> list[Event]:
    """Give what concerns a recording in the order of time; the case's stream and its own are read one after the other."""
    return sorted((event for event in events if _concerns(event, uid)), key=lambda event: event.header.recorded_at)


def _concerns(event: Event, uid: str) -> bool:
    """Say whether an event is of the recording itself, or tells that somebody linked, played or took it."""
    if event.header.stream == f"recording:{uid}":
        return True
    if isinstance(event.content, CaseConsulted):
        return uid in event.content.what
    return getattr(event.content, "recording", None) == uid


def _passage(reading: CaseReading, event: Event) -> Passage:
    return Passage(event_line(reading.uid, event, reading.names), told(event.content))
