"""Films to measure with: small and large MP4 files that are whole and play, and an hour made of a few seconds.

Invariant: every file is one that the system takes in as a recording; what only makes it large stands in a `free` box, which
players pass over (ISO/IEC 14496-12, 8.1.2).
"""

import array
import math
import os
import random
from fractions import Fraction
from pathlib import Path

import av
from av.audio.stream import AudioStream
from av.container import OutputContainer
from av.packet import Packet
from av.stream import Stream
from PIL import Image, ImageChops

_RATE = 25
_SECONDS = 4
_BIT_RATE = 4_000_000  # 1.8 GB an hour: body cameras write 1080p at up to 2.6 GB (GA/T 947, as reported)
_SOUND_RATE = 16_000
_BLOCK = 1 << 20


def small_film(path: Path) -> bytes:
    """Encode half a second of a small picture and give its bytes."""
    with av.open(str(path), "w", format="mp4") as container:
        stream = container.add_stream("libx264", rate=10, options={"preset": "ultrafast"})
        stream.width, stream.height, stream.pix_fmt, stream.time_base = 64, 48, "yuv420p", Fraction(1, 10)
        for number in range(5):
            frame = av.VideoFrame.from_image(Image.new("RGB", (64, 48), (40 * number, 90, 120)))  # type: ignore[no-untyped-call]
            frame.pts = number
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
    return path.read_bytes()


def numbered(film: bytes, number: int) -> bytes:
    """Give the same film as another file."""
    return film + b"\0\0\0\x10free" + number.to_bytes(8)


def padded(path: Path, film: bytes, size: int) -> None:
    """Write a film of `size` bytes, filled up with bytes that no other file has."""
    rest = size - len(film) - 16
    with path.open("wb") as file:
        file.write(film + _free_box(rest))
        for start in range(0, rest, _BLOCK):
            file.write(os.urandom(min(_BLOCK, rest - start)))


def sparse(path: Path, film: bytes, size: int) -> None:
    """Write a film of `size` bytes that takes no room on the disk: a hole is read as zeros."""
    with path.open("wb") as file:
        file.write(film + _free_box(size - len(film) - 16))
        file.truncate(size)


def _free_box(rest: int) -> bytes:
    return b"\0\0\0\1free" + (rest + 16).to_bytes(8)


def long_film(path: Path, seconds: int) -> None:
    """Write a film of 1080p with sound, H.264 and AAC, as long as asked for: a few seconds again and again."""
    short = path.with_name(f"{path.name}.short.mp4")
    _encode(short)
    with av.open(str(short)) as source, av.open(str(path), "w", format="mp4") as target:
        streams = {stream.index: target.add_stream_from_template(stream) for stream in source.streams}
        packets = [packet for packet in source.demux() if packet.dts is not None]
        for turn in range(max(1, round(seconds / _SECONDS))):
            for packet in packets:
                target.mux(_later(packet, turn, streams[packet.stream.index]))
    short.unlink()


def _later(packet: "Packet[Stream]", turn: int, stream: Stream) -> "Packet[Stream]":
    again: Packet[Stream] = Packet(bytes(packet))
    assert packet.time_base is not None and packet.pts is not None and packet.dts is not None
    shift = round(turn * _SECONDS / packet.time_base)
    again.pts, again.dts, again.duration = packet.pts + shift, packet.dts + shift, packet.duration
    again.time_base, again.is_keyframe, again.stream = packet.time_base, packet.is_keyframe, stream
    return again


def _encode(path: Path) -> None:
    still = Image.frombytes("RGB", (480, 270), random.Random(4).randbytes(480 * 270 * 3))
    with av.open(str(path), "w", format="mp4") as container:
        video = container.add_stream("libx264", rate=_RATE, options={"preset": "ultrafast", "bf": "0"})
        video.width, video.height, video.pix_fmt = 1920, 1080, "yuv420p"
        video.bit_rate, video.gop_size, video.time_base = _BIT_RATE, 2 * _RATE, Fraction(1, _RATE)
        sound = container.add_stream("aac", rate=_SOUND_RATE, layout="mono")
        sound.time_base = Fraction(1, _SOUND_RATE)
        for number in range(_RATE * _SECONDS):
            moved = ImageChops.offset(still, number * 4, 0)
            frame = av.VideoFrame.from_image(moved.resize((1920, 1080), Image.Resampling.NEAREST))  # type: ignore[no-untyped-call]
            frame.pts = number
            container.mux(video.encode(frame))
        container.mux(video.encode())
        _hum(container, sound)


def _hum(container: OutputContainer, sound: AudioStream) -> None:
    for start in range(0, _SOUND_RATE * _SECONDS - 1023, 1024):
        wave = array.array("h", (round(3000 * math.sin(0.1 * (start + number))) for number in range(1024)))
        frame = av.AudioFrame("s16", "mono", 1024)
        frame.planes[0].update(wave.tobytes())
        frame.sample_rate, frame.pts, frame.time_base = _SOUND_RATE, start, Fraction(1, _SOUND_RATE)
        container.mux(sound.encode(frame))
    container.mux(sound.encode())
