"""片段: a piece cut out of a recording, packet by packet, as the device coded it.

Invariant: nothing is coded again. A piece can therefore only begin at a key frame: it begins at the one at or before the second
asked for, and says where it really begins and ends. The recording is never touched.
"""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
from av.container import InputContainer, OutputContainer
from av.stream import Stream

from liuhen.adapters.media.contents import Content, detect
from liuhen.adapters.media.examination import Budget
from liuhen.adapters.media.facts import Unreadable
from liuhen.adapters.media.timed import counted_micros, open_media, pictures, seek_picture
from liuhen.core.kernel.errors import BadInput

_PATIENCE = 1800.0
_MILLI = Decimal("0.001")
# What a piece of each kind is written as: Matroska takes nearly every codec that a recorder may have used.
_WRITTEN_AS = {
    "mp4": ("mp4", ".mp4", "video/mp4"),
    "wav": ("wav", ".wav", "audio/wav"),
    "mp3": ("mp3", ".mp3", "audio/mpeg"),
    "flac": ("flac", ".flac", "audio/flac"),
    "amr": ("amr", ".amr", "audio/amr"),
    "aac": ("mp4", ".m4a", "audio/mp4"),
}
_ANYTHING = ("matroska", ".mkv", "video/x-matroska")
_OLD_PHONES = ("mov", ".mov", "video/quicktime")  # H.263 and AMR, which neither of the others takes


@dataclass(frozen=True, slots=True)
class Clip:
    """A piece as it was cut: the interval it really holds, in seconds of the recording to 0.001; `exact` to 0.1 s."""

    from_second: Decimal
    to_second: Decimal
    exact: bool
    extension: str
    media_type: str


def clip(path: Path, start: Decimal, end: Decimal, target: Path) -> Clip:
    """Write the piece from `start` to `end` (seconds). The target's name should end in the `extension` answered.

    Raises Unreadable, OutOfTime, BadInput for an interval that the recording does not have.
    """
    content = detect(path)
    if not content.demuxer or not 0 <= start < end:
        raise BadInput("interval", f"没有从 {start} 秒到 {end} 秒的片段；起点不得小于零，终点应晚于起点")
    part = target.with_name(target.name + ".part")
    try:
        for written_as in dict.fromkeys((_WRITTEN_AS.get(content.demuxer, _ANYTHING), _ANYTHING, _OLD_PHONES)):
            cut = _cut(path, content, (start, end), part, written_as)
            if cut is not None:
                part.replace(target)
                return cut
    finally:
        part.unlink(missing_ok=True)
    raise Unreadable("该处没有可以截取的画面或声音；请换一段时间，或从设备重新导出。")


def _cut(
    path: Path, content: Content, wanted: tuple[Decimal, Decimal], part: Path, written_as: tuple[str, str, str]
) -> Clip | None:
    """Copy the packets; None where the container does not take these codecs, or nothing lies in the interval."""
    form, extension, media_type = written_as
    with open_media(path, content) as container:
        kept = [*pictures(container)[:1], *container.streams.audio]
        length = counted_micros(path, content) or container.duration
        if length is not None and wanted[0] * 1_000_000 >= length:
            raise BadInput("interval", f"录像不到 {wanted[0]} 秒；请填写录像时长以内的秒数")
        try:
            with av.open(str(part), "w", format=form, options=_options(form)) as output:
                output.metadata.update({key: text for key, text in container.metadata.items() if key != "encoder"})
                held = _copy(container, output, kept, wanted)
        except (av.error.FFmpegError, ValueError):
            return None
    if held is None:
        return None
    exact = abs(held[0] - Fraction(wanted[0])) < Fraction(1, 10) and abs(held[1] - Fraction(wanted[1])) < Fraction(
        1, 10
    )
    return Clip(_milli(held[0]), _milli(held[1]), exact, extension, media_type)


def _options(form: str) -> dict[str, str]:
    return {"movflags": "+faststart"} if form == "mp4" else {}


def _copy(
    container: InputContainer, output: OutputContainer, kept: list[Any], wanted: tuple[Decimal, Decimal]
) -> tuple[Fraction, Fraction] | None:
    """Copy from the key frame before the start; give the interval of the leading stream (the picture, if there is one)."""
    made: dict[int, Stream] = {stream.index: _like(output, stream) for stream in kept}
    leading, budget = kept[0].index, Budget(_PATIENCE)
    origin = Fraction(container.start_time or 0, 1_000_000)
    seek_picture(container, kept[0], int(wanted[0] * 1_000_000))
    first: Fraction | None = None
    last, done, before = Fraction(0), set[int](), dict[int, Fraction]()
    for packet in container.demux(kept):
        budget.require()
        stamp = packet.pts if packet.pts is not None else packet.dts
        if packet.size == 0 or stamp is None or packet.time_base is None or packet.stream_index in done:
            continue
        at = stamp * packet.time_base - origin
        order = (packet.dts if packet.dts is not None else stamp) * packet.time_base - origin
        length = (packet.duration or 0) * packet.time_base
        if order >= wanted[1]:
            done.add(packet.stream_index)
            if len(done) == len(made):
                break
            continue
        if packet.stream_index == leading:
            if first is None and not packet.is_keyframe:
                continue
            first, last = (at if first is None else first), max(last, at + length)
        elif first is None or at + length <= first:
            continue
        if order < before.get(packet.stream_index, order):
            continue  # an Ogg's first sound may claim a time before its picture, and then jump back: no container takes that
        before[packet.stream_index] = order
        _shift(packet, first or Fraction(0), origin)
        packet.stream = made[packet.stream_index]
        output.mux(packet)
    return None if first is None else (first, last)


def _like(output: OutputContainer, stream: Any) -> Stream:
    """Give the output a stream of the same coding, also of one that can be read here and not written (Theora)."""
    try:
        made: Stream = output.add_stream_from_template(stream)
    except av.codec.codec.UnknownCodecError:
        made = output.add_stream_from_template(stream, opaque=True)
    return made


def _shift(packet: Any, first: Fraction, origin: Fraction) -> None:
    """Make the piece's own time begin at zero."""
    ticks = round((first + origin) / packet.time_base)
    packet.pts = None if packet.pts is None else packet.pts - ticks
    packet.dts = None if packet.dts is None else packet.dts - ticks


def _milli(second: Fraction) -> Decimal:
    return (Decimal(second.numerator) / second.denominator).quantize(_MILLI)
