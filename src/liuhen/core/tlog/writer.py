"""Growing a log: entries become bundles and tiles, and a new tree head that is safe to sign.

Invariant: a head is returned only after every file was written, read back, hashed again, and shown to extend the head
before it; nothing published is ever rewritten. Repeating a batch after a crash, from the last signed head, gives the
same bytes. One writer per log: the caller holds the lock.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar

from liuhen.core.tlog import merkle
from liuhen.core.tlog.checkpoint import EMPTY_TREE, TreeHead, parse_checkpoint
from liuhen.core.tlog.merkle import HASH_SIZE, leaf_hash
from liuhen.core.tlog.note import parse_note
from liuhen.core.tlog.reader import LogFiles, LogReader, read_bundle, read_tile
from liuhen.core.tlog.refusals import Code, Malformed, TreeRefused, Unproven
from liuhen.core.tlog.tiles import (
    CHECKPOINT_PATH,
    FULL_WIDTH,
    LARGEST_ENTRY,
    Bundle,
    Tile,
    bundle_at,
    full_tile_hash,
    levels,
    partials_folder,
    render_bundle,
    tile_at,
)

_FULL_ROW = FULL_WIDTH * HASH_SIZE

Found = TypeVar("Found")


class LogStorage(LogFiles, Protocol):
    """Where a log's files live. A file is whole and durable when a write returns, or has not changed."""

    def write_file_atomic(self, path: str, data: bytes) -> None: ...

    def write_files_atomic(self, files: Sequence[tuple[str, bytes]]) -> None:
        """Write several files, each whole or not at all; a crash may leave any part of them done."""

    def delete_file(self, path: str) -> None:
        """Remove a file; none is no error."""

    def list_files(self, folder: str) -> list[str]:
        """List the paths of the files right inside a folder (given with its slash); empty when there is none."""


@dataclass(frozen=True, slots=True)
class _Growth:
    """What a batch changes: files in writing order, and the right edge after it."""

    bundles: list[tuple[Bundle, bytes]]
    tiles: list[tuple[Tile, bytes]]
    edge: list[bytes]
    tail: list[bytes]

    def files(self) -> list[tuple[str, bytes]]:
        return [(item.path, data) for item, data in self.bundles] + [(item.path, data) for item, data in self.tiles]

    def obsolete_folders(self) -> list[str]:
        filled = [partials_folder(item) for item, _ in self.bundles if item.width == FULL_WIDTH]
        return filled + [partials_folder(item) for item, _ in self.tiles if item.width == FULL_WIDTH]


