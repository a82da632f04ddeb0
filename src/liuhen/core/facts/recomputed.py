"""A term that was recomputed, as the fold leaves it."""

from dataclasses import dataclass
from datetime import datetime

from liuhen.core.events.terms import TermRecomputed
from liuhen.core.facts.fact import Fact


@dataclass(slots=True)
class Recomputed(Fact):
    """One term by two calendars, and when the trace learned of it."""

    said: TermRecomputed | None = None
    at: datetime | None = None
