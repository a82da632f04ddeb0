"""行前须知: the checklist of an act before it begins, on one phone page or one sheet of paper."""

from collections.abc import Iterator
from dataclasses import dataclass

from liuhen.core.rules.announcing import fill
from liuhen.core.rules.checklist import HEADINGS, Item
from liuhen.core.rules.stricter import Ruling
from liuhen.doors.web.cards.case import Header, case_header
from liuhen.doors.web.cards.parts import ClauseChip, clause_chip
from liuhen.flows.occasion import Actor
from liuhen.flows.prepare_act import Preparation
from liuhen.flows.read_case import CaseReading
from liuhen.flows.reading import agency_name


@dataclass(frozen=True, slots=True)
class Choice:
    """A word that can be picked, and whether it is."""

    word: str
    picked: bool


@dataclass(frozen=True, slots=True)
class Point:
    """One thing to do, the situations in which it is wanted, and why; `wish` where the clause leaves it to what is practical."""

    text: str
    wish: bool
    notes: tuple[str, ...]
    clauses: tuple[ClauseChip, ...]
    why: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Block:
    """The things to do under one heading."""

    key: str
    title: str
    points: tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence that is read aloud when filming begins, and the clauses that ask for it: none is custom."""

    text: str
    clauses: tuple[ClauseChip, ...]


@dataclass(frozen=True, slots=True)
class Lifted:
    """A demand that a clause lifts for this act."""

    title: str
    clause: ClauseChip
    text: str


@dataclass(frozen=True, slots=True)
class Before:
    """The whole page."""

    header: Header
    act: str
    kinds: tuple[Choice, ...]
    marks: tuple[Choice, ...]
    packs: tuple[str, ...]
    blocks: tuple[Block, ...]
    lifted: tuple[Lifted, ...]
    opening: tuple[Said, ...]
    opening_demanded: bool


def before_page(reading: CaseReading, actor: Actor, asked: Preparation) -> Before:
    """Give the page of what an act will need."""
    return Before(
        header=case_header(reading, actor),
        act=asked.act,
        kinds=tuple(Choice(kind, kind == asked.act) for kind in asked.kinds),
        marks=tuple(Choice(mark, mark in asked.traits) for mark in asked.marks),
        packs=tuple(f"{pack.title}（{pack.edition}）" for pack in asked.packs),
        blocks=tuple(
            Block(section.heading, HEADINGS[section.heading], tuple(_point(reading, item) for item in section.items))
            for section in asked.sections
        ),
        lifted=tuple(card for ruling in asked.rulings for card in _lifted(reading, ruling)),
        opening=tuple(_opening(reading, actor, asked)),
        opening_demanded=asked.opening.demanded,
    )


def _opening(reading: CaseReading, actor: Actor, asked: Preparation) -> Iterator[Said]:
    """Give the opening with what is known before anybody leaves; the phone fills in the rest on the spot."""
    case = reading.facts.case
    party = case.party.name if case.party else ""
    known = {"机关": agency_name(actor.agency), "事由": case.matter, "当事人": party, "活动": asked.act}
    for line in asked.opening.lines:
        yield Said(fill(line.say, known), tuple(clause_chip(reading.packs, clause) for clause in line.clauses))


def _point(reading: CaseReading, item: Item) -> Point:
    notes = (*item.when, *((item.by,) if item.by else ()))
    chips = tuple(clause_chip(reading.packs, clause) for clause in item.clauses)
    return Point(item.text, item.level != "must", notes, chips, item.why)


def _lifted(reading: CaseReading, ruling: Ruling) -> tuple[Lifted, ...]:
    demand = ruling.demand
    if demand.lifted is None:
        return ()
    return (Lifted(demand.rule.title, clause_chip(reading.packs, demand.lifted.clause), demand.lifted.text),)
