"""Appending: the one way anything gets into the ledger.

Invariant: all events of a call stand or none does; positions in streams and in the log have no gap, whatever runs at the
same time; the times of a log never run backwards; nothing is returned before the database has committed to keep it,
unless the caller holds a transaction of its own.
"""

import secrets
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from liuhen.core.events.catalogue import event_type
from liuhen.core.events.envelope import SALT_BYTES, Draft, Sealed, seal_draft
from liuhen.core.kernel.codec import decode, encode
from liuhen.core.kernel.errors import BadInput
from liuhen.core.kernel.moments import SHANGHAI
from liuhen.records.ledger import rows
from liuhen.records.ledger.errors import (
    AlreadyRecorded,
    ClockWrong,
    ForeignStream,
    HappenedLater,
    NothingToCorrect,
    StreamMoved,
)
from liuhen.records.ledger.models import Event, Log
from liuhen.records.ledger.rows import ContentRow, EventRow, LogRow

EARLIEST_YEAR = 2015
# A call reads its clock before it waits for the log; whoever waited that long is recorded at the log's latest time.
WAITING = timedelta(minutes=2)
# Clocks of devices and servers differ a little; more than this is a mistake of whoever wrote the time down.
AHEAD = timedelta(minutes=5)


def append(drafts: Sequence[Draft], *, after: Mapping[str, int], recorded_at: datetime) -> tuple[Sealed, ...]:
    """Record drafts of one agency, in this order, and give them as they now stand.

    `after` names for every stream touched the version (last seq, 0 for none) the decision was based on.
    Raises StreamMoved, ClockWrong, HappenedLater, AlreadyRecorded, NothingToCorrect, ForeignStream, and BadInput for
    content that its type does not allow.
    """
    if not drafts:
        return ()
    agency = _one_agency(drafts)
    checked = [_in_one_spelling(draft) for draft in drafts]
    with transaction.atomic():
        log, moment = _lock_log(agency, _to_milliseconds(recorded_at))
        _require_unmoved(agency, checked, after)
        _require_new(checked)
        _require_targets(checked)
        placed = tuple(_place(checked, after, log, moment))
        _store(log, placed)
    return tuple(one.sealed for one in placed)


def hold(agency: str) -> None:
    """Keep others from appending to an agency's logs until the caller's transaction ends, so that what it reads stands."""
    rows.lock_logs(agency)


def origin_of(agency: str, year: int) -> str:
    """Give the name of an agency's log of a year."""
    return f"{settings.LOG_PREFIX}/{agency}/{year}"


def _one_agency(drafts: Sequence[Draft]) -> str:
    agency = drafts[0].agency
    for draft in drafts:
        place = f"event {draft.id}"
        if draft.agency != agency:
            raise BadInput(place, f"is of agency {draft.agency}, the call is of {agency}; append once for each agency")
        if draft.stream.kind == "agency" and draft.stream.uid != agency:
            raise ForeignStream(str(draft.stream), draft.stream.uid, agency)
        for name, text, limit in (("id", draft.id, 64), ("actor", draft.actor, 64), ("agency", agency, 32)):
            if not 0 < len(text) <= limit:
                raise BadInput(f"{place}.{name}", f"must have 1 to {limit} characters")
        if len(str(draft.stream)) > 100:
            raise BadInput(f"{place}.stream", "must have at most 100 characters")
    return agency


def _in_one_spelling(draft: Draft) -> Draft:
    """Check a content against its type and write it in the type's one spelling (times, empty fields)."""
    kind = event_type(draft.type, f"event {draft.id}.type")
    if draft.stream.kind != kind.stream:
        raise BadInput(f"event {draft.id}", f"of type {draft.type} cannot stand in stream {draft.stream}")
    content = encode(decode(kind.content, draft.content, f"event {draft.id}.content"))
    return replace(draft, content=content, at=_to_milliseconds(draft.at))


