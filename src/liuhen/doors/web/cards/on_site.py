"""现场: what a phone needs to know of one case before it goes where there is no network, as plain data.

Invariant: nothing of another case is in it; what the law asks comes from the very rulings that the checklist shows.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from liuhen.core.facts.coverage import MEDIA_NAMES, coverage_of
from liuhen.core.facts.model import Act, Recording
from liuhen.core.kernel.moments import render_instant
from liuhen.core.rules.announcing import Cause
from liuhen.core.rules.checklist import HEADINGS, Item
from liuhen.core.rules.conditions import Test
from liuhen.core.rules.model import FilmDemand, Pack, ToldDemand
from liuhen.core.rules.stricter import Ruling
from liuhen.doors.web.cards.filming import film
from liuhen.doors.web.cards.parts import ClauseChip, clause_chip
from liuhen.flows.access import Permission, has
from liuhen.flows.occasion import Actor
from liuhen.flows.prepare_act import Preparation
from liuhen.flows.read_case import CaseReading
from liuhen.flows.reading import agency_name


@dataclass(frozen=True, slots=True)
class Point:
    """One thing that is asked."""

    text: str
    wish: bool
    notes: tuple[str, ...]
    clauses: tuple[ClauseChip, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """What is asked under one heading."""

    title: str
    points: tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence of the opening, the word that marks it in the film, and the clauses that ask for it: none is custom."""

    topic: str
    sentence: str
    clauses: tuple[ClauseChip, ...]


@dataclass(frozen=True, slots=True)
class Reason:
    """A cause of a break and the clauses that name it: none is custom."""

    cause: str
    clauses: tuple[ClauseChip, ...]


@dataclass(frozen=True, slots=True)
class Telling:
    """What somebody has to be told together, and whether the answer has to be set down."""

    topics: tuple[str, ...]
    response: bool


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked of an act: the checklist, the opening, what is told, what has to be seen, and whether all is filmed."""

    sections: tuple[Section, ...]
    opening: tuple[Said, ...]
    opening_demanded: bool
    tellings: tuple[Telling, ...]
    scenes: tuple[str, ...]
    whole: bool


@dataclass(frozen=True, slots=True)
class Worker:
    """An officer of the agency with a certificate, as an act names those who take part."""

    officer: str
    name: str
    certificate: str


@dataclass(frozen=True, slots=True)
class Kept:
    """A recording of the act that the agency has."""

    uid: str
    kind: str
    label: str
    started: str | None
    ended: str | None
    url: str


@dataclass(frozen=True, slots=True)
class ActCard:
    """An act as the server knows it."""

    uid: str
    kind: str
    place: str
    traits: tuple[str, ...]
    officers: tuple[Worker, ...]
    begun: str | None
    ended: str | None
    shown: bool
    told: tuple[str, ...]
    marked: tuple[str, ...]
    interruptions: tuple[str, ...]
    recordings: tuple[Kept, ...]
    filmed: tuple[tuple[str, str], ...]
    asked: Asked


@dataclass(frozen=True, slots=True)
class CaseCard:
    """What the head of the page says of the case."""

    uid: str
    number: str
    party: str
    matter: str
    agency: str
    archived: bool


@dataclass(frozen=True, slots=True)
class KindCard:
    """A kind of act that can be begun, with what is asked of it whatever its circumstances."""

    kind: str
    asked: Asked


@dataclass(frozen=True, slots=True)
class OnSite:
    """Everything of one case that goes to the phone; `now` is the server's clock at the moment of the answer."""

    now: str
    person: str
    enrolled: bool
    may_film: bool
    case: CaseCard
    officers: tuple[Worker, ...]
    traits: tuple[str, ...]
    causes: tuple[Reason, ...]
    kinds: tuple[KindCard, ...]
    acts: tuple[ActCard, ...]


def on_site(
    reading: CaseReading,
    actor: Actor,
    kinds: Sequence[Preparation],
    acts: Sequence[tuple[Act, Preparation]],
    causes: Sequence[Cause],
) -> OnSite:
    """Give what a phone needs of a case: the kinds of act with what they ask, and the acts with what they have."""
    case = reading.facts.case
    roll = tuple(_roll(reading))
    return OnSite(
        now=render_instant(reading.at),
        person=actor.uid,
        enrolled=actor.uid in reading.facts.agency.officers,
        may_film=has(actor, Permission.INGEST),
        case=CaseCard(
            uid=reading.uid,
            number=case.number or case.register_number,
            party=case.party.name if case.party else "",
            matter=case.matter,
            agency=agency_name(actor.agency),
            archived=case.archived is not None,
        ),
        officers=roll,
        traits=kinds[0].marks if kinds else (),
        causes=tuple(Reason(one.cause, _chips(reading.packs, one.clauses)) for one in causes),
        kinds=tuple(KindCard(one.act, asked_of(reading.packs, one)) for one in kinds),
        acts=tuple(_act(reading, act, asked) for act, asked in acts),
    )


