"""Companions and ledgers: what makers write beside their films, and what hostile bytes do (nothing)."""

import hashlib
import json
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liuhen.adapters.station.companions import SUFFIXES, read_companion
from liuhen.adapters.station.ledger import check_entry, read_ledger
from liuhen.core.kernel.moments import SHANGHAI

NINE = datetime(2026, 3, 2, 9, 12, 5, tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("suffix", "text"),
    [
        (".json", '{"info": {"deviceNo": "D1", "policeNo": "012345", "startTime": "2026-03-02 09:12:05"}}'),
        (".xml", '<rec devno="D1"><PoliceNo>012345</PoliceNo><StartTime>2026-03-02T09:12:05</StartTime></rec>'),
        (".txt", "设备编号：D1\r\n警号: 012345\r\n开始时间=2026/03/02 09:12:05\r\n"),
        (".txt", "Device ID:D1\nofficer = 012345\nstart_time=20260302091205\n"),
    ],
)
def test_makers_say_the_same_in_many_ways(suffix: str, text: str) -> None:
    said = read_companion(suffix, text.encode())
    assert (said.kind, said.device, said.officer, said.started) == ("说明", "D1", "012345", NINE)


def test_a_text_in_the_national_encoding_is_read() -> None:
    assert read_companion(".txt", "警号：012345".encode("gb18030")).officer == "012345"


def test_tracks_and_subtitles_are_known_by_what_they_are() -> None:
    track = {"CoordinateEntries": [{"LocationWKT": "POINT (113.2 35.7)"}] * 3}
    assert read_companion(".json", json.dumps(track).encode()).note == "3 个定位点"
    assert read_companion(".json", json.dumps(track).encode()).kind == "轨迹"
    assert read_companion(".gpx", b"<gpx><trkpt lat='1'/><trkpt lat='2'/></gpx>").note == "2 个定位点"
    assert read_companion(".srt", b"1\n00:00:01,000 --> 00:00:02,000\n").kind == "字幕"


def test_an_entity_is_never_followed() -> None:
    bomb = b'<!DOCTYPE a [<!ENTITY b "012345">]><a><PoliceNo>&b;</PoliceNo></a>'
    said = read_companion(".xml", bomb)
    assert said.officer is None and said.note == "内容无法识别，原样保留"


@given(st.sampled_from(SUFFIXES), st.binary(max_size=400))
def test_no_bytes_make_reading_fail(suffix: str, data: bytes) -> None:
    read_companion(suffix, data)
    read_ledger(data)


def test_deep_nesting_says_nothing() -> None:
    assert read_companion(".json", b"[" * 200_000).device is None


@given(st.recursive(st.none() | st.text() | st.integers(), lambda inner: st.dictionaries(st.text(), inner)))
def test_no_json_makes_reading_fail(value: object) -> None:
    read_companion(".json", json.dumps(value).encode())


def chain(previous: str, file: bytes, *, as_text: bool) -> str:
    inner = hashlib.sha256(file).hexdigest()
    joined = (previous + inner).encode() if as_text else bytes.fromhex(previous + inner)
    return hashlib.sha256(joined).hexdigest()


@pytest.mark.parametrize("as_text", [False, True])
def test_a_ledger_carries_its_chain_from_file_to_file(as_text: bool) -> None:
    one = chain("0" * 64, b"one", as_text=as_text)
    two = chain(one, b"two", as_text=as_text)
    ledger = read_ledger(
        f"# made by the recorder\n{one}  VIDEO/a.mp4\nMARK 2026-03-02T09:12:05 a.mp4 当事人 拒绝\n{two}  b.mp4\n?\n".encode()
    )
    assert ledger.strange == 1
    (moment,) = ledger.moments_of("A.MP4")
    assert (moment.at, moment.note, moment.line) == (NINE, "当事人 拒绝", 3)
    first, second = ledger.entry_of("a.mp4"), ledger.entry_of("b.mp4")
    assert first is not None and second is not None and ledger.entry_of("c.mp4") is None
    assert check_entry(first, hashlib.sha256(b"one").hexdigest()) == "sound"
    assert check_entry(second, hashlib.sha256(b"two").hexdigest()) == "sound"
    assert check_entry(second, hashlib.sha256(b"2wo").hexdigest()) == "broken"


def test_a_line_whose_predecessor_was_deleted_is_a_question() -> None:
    one = chain("0" * 64, b"one", as_text=False)
    two = chain(one, b"two", as_text=False)
    entry = read_ledger(f"{two}  b.mp4\n".encode()).entry_of("b.mp4")
    assert entry is not None and check_entry(entry, hashlib.sha256(b"two").hexdigest()) == "broken"
