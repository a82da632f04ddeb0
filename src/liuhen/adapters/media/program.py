"""MPEG program stream (.mpg, .vob, and the files of recorders that put a head of their own before it): packs of packets.

Invariant: only the last megabytes are walked, from a pack header on, so that a long recording costs no more than a short one.
Spec: ISO/IEC 13818-1 section 2.5.3, ISO/IEC 11172-1 section 2.4.3.
"""

from typing import BinaryIO

from liuhen.adapters.media.refusals import broken, cut_off, unfinished

PACK = b"\0\0\1\xba"
_PREFIX, _END = b"\0\0\1", 0xB9
_PACKET_HEAD = 6
_TAIL = 4 << 20  # a pack header comes at least every 0.7 seconds: enough for 45 Mbit/s


def begins_program(head: bytes) -> bool:
    """Say whether a file begins as a program stream, alone or behind the head that Hikvision's recorders write."""
    return head.startswith(PACK) or (head.startswith(b"IMKH") and PACK in head[:64])


def require_whole_program(file: BinaryIO, size: int) -> None:
    """Raises Unreadable when the last packet claims more bytes than there are, or no packet leads to the end."""
    base = max(0, size - _TAIL)
    file.seek(base)
    tail = file.read(_TAIL)
    if not tail[-4096:].strip(b"\0") and len(tail) > 4096:
        raise unfinished()
    at = tail.find(PACK)
    while at >= 0:
        stop = _walk(tail, at)
        if stop > len(tail) or _is_part_of_head(tail[stop:]):
            raise cut_off(base + max(stop, len(tail) + 1), size)
        if stop > at and _is_end(tail, stop):
            return
        at = tail.find(PACK, max(stop, at + 1))
    raise broken("MPEG")


def _walk(tail: bytes, at: int) -> int:
    """Follow the packets from a pack header to where none follows any more."""
    while (follows := _next(tail, at)) > at:
        at = follows
    return at


def _next(tail: bytes, at: int) -> int:
    """Give where the packet at `at` ends; `at` itself where none begins, or its head is not all there."""
    head = tail[at : at + 14]
    if len(head) < 4 or head[:3] != _PREFIX or head[3] < _END:
        return at
    if head[3] == _END:
        return at + 4
    if head[3] == PACK[3]:
        return at + _pack_length(head) if len(head) == 14 else at
    if len(head) < _PACKET_HEAD:
        return at
    length = int.from_bytes(head[4:6], "big")
    if length or head[3] >> 4 != 0xE:
        return at + _PACKET_HEAD + length
    follows = tail.find(PACK, at + _PACKET_HEAD)  # a picture of unstated length, as some recorders write
    return follows if follows >= 0 else len(tail)


def _pack_length(head: bytes) -> int:
    """MPEG-2 begins with the bits 01 and may be stuffed, MPEG-1 with 0010; what has neither is no pack header."""
    if head[4] >> 6 == 0b01:
        return 14 + (head[13] & 7)
    return 12 if head[4] >> 4 == 0b0010 else 0


def _is_end(tail: bytes, stop: int) -> bool:
    """The last packet ends with the file, or with the padding that recorders leave behind it."""
    return not (tail[stop:].strip(b"\0") and tail[stop:].strip(b"\xff"))


def _is_part_of_head(rest: bytes) -> bool:
    return 0 < len(rest) < 14 and (rest.startswith(_PREFIX) or _PREFIX.startswith(rest))
