"""Subjects: what rules may judge, and the attributes and moments by which they may speak of it.

The vocabularies together are the whole language of `each`, `when`, `shows`, `by`, `from` and `to`; a pack that uses another
word is refused.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from liuhen.core.facts.model import Facts
from liuhen.core.rules.conditions import Condition, Value
from liuhen.core.rules.verdict import SubjectRef
from liuhen.core.rules.vocabulary.acts import ACT, INTERRUPTION
from liuhen.core.rules.vocabulary.agencies import AGENCY, DEVICE, PROBLEM
from liuhen.core.rules.vocabulary.cases import CASE, CASE_MOMENTS
from liuhen.core.rules.vocabulary.documents import APPROVAL, DOCUMENT, EVIDENCE
from liuhen.core.rules.vocabulary.recordings import RECORDING
from liuhen.core.rules.vocabulary.services import ACCESS, DECISION, OBJECTION, SERVICE
from liuhen.core.rules.vocabulary.words import ReadValue, Vocabulary

VOCABULARIES: dict[str, Vocabulary] = {
    "case": CASE,
    "act": ACT,
    "document": DOCUMENT,
    "approval": APPROVAL,
    "recording": RECORDING,
    "interruption": INTERRUPTION,
    "service": SERVICE,
    "decision": DECISION,
    "objection": OBJECTION,
    "evidence": EVIDENCE,
    "access": ACCESS,
    "agency": AGENCY,
    "device": DEVICE,
    "problem": PROBLEM,
}


@dataclass(slots=True)
class Subject:
    """One thing to be judged, with its facts at hand; it remembers what it was asked, for facts do not move meanwhile."""

    kind: str
    thing: Any
    facts: Facts
    ref: SubjectRef
    evidence: tuple[str, ...]
    _attributes: Mapping[str, tuple[str, ReadValue]] = field(repr=False, compare=False)
    _known: dict[str, Value | None] = field(default_factory=dict, init=False, repr=False, compare=False)

    @property
    def uid(self) -> str:
        return self.ref.id

    def value(self, attribute: str) -> Value | None:
        """Read an attribute; None when the facts do not say."""
        known = self._known
        if attribute in known:
            return known[attribute]
        value = known[attribute] = self._attributes[attribute][1](self.facts, self.thing)
        return value

    def moment(self, name: str) -> datetime | None:
        """Read a moment of the subject, or of the case when written `case.…`."""
        if name.startswith("case."):
            return CASE_MOMENTS[name.removeprefix("case.")][1](self.facts, self.facts.case)
        return VOCABULARIES[self.kind].moments[name][1](self.facts, self.thing)


def attribute_label(kind: str, attribute: str) -> str:
    """Give what people call an attribute."""
    return VOCABULARIES[kind].attributes[attribute][0]


def moment_label(kind: str, name: str) -> str:
    """Give what people call a moment."""
    if name.startswith("case."):
        return CASE_MOMENTS[name.removeprefix("case.")][0]
    return VOCABULARIES[kind].moments[name][0]


def knows_moment(kind: str, name: str) -> bool:
    """Say whether a rule about this kind of subject may speak of this moment."""
    if name.startswith("case."):
        return name.removeprefix("case.") in CASE_MOMENTS
    return name in VOCABULARIES[kind].moments


class Subjects:
    """The subjects of one kind in the order in which they came to be, found by an attribute without asking each of them."""

    def __init__(self, facts: Facts, kind: str) -> None:
        self.all = [subject_of(facts, kind, thing) for thing in VOCABULARIES[kind].list(facts)]
        self._places: dict[str, dict[Value | None, list[int]]] = {}

    def __bool__(self) -> bool:
        return bool(self.all)

    def that_may_fit(self, condition: Condition) -> list[Subject]:
        """Leave out what one test of the condition surely rules out; each of the others is still to be asked."""
        narrowing = condition.narrowing
        if narrowing is None or len(self.all) < _FEW:
            return self.all
        places = self._placed(narrowing.attribute)
        found = [*places.get(None, ()), *(place for value in narrowing.wanted for place in places.get(value, ()))]
        return [self.all[place] for place in sorted(set(found))]

    def _placed(self, attribute: str) -> dict[Value | None, list[int]]:
        if attribute not in self._places:
            places = self._places[attribute] = {}
            for place, subject in enumerate(self.all):
                value = subject.value(attribute)
                for single in value if isinstance(value, frozenset) else (value,):
                    places.setdefault(single, []).append(place)
        return self._places[attribute]


# An index pays from a handful of subjects on.
_FEW = 4


def subject_of(facts: Facts, kind: str, thing: Any) -> Subject:
    """Make a subject of one thing of the facts."""
    words = VOCABULARIES[kind]
    ref = SubjectRef(kind, words.uid(thing), words.name(facts, thing))
    return Subject(kind, thing, facts, ref, evidence_of(kind, thing), words.attributes)


def evidence_of(kind: str, thing: Any) -> tuple[str, ...]:
    """Give the events a thing rests on."""
    if kind == "approval":
        return tuple(event for item in thing[1] for event in item.evidence)
    if kind == "recording":
        return (*thing.evidence, *thing.linking)
    if kind == "agency":
        return (*thing.evidence, *thing.latest.values())
    return tuple(thing.evidence)
