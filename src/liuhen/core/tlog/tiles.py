"""Tiles and entry bundles: where the hashes and entries of a tree lie, and how their bytes read (C2SP tlog-tiles).

Invariant: a path has one spelling; a tile has exactly its width of 32-byte hashes; only full tiles are hashed upward.
Bytes and paths below are published; changing them needs a new log format.
"""

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from liuhen.core.tlog.merkle import HASH_SIZE, Node
from liuhen.core.tlog.refusals import Code, Malformed

TILE_HEIGHT = 8
FULL_WIDTH = 256
LARGEST_ENTRY = 65535
CHECKPOINT_PATH = "checkpoint"

_LARGEST_INDEX = 2**64 - 1
_PATH = re.compile(r"tile/(entries|0|[1-9][0-9]?)/((?:x[0-9]{3}/)*[0-9]{3})(?:\.p/([1-9][0-9]{0,2}))?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Tile:
    """A tile of hashes at `level` (0 to 63); `width` below 256 makes it partial."""

    level: int
    index: int
    width: int = FULL_WIDTH

    @property
    def path(self) -> str:
        return f"tile/{self.level}/{_render_index(self.index, self.width)}"


@dataclass(frozen=True, slots=True)
class Bundle:
    """A bundle of entries; `width` below 256 makes it partial."""

    index: int
    width: int = FULL_WIDTH

    @property
    def path(self) -> str:
        return f"tile/entries/{_render_index(self.index, self.width)}"


def _render_index(index: int, width: int) -> str:
    groups = [f"{index % 1000:03d}"]
    while index >= 1000:
        index //= 1000
        groups.append(f"x{index % 1000:03d}")
    name = "/".join(reversed(groups))
    return name if width == FULL_WIDTH else f"{name}.p/{width}"


def partials_folder(item: Tile | Bundle) -> str:
    """Give the folder that holds the partial versions of a tile or bundle, with its slash."""
    full = item.path.partition(".p/")[0]
    return f"{full}.p/"


def parse_path(path: str) -> Tile | Bundle:
    """Read the path of a tile or bundle. Raises Malformed for every other spelling. Spec: C2SP tlog-tiles."""
    match = _PATH.fullmatch(path)
    if match is None:
        raise _bad_path(path)
    kind, digits, partial = match.groups()
    index = int(digits.replace("x", "").replace("/", ""))
    width = int(partial) if partial else FULL_WIDTH
    level = 0 if kind == "entries" else int(kind)
    item = Bundle(index, width) if kind == "entries" else Tile(level, index, width)
    fits = level <= 63 and index <= _LARGEST_INDEX and not (partial and width >= FULL_WIDTH)
    if not fits or item.path != path:
        raise _bad_path(path)
    return item


def _bad_path(path: str) -> Malformed:
    return Malformed(
        Code.PATH_FORM, path[:200], "not a tile path; expected tile/<level>/<index> or tile/entries/<index>"
    )


def partial_width(level: int, size: int) -> int:
    """Give the width of the partial tile at a level for a tree of `size`; 0 when there is none."""
    return (size >> (TILE_HEIGHT * level)) % FULL_WIDTH


def full_tiles(level: int, size: int) -> int:
    """Count the full tiles at a level for a tree of `size`."""
    return size >> (TILE_HEIGHT * (level + 1))


def levels(size: int) -> int:
    """Count the levels that have at least one hash for a tree of `size`."""
    return -(-size.bit_length() // TILE_HEIGHT)


def tile_at(level: int, index: int, size: int) -> Tile:
    """Name the tile as it stands in a tree of `size`: full, or partial at the right edge."""
    width = FULL_WIDTH if index < full_tiles(level, size) else partial_width(level, size)
    return Tile(level, index, width)


def bundle_at(index: int, size: int) -> Bundle:
    """Name the bundle as it stands in a tree of `size`."""
    return Bundle(index, tile_at(0, index, size).width)


def tiles_of(size: int) -> Iterator[Tile]:
    """List every tile of a tree of `size`, level by level."""
    for level in range(levels(size)):
        for index in range(full_tiles(level, size)):
            yield Tile(level, index)
        if width := partial_width(level, size):
            yield Tile(level, full_tiles(level, size), width)


def bundles_of(size: int) -> Iterator[Bundle]:
    """List every entry bundle of a tree of `size`."""
    for index in range(full_tiles(0, size)):
        yield Bundle(index)
    if width := partial_width(0, size):
        yield Bundle(full_tiles(0, size), width)


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a node's hash is found: in which tile, at which `height` above its hashes, `offset` from the left."""

    tile_level: int
    tile_index: int
    height: int
    offset: int


def locate(node: Node) -> Spot:
    """Find the tile that yields a node's hash."""
    tile_level, height = divmod(node.level, TILE_HEIGHT)
    span = TILE_HEIGHT - height
    return Spot(tile_level, node.number >> span, height, node.number & ((1 << span) - 1))


def fold(row: bytes) -> bytes:
    """Hash neighbouring pairs of a row of 32-byte hashes; the row must hold an even number of them."""
    sha = hashlib.sha256
    return b"".join([sha(b"\x01" + row[at : at + 64]).digest() for at in range(0, len(row), 64)])


def full_tile_hash(row: bytes) -> bytes:
    """Give the hash that a full tile contributes to the level above. Raises Malformed for a partial one."""
    if len(row) != FULL_WIDTH * HASH_SIZE:
        raise Malformed(Code.TILE_FORM, "tile", "only a full tile of 8,192 bytes is hashed upward")
    for _ in range(TILE_HEIGHT):
        row = fold(row)
    return row


def tile_rows(row: bytes) -> tuple[bytes, ...]:
    """Give a tile's hashes and, above them, the hashes of its complete inner subtrees, row by row."""
    rows = [row]
    for _ in range(TILE_HEIGHT):
        even = len(row) // 64 * 64
        row = fold(row[:even])
        rows.append(row)
    return tuple(rows)


def parse_tile(data: bytes, tile: Tile) -> bytes:
    """Require that bytes are a tile of this width and give its row of hashes; a full tile may stand for a partial one.

    Raises Malformed.
    """
    if len(data) not in (tile.width * HASH_SIZE, FULL_WIDTH * HASH_SIZE):
        raise Malformed(
            Code.TILE_FORM, tile.path, f"expected {tile.width * HASH_SIZE} bytes, found {len(data)}; restore the file"
        )
    return data[: tile.width * HASH_SIZE]


def render_bundle(entries: Sequence[bytes]) -> bytes:
    """Write entries one after the other, each after its length in two bytes. Raises Malformed above 65,535 bytes."""
    for entry in entries:
        if len(entry) > LARGEST_ENTRY:
            raise Malformed(
                Code.BUNDLE_FORM, "entry", f"an entry has {len(entry)} bytes, at most 65,535 fit; log its hash instead"
            )
    return b"".join([len(entry).to_bytes(2, "big") + entry for entry in entries])


def parse_bundle(data: bytes, bundle: Bundle) -> list[bytes]:
    """Read the entries of a bundle; a full bundle may stand for a partial one. Raises Malformed."""
    entries: list[bytes] = []
    at, end = 0, len(data)
    while at < end:
        start = at + 2
        at = start + int.from_bytes(data[at:start], "big")
        if start > end or at > end:
            raise Malformed(Code.BUNDLE_FORM, bundle.path, f"entry {len(entries)} is cut off; restore the file")
        entries.append(data[start:at])
    if len(entries) not in (bundle.width, FULL_WIDTH):
        raise Malformed(
            Code.BUNDLE_FORM, bundle.path, f"expected {bundle.width} entries, found {len(entries)}; restore the file"
        )
    return entries[: bundle.width]
