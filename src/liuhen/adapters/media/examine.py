"""Examining a recording: one pass from end to end that finds where it is silent, black, frozen or broken off.

Invariant: memory does not grow with the recording beyond a byte per tenth of a second, and the answer does not depend on the
machine. Key frames are decoded, everything between them only where two neighbours are alike or black: a stretch that lasts two
seconds cannot hide between key frames that are closer, and where they are not, every picture is decoded.
"""

from fractions import Fraction
from pathlib import Path
from typing import Any, TypeAlias

import av.error
from av.audio.stream import AudioStream
from av.packet import Packet
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from liuhen.adapters.media.contents import detect
from liuhen.adapters.media.examination import Budget, Examination, spans_of, tenths
from liuhen.adapters.media.facts import Unreadable
from liuhen.adapters.media.loudness import Loudness
from liuhen.adapters.media.stamps import Stamps
from liuhen.adapters.media.stillness import Picture, Stillness, look, may_be_still
from liuhen.adapters.media.timed import open_media, pictures

AnyPacket: TypeAlias = "Packet[Any]"  # the class takes no argument at run time

_STRIDE = Fraction(1)  # seconds between the key frames that are looked at
_LONGEST_GROUP = Fraction(21, 10)  # seconds; past this a black stretch of two seconds could hide
_MOST_PACKETS, _MOST_BYTES = 600, 48 << 20
_LARGEST_PICTURE = 100_000_000
PATIENCE = 4 * 3600.0


def examine(path: Path, *, within: float = PATIENCE) -> Examination:
    """Examine a sound or video file, for at most `within` seconds. Raises Unreadable, OutOfTime."""
    content = detect(path)
    if not content.demuxer:
        raise Unreadable("这是照片，没有可供检测的时间过程。")
    budget = Budget(within)
    with open_media(path, content) as container:
        origin = Fraction(container.start_time or 0, 1_000_000)
        videos, sounds = pictures(container)[:1], list(container.streams.audio)[:1]
        watch = Watch(videos[0], origin) if videos else None
        ear = Ear(sounds[0], origin) if sounds else None
        stamps = {stream.index: Stamps() for stream in (*videos, *sounds)}
        for packet in container.demux(*videos, *sounds):
            budget.require()
            if packet.size == 0:
                continue
            if (at := _second(packet, origin)) is None:
                if watch and packet.stream_index == watch.stream.index:
                    watch.take_timeless(packet)
                continue
            stamps[packet.stream_index].add(at, _duration(packet))
            if watch and packet.stream_index == watch.stream.index:
                watch.take(packet, at)
            elif ear:
                ear.take(packet, at)
        return _conclude(stamps, watch, ear)


def _conclude(stamps: dict[int, Stamps], watch: "Watch | None", ear: "Ear | None") -> Examination:
    length = max((one.end for one in stamps.values()), default=Fraction(0))
    for one in stamps.values():
        one.finish(length)
    found = spans_of("断流", next(iter(stamps.values())).gaps) if stamps else []
    if watch:
        watch.finish(length)
        found += spans_of("黑屏", watch.stillness.blacks) + spans_of("静止", watch.stillness.freezes)
    if ear:
        ear.finish(length)
        found += spans_of("静音", ear.loudness.silences)
    elif length >= 2:
        found += spans_of("静音", [(Fraction(0), length)])
    found.sort(key=lambda span: (span.start, span.end, span.kind))
    return Examination(tenths(length), tuple(found), bytes(ear.loudness.peaks) if ear else b"")


def _second(packet: AnyPacket, origin: Fraction) -> Fraction | None:
    stamp = packet.dts if packet.pts is None else packet.pts
    return None if stamp is None or packet.time_base is None else stamp * packet.time_base - origin


def _duration(packet: AnyPacket) -> Fraction:
    return (packet.duration or 0) * (packet.time_base or Fraction(0))


class Ear:
    """Decodes the sound and measures it."""

    def __init__(self, stream: AudioStream, origin: Fraction) -> None:
        self.loudness = Loudness()
        self._stream, self._origin = stream, origin

    def take(self, packet: AnyPacket, at: Fraction) -> None:
        """Hear a packet; one that does not decode leaves a hole."""
        try:
            frames = self._stream.codec_context.decode(packet)
        except av.error.FFmpegError:
            return
        for number, frame in enumerate(frames):
            self.loudness.add(frame, at if number == 0 else None)

    def finish(self, length: Fraction) -> None:
        """Close the measures of a recording of this length."""
        self.loudness.finish(length)


