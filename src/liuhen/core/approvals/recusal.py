"""回避: who should have nothing to do with a case, as raised and as decided (行政处罚法 第四十三条).

Invariant: only a recusal that was granted keeps anybody from anything, from the moment of the decision on; until it is decided
the investigation goes on, and what was done before stays as it is.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from liuhen.core.events.parts import Participant


@dataclass(slots=True)
class Recusal:
    """A recusal as the case's events leave it; `granted` is None while nobody decided."""

    uid: str
    person: str
    name: str
    raised_by: str
    ground: str
    raised: datetime
    document: str | None = None
    granted: bool | None = None
    manner: str = ""
    decided_by: str = ""
    reasons: str = ""
    decided: datetime | None = None
    participants: tuple[Participant, ...] = ()
    evidence: list[str] = field(default_factory=list)


def recused_at(recusals: Iterable[Recusal], at: datetime) -> frozenset[str]:
    """Give who may have nothing to do with a case at an instant."""
    return frozenset(one.person for one in recusals if one.granted and one.decided is not None and one.decided <= at)
