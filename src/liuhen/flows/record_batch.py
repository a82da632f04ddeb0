"""批量记录: what people and their devices noted of a case, recorded as one batch, as often as it is sent and only once.

Invariant: a batch stands whole or not at all; each event is permitted to its sender and fits the case as the ones before it
leave it.
"""

from collections.abc import Sequence

from liuhen.core.events.case import ActBegun
from liuhen.core.events.catalogue import Event
from liuhen.core.events.envelope import Sealed, Stream
from liuhen.core.facts.fold import fold
from liuhen.core.facts.model import Facts
from liuhen.core.kernel.errors import LiuhenError
from liuhen.flows.access import case_for, unseen_recordings
from liuhen.flows.direct_events import (
    DIRECT,
    Types,
    is_for_the_archive,
    read_direct,
    require_fitting,
    require_permitted,
)
from liuhen.flows.fitting import Setting
from liuhen.flows.ground import Ground, ground_of
from liuhen.flows.occasion import Occasion
from liuhen.flows.recused import require_not_recused
from liuhen.flows.sent_batch import Recorded, Sent, Understood, answer, standing_of, understand
from liuhen.flows.writing import write_drafts
from liuhen.records.ledger.append import hold
from liuhen.records.ledger.errors import StreamMoved
from liuhen.records.ledger.turn import turn


class CaseArchived(LiuhenError):
    """The case went to the archive; nothing that happens on site or in handling belongs into it any more."""


def record_batch(
    case_uid: str, occasion: Occasion, sent: Sequence[Sent], *, after: int | None = None, types: Types = DIRECT
) -> Recorded:
    """Record what happened, in this order; answered only when it stands.

    `after` is the version of the case the device knew, None when it does not mind what others recorded meanwhile. `types` are
    those that the sender may choose from; devices have the direct ones.
    Raises NotAllowed, NotFound, StreamMoved, IdTaken, CaseArchived, and BadInput naming the event and field.
    """
    row = case_for(occasion.actor, case_uid)
    batch = understand(
        sent, lambda one, place: read_direct(one.type, one.content, one.recording, case_uid, place, types)
    )
    for one in batch:
        require_permitted(occasion.actor, one.type, types)
    with turn():
        hold(occasion.actor.agency)
        ground = ground_of(case_uid, occasion.actor.agency)
        unseen = unseen_recordings(occasion.actor, row) if ground.facts.recordings else frozenset()
        standing = standing_of(ground.events, batch, occasion)
        fresh = [one for one in batch if one.id not in standing]
        version = ground.facts.case.version
        made = _record(ground, fresh, occasion, after, unseen, types) if fresh else ()
    return answer(batch, standing, made, f"case:{case_uid}", version)


def _record(
    ground: Ground,
    fresh: Sequence[Understood],
    occasion: Occasion,
    after: int | None,
    unseen: frozenset[str],
    types: Types,
) -> tuple[Sealed, ...]:
    facts = ground.facts
    if after is not None and after != facts.case.version:
        raise StreamMoved(f"case:{facts.case.uid}", after, facts.case.version)
    if facts.case.archived is not None and not all(is_for_the_archive(one.type, types) for one in fresh):
        raise CaseArchived("案件已经归档，不能再补记现场和办理情况；请与档案管理员联系")
    versions = {str(one.stream): facts.versions.get(str(one.stream), 0) for one in fresh}
    recorders = {event.id: event.header.actor for event in ground.events}
    drafts = []
    for one in fresh:
        _require_not_recused(facts, one, occasion, types)
        setting = Setting(facts, one.at, occasion.actor, _recording(one.stream), unseen, recorders)
        require_fitting(setting, one.type, one.content, one.place, types)
        drafts.append(one.draft(occasion))
        recorders[one.id] = occasion.actor.uid
        # Each event is judged on the case as the ones before it leave it: an act begun here can be ended here.
        fold([_foreseen(one, ground, occasion)], onto=facts)
    contents = {one.id: one.content for one in fresh}
    return write_drafts(occasion, drafts, after=versions, foreseen=(ground, contents))


def _require_not_recused(facts: Facts, one: Understood, occasion: Occasion, types: Types) -> None:
    """What happened after a recusal was decided is not the recused person's to record, nor theirs to take part in."""
    if not is_for_the_archive(one.type, types):
        working = one.content.officers if isinstance(one.content, ActBegun) else ()
        people = (occasion.actor.uid, *(officer.officer for officer in working))
        require_not_recused(facts.case, people, one.at)


def _recording(stream: Stream) -> str:
    return stream.uid if stream.kind == "recording" else ""


def _foreseen(one: Understood, ground: Ground, occasion: Occasion) -> Event:
    return one.foreseen(ground.facts.versions.get(str(one.stream), 0) + 1, occasion)
