"""Which of several packs asks for more: demands on the same thing held against each other, with the reason.

Invariant: nothing is dropped. A demand is only folded under another that covers it in every situation; where two cannot
be compared, or one holds only sometimes, both are asked for and it is said why.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from liuhen.core.rules.asking import Demand, Duty
from liuhen.core.rules.comparing_parts import Comparison, compare_parts
from liuhen.core.rules.conditions import Test

Standing = Literal["stricter", "same", "both"]


@dataclass(frozen=True, slots=True)
class Weighing:
    """Two packs ask the same thing of an act: `one` prevails over `other` (stricter), equals it, or both must be kept.

    `when` are the conditions, in words, under which `one` applies although `other` applies without them.
    """

    standing: Standing
    one: Demand
    duty: Duty
    other: Demand
    other_duty: Duty
    why: str
    when: tuple[str, ...] = ()

    def about(self, demand: Demand, duty: Duty) -> bool:
        """Say whether this weighs that duty of that demand."""
        return (self.one is demand and self.duty is duty) or (self.other is demand and self.other_duty is duty)


@dataclass(frozen=True, slots=True)
class Ruling:
    """A demand that is asked for, with how it was weighed, and the demands of other packs that it covers."""

    demand: Demand
    weighed: tuple[Weighing, ...]
    covers: tuple[Demand, ...]


def weigh(demands: Sequence[Demand]) -> list[Weighing]:
    """Hold every two demands of different packs on the same thing against each other; lifted ones are not weighed."""
    standing = [demand for demand in demands if demand.lifted is None]
    found: list[Weighing] = []
    for place, first in enumerate(standing):
        for second in standing[place + 1 :]:
            if first.pack != second.pack and first.rule.each == second.rule.each and not _apart(first, second):
                found += _weigh(first, second)
    return found


def strictest(demands: Sequence[Demand]) -> list[Ruling]:
    """Give what to ask for: the stricter of what several packs demand, in order, each with the reason and what it covers."""
    weighings = weigh(demands)
    covered = _covered(demands, weighings)
    return [
        Ruling(
            demand,
            tuple(item for item in weighings if item.one is demand or item.other is demand),
            tuple(demands[low] for low, high in covered.items() if demands[high] is demand),
        )
        for place, demand in enumerate(demands)
        if place not in covered
    ]


def weighed_json(demand: Demand, weighings: Sequence[Weighing]) -> dict[str, Any]:
    """Say how a demand stands to those of other packs, in the shape of `liuhen ask --json`."""
    return {
        "stricter_than": [
            _named(item.other, item) for item in weighings if item.standing == "stricter" and item.one is demand
        ],
        "yields_to": [
            _named(item.one, item) for item in weighings if item.standing == "stricter" and item.other is demand
        ],
        "same_as": [
            _named(item.other if item.one is demand else item.one, item)
            for item in weighings
            if item.standing == "same" and demand in (item.one, item.other)
        ],
        "kept_beside": [
            _named(item.other if item.one is demand else item.one, item)
            for item in weighings
            if item.standing == "both" and demand in (item.one, item.other)
        ],
    }


def _named(demand: Demand, item: Weighing) -> dict[str, Any]:
    return {"clause": demand.clause, "rule": demand.rule.id, "why": item.why, "when": list(item.when)}


def _apart(first: Demand, second: Demand) -> bool:
    """Say whether two demands never meet: other documents, or conditions of which only one can hold."""
    if first.forms and second.forms and not set(first.forms) & set(second.forms):
        return True
    return any(_exclusive(test, other) for test in first.open for other in second.open)


def _exclusive(test: Test, other: Test) -> bool:
    both = test.attribute == other.attribute and test.operator == other.operator == "any"
    return both and not test.wanted & other.wanted


def _weigh(first: Demand, second: Demand) -> list[Weighing]:
    found = []
    for duty in first.duties:
        for other in second.duties:
            comparison = compare_parts(duty.part, other.part, kind=first.rule.kind)
            if comparison is not None:
                found.append(_settle(first, duty, second, other, comparison))
    return found


def _settle(first: Demand, duty: Duty, second: Demand, other: Duty, found: Comparison) -> Weighing:
    """Let what must be done prevail over what should; a stricter wish never weakens a duty, so both are kept."""
    sign, why = found.sign, found.why
    ahead = (first.rule.level == "must") - (second.rule.level == "must")
    if sign is None or sign * ahead < 0:
        kept = why if sign is None else f"{why}，但只是根据实际；应当做的不因此减少"
        return Weighing("both", first, duty, second, other, kept)
    if ahead:
        sign, why = ahead, "一个是应当，一个是根据实际" + (f"；{why}" if sign else "")
    if sign == 0:
        return Weighing("same", first, duty, second, other, "要求相同")
    if sign < 0:
        first, duty, second, other = second, other, first, duty
    return Weighing("stricter", first, duty, second, other, why, tuple(w for w in first.when if w not in second.when))


def _covered(demands: Sequence[Demand], weighings: Sequence[Weighing]) -> dict[int, int]:
    """Give for every demand that another one covers in all situations the place of that other one."""
    places = {id(demand): place for place, demand in enumerate(demands)}
    covering: dict[int, list[int]] = {}
    for item in weighings:
        pairs = [(item.one, item.other)]
        if item.standing == "same":
            pairs.append((item.other, item.one))
        for high, low in pairs:
            if item.standing != "both" and _covers(high, low, weighings):
                covering.setdefault(places[id(low)], []).append(places[id(high)])
    return {low: root for low in sorted(covering) if (root := _root(low, covering)) != low}


def _root(low: int, covering: Mapping[int, Sequence[int]]) -> int:
    """Follow what covers a demand up to one that nothing else covers; of those that cover each other the first stays."""
    for high in covering.get(low, ()):
        if low not in covering.get(high, ()) or high < low:
            return _root(high, covering)
    return low


def _covers(high: Demand, low: Demand, weighings: Sequence[Weighing]) -> bool:
    """Say whether whoever obeys `high` obeys `low` as well, whatever becomes of the act."""
    if high.rule.by != low.rule.by or not set(high.open) <= set(low.open):
        return False
    if high.exemptions and not {item.text for item in high.exemptions} <= {item.text for item in low.exemptions}:
        return False
    if low.forms and not set(low.forms) <= set(high.forms):
        return False
    settled = {
        id(item.duty if item.one is low else item.other_duty)
        for item in weighings
        if {id(item.one), id(item.other)} == {id(high), id(low)}
        and (item.standing == "same" or (item.standing == "stricter" and item.other is low))
    }
    return all(id(duty) in settled for duty in low.duties)
