"""行前须知: before officers go, what the packs of this case want them to bring, say, film, make and have signed, and by when.

Invariant: read from the very editions that will judge the act afterwards, the stricter of several packs first.
"""

from dataclasses import dataclass, replace

from liuhen.adapters.packfiles.custom import shipped_custom
from liuhen.core.facts.model import Act
from liuhen.core.rules.announcing import Cause, Opening, causes_of, opening_of
from liuhen.core.rules.asking import ask, words_of
from liuhen.core.rules.checklist import Section, checklist
from liuhen.core.rules.model import Pack
from liuhen.core.rules.settings import settle
from liuhen.core.rules.stricter import Ruling, strictest
from liuhen.flows.law import packs_of
from liuhen.flows.read_case import CaseReading


@dataclass(frozen=True, slots=True)
class Preparation:
    """What is asked of an act of this kind with these traits; `kinds` and `marks` are the words that the packs know."""

    act: str
    traits: tuple[str, ...]
    kinds: tuple[str, ...]
    marks: tuple[str, ...]
    packs: tuple[Pack, ...]
    sections: tuple[Section, ...]
    rulings: tuple[Ruling, ...]
    opening: Opening


def prepare_act(reading: CaseReading, *, act: str, traits: tuple[str, ...]) -> Preparation:
    """Say what the packs of a case want of an act; words that no rule knows change nothing.

    Without a kind of act the first that the packs know is taken.
    """
    adopted = reading.facts.agency.settings
    packs = tuple(settle(pack, adopted).pack for pack in packs_of(reading.facts.case.packs))
    kinds, marks = tuple(words_of(packs, "kind")), tuple(words_of(packs, "traits"))
    chosen = act if act in kinds else next(iter(kinds), "")
    known = tuple(mark for mark in marks if mark in traits)
    rulings = strictest(ask(packs, act=chosen, traits=known))
    opening = opening_of(packs, shipped_custom(), act=chosen, traits=known)
    return Preparation(chosen, known, kinds, marks, packs, tuple(checklist(rulings)), tuple(rulings), opening)


def prepare_begun(reading: CaseReading, act: Act) -> Preparation:
    """Say what the packs of a case want of an act that was begun; of a kind that no pack knows they want nothing."""
    asked = prepare_act(reading, act=act.kind, traits=act.traits)
    if asked.act == act.kind:
        return asked
    opening = opening_of(asked.packs, shipped_custom(), act=act.kind, traits=act.traits)
    return replace(asked, act=act.kind, sections=(), rulings=(), opening=opening)


def causes_for(reading: CaseReading) -> tuple[Cause, ...]:
    """Give the causes for which filming may break off, as the packs of a case name them, then those of custom."""
    return causes_of(reading.packs, shipped_custom())
