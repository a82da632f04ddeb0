"""证据说明: what the packs want to be written down of a recording that is used as evidence, and what of it is missing."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from liuhen.core.facts.model import EvidenceItem, Facts
from liuhen.core.rules.conditions import Truth, Values
from liuhen.core.rules.model import Pack, Rule
from liuhen.core.rules.settings import settle
from liuhen.core.rules.vocabulary.documents import evidence_notes

_A_RECORDING: Values = {"kind": "视听资料", "is_recording": True}


@dataclass(frozen=True, slots=True)
class Asked:
    """What one clause wants to be noted, in its order, and what of it nobody noted yet."""

    clause: str
    pack: str
    title: str
    notes: tuple[str, ...]
    missing: tuple[str, ...]


def asked_of_evidence(packs: Iterable[Pack], facts: Facts, item: EvidenceItem | None) -> tuple[Asked, ...]:
    """Give what the packs ask of a recording as evidence; `item` is what was noted of it, None before it was listed."""
    noted = evidence_notes(facts, item) if item is not None else frozenset[str]()
    return tuple(
        Asked(rule.clauses[0], pack.short_title, rule.title, notes, tuple(note for note in notes if note not in noted))
        for pack in packs
        for rule in settle(pack, facts.agency.settings).pack.rules
        if (notes := tuple(_notes_of(rule)))
    )


def _notes_of(rule: Rule) -> Iterator[str]:
    """The notes that a rule wants of a recording: no others apply before anything else is known of it."""
    if rule.each != "evidence" or rule.when.truth(_Known(_A_RECORDING)) is Truth.FALSE:
        return
    for test in rule.shows.tests if rule.shows else ():
        if test.attribute == "notes":
            yield from (str(note) for note in test.operands)


class _Known(dict[str, str | bool | int | frozenset[str] | None]):
    """Values of which only a few are known."""

    def __missing__(self, _: str) -> None:
        return None
