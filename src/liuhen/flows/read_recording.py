"""Reading one recording: its facts, and where it belongs.

Invariant: nobody gets a recording that is not their agency's, and what is shown is folded from its events.
"""

from dataclasses import dataclass

from liuhen.core.events.catalogue import open_sealed
from liuhen.core.facts.fold import fold
from liuhen.core.facts.model import Recording
from liuhen.flows.access import recording_for
from liuhen.flows.occasion import Actor
from liuhen.records.ledger.read import sealed_events


@dataclass(frozen=True, slots=True)
class RecordingReading:
    """A recording with the case and act it was linked to, None while it is not."""

    recording: Recording
    case_uid: str | None
    act_uid: str | None


def read_recording(actor: Actor, uid: str) -> RecordingReading:
    """Read a recording of the actor's agency. Raises NotAllowed, NotFound."""
    row = recording_for(actor, uid)
    facts = fold(open_sealed(item) for item in sealed_events(f"recording:{row.uid}"))
    return RecordingReading(facts.recordings[row.uid], row.case_uid or None, row.act_uid or None)
