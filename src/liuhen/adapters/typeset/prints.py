"""Fingerprints: from the picture that a telephone or a reader took to a red print on a transparent ground.

Invariant: the same picture gives the same PNG; the picture as taken is kept beside it by whoever calls, so that nothing rests
on how it was cleaned. A picture without a print on it is refused, never drawn.
"""

import io
from dataclasses import dataclass

from PIL import Image, ImageChops, ImageFilter, ImageOps

from liuhen.core.kernel.errors import BadInput

MOST_BYTES = 8_000_000
_FORMATS = ("JPEG", "PNG", "BMP", "WEBP")
_MOST_PIXELS = 50_000_000
# What is worked on, and what is drawn: 11 mm on paper at 400 dots an inch.
_WORKED, _DRAWN = 1200, 176
_INK = (176, 26, 32)
# The ground is what lies within this radius and much lighter: shadows of a hand or a lamp go with it.
_GROUND = 41
# How much darker than its ground ink must be, of 255, and which share of the picture must be so dark at least and at most.
_DARKER, _LEAST, _MOST = 40, 0.004, 0.6
_MARGIN = 0.04


@dataclass(frozen=True, slots=True)
class Print:
    """A fingerprint: its PNG (colour with alpha), and the media type of the picture it was taken from."""

    png: bytes
    media_type: str


def clean_print(picture: bytes, place: str) -> Print:
    """Give the fingerprint in a picture, cropped to its ink.

    Raises BadInput, with a Chinese sentence, for what is no picture, is too large, or shows no print.
    """
    grey, media_type = _read(picture, place)
    ground = grey.filter(ImageFilter.MaxFilter(9)).filter(ImageFilter.GaussianBlur(_GROUND))
    depth = ImageChops.subtract(ground, grey)
    ink = depth.point(lambda value: 255 if value >= _DARKER else 0).filter(ImageFilter.MedianFilter(3))
    share = ink.histogram()[255] / (ink.width * ink.height)
    box = ink.getbbox()
    if box is None or share < _LEAST:
        raise BadInput(place, "图片上看不出指印；请用印泥按在白纸上，对准、靠近、光线均匀地重拍")
    if share > _MOST:
        raise BadInput(place, "图片几乎全是深色，分不出指印；请把指印按在白纸上重拍")
    alpha = _fitted(depth.point(lambda value: min(255, max(0, value - _DARKER // 2) * 3)).crop(_around(box, ink)))
    out = io.BytesIO()
    solid = Image.new("RGB", alpha.size, _INK)
    Image.merge("RGBA", (*solid.split(), alpha)).save(out, "PNG", compress_level=9)
    return Print(out.getvalue(), media_type)


def _read(picture: bytes, place: str) -> tuple[Image.Image, str]:
    if len(picture) > MOST_BYTES:
        raise BadInput(place, f"图片超过 {MOST_BYTES // 1_000_000} MB；请把分辨率调低后重拍")
    try:
        opened = Image.open(io.BytesIO(picture), formats=_FORMATS)
        if opened.width * opened.height > _MOST_PIXELS:
            raise BadInput(place, f"图片超过 {_MOST_PIXELS // 1_000_000} 百万像素；请把分辨率调低后重拍")
        upright = ImageOps.exif_transpose(opened)
        flat = Image.new("RGB", upright.size, "white")
        clear = upright.convert("RGBA")
        flat.paste(clear, mask=clear.getchannel("A"))
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError):
        raise BadInput(place, "不是可以读取的图片；请用 JPEG 或者 PNG 格式") from None
    # Red ink is dark in green and blue, and the pencil lines of forms are seldom red.
    green = flat.getchannel("G")
    green.thumbnail((_WORKED, _WORKED), Image.Resampling.LANCZOS)
    return green, Image.MIME[str(opened.format)]


def _around(box: tuple[int, int, int, int], ink: Image.Image) -> tuple[int, int, int, int]:
    """Widen the box of the ink by a margin: what a blot far away adds is cut off by its few points."""
    left, top, right, bottom = _dense(ink, box)
    more = round(_MARGIN * max(right - left, bottom - top))
    return max(0, left - more), max(0, top - more), min(ink.width, right + more), min(ink.height, bottom + more)


def _dense(ink: Image.Image, box: tuple[int, int, int, int]) -> tuple[int, int, int, int]:
    """Give the box in which nearly all of the ink lies: a hundredth may be cut at each side."""
    left, right = _span(ink.resize((ink.width, 1), Image.Resampling.BOX), box[0], box[2])
    top, bottom = _span(ink.resize((1, ink.height), Image.Resampling.BOX), box[1], box[3])
    return left, top, right, bottom


def _span(profile: Image.Image, first: int, last: int) -> tuple[int, int]:
    weights = list(profile.tobytes())[first:last]
    total, so_far, start, stop = sum(weights), 0, first, last
    if total == 0:
        return first, last
    for place, weight in enumerate(weights, first):
        if so_far <= total * 0.01:
            start = place
        so_far += weight
        if so_far >= total * 0.99:
            stop = place + 1
            break
    return start, stop


def _fitted(alpha: Image.Image) -> Image.Image:
    scale = _DRAWN / max(alpha.size)
    return alpha.resize(
        (max(1, round(alpha.width * scale)), max(1, round(alpha.height * scale))), Image.Resampling.LANCZOS
    )
