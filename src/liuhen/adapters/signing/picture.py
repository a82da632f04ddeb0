"""The picture of a round agency seal: ring, the agency's name round the arc, a star, and a legend below it.

Invariant: a seal drawn here carries the legend 测试印章 unless the caller states another; the same words give the same picture.
"""

from functools import lru_cache
from importlib.resources import files
from math import cos, pi, sin

from PIL import Image, ImageDraw, ImageFont

_SIZE = 640
_OVERSAMPLE = 2
_RED = (204, 20, 30)
# Share of the ring the name may fill, in degrees, and the most that two characters stand apart.
_ARC, _STEP = 250.0, 27.0
TEST_LEGEND = "测试印章"


@lru_cache(maxsize=32)
def draw_seal(agency: str, legend: str = TEST_LEGEND) -> Image.Image:
    """Give a red seal on a transparent ground, 640 pixels square, as RGBA."""
    side = _SIZE * _OVERSAMPLE
    ink = Image.new("L", (side, side), 0)
    pen = ImageDraw.Draw(ink)
    ring = side * 0.028
    pen.ellipse((ring / 2, ring / 2, side - ring / 2, side - ring / 2), outline=255, width=round(ring))
    _draw_star(pen, side / 2, side * 0.45, side * 0.150)
    _draw_arc(ink, agency)
    size = min(side * 0.088, side * 0.52 / max(len(legend), 1))
    pen.text((side / 2, side * 0.768), legend, font=_font("NotoSerifSC-Regular.otf", size), fill=255, anchor="mm")
    alpha = ink.resize((_SIZE, _SIZE), Image.Resampling.BOX).point([value * 9 // 10 for value in range(256)])
    picture = Image.new("RGBA", (_SIZE, _SIZE), (*_RED, 0))
    picture.putalpha(alpha)
    return picture


def _draw_star(pen: ImageDraw.ImageDraw, x: float, y: float, radius: float) -> None:
    corners = []
    for n in range(10):
        reach = radius if n % 2 == 0 else radius * 0.382
        angle = -pi / 2 + n * pi / 5
        corners.append((x + reach * cos(angle), y + reach * sin(angle)))
    pen.polygon(corners, fill=255)


def _draw_arc(ink: Image.Image, words: str) -> None:
    side = ink.width
    step = min(_STEP, _ARC / max(len(words) - 1, 1))
    radius = side * 0.385
    # A character is as tall as the band allows and as narrow as its neighbours need.
    tall = side * 0.125
    narrow = min(tall * 0.86, radius * step * pi / 180 * 0.94)
    font = _font("NotoSerifSC-Regular.otf", tall)
    for n, char in enumerate(words):
        turn = (n - (len(words) - 1) / 2) * step
        cell = Image.new("L", (round(tall * 1.2), round(tall * 1.2)), 0)
        # A stroke round the glyph stands in for the bold face that the fonts lack.
        ImageDraw.Draw(cell).text(
            (cell.width / 2, cell.height / 2), char, font=font, fill=255, anchor="mm", stroke_width=round(tall / 60)
        )
        cell = cell.resize((max(1, round(cell.width * narrow / tall)), cell.height), Image.Resampling.LANCZOS)
        cell = cell.rotate(-turn, resample=Image.Resampling.BICUBIC, expand=True)
        x = side / 2 + radius * sin(turn * pi / 180)
        y = side / 2 - radius * cos(turn * pi / 180)
        ink.paste(255, (round(x - cell.width / 2), round(y - cell.height / 2)), cell)


def _font(name: str, size: float) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(files("pylopdf_fonts_zh_cn").joinpath(name)), round(size))
