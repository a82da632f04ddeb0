"""What an examination finds, to a tenth of a second; and what it must not find."""

from decimal import Decimal
from pathlib import Path

import pytest

from liuhen.adapters.media.examination import OutOfTime, Span
from liuhen.adapters.media.examine import examine
from liuhen.adapters.media.facts import Unreadable
from liuhen.adapters.media.loudness import buckets
from tests.adapters.media.faults import Fault, film
from tests.adapters.media.specimens import Recipe, encode, photograph, real_clip

Specimens = dict[str, Path]
# At a steady quality; an encoder that changes it with every key frame hides a freeze, which is then not claimed.
QUIET = {"libx265": (("x265-params", "log-level=none:qp=24"),)}


def found(path: Path, *kinds: str) -> list[tuple[str, Decimal, Decimal]]:
    return [(span.kind, span.start, span.end) for span in examine(path).spans if span.kind in kinds]


def near(found: list[tuple[str, Decimal, Decimal]], kind: str, start: float, end: float, slack: float) -> bool:
    return [name for name, _, _ in found] == [kind] and all(
        abs(float(one) - other) <= slack + 1e-9 for one, other in zip(found[0][1:], (start, end), strict=True)
    )


@pytest.mark.parametrize("name", ["a.mp4", "a.mkv"])
@pytest.mark.parametrize("gop", [10, 20, 100])
def test_black_to_the_frame(tmp_path: Path, name: str, gop: int) -> None:
    path = film(tmp_path / name, Fault(black=(6.3, 9.1), gop=gop))
    assert near(found(path, "黑屏", "静止", "断流"), "黑屏", 6.3, 9.1, 0)


def test_a_blink_is_not_black(tmp_path: Path) -> None:
    assert found(film(tmp_path / "a.mp4", Fault(black=(6.3, 7.9), seconds=12)), "黑屏", "静止") == []


@pytest.mark.parametrize(
    ("codec", "name"), [("libx264", "a.mp4"), ("libx265", "a.mp4"), ("mpeg4", "a.avi"), ("mjpeg", "a.avi")]
)
def test_frozen_pictures(tmp_path: Path, codec: str, name: str) -> None:
    path = film(tmp_path / name, Fault(frozen=(6.0, 14.0), codec=codec, options=QUIET.get(codec, ())))
    # The picture stands from the moment it was last renewed.
    assert near(found(path, "静止", "黑屏"), "静止", 5.9, 14.0, 0.1)


@pytest.mark.parametrize("crf", ["18", "23", "30"])
def test_a_still_scene_is_not_frozen(tmp_path: Path, crf: str) -> None:
    assert found(film(tmp_path / "a.mp4", Fault(still=(0, 20), options=(("crf", crf),))), "静止", "黑屏") == []


def test_something_small_moves(tmp_path: Path) -> None:
    assert found(film(tmp_path / "a.mp4", Fault(speck=(0, 20))), "静止") == []


def test_a_short_stop_is_not_frozen(tmp_path: Path) -> None:
    assert found(film(tmp_path / "a.mp4", Fault(frozen=(6.0, 10.5))), "静止") == []


@pytest.mark.parametrize("name", ["a.mp4", "a.mkv"])
def test_a_gap_to_a_tenth(tmp_path: Path, name: str) -> None:
    path = film(tmp_path / name, Fault(missing=(7.4, 9.2)))
    assert found(path, "断流") == [("断流", Decimal("7.4"), Decimal("9.2"))]


def test_one_lost_picture_is_no_gap(tmp_path: Path) -> None:
    assert found(film(tmp_path / "a.mp4", Fault(missing=(7.4, 7.5), seconds=12)), "断流") == []


def test_picture_that_ends_before_the_sound(tmp_path: Path) -> None:
    path = film(tmp_path / "a.mp4", Fault(missing=(9, 12), seconds=12))
    assert near(found(path, "断流"), "断流", 9, 12, 0.1)


@pytest.mark.parametrize(("sound", "name"), [("aac", "a.mp4"), ("pcm_s16le", "a.mkv"), ("libmp3lame", "a.avi")])
def test_silence(tmp_path: Path, sound: str, name: str) -> None:
    path = film(tmp_path / name, Fault(silent=(3.2, 8.0), seconds=12, sound=sound))
    assert near(found(path, "静音"), "静音", 3.2, 8.0, 0.2)


def test_a_recording_without_sound_is_silent(tmp_path: Path) -> None:
    examination = examine(film(tmp_path / "a.mp4", Fault(seconds=5, sound=None)))
    assert examination.spans == (Span("静音", Decimal(0), Decimal(5)),)
    assert examination.peaks == b""


def test_sound_alone(specimens: Specimens) -> None:
    for name in ("talk.wav", "talk.mp3"):
        examination = examine(specimens[name])
        assert abs(examination.length - 3) <= Decimal("0.2")
        assert examination.spans == () and max(examination.peaks) > 30


def test_real_footage_moves(specimens: Specimens) -> None:
    for name in ("bikes.mp4", "bigbuckbunny.mp4", "carphone_pristine.mp4"):
        assert found(specimens[name], "黑屏", "静止", "断流") == []
    assert found(specimens["bigbuckbunny.mp4"], "静音") == []


def test_stamps_that_do_not_begin_at_zero(tmp_path: Path) -> None:
    path = encode(tmp_path / "a.mkv", Recipe(seconds=3, options={"output_ts_offset": "100"}))
    assert abs(examine(path).length - 3) <= Decimal("0.2")


def test_photographs_and_rubbish(tmp_path: Path) -> None:
    with pytest.raises(Unreadable):
        examine(photograph(tmp_path / "a.jpg"))
    (tmp_path / "b.mp4").write_bytes(b"no film at all")
    with pytest.raises(Unreadable):
        examine(tmp_path / "b.mp4")


def test_time_runs_out() -> None:
    with pytest.raises(OutOfTime) as refusal:
        examine(real_clip("bikes.mp4"), within=0)
    assert refusal.value.reason.endswith("。")


def test_waveform_is_never_wide() -> None:
    assert buckets(bytes(range(100))) == bytes(range(100))
    wide = buckets(bytes(39_999) + b"\xff")
    assert len(wide) == 4000 and wide[-1] == 255 and not any(wide[:-1])
