"""水印: in every picture of the copy, over the middle as well as at the edges, and never in the original."""

import hashlib
import io
from pathlib import Path

import pytest
from PIL import Image, ImageChops, ImageStat

from liuhen.adapters.media.facts import NoPicture, Unreadable
from liuhen.adapters.media.probe import probe
from liuhen.adapters.media.watermark import mark_picture, mark_video
from tests.adapters.media.specimens import photograph, real_clip
from tests.adapters.media.test_derived import picture_at

WORDS = "李明 2026-03-02 10:05 个人隐私"


def parts(image: Image.Image) -> list[Image.Image]:
    """Cut a picture into nine fields."""
    wide, high = image.width // 3, image.height // 3
    return [image.crop((x * wide, y * high, (x + 1) * wide, (y + 1) * high)) for x in range(3) for y in range(3)]


def _most(grey: Image.Image) -> int:
    return max(level for level, count in enumerate(grey.histogram()) if count)


def changed(one: Image.Image, other: Image.Image) -> list[bool]:
    """Say for each field whether somebody wrote into it."""
    pairs = zip(parts(one.convert("RGB")), parts(other.convert("RGB")), strict=True)
    return [_most(ImageChops.difference(a, b).convert("L")) > 40 for a, b in pairs]


def test_a_still_is_written_all_over() -> None:
    plain = Image.new("RGB", (960, 540), (90, 120, 90))
    kept = io.BytesIO()
    plain.save(kept, "PNG")
    marked = Image.open(io.BytesIO(mark_picture(kept.getvalue(), WORDS)))
    assert marked.size == plain.size and all(changed(plain, marked))
    other = Image.open(io.BytesIO(mark_picture(kept.getvalue(), "王芳 2026-03-02 10:05")))
    assert any(changed(marked, other))


def test_what_is_no_picture_is_refused() -> None:
    with pytest.raises(Unreadable, match="照片"):
        mark_picture(b"no picture", WORDS)


def test_every_picture_of_a_video_is_written_over_and_time_and_original_stay(tmp_path: Path) -> None:
    source = real_clip("bikes.mp4")
    before = hashlib.sha256(source.read_bytes()).hexdigest()
    mark_video(source, tmp_path / "copy.mp4", WORDS)
    assert hashlib.sha256(source.read_bytes()).hexdigest() == before
    one, other = probe(source).duration, probe(tmp_path / "copy.mp4").duration
    assert one is not None and other is not None and abs((one - other).total_seconds()) < 0.2
    for second in ("0", "1", "2"):
        plain, marked = (picture_at(path, second, tmp_path) for path in (source, tmp_path / "copy.mp4"))
        difference = ImageChops.difference(plain.resize(marked.size), marked)
        assert ImageStat.Stat(difference).stddev[0] > 4, second
        assert sum(changed(plain.resize(marked.size), marked)) >= 7


def test_a_photograph_has_no_video(tmp_path: Path) -> None:
    with pytest.raises(NoPicture):
        mark_video(photograph(tmp_path / "a.jpg"), tmp_path / "copy.mp4", WORDS)
    assert list(tmp_path.glob("copy*")) == []
