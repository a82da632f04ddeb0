"""What honest files say."""

import shutil
from datetime import timedelta
from pathlib import Path

import pytest
from PIL import Image

from liuhen.adapters.media.facts import Location, StreamFacts
from liuhen.adapters.media.probe import probe
from liuhen.core.kernel.moments import parse_instant
from tests.adapters.media.specimens import Recipe, encode, field_exif, photograph

Specimens = dict[str, Path]


@pytest.mark.parametrize(
    ("name", "container", "kind", "codecs", "playable"),
    [
        ("field.mp4", "mp4", "video", ["h264", "aac"], True),
        ("front.mp4", "mp4", "video", ["h264", "aac"], True),
        ("fragments.mp4", "mp4", "video", ["h264", "aac"], True),
        ("camera.mov", "mov", "video", ["h264", "aac"], False),
        ("recorder.mkv", "mkv", "video", ["h264", "aac"], False),
        ("live.mkv", "mkv", "video", ["h264", "aac"], False),
        ("screen.webm", "webm", "video", ["vp9", "opus"], True),
        ("recorder.avi", "avi", "video", ["mpeg4", "pcm_s16le"], False),
        ("talk.wav", "wav", "audio", ["pcm_s16le"], True),
        ("talk.mp3", "mp3", "audio", ["mp3"], True),
    ],
)
def test_containers(
    specimens: Specimens, name: str, container: str, kind: str, codecs: list[str], playable: bool
) -> None:
    facts = probe(specimens[name])
    assert (facts.container, facts.kind, facts.playable_in_browser) == (container, kind, playable)
    assert [stream.codec for stream in facts.streams] == codecs
    assert facts.duration is not None
    assert abs(facts.duration - timedelta(seconds=3)) < timedelta(seconds=0.3)
    if kind == "video":
        assert (facts.streams[0].width, facts.streams[0].height, facts.streams[0].fps) == (160, 96, "10")


def test_real_footage(specimens: Specimens) -> None:
    facts = probe(specimens["bigbuckbunny.mp4"])
    assert facts.duration == timedelta(seconds=5.312)
    assert facts.streams == (
        StreamFacts("video", "h264", width=1280, height=720, fps="25"),
        StreamFacts("audio", "aac", audio_rate=48_000, channels=6),
    )
    assert facts.created_at is None
    assert "1970" in (facts.clock_doubt or "")
    assert probe(specimens["carphone_pristine.mp4"]).streams[0].fps == "29.97"


@pytest.mark.parametrize("name", ["field.mp4", "recorder.mkv"])
def test_time_is_read_as_utc_and_shown_in_shanghai(specimens: Specimens, name: str) -> None:
    facts = probe(specimens[name])
    assert facts.created_at == parse_instant("2026-03-02T09:10:05+08:00")
    assert facts.created_at.utcoffset() == timedelta(hours=8)
    assert facts.clock_doubt is None


def test_place_of_a_recording(specimens: Specimens) -> None:
    assert probe(specimens["field.mp4"]).location == Location("35.7756", "113.2806")
    assert probe(specimens["camera.mov"]).location is None


def test_a_missing_time_is_said_not_guessed(specimens: Specimens) -> None:
    facts = probe(specimens["bikes.mp4"])
    assert facts.created_at is None
    assert "没有拍摄时间" in (facts.clock_doubt or "")


def test_the_extension_is_not_asked(specimens: Specimens, tmp_path: Path) -> None:
    disguised = shutil.copy(specimens["talk.wav"], tmp_path / "video.mp4")
    assert probe(Path(disguised)).container == "wav"


def test_device_marks(tmp_path: Path) -> None:
    tags = {"make": "海康威视", "model": "DS-MCW407"}
    recording = encode(
        tmp_path / "a.mp4", Recipe(sound=None, tags=tags, options={"movflags": "use_metadata_tags"}, seconds=1)
    )
    facts = probe(recording)
    assert (facts.make, facts.model) == ("海康威视", "DS-MCW407")


def test_a_file_with_a_cover_picture_is_still_sound(specimens: Specimens) -> None:
    assert probe(specimens["talk.mp3"]).kind == "audio"


def test_photograph(specimens: Specimens) -> None:
    facts = probe(specimens["scene.jpg"])
    assert (facts.kind, facts.container, facts.duration) == ("photo", "jpeg", None)
    assert facts.streams == (StreamFacts("photo", "jpeg", width=900, height=600),)
    assert facts.created_at == parse_instant("2026-03-02T09:10:05+08:00")
    assert facts.clock_doubt is None
    assert facts.location == Location("35.7756", "113.2806")
    assert (facts.make, facts.model) == ("Xiaomi", "Redmi Note 8")


def test_a_photograph_without_offset_is_doubted(tmp_path: Path) -> None:
    facts = probe(photograph(tmp_path / "a.jpg", exif=field_exif(offset=None)))
    assert facts.created_at == parse_instant("2026-03-02T09:10:05+08:00")
    assert "未注明时区" in (facts.clock_doubt or "")


def test_a_photograph_from_an_unset_clock(tmp_path: Path) -> None:
    facts = probe(photograph(tmp_path / "a.jpg", exif=field_exif(taken="1970:01:01 00:00:07")))
    assert facts.created_at is None
    assert "时钟未设置" in (facts.clock_doubt or "")


def test_a_screenshot(tmp_path: Path) -> None:
    Image.new("RGB", (30, 20)).save(tmp_path / "a.png")
    facts = probe(tmp_path / "a.png")
    assert (facts.container, facts.kind, facts.location) == ("png", "photo", None)
