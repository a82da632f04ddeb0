"""Outcomes: what one demand of a rule found, and how several of them make one verdict."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from liuhen.core.rules.verdict import Answered

_WEIGHT: dict[Answered, int] = {"not_applicable": 0, "met": 1, "pending": 2, "undetermined": 3, "unmet": 4}


@dataclass(frozen=True, slots=True)
class Outcome:
    """The answer to one demand. `clause` is set when another clause than the rule's own decided (an alternative)."""

    verdict: Answered
    because: tuple[str, ...]
    evidence: tuple[str, ...] = ()
    due: datetime | None = None
    provisional: bool = False
    clause: str | None = None


def combine(found: Sequence[Outcome]) -> Outcome:
    """Join the outcomes of a rule's demands: the gravest answer wins, every reason is kept, the earliest term counts.

    The clause is that of an outcome which gave this answer: one made good elsewhere lends its clause to no breach.
    """
    if len(found) == 1:
        return found[0]
    gravest = max(found, key=lambda item: _WEIGHT[item.verdict])
    return Outcome(
        verdict=gravest.verdict,
        because=tuple(dict.fromkeys([line for item in found for line in item.because])),
        evidence=tuple(dict.fromkeys([event for item in found for event in item.evidence])),
        due=gravest.due or min([item.due for item in found if item.due], default=None),
        provisional=any([item.provisional for item in found]),
        clause=next((item.clause for item in found if item.clause and item.verdict == gravest.verdict), None),
    )
