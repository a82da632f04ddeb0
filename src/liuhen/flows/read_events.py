"""Reading the events of one case, page by page, as they were recorded.

Invariant: nobody gets an event of a case that is not their agency's, nor one that speaks of a recording closed to them.
"""

from dataclasses import dataclass

from liuhen.core.events.catalogue import Event, open_sealed
from liuhen.flows.access import case_for, unseen_recordings
from liuhen.flows.closed import is_about, is_telling
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
    unseen = unseen_recordings(actor, row)
    kept = sealed_events(f"case:{row.uid}")
    page = tuple(open_sealed(item, f"case:{row.uid}") for item in kept[after : after + limit])
    last = page[-1].header.seq if page else 0
    shown = tuple(event for event in page if not unseen or not (is_about(event, unseen) or is_telling(event)))
    return EventPage(shown, len(kept), last if page and last < len(kept) else None)
