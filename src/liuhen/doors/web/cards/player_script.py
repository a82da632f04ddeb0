"""The script beside the player: what the law in force wants said and shown in the film of this act, ticked at its second.

Invariant: read from the rules that judge the act, so a tick here is the fact that the rule asks for; an item is ticked where any
recording of the act carries a mark with its words.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from liuhen.core.facts.model import Act, Mark, Recording
from liuhen.core.rules.conditions import Truth
from liuhen.core.rules.model import Rule
from liuhen.core.rules.settings import settle
from liuhen.core.rules.subjects import CaseMoments, subject_of
from liuhen.doors.web.cards.parts import ClauseChip, clause_chip
from liuhen.doors.web.cards.player_reel import address, title_of
from liuhen.doors.web.typography import say_second
from liuhen.flows.access import Permission, has
from liuhen.flows.occasion import Actor
from liuhen.flows.read_case import CaseReading

_MARKED = "marked"
_TOLD = ("told_topics", "told_before_end")
_SPOKEN = "告知"


@dataclass(frozen=True, slots=True)
class Place:
    """A second of a recording of the act: of a piece of this reel, or of another recording, to which `url` leads."""

    piece: int | None
    second: float
    text: str
    note: str
    recording: str
    url: str


@dataclass(frozen=True, slots=True)
class Tick:
    """One item; `wish` where every clause leaves it to what is practical; `set_down` where a record already says it was told."""

    topic: str
    clauses: tuple[ClauseChip, ...]
    wish: bool
    places: tuple[Place, ...]
    set_down: bool = False


@dataclass(frozen=True, slots=True)
class Block:
    """Items under one heading, and how many of them are ticked."""

    key: str
    title: str
    ticks: tuple[Tick, ...]
    done: int


@dataclass(frozen=True, slots=True)
class Script:
    """The whole script. `marks` are those that belong to no item; `reel` names the recording whose page it stands on."""

    reel: str
    blocks: tuple[Block, ...]
    marks: tuple[tuple[str, Place], ...]
    topics: tuple[str, ...]
    may_mark: bool
    mark_url: str


def rules_on(reading: CaseReading, act: Act) -> Iterator[Rule]:
    """Give the rules in force that speak of an act as it stands, without those that a clause lifts for it."""
    subject = subject_of(reading.facts, "act", act, CaseMoments(reading.facts))
    for pack in reading.packs:
        for rule in settle(pack, reading.facts.agency.settings).pack.rules:
            if rule.each != "act" or rule.when.truth(subject.values) is Truth.FALSE:
                continue
            if not any(lifting.when.truth(subject.values) is Truth.TRUE for lifting in rule.unless):
                yield rule


def script(reading: CaseReading, actor: Actor, act: Act, parts: Sequence[Recording], page: str) -> Script:
    """Give the script of an act beside a reel."""
    pieces = {one.uid: number for number, one in enumerate(parts)}
    shown = (*parts, *(reading.facts.recordings[uid] for uid in act.recordings if uid in reading.facts.recordings))
    marked: dict[str, list[Place]] = {}
    for one in {item.uid: item for item in shown}.values():
        for mark in one.marks:
            marked.setdefault(mark.topic, []).append(_place(reading.uid, one, mark, pieces.get(one.uid)))
    wanted = _wanted(reading, act)
    blocks = (_block(key, title, wanted[key], marked, act) for key, title in _TITLES.items() if wanted[key])
    known = {topic for items in wanted.values() for topic in items}
    rest = [(topic, place) for topic, places in marked.items() if topic not in known for place in places]
    return Script(
        reel=page,
        blocks=tuple(blocks),
        marks=tuple(sorted(rest, key=lambda pair: (pair[1].piece is None, pair[1].piece or 0, pair[1].second))),
        topics=tuple(known),
        may_mark=has(actor, Permission.INVESTIGATE),
        mark_url=address("mark", reading.uid, page),
    )


def bare_script(actor: Actor, parts: Sequence[Recording], page: str) -> Script:
    """Give the script of a recording that no act has: its marks."""
    rest = [(mark.topic, _place("", one, mark, n)) for n, one in enumerate(parts) for mark in one.marks]
    ordered = tuple(sorted(rest, key=lambda pair: (pair[1].piece or 0, pair[1].second)))
    return Script(page, (), ordered, (), has(actor, Permission.INVESTIGATE), address("mark", "", page))


_TITLES = {"said": "开拍时说明", "shown": "重点拍到", "told": "依法告知"}
_Wanted = dict[str, dict[str, list[tuple[ClauseChip, bool]]]]


def _wanted(reading: CaseReading, act: Act) -> _Wanted:
    """Give the items by heading, each with the clauses that ask for it and whether each leaves it open."""
    wanted: _Wanted = {key: {} for key in _TITLES}
    for rule in rules_on(reading, act):
        chip = clause_chip(reading.packs, rule.clauses[0])
        for topic in dict.fromkeys(_topics(rule, (_MARKED,))):
            items = wanted["said" if topic.startswith(_SPOKEN) else "shown"]
            items.setdefault(topic, []).append((chip, rule.level != "must"))
        told = (*(rule.told.topics if rule.told else ()), *_topics(rule, _TOLD))
        for topic in dict.fromkeys(told):
            wanted["told"].setdefault(topic, []).append((chip, rule.level != "must"))
    return wanted


def _topics(rule: Rule, attributes: tuple[str, ...]) -> Iterator[str]:
    for test in rule.tests:
        if test.attribute in attributes and test.operator in ("any", "all"):
            yield from (item for item in test.operands if isinstance(item, str))


def _block(
    key: str, title: str, items: dict[str, list[tuple[ClauseChip, bool]]], marked: dict[str, list[Place]], act: Act
) -> Block:
    ticks = tuple(
        Tick(
            topic=topic,
            clauses=tuple(dict.fromkeys(chip for chip, _ in asked)),
            wish=all(wish for _, wish in asked),
            places=tuple(_in_order(marked.get(topic, ()))),
            set_down=key == "told" and topic in act.told,
        )
        for topic, asked in items.items()
    )
    return Block(key, title, ticks, sum(bool(tick.places) for tick in ticks))


def _in_order(places: Iterable[Place]) -> list[Place]:
    return sorted(places, key=lambda place: (place.piece is None, place.piece or 0, place.second))


def _place(case: str, recording: Recording, mark: Mark, piece: int | None) -> Place:
    second = float(mark.second)
    url = "" if piece is not None else f"{address('play', case, recording.uid)}#t={second:g}"
    return Place(piece, second, say_second(second), mark.note or "", title_of(recording), url)
