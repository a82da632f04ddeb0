"""Reading the ledger: the events of streams, the leaves of a log, the checkpoints that seal it.

Invariant: what is given is exactly what was appended, in the order of the log; nothing here writes.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Max, QuerySet

from liuhen.core.events.envelope import Sealed, StreamKind, leaf_of
from liuhen.records.ledger.models import Attestation, Checkpoint, Event, Log
from liuhen.records.ledger.rows import kept_in, standing

CHUNK = 1024
_COLUMNS = ("id", "agency", "stream", "seq", "type", "at", "recorded_at", "actor", "leaf_index")


@dataclass(frozen=True, slots=True)
class Entry:
    """An event at its place in its log: the columns as the database holds them, and the event itself."""

    id: str
    agency: str
    stream: str
    seq: int
    type: str
    at: datetime
    recorded_at: datetime
    actor: str
    leaf_index: int
    sealed: Sealed


@dataclass(frozen=True, slots=True)
class LogState:
    """A log as the database counts it: `next_index` leaves have been given out."""

    origin: str
    agency: str
    year: int
    next_index: int


@dataclass(frozen=True, slots=True)
class KeptCheckpoint:
    """A checkpoint as kept: the log-signed note, each witness's newest cosignature lines, and the time stamp token.

    The token is a DER TimeStampResp over the SHA-256 of the checkpoint's text. `row` is what attestations refer to.
    """

    row: int
    origin: str
    size: int
    root: bytes
    note: str
    sealed_at: datetime
    cosignatures: tuple[tuple[str, str], ...] = ()
    timestamp: bytes | None = None

    @property
    def cosigners(self) -> frozenset[str]:
        """The names of the witnesses that cosigned."""
        return frozenset(name for name, _ in self.cosignatures)

    @property
    def cosigned_note(self) -> str:
        """The note with every cosignature line it has collected."""
        return self.note + "".join(lines for _, lines in self.cosignatures)


def version_of(stream: object) -> int:
    """Give the version of a stream: its last seq, 0 when nothing stands in it."""
    return versions_of([stream])[str(stream)]


def versions_of(streams: Sequence[object]) -> dict[str, int]:
    """Give the versions of several streams in one query."""
    names = [str(stream) for stream in streams]
    found = standing(names)
    return {name: found[name][0] if name in found else 0 for name in names}


def moments_of_type(event_type: str) -> dict[str, list[tuple[int, datetime]]]:
    """Give, for each agency that has events of a type, their place in their stream and when they were recorded, in order."""
    found: dict[str, list[tuple[int, datetime]]] = {}
    rows = Event.objects.filter(type=event_type).order_by("recorded_at", "seq")
    for agency, seq, moment in rows.values_list("agency", "seq", "recorded_at"):
        found.setdefault(agency, []).append((seq, moment))
    return found


def sealed_events(*streams: object) -> tuple[Sealed, ...]:
    """Give the events of one stream or several, merged in the order they were recorded."""
    return tuple(_sealed(*kept) for kept in kept_in([str(stream) for stream in streams]))


def sealed_of_types(stream: object, *types: str) -> tuple[Sealed, ...]:
    """Give the events of some types of one stream, in their order."""
    rows = Event.objects.filter(stream=str(stream), type__in=types).order_by("seq")
    return tuple(entry.sealed for entry in _entries(rows))


def find_event(event_id: str) -> tuple[Entry, str] | None:
    """Give an event by its id with the origin of its log, or None where there is none of this id."""
    row = Event.objects.filter(pk=event_id)
    origin = row.values_list("origin", flat=True).first()
    return (next(_entries(row)), origin) if origin is not None else None


def entries(origin: str, start: int = 0, stop: int | None = None) -> Iterator[Entry]:
    """Walk a log from leaf `start` up to, not including, `stop`; memory stays bounded however long the log is."""
    position = start
    while stop is None or position < stop:
        rows = Event.objects.filter(origin=origin, leaf_index__gte=position)
        if stop is not None:
            rows = rows.filter(leaf_index__lt=stop)
        chunk = list(_entries(rows.order_by("leaf_index")[:CHUNK]))
        yield from chunk
        if len(chunk) < CHUNK:
            return
        position = chunk[-1].leaf_index + 1


def leaves(origin: str, start: int, stop: int) -> list[bytes]:
    """Give the leaves of a range of a log; fewer than asked for when the log ends (or has a gap) there."""
    rows = Event.objects.filter(origin=origin, leaf_index__gte=start, leaf_index__lt=stop).order_by("leaf_index")
    return [leaf_of(header.encode(), event) for event, header in rows.values_list("id", "header")]


def logs(agency: str | None = None) -> tuple[LogState, ...]:
    """Give all logs, or those of one agency, the oldest year first."""
    rows = Log.objects.all() if agency is None else Log.objects.filter(agency=agency)
    return tuple(LogState(row.origin, row.agency, row.year, row.next_index) for row in rows.order_by("agency", "year"))


def find_log(origin: str) -> LogState | None:
    """Give the state of a log, or None when nothing was ever recorded in it."""
    row = Log.objects.filter(pk=origin).first()
    return LogState(row.origin, row.agency, row.year, row.next_index) if row is not None else None


def streams(kind: StreamKind, agency: str, *, after: str = "", limit: int = 100) -> tuple[str, ...]:
    """Give a page of the agency's streams of a kind, in the order of their names, following the name `after`."""
    rows = Event.objects.filter(agency=agency, seq=1, stream__startswith=f"{kind}:")
    if after:
        rows = rows.filter(stream__gt=after)
    return tuple(rows.order_by("stream").values_list("stream", flat=True)[:limit])


