"""Still pictures for lists: small, upright, whole."""

from pathlib import Path

import pytest
from PIL import ExifTags, Image

from liuhen.adapters.media.facts import NoPicture
from liuhen.adapters.media.poster import poster
from tests.adapters.media.specimens import Recipe, encode, photograph

Specimens = dict[str, Path]


@pytest.mark.parametrize(
    ("name", "size"),
    [
        ("bigbuckbunny.mp4", (640, 360)),
        ("bikes.mp4", (640, 272)),
        ("carphone_pristine.mp4", (193, 144)),
        ("recorder.avi", (160, 96)),
        ("live.mkv", (160, 96)),
        ("scene.jpg", (640, 427)),
    ],
)
def test_size_and_shape(specimens: Specimens, tmp_path: Path, name: str, size: tuple[int, int]) -> None:
    poster(specimens[name], tmp_path / "p.jpg")
    with Image.open(tmp_path / "p.jpg") as picture:
        assert (picture.format, picture.size) == ("JPEG", size)
        assert len(picture.convert("L").histogram()) == 256
        assert picture.convert("L").getextrema() != (0, 0)
    assert [path.name for path in tmp_path.iterdir()] == ["p.jpg"]


def test_the_asked_second_is_shown(specimens: Specimens, tmp_path: Path) -> None:
    for second in (0.0, 8.0):
        poster(specimens["bikes.mp4"], tmp_path / f"{second}.jpg", at_second=second)
    assert (tmp_path / "0.0.jpg").read_bytes() != (tmp_path / "8.0.jpg").read_bytes()


def test_a_second_past_the_end_shows_something(specimens: Specimens, tmp_path: Path) -> None:
    poster(specimens["bikes.mp4"], tmp_path / "p.jpg", at_second=9_999.0)
    assert (tmp_path / "p.jpg").stat().st_size > 0


def test_upright(tmp_path: Path) -> None:
    poster(encode(tmp_path / "r.mp4", Recipe(sound=None, rotation=90, seconds=1)), tmp_path / "r.jpg")
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = 6
    poster(photograph(tmp_path / "p.jpg", exif=exif), tmp_path / "q.jpg")
    with Image.open(tmp_path / "r.jpg") as turned, Image.open(tmp_path / "q.jpg") as photo:
        assert turned.size == (96, 160)
        assert photo.size == (600, 900)


def test_sound_has_no_picture(specimens: Specimens, tmp_path: Path) -> None:
    with pytest.raises(NoPicture, match="录音"):
        poster(specimens["talk.wav"], tmp_path / "p.jpg")
    assert list(tmp_path.iterdir()) == []
