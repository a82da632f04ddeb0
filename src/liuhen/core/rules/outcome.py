"""Outcomes: what one demand of a rule found, and how several of them make one verdict."""

from collections.abc import Iterable
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


def combine(outcomes: Iterable[Outcome]) -> Outcome:
    """Join the outcomes of a rule's demands: the gravest answer wins, every reason is kept, the earliest term counts.

    The clause is that of an outcome which gave this answer: one made good elsewhere lends its clause to no breach.
    """
    found = list(outcomes)
    if len(found) == 1:
        return found[0]
    gravest = max(found, key=lambda item: _WEIGHT[item.verdict])
    due = min((item.due for item in found if item.due), default=None)
    return Outcome(
        verdict=gravest.verdict,
        because=_once(line for item in found for line in item.because),
        evidence=_once(event for item in found for event in item.evidence),
        due=gravest.due or due,
        provisional=any(item.provisional for item in found),
        clause=next((item.clause for item in found if item.verdict == gravest.verdict and item.clause), None),
    )


def _once(lines: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(lines))
