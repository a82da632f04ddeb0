"""HTTP Range: every form that browsers and download tools send, and the ones that only attackers do."""

import io

import pytest
from django.http import HttpResponseBase, StreamingHttpResponse
from django.test import RequestFactory

from liuhen.doors.web.ranges import PIECE, Span, Unsatisfiable, parse_range, ranged

BODY = bytes(range(256)) * 40


@pytest.mark.parametrize(
    ("header", "span"),
    [
        (None, None),
        ("bytes=0-", Span(0, 1000)),
        ("bytes=0-0", Span(0, 1)),
        ("bytes=10-19", Span(10, 20)),
        ("bytes=999-", Span(999, 1000)),
        ("bytes=990-5000", Span(990, 1000)),
        ("bytes=-1", Span(999, 1000)),
        ("bytes=-5000", Span(0, 1000)),
        ("Bytes = 1-2", Span(1, 3)),
        ("bytes=20-10", None),
        ("bytes=0-1,5-6", None),
        ("items=0-1", None),
        ("bytes=-", None),
        ("bytes=a-b", None),
        ("bytes=١-٢", None),
    ],
)
def test_forms(header: str | None, span: Span | None) -> None:
    assert parse_range(header, 1000) == span


@pytest.mark.parametrize("header", ["bytes=1000-", "bytes=5000-6000", "bytes=-0"])
def test_past_the_end(header: str) -> None:
    with pytest.raises(Unsatisfiable):
        parse_range(header, 1000)


def test_an_empty_object_has_no_range() -> None:
    with pytest.raises(Unsatisfiable):
        parse_range("bytes=0-", 0)
    assert parse_range(None, 0) is None


def _ask(**headers: str) -> HttpResponseBase:
    method = headers.pop("method", "GET")
    request = RequestFactory().generic(method, "/", headers=headers)
    opened = lambda start, length: io.BytesIO(BODY[start : start + length])  # noqa: E731
    return ranged(request, opened=opened, size=len(BODY), digest="d", media_type="video/mp4")


def _body(response: HttpResponseBase) -> bytes:
    assert isinstance(response, StreamingHttpResponse)
    return b"".join(response)


def test_whole() -> None:
    response = _ask()
    assert (response.status_code, _body(response)) == (200, BODY)
    assert response.headers["Accept-Ranges"] == "bytes"
    assert response.headers["Content-Length"] == str(len(BODY))


def test_part() -> None:
    response = _ask(Range="bytes=100-299")
    assert (response.status_code, _body(response)) == (206, BODY[100:300])
    assert response.headers["Content-Range"] == f"bytes 100-299/{len(BODY)}"


def test_head_has_the_headers_and_no_body() -> None:
    response = _ask(method="HEAD", Range="bytes=100-299")
    assert (response.status_code, response.headers["Content-Length"]) == (206, "200")
    assert not isinstance(response, StreamingHttpResponse)


def test_if_range_with_our_tag_gives_the_part_and_with_another_the_whole() -> None:
    ours = _ask(Range="bytes=0-9", **{"If-Range": '"d"'})
    other = _ask(Range="bytes=0-9", **{"If-Range": '"old"'})
    dated = _ask(Range="bytes=0-9", **{"If-Range": "Mon, 02 Mar 2026 02:05:00 GMT"})
    assert [one.status_code for one in (ours, other, dated)] == [206, 200, 200]


def test_unsatisfiable_names_the_size() -> None:
    response = _ask(Range=f"bytes={len(BODY)}-")
    assert (response.status_code, response.headers["Content-Range"]) == (416, f"bytes */{len(BODY)}")


def test_pieces_are_bounded_however_large_the_object() -> None:
    class Endless(io.RawIOBase):
        asked: list[int] = []

        def read(self, size: int = -1) -> bytes:
            self.asked.append(size)
            return b"x" * size if len(self.asked) < 4 else b""

    source = Endless()
    request = RequestFactory().get("/", headers={"Range": "bytes=0-"})
    response = ranged(
        request,
        opened=lambda start, length: source,  # type: ignore[arg-type, return-value]
        size=9 << 30,
        digest="d",
        media_type="video/mp4",
    )
    assert len(_body(response)) == 3 * PIECE
    assert set(source.asked) == {PIECE}
