"""The full audit: every entry is hashed again, every tile compared, every differing file named.

Invariant: a clean report means that the entries in the bundles are exactly those under the given root. It is never
clean when a file is missing, malformed or different.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import product

from liuhen.core.kernel.errors import BadInput
from liuhen.core.tlog.checkpoint import TreeHead
from liuhen.core.tlog.merkle import HASH_SIZE, join, leaf_hash, nodes_of_range
from liuhen.core.tlog.reader import LogFiles, read_bundle, read_tile
from liuhen.core.tlog.refusals import Code
from liuhen.core.tlog.tiles import (
    CHECKPOINT_PATH,
    FULL_WIDTH,
    Bundle,
    Tile,
    bundle_at,
    full_tile_hash,
    full_tiles,
    levels,
    tile_at,
    tile_rows,
)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong, with its stable code and the file it lies in."""

    code: Code
    path: str
    message: str


@dataclass(frozen=True, slots=True)
class AuditReport:
    """What an audit saw; `root` is the root the files lead to, None when too much is missing."""

    findings: tuple[Finding, ...]
    entries: int
    root: bytes | None

    @property
    def is_clean(self) -> bool:
        return not self.findings


@dataclass(slots=True)
class _Choice:
    """A partial tile that differs from what lies below it; only the root can tell which of the two is right."""

    tile: Tile
    derived: bytes
    stored: bytes


@dataclass(slots=True)
class _Sweep:
    files: LogFiles
    head: TreeHead
    entries: int = 0
    findings: dict[tuple[str, Code], Finding] = field(default_factory=dict)
    edge: dict[int, bytes | None] = field(default_factory=dict)
    choices: list[_Choice] = field(default_factory=list)

    def note(self, code: Code, path: str, message: str) -> None:
        self.findings.setdefault((path, code), Finding(code, path, message))


def audit(files: LogFiles, head: TreeHead) -> AuditReport:
    """Hash all entries of the log again and compare with its tiles and with the head's root.

    The head must come from a checkpoint that was checked; without it an audit proves only that the files agree.
    """
    sweep = _Sweep(files, head)
    derived: Iterable[bytes | None] = ()
    for level in range(levels(head.size)):
        derived = _sweep_level(sweep, level, list(derived))
    root = _settle(sweep)
    if root is not None and root != head.root:
        sweep.note(Code.ROOT_DIFFERS, CHECKPOINT_PATH, "the files do not lead to the signed root")
    return AuditReport(tuple(sweep.findings.values()), sweep.entries, root)


def _sweep_level(sweep: _Sweep, level: int, below: list[bytes | None]) -> list[bytes | None]:
    size = sweep.head.size
    count = full_tiles(level, size)
    above: list[bytes | None] = []
    for index in range(count + (tile_at(level, count, size).width > 0)):
        tile = tile_at(level, index, size)
        derived = _derive(sweep, tile, below)
        stored = _read_stored(sweep, tile)
        row = stored if derived is None else derived
        if derived is not None and stored is not None and derived != stored:
            row = _arbitrate(sweep, tile, derived, stored)
        if tile.width == FULL_WIDTH:
            above.append(None if row is None else full_tile_hash(row))
        else:
            sweep.edge[level] = row
    return above


def _derive(sweep: _Sweep, tile: Tile, below: list[bytes | None]) -> bytes | None:
    if tile.level == 0:
        return _hash_bundle(sweep, bundle_at(tile.index, sweep.head.size))
    start = tile.index * FULL_WIDTH
    hashes = [item for item in below[start : start + tile.width] if item is not None]
    return b"".join(hashes) if len(hashes) == tile.width else None


def _hash_bundle(sweep: _Sweep, bundle: Bundle) -> bytes | None:
    try:
        entries = read_bundle(sweep.files, bundle)
    except BadInput as error:
        sweep.note(Code.FILE_MALFORMED, bundle.path, str(error))
        return None
    if entries is None:
        sweep.note(Code.FILE_MISSING, bundle.path, "the entry bundle is missing; restore it from a mirror or backup")
        return None
    sweep.entries += len(entries)
    return b"".join([leaf_hash(entry) for entry in entries])


