"""The occasion of a flow: who acts, when it happened, when the system learns of it, and where new ids come from.

Time and identity enter here and nowhere below; a demonstration gives fixed ones, a door gives the clock's and the session's.
"""

import uuid
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime


def random_id() -> str:
    """Give a fresh 128-bit random id, in hexadecimal."""
    return uuid.uuid4().hex


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: the opaque id that headers carry, the name for people, the agency, and the roles held."""

    uid: str
    name: str
    agency: str
    roles: frozenset[str]


SYSTEM = "liuhen"
SYSTEM_NAME = "留痕系统"


def system_of(agency: str) -> Actor:
    """Give this program itself as an actor, for what follows from the ledger alone; it holds no role."""
    return Actor(SYSTEM, SYSTEM_NAME, agency, frozenset())


@dataclass(frozen=True, slots=True)
class Occasion:
    """`at` is when the thing happened, `recorded_at` when the system learned it; both aware."""

    actor: Actor
    at: datetime
    recorded_at: datetime
    new_id: Callable[[], str] = random_id

    def by(self, actor: Actor) -> "Occasion":
        """The same moment with another person acting."""
        return replace(self, actor=actor)
