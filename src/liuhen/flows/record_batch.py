"""现场批量记录: what a device on site noted, recorded as one batch, as often as it is sent and only once.

Invariant: a batch stands whole or not at all; an id stands for one event for ever, so repeating a batch after a broken
connection gives what stands, and the same id with other content is refused.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from liuhen.core.events.catalogue import Event, encode_content
from liuhen.core.events.envelope import EVENT_FORMAT, Draft, Header, Sealed, Stream
from liuhen.core.facts.fold import fold
from liuhen.core.facts.model import Facts
from liuhen.core.kernel.errors import BadInput, LiuhenError
from liuhen.core.kernel.moments import parse_instant
from liuhen.flows.access import Permission, case_for
from liuhen.flows.direct_events import IMPLAUSIBLE, is_plausible, read_direct, require_fitting
from liuhen.flows.ground import Ground, ground_of
from liuhen.flows.occasion import Occasion
from liuhen.flows.writing import write_drafts
from liuhen.records.ledger.append import hold
from liuhen.records.ledger.errors import StreamMoved
from liuhen.records.ledger.turn import turn

LARGEST_BATCH = 256


class IdTaken(LiuhenError):
    """An event of this id stands with other content, another time or another person."""

    def __init__(self, event: str) -> None:
        super().__init__(f"编号 {event} 已用于另一条记录，不能改写；确为新的记录的，请换用新编号后重发")
        self.event = event


class CaseArchived(LiuhenError):
    """The case went to the archive; nothing that happens on site belongs into it any more."""


@dataclass(frozen=True, slots=True)
class Sent:
    """An event as a device sends it: `recording` names the recording that a mark belongs to."""

    id: str
    type: str
    at: datetime
    content: Mapping[str, Any]
    recording: str | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """An event as it stands after the call; `known` when an earlier call had recorded it."""

    header: Header
    known: bool


@dataclass(frozen=True, slots=True)
class Recorded:
    """The whole batch in the order it was sent, and the version of the case's stream with it."""

    events: tuple[Standing, ...]
    version: int


@dataclass(frozen=True, slots=True)
class _Read:
    """A sent event that was understood, not yet held against the case."""

    place: str
    id: str
    type: str
    at: datetime
    stream: Stream
    content: Any


def record_batch(case_uid: str, occasion: Occasion, sent: Sequence[Sent], *, after: int | None = None) -> Recorded:
    """Record what happened on site, in this order; answered only when it stands.

    `after` is the version of the case the device knew, None when it does not mind what others recorded meanwhile.
    Raises NotAllowed, NotFound, StreamMoved, IdTaken, CaseArchived, and BadInput naming the event and field.
    """
    case_for(occasion.actor, case_uid, Permission.INVESTIGATE)
    batch = _read_all(case_uid, sent)
    with turn():
        hold(occasion.actor.agency)
        ground = ground_of(case_uid, occasion.actor.agency)
        standing = _standing(ground, batch, occasion)
        fresh = [one for one in batch if one.id not in standing]
        version = ground.facts.case.version
        made = _record(ground, fresh, occasion, after) if fresh else ()
    news = {sealed.header.id: sealed.header for sealed in made}
    case_stream = f"case:{case_uid}"
    return Recorded(
        tuple(Standing(standing.get(one.id) or news[one.id], one.id in standing) for one in batch),
        max([version, *(header.seq for header in news.values() if header.stream == case_stream)]),
    )


def _read_all(case_uid: str, sent: Sequence[Sent]) -> list[_Read]:
    if not 0 < len(sent) <= LARGEST_BATCH:
        raise BadInput("events", f"一批应有 1 至 {LARGEST_BATCH} 条记录，本次 {len(sent)} 条；请分批发送")
    seen: set[str] = set()
    batch = []
    for index, one in enumerate(sent):
        place = f"events[{index}]"
        if one.id in seen:
            raise BadInput(f"{place}.id", "同一批中编号重复；每条记录应有自己的编号")
        seen.add(one.id)
        stream, content = read_direct(one.type, one.content, one.recording, case_uid, place)
        batch.append(_Read(place, one.id, one.type, _moment(one.at, f"{place}.at"), stream, content))
    return batch


def _moment(at: datetime, place: str) -> datetime:
    """Bring a time to what the ledger keeps of it, whole milliseconds, so that a repeated event compares equal."""
    if not is_plausible(at):
        raise BadInput(place, IMPLAUSIBLE)
    moment = parse_instant(at, place)
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)


def _standing(ground: Ground, batch: Sequence[_Read], occasion: Occasion) -> dict[str, Header]:
    """Give the headers of those sent events that stand already. Raises IdTaken when one differs from what was sent."""
    asked = {one.id: one for one in batch}
    found: dict[str, Header] = {}
    for event in ground.events:
        one = asked.get(event.id)
        if one is None:
            continue
        kept = (event.header.stream, event.header.type, event.header.at, event.header.actor, event.content)
        if kept != (str(one.stream), one.type, one.at, occasion.actor.uid, one.content):
            raise IdTaken(one.id)
        found[one.id] = event.header
    return found


def _record(ground: Ground, fresh: Sequence[_Read], occasion: Occasion, after: int | None) -> tuple[Sealed, ...]:
    facts = ground.facts
    if after is not None and after != facts.case.version:
        raise StreamMoved(f"case:{facts.case.uid}", after, facts.case.version)
    if facts.case.archived is not None:
        raise CaseArchived("案件已经归档，不能再补记现场情况；请与档案管理员联系")
    versions = {str(one.stream): facts.versions.get(str(one.stream), 0) for one in fresh}
    drafts = []
    for one in fresh:
        require_fitting(facts, one.type, one.content, one.at, one.place, recording=one.stream.uid)
        drafts.append(_draft(one, occasion))
        # Each event is judged on the case as the ones before it leave it: an act begun here can be ended here.
        fold([Event(_foreseen(one, facts, occasion), one.content)], onto=facts)
    contents = {one.id: one.content for one in fresh}
    return write_drafts(occasion, drafts, after=versions, foreseen=(ground, contents))


def _draft(one: _Read, occasion: Occasion) -> Draft:
    name, data = encode_content(one.content)
    return Draft(one.id, occasion.actor.agency, one.stream, name, one.at, occasion.actor.uid, data)


def _foreseen(one: _Read, facts: Facts, occasion: Occasion) -> Header:
    """Give the header as the fold will see it; commitments play no part in facts."""
    stream = str(one.stream)
    return Header(
        format=EVENT_FORMAT,
        id=one.id,
        agency=occasion.actor.agency,
        stream=stream,
        seq=facts.versions.get(stream, 0) + 1,
        type=one.type,
        at=one.at,
        recorded_at=occasion.recorded_at,
        actor=occasion.actor.uid,
        content_sha256="",
        content_sm3="",
    )
