"""Handwritten signatures: from pen strokes to a picture for the signature block.

Invariant: the same strokes give the same PNG, on a transparent ground, in black ink; nothing is smoothed into another line.
"""

import io
from collections.abc import Sequence
from itertools import pairwise

from PIL import Image, ImageDraw

from liuhen.core.kernel.errors import BadInput

# One point of a stroke: x and y in the pad's pixels (y downwards), milliseconds since the first touch, pressure 0..1000.
Point = Sequence[int]
Strokes = Sequence[Sequence[Point]]

_HEIGHT = 160
_LONGEST = 960
_MARGIN = 10
_OVERSAMPLE = 3
# Width of the pen in units of the picture's height: with no pressure, and what full pressure adds.
_THINNEST, _ADDED = 0.014, 0.030
_MOST_POINTS = 20_000


def draw(strokes: Strokes) -> bytes:
    """Give the PNG (grey with alpha, 160 pixels high at most) of a signature, cropped to its ink.

    Raises BadInput naming the stroke and point for anything but lists of [x, y, t_ms, pressure 0..1000].
    """
    _require_strokes(strokes)
    left = min(point[0] for stroke in strokes for point in stroke)
    top = min(point[1] for stroke in strokes for point in stroke)
    wide = max(1, max(point[0] for stroke in strokes for point in stroke) - left)
    tall = max(1, max(point[1] for stroke in strokes for point in stroke) - top)
    room = _HEIGHT - 2 * _MARGIN
    scale = min(room / tall, (_LONGEST - 2 * _MARGIN) / wide, room / 8)
    size = (round(wide * scale) + 2 * _MARGIN, round(tall * scale) + 2 * _MARGIN)
    ink = Image.new("L", (size[0] * _OVERSAMPLE, size[1] * _OVERSAMPLE), 0)
    pen = ImageDraw.Draw(ink)
    for stroke in strokes:
        _draw_stroke(
            pen,
            [
                (
                    ((x - left) * scale + _MARGIN) * _OVERSAMPLE,
                    ((y - top) * scale + _MARGIN) * _OVERSAMPLE,
                    _HEIGHT * (_THINNEST + _ADDED * pressure / 1000) * _OVERSAMPLE / 2,
                )
                for x, y, _, pressure in stroke
            ],
        )
    return _png(ink.resize(size, Image.Resampling.BOX))


def _draw_stroke(pen: ImageDraw.ImageDraw, path: list[tuple[float, float, float]]) -> None:
    for x, y, radius in path:
        pen.ellipse((x - radius, y - radius, x + radius, y + radius), fill=255)
    for (x0, y0, r0), (x1, y1, r1) in pairwise(path):
        length = ((x1 - x0) ** 2 + (y1 - y0) ** 2) ** 0.5
        if length == 0:
            continue
        across, along = (y1 - y0) / length, (x1 - x0) / length
        pen.polygon(
            [
                (x0 + across * r0, y0 - along * r0),
                (x1 + across * r1, y1 - along * r1),
                (x1 - across * r1, y1 + along * r1),
                (x0 - across * r0, y0 + along * r0),
            ],
            fill=255,
        )


def _png(ink: Image.Image) -> bytes:
    picture = Image.merge("LA", (Image.new("L", ink.size, 0), ink))
    out = io.BytesIO()
    picture.save(out, "PNG", compress_level=9)
    return out.getvalue()


def _require_strokes(strokes: Strokes) -> None:
    if not strokes or not all(strokes):
        raise BadInput("signature", "no stroke, or a stroke without points; sign again")
    if sum(len(stroke) for stroke in strokes) > _MOST_POINTS:
        raise BadInput("signature", f"more than {_MOST_POINTS} points; sign again")
    for n, stroke in enumerate(strokes):
        for m, point in enumerate(stroke):
            if not _is_point(point):
                raise BadInput(f"signature.strokes[{n}][{m}]", "expected whole numbers [x, y, t_ms, pressure 0..1000]")


def _is_point(point: Point) -> bool:
    if len(point) != 4 or not all(type(number) is int for number in point):
        return False
    x, y, moment, pressure = point
    return abs(x) <= 100_000 and abs(y) <= 100_000 and moment >= 0 and 0 <= pressure <= 1000
