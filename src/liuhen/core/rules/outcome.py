"""Outcomes: what one demand of a rule found, and how several of them make one verdict."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from liuhen.core.rules.verdict import Answered

_WEIGHT: dict[Answered, int] = {"not_applicable": 0, "met": 1, "pending": 2, "undetermined": 3, "unmet": 4}


class Outcome(NamedTuple):
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
    gravest = found[0]
    lines: dict[str, None] = {}
    events: dict[str, None] = {}
    for item in found:
        if _WEIGHT[item.verdict] > _WEIGHT[gravest.verdict]:
            gravest = item
        lines.update(dict.fromkeys(item.because))
        events.update(dict.fromkeys(item.evidence))
    return Outcome(
        gravest.verdict,
        tuple(lines),
        tuple(events),
        gravest.due or min([item.due for item in found if item.due], default=None),
        any([item.provisional for item in found]),
        next((item.clause for item in found if item.clause and item.verdict == gravest.verdict), None),
    )
