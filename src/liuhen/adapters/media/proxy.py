"""播放副本: what browsers play, made of what they do not (H.265, AVI, Matroska, QuickTime, telephone sound).

Invariant: second n of the copy shows second n of the recording. Streams that a browser plays are copied as they are, the others
are coded as H.264 and AAC; the recording is never touched, and the target appears whole or not at all.
"""

import contextlib
import heapq
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any, cast

import av
import av.error
from av.audio.frame import AudioFrame
from av.audio.resampler import AudioResampler
from av.audio.stream import AudioStream
from av.container import InputContainer, OutputContainer
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from liuhen.adapters.media.contents import Content, detect
from liuhen.adapters.media.examination import Budget
from liuhen.adapters.media.examine import PATIENCE
from liuhen.adapters.media.facts import NoPicture, Unreadable
from liuhen.adapters.media.timed import PLAYABLE_PIXELS, first_picture, open_media, pictures, rewind

_LONGEST_SIDE = 1280
_SOUND_RATE, _SOUND_BITS = 48_000, 96_000
_SAMPLES = 1024  # of an AAC frame
_TICKS = 90_000
_MOST_HELD = 40
_CODING = {"preset": "veryfast", "crf": "26", "maxrate": "3M", "bufsize": "6M", "bf": "0", "g": "100"}
_COPIED_PICTURE, _COPIED_SOUND = "h264", {"aac", "mp3"}


Stamp = Callable[[VideoFrame], VideoFrame]


@dataclass(frozen=True, slots=True)
class _Way:
    """Whether streams may go over as they are, and what is laid over every picture."""

    copy: bool
    stamp: Stamp | None


@dataclass(frozen=True, slots=True)
class Proxy:
    """What was done: whether the picture and the sound were coded again, or copied as they were."""

    picture_coded: bool
    sound_coded: bool


def proxy(path: Path, target: Path, *, within: float = PATIENCE, stamp: Stamp | None = None) -> Proxy:
    """Write an MP4 that browsers play, its index in front. Raises Unreadable, NoPicture for photographs, OutOfTime.

    `stamp` is laid over every picture, which is then coded again whatever it was.
    """
    content = detect(path)
    if not content.demuxer:
        raise NoPicture
    part = target.with_name(target.name + ".part")
    budget = Budget(within)
    # An AVI keeps no time of presentation, an MPEG stream not one for every picture: copied, their order would be lost.
    ways = (False,) if stamp or content.demuxer in ("avi", "mpeg") else (True, False)
    try:
        for copy in ways:
            try:
                made = _make(path, content, part, _Way(copy, stamp), budget)
            except Unreadable:
                if not copy:
                    raise
                continue  # stamps that this container does not take as they are: code it again
            if not part.exists():  # nothing in it that could be written
                break
            part.replace(target)
            return made
    finally:
        part.unlink(missing_ok=True)
    raise Unreadable("不能生成播放副本；请从设备重新导出。")


def _make(path: Path, content: Content, part: Path, way: _Way, budget: Budget) -> Proxy:
    with open_media(path, content) as container:
        videos, sounds = pictures(container)[:1], list(container.streams.audio)[:1]
        if not videos and not sounds:
            raise Unreadable("文件中没有画面也没有声音；请确认导出的是录音录像文件。")
        with av.open(str(part), "w", format="mp4", options={"movflags": "+faststart"}) as output:
            return _write(container, output, (*videos, *sounds), way, budget)


def _write(
    container: InputContainer, output: OutputContainer, streams: tuple[Any, ...], way: _Way, budget: Budget
) -> Proxy:
    origin = Fraction(container.start_time or 0, 1_000_000)
    lines: dict[int, _Line] = {}
    for stream in streams:
        if isinstance(stream, VideoStream) and not (way.copy and _plays(stream)):
            pictures_line = _Picture(output, stream, origin, _rotation(container, stream))
            pictures_line.ordered, pictures_line.stamp = container.format.name != "avi", way.stamp
            lines[stream.index] = pictures_line
        elif isinstance(stream, VideoStream) or (
            way.copy and stream.codec_context.codec.canonical_name in _COPIED_SOUND
        ):
            lines[stream.index] = _Copied(output, stream, origin)
        else:
            lines[stream.index] = _Sound(output, stream, origin, budget)
    for packet in container.demux(*streams):
        budget.require()
        if packet.size and (packet.pts is not None or packet.dts is not None):
            lines[packet.stream_index].take(packet)
        elif packet.size:
            lines[packet.stream_index].take_timeless(packet)
    for line in lines.values():
        line.finish()
    coded = {type(line) for line in lines.values()}
    return Proxy(_Picture in coded, _Sound in coded)


