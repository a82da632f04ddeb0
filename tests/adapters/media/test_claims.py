"""What devices write about time and place, and what is believed."""

import pytest

from liuhen.adapters.media.claims import claimed_time, mark, parse_iso_6709, read_tags
from liuhen.adapters.media.facts import Location
from liuhen.core.kernel.moments import parse_instant


@pytest.mark.parametrize(
    ("text", "lat", "lon"),
    [
        ("+35.7756+113.2806/", "35.7756", "113.2806"),
        ("+35.7756+113.2806+1200.5/", "35.7756", "113.2806"),
        ("-33.8688+151.2093/", "-33.8688", "151.2093"),
        ("+40.6894-074.0447/", "40.6894", "-74.0447"),
        ("+4012.22-07500.25/", "40.2036667", "-75.0041667"),
        ("+401213.1-0750015.1/", "40.2036389", "-75.0041944"),
        ("+35+113/", "35", "113"),
        ("+27.5916+086.5640+8850CRSWGS_84/", "27.5916", "86.564"),
    ],
)
def test_places(text: str, lat: str, lon: str) -> None:
    assert parse_iso_6709(text) == Location(lat, lon)


@pytest.mark.parametrize("text", ["", "+00.0000+000.0000/", "+95.0+113.0/", "+35.0+181.0/", "35.7,113.2", "+35.7756"])
def test_places_nobody_measured(text: str) -> None:
    assert parse_iso_6709(text) is None


@pytest.mark.parametrize(
    ("text", "instant", "doubt"),
    [
        ("2019-12-20T20:08:34.000000Z", "2019-12-21T04:08:34+08:00", None),
        ("2019-12-20T17:08:32-0300", "2019-12-21T04:08:32+08:00", None),
        ("2026:03:02 09:10:05", "2026-03-02T09:10:05+08:00", "未注明时区"),
        ("1904-01-01T00:00:00Z", None, "1904"),
        ("1970-01-01T00:00:00.000000Z", None, "1970"),
        ("2026-03-02", None, "没有钟点"),
        ("yesterday", None, "无法识别"),
        ("0000:00:00 00:00:00", None, "无法识别"),
        ("", None, "没有拍摄时间"),
        (None, None, "没有拍摄时间"),
    ],
)
def test_times(text: str | None, instant: str | None, doubt: str | None) -> None:
    moment, said = claimed_time(text)
    assert moment == (parse_instant(instant) if instant else None)
    assert (doubt in (said or "")) if doubt else said is None


def test_the_makers_own_time_goes_before_the_converters() -> None:
    tags = {"creation_time": "2026-03-05T00:00:00Z", "com.apple.quicktime.creationdate": "2026-03-02T09:10:05+0800"}
    assert read_tags(tags).created_at == parse_instant("2026-03-02T09:10:05+08:00")


def test_marks_are_cleaned() -> None:
    assert mark(" Nikon\0\n ") == "Nikon"
    assert mark("\0\0") is None
    assert mark("x" * 1000) == "x" * 64
