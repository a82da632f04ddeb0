"""Sealing a log: events become leaves, tiles, and a signed checkpoint that witnesses and a time stamp attest.

Invariant: nothing is signed before the tree was written, read back and shown to extend the last checkpoint that was kept
and every checkpoint a witness remembers; a checkpoint is kept in the database before anybody outside sees it. Sealing
may be killed at any moment and simply run again.
"""

import hashlib
from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from liuhen.core.kernel.errors import LiuhenError
from liuhen.core.tlog.checkpoint import EMPTY_TREE, Checkpoint, TreeHead, sign_checkpoint
from liuhen.core.tlog.keys import PURE, Primitives
from liuhen.core.tlog.note import Note, Signer, check_signature, parse_note
from liuhen.core.tlog.reader import LogReader
from liuhen.core.tlog.tiles import CHECKPOINT_PATH
from liuhen.core.tlog.writer import LogStorage, LogWriter
from liuhen.flows.ask_witnesses import LogBehindWitness, LogForked, Pending, Witness, ask_witness, heads_witnessed
from liuhen.records.ledger import read
from liuhen.records.ledger.keep import keep_checkpoint, keep_cosignature, keep_timestamp

BATCH = 4096


class LogUnknown(LiuhenError):
    """No event was ever recorded in a log of this name."""

    def __init__(self, origin: str) -> None:
        super().__init__(f"没有名为 {origin} 的日志；请核对机关代码和年份，或先办理业务产生记录。")
        self.origin = origin


class LedgerTorn(LiuhenError):
    """The database lost an event: a leaf index was given out and no event stands there."""

    def __init__(self, origin: str, leaf_index: int) -> None:
        super().__init__(
            f"严重告警：日志 {origin} 第 {leaf_index} 条记录不在数据库中；"
            "已停止封存，请保留现场并由安全管理员运行 liuhen ledger check 查明原因。"
        )
        self.origin = origin
        self.leaf_index = leaf_index


class Storage(LogStorage, Protocol):
    """A log's files with the lock that keeps it to one writer; `locked` raises LiuhenError when another holds it."""

    def locked(self) -> AbstractContextManager[None]: ...


class Timestamper(Protocol):
    """A time-stamping authority: gives a DER response over a SHA-256 digest; raises LiuhenError when it cannot."""

    def stamp(self, digest_sha256: bytes, *, at: datetime) -> bytes: ...


@dataclass(frozen=True, slots=True)
class Sealing:
    """How a log stands after sealing: its size and root, leaves added, the published note, and who is still awaited."""

    origin: str
    size: int
    root: bytes
    added: int
    note: bytes
    pending: tuple[Pending, ...]

    @property
    def is_attested(self) -> bool:
        """Whether every witness and the time-stamping authority have attested this size."""
        return not self.pending


def seal(
    origin: str,
    *,
    at: datetime,
    signers: Sequence[Signer],
    storage: Storage,
    witnesses: Sequence[Witness] = (),
    timestamper: Timestamper | None = None,
    primitives: Primitives = PURE,
) -> Sealing:
    """Seal everything recorded in a log so far, and complete what an earlier run left pending.

    Raises LogUnknown; LedgerTorn, LogBehindWitness, LogForked, CheckpointDisputed and TreeRefused as alarms after which
    nothing more is signed; the storage's own error when another process is sealing this log.
    """
    with storage.locked():
        last = read.last_checkpoint(origin)
        writer = _open(origin, last, signers, storage, witnesses, primitives)
        added = _integrate(origin, writer)
        if last is None or added:
            last = _sign(origin, writer.head, signers, at, primitives)
        pending = _attest(last, storage, witnesses, timestamper, at, primitives)
        kept = read.last_checkpoint(origin) or last
        note = kept.cosigned_note.encode()
        if storage.read_file(CHECKPOINT_PATH) != note:
            writer.publish(note)
        return Sealing(origin, kept.size, kept.root, added, note, pending)