class Watch:
    """Decodes as few pictures as the question allows; see the module's invariant.

    Packets are held from one looked-at key frame to the next (a group), and a group waits for its successor, because a
    stretch may begin at the end of a group whose own key frames differ.
    """

    def __init__(self, stream: VideoStream, origin: Fraction) -> None:
        self.stream, self.stillness = stream, Stillness()
        self._origin = origin
        self._time_base = stream.time_base or Fraction(1, 90_000)
        stream.thread_type = "AUTO"  # measured: a quarter faster where every picture is decoded, no slower elsewhere
        self._waiting: list[AnyPacket] = []
        self._group: list[AnyPacket] = []
        self._bytes = 0
        self._from = Fraction(0)
        self._sample: Picture | None = None
        self._alike: tuple[bool, bool] = (False, False)  # of the two pairs of key frames before the group's own
        self._running = False  # the group has grown too long to wait: its packets are decoded as they come

    def take(self, packet: AnyPacket, at: Fraction) -> None:
        """Take the next packet of the stream, which is shown at `at`."""
        if packet.is_keyframe and (not self._group or at - self._from >= _STRIDE):
            self._begin_group(packet, at)
        elif self._running:
            self._show(self._decode(packet))
            return
        self._group.append(packet)
        self._bytes += packet.size
        if at - self._from > _LONGEST_GROUP or len(self._group) > _MOST_PACKETS or self._bytes > _MOST_BYTES:
            self._run_on()

    def take_timeless(self, packet: AnyPacket) -> None:
        """Keep a picture that has no time of its own with the one before it: those that follow build on it."""
        if self._running:
            self._show(self._decode(packet))
        elif self._group:
            self._group.append(packet)
            self._bytes += packet.size

    def finish(self, length: Fraction) -> None:
        """Decode what is still held; the recording ends at `length`."""
        if not self._running:
            self._close(self._waiting, look_closely=any(self._alike))
            self._close(self._group, look_closely=True)
        else:
            self._show(self._decode(None))
        self.stillness.leave(length)

    def _begin_group(self, packet: AnyPacket, at: Fraction) -> None:
        if self._running:
            self._show(self._decode(None))
            self._running = False
            self._group = []
        self._flush()
        frames = [*self._decode(packet), *self._decode(None)]
        self._flush()
        sample = look(frames[0], at) if frames else None
        # What does not decode is looked at closely: nobody knows what it hides.
        alike = sample is None or self._sample is None or may_be_still(self._sample, sample)
        self._close(self._waiting, look_closely=alike or any(self._alike))
        self._waiting, self._alike = self._group, (self._alike[1], alike)
        self._group, self._bytes, self._from, self._sample = [], 0, at, sample

    def _run_on(self) -> None:
        self._close(self._waiting, look_closely=True)
        self._waiting = []
        for packet in self._group:
            self._show(self._decode(packet))
        del self._group[1:]  # one is left to say that a group has begun
        self._running, self._bytes = True, 0
        self._alike = (True, True)

    def _close(self, group: list[AnyPacket], *, look_closely: bool) -> None:
        if not group:
            return
        if not look_closely:
            at = _second(group[0], self._origin)
            self.stillness.leave(at if at is not None else self._from)
            return
        for packet in group:
            self._show(self._decode(packet))
        self._show(self._decode(None))
        self._flush()

    def _show(self, frames: list[VideoFrame]) -> None:
        for frame in frames:
            if frame.pts is not None:
                self.stillness.add(look(frame, frame.pts * self._time_base - self._origin))

    def _decode(self, packet: "AnyPacket | None") -> list[VideoFrame]:
        try:
            frames = self.stream.codec_context.decode(packet)
        except (av.error.FFmpegError, EOFError):
            return []
        for frame in frames:
            if frame.width * frame.height > _LARGEST_PICTURE:
                raise Unreadable(f"画面尺寸 {frame.width}×{frame.height} 不合理，疑似损坏或人为构造；请核实来源。")
        return frames

    def _flush(self) -> None:
        self.stream.codec_context.flush_buffers()
