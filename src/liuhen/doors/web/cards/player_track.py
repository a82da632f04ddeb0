"""The track map: where the recording was made, drawn on a plain grid in metres with north above, from no map of anybody.

Invariant: one scale in both directions (equirectangular about the middle latitude, true to 0.1 % over a town); the whole way is
drawn however long it is, thinned to what a screen can show.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from liuhen.core.facts.model import Recording
from liuhen.flows.occasion import Actor
from liuhen.flows.read_track import Fix, way_of

WIDTH, HEIGHT = 360, 240
_MARGIN = 18
_METRES_A_DEGREE = 111_320.0
_LEAST_METRES = 40.0
_MOST_POINTS = 600
_STEPS = (1, 2, 5)
_LINES = 5


@dataclass(frozen=True, slots=True)
class Dot:
    """A place of the way on the drawing, and the second of the piece at which the device was there."""

    piece: int
    second: float
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Track:
    """The drawing: its lines, its path, and the scale whose bar is `bar` wide; `fault` says why there is none."""

    path: str
    dots: tuple[Dot, ...]
    columns: tuple[float, ...]
    rows: tuple[float, ...]
    bar: float
    scale: str
    words: str
    fault: str = ""


@dataclass(frozen=True, slots=True)
class _Spot:
    piece: int
    fix: Fix
    east: float
    north: float


def track(actor: Actor, parts: Sequence[Recording]) -> Track | None:
    """Draw the way of a reel; None where the device delivered none."""
    ways = [(number, way) for number, part in enumerate(parts) if (way := way_of(actor, part)) is not None]
    if not ways:
        return None
    fixes = [(number, fix) for number, way in ways for fix in way.fixes]
    fault = next((way.fault for _, way in ways if way.fault), "")
    if not fixes:
        return Track("", (), (), (), 0, "", "", fault or "定位轨迹是空的")
    return _draw(_project(fixes), fault)


def _project(fixes: Sequence[tuple[int, Fix]]) -> list[_Spot]:
    middle = fixes[len(fixes) // 2][1]
    narrow = math.cos(math.radians(middle.latitude))
    return [
        _Spot(
            piece,
            fix,
            (fix.longitude - middle.longitude) * _METRES_A_DEGREE * narrow,
            (fix.latitude - middle.latitude) * _METRES_A_DEGREE,
        )
        for piece, fix in fixes
    ]


def _draw(spots: Sequence[_Spot], fault: str) -> Track:
    wests, norths = [spot.east for spot in spots], [spot.north for spot in spots]
    across = max(max(wests) - min(wests), _LEAST_METRES)
    along = max(max(norths) - min(norths), _LEAST_METRES)
    pixels = min((WIDTH - 2 * _MARGIN) / across, (HEIGHT - 2 * _MARGIN) / along)
    east, north = (max(wests) + min(wests)) / 2, (max(norths) + min(norths)) / 2
    dots = tuple(
        Dot(
            spot.piece,
            round(spot.fix.second, 1),
            round(WIDTH / 2 + (spot.east - east) * pixels, 1),
            round(HEIGHT / 2 - (spot.north - north) * pixels, 1),
        )
        for spot in _thinned(spots)
    )
    step = _step(WIDTH / pixels)
    return Track(
        path="M"
        + "L".join(f"{dot.x} {dot.y}" for dot in dots)
        + ("" if len(dots) > 1 else f"L{dots[0].x} {dots[0].y}"),
        dots=dots,
        columns=_lines(WIDTH, step * pixels),
        rows=_lines(HEIGHT, step * pixels),
        bar=round(step * pixels, 1),
        scale=f"{step} 米" if step < 1000 else f"{step // 1000} 公里",
        words=f"{len(spots)} 个定位点，全程约 {_length(spots):.0f} 米",
        fault=fault,
    )


def _thinned(spots: Sequence[_Spot]) -> Sequence[_Spot]:
    if len(spots) <= _MOST_POINTS:
        return spots
    every = (len(spots) - 1) / (_MOST_POINTS - 1)
    return [spots[round(number * every)] for number in range(_MOST_POINTS)]


def _step(metres: float) -> int:
    """Give the round number of metres of which about five fit into a width."""
    power = 1
    while True:
        for step in _STEPS:
            if step * power * _LINES >= metres:
                return step * power
        power *= 10


def _lines(size: int, every: float) -> tuple[float, ...]:
    return tuple(round(every * number, 1) for number in range(1, math.ceil(size / every)))


def _length(spots: Sequence[_Spot]) -> float:
    return sum(math.hypot(one.east - other.east, one.north - other.north) for one, other in pairwise(spots))
