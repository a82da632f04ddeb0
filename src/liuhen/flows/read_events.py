"""Reading the events of one case, page by page, as they were recorded.

Invariant: nobody gets an event of a case that is not their agency's.
"""

from dataclasses import dataclass

from liuhen.core.events.catalogue import Event, open_sealed
from liuhen.flows.access import case_for
from liuhen.flows.occasion import Actor
from liuhen.records.ledger.read import sealed_events


@dataclass(frozen=True, slots=True)
class EventPage:
    """A page: `version` is that of the case, `next` the seq after which the following page begins, None at the end."""

    events: tuple[Event, ...]
    version: int
    next: int | None


def read_events(actor: Actor, case_uid: str, *, after: int, limit: int) -> EventPage:
    """Give at most `limit` events of a case that follow the seq `after`. Raises NotAllowed, NotFound."""
    row = case_for(actor, case_uid)
    kept = sealed_events(f"case:{row.uid}")
    page = tuple(open_sealed(item, f"case:{row.uid}") for item in kept[after : after + limit])
    last = page[-1].header.seq if page else 0
    return EventPage(page, len(kept), last if page and last < len(kept) else None)
