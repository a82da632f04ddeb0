"""黑屏 and 静止: pictures that show nothing, and pictures that stopped coming while the clock went on.

Invariant: a still scene filmed by a living camera is not 静止. What an encoder makes of a frozen picture and of a still scene
looks alike between key frames (noise is what encoders leave out), so a freeze must be borne out by a key frame, which is coded
on its own: the measures below were taken from H.264, H.265 and MPEG-4 of one scene, frozen and with noise of 1 to 4 levels.
"""

from dataclasses import dataclass
from fractions import Fraction
from typing import cast

from av.video.frame import VideoFrame
from av.video.reformatter import ColorRange
from PIL import Image, ImageChops

from liuhen.adapters.media.examination import Stretch

SHORTEST_BLACK = Fraction(2)
SHORTEST_FREEZE = Fraction(5)
_WIDTH, _HEIGHT = 160, 96  # single points of the picture: averaging would take the noise away that tells life
_POINTS = _WIDTH * _HEIGHT
# Formats whose first plane is 8-bit luma: sampled straight from the decoder's memory, 25 times faster than converting.
_LUMA_FIRST = {"yuv420p", "yuvj420p", "yuv422p", "yuvj422p", "yuv444p", "yuvj444p", "nv12"}
_FULL_RANGE = [min(255, max(0, round((level - 16) * 255 / 219))) for level in range(256)]
_BLACK_LEVEL, _BLACK_SHARE = 26, 0.98  # a tenth of full range, as FFmpeg's blackdetect has it
_SAME = 0.30  # mean difference in levels of two pictures: frozen 0.00–0.27, still with the least noise 0.31–0.60
_RECODED = 2.0  # now and then an encoder codes the same picture finer or coarser: a key frame apart by 0.35–1.6
_MOVED = 3  # mean difference in the block of 8 by 8 points that differs most: frozen 0–2, a small thing that moves 5–27


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture made small: its luma at full range, when it is shown, and whether it was coded on its own."""

    luma: Image.Image
    at: Fraction
    key: bool
    black: bool


def look(frame: VideoFrame, at: Fraction) -> Picture:
    """Make a decoded frame small."""
    if frame.format.name in _LUMA_FIRST:
        plane = frame.planes[0]
        whole = Image.frombuffer("L", (frame.width, frame.height), cast(bytes, plane), "raw", "L", plane.line_size, 1)
        luma = whole.resize((_WIDTH, _HEIGHT), Image.Resampling.NEAREST)
        if frame.color_range != ColorRange.JPEG and not frame.format.name.startswith("yuvj"):
            luma = luma.point(_FULL_RANGE)
    else:
        small = frame.reformat(width=_WIDTH, height=_HEIGHT, format="gray", interpolation="POINT")
        plane = small.planes[0]
        luma = Image.frombytes("L", (_WIDTH, _HEIGHT), bytes(plane), "raw", "L", plane.line_size)
    black = sum(luma.histogram()[:_BLACK_LEVEL]) >= _BLACK_SHARE * _POINTS
    return Picture(luma, at, bool(frame.key_frame), black)


def may_be_still(one: Picture, other: Picture) -> bool:
    """Say whether the time between two key frames is worth decoding: either is black, or nothing moved between them."""
    if one.black or other.black:
        return True
    mean, block = _difference(one, other)
    return mean <= _RECODED and block <= _MOVED


@dataclass(slots=True)
class _Run:
    """Pictures that look the same since `start`; `key` is the newest key frame among them.

    `same` and `other` count the key frames that were, or were not, the very picture of the key frame before.
    """

    start: Fraction
    key: Picture | None
    same: int = 0
    other: int = 0
    last_same: bool = True


class Stillness:
    """Takes small pictures in the order of their stamps; `blacks` and `freezes` after `finish`."""

    def __init__(self) -> None:
        self.blacks: list[Stretch] = []
        self.freezes: list[Stretch] = []
        self._black_from: Fraction | None = None
        self._run: _Run | None = None
        self._before: Picture | None = None

    def add(self, picture: Picture) -> None:
        """Take the next picture of a part that is looked at picture by picture."""
        if picture.black and self._black_from is None:
            self._black_from = picture.at
        elif not picture.black:
            self._end_black(picture.at)
        before, self._before = self._before, picture
        run = self._run
        if before is None or run is None:
            self._run = _new_run(picture)
            return
        mean, block = _difference(before, picture)
        if block > _MOVED or picture.black != before.black or mean > (_RECODED if picture.key else _SAME):
            self._end_run(picture.at)
            self._run = _new_run(picture)
        elif picture.key:
            self._weigh(run, picture)

    def leave(self, at: Fraction) -> None:
        """Note that what follows from `at` is not looked at picture by picture, for nothing in it is still."""
        self._end_black(at)
        self._end_run(at)
        self._run = self._before = None

    def _weigh(self, run: _Run, picture: Picture) -> None:
        """Count a key frame for or against the run; two in a row against it end it, and so does one that shows a move."""
        key, run.key = run.key, picture
        if key is None:
            return
        mean, block = _difference(key, picture)
        same = mean <= _SAME and block <= _MOVED
        if block > _MOVED or not (same or run.last_same):
            self._end_run(picture.at)
            self._run = _new_run(picture)
            return
        run.same, run.other, run.last_same = run.same + same, run.other + (not same), same

    def _end_run(self, at: Fraction) -> None:
        run = self._run
        if run is not None and 0 < run.same >= run.other and at - run.start >= SHORTEST_FREEZE:
            self.freezes.append((run.start, at))

    def _end_black(self, at: Fraction) -> None:
        start, self._black_from = self._black_from, None
        if start is not None and at - start >= SHORTEST_BLACK:
            self.blacks.append((start, at))


def _new_run(picture: Picture) -> _Run:
    return _Run(picture.at, picture if picture.key else None)


def _difference(one: Picture, other: Picture) -> tuple[float, int]:
    """Give the mean difference of two pictures, and that of the block which differs most, in levels of 255."""
    apart = ImageChops.difference(one.luma, other.luma)
    mean = sum(level * count for level, count in enumerate(apart.histogram())) / _POINTS
    return mean, max(apart.reduce(8).tobytes())