def _read_stored(sweep: _Sweep, tile: Tile) -> bytes | None:
    try:
        row = read_tile(sweep.files, tile)
    except BadInput as error:
        sweep.note(Code.FILE_MALFORMED, tile.path, str(error))
        return None
    if row is None:
        sweep.note(Code.FILE_MISSING, tile.path, "the tile is missing; rebuild it from the entry bundles")
    return row


def _arbitrate(sweep: _Sweep, tile: Tile, derived: bytes, stored: bytes) -> bytes:
    if tile.width < FULL_WIDTH:
        sweep.choices.append(_Choice(tile, derived, stored))
        return derived
    parent = _stated_above(sweep, tile)
    if parent == full_tile_hash(stored):
        _blame_below(sweep, tile, derived, stored)
        return stored
    _blame_tile(sweep, tile)
    if parent != full_tile_hash(derived):
        _blame_below(sweep, tile, derived, stored)
    return derived


def _stated_above(sweep: _Sweep, tile: Tile) -> bytes | None:
    parent, offset = divmod(tile.index, FULL_WIDTH)
    try:
        row = read_tile(sweep.files, tile_at(tile.level + 1, parent, sweep.head.size))
    except BadInput:
        return None  # reported when the sweep reaches that level
    return None if row is None else row[offset * HASH_SIZE : (offset + 1) * HASH_SIZE]


def _blame_tile(sweep: _Sweep, tile: Tile) -> None:
    sweep.note(Code.TILE_DIFFERS, tile.path, "the tile does not hold the hashes of what lies below it")


def _blame_below(sweep: _Sweep, tile: Tile, derived: bytes, stored: bytes) -> None:
    size = sweep.head.size
    if tile.level == 0:
        sweep.note(
            Code.BUNDLE_DIFFERS,
            bundle_at(tile.index, size).path,
            "the entries are not those that were hashed into the log",
        )
        return
    for offset in range(tile.width):
        span = slice(offset * HASH_SIZE, (offset + 1) * HASH_SIZE)
        if derived[span] != stored[span]:
            child = tile.index * FULL_WIDTH + offset
            _blame_tile(sweep, tile_at(tile.level - 1, child, size))
            if tile.level == 1:
                path = bundle_at(child, size).path
                sweep.note(Code.BUNDLE_DIFFERS, path, "the entries are not those that were hashed into the log")


def _settle(sweep: _Sweep) -> bytes | None:
    """Find which side of every open choice leads to the signed root, and blame the other; blame both when none does."""
    rows = {level: sweep.edge.get(level, b"") for level in range(levels(sweep.head.size))}
    for sides in product((True, False), repeat=len(sweep.choices)):
        for choice, take_derived in zip(sweep.choices, sides, strict=True):
            rows[choice.tile.level] = choice.derived if take_derived else choice.stored
        if _root_of(rows) == sweep.head.root:
            for choice, take_derived in zip(sweep.choices, sides, strict=True):
                _blame_choice(sweep, choice, tile_wrong=take_derived, below_wrong=not take_derived)
            return sweep.head.root
    for choice in sweep.choices:
        rows[choice.tile.level] = choice.derived
        _blame_choice(sweep, choice, tile_wrong=True, below_wrong=True)
    return _root_of(rows)


def _blame_choice(sweep: _Sweep, choice: _Choice, *, tile_wrong: bool, below_wrong: bool) -> None:
    if tile_wrong:
        _blame_tile(sweep, choice.tile)
    if below_wrong:
        _blame_below(sweep, choice.tile, choice.derived, choice.stored)


def _root_of(rows: dict[int, bytes | None]) -> bytes | None:
    hashes: list[bytes] = []
    for _, row in sorted(rows.items(), reverse=True):
        if row is None:
            return None
        inner = tile_rows(row)
        for node in nodes_of_range(0, len(row) // HASH_SIZE):
            hashes.append(inner[node.level][node.number * HASH_SIZE : (node.number + 1) * HASH_SIZE])
    return join(hashes)
