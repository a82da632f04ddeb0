"""Demonstration data: pen strokes that look as if a name had been written by hand. Nobody wrote them.

Invariant: the same name gives the same strokes. They are traced from the centre lines of printed characters and must never
stand in for a person's signature outside the demonstration case.
"""

import hashlib
from collections.abc import Iterator
from functools import cache

from PIL import Image, ImageDraw, ImageFont

from liuhen.adapters.typeset.glyphs import font_folder, legible

_SIZE = 72
_CELL = 84
# Pad pixels per pixel of the traced character.
_ZOOM = 3
_Pixel = tuple[int, int]
# The eight neighbours, clockwise from above.
_AROUND = ((0, -1), (1, -1), (1, 0), (1, 1), (0, 1), (-1, 1), (-1, 0), (-1, -1))


def sample_strokes(name: str) -> list[list[list[int]]]:
    """Give plausible strokes [x, y, t_ms, pressure] for a name: demonstration data, the same every time."""
    strokes: list[list[list[int]]] = []
    moment = 0
    start = 0.0
    for position, char in enumerate(legible(name)):
        hand = hashlib.sha256(f"{name}/{position}".encode()).digest()
        for path in _character(char):
            points = [_place(pixel, start, hand) for pixel in path]
            strokes.append(_timed(points, moment))
            moment = strokes[-1][-1][2] + 90 + hand[3] % 60
        moment += 120
        start += _font().getlength(char) * 0.92
    return strokes


def _place(pixel: tuple[float, float], start: float, hand: bytes) -> tuple[float, float]:
    """Lean the character, move it off its line and set it close to the one before, as a quick hand does."""
    lean, drop, size = (hand[0] - 128) / 1600 - 0.10, (hand[1] - 128) / 20, 0.92 + hand[2] / 1600
    x, y = (pixel[0] - _CELL / 2) * size, (pixel[1] - _CELL / 2) * size
    rise = -0.04 * start
    return (x + lean * y + start) * _ZOOM, (y - 0.06 * x + drop + rise) * _ZOOM


def _timed(points: list[tuple[float, float]], start: int) -> list[list[int]]:
    stroke: list[list[int]] = []
    moment = float(start)
    for n, (x, y) in enumerate(points):
        if n:
            moment += 2 + 0.9 * ((x - points[n - 1][0]) ** 2 + (y - points[n - 1][1]) ** 2) ** 0.5
        share = n / max(1, len(points) - 1)
        pressure = 760 - 420 * share**2 if len(points) > 2 else 600
        stroke.append([round(x), round(y), round(moment), round(pressure)])
    return stroke


@cache
def _font() -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(font_folder() / "NotoSansSC-Regular.otf"), _SIZE)


@cache
def _character(char: str) -> tuple[tuple[tuple[float, float], ...], ...]:
    picture = Image.new("1", (_CELL, _CELL), 0)
    ImageDraw.Draw(picture).text((_CELL / 2, _CELL / 2), char, font=_font(), fill=1, anchor="mm")
    data = picture.load()
    assert data is not None
    dots = {(x, y) for x in range(1, _CELL - 1) for y in range(1, _CELL - 1) if data[x, y]}
    paths = sorted(_paths(_thinned(dots)), key=lambda path: (path[0][1] // 12, path[0][0]))
    return tuple(tuple(_smooth(path)) for path in paths if len(path) > 3)


def _thinned(dots: set[_Pixel]) -> set[_Pixel]:
    """Thin a shape to its centre lines. Spec: Zhang and Suen, 1984."""
    dots = set(dots)
    while True:
        before = len(dots)
        for step in (0, 1):
            dots -= {dot for dot in dots if _is_spare(dots, dot, step)}
        if len(dots) == before:
            return dots


def _is_spare(dots: set[_Pixel], dot: _Pixel, step: int) -> bool:
    ring = [(dot[0] + dx, dot[1] + dy) in dots for dx, dy in _AROUND]
    changes = sum(not ring[n] and ring[(n + 1) % 8] for n in range(8))
    if not 2 <= sum(ring) <= 6 or changes != 1:
        return False
    above, right, below, left = ring[0], ring[2], ring[4], ring[6]
    if step == 0:
        return not (above and right and below) and not (right and below and left)
    return not (above and right and left) and not (above and below and left)


def _paths(dots: set[_Pixel]) -> Iterator[list[_Pixel]]:
    """Walk the centre lines: from a loose end straight on through crossings, until nothing is left."""
    left = set(dots)
    while left:
        ends = [dot for dot in left if sum(1 for _ in _next(left, dot)) <= 1]
        path = [min(ends or left, key=lambda dot: (dot[1] + dot[0], dot[1]))]
        left.discard(path[0])
        while step := min(_next(left, path[-1]), key=lambda dot: _bend(path, dot), default=None):
            if len(path) > 6 and _bend(path, step) > 1.2:
                break
            path.append(step)
            left.discard(step)
        yield path


def _next(dots: set[_Pixel], dot: _Pixel) -> Iterator[_Pixel]:
    return ((dot[0] + dx, dot[1] + dy) for dx, dy in _AROUND if (dot[0] + dx, dot[1] + dy) in dots)


def _bend(path: list[_Pixel], step: _Pixel) -> float:
    """Measure how far a step turns from the way the path has come: 0 straight on, 2 straight back."""
    here, there = path[-1], path[max(0, len(path) - 6)]
    came, goes = (here[0] - there[0], here[1] - there[1]), (step[0] - here[0], step[1] - here[1])
    length = ((came[0] ** 2 + came[1] ** 2) * (goes[0] ** 2 + goes[1] ** 2)) ** 0.5
    return 1 - (came[0] * goes[0] + came[1] * goes[1]) / length if length else 0.0


def _smooth(path: list[_Pixel]) -> Iterator[tuple[float, float]]:
    kept = [*path[:-1:4], path[-1]]
    for n, (x, y) in enumerate(kept):
        before, after = kept[max(0, n - 1)], kept[min(len(kept) - 1, n + 1)]
        yield (before[0] + 2 * x + after[0]) / 4, (before[1] + 2 * y + after[1]) / 4