class LogWriter:
    """Appends to one log. `head` is what was proved last; it may be signed."""

    def __init__(self, storage: LogStorage, head: TreeHead, edge: list[bytes], tail: list[bytes]) -> None:
        self.head = head
        self._storage = storage
        self._edge = edge
        self._tail = tail

    @classmethod
    def open(cls, storage: LogStorage, last: TreeHead = EMPTY_TREE, witnessed: Sequence[TreeHead] = ()) -> "LogWriter":
        """Take up a log at the last head its key signed; entries after it must be appended again.

        `witnessed`: heads that witnesses or other places hold. Raises TreeRefused when the files, or `last` itself, are
        behind any of them or contradict one: a restored backup must never be signed over.
        """
        _require_not_behind(storage, last, witnessed)
        reader = LogReader(storage, last.size)
        try:
            edge, tail = _read_edge(storage, last.size)
            for head in (last, *witnessed):
                _require_root(reader, head)
        except (Unproven, Malformed) as error:
            raise TreeRefused(
                Code.TREE_BEHIND, f"the log's files do not reach its {last.size} entries: {error}"
            ) from None
        hashed = b"".join(leaf_hash(entry) for entry in tail)
        if hashed != (edge[0] if edge else b""):
            raise TreeRefused(Code.TREE_INCONSISTENT, "the last entry bundle does not match its tile; run an audit")
        return cls(storage, last, edge, tail)

    def append_batch(self, entries: Sequence[bytes], *, first: int) -> TreeHead:
        """Add entries, the first of them at index `first`, and give the new head to sign.

        Raises TreeRefused: when `first` is not the next index, an entry is too large, a file that must never change
        differs, or what was read back does not extend the last head. On any error the writer stays where it was.
        """
        self._require_appendable(entries, first)
        if not entries:
            return self.head
        growth = self._grow(entries)
        self._put(growth.files())
        head = self._prove(growth, TreeHead(first + len(entries), b""))
        self._collect(growth)
        self.head, self._edge, self._tail = head, growth.edge, growth.tail
        return head

    def publish(self, signed: bytes) -> None:
        """Write the signed checkpoint of the current head; record it in its second place before calling this.

        Raises Malformed; TreeRefused when it speaks of another head.
        """
        stated = parse_checkpoint(parse_note(signed).text).head
        if stated != self.head:
            raise TreeRefused(
                Code.HEAD_REFUSED, f"a checkpoint of {stated.size} entries was given for a head of {self.head.size}"
            )
        self._storage.write_file_atomic(CHECKPOINT_PATH, signed)

    def _require_appendable(self, entries: Sequence[bytes], first: int) -> None:
        if first != self.head.size:
            raise TreeRefused(
                Code.ENTRY_REFUSED, f"entry {first} was given where entry {self.head.size} is next; append in order"
            )
        if any(len(entry) > LARGEST_ENTRY for entry in entries):
            raise TreeRefused(Code.ENTRY_REFUSED, "an entry has more than 65,535 bytes; log its hash instead")

    def _grow(self, entries: Sequence[bytes]) -> _Growth:
        size = self.head.size
        bundles, tail = _fill_bundles(size // FULL_WIDTH, [*self._tail, *entries])
        added = b"".join([leaf_hash(entry) for entry in entries])
        tiles: list[tuple[Tile, bytes]] = []
        edge = list(self._edge)
        level = 0
        while added:
            if level == len(edge):
                edge.append(b"")
            filled, edge[level] = _fill_tiles(level, size >> 8 * (level + 1), edge[level] + added)
            tiles.extend(filled)
            added = b"".join([full_tile_hash(row) for tile, row in filled if tile.width == FULL_WIDTH])
            level += 1
        return _Growth(bundles, tiles, edge, tail)

    def _put(self, files: list[tuple[str, bytes]]) -> None:
        absent: list[tuple[str, bytes]] = []
        for path, data in files:
            existing = self._storage.read_file(path)
            if existing is None:
                absent.append((path, data))
            elif existing != data:
                raise TreeRefused(Code.TREE_REWRITTEN, f"{path} exists with other bytes; run an audit")
        self._storage.write_files_atomic(absent)

    def _prove(self, growth: _Growth, target: TreeHead) -> TreeHead:
        reader = LogReader(self._storage, target.size)
        try:
            for tile, _ in growth.tiles:
                _require_parent(reader, tile)
            for bundle, _ in growth.bundles:
                _require_leaves(reader, bundle)
            root = reader.root()
            proof = reader.prove_consistency(self.head.size)
            merkle.verify_consistency(self.head.size, target.size, proof, self.head.root, root)
        except (Unproven, Malformed) as error:
            raise TreeRefused(Code.TREE_UNSTABLE, f"what was read back is not what was written: {error}") from None
        return TreeHead(target.size, root)

    def _collect(self, growth: _Growth) -> None:
        for folder in growth.obsolete_folders():
            for path in self._storage.list_files(folder):
                self._storage.delete_file(path)


def _fill_bundles(index: int, entries: list[bytes]) -> tuple[list[tuple[Bundle, bytes]], list[bytes]]:
    bundles: list[tuple[Bundle, bytes]] = []
    for start in range(0, len(entries), FULL_WIDTH):
        part = entries[start : start + FULL_WIDTH]
        bundles.append((Bundle(index + start // FULL_WIDTH, len(part)), render_bundle(part)))
    return bundles, entries[len(entries) - len(entries) % FULL_WIDTH :]


def _fill_tiles(level: int, index: int, row: bytes) -> tuple[list[tuple[Tile, bytes]], bytes]:
    tiles: list[tuple[Tile, bytes]] = []
    for start in range(0, len(row), _FULL_ROW):
        part = row[start : start + _FULL_ROW]
        tiles.append((Tile(level, index + start // _FULL_ROW, len(part) // HASH_SIZE), part))
    return tiles, row[len(row) - len(row) % _FULL_ROW :]


def _require_parent(reader: LogReader, tile: Tile) -> None:
    if tile.width < FULL_WIDTH:
        return
    parent, offset = divmod(tile.index, FULL_WIDTH)
    stated = reader.tile_hashes(tile.level + 1, parent)[offset * HASH_SIZE : (offset + 1) * HASH_SIZE]
    if stated != reader.tile_root(tile.level, tile.index):
        raise Unproven(Code.TILE_DIFFERS, f"{tile.path} does not hash to its place in the level above")


def _require_leaves(reader: LogReader, bundle: Bundle) -> None:
    row = b"".join([leaf_hash(entry) for entry in reader.bundle_entries(bundle.index)])
    if row != reader.tile_hashes(0, bundle.index):
        raise Unproven(Code.BUNDLE_DIFFERS, f"{bundle.path} does not hash to its tile")


def _read_edge(storage: LogStorage, size: int) -> tuple[list[bytes], list[bytes]]:
    edge: list[bytes] = []
    for level in range(levels(size)):
        tile = tile_at(level, size >> 8 * (level + 1), size)
        row = read_tile(storage, tile) if tile.width else b""
        edge.append(_found(row, tile.path))
    bundle = bundle_at(size // FULL_WIDTH, size)
    entries = read_bundle(storage, bundle) if bundle.width else []
    return edge, _found(entries, bundle.path)


def _found(value: Found | None, path: str) -> Found:
    if value is None:
        raise Unproven(Code.FILE_MISSING, f"{path} is missing")
    return value


def _require_root(reader: LogReader, head: TreeHead) -> None:
    if reader.root(head.size) != head.root:
        raise TreeRefused(
            Code.TREE_INCONSISTENT,
            f"the log's files give another root for {head.size} entries than the one signed; do not sign, run an audit",
        )


def _require_not_behind(storage: LogStorage, last: TreeHead, witnessed: Sequence[TreeHead]) -> None:
    published = storage.read_file(CHECKPOINT_PATH)
    heads = list(witnessed)
    if published is not None:
        heads.append(parse_checkpoint(parse_note(published, CHECKPOINT_PATH).text, CHECKPOINT_PATH).head)
    for head in heads:
        if head.size > last.size or (head.size == last.size and head.root != last.root):
            raise TreeRefused(
                Code.TREE_BEHIND,
                f"a checkpoint of {head.size} entries exists, the log starts from {last.size}; restore the newer state",
            )
