"""Sound files that are a row of frames and nothing else: AMR, AAC in ADTS.

Invariant: every frame states its own length; the last one must end with the file. What does not decode is none of this.
Specs: RFC 4867 section 5 (AMR, AMR-WB), ISO/IEC 14496-3 section 1.A.2 (ADTS).
"""

from collections.abc import Callable
from fractions import Fraction
from typing import BinaryIO

from liuhen.adapters.media.refusals import broken, cut_off, too_many_parts, without_sound

NARROW, WIDE = b"#!AMR\n", b"#!AMR-WB\n"
# Bytes of a frame by its type, its own first byte counted; 0: no such type.
_NARROW_SIZES = (13, 14, 16, 18, 20, 21, 27, 32, 6, 0, 0, 0, 0, 0, 0, 1)
_WIDE_SIZES = (18, 24, 33, 37, 41, 47, 51, 59, 61, 6, 0, 0, 0, 0, 1, 1)
_MOST_FRAMES = 20_000_000  # more than four days
_BLOCK = 1 << 20
_ADTS_HEAD = 7
_ADTS_RATES = (96000, 88200, 64000, 48000, 44100, 32000, 24000, 22050, 16000, 12000, 11025, 8000, 7350)
_LONGEST = 1 << 13  # bytes of a frame of either kind


def is_adts(head: bytes) -> bool:
    """Say whether a file begins with a frame of AAC: twelve bits of sync, layer 0, a rate that there is, a length that can be."""
    return _adts_length(head, 0) > 0


def require_whole_amr(file: BinaryIO, size: int) -> None:
    """Raises Unreadable when the last frame is cut, or a frame has a type that there is none of."""
    amr_seconds(file, size)


def require_whole_adts(file: BinaryIO, size: int) -> None:
    """Raises Unreadable when the last frame is cut, or no frame begins where one should; a tag at the end is passed over."""
    adts_seconds(file, size)


def amr_seconds(file: BinaryIO, size: int) -> Fraction:
    """Give how long it sounds: 20 milliseconds a frame. Raises Unreadable as `require_whole_amr` does."""
    wide = file.read(len(WIDE)) == WIDE
    sizes = _WIDE_SIZES if wide else _NARROW_SIZES
    return Fraction(1, 50) * _require_frames(
        file, (len(WIDE if wide else NARROW), size), lambda data, at: sizes[data[at] >> 3 & 15], 1, "AMR"
    )


def adts_seconds(file: BinaryIO, size: int) -> Fraction:
    """Give how long it sounds, by its first head's rate. Raises Unreadable as `require_whole_adts` does."""
    head = file.read(_ADTS_HEAD)
    samples = 1024 * ((head[6] & 3) + 1)
    return Fraction(samples, _ADTS_RATES[head[2] >> 2 & 15]) * _require_frames(
        file, (0, size), _adts_length, _ADTS_HEAD, "AAC"
    )


def _require_frames(
    file: BinaryIO, span: tuple[int, int], length_at: Callable[[bytes, int], int], head: int, kind: str
) -> int:
    """Walk the frames to the end; gives how many there are."""
    start, size = span
    if start >= size:
        raise without_sound(kind)
    data, base, at = b"", start, 0
    for count in range(_MOST_FRAMES):
        if at + _LONGEST > len(data) and base + len(data) < size:
            base, at = base + at, 0
            file.seek(base)
            data = file.read(_BLOCK)
        left = size - base - at
        if left <= 0:
            return count
        if left < head:
            raise cut_off(base + at + head, size)
        length = length_at(data, at)
        if length > left:
            raise cut_off(base + at + length, size)
        if length == 0:
            if count and _is_appendix(data[at:]):
                return count
            raise broken(kind)
        at += length
    raise too_many_parts()


def _adts_length(data: bytes, at: int) -> int:
    head = data[at : at + _ADTS_HEAD]
    if len(head) < _ADTS_HEAD or head[0] != 0xFF or head[1] & 0xF6 != 0xF0 or head[2] >> 2 & 15 > 12:
        return 0
    length = (head[3] & 3) << 11 | head[4] << 3 | head[5] >> 5
    return length if length > _ADTS_HEAD else 0


def _is_appendix(rest: bytes) -> bool:
    """The tag that players write at the end (ID3 version 1, 128 bytes, or APE), or padding."""
    return rest[:3] == b"TAG" or rest[:8] == b"APETAGEX" or not rest.strip(b"\0")
