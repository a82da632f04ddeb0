"""Which kind of file this is, told by its first bytes.

Invariant: the name and extension are never consulted, and only these demuxers are ever opened; playlists and scripts, which
would make a demuxer fetch other files, are of no known type here.
"""

from dataclasses import dataclass
from pathlib import Path

from liuhen.adapters.media.facts import Unreadable

_TYPES = "MP4、MOV、MKV、WebM、AVI、WAV、MP3、JPEG、PNG"
_MP4_FIRST = (b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip", b"pnot")


@dataclass(frozen=True, slots=True)
class Content:
    """The container's name for people and the one demuxer that may read it (empty for photographs)."""

    container: str
    demuxer: str


def detect(path: Path) -> Content:
    """Tell the type of a file. Raises Unreadable for an empty or unknown one."""
    try:
        with path.open("rb") as file:
            head = file.read(64)
    except OSError as error:
        raise Unreadable(f"文件无法打开（{error.strerror}），请检查存储介质后重新导入。") from error
    if not head:
        raise Unreadable("文件长度为零，没有任何内容；请检查设备存储卡，并从设备重新导出。")
    content = _by_head(head)
    if content is None:
        raise Unreadable(f"无法识别的文件类型：支持 {_TYPES}；请确认文件来源，或先用厂商软件转换。")
    return content


def _by_head(head: bytes) -> Content | None:
    if head[4:8] in _MP4_FIRST:
        return Content("mov" if _is_quicktime(head) else "mp4", "mp4")
    if head.startswith(b"\x1a\x45\xdf\xa3"):
        return Content("webm" if b"webm" in head else "mkv", "matroska")
    if head[:4] in (b"RIFF", b"RF64"):
        return {b"AVI ": Content("avi", "avi"), b"WAVE": Content("wav", "wav")}.get(head[8:12])
    if head.startswith(b"\xff\xd8\xff"):
        return Content("jpeg", "")
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return Content("png", "")
    if head.startswith(b"ID3") or (head[0] == 0xFF and len(head) > 1 and head[1] & 0xE6 == 0xE2):
        return Content("mp3", "mp3")
    return None


def _is_quicktime(head: bytes) -> bool:
    """QuickTime says so in its brand, or is so old that it has none."""
    return head[8:12] == b"qt  " if head[4:8] == b"ftyp" else True
