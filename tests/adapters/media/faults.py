"""Recordings with faults put in on purpose: of one real scene, moving, frozen, black, silent or broken off."""

import random
from array import array
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import cast

import av
from av.audio.stream import AudioStream
from av.video.stream import VideoStream
from PIL import Image, ImageChops

from tests.adapters.media.specimens import real_clip

SIZE = (320, 176)
FPS = 10
SOUND_RATE = 16_000
Part = tuple[float, float]


@dataclass(frozen=True)
class Fault:
    """What to film: `seconds` of a real scene, with the parts (from, to) where something is wrong."""

    seconds: float = 20
    black: Part = (0, 0)
    frozen: Part = (0, 0)
    missing: Part = (0, 0)
    silent: Part = (0, 0)
    still: Part = (0, 0)  # a tripod before an empty room: the scene stands, the sensor's noise goes on
    speck: Part = (0, 0)  # the same, and something small moves
    sound: str | None = "aac"
    codec: str = "libx264"
    gop: int = FPS
    options: tuple[tuple[str, str], ...] = ()


@cache
def _scene() -> tuple[Image.Image, ...]:
    with av.open(str(real_clip("bikes.mp4"))) as container:
        frames = list(container.decode(video=0))[::2]
        return tuple(cast(Image.Image, frame.to_image()).resize(SIZE) for frame in frames)  # type: ignore[no-untyped-call]


@cache
def _noise() -> Image.Image:
    """Give noise of about 3 levels around 128, as a body camera has indoors."""
    dice = random.Random(4)
    return Image.frombytes("L", SIZE, bytes(round(dice.gauss(128, 3)) for _ in range(SIZE[0] * SIZE[1])))


def film(path: Path, fault: Fault) -> Path:
    """Encode the scene with its faults; the container follows the extension."""
    with av.open(str(path), "w") as container:
        video = cast(VideoStream, container.add_stream(fault.codec, rate=FPS, options=dict(fault.options)))
        video.width, video.height = SIZE
        video.pix_fmt = "yuvj420p" if fault.codec == "mjpeg" else "yuv420p"
        video.gop_size, video.time_base = fault.gop, Fraction(1, FPS)
        if fault.codec in ("mpeg4", "mjpeg"):
            video.bit_rate = 2_000_000
        sound = None
        if fault.sound:
            sound = cast(AudioStream, container.add_stream(fault.sound, rate=SOUND_RATE, layout="mono"))
            sound.time_base = Fraction(1, SOUND_RATE)
        for number, picture in _pictures(fault):
            frame = av.VideoFrame.from_image(picture)  # type: ignore[no-untyped-call]
            frame.pts, frame.time_base = number, Fraction(1, FPS)
            container.mux(video.encode(frame))
        container.mux(video.encode())
        if sound:
            for heard in _sounds(fault):
                container.mux(sound.encode(heard))
            container.mux(sound.encode())
    return path


def _pictures(fault: Fault) -> Iterator[tuple[int, Image.Image]]:
    scene, noise = _scene(), _noise()
    shown = scene[0]
    for number in range(round(fault.seconds * FPS)):
        at = number / FPS
        if fault.missing[0] <= at < fault.missing[1]:
            continue
        if fault.black[0] <= at < fault.black[1]:
            yield number, Image.new("RGB", SIZE)
            continue
        if fault.frozen[0] <= at < fault.frozen[1]:
            yield number, shown
            continue
        if fault.still[0] <= at < fault.still[1]:
            moved = ImageChops.offset(noise, number * 37, number * 91)  # no two pictures have the same noise
            yield number, ImageChops.add(scene[0], Image.merge("RGB", (moved,) * 3), 1, -128)
            continue
        shown = scene[number % len(scene)]
        if fault.speck[0] <= at < fault.speck[1]:
            shown = scene[0].copy()
            shown.paste((250, 250, 250), (number % 60 * 4, 80, number % 60 * 4 + 8, 88))
        yield number, shown


def _sounds(fault: Fault) -> Iterator[av.AudioFrame]:
    dice = random.Random(5)
    hiss = array("h", (int(dice.gauss(0, 3000)) for _ in range(SOUND_RATE)))
    for start in range(0, round(fault.seconds * SOUND_RATE), 1024):
        silent = fault.silent[0] <= start / SOUND_RATE < fault.silent[1]
        first = start % (SOUND_RATE - 1024)
        piece = bytes(2048) if silent else hiss[first : first + 1024].tobytes()
        frame = av.AudioFrame(format="s16", layout="mono", samples=1024)
        frame.planes[0].update(piece.ljust(frame.planes[0].buffer_size, b"\0"))
        frame.sample_rate, frame.pts, frame.time_base = SOUND_RATE, start, Fraction(1, SOUND_RATE)
        yield frame
