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
from django.db.models import Max

from liuhen.core.events.catalogue import event_type
from liuhen.core.events.envelope import SALT_BYTES, Draft, Sealed, seal_draft
from liuhen.core.kernel.codec import decode, encode
from liuhen.core.kernel.errors import BadInput
from liuhen.core.kernel.moments import SHANGHAI
from liuhen.records.ledger.errors import (
    AlreadyRecorded,
    ClockWrong,
    ForeignStream,
    HappenedLater,
    NothingToCorrect,
    StreamMoved,
)
from liuhen.records.ledger.models import Content, Event, Log

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
    _locked_logs(agency)


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
class _Locked:
    origin: str
    next_index: int


@dataclass(frozen=True, slots=True)
class _Placed:
    row: Event
    salt: bytes
    sealed: Sealed


def _lock_log(agency: str, recorded_at: datetime) -> tuple[_Locked, datetime]:
    """Lock the agency's logs and give the one to write to with the time to record at; raises ClockWrong.

    On SQLite the transaction is IMMEDIATE and the lock is the whole database's; on PostgreSQL the rows are locked.
    """
    if recorded_at.year < EARLIEST_YEAR:
        raise ClockWrong(recorded_at, None)
    logs = _locked_logs(agency)
    last = _last_recorded(logs[-1]) if logs else None
    if last is not None and recorded_at < last:
        if last - recorded_at > WAITING:
            raise ClockWrong(recorded_at, last)
        recorded_at = last
    if not logs or logs[-1].year < recorded_at.year:
        Log.objects.get_or_create(
            origin=origin_of(agency, recorded_at.year), defaults={"agency": agency, "year": recorded_at.year}
        )
        return _lock_log(agency, recorded_at)
    return _Locked(logs[-1].origin, logs[-1].next_index), recorded_at


def _locked_logs(agency: str) -> list[Log]:
    return list(Log.objects.select_for_update().filter(agency=agency).order_by("year"))


def _last_recorded(log: Log) -> datetime | None:
    row = Event.objects.filter(origin=log.origin, leaf_index=log.next_index - 1).values_list("recorded_at", flat=True)
    return next((moment.astimezone(SHANGHAI) for moment in row), None)


def _require_unmoved(agency: str, drafts: Sequence[Draft], after: Mapping[str, int]) -> None:
    streams = {str(draft.stream) for draft in drafts}
    if missing := streams - after.keys():
        raise BadInput("after", f"does not name the version of {', '.join(sorted(missing))}; name every stream touched")
    found = Event.objects.filter(stream__in=streams).values("stream").annotate(version=Max("seq"), owner=Max("agency"))
    standing = {row["stream"]: row for row in found}
    for stream in sorted(streams):
        row = standing.get(stream)
        if row is not None and row["owner"] != agency:
            raise ForeignStream(stream, row["owner"], agency)
        version = row["version"] if row is not None else 0
        if version != after[stream]:
            raise StreamMoved(stream, after[stream], version)


def _require_new(drafts: Sequence[Draft]) -> None:
    ids = [draft.id for draft in drafts]
    twin = next((one for one in ids if ids.count(one) > 1), None) if len(set(ids)) < len(ids) else None
    known = twin or Event.objects.filter(pk__in=ids).values_list("pk", flat=True).first()
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


def _place(drafts: Sequence[Draft], after: Mapping[str, int], log: _Locked, recorded_at: datetime) -> Iterator[_Placed]:
    versions = dict(after)
    for offset, draft in enumerate(drafts):
        if draft.at > recorded_at + AHEAD:
            raise HappenedLater(draft.id, draft.at, recorded_at)
        stream = str(draft.stream)
        seq = versions[stream] = versions[stream] + 1
        salt = secrets.token_bytes(SALT_BYTES)
        sealed = seal_draft(draft, seq=seq, recorded_at=recorded_at, salt=salt)
        yield _Placed(_row(draft, seq, recorded_at, sealed, log, offset), salt, sealed)


def _store(log: _Locked, placed: Sequence[_Placed]) -> None:
    Event.objects.bulk_create(one.row for one in placed)
    Content.objects.bulk_create(
        Content(event_id=one.row.pk, salt=one.salt, content=(one.sealed.content_bytes or b"").decode())
        for one in placed
    )
    Log.objects.filter(pk=log.origin).update(next_index=log.next_index + len(placed))


def _row(draft: Draft, seq: int, recorded_at: datetime, sealed: Sealed, log: _Locked, offset: int) -> Event:
    return Event(
        id=draft.id,
        agency=draft.agency,
        stream=str(draft.stream),
        seq=seq,
        type=draft.type,
        at=draft.at,
        recorded_at=recorded_at,
        actor=draft.actor,
        header=sealed.header_bytes.decode(),
        origin=log.origin,
        leaf_index=log.next_index + offset,
    )
