"""查阅待关联的音像: whoever plays or takes a recording that no case has yet leaves a trace on the recording itself.

Invariant: the trace is written before the first byte is given out, once a day for each person and manner; two requests of one
person at once leave one trace. What leaves the agency leaves on a request that was granted, and only a case can have one.
"""

from collections.abc import Sequence
from typing import Literal

from liuhen.core.events.catalogue import Event, open_sealed
from liuhen.core.events.custody import RecordingConsulted
from liuhen.core.kernel.errors import BadInput
from liuhen.core.kernel.moments import local_day
from liuhen.flows.access import NotFound, Permission, recording_for, require_any
from liuhen.flows.fit_access import LEAVING
from liuhen.flows.hand_out import NotGranted
from liuhen.flows.occasion import Actor, Occasion
from liuhen.flows.writing import write_recording
from liuhen.records.index.models import RecordingRow
from liuhen.records.ledger.append import hold
from liuhen.records.ledger.read import sealed_events
from liuhen.records.ledger.turn import turn

HANDLING = (Permission.INGEST, Permission.INVESTIGATE)


def loose_recording_for(actor: Actor, uid: str) -> RecordingRow:
    """Give a recording of the actor's agency to somebody who takes recordings in or investigates. Raises NotAllowed, NotFound."""
    require_any(actor, HANDLING)
    return recording_for(actor, uid)


def consult_recording(
    occasion: Occasion, recording: str, *, manner: Literal["播放", "下载"], purpose: str = ""
) -> bool:
    """Leave the trace; False where the same was recorded earlier that day.

    Raises NotAllowed, NotFound (also for a recording that a case has: its trace belongs there), NotGranted, BadInput.
    """
    if purpose in LEAVING:
        raise NotGranted(f"{purpose}须凭已经同意的申请办理；请先将音像关联案件，再从该案的申请提供")
    if not purpose.isprintable():
        raise BadInput("purpose", "用途含有无法显示的字符；请从页面重新下载")
    loose_recording_for(occasion.actor, recording)
    with turn():
        hold(occasion.actor.agency)
        if RecordingRow.objects.filter(uid=recording).exclude(case_uid="").exists():
            raise NotFound("待关联的音像记录（它已关联案件，请从案件中打开）")
        events = [open_sealed(item) for item in sealed_events(f"recording:{recording}")]
        if _stands(events, occasion, manner):
            return False
        write_recording(recording, occasion, RecordingConsulted(manner, purpose or None))
    return True


def _stands(events: Sequence[Event], occasion: Occasion, manner: str) -> bool:
    return any(
        isinstance(event.content, RecordingConsulted)
        and event.header.actor == occasion.actor.uid
        and event.content.manner == manner
        and local_day(event.header.at) == local_day(occasion.at)
        for event in events
    )
