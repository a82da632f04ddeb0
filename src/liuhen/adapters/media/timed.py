"""Sound and picture in time, read through FFmpeg with the doors shut.

Invariant: only the demuxer that the first bytes called for is opened, only the file protocol is allowed, waits and sizes are
bounded, and every failure of the library leaves as Unreadable.
"""

import contextlib
from collections.abc import Iterator
from datetime import timedelta
from fractions import Fraction
from pathlib import Path

import av
import av.error
from av.audio.stream import AudioStream
from av.container import InputContainer
from av.stream import Disposition
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from liuhen.adapters.media.claims import read_tags
from liuhen.adapters.media.contents import Content
from liuhen.adapters.media.facts import MediaFacts, StreamFacts, Unreadable
from liuhen.adapters.media.sound_frames import adts_seconds, amr_seconds

_MOST_STREAMS = 32
_LONGEST = timedelta(days=31)
_LARGEST_SIDE = 16_384
_MOST_PIXELS = 100_000_000
_PATIENCE = (20.0, 60.0)  # seconds to open, seconds to read
_PACKETS_TO_TRY = 400
_TAIL_SECONDS = 2
_LIBRARY_FAILURES = (av.error.FFmpegError, OSError, ValueError, MemoryError, OverflowError, RuntimeError, LookupError)
_PLAYABLE = {
    "mp4": ({"h264", "av1", "vp9"}, {"aac", "mp3", "opus", "flac"}),
    "webm": ({"vp8", "vp9", "av1"}, {"opus", "vorbis"}),
    "wav": (set[str](), {"pcm_s16le", "pcm_u8", "pcm_s24le", "pcm_f32le"}),
    "mp3": (set[str](), {"mp3"}),
    "3gp": ({"h264"}, {"aac"}),
    "m4a": (set[str](), {"aac"}),
    "ogg": (set[str](), {"opus", "vorbis", "flac"}),
    "flac": (set[str](), {"flac"}),
    # No row for AAC in frames alone: a browser plays it, but guesses its length, so that second n is not second n.
}
PLAYABLE_PIXELS = {"yuv420p", "yuvj420p"}
_WITHOUT_INDEX = {"mpeg", "mpegts"}  # standing at a time is standing anywhere between two key frames
_BEFORE = 10_000_000  # microseconds
_PACKET = 50_000  # microseconds that a picture may be read before it is shown, as a rule
_REORDERED = 1_000_000  # microseconds by which pictures may come in another order than they are shown
_LEADS = (0, 2, 10, 60)  # seconds to go back, until a key frame comes before the time asked for


def probe_timed(path: Path, content: Content) -> MediaFacts:
    """Read what a sound or video file says. Raises Unreadable."""
    with open_media(path, content) as container:
        videos, sounds = pictures(container), list(container.streams.audio)
        if not videos and not sounds:
            raise Unreadable("文件中没有画面也没有声音；请确认导出的是录音录像文件。")
        _require_all_samples(container, path.stat().st_size)
        duration = _duration(container, counted_micros(path, content))
        _require_decodable(container, videos[0] if videos else sounds[0], duration)
        tags = dict(container.metadata)
        for stream in (*sounds[::-1], *videos[::-1]):
            tags = {**stream.metadata, **tags}
        claims = read_tags(tags)
        return MediaFacts(
            container=content.container,
            kind="video" if videos else "audio",
            duration=duration,
            created_at=claims.created_at,
            clock_doubt=claims.clock_doubt,
            streams=(*map(_video_facts, videos), *map(_sound_facts, sounds)),
            location=claims.location,
            make=claims.make,
            model=claims.model,
            playable_in_browser=_is_playable(content, videos, sounds),
        )


@contextlib.contextmanager
def open_media(path: Path, content: Content) -> Iterator[InputContainer]:
    """Open a file with its one demuxer, all its codecs known and its pictures of a size that can be; what the library raises
    inside leaves as Unreadable.
    """
    limits = {"protocol_whitelist": "file", "max_streams": str(_MOST_STREAMS), "max_pixels": str(_MOST_PIXELS)}
    try:
        with av.open(
            str(path.absolute()),
            format=content.demuxer,
            options=limits,
            metadata_errors="replace",
            timeout=_PATIENCE,
        ) as container:
            _require_known_codecs(container)
            _require_sane(container, pictures(container))
            yield container
    except _LIBRARY_FAILURES as error:
        raise Unreadable(f"文件已损坏或不完整，无法解析（{_short(error)}）；请从设备重新导出。") from error


