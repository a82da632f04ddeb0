"""Checking the log: every event is where it claims, under checkpoints that witnesses signed and time stamps bound.

The log alone gives order; witnesses and time stamps give time. An event's `recorded_at` must lie between the last
checkpoint that does not hold it and the first that does.
"""

import base64
import binascii
import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

from liuhen.core.crypto.rfc3161 import verify_timestamp
from liuhen.core.crypto.x509 import Certificate
from liuhen.core.events.envelope import Sealed, leaf_of
from liuhen.core.kernel import canonical
from liuhen.core.kernel.errors import BadInput, LiuhenError
from liuhen.core.kernel.moments import say_instant
from liuhen.core.tlog.keys import PURE, Primitives
from liuhen.core.tlog.merkle import leaf_hash, verify_consistency, verify_inclusion
from liuhen.core.tlog.policy import Policy, judge_checkpoint
from liuhen.core.verifier.layout import EVENTS, PROOFS
from liuhen.core.verifier.report import Finding, finding

# Clocks of servers, witnesses and authorities differ a little.
SKEW = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class SeriesEntry:
    """A checkpoint as packed: the cosigned note, its time stamp, and the consistency proof from the one before."""

    note: bytes
    timestamp: bytes | None
    consistency: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class ProofEntry:
    """Where an event stands: its log, its leaf index, and the inclusion proof to the last checkpoint of the series."""

    event: str
    origin: str
    index: int
    hashes: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class Anchor:
    """A checkpoint that holds: its size and root, and the span of time at which it was seen to exist."""

    size: int
    root: bytes
    earliest: datetime | None
    latest: datetime | None


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode()


def render_series(entries: Iterable[SeriesEntry]) -> bytes:
    """Write a series of checkpoints, one line each, the smallest first."""
    return b"".join(
        canonical.render(
            {
                "note": entry.note.decode(),
                "timestamp": _text(entry.timestamp) if entry.timestamp else None,
                "consistency": [_text(item) for item in entry.consistency],
            }
        )
        + b"\n"
        for entry in entries
    )


def render_proofs(entries: Iterable[ProofEntry]) -> bytes:
    """Write inclusion proofs, one line each, in the order of the events."""
    return b"".join(
        canonical.render(
            {
                "event": entry.event,
                "origin": entry.origin,
                "index": entry.index,
                "hashes": [_text(item) for item in entry.hashes],
            }
        )
        + b"\n"
        for entry in entries
    )


def _lines(data: bytes, keys: set[str], place: str) -> Iterator[tuple[dict[str, Any], str]]:
    for number, line in enumerate(data.split(b"\n")[:-1] if data.endswith(b"\n") else data.split(b"\n"), 1):
        here = f"{place} 第 {number} 行"
        value = canonical.parse(line, here)
        if not isinstance(value, dict) or set(value) != keys:
            raise BadInput(here, f"应有 {'、'.join(sorted(keys))}")
        yield value, here


def _hashes(value: Any, place: str) -> tuple[bytes, ...]:
    if not isinstance(value, list):
        raise BadInput(place, "应为列表")
    return tuple(_bytes(item, place) for item in value)


def _bytes(value: Any, place: str) -> bytes:
    try:
        return base64.b64decode(str(value), validate=True)
    except binascii.Error:
        raise BadInput(place, "不是 base64") from None


def parse_series(data: bytes, place: str) -> list[SeriesEntry]:
    """Read a series; raises BadInput."""
    return [
        SeriesEntry(
            str(value["note"]).encode(),
            _bytes(value["timestamp"], here) if value["timestamp"] is not None else None,
            _hashes(value["consistency"], here),
        )
        for value, here in _lines(data, {"note", "timestamp", "consistency"}, place)
    ]


def parse_proofs(data: bytes) -> list[ProofEntry]:
    """Read inclusion proofs; raises BadInput."""
    entries = []
    for value, here in _lines(data, {"event", "origin", "index", "hashes"}, PROOFS):
        if not isinstance(value["index"], int) or isinstance(value["index"], bool) or value["index"] < 0:
            raise BadInput(here, "index 应为不小于 0 的整数")
        hashes = _hashes(value["hashes"], here)
        entries.append(ProofEntry(str(value["event"]), str(value["origin"]), value["index"], hashes))
    return entries