def _open(
    origin: str,
    last: read.KeptCheckpoint | None,
    signers: Sequence[Signer],
    storage: Storage,
    witnesses: Sequence[Witness],
    primitives: Primitives,
) -> LogWriter:
    if read.find_log(origin) is None:
        raise LogUnknown(origin)
    head = EMPTY_TREE if last is None else TreeHead(last.size, last.root)
    witnessed = heads_witnessed(origin, witnesses, [signer.key for signer in signers], primitives)
    for name, seen in witnessed.items():
        if seen.size > head.size:
            raise LogBehindWitness(origin, name, seen.size, head.size)
        if seen.size == head.size and seen.root != head.root:
            raise LogForked(origin, name, seen.size)
    return LogWriter.open(storage, head, tuple(witnessed.values()))


def _integrate(origin: str, writer: LogWriter) -> int:
    """Turn new events into leaves; the writer reads back and proves every batch before it moves on."""
    log = read.find_log(origin)
    target = 0 if log is None else log.next_index
    begun = writer.head.size
    if target < begun:
        raise LedgerTorn(origin, target)
    while writer.head.size < target:
        first = writer.head.size
        wanted = min(BATCH, target - first)
        batch = read.leaves(origin, first, first + wanted)
        if len(batch) < wanted:
            raise LedgerTorn(origin, _first_gap(origin, first, first + wanted))
        writer.append_batch(batch, first=first)
    return target - begun


def _first_gap(origin: str, start: int, stop: int) -> int:
    present = {entry.leaf_index for entry in read.entries(origin, start, stop)}
    return next(index for index in range(start, stop) if index not in present)


def _sign(
    origin: str, head: TreeHead, signers: Sequence[Signer], at: datetime, primitives: Primitives
) -> read.KeptCheckpoint:
    note = sign_checkpoint(Checkpoint(origin, head.size, head.root), signers)
    # A signature is checked before it leaves: a faulty device must not seal a log with a line nobody can verify.
    for line, signer in zip(note.signatures, signers, strict=True):
        check_signature(note.text, line, signer.key, primitives)
    text = note.render().decode()
    keep_checkpoint(origin, size=head.size, root=head.root, note=text, sealed_at=at)
    kept = read.last_checkpoint(origin)
    if kept is None or kept.size != head.size:
        raise LedgerTorn(origin, head.size)
    return kept


def _attest(
    kept: read.KeptCheckpoint,
    storage: Storage,
    witnesses: Sequence[Witness],
    timestamper: Timestamper | None,
    at: datetime,
    primitives: Primitives,
) -> tuple[Pending, ...]:
    pending = []
    note = parse_note(kept.note.encode())
    reader = LogReader(storage, kept.size)
    for witness in witnesses:
        if witness.name not in kept.cosigners:
            pending.append(_cosign(kept, note, reader, witness, at, primitives))
    if timestamper is not None and kept.timestamp is None:
        pending.append(_stamp(kept, note, timestamper, at))
    return tuple(item for item in pending if item is not None)


def _cosign(
    kept: read.KeptCheckpoint, note: Note, reader: LogReader, witness: Witness, at: datetime, primitives: Primitives
) -> Pending | None:
    known = read.last_cosigned_size(kept.origin, witness.name)
    answer = ask_witness(witness, note, reader, known=known, primitives=primitives)
    if isinstance(answer, Pending):
        return answer
    lines = "".join(item.line.render() for item in answer)
    keep_cosignature(kept.row, witness=witness.name, line=lines, at=answer[0].signed_at or at)
    return None


def _stamp(kept: read.KeptCheckpoint, note: Note, timestamper: Timestamper, at: datetime) -> Pending | None:
    """Stamp the checkpoint's text alone: it reads the same from every form of the note, whoever cosigned since."""
    try:
        token = timestamper.stamp(hashlib.sha256(note.text.encode()).digest(), at=at)
    except LiuhenError as error:
        return Pending("时间戳", str(error))
    keep_timestamp(kept.row, authority="RFC 3161", token=token, at=at)
    return None