def _rotation(container: InputContainer, stream: VideoStream) -> int:
    stream.thread_type = "AUTO"
    frame = first_picture(container, stream)
    rewind(container)
    return frame.rotation if frame else 0


def _plays(stream: VideoStream) -> bool:
    return stream.codec_context.codec.canonical_name == _COPIED_PICTURE and stream.pix_fmt in PLAYABLE_PIXELS


class _Line:
    """One stream on its way into the copy."""

    def take(self, packet: Any) -> None:
        raise NotImplementedError

    def take_timeless(self, packet: Any) -> None:
        """Take a packet that has no time of its own, as in an MPEG packet that holds several pictures."""

    def finish(self) -> None:
        """Write what is still held."""


class _Copied(_Line):
    """A stream that goes over as it is."""

    def __init__(self, output: OutputContainer, stream: Any, origin: Fraction) -> None:
        self._output, self._origin = output, origin
        self._made = output.add_stream_from_template(stream)

        self._held: list[Any] = []  # the first packets of a Matroska have no time of decoding
        self._known = False

    def take(self, packet: Any) -> None:
        ticks = round(self._origin / packet.time_base)
        packet.pts = (packet.dts if packet.pts is None else packet.pts) - ticks
        packet.dts = None if packet.dts is None else packet.dts - ticks
        if packet.dts is None and self._known:
            packet.dts = packet.pts
        if not self._known:
            self._held.append(packet)
            if packet.dts is None and len(self._held) < _MOST_HELD:
                return
            self._release()
            return
        self._mux(packet)

    def take_timeless(self, packet: Any) -> None:
        """Refuse what could only be put at a guessed place; coded again, it gets its place from the decoder."""
        raise Unreadable("画面没有各自的时间，不能原样复制；请从设备重新导出。")

    def finish(self) -> None:
        """Write what waited for a time of decoding that never came."""
        self._release()

    def _release(self) -> None:
        """Let the first packets be decoded a tick apart, before the first whose time is known."""
        held, self._held, self._known = self._held, [], True
        for place, packet in enumerate(held):
            if packet.dts is None:
                packet.dts = (packet.pts if held[-1].dts is None else held[-1].dts) - len(held) + 1 + place
            self._mux(packet)

    def _mux(self, packet: Any) -> None:
        packet.stream = self._made
        self._output.mux(packet)


