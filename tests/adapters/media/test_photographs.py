"""HEIC and AVIF as telephones write them: understood like a JPEG, upright, shown by a copy where no browser shows them."""

import io
import random
from pathlib import Path

import pytest
from PIL import ExifTags, Image

from liuhen.adapters.media.contents import detect
from liuhen.adapters.media.facts import Location, StreamFacts, Unreadable
from liuhen.adapters.media.photo import browser_picture
from liuhen.adapters.media.poster import poster
from liuhen.adapters.media.probe import probe
from liuhen.adapters.media.watermark import mark_picture
from liuhen.core.kernel.moments import parse_instant
from tests.adapters.media.specimens import field_exif, heic_photograph, photograph
from tests.adapters.media.test_broken import refused, written


def turned(exif: Image.Exif) -> Image.Exif:
    exif[ExifTags.Base.Orientation] = 6
    return exif


def avif_photograph(path: Path) -> Path:
    Image.effect_noise((300, 200), 60).convert("RGB").save(path, "AVIF", exif=field_exif())
    return path


@pytest.mark.parametrize(
    ("name", "container", "size", "plays"),
    [("a.heic", "heic", (900, 600), False), ("a.avif", "avif", (300, 200), True)],
)
def test_what_a_photograph_says(tmp_path: Path, name: str, container: str, size: tuple[int, int], plays: bool) -> None:
    path = tmp_path / name
    made = heic_photograph(path, exif=field_exif()) if container == "heic" else avif_photograph(path)
    facts = probe(made)
    assert (facts.kind, facts.container, facts.duration) == ("photo", container, None)
    assert facts.streams == (StreamFacts("photo", container, width=size[0], height=size[1]),)
    assert facts.created_at == parse_instant("2026-03-02T09:10:05+08:00") and facts.clock_doubt is None
    assert facts.location == Location("35.7756", "113.2806")
    assert (facts.make, facts.model, facts.playable_in_browser) == ("Xiaomi", "Redmi Note 8", plays)


@pytest.mark.parametrize(
    ("head", "container"),
    [
        (b"\0\0\0\x1cftypmif1\0\0\0\0mif1heicmiaf", "heic"),
        (b"\0\0\0\x1cftypmif1\0\0\0\0mif1avifmiaf", "avif"),
        (b"\0\0\0\x18ftypheix\0\0\0\0mif1avif", "heic"),
        (b"\0\0\0\x18ftypavis\0\0\0\0avismsf1", "avif"),
        (b"\0\0\0\x18ftypisom\0\0\0\0isomheic", "mp4"),
    ],
)
def test_which_it_is_stands_in_its_brands(tmp_path: Path, head: bytes, container: str) -> None:
    assert detect(written(tmp_path / "a", head + bytes(300))).container == container


@pytest.mark.parametrize("name", ["a.heic", "a.jpg"])
def test_copies_stand_upright_and_keep_their_size(tmp_path: Path, name: str) -> None:
    make = heic_photograph if name == "a.heic" else photograph
    source = make(tmp_path / name, exif=turned(field_exif()))
    browser_picture(source, tmp_path / "b.jpg")
    poster(source, tmp_path / "p.jpg")
    marked = Image.open(io.BytesIO(mark_picture(source.read_bytes(), "李喆 2026-03-02 09:12 个人隐私")))
    with Image.open(tmp_path / "b.jpg") as shown, Image.open(tmp_path / "p.jpg") as small:
        assert shown.size == small.size == marked.size == (600, 900)
        assert shown.format == "JPEG"
        if name == "a.heic":  # what was light on the left is light above, once and not twice turned
            assert shown.convert("L").getpixel((300, 60)) > 200 > shown.convert("L").getpixel((300, 800))  # type: ignore[operator]


@pytest.mark.parametrize("part", [0.05, 0.3, 0.7, 0.999])
def test_a_cut_one_is_refused(tmp_path: Path, part: float) -> None:
    data = heic_photograph(tmp_path / "a.heic").read_bytes()
    assert "照片" in refused(written(tmp_path / "cut.heic", data[: int(len(data) * part)]))


def test_a_damaged_one_is_understood_or_refused_and_nothing_else(tmp_path: Path) -> None:
    chance = random.Random(20260302)
    for name, make in (("a.heic", heic_photograph), ("a.avif", avif_photograph)):
        data = make(tmp_path / name).read_bytes()
        for _ in range(60):
            spoilt = bytearray(data)
            for _ in range(chance.randint(1, 12)):
                spoilt[chance.randrange(8, min(len(spoilt), 1200))] = chance.randrange(256)
            try:
                probe(written(tmp_path / "spoilt", bytes(spoilt)))
            except Unreadable as refusal:
                assert refusal.reason.endswith("。")