def pictures(container: InputContainer) -> list[VideoStream]:
    """Give the moving pictures; a cover picture attached to a sound file is none."""
    return [stream for stream in container.streams.video if not stream.disposition & Disposition.attached_pic]


def decode_frames(container: InputContainer, stream: VideoStream | AudioStream) -> Iterator[object]:
    """Decode from where the file stands, passing over packets that do not decode, and giving up after a bounded number."""
    barren, waiting = 0, isinstance(stream, VideoStream) and container.format.name in _WITHOUT_INDEX
    for number, packet in enumerate(container.demux(stream)):
        waiting = waiting and not packet.is_keyframe and packet.size > 0 and number < _PACKETS_TO_TRY
        if waiting:  # pictures that build on one which was not read are grey
            continue
        try:
            frames = packet.decode()
        except av.error.FFmpegError:
            frames = []
        barren = 0 if frames else barren + 1
        yield from frames
        if barren > _PACKETS_TO_TRY:
            return


def seek_picture(container: InputContainer, stream: VideoStream | AudioStream, micros: int) -> None:
    """Stand where decoding gives the picture (or sound) of a moment, in microseconds from the recording's start."""
    start = container.start_time or 0
    wanted = start + micros
    if not isinstance(stream, VideoStream) or container.format.name not in _WITHOUT_INDEX:
        container.seek(wanted)
        return
    for place in (max(start, wanted - lead * 1_000_000) for lead in _LEADS):
        container.seek(place)
        keys = _keys(container, stream, wanted)
        nearer = (keys[-1] - _PACKET, keys[-1] - 4 * _PACKET) if keys else ()
        for nearest in nearer:
            container.seek(nearest)
            if _keys(container, stream, wanted)[:1] == keys[-1:]:
                container.seek(nearest)
                return
        if keys:
            container.seek(place)
            return
    rewind(container)


def rewind(container: InputContainer) -> None:
    """Stand at the beginning, from where every picture decodes."""
    start = container.start_time or 0
    # Of several streams that begin one after another, asking for the first time may leave out the first pictures.
    container.seek(start - _BEFORE if container.format.name in _WITHOUT_INDEX else start)


def _keys(container: InputContainer, stream: VideoStream, wanted: int) -> list[int]:
    """Give when the key frames from here on are shown, up to a moment of the container's own time; in microseconds."""
    found: list[int] = []
    for packet in container.demux(stream):
        stamp = packet.dts if packet.pts is None else packet.pts
        if packet.size == 0 or stamp is None:
            continue
        at = int(stamp * packet.time_base * 1_000_000)
        if at > wanted + _REORDERED:
            break
        if packet.is_keyframe and at <= wanted:
            found.append(at)
    return found


def first_picture(container: InputContainer, stream: VideoStream) -> VideoFrame | None:
    """Give the next picture that decodes, None when there is none."""
    frame = next(iter(decode_frames(container, stream)), None)
    return frame if isinstance(frame, VideoFrame) else None


def _require_known_codecs(container: InputContainer) -> None:
    for stream in (*container.streams.video, *container.streams.audio):
        if stream.codec_context is None:  # the library's types do not say so, its behaviour does
            raise Unreadable("画面或声音的编码格式无法识别，文件可能已损坏；请从设备重新导出，或先用厂商软件转换。")


def _require_sane(container: InputContainer, videos: list[VideoStream]) -> None:
    if len(container.streams) > _MOST_STREAMS:
        raise Unreadable(f"文件含 {len(container.streams)} 条媒体流，超出合理范围，疑似损坏或人为构造；请核实来源。")
    for stream in videos:
        if not (0 < stream.width <= _LARGEST_SIDE and 0 < stream.height <= _LARGEST_SIDE) or (
            stream.width * stream.height > _MOST_PIXELS
        ):
            raise Unreadable(f"画面尺寸 {stream.width}×{stream.height} 不合理，疑似损坏或人为构造；请核实来源。")