def _roll(reading: CaseReading) -> Iterator[Worker]:
    for officer in reading.facts.agency.officers.values():
        if officer.certificate is not None:
            yield Worker(officer.uid, officer.name, officer.certificate)


def asked_of(packs: Sequence[Pack], asked: Preparation) -> Asked:
    """Give what is asked of an act; where no pack asks for an opening, one is still customary."""
    lines = asked.opening.lines
    said = {line.topic for line in lines}
    return Asked(
        sections=tuple(
            Section(HEADINGS[section.heading], tuple(_point(packs, item) for item in section.items))
            for section in asked.sections
        ),
        opening=tuple(Said(line.topic, line.say, _chips(packs, line.clauses)) for line in lines),
        opening_demanded=asked.opening.demanded,
        tellings=tuple(dict.fromkeys(_tellings(asked.rulings))),
        scenes=tuple(word for word in dict.fromkeys(_marked(asked.rulings)) if word not in said),
        whole=any(_is_whole(ruling) for ruling in asked.rulings),
    )


def _point(packs: Sequence[Pack], item: Item) -> Point:
    return Point(
        text=item.text,
        wish=item.level != "must",
        notes=(*item.when, *((item.by,) if item.by else ()), *item.why),
        clauses=_chips(packs, item.clauses),
    )


def _chips(packs: Sequence[Pack], clauses: Sequence[str]) -> tuple[ClauseChip, ...]:
    return tuple(clause_chip(packs, clause) for clause in clauses)


def _marked(rulings: Iterable[Ruling]) -> Iterator[str]:
    """Give the words by which the law wants moments of the film to be marked."""
    for test in _tests(rulings):
        if test.attribute == "marked" and test.operator in ("any", "all"):
            yield from (word for word in test.operands if isinstance(word, str))


def _tests(rulings: Iterable[Ruling]) -> Iterator[Test]:
    for ruling in _standing(rulings):
        for duty in ruling.demand.duties:
            if isinstance(duty.part, Test):
                yield duty.part


def _tellings(rulings: Iterable[Ruling]) -> Iterator[Telling]:
    for ruling in _standing(rulings):
        for duty in ruling.demand.duties:
            if isinstance(duty.part, ToldDemand):
                yield Telling(duty.part.topics, duty.part.response)


def _is_whole(ruling: Ruling) -> bool:
    """Say whether the law orders the whole act to be filmed; what it only wishes for is in the checklist."""
    if ruling.demand.lifted is not None or ruling.demand.rule.level != "must":
        return False
    parts = (duty.part for duty in ruling.demand.duties)
    return any(isinstance(part, FilmDemand) and part.extent == "whole" for part in parts)


def _standing(rulings: Iterable[Ruling]) -> Iterator[Ruling]:
    return (ruling for ruling in rulings if ruling.demand.lifted is None)


def _act(reading: CaseReading, act: Act, asked: Preparation) -> ActCard:
    facts = reading.facts
    linked = [facts.recordings[uid] for uid in act.recordings if uid in facts.recordings]
    officers = frozenset(one.officer for one in act.officers)
    return ActCard(
        uid=act.uid,
        kind=act.kind,
        place=act.place,
        traits=act.traits,
        officers=tuple(Worker(one.officer, one.name, one.certificate) for one in act.officers),
        begun=_instant(act.begun),
        ended=_instant(act.ended),
        shown=bool(officers) and officers <= act.certificates_shown_by,
        told=tuple(sorted(act.told)),
        marked=tuple(dict.fromkeys(mark.topic for one in linked for mark in one.marks)),
        interruptions=tuple(one.uid for one in facts.case.interruptions.values() if one.act == act.uid),
        recordings=tuple(_kept(reading.uid, one) for one in linked),
        filmed=tuple((render_instant(span.start), render_instant(span.end)) for span in coverage_of(facts, act).filmed),
        asked=asked_of(reading.packs, asked),
    )


def _kept(case: str, recording: Recording) -> Kept:
    card = film(case, recording)
    kind = recording.media.kind if recording.media else ""
    return Kept(
        uid=recording.uid,
        kind=MEDIA_NAMES.get(kind, "音像"),
        label=card.label,
        started=_instant(recording.started),
        ended=_instant(recording.ended),
        url=card.url,
    )


def _instant(moment: datetime | None) -> str | None:
    return render_instant(moment) if moment else None
