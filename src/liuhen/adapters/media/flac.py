"""FLAC: is the last frame there, and is it the last?

Invariant: the last frame must pass its own check sum and end at the number of samples that the head states. Only the last
megabytes are read. Spec: RFC 9639 sections 8.2 (head) and 9 (frames).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import BinaryIO

from liuhen.adapters.media.refusals import MOST_PARTS, broken, cut_off, too_many_parts, unfinished

MARK = b"fLaC"
_TAIL = 4 << 20
_MOST_TRIED = 8  # frames from the end: by chance one byte in 256 passes for a head's check sum
_HEAD_LENGTH = 34
_TAG = 128  # bytes of an ID3 tag of version 1 at the end
_BLOCK_SIZES = (0, 192, 576, 1152, 2304, 4608, 0, 0, 256, 512, 1024, 2048, 4096, 8192, 16384, 32768)


def _table(poly: int, width: int) -> tuple[int, ...]:
    top, mask = 1 << (width - 1), (1 << width) - 1
    made = []
    for byte in range(256):
        value = byte << (width - 8)
        for _ in range(8):
            value = (value << 1 ^ poly if value & top else value << 1) & mask
        made.append(value)
    return tuple(made)


_EIGHT, _SIXTEEN = _table(0x07, 8), _table(0x8005, 16)


def require_whole_flac(file: BinaryIO, size: int) -> None:
    """Raises Unreadable when the frame that the head promises as the last one is missing or damaged."""
    info, start = _read_head(file, size)
    if start >= size:
        raise unfinished()
    base = max(start, size - _TAIL)
    file.seek(base)
    tail = file.read(_TAIL)
    if tail[-_TAG:][:3] == b"TAG":
        tail = tail[:-_TAG]
    fixed = int.from_bytes(info[:2], "big")
    total = int.from_bytes(info[13:18], "big") & (1 << 36) - 1
    tried = islice(_frames(tail, fixed), _MOST_TRIED)
    reached = next((frame.end for frame in tried if not _sum(tail[frame.at :], _SIXTEEN, 16)), None)
    if reached is None or reached < total:
        raise cut_off(size + 1, size)


def _read_head(file: BinaryIO, size: int) -> tuple[bytes, int]:
    """Give the head's facts, and where the sound begins."""
    at, info = 4, b""
    for _ in range(MOST_PARTS):
        file.seek(at)
        head = file.read(4)
        if len(head) < 4:
            raise cut_off(at + 4, size)
        length, kind = int.from_bytes(head[1:], "big"), head[0] & 0x7F
        at += 4 + length
        if at > size:
            raise cut_off(at, size)
        if not info:
            info = file.read(length)
            if kind or len(info) != _HEAD_LENGTH:
                raise broken("FLAC")
        if head[0] & 0x80:
            return info, at
    raise too_many_parts()


@dataclass(frozen=True, slots=True)
class _Frame:
    """Where a frame begins, and the sample that follows its last one."""

    at: int
    end: int


def _frames(tail: bytes, fixed: int) -> Iterator[_Frame]:
    """Give the frames whose heads pass their check sum, from the end to the front; `fixed` samples each, if they say none."""
    at = len(tail)
    while (at := tail.rfind(b"\xff", 0, at)) >= 0:
        if tail[at + 1 : at + 2] in (b"\xf8", b"\xf9") and (end := _end(tail, at, fixed)) is not None:
            yield _Frame(at, end)


def _end(tail: bytes, at: int, fixed: int) -> int | None:
    number, after = _number(tail, at + 4)
    if number is None or after + 5 > len(tail):
        return None
    code = tail[at + 2] >> 4
    wide = {6: 1, 7: 2}.get(code, 0)
    size = int.from_bytes(tail[after : after + wide], "big") + 1 if wide else _BLOCK_SIZES[code]
    after += wide + {12: 1, 13: 2, 14: 2}.get(tail[at + 2] & 15, 0)
    if not size or after >= len(tail) or _sum(tail[at:after], _EIGHT, 8) != tail[after]:
        return None
    return number + size if tail[at + 1] & 1 else number * fixed + size


def _number(tail: bytes, at: int) -> tuple[int | None, int]:
    """Read the number of a frame or of its first sample, coded as UTF-8 is, in up to seven bytes."""
    first = tail[at] if at < len(tail) else 0xFF
    more = 8 - (first ^ 0xFF).bit_length() if first >= 0x80 else 1
    if first == 0xFF or (first >= 0x80 and more < 2) or at + more > len(tail):
        return None, at
    value = first if first < 0x80 else first & (0x7F >> more)
    for byte in tail[at + 1 : at + more]:
        if byte >> 6 != 0b10:
            return None, at
        value = value << 6 | byte & 0x3F
    return value, at + more


def _sum(data: bytes, table: tuple[int, ...], width: int) -> int:
    value, mask = 0, (1 << width) - 1
    for byte in data:
        value = (value << 8 ^ table[value >> (width - 8) ^ byte]) & mask
    return value
