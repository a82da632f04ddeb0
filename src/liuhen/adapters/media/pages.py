"""Ogg: pages of one or more streams, each stream closed by a page that says so.

Invariant: a page that is cut in two and a stream that was never closed are both named; neither needs decoding.
Spec: RFC 3533 section 6.
"""

from typing import BinaryIO

from liuhen.adapters.media.refusals import MOST_PARTS, broken, cut_off, too_many_parts, unfinished

CAPTURE = b"OggS"
_HEAD = 27
_FIRST, _LAST = 0x02, 0x04


def require_whole_ogg(file: BinaryIO, size: int) -> None:
    """Raises Unreadable for a file that ends within a page, or before all its streams do."""
    at, still_open = 0, set[bytes]()
    for _ in range(MOST_PARTS):
        head = file.read(_HEAD)
        if len(head) < _HEAD or head[:4] != CAPTURE:
            break
        table = file.read(head[26])
        at += _HEAD + head[26] + sum(table)
        if at > size or len(table) < head[26]:
            raise cut_off(at, size)
        if head[5] & _FIRST:
            still_open.add(head[14:18])
        if head[5] & _LAST:
            still_open.discard(head[14:18])
        file.seek(at)
    else:
        raise too_many_parts()
    if not still_open and at:
        return  # what follows the last page of the last stream is none of it
    rest = size - at
    if 0 < rest < _HEAD and CAPTURE.startswith(head[:4]):
        raise cut_off(at + _HEAD, size)
    raise broken("Ogg") if head.strip(b"\0") else unfinished()
