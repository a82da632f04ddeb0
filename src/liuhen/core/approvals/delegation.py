"""委托审批: one person's authority to take steps, lent to another for some matters and days.

Invariant: a delegation lends what its giver has at that moment and no more, between its days (both counted) and until it is
ended; nothing is lent on.
"""

from dataclasses import dataclass, field
from datetime import date, datetime


@dataclass(slots=True)
class Delegation:
    """A delegation as the agency's events leave it; `matters` empty stands for all."""

    uid: str
    giver: str
    giver_name: str
    holder: str
    holder_name: str
    first_day: date
    last_day: date
    matters: tuple[str, ...] = ()
    ground: str = ""
    given: datetime | None = None
    ended: datetime | None = None
    end_reason: str = ""
    evidence: list[str] = field(default_factory=list)


def is_in_force(delegation: Delegation, matter: str, day: date) -> bool:
    """Say whether a delegation lends authority over a matter on a day."""
    in_days = delegation.first_day <= day <= delegation.last_day
    return in_days and delegation.ended is None and (not delegation.matters or matter in delegation.matters)
