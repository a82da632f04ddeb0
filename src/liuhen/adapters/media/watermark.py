"""水印: who took a copy, and when, written all over the picture of a copy that leaves the system. The original never carries one.

Invariant: the words stand in every picture of the copy and cannot be cut off with an edge; the copy appears whole or not at all.
"""

import io
from fractions import Fraction
from pathlib import Path

from av.filter import Graph
from av.video.format import VideoFormat
from av.video.frame import VideoFrame
from PIL import Image, ImageDraw, ImageFont, ImageOps
from pylopdf_fonts_zh_cn import sans_path

from liuhen.adapters.media.examine import PATIENCE
from liuhen.adapters.media.photo import open_photo
from liuhen.adapters.media.proxy import proxy

_TICKS = Fraction(1, 90_000)
_SLANT = 24  # degrees
_INK, _EDGE = (255, 255, 255, 96), (0, 0, 0, 80)


def mark_picture(picture: bytes, words: str) -> bytes:
    """Write the words over a still, turned as its device asks, and give it as PNG. Raises Unreadable."""
    with open_photo(io.BytesIO(picture)) as opened:
        still = ImageOps.exif_transpose(opened).convert("RGBA")
    still.alpha_composite(_sheet(still.size, words))
    made = io.BytesIO()
    still.convert("RGB").save(made, "PNG")
    return made.getvalue()


def mark_video(path: Path, target: Path, words: str, *, within: float = PATIENCE) -> None:
    """Write an MP4 of a recording with the words over every picture; sound goes along. Raises Unreadable, NoPicture, OutOfTime."""
    proxy(path, target, within=within, stamp=_Stamp(words))


class _Stamp:
    """Lays one transparent sheet over every picture."""

    def __init__(self, words: str) -> None:
        self._words = words
        self._graph: Graph | None = None

    def __call__(self, frame: VideoFrame) -> VideoFrame:
        if self._graph is None:
            self._graph = self._made_for(frame)
        self._shown.push(frame)
        stamped = self._graph.vpull()
        stamped.pts, stamped.time_base = frame.pts, frame.time_base
        return stamped

    def _made_for(self, frame: VideoFrame) -> Graph:
        graph = Graph()
        shown = graph.add_buffer(width=frame.width, height=frame.height, format=frame.format, time_base=_TICKS)
        sheet = graph.add_buffer(width=frame.width, height=frame.height, format=VideoFormat("rgba"), time_base=_TICKS)
        over, sink = graph.add("overlay", "eof_action=repeat:format=yuv420"), graph.add("buffersink")
        shown.link_to(over, 0, 0)
        sheet.link_to(over, 0, 1)
        over.link_to(sink)
        graph.configure()
        sheet.push(_as_frame(_sheet((frame.width, frame.height), self._words)))
        sheet.push(None)
        self._shown = shown
        return graph


def _as_frame(sheet: Image.Image) -> VideoFrame:
    """Give a sheet as a frame that is still transparent."""
    frame = VideoFrame(sheet.width, sheet.height, "rgba")
    plane, line = frame.planes[0], 4 * sheet.width
    pixels = sheet.tobytes()
    lines = (pixels[start : start + line].ljust(plane.line_size, b"\0") for start in range(0, len(pixels), line))
    plane.update(b"".join(lines).ljust(plane.buffer_size, b"\0"))
    frame.pts, frame.time_base = 0, _TICKS
    return frame


def _sheet(size: tuple[int, int], words: str) -> Image.Image:
    """Draw the words again and again, slanted, on a transparent sheet."""
    height = max(14, min(size) // 22)
    font = ImageFont.truetype(str(sans_path()), height)
    box = font.getbbox(words)
    wide, high = int(box[2] - box[0]) + 4 * height, 5 * height
    side = int((size[0] ** 2 + size[1] ** 2) ** 0.5) + max(wide, high)
    sheet = Image.new("RGBA", (side, side), (0, 0, 0, 0))
    pen = ImageDraw.Draw(sheet)
    for row, y in enumerate(range(0, side, high)):
        for x in range(-wide * (row % 2) // 2, side, wide):
            pen.text((x, y), words, font=font, fill=_INK, stroke_width=max(1, height // 14), stroke_fill=_EDGE)
    turned = sheet.rotate(_SLANT, resample=Image.Resampling.BICUBIC)
    left, top = (side - size[0]) // 2, (side - size[1]) // 2
    return turned.crop((left, top, left + size[0], top + size[1]))
