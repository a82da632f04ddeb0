"""Bytes of the vault by HTTP Range: what lets a video seek and a cut download go on.

Invariant: never more than one piece in memory, however large the object; a range is checked against the size before any
byte is read. Spec: RFC 9110, 13.1.5 (If-Range), 14 (Range requests).
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import BinaryIO

from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse

PIECE = 1 << 20
_SINGLE = re.compile(r"bytes\s*=\s*(\d*)-(\d*)", re.IGNORECASE | re.ASCII)

Open = Callable[[int, int], BinaryIO]


@dataclass(frozen=True, slots=True)
class Span:
    """Bytes from `start` up to, not including, `stop`."""

    start: int
    stop: int


class Unsatisfiable(Exception):
    """The range begins past the end."""


def parse_range(header: str | None, size: int) -> Span | None:
    """Read a Range header; None means the whole (no header, several ranges, another unit, or a form that is no range).

    Raises Unsatisfiable for a range that lies wholly past the end.
    """
    found = _SINGLE.fullmatch((header or "").strip())
    if found is None:
        return None
    first, last = found.groups()
    if not first:
        return _suffix(last, size)
    start = int(first)
    if last and int(last) < start:
        return None
    if start >= size:
        raise Unsatisfiable
    return Span(start, min(int(last) + 1, size) if last else size)


def _suffix(last: str, size: int) -> Span | None:
    if not last:
        return None
    if int(last) == 0 or size == 0:
        raise Unsatisfiable
    return Span(max(0, size - int(last)), size)


def ranged(request: HttpRequest, *, opened: Open, size: int, digest: str, media_type: str) -> HttpResponseBase:
    """Answer a GET or HEAD for an object of the vault: 200, 206 or 416."""
    etag = f'"{digest}"'
    condition = request.headers.get("If-Range")
    wanted = request.headers.get("Range") if condition is None or condition == etag else None
    try:
        span = parse_range(wanted, size)
    except Unsatisfiable:
        response: HttpResponseBase = HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"})
        response.headers["Content-Type"] = media_type
        return response
    part = span or Span(0, size)
    response = _body(request, opened, part, media_type)
    response.status_code = 206 if span else 200
    if span:
        response.headers["Content-Range"] = f"bytes {part.start}-{part.stop - 1}/{size}"
    response.headers["Content-Length"] = str(part.stop - part.start)
    response.headers["Accept-Ranges"] = "bytes"
    response.headers["ETag"] = etag
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _body(request: HttpRequest, opened: Open, part: Span, media_type: str) -> HttpResponseBase:
    if request.method == "HEAD":
        return HttpResponse(content_type=media_type)
    return StreamingHttpResponse(_pieces(opened, part), content_type=media_type)


def _pieces(opened: Open, part: Span) -> Iterator[bytes]:
    with opened(part.start, part.stop - part.start) as file:
        while piece := file.read(PIECE):
            yield piece
