"""Replaying the rows of a log: each event against its own columns, its content, its neighbours and its leaf.

Invariant: memory stays bounded by a page of rows and a bundle of leaves, however long the log is.
"""

from collections.abc import Iterator
from datetime import datetime

from liuhen.core.events.catalogue import open_sealed
from liuhen.core.events.envelope import Header, commit_sha256, commit_sm3, leaf_of, parse_header
from liuhen.core.kernel import canonical
from liuhen.core.kernel.errors import BadInput
from liuhen.core.kernel.moments import SHANGHAI, say_instant
from liuhen.core.tlog.reader import LogReader
from liuhen.core.tlog.refusals import Malformed, Unproven
from liuhen.core.tlog.tiles import FULL_WIDTH
from liuhen.flows.check_ledger.findings import Finding, found
from liuhen.records.ledger import read

_COLUMNS = ("id", "agency", "stream", "seq", "type", "at", "recorded_at", "actor")
_UNREADABLE = "无法读取"


class Leaves:
    """The leaves of a sealed log, read bundle by bundle; a leaf in a damaged or missing file is None."""

    def __init__(self, reader: LogReader) -> None:
        self.size = reader.size
        self._reader = reader
        self._index = -1
        self._entries: list[bytes] | None = None

    def at(self, leaf_index: int) -> bytes | None:
        """Give the leaf at an index below `size`."""
        bundle = leaf_index // FULL_WIDTH
        if bundle != self._index:
            self._index = bundle
            try:
                self._entries = self._reader.bundle_entries(bundle)
            except (Malformed, Unproven):
                self._entries = None  # the audit of the tree names the file
        return None if self._entries is None else self._entries[leaf_index % FULL_WIDTH]


def check_rows(log: read.LogState, leaves: Leaves) -> Iterator[Finding]:
    """Walk a log from its first leaf to its last."""
    expected = 0
    last: datetime | None = None
    for entry in read.entries(log.origin):
        for missing in range(expected, entry.leaf_index):
            yield _missing(log.origin, missing, leaves)
        expected = entry.leaf_index + 1
        if entry.leaf_index >= log.next_index:
            yield found("LEDGER-009", _name(entry), f"{entry.leaf_index} ≥ {log.next_index}")
        if last is not None and entry.recorded_at < last:
            yield found("LEDGER-010", _name(entry), say_instant(last))
        last = entry.recorded_at
        yield from _check_event(log, entry, leaves)
    for missing in range(expected, max(log.next_index, leaves.size)):
        yield _missing(log.origin, missing, leaves)


def _name(entry: read.Entry) -> str:
    return f"event:{entry.id}"


def _missing(origin: str, leaf_index: int, leaves: Leaves) -> Finding:
    place = f"log:{origin}#{leaf_index}"
    if leaf_index >= leaves.size:
        return found("LEDGER-014", place, leaf_index)
    return found("LEDGER-007", place, _event_of(leaves.at(leaf_index)))


def _event_of(leaf: bytes | None) -> str:
    try:
        return str(canonical.parse(leaf or b"")["event"])
    except (BadInput, KeyError, TypeError):
        return _UNREADABLE


def _check_event(log: read.LogState, entry: read.Entry, leaves: Leaves) -> Iterator[Finding]:
    try:
        header = parse_header(entry.sealed.header_bytes)
    except BadInput as error:
        yield found("LEDGER-001", _name(entry), error)
    else:
        yield from _check_header(log, entry, header)
        yield from _check_content(entry, header)
    if entry.leaf_index < leaves.size:
        leaf = leaves.at(entry.leaf_index)
        if leaf is not None and leaf != leaf_of(entry.sealed.header_bytes, entry.id):
            yield found("LEDGER-006", _name(entry), _event_of(leaf))


def _check_header(log: read.LogState, entry: read.Entry, header: Header) -> Iterator[Finding]:
    for column in _COLUMNS:
        if getattr(entry, column) != getattr(header, column):
            yield found("LEDGER-002", _name(entry), column)
    place = (header.agency, header.recorded_at.astimezone(SHANGHAI).year)
    if place != (log.agency, log.year):
        yield found("LEDGER-011", _name(entry), f"{place[0]}/{place[1]}")


def _check_content(entry: read.Entry, header: Header) -> Iterator[Finding]:
    content, salt = entry.sealed.content_bytes, entry.sealed.salt
    if content is None or salt is None:
        yield found("LEDGER-004", _name(entry))
        return
    if (commit_sha256(content, salt), commit_sm3(content, salt)) != (header.content_sha256, header.content_sm3):
        yield found("LEDGER-003", _name(entry))
        return
    try:
        open_sealed(entry.sealed)
    except BadInput as error:
        yield found("LEDGER-005", _name(entry), error)
