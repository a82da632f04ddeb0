"""Is the file all there? Told from the container's own lengths, without decoding.

Invariant: a structure that claims more bytes than the file has is refused, and so is one whose writer died before it could
write the lengths or the index. Specs: ISO/IEC 14496-12 section 4.2 (boxes), RFC 8794 (EBML), Microsoft RIFF.
"""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO

from liuhen.adapters.media.contents import Content
from liuhen.adapters.media.facts import Unreadable
from liuhen.adapters.media.flac import require_whole_flac
from liuhen.adapters.media.pages import require_whole_ogg
from liuhen.adapters.media.program import require_whole_program
from liuhen.adapters.media.refusals import MOST_PARTS, broken, cut_off, too_many_parts, unfinished, without_sound
from liuhen.adapters.media.sound_frames import require_whole_adts, require_whole_amr
from liuhen.adapters.media.transport import require_whole_transport

_SEGMENT, _CLUSTER = 0x18538067, 0x1F43B675
_STREAMED = 0xFFFFFFFF  # a writer that could not seek back says "until the end"


def require_whole(path: Path, content: Content) -> None:
    """Raises Unreadable when the container's structure shows that the file was cut off or never finished."""
    if check := _CHECKS.get(content.demuxer):
        size = path.stat().st_size
        with path.open("rb") as file:
            check(file, size)


def _require_whole_mp4(file: BinaryIO, size: int) -> None:
    seen: set[bytes] = set()
    for kind, end in _boxes(file, size):
        seen.add(kind)
        if end > size:
            # Without the index nobody can tell how much is missing: name the graver fault.
            raise cut_off(end, size) if b"moov" in seen else _without_index()
    if b"moov" not in seen:
        raise _without_index()
    if not seen & {b"mdat", b"moof"}:
        raise Unreadable("文件只有索引，没有画面和声音数据；请从设备重新导出。")


def _without_index() -> Unreadable:
    return Unreadable("文件缺少索引（moov），无法播放，录制或传输可能中途中断；请从设备重新导出，或用厂商软件修复。")


def _boxes(file: BinaryIO, size: int) -> Iterator[tuple[bytes, int]]:
    at = 0
    for _ in range(MOST_PARTS):
        if at >= size:
            return
        file.seek(at)
        head = file.read(16)
        length, kind = int.from_bytes(head[:4], "big"), head[4:8]
        if len(head) >= 8 and not all(32 <= byte < 127 or byte == 0xA9 for byte in kind):
            return  # padding after the last box, as some recorders leave it
        if length == 1:
            length = int.from_bytes(head[8:16], "big")
        elif length == 0:
            length = size - at
        length = max(length, 8)
        yield kind, at + length
        at += length
    raise too_many_parts()


def _require_whole_matroska(file: BinaryIO, size: int) -> None:
    _, _, head_end = _element(file, 0)
    if head_end is not None and head_end > size:
        raise cut_off(head_end, size)
    identity, start, end = _element(file, head_end or 0)
    if identity != _SEGMENT:
        raise Unreadable("MKV 文件结构损坏，找不到媒体段；请从设备重新导出。")
    if end is not None:
        if end > size:
            raise cut_off(end, size)
        return
    _require_whole_clusters(file, start, size)


def _require_whole_clusters(file: BinaryIO, at: int, size: int) -> None:
    """A live recording states no total length; each of its clusters does."""
    clusters = 0
    while at < size:
        identity, _, end = _element(file, at)
        clusters += identity == _CLUSTER
        if end is None:
            break
        if end > size:
            raise cut_off(end, size)
        at = max(end, at + 1)
    if not clusters:
        raise unfinished()


def _element(file: BinaryIO, at: int) -> tuple[int, int, int | None]:
    """Read an EBML element's id, where its content starts, and where it ends (None: unknown)."""
    file.seek(at)
    head = file.read(12)
    width = _width(head, 0)
    identity = int.from_bytes(head[:width], "big")
    span = _width(head, width)
    mask = (1 << (7 * span)) - 1
    length = int.from_bytes(head[width : width + span], "big") & mask
    start = at + width + span
    return identity, start, None if length == mask else start + length


def _width(head: bytes, at: int) -> int:
    if at >= len(head) or head[at] == 0:
        raise broken("MKV")
    return 9 - head[at].bit_length()


def _require_whole_avi(file: BinaryIO, size: int) -> None:
    movie_seen = False
    for kind, start, length in _chunks(file, 0, size):
        if kind != b"RIFF":
            break  # some recorders append their own block after the last RIFF
        if length < 4:
            raise unfinished()
        if start + length > size:
            raise cut_off(start + length, size)
        for inner, inner_start, inner_length in _chunks(file, start + 4, start + length):
            file.seek(inner_start)
            if inner == b"LIST" and file.read(4) == b"movi":
                movie_seen = True
                if inner_length <= 4:
                    raise unfinished()
    if not movie_seen:
        raise unfinished()


def _require_whole_wav(file: BinaryIO, size: int) -> None:
    long_data = 0
    for kind, start, length in _chunks(file, 12, size):
        if kind == b"ds64" and length >= 16:  # RF64 states here what 32 bits do not hold
            file.seek(start + 8)
            long_data = int.from_bytes(file.read(8), "little")
        if kind == b"data":
            length = long_data if length == _STREAMED and long_data else length
            if length == 0 and start < size:
                raise unfinished()
            if length != _STREAMED and start + length > size:
                raise cut_off(start + length, size)
            return
        if start + length > size:
            raise cut_off(start + length, size)
    raise without_sound("WAV")


def _chunks(file: BinaryIO, at: int, end: int) -> Iterator[tuple[bytes, int, int]]:
    for _ in range(MOST_PARTS):
        if at + 8 > end:
            return
        file.seek(at)
        head = file.read(8)
        length = int.from_bytes(head[4:8], "little")
        yield head[:4], at + 8, length
        at += 8 + length + length % 2
    raise too_many_parts()


_CHECKS: dict[str, Callable[[BinaryIO, int], None]] = {
    "mp4": _require_whole_mp4,
    "matroska": _require_whole_matroska,
    "avi": _require_whole_avi,
    "wav": _require_whole_wav,
    "ogg": require_whole_ogg,
    "mpeg": require_whole_program,
    "mpegts": require_whole_transport,
    "flac": require_whole_flac,
    "aac": require_whole_adts,
    "amr": require_whole_amr,
}
