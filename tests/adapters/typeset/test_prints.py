"""A fingerprint is found in what a camera takes of it: red or black ink, shadow, noise, turned; and nowhere else."""

import io
import math
import random

import pytest
from PIL import Image, ImageDraw, ImageFilter

from liuhen.adapters.typeset.prints import MOST_BYTES, clean_print
from liuhen.core.kernel.errors import BadInput

WIDE, TALL = 900, 1200
CENTRE, REACH = (520, 430), (150, 200)


def photo(
    ink: tuple[int, int, int] = (170, 30, 40), *, shadow: bool = True, noise: int = 6, kind: str = "JPEG"
) -> bytes:
    """Draw whorls on paper under a lamp that lights it unevenly, as a telephone would take them."""
    picture = Image.new("RGB", (WIDE, TALL), (236, 232, 224))
    draw = ImageDraw.Draw(picture)
    for ring in range(4, 40):
        share = ring / 40
        box = [CENTRE[n] + sign * REACH[n] * share for sign in (-1, 1) for n in (0, 1)]
        draw.arc(box, 20 * ring % 360, 20 * ring % 360 + 330, fill=ink, width=4)
    if shadow:
        lamp = Image.linear_gradient("L").resize((WIDE, TALL)).point(lambda value: 120 + value // 2)
        picture = Image.composite(picture, Image.new("RGB", (WIDE, TALL), (40, 40, 44)), lamp)
    chance = random.Random(7)
    dots = picture.load()
    assert dots is not None
    for _ in range(WIDE * TALL // 8 if noise else 0):
        x, y = chance.randrange(WIDE), chance.randrange(TALL)
        value = dots[x, y]
        assert isinstance(value, tuple)
        dots[x, y] = tuple(max(0, min(255, part + chance.randrange(-noise, noise + 1))) for part in value)
    out = io.BytesIO()
    picture.filter(ImageFilter.GaussianBlur(0.8)).save(out, kind)
    return out.getvalue()


def drawn(picture: bytes) -> Image.Image:
    return Image.open(io.BytesIO(clean_print(picture, "指印").png))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "BMP", "WEBP"])
@pytest.mark.parametrize("ink", [(170, 30, 40), (25, 22, 30)])
def test_the_print_alone_is_left(kind: str, ink: tuple[int, int, int]) -> None:
    found = clean_print(photo(ink, kind=kind), "指印")
    assert found.media_type == f"image/{kind.lower()}"
    image = Image.open(io.BytesIO(found.png))
    assert (image.mode, max(image.size)) == ("RGBA", 176)
    # As wide to tall as what was pressed: the paper round it is gone.
    assert math.isclose(image.width / image.height, REACH[0] / REACH[1], rel_tol=0.12)
    alpha = image.getchannel("A")
    assert alpha.getextrema()[0] == 0, "between the ridges the paper is seen"
    share = sum(alpha.point(lambda value: 255 if value > 80 else 0).histogram()[200:]) / (image.width * image.height)
    assert 0.15 < share < 0.85


def test_a_print_taken_on_its_side_stands_upright() -> None:
    turned = Image.open(io.BytesIO(photo())).transpose(Image.Transpose.ROTATE_90)
    exif = turned.getexif()
    exif[0x0112] = 6
    out = io.BytesIO()
    turned.save(out, "JPEG", exif=exif)
    image = drawn(out.getvalue())
    assert image.height > image.width


def test_the_same_picture_gives_the_same_print() -> None:
    assert clean_print(photo(), "指印") == clean_print(photo(), "指印")


def plain(colour: tuple[int, int, int]) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (400, 400), colour).save(out, "PNG")
    return out.getvalue()


@pytest.mark.parametrize(
    ("picture", "why"),
    [
        (plain((250, 250, 250)), "看不出指印"),
        (plain((10, 10, 10)), "看不出指印"),
        (b"", "不是可以读取的图片"),
        (b"%PDF-1.7", "不是可以读取的图片"),
        (photo()[:2000], "不是可以读取的图片"),
        (b"\xff\xd8" + bytes(MOST_BYTES), "超过 8 MB"),
    ],
)
def test_what_shows_no_print_is_refused_in_a_sentence(picture: bytes, why: str) -> None:
    with pytest.raises(BadInput, match=why):
        clean_print(picture, "指印")


def test_a_bomb_is_not_unpacked() -> None:
    out = io.BytesIO()
    Image.new("1", (12_000, 9_000)).save(out, "PNG")
    with pytest.raises(BadInput, match="百万像素"):
        clean_print(out.getvalue(), "指印")
