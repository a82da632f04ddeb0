"""How recomputed terms change the facts of a case: they are remembered, and no rule ever asks for them."""

from liuhen.core.events.catalogue import Event
from liuhen.core.events.terms import TermRecomputed
from liuhen.core.facts.model import Facts
from liuhen.core.facts.recomputed import Recomputed
from liuhen.core.facts.step import Step


def _recomputed(facts: Facts, event: Event, said: TermRecomputed) -> None:
    facts.case.recomputed.append(Recomputed([event.id], said, event.header.at))


STEPS: dict[str, Step] = {"case.term-recomputed": _recomputed}
