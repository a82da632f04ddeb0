"""Checking what seals a log: its files against the last checkpoint, and every checkpoint against the others.

Invariant: all checkpoints ever kept must be roots of one and the same tree; one that is not is named.
"""

from collections.abc import Iterator, Sequence

from liuhen.core.kernel.errors import LiuhenError
from liuhen.core.tlog.audit import audit
from liuhen.core.tlog.checkpoint import Checkpoint, TreeHead, open_checkpoint, parse_checkpoint
from liuhen.core.tlog.keys import PURE, Primitives, VerifierKey
from liuhen.core.tlog.note import parse_note
from liuhen.core.tlog.reader import LogFiles, LogReader
from liuhen.core.tlog.refusals import Malformed, Unproven
from liuhen.core.tlog.tiles import CHECKPOINT_PATH
from liuhen.flows.check_ledger.findings import Finding, found
from liuhen.records.ledger import read


def check_tree(
    log: read.LogState,
    files: LogFiles,
    log_keys: Sequence[VerifierKey],
    witness_keys: Sequence[VerifierKey],
    primitives: Primitives = PURE,
) -> Iterator[Finding]:
    """Check files, checkpoints and signatures of a log."""
    last = read.last_checkpoint(log.origin)
    if last is None:
        return
    if log.next_index < last.size:
        yield found("LEDGER-026", f"log:{log.origin}", f"{log.next_index} < {last.size}")
    report = audit(files, TreeHead(last.size, last.root))
    for item in report.findings:
        if item.path != CHECKPOINT_PATH:
            yield found("LEDGER-020", f"log:{log.origin}/{item.path}", f"{item.code} {item.message}")
    if not log_keys:
        yield found("LEDGER-027", f"log:{log.origin}")
    reader = LogReader(files, last.size)
    for kept in read.checkpoints(log.origin):
        yield from _check_root(kept, reader)
        yield from _check_note(kept, log_keys, witness_keys, primitives)


def _name(kept: read.KeptCheckpoint) -> str:
    return f"checkpoint:{kept.origin}@{kept.size}"


def _check_root(kept: read.KeptCheckpoint, reader: LogReader) -> Iterator[Finding]:
    try:
        agrees = reader.root(kept.size) == kept.root
    except (Malformed, Unproven) as error:
        yield found("LEDGER-020", _name(kept), error)
        return
    if not agrees:
        yield found("LEDGER-021", _name(kept))


def _check_note(
    kept: read.KeptCheckpoint,
    log_keys: Sequence[VerifierKey],
    witness_keys: Sequence[VerifierKey],
    primitives: Primitives,
) -> Iterator[Finding]:
    try:
        stated = parse_checkpoint(parse_note(kept.note.encode()).text)
    except Malformed as error:
        yield found("LEDGER-022", _name(kept), error)
        return
    if stated != Checkpoint(kept.origin, kept.size, kept.root):
        yield found("LEDGER-022", _name(kept), f"{stated.origin}@{stated.size} {stated.root.hex()}")
    if not log_keys:
        return
    try:
        open_checkpoint(kept.note.encode(), log_keys, primitives=primitives)
    except LiuhenError as error:
        yield found("LEDGER-023", _name(kept), error)
        return
    try:
        open_checkpoint(kept.cosigned_note.encode(), log_keys, witness_keys, primitives)
    except LiuhenError as error:
        yield found("LEDGER-025", _name(kept), error)


def check_published(origin: str, data: bytes | None, last: read.KeptCheckpoint | None) -> Iterator[Finding]:
    """Check the checkpoint that a log shows to everybody: one that is kept, maybe not the last one yet."""
    place = f"log:{origin}/{CHECKPOINT_PATH}"
    if data is None:
        return  # killed between keeping and publishing; the next seal publishes
    try:
        stated = parse_checkpoint(parse_note(data).text)
    except Malformed as error:
        yield found("LEDGER-024", place, error)
        return
    standing = 0 if last is None else last.size
    if stated.origin != origin or stated.size > standing:
        yield found("LEDGER-024", place, f"{stated.origin}@{stated.size}，数据库为 {standing}")
        return
    if not any(kept.size == stated.size and kept.root == stated.root for kept in read.checkpoints(origin)):
        yield found("LEDGER-024", place, f"{stated.origin}@{stated.size}")
