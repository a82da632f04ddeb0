"""Which kind of file this is, told by its first bytes.

Invariant: the name and extension are never consulted, and only these demuxers are ever opened; playlists and scripts, which
would make a demuxer fetch other files, are of no known type here.
"""

from dataclasses import dataclass
from pathlib import Path

from liuhen.adapters.media import flac, pages, program, sound_frames, transport
from liuhen.adapters.media.facts import Unreadable

TYPES = "MP4、MOV、3GP、MKV、WebM、AVI、MPEG（MPG、VOB）、TS（M2TS）、Ogg、WAV、MP3、AAC（M4A）、FLAC、AMR、JPEG、PNG、HEIC、AVIF"
_MP4_FIRST = (b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip", b"pnot")
_HEAD = transport.HEAD
# Brands of ISO/IEC 14496-12 files, by what they begin with; what is none of these is an MP4.
_BRANDS = {b"qt  ": "mov", b"3gp": "3gp", b"3g2": "3gp", b"3ge": "3gp", b"3gr": "3gp", b"3gs": "3gp", b"M4A": "m4a"}
# ISO/IEC 23008-12: photographs in the same boxes.
_STILL_BRANDS = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1", b"avif", b"avis")
_AV1_BRANDS = (b"avif", b"avis")


@dataclass(frozen=True, slots=True)
class Content:
    """The container's name for people and the one demuxer that may read it (empty for photographs)."""

    container: str
    demuxer: str


_MARKS = (
    (b"\xff\xd8\xff", Content("jpeg", "")),
    (b"\x89PNG\r\n\x1a\n", Content("png", "")),
    (pages.CAPTURE, Content("ogg", "ogg")),
    (flac.MARK, Content("flac", "flac")),
    (sound_frames.NARROW, Content("amr", "amr")),
    (sound_frames.WIDE, Content("amr", "amr")),
    (b"ID3", Content("mp3", "mp3")),
)
_RIFFS = {
    (b"RIFF", b"AVI "): Content("avi", "avi"),
    (b"RIFF", b"WAVE"): Content("wav", "wav"),
    (b"RF64", b"WAVE"): Content("wav", "wav"),
}


def detect(path: Path) -> Content:
    """Tell the type of a file. Raises Unreadable for an empty or unknown one."""
    try:
        with path.open("rb") as file:
            head = file.read(_HEAD)
    except OSError as error:
        raise Unreadable(f"文件无法打开（{error.strerror}），请检查存储介质后重新导入。") from error
    if not head:
        raise Unreadable("文件长度为零，没有任何内容；请检查设备存储卡，并从设备重新导出。")
    content = _by_mark(head) or _by_rows(head)
    if content is None:
        raise Unreadable(_why_not(head))
    return content


def _why_not(head: bytes) -> str:
    """Say why a file is not taken in; of a kind that people do send, with its own remedy."""
    if head[:4] == b"RIFX":
        # FFmpeg opens it and reads every sample with its bytes turned round: what would play is noise.
        return "这是高位字节在前的 WAV（RIFX），目前不支持；请用厂商软件另存为普通 WAV 后导入，并保留原件。"
    return f"无法识别的文件类型：支持 {TYPES}；请确认文件来源，或先用厂商软件转换。"


def _by_mark(head: bytes) -> Content | None:
    """Tell what says its name in its first bytes."""
    if head[4:8] in _MP4_FIRST:
        return _photograph(head) or Content(_brand(head), "mp4")
    if head.startswith(b"\x1a\x45\xdf\xa3"):
        return Content("webm" if b"webm" in head[:64] else "mkv", "matroska")
    if riff := _RIFFS.get((head[:4], head[8:12])):
        return riff
    return next((content for mark, content in _MARKS if head.startswith(mark)), None)


def _by_rows(head: bytes) -> Content | None:
    """Tell what is a row of packets or frames from its first byte on."""
    if program.begins_program(head):
        return Content("mpg", "mpeg")
    if sound_frames.is_adts(head):
        return Content("aac", "aac")
    if len(head) > 1 and head[0] == 0xFF and head[1] & 0xE6 == 0xE2:
        return Content("mp3", "mp3")
    grid = transport.grid_of(head)
    return None if grid is None else Content("m2ts" if grid.lead else "ts", "mpegts")


def _photograph(head: bytes) -> Content | None:
    """Tell HEIC and AVIF: by the brand, or for one that both have (mif1) by those it says it is compatible with."""
    if head[4:8] != b"ftyp" or head[8:12] not in _STILL_BRANDS:
        return None
    size = int.from_bytes(head[:4], "big")
    brands = {head[at : at + 4] for at in range(8, min(size, len(head)), 4) if at != 12}
    own = {head[8:12]} if head[8:12] not in (b"mif1", b"msf1") else brands
    return Content("avif" if own.intersection(_AV1_BRANDS) else "heic", "")


def _brand(head: bytes) -> str:
    """Name the kind; QuickTime says so in its brand, or is so old that it has none."""
    if head[4:8] != b"ftyp":
        return "mov"
    return next((name for brand, name in _BRANDS.items() if head.startswith(brand, 8)), "mp4")
