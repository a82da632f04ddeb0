"""Reading a log from its tiles: hashes, entries and proofs, with the latest tiles kept at hand.

Invariant: only tiles that a tree of the given size implies are asked for; a partial tile that is gone is taken from the
full one that replaced it. What is read is not trusted: proofs are checked by whoever receives them.
"""

from collections import OrderedDict
from collections.abc import Sequence
from typing import Protocol

from liuhen.core.tlog import merkle
from liuhen.core.tlog.merkle import HASH_SIZE, Node
from liuhen.core.tlog.refusals import Code, Unproven
from liuhen.core.tlog.tiles import (
    FULL_WIDTH,
    TILE_HEIGHT,
    Bundle,
    Tile,
    bundle_at,
    parse_bundle,
    parse_tile,
    tile_at,
    tile_rows,
)


class LogFiles(Protocol):
    """Where a log's files are read; a path is relative and uses slashes; None when there is no such file."""

    def read_file(self, path: str) -> bytes | None: ...


def read_tile(files: LogFiles, tile: Tile) -> bytes | None:
    """Read a tile's row of hashes; None when neither it nor the full tile exists. Raises Malformed."""
    data = files.read_file(tile.path)
    if data is None and tile.width < FULL_WIDTH:
        data = files.read_file(Tile(tile.level, tile.index).path)
    return None if data is None else parse_tile(data, tile)


def read_bundle(files: LogFiles, bundle: Bundle) -> list[bytes] | None:
    """Read a bundle's entries; None when neither it nor the full bundle exists. Raises Malformed."""
    data = files.read_file(bundle.path)
    if data is None and bundle.width < FULL_WIDTH:
        data = files.read_file(Bundle(bundle.index).path)
    return None if data is None else parse_bundle(data, bundle)


class LogReader:
    """A log of a given size, read from its files."""

    def __init__(self, files: LogFiles, size: int, keep_tiles: int = 256) -> None:
        self.size = size
        self._files = files
        self._keep = keep_tiles
        self._tiles: OrderedDict[tuple[int, int], tuple[bytes, ...]] = OrderedDict()

    def read_hashes(self, nodes: Sequence[Node]) -> list[bytes]:
        """Give the hashes of complete subtrees. Raises Unproven for one outside the tree or a missing file."""
        return [self._read_hash(node) for node in nodes]

    def _read_hash(self, node: Node) -> bytes:
        level, number = node
        if number < 0 or (number + 1) << level > self.size:
            raise Unproven(Code.RANGE_FALSE, f"{node} lies outside a tree of {self.size} entries")
        # The same arithmetic as tiles.locate, without building a Spot for each of the hashes of a proof.
        height = level & 7
        rows = self._rows(level >> 3, number >> (TILE_HEIGHT - height))
        start = (number & ((1 << (TILE_HEIGHT - height)) - 1)) * HASH_SIZE
        return rows[height][start : start + HASH_SIZE]

    def _rows(self, level: int, index: int) -> tuple[bytes, ...]:
        rows = self._tiles.get((level, index))
        if rows is None:
            rows = tile_rows(self._read_row(level, index))
            self._tiles[level, index] = rows
            if len(self._tiles) > self._keep:
                self._tiles.popitem(last=False)
        else:
            self._tiles.move_to_end((level, index))
        return rows

    def tile_hashes(self, level: int, index: int) -> bytes:
        """Give the row of hashes of a tile, as it stands in this tree. Raises Malformed, Unproven."""
        return self._rows(level, index)[0]

    def tile_root(self, level: int, index: int) -> bytes:
        """Give the hash a full tile contributes to the level above; empty for a partial one."""
        return self._rows(level, index)[TILE_HEIGHT]

    def _read_row(self, level: int, index: int) -> bytes:
        tile = tile_at(level, index, self.size)
        row = read_tile(self._files, tile)
        if row is None:
            raise Unproven(Code.FILE_MISSING, f"{tile.path} is missing; restore it from a mirror or backup")
        return row

    def bundle_entries(self, index: int) -> list[bytes]:
        """Read the entries of a bundle, as it stands in this tree. Raises Malformed, Unproven."""
        bundle = bundle_at(index, self.size)
        entries = read_bundle(self._files, bundle)
        if entries is None:
            raise Unproven(Code.FILE_MISSING, f"{bundle.path} is missing; restore it from a mirror or backup")
        return entries

    def entry(self, index: int) -> bytes:
        """Read one entry. Raises Malformed, Unproven."""
        if not 0 <= index < self.size:
            raise Unproven(Code.RANGE_FALSE, f"entry {index} is not in a log of {self.size} entries")
        return self.bundle_entries(index // FULL_WIDTH)[index % FULL_WIDTH]

    def root(self, size: int | None = None) -> bytes:
        """Compute the root, of this tree or of an earlier size of it. Raises Malformed, Unproven."""
        return merkle.read_root(self.size if size is None else size, self)

    def prove_inclusion(self, index: int) -> list[bytes]:
        """Prove that an entry is in this tree. Raises Malformed, Unproven."""
        return merkle.prove_inclusion(index, self.size, self)

    def prove_consistency(self, old: int) -> list[bytes]:
        """Prove that this tree extends the one of size `old`. Raises Malformed, Unproven."""
        return merkle.prove_consistency(old, self.size, self)
