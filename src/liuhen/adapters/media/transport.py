"""MPEG transport stream: packets of one size, each beginning with a sync byte.

Invariant: the size of a packet is told by where the sync bytes stand, never by a name. A transport stream states neither its
length nor its end, so that only a packet cut in two, or never written, shows that something is missing.
Spec: ISO/IEC 13818-1 section 2.4.3 (188 bytes), the 4-byte time code before each packet in M2TS, 16 check bytes after it (204).
"""

from dataclasses import dataclass
from typing import BinaryIO

from liuhen.adapters.media.refusals import broken, cut_off, unfinished

_SYNC = 0x47
_LEAST, _MOST = 3, 8  # packets that must agree, and that are asked


@dataclass(frozen=True, slots=True)
class Grid:
    """Packets of `unit` bytes, whose sync byte stands `lead` bytes after their beginning."""

    unit: int
    lead: int


_GRIDS = (Grid(188, 0), Grid(192, 4), Grid(204, 0))
HEAD = 204 * _MOST  # bytes that tell


def grid_of(head: bytes) -> Grid | None:
    """Tell the grid by the first bytes of a file; None for what is no transport stream."""
    return next((grid for grid in _GRIDS if _fits(head, grid)), None)


def _fits(head: bytes, grid: Grid) -> bool:
    marks = head[grid.lead : grid.unit * _MOST : grid.unit]
    return len(marks) >= _LEAST and set(marks) == {_SYNC}


def require_whole_transport(file: BinaryIO, size: int) -> None:
    """Raises Unreadable for a last packet that is cut in two or was never written."""
    grid = grid_of(file.read(HEAD))
    if grid is None:
        raise broken("TS")
    whole, rest = divmod(size, grid.unit)
    file.seek((whole - 1) * grid.unit)
    last, over = file.read(grid.unit), file.read(rest)
    if last[grid.lead] != _SYNC:
        raise broken("TS") if last.strip(b"\0") else unfinished()
    if over.strip(b"\0"):
        raise cut_off((whole + 1) * grid.unit, size)
