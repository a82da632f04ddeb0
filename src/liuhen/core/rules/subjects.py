"""Subjects: what rules may judge, and the attributes and moments by which they may speak of it.

The vocabularies together are the whole language of `each`, `when`, `shows`, `by`, `from` and `to`; a pack that uses another
word is refused.
"""

from collections import defaultdict
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
from liuhen.core.rules.vocabulary.words import ReadMoment, ReadValue, Vocabulary

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


class _Known(dict[str, Value | None]):
    """A subject's values, read when first asked for: facts do not move while they are judged."""

    __slots__ = ("_attributes", "_facts", "_thing")

    def __init__(self, attributes: Mapping[str, tuple[str, ReadValue]], facts: Facts, thing: Any) -> None:
        self._attributes, self._facts, self._thing = attributes, facts, thing

    def __missing__(self, attribute: str) -> Value | None:
        value = self[attribute] = self._attributes[attribute][1](self._facts, self._thing)
        return value


class CaseMoments(dict[str, datetime | None]):
    """The moments of a case by `case.…`, each read once however many subjects ask for it."""

    __slots__ = ("_facts",)

    def __init__(self, facts: Facts) -> None:
        self._facts = facts

    def __missing__(self, name: str) -> datetime | None:
        read = CASE_MOMENTS[name.removeprefix("case.")][1]
        moment = self[name] = read(self._facts, self._facts.case)
        return moment


@dataclass(slots=True)
class Subject:
    """One thing to be judged, with its facts at hand. `values` gives its attributes, None where the facts do not say."""

    kind: str
    uid: str
    thing: Any
    facts: Facts
    ref: SubjectRef
    evidence: tuple[str, ...]
    values: Mapping[str, Value | None]
    _moments: Mapping[str, tuple[str, ReadMoment]] = field(repr=False, compare=False)
    _of_case: CaseMoments = field(repr=False, compare=False)

    def moment(self, name: str) -> datetime | None:
        """Read a moment of the subject, or of the case when written `case.…`."""
        if name in self._moments:
            return self._moments[name][1](self.facts, self.thing)
        return self._of_case[name]


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

    def __init__(self, facts: Facts, kind: str, moments: CaseMoments | None = None) -> None:
        shared = CaseMoments(facts) if moments is None else moments
        self.all = [subject_of(facts, kind, thing, shared) for thing in VOCABULARIES[kind].list(facts)]
        self._places: dict[str, dict[Value | None, list[int]]] = {}
        self._fitting: dict[tuple[str, frozenset[Any]], list[Subject]] = {}

    def __bool__(self) -> bool:
        return bool(self.all)

    def that_may_fit(self, condition: Condition) -> list[Subject]:
        """Leave out what one test of the condition surely rules out; each of the others is still to be asked."""
        narrowing = condition.narrowing
        if narrowing is None or len(self.all) < _FEW:
            return self.all
        wanted = (narrowing.attribute, narrowing.wanted)
        if wanted not in self._fitting:
            self._fitting[wanted] = self._found(*wanted)
        return self._fitting[wanted]

    def _found(self, attribute: str, wanted: frozenset[Any]) -> list[Subject]:
        places = self._placed(attribute)
        lists = [places[value] for value in (None, *wanted) if value in places]
        if len(lists) < 2:  # in their order already
            return [self.all[place] for place in lists[0]] if lists else []
        found = set[int]().union(*lists)
        return self.all if len(found) == len(self.all) else [self.all[place] for place in sorted(found)]

    def _placed(self, attribute: str) -> dict[Value | None, list[int]]:
        if attribute not in self._places:
            places: defaultdict[Value | None, list[int]] = defaultdict(list)
            for place, subject in enumerate(self.all):
                value = subject.values[attribute]
                if isinstance(value, frozenset):
                    for single in value:
                        places[single].append(place)
                else:
                    places[value].append(place)
            self._places[attribute] = places
        return self._places[attribute]


# An index pays from some dozens of subjects on; below, asking each of them is as fast.
_FEW = 24


def subject_of(facts: Facts, kind: str, thing: Any, moments: CaseMoments) -> Subject:
    """Make a subject of one thing of the facts; `moments` are those of its case."""
    words = VOCABULARIES[kind]
    uid = words.uid(thing)
    ref = SubjectRef(kind, uid, words.name(facts, thing))
    known = _Known(words.attributes, facts, thing)
    return Subject(kind, uid, thing, facts, ref, evidence_of(kind, thing), known, words.moments, moments)


def evidence_of(kind: str, thing: Any) -> tuple[str, ...]:
    """Give the events a thing rests on."""
    if kind == "approval":
        return tuple(event for item in thing[1] for event in item.evidence)
    if kind == "recording":
        return (*thing.evidence, *thing.linking)
    if kind == "agency":
        return (*thing.evidence, *thing.latest.values())
    return tuple(thing.evidence)
