"""The demonstration's recordings: real pictures, body-camera dress, the same bytes every time."""

import importlib.metadata
import subprocess
import sys
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import av
import pytest

from liuhen.adapters.media.facts import Location
from liuhen.adapters.media.probe import probe
from liuhen.core.kernel.errors import BadInput
from liuhen.core.kernel.moments import SHANGHAI
from liuhen.doors.demonstration import footage
from liuhen.doors.demonstration.footage import Shot, make_footage

START = datetime(2026, 3, 2, 9, 10, 5, tzinfo=SHANGHAI)

AGAIN = """
import sys
from datetime import datetime, timedelta
from pathlib import Path
from liuhen.doors.demonstration.footage import Shot, make_footage
start = datetime.fromisoformat("2026-03-02T09:10:05+08:00")
shots = [Shot(c, c, start, timedelta(seconds=12), "DSJ-LC00017", "张强") for c in sys.argv[2:]]
make_footage(Path(sys.argv[1]), shots)
"""


def shot(name: str = "site", clip: str = "bikes.mp4", seconds: float = 12, started_at: datetime = START) -> Shot:
    return Shot(name, clip, started_at, timedelta(seconds=seconds), "DSJ-LC00017", "张强")


@pytest.fixture
def without_clips(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    def absent(name: str) -> None:
        raise importlib.metadata.PackageNotFoundError(name)

    footage._load.cache_clear()
    monkeypatch.setattr(importlib.metadata, "files", absent)
    yield
    footage._load.cache_clear()


def test_what_the_recording_says(tmp_path: Path) -> None:
    [made] = make_footage(tmp_path, [shot(seconds=25)])
    facts = probe(made.path)
    assert made.origin == "real"
    assert facts.created_at == START
    assert facts.location == Location("35.7756", "113.2806")
    assert facts.playable_in_browser
    assert facts.duration is not None
    assert abs(facts.duration - timedelta(seconds=25)) < timedelta(seconds=0.1)
    assert [stream.codec for stream in facts.streams] == ["h264", "aac"]
    assert made.path.stat().st_size < 25 * 30_000
    assert [path.name for path in tmp_path.iterdir()] == ["site.mp4"]


def test_same_bytes_from_another_process(tmp_path: Path) -> None:
    clips = ["bikes.mp4", "bigbuckbunny.mp4", "carphone_pristine.mp4"]
    for folder in ("one", "two"):
        subprocess.run([sys.executable, "-c", AGAIN, str(tmp_path / folder), *clips], check=True, timeout=120)
    for clip in clips:
        first, second = ((tmp_path / folder / f"{clip}.mp4").read_bytes() for folder in ("one", "two"))
        assert first == second


def test_time_is_burnt_into_the_picture(tmp_path: Path) -> None:
    """The clip repeats after ten seconds exactly, so that between the two only the clock differs."""
    [made] = make_footage(tmp_path, [shot(seconds=24)])
    with av.open(str(made.path)) as container:
        pictures = [frame.to_image().convert("L") for frame in container.decode(video=0)]  # type: ignore[no-untyped-call]
    clock = (0, 0, 200, 28)
    unlike = [abs(a - b) for a, b in zip(*(pictures[n].crop(clock).tobytes() for n in (8, 88)), strict=True)]
    assert max(unlike) > 120
    assert pictures[8].crop(clock).getextrema()[1] > 200


def test_the_clips_own_sound_is_kept_and_looped(tmp_path: Path) -> None:
    [loud, silent] = make_footage(tmp_path, [shot("loud", "bigbuckbunny.mp4", 14), shot("silent", "bikes.mp4", 3)])

    def peaks(path: Path) -> list[int]:
        resampler = av.AudioResampler(format="s16", layout="mono", rate=8000)
        with av.open(str(path)) as container:
            pieces = [f for frame in container.decode(audio=0) for f in resampler.resample(frame)]
        return [max(memoryview(bytes(piece.planes[0])[: 2 * piece.samples]).cast("h")) for piece in pieces]

    heard = peaks(loud.path)
    assert max(heard[: len(heard) // 3]) > 500
    assert max(heard[-len(heard) // 3 :]) > 500
    assert max(peaks(silent.path)) < 10


def test_without_the_clips_a_pattern_stands_in_and_says_so(tmp_path: Path, without_clips: None) -> None:
    [made] = make_footage(tmp_path, [shot(seconds=2)])
    assert made.origin == "generated"
    assert probe(made.path).created_at == START


@pytest.mark.parametrize(
    "bad",
    [shot(clip="none.mp4"), shot(seconds=0.5), shot(started_at=START.replace(tzinfo=None))],
)
def test_shots_that_cannot_be_made(tmp_path: Path, bad: Shot) -> None:
    with pytest.raises(BadInput):
        make_footage(tmp_path, [bad])
    assert list(tmp_path.iterdir()) == []
