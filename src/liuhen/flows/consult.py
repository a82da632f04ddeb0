"""查阅: whoever opens, plays or takes something of a case leaves a trace of it, once a day for each thing and manner.

Invariant: the trace is written before the first byte is given out; two requests of one person at once leave one trace.
"""

from collections.abc import Sequence
from typing import Literal

from liuhen.core.events.case import CaseConsulted
from liuhen.core.events.catalogue import Event, open_sealed
from liuhen.core.kernel.moments import local_day
from liuhen.flows.access import case_for
from liuhen.flows.occasion import Occasion
from liuhen.flows.writing import write_case
from liuhen.records.ledger.errors import StreamMoved
from liuhen.records.ledger.read import sealed_events

Manner = Literal["查看", "播放", "下载", "导出"]
_TRIES = 3


def consult(case_uid: str, occasion: Occasion, *, what: str, manner: Manner, purpose: str | None = None) -> bool:
    """Record that the actor consulted `what`; give False where that was recorded earlier the same day.

    Raises NotAllowed, NotFound; StreamMoved where others write to the case without a pause.
    """
    case_for(occasion.actor, case_uid)
    for attempt in range(1, _TRIES + 1):
        events = [open_sealed(item) for item in sealed_events(f"case:{case_uid}")]
        if _stands(events, occasion, what, manner):
            return False
        try:
            write_case(case_uid, occasion, CaseConsulted(what, manner, purpose), after=len(events))
        except StreamMoved:
            if attempt == _TRIES:
                raise
            continue
        return True
    return False


def _stands(events: Sequence[Event], occasion: Occasion, what: str, manner: Manner) -> bool:
    return any(
        isinstance(event.content, CaseConsulted)
        and event.header.actor == occasion.actor.uid
        and (event.content.what, event.content.manner) == (what, manner)
        and local_day(event.header.at) == local_day(occasion.at)
        for event in events
    )
