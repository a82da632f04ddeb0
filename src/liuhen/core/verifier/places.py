"""Checking places: every event is in the log where its proof says, and its time fits its place.

The log alone gives order; witnesses and time stamps give time. An event's `recorded_at` must lie between the last
checkpoint that does not hold it and the first that does, and not long before the latter: an event that nobody attested
for a week could have been written on any day of that week.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import pairwise

from liuhen.core.events.envelope import Header, leaf_of
from liuhen.core.kernel.errors import LiuhenError
from liuhen.core.kernel.moments import say_instant
from liuhen.core.tlog.merkle import leaf_hash, verify_inclusion
from liuhen.core.verifier.layout import EVENTS, PROOFS
from liuhen.core.verifier.logs import ProofEntry
from liuhen.core.verifier.report import Finding, finding
from liuhen.core.verifier.series import SKEW, Anchor

# Logs are sealed every few minutes, and not at all only while witnesses and time stamps are out of reach: after a day the
# reader is told, after a week the time is unproven.
Entry = tuple[Header, bytes]
"""An event's header, read, with the exact bytes that the log holds."""

LONG_WAIT, LONGEST_WAIT = timedelta(hours=24), timedelta(days=7)


def check_inclusion(
    entries: Sequence[Entry], proofs: Sequence[ProofEntry], anchors: Mapping[str, Sequence[Anchor]]
) -> Iterator[Finding]:
    """Check that every event stands in the log where its proof says, and that its time fits its place."""
    by_event: dict[str, ProofEntry] = {}
    known = {header.id for header, _ in entries}
    for proof in proofs:
        if proof.event not in known or proof.event in by_event:
            yield finding("LOG-005", PROOFS, event=proof.event)
        by_event.setdefault(proof.event, proof)
    taken: dict[tuple[str, int], str] = {}
    for header, header_bytes in entries:
        found = by_event.get(header.id)
        if found is None:
            yield finding("LOG-001", PROOFS, event=header.id)
            continue
        if taken.setdefault((found.origin, found.index), header.id) != header.id:
            yield finding("LOG-007", PROOFS, event=header.id)
        yield from _check_place(header, header_bytes, found, anchors.get(found.origin, []))
    yield from _check_waits(entries, by_event, anchors)
    yield from _check_order(entries, by_event)
    if [header.id for header, _ in entries] != list(by_event):
        yield finding("LOG-008", PROOFS, what="存证证明")


def _check_place(
    header: Header, header_bytes: bytes, proof: ProofEntry, anchors: Sequence[Anchor]
) -> Iterator[Finding]:
    if not anchors:
        yield finding("LOG-002", PROOFS, event=header.id, index=proof.index, why=f"没有日志 {proof.origin} 的检查点")
        return
    if agency_of(proof.origin) != header.agency:
        yield finding("LOG-002", PROOFS, event=header.id, index=proof.index, why=f"{proof.origin} 不是该机关的日志")
    last = anchors[-1]
    try:
        leaf = leaf_hash(leaf_of(header_bytes, header.id))
        verify_inclusion(leaf, proof.index, last.size, proof.hashes, last.root)
    except LiuhenError as fault:
        yield finding("LOG-002", PROOFS, event=header.id, index=proof.index, why=str(fault))
        return
    yield from _check_time(header, proof, anchors)


def _check_time(header: Header, proof: ProofEntry, anchors: Sequence[Anchor]) -> Iterator[Finding]:
    first_with = next((anchor for anchor in anchors if anchor.size > proof.index), None)
    last_without = next((anchor for anchor in reversed(anchors) if anchor.size <= proof.index), None)
    said = say_instant(header.recorded_at)
    if last_without and last_without.latest and header.recorded_at < last_without.latest - SKEW:
        bound = say_instant(last_without.latest)
        yield finding("TIME-003", EVENTS, event=header.id, recorded=said, bound=bound)
        return
    if first_with is None or first_with.earliest is None:
        return  # TIME-002 says that nobody outside attested the time
    bound = say_instant(first_with.earliest)
    if header.recorded_at > first_with.earliest + SKEW:
        yield finding("TIME-004", EVENTS, event=header.id, recorded=said, bound=bound)


def _check_waits(
    entries: Sequence[Entry], by_event: Mapping[str, ProofEntry], anchors: Mapping[str, Sequence[Anchor]]
) -> Iterator[Finding]:
    """Tell of events that nobody outside attested for long: one finding for all that one checkpoint brought to light."""
    waited: dict[tuple[str, datetime], list[Header]] = {}
    for header, _ in entries:
        proof = by_event.get(header.id)
        known = anchors.get(proof.origin, ()) if proof else ()
        first_with = next((anchor for anchor in known if proof and anchor.size > proof.index), None)
        if first_with is None or first_with.earliest is None:
            continue
        wait = first_with.earliest - header.recorded_at
        if wait > LONG_WAIT:
            code = "TIME-006" if wait > LONGEST_WAIT else "TIME-007"
            waited.setdefault((code, first_with.earliest), []).append(header)
    for (code, bound), headers in waited.items():
        first = min(headers, key=lambda header: header.recorded_at)
        words = {"recorded": say_instant(first.recorded_at), "bound": say_instant(bound)}
        yield finding(code, EVENTS, count=len(headers), event=first.id, **words)


def agency_of(origin: str) -> str:
    """Give the agency that a log's name `<prefix>/<agency>/<year>` names; empty for another form of name."""
    parts = origin.rsplit("/", 2)
    return parts[1] if len(parts) == 3 else ""


def _check_order(entries: Sequence[Entry], by_event: dict[str, ProofEntry]) -> Iterator[Finding]:
    placed = [(by_event[header.id], header) for header, _ in entries if header.id in by_event]
    placed.sort(key=lambda pair: (pair[0].origin, pair[0].index))
    for (earlier, first), (later, second) in pairwise(placed):
        if earlier.origin == later.origin and second.recorded_at < first.recorded_at:
            yield finding("LOG-006", EVENTS, event=first.id)
    yield from _check_lines(entries, by_event)


def _check_lines(entries: Sequence[Entry], by_event: dict[str, ProofEntry]) -> Iterator[Finding]:
    """Demand the one order of the lines: the agency and recordings as the log has them, then the case."""

    def place(header: Header) -> tuple[bool, datetime, str, int]:
        proof = by_event[header.id]
        return header.stream.startswith("case:"), header.recorded_at, proof.origin, proof.index

    places = [place(header) for header, _ in entries if header.id in by_event]
    if places != sorted(places):
        yield finding("LOG-008", EVENTS, what="记录")
