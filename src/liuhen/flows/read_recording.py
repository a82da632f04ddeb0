"""Reading one recording: its facts, and where it belongs.

Invariant: nobody gets a recording that is not their agency's, and what is shown is folded from its events.
"""

from dataclasses import dataclass

from liuhen.core.facts.model import Recording
from liuhen.flows.access import recording_for
from liuhen.flows.ground import recording_facts
from liuhen.flows.occasion import Actor


@dataclass(frozen=True, slots=True)
class RecordingReading:
    """A recording with the case and act it was linked to, None while it is not."""

    recording: Recording
    case_uid: str | None
    act_uid: str | None


def read_recording(actor: Actor, uid: str) -> RecordingReading:
    """Read a recording of the actor's agency. Raises NotAllowed, NotFound."""
    row = recording_for(actor, uid)
    return RecordingReading(recording_facts(row.uid), row.case_uid or None, row.act_uid or None)