def check_series(
    entries: Sequence[SeriesEntry],
    policy: Policy,
    roots: Sequence[Certificate],
    path: str,
    primitives: Primitives = PURE,
) -> tuple[str, list[Anchor], list[Finding]]:
    """Check the checkpoints of one log: signatures, witnesses, time stamps, and that each extends the one before."""
    anchors: list[Anchor] = []
    findings: list[Finding] = []
    origin = ""
    for entry in entries:
        try:
            verdict = judge_checkpoint(entry.note, policy, primitives)
            verdict.require_quorum()
        except LiuhenError as fault:
            findings.append(finding("LOG-003", path, size="?", why=str(fault)))
            continue
        head = verdict.opened.checkpoint
        if origin and head.origin != origin:
            findings.append(finding("LOG-003", path, size=head.size, why=f"来自另一日志 {head.origin}"))
            continue
        origin = head.origin
        moments = [at for good in verdict.witnessed.values() if (at := good.signed_at) is not None]
        stamped, wrong = _stamped_at(entry, verdict.opened.note.text, roots, head.size, path)
        findings.extend(wrong)
        moments.extend(stamped)
        anchor = Anchor(head.size, head.root, min(moments, default=None), max(moments, default=None))
        findings.extend(_check_step(anchors[-1] if anchors else None, anchor, entry.consistency, path))
        anchors.append(anchor)
    return origin, anchors, findings


def _stamped_at(
    entry: SeriesEntry, text: str, roots: Sequence[Certificate], size: int, path: str
) -> tuple[list[datetime], list[Finding]]:
    if entry.timestamp is None:
        return [], [finding("TIME-002", path, size=size)]
    try:
        digest = hashlib.sha256(text.encode()).digest()
        verified = verify_timestamp(entry.timestamp, digest, roots)
    except LiuhenError as fault:
        return [], [finding("TIME-001", path, size=size, why=str(fault))]
    return [verified.timestamp.generated_at], []


def _check_step(before: Anchor | None, now: Anchor, proof: tuple[bytes, ...], path: str) -> Iterator[Finding]:
    if before is None:
        if proof:
            yield finding("LOG-004", path, old=0, new=now.size, why="第一个检查点之前不应有证明")
        return
    try:
        if now.size <= before.size:
            raise BadInput("检查点", "条数没有增加")
        verify_consistency(before.size, now.size, proof, before.root, now.root)
    except LiuhenError as fault:
        yield finding("LOG-004", path, old=before.size, new=now.size, why=str(fault))
    if before.latest and now.earliest and now.earliest < before.latest - SKEW:
        yield finding("TIME-005", path, size=now.size)


def check_inclusion(
    sealed: Sequence[Sealed], proofs: Sequence[ProofEntry], anchors: dict[str, list[Anchor]]
) -> Iterator[Finding]:
    """Check that every event stands in the log where its proof says, and that its time fits its place."""
    by_event = {proof.event: proof for proof in proofs}
    known = {item.header.id for item in sealed}
    for proof in proofs:
        if proof.event not in known:
            yield finding("LOG-005", PROOFS, event=proof.event)
    taken: dict[tuple[str, int], str] = {}
    for item in sealed:
        header = item.header
        found = by_event.get(header.id)
        if found is None:
            yield finding("LOG-001", PROOFS, event=header.id)
            continue
        if taken.setdefault((found.origin, found.index), header.id) != header.id:
            yield finding("LOG-007", PROOFS, event=header.id)
        yield from _check_place(item, found, anchors.get(found.origin, []))
    yield from _check_order(sealed, by_event)


def _check_place(item: Sealed, proof: ProofEntry, anchors: list[Anchor]) -> Iterator[Finding]:
    header = item.header
    if not anchors:
        yield finding("LOG-002", PROOFS, event=header.id, index=proof.index, why=f"没有日志 {proof.origin} 的检查点")
        return
    last = anchors[-1]
    try:
        leaf = leaf_hash(leaf_of(item.header_bytes, header.id))
        verify_inclusion(leaf, proof.index, last.size, proof.hashes, last.root)
    except LiuhenError as fault:
        yield finding("LOG-002", PROOFS, event=header.id, index=proof.index, why=str(fault))
        return
    first_with = next((anchor for anchor in anchors if anchor.size > proof.index), None)
    last_without = next((anchor for anchor in reversed(anchors) if anchor.size <= proof.index), None)
    said = say_instant(header.recorded_at)
    if last_without and last_without.latest and header.recorded_at < last_without.latest - SKEW:
        bound = say_instant(last_without.latest)
        yield finding("TIME-003", EVENTS, event=header.id, recorded=said, bound=bound)
    if first_with and first_with.earliest and header.recorded_at > first_with.earliest + SKEW:
        bound = say_instant(first_with.earliest)
        yield finding("TIME-004", EVENTS, event=header.id, recorded=said, bound=bound)


def _check_order(sealed: Sequence[Sealed], by_event: dict[str, ProofEntry]) -> Iterator[Finding]:
    placed = [(by_event[item.header.id], item.header) for item in sealed if item.header.id in by_event]
    placed.sort(key=lambda pair: (pair[0].origin, pair[0].index))
    for (earlier, first), (later, second) in pairwise(placed):
        if earlier.origin == later.origin and second.recorded_at < first.recorded_at:
            yield finding("LOG-006", EVENTS, event=first.id)