def last_checkpoint(origin: str) -> KeptCheckpoint | None:
    """Give the largest checkpoint that was sealed, or None."""
    row = Checkpoint.objects.filter(origin=origin).order_by("-size").first()
    return _kept(row) if row is not None else None


def checkpoint_covering(origin: str, leaf_index: int) -> KeptCheckpoint | None:
    """Give the smallest checkpoint that covers a leaf, or None while it is not sealed yet."""
    row = Checkpoint.objects.filter(origin=origin, size__gt=leaf_index).order_by("size").first()
    return _kept(row) if row is not None else None


def last_cosigned_size(origin: str, witness: str) -> int:
    """Give the largest size a witness cosigned for a log, 0 for none."""
    rows = Attestation.objects.filter(checkpoint__origin=origin, kind=Attestation.Kind.COSIGNATURE, name=witness)
    return rows.aggregate(size=Max("checkpoint__size"))["size"] or 0


def checkpoints(origin: str) -> Iterator[KeptCheckpoint]:
    """Walk all checkpoints of a log, the smallest first."""
    size = -1
    while True:
        chunk = list(Checkpoint.objects.filter(origin=origin, size__gt=size).order_by("size")[:CHUNK])
        for row in chunk:
            yield _kept(row)
        if len(chunk) < CHUNK:
            return
        size = chunk[-1].size


def _entries(rows: QuerySet[Event]) -> Iterator[Entry]:
    for row in rows.values_list(*_COLUMNS, "header", "content__content", "content__salt", named=True):
        yield Entry(
            id=row.id,
            agency=row.agency,
            stream=row.stream,
            seq=row.seq,
            type=row.type,
            at=row.at,
            recorded_at=row.recorded_at,
            actor=row.actor,
            leaf_index=row.leaf_index,
            sealed=_sealed(row.header, row.content__content, row.content__salt),
        )


def _sealed(header: str, content: str | None, salt: bytes | None) -> Sealed:
    return Sealed(header.encode(), None if content is None else content.encode(), None if salt is None else bytes(salt))


def _kept(row: Checkpoint) -> KeptCheckpoint:
    lines: dict[str, str] = {}
    token: bytes | None = None
    for one in row.attestations.order_by("id"):
        if one.kind == Attestation.Kind.COSIGNATURE:
            # The newest line of a witness stands for it: a fresh time is all that an older one lacks.
            lines[one.name] = bytes(one.value).decode()
        elif token is None:
            # The first token is the earliest proof of time; later ones renew it and stay in their rows.
            token = bytes(one.value)
    return KeptCheckpoint(
        row=row.pk,
        origin=row.origin,
        size=row.size,
        root=bytes.fromhex(row.root),
        note=row.note,
        sealed_at=row.sealed_at,
        cosignatures=tuple(lines.items()),
        timestamp=token,
    )