def _require_all_samples(container: InputContainer, size: int) -> None:
    """An index may stand whole at the front of a file whose data was cut."""
    for stream in container.streams:
        if len(stream.index_entries) > size:  # more pieces than bytes: walking them would take minutes
            raise Unreadable("文件索引的条目多得不合理，疑似损坏或人为构造；请核实来源。")
        reach = max((entry.pos + entry.size for entry in stream.index_entries), default=0)
        if reach > size:
            raise Unreadable(
                f"文件不完整：索引指向第 {reach} 字节，实际只有 {size} 字节，传输或录制中途中断；请从设备重新导出。"
            )


def counted_micros(path: Path, content: Content) -> int | None:
    """Give a length that FFmpeg would guess from the rate of the first frames."""
    count = {"aac": adts_seconds, "amr": amr_seconds}.get(content.demuxer)
    if count is None:
        return None
    with path.open("rb") as file:
        return int(count(file, path.stat().st_size) * 1_000_000)


def _duration(container: InputContainer, counted: int | None) -> timedelta:
    micros = container.duration if counted is None else counted
    if micros is None or micros <= 0:
        micros = _measured_micros(container)
    try:
        span = timedelta(microseconds=micros)
    except OverflowError:
        span = timedelta.max
    if micros <= 0:
        raise Unreadable("文件中没有可播放的画面或声音，时长为零；请从设备重新导出。")
    if span > _LONGEST:
        raise Unreadable(f"文件声称的时长超过 {_LONGEST.days} 天，不合理，疑似损坏；请核实来源。")
    return span


def _measured_micros(container: InputContainer) -> int:
    """A recording made live may state no length: read to its last packet."""
    first, last = Fraction(0), Fraction(0)
    for number, packet in enumerate(container.demux()):
        if packet.pts is None or packet.time_base is None:
            continue
        start = packet.pts * packet.time_base
        first = min(first, start) if number else start
        last = max(last, start + (packet.duration or 0) * packet.time_base)
    rewind(container)
    return int((last - first) * 1_000_000)


def _require_decodable(container: InputContainer, stream: VideoStream | AudioStream, duration: timedelta) -> None:
    """Decode a little at both ends: space that was reserved but never written has a sound index and no picture."""
    if next(iter(decode_frames(container, stream)), None) is None:
        raise Unreadable("开头的画面或声音无法解码，文件内容已损坏；请从设备重新导出。")
    tail = duration - timedelta(seconds=_TAIL_SECONDS)
    if tail <= timedelta(0):
        return
    seek_picture(container, stream, int(tail / timedelta(microseconds=1)))
    if next(iter(decode_frames(container, stream)), None) is None:
        raise Unreadable("结尾的画面或声音无法解码，文件后段内容缺失或损坏；请从设备重新导出。")


def _video_facts(stream: VideoStream) -> StreamFacts:
    rate = stream.average_rate
    fps = f"{rate.numerator / rate.denominator:.3f}".rstrip("0").rstrip(".") if rate else None
    return StreamFacts(
        "video", stream.codec_context.codec.canonical_name, width=stream.width, height=stream.height, fps=fps
    )


def _sound_facts(stream: AudioStream) -> StreamFacts:
    return StreamFacts(
        "audio", stream.codec_context.codec.canonical_name, audio_rate=stream.rate, channels=stream.channels
    )


def _is_playable(content: Content, videos: list[VideoStream], sounds: list[AudioStream]) -> bool:
    video_codecs, sound_codecs = _PLAYABLE.get(content.container, (set(), set()))
    return all(
        s.codec_context.codec.canonical_name in video_codecs and s.pix_fmt in PLAYABLE_PIXELS for s in videos
    ) and all(s.codec_context.codec.canonical_name in sound_codecs for s in sounds)


def _short(error: BaseException) -> str:
    return (getattr(error, "strerror", None) or type(error).__name__)[:80]
