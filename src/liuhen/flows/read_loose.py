"""待关联的音像: one recording that no case has yet, with the other parts of what it belongs to and the acts it may show.

Invariant: only for who takes recordings in or investigates, of that agency; a closed recording one may not know of is like none.
"""

from dataclasses import dataclass
from datetime import datetime

from liuhen.core.facts.agency_model import AgencyFacts
from liuhen.core.facts.fold import fold
from liuhen.core.facts.model import Recording
from liuhen.flows.access import may_know
from liuhen.flows.consult_recording import loose_recording_for
from liuhen.flows.ground import agency_facts, open_kept
from liuhen.flows.match_arrivals import Match, match_recordings
from liuhen.flows.occasion import Actor
from liuhen.records.index.models import RecordingRow
from liuhen.records.ledger.read import sealed_events

_MOST_PARTS = 200


@dataclass(frozen=True, slots=True)
class LooseReading:
    """`case` is the case that has it, and then nothing else is read; `parts` hold it too, in their order."""

    case: str
    recording: Recording
    parts: tuple[Recording, ...]
    match: Match | None
    agency: AgencyFacts


def read_loose(actor: Actor, uid: str, *, at: datetime) -> LooseReading:
    """Read a recording outside of any case. Raises NotAllowed, NotFound."""
    row = loose_recording_for(actor, uid)
    agency = agency_facts(actor.agency).agency
    if row.case_uid:
        return LooseReading(row.case_uid, Recording(uid=uid), (), None, agency)
    rows = _parts(actor, row)
    streams = (f"recording:{one.uid}" for one in rows)
    facts = fold(open_kept(item, "") for item in sealed_events(*streams)).recordings
    parts = tuple(facts[one.uid] for one in rows)
    match = match_recordings(actor, [row], at=at)[0]
    return LooseReading("", facts[uid], parts, match, agency)


def _parts(actor: Actor, row: RecordingRow) -> list[RecordingRow]:
    """Give the parts of the same whole that no case has either, in their order."""
    if not row.whole:
        return [row]
    found = RecordingRow.objects.filter(agency=actor.agency, whole=row.whole, case_uid="").order_by("part", "pk")
    parts = [one for one in found[:_MOST_PARTS] if one.uid == row.uid or may_know(actor, one)]
    return parts if row in parts else [row]