def _to_milliseconds(moment: datetime) -> datetime:
    """Drop what the header's spelling of an instant drops, so that row and header agree."""
    local = moment.astimezone(SHANGHAI)
    return local.replace(microsecond=local.microsecond // 1000 * 1000)


@dataclass(frozen=True, slots=True)
class _Placed:
    row: EventRow
    content: ContentRow
    sealed: Sealed


def _lock_log(agency: str, moment: datetime) -> tuple[LogRow, datetime]:
    """Lock the agency's logs and give the one to write to with the time to record at; raises ClockWrong."""
    if moment.year < EARLIEST_YEAR:
        raise ClockWrong(moment, None)
    logs = rows.lock_logs(agency)
    last = rows.recorded_at(logs[-1].origin, logs[-1].next_index - 1) if logs else None
    if last is not None and moment < last:
        if last - moment > WAITING:
            raise ClockWrong(moment, last)
        moment = last
    if not logs or logs[-1].year < moment.year:
        Log.objects.get_or_create(
            origin=origin_of(agency, moment.year), defaults={"agency": agency, "year": moment.year}
        )
        return _lock_log(agency, moment)
    return logs[-1], moment


def _require_unmoved(agency: str, drafts: Sequence[Draft], after: Mapping[str, int]) -> None:
    streams = sorted({str(draft.stream) for draft in drafts})
    if missing := [stream for stream in streams if stream not in after]:
        raise BadInput("after", f"does not name the version of {', '.join(missing)}; name every stream touched")
    standing = rows.standing(streams)
    for stream in streams:
        version, owner = standing.get(stream, (0, agency))
        if owner != agency:
            raise ForeignStream(stream, owner, agency)
        if version != after[stream]:
            raise StreamMoved(stream, after[stream], version)


def _require_new(drafts: Sequence[Draft]) -> None:
    ids = [draft.id for draft in drafts]
    twin = next((one for one in ids if ids.count(one) > 1), None) if len(set(ids)) < len(ids) else None
    known = twin or rows.any_known(ids)
    if known is not None:
        raise AlreadyRecorded(known)


def _require_targets(drafts: Sequence[Draft]) -> None:
    wanted = {draft.corrects for draft in drafts if draft.corrects is not None}
    if not wanted:
        return
    streams = dict(Event.objects.filter(pk__in=wanted).values_list("pk", "stream"))
    for draft in drafts:
        if draft.corrects is not None and streams.get(draft.corrects) != str(draft.stream):
            raise NothingToCorrect(draft.id, draft.corrects)
        streams[draft.id] = str(draft.stream)


def _place(drafts: Sequence[Draft], after: Mapping[str, int], log: LogRow, recorded_at: datetime) -> Iterator[_Placed]:
    versions = dict(after)
    for offset, draft in enumerate(drafts):
        if draft.at > recorded_at + AHEAD:
            raise HappenedLater(draft.id, draft.at, recorded_at)
        stream = str(draft.stream)
        seq = versions[stream] = versions[stream] + 1
        salt = secrets.token_bytes(SALT_BYTES)
        sealed = seal_draft(draft, seq=seq, recorded_at=recorded_at, salt=salt)
        content = ContentRow(draft.id, salt, (sealed.content_bytes or b"").decode())
        yield _Placed(_row(draft, stream, seq, recorded_at, sealed, log, offset), content, sealed)


def _store(log: LogRow, placed: Sequence[_Placed]) -> None:
    rows.insert([one.row for one in placed], [one.content for one in placed])
    rows.advance(log.origin, log.next_index + len(placed))


def _row(
    draft: Draft, stream: str, seq: int, recorded_at: datetime, sealed: Sealed, log: LogRow, offset: int
) -> EventRow:
    return EventRow(
        id=draft.id,
        agency=draft.agency,
        stream=stream,
        seq=seq,
        type=draft.type,
        at=draft.at,
        recorded_at=recorded_at,
        actor=draft.actor,
        header=sealed.header_bytes.decode(),
        origin=log.origin,
        leaf_index=log.next_index + offset,
    )
