"""How Chinese is set: spaces where scripts meet, numbers left alone, escaping kept."""

from datetime import UTC, datetime

import pytest

from liuhen.doors.web.typography import moment, say_second, size, spaced


@pytest.mark.parametrize(
    ("text", "set_as"),
    [
        ("应录48分，实录98%", "应录\u200948\u2009分，实录\u200998%"),
        ("加 24 小时", "加\u200924\u2009小时"),
        ("PDF文书", "PDF\u2009文书"),
        ("陵财案〔2026〕17号", "陵财案〔2026〕17号"),
        ("没有数字", "没有数字"),
    ],
)
def test_spaced(text: str, set_as: str) -> None:
    assert spaced(text) == set_as


def test_spaced_escapes() -> None:
    assert spaced("<b>无证2</b>") == "&lt;b&gt;无证2&lt;/b&gt;"


def test_moment_is_in_shanghai() -> None:
    assert moment(datetime(2026, 3, 2, 2, 5, tzinfo=UTC)) == (
        '<time datetime="2026-03-02T10:05:00+08:00">2026-03-02 10:05 (周一)</time>'
    )


@pytest.mark.parametrize(("count", "words"), [(0, "0 字节"), (35_200, "35.2 KB"), (1_100_000_000, "1.1 GB")])
def test_size(count: int, words: str) -> None:
    assert size(count) == words


@pytest.mark.parametrize(("second", "words"), [(5, "0:05"), (125.9, "2:05"), (3725, "1:02:05")])
def test_second(second: float, words: str) -> None:
    assert say_second(second) == words
