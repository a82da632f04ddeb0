"""办理登记: a step of handling a case, recorded as often as its form is sent and only once.

Invariant: every step is held against the case as it stands at that moment, with nobody else writing; what devices may send
and what only a person at a desk records are two tables, and the second contains of the first what belongs to handling.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from liuhen.core.events.catalogue import BY_NAME, Event, encode_content
from liuhen.core.kernel.errors import LiuhenError
from liuhen.core.kernel.moments import say_instant
from liuhen.flows import fit_deciding
from liuhen.flows.access import Permission, case_for
from liuhen.flows.actors import names_of
from liuhen.flows.direct_events import DIRECT, DirectType
from liuhen.flows.ground import ground_of
from liuhen.flows.occasion import Occasion
from liuhen.flows.record_batch import record_batch
from liuhen.flows.sent_batch import Recorded, Sent
from liuhen.records.ledger.append import hold
from liuhen.records.ledger.turn import turn

_OFFICER = (Permission.INVESTIGATE,)
_HEAD = (Permission.APPROVE,)
_DIRECTLY = (
    *("case.started-urgently", "case.urgent-start-reported", "case.start-declined", "case.recording-chosen"),
    *("case.act-begun", "case.certificates-shown", "case.act-ended", "case.party-told", "case.situation-arose"),
    *("case.measure-ended", "case.term-extended", "case.time-excluded"),
    *("case.statement-waived", "case.hearing-requested", "case.transferred"),
)
STEPS: Mapping[str, DirectType] = {name: DIRECT[name] for name in _DIRECTLY} | {
    "case.evidence-listed": DirectType(fit_deciding.list_item, _OFFICER),
    "case.statement-heard": DirectType(fit_deciding.hear, _OFFICER),
    "case.statement-reviewed": DirectType(fit_deciding.review, _OFFICER),
    "case.legal-review-given": DirectType(fit_deciding.review_law, (Permission.REVIEW,)),
    "case.discussion-held": DirectType(fit_deciding.discuss, _HEAD),
    # Whoever enters it: that the head approved is asked of the approval, which the head gave in person.
    "case.decision-made": DirectType(fit_deciding.decide, (Permission.INVESTIGATE, Permission.APPROVE)),
    "case.concluded": DirectType(fit_deciding.conclude, _OFFICER),
}


class RecordedMeanwhile(LiuhenError):
    """Somebody recorded a step of the same type after the page was opened; `version` is what the case is at now."""

    def __init__(self, event: Event, version: int) -> None:
        who = names_of([event.header.actor]).get(event.header.actor, "另一人")
        label, when = BY_NAME[event.header.type].label, say_instant(event.header.recorded_at)
        super().__init__(f"{who}在 {when} 登记了“{label}”，本次没有保存；请核对，仍要登记的再提交一次")
        self.version = version


def record_step(case_uid: str, occasion: Occasion, sent: Sent, *, seen: int | None = None) -> Recorded:
    """Record one step; sent again with the same id and content it gives what stands, whatever the time says then.

    `seen` is the version of the case that the page showed: a step of the same type that somebody recorded since is told first.
    Raises NotAllowed, NotFound, RecordedMeanwhile, IdTaken, CaseArchived, and BadInput naming the field.
    """
    case_for(occasion.actor, case_uid)
    stream = f"case:{case_uid}"
    with turn():
        hold(occasion.actor.agency)
        ground = ground_of(case_uid, occasion.actor.agency)
        own = [event for event in ground.events if event.header.stream == stream]
        known = next((event for event in own if event.id == sent.id), None)
        if known is not None:
            sent = replace(sent, at=known.header.at)
        elif seen is not None:
            _require_unmoved(own, sent.type, seen)
        return record_batch(case_uid, occasion, [sent], types=STEPS)


def record_content(case_uid: str, occasion: Occasion, content: Any) -> None:
    """Record a typed step at the moment of the occasion. Raises as `record_step`."""
    name, data = encode_content(content)
    record_step(case_uid, occasion, Sent(occasion.new_id(), name, occasion.at, data))


def _require_unmoved(own: list[Event], name: str, seen: int) -> None:
    news = [event for event in own if event.header.seq > seen and event.header.type == name]
    if news:
        raise RecordedMeanwhile(news[-1], own[-1].header.seq)