class _Picture(_Line):
    """A picture coded as H.264, upright as the device asks, each frame at its own time."""

    def __init__(self, output: OutputContainer, stream: VideoStream, origin: Fraction, rotation: int) -> None:
        self._output, self._stream, self._origin = output, stream, origin
        self._base = stream.time_base or Fraction(1, _TICKS)
        shape = float(stream.sample_aspect_ratio or 1)
        scale = min(1.0, _LONGEST_SIDE / max(stream.width * shape, stream.height, 1))
        self._size = tuple(max(2, round(side * scale / 2) * 2) for side in (stream.width * shape, stream.height))
        made = output.add_stream("libx264", rate=stream.average_rate or 25, options=_CODING)
        made.width, made.height, made.pix_fmt = self._size[0], self._size[1], "yuv420p"
        made.codec_context.time_base = Fraction(1, _TICKS)
        made.time_base = Fraction(1, _TICKS)
        if rotation:
            made.set_display_rotation(rotation)
        self._made, self._last, self._step = made, -1, round(_TICKS / (stream.average_rate or 25))
        # An AVI gives the times in the order of decoding: the pictures, which come in the order of showing, take them in turn.
        self.ordered, self._times = True, list[int]()
        self.stamp: Stamp | None = None

    def take(self, packet: Any) -> None:
        try:
            frames = packet.decode()
        except av.error.FFmpegError:
            return
        if not self.ordered:
            heapq.heappush(self._times, packet.dts if packet.pts is None else packet.pts)
        self._encode(frames)

    def take_timeless(self, packet: Any) -> None:
        """Decode it in its turn: the pictures after it build on it."""
        with contextlib.suppress(av.error.FFmpegError):
            self._encode(packet.decode())

    def finish(self) -> None:
        """Write what the decoder and the encoder still hold."""
        with contextlib.suppress(av.error.FFmpegError, EOFError):
            self._encode(self._stream.codec_context.decode(None))
        if self._last < 0:
            raise Unreadable("画面无法解码，不能生成播放副本；请从设备重新导出。")
        self._output.mux(self._made.encode())

    def _encode(self, frames: list[VideoFrame]) -> None:
        for frame in frames:
            pts = frame.pts if self.ordered else heapq.heappop(self._times) if self._times else None
            if pts is not None:
                at = round((pts * self._base - self._origin) * _TICKS)
            elif self.ordered and self._last >= 0:
                at = self._last + self._step  # it is shown after the one before it, at the usual pace
            else:
                continue
            if at <= self._last:
                continue
            small = frame.reformat(width=self._size[0], height=self._size[1], format="yuv420p")
            small.pts, small.time_base, self._last = at, Fraction(1, _TICKS), at
            if self.stamp is not None:
                small = self.stamp(small)
            small.pict_type = 0
            self._output.mux(self._made.encode(small))


class _Sound(_Line):
    """Sound coded as AAC, laid on the recording's own time: a hole becomes silence, what comes twice is left out."""

    def __init__(self, output: OutputContainer, stream: AudioStream, origin: Fraction, budget: Budget) -> None:
        self._output, self._stream, self._origin, self._budget = output, stream, origin, budget
        self._layout = "stereo" if stream.channels >= 2 else "mono"
        self._width = 4 * (2 if self._layout == "stereo" else 1)
        made = output.add_stream("aac", rate=_SOUND_RATE, layout=self._layout)
        made.bit_rate, made.time_base = _SOUND_BITS, Fraction(1, _SOUND_RATE)
        self._made = made
        self._resampler = AudioResampler(format="flt", layout=self._layout, rate=_SOUND_RATE)
        self._pending, self._given = bytearray(), 0

    def take(self, packet: Any) -> None:
        at = (packet.dts if packet.pts is None else packet.pts) * packet.time_base - self._origin
        try:
            frames = cast(list[AudioFrame], packet.decode())
        except av.error.FFmpegError:
            return
        if frames:
            self._fill(int(at * _SOUND_RATE) - self._given - len(self._pending) // self._width)
        for frame in frames:
            frame.pts = None
            for made in self._resampler.resample(frame):
                self._pending += bytes(made.planes[0])[: self._width * made.samples]
            self._encode(_SAMPLES)

    def finish(self) -> None:
        """Write what is left, down to the last sample."""
        self._encode(1)
        self._output.mux(self._made.encode())

    def _fill(self, hole: int) -> None:
        while hole > _SOUND_RATE // 20:
            self._budget.require()  # a stamp that was damaged may ask for days of silence
            piece = min(hole, _SOUND_RATE)
            self._pending += bytes(self._width * piece)
            self._encode(_SAMPLES)
            hole -= piece

    def _encode(self, least: int) -> None:
        while len(self._pending) >= least * self._width:
            piece = bytes(self._pending[: _SAMPLES * self._width])
            del self._pending[: _SAMPLES * self._width]
            frame = AudioFrame(format="flt", layout=self._layout, samples=len(piece) // self._width)
            frame.planes[0].update(piece.ljust(frame.planes[0].buffer_size, b"\0"))
            frame.sample_rate, frame.pts, frame.time_base = _SOUND_RATE, self._given, Fraction(1, _SOUND_RATE)
            self._given += frame.samples
            self._output.mux(self._made.encode(frame))
