"""A batch as it is sent: understood event by event, held against what stands, and turned into drafts.

Invariant: an id stands for one event for ever, so repeating a batch after a broken connection gives what stands, and the
same id with other content, another time or another person is refused.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from liuhen.core.events.catalogue import Event, encode_content
from liuhen.core.events.envelope import EVENT_FORMAT, Draft, Header, Sealed, Stream
from liuhen.core.kernel.errors import BadInput, LiuhenError
from liuhen.core.kernel.moments import parse_instant
from liuhen.flows.fitting import IMPLAUSIBLE, is_plausible
from liuhen.flows.occasion import Occasion

LARGEST_BATCH = 256


class IdTaken(LiuhenError):
    """An event of this id stands with other content, another time or another person."""

    def __init__(self, event: str) -> None:
        super().__init__(f"编号 {event} 已用于另一条记录，不能改写；确为新的记录的，请换用新编号后重发")
        self.event = event


@dataclass(frozen=True, slots=True)
class Sent:
    """An event as a device sends it: `recording` names the recording whose stream it belongs to."""

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
    """The whole batch in the order it was sent, and the version of the stream it was recorded in."""

    events: tuple[Standing, ...]
    version: int


@dataclass(frozen=True, slots=True)
class Understood:
    """A sent event that was understood, not yet held against what stands."""

    place: str
    id: str
    type: str
    at: datetime
    stream: Stream
    content: Any

    def draft(self, occasion: Occasion) -> Draft:
        """Give the event as the ledger takes it."""
        name, data = encode_content(self.content)
        return Draft(self.id, occasion.actor.agency, self.stream, name, self.at, occasion.actor.uid, data)

    def foreseen(self, seq: int, occasion: Occasion) -> Event:
        """Give the event as the fold will see it; commitments play no part in facts."""
        header = Header(
            format=EVENT_FORMAT,
            id=self.id,
            agency=occasion.actor.agency,
            stream=str(self.stream),
            seq=seq,
            type=self.type,
            at=self.at,
            recorded_at=occasion.recorded_at,
            actor=occasion.actor.uid,
            content_sha256="",
            content_sm3="",
        )
        return Event(header, self.content)


def answer(
    batch: Sequence[Understood], standing: Mapping[str, Header], made: Sequence[Sealed], stream: str, version: int
) -> Recorded:
    """Answer a batch in the order it was sent; `version` is that of the stream before what was `made` now."""
    news = {sealed.header.id: sealed.header for sealed in made}
    return Recorded(
        tuple(Standing(standing.get(one.id) or news[one.id], one.id in standing) for one in batch),
        max([version, *(header.seq for header in news.values() if header.stream == stream)]),
    )


def understand(sent: Sequence[Sent], read: Callable[[Sent, str], tuple[Stream, Any]]) -> list[Understood]:
    """Read a batch; `read` gives the stream and content of one. Raises BadInput naming the event and field."""
    if not 0 < len(sent) <= LARGEST_BATCH:
        raise BadInput("events", f"一批应有 1 至 {LARGEST_BATCH} 条记录，本次 {len(sent)} 条；请分批发送")
    seen: set[str] = set()
    batch = []
    for index, one in enumerate(sent):
        place = f"events[{index}]"
        if one.id in seen:
            raise BadInput(f"{place}.id", "同一批中编号重复；每条记录应有自己的编号")
        seen.add(one.id)
        stream, content = read(one, place)
        batch.append(Understood(place, one.id, one.type, _moment(one.at, f"{place}.at"), stream, content))
    return batch


def _moment(at: datetime, place: str) -> datetime:
    """Bring a time to what the ledger keeps of it, whole milliseconds, so that a repeated event compares equal."""
    if not is_plausible(at):
        raise BadInput(place, IMPLAUSIBLE)
    moment = parse_instant(at, place)
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)


def standing_of(events: Iterable[Event], batch: Sequence[Understood], occasion: Occasion) -> dict[str, Header]:
    """Give the headers of those sent events that stand already. Raises IdTaken when one differs from what was sent."""
    asked = {one.id: one for one in batch}
    found: dict[str, Header] = {}
    for event in events:
        one = asked.get(event.id)
        if one is None:
            continue
        kept = (event.header.stream, event.header.type, event.header.at, event.header.actor, event.content)
        if kept != (str(one.stream), one.type, one.at, occasion.actor.uid, one.content):
            raise IdTaken(one.id)
        found[one.id] = event.header
    return found
