"""预览图: small pictures of the whole recording in one JPEG, for the player's bar.

Invariant: tile n shows the key frame at or before second n × interval, so that a long recording costs no more than a short one.
"""

import math
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import cast

from av.container import InputContainer
from av.video.stream import VideoStream
from PIL import Image

from liuhen.adapters.media.appearing import appearing
from liuhen.adapters.media.contents import detect
from liuhen.adapters.media.examination import Budget
from liuhen.adapters.media.facts import NoPicture, Unreadable
from liuhen.adapters.media.timed import first_picture, open_media, pictures, seek_picture

_TILE = 160  # pixels wide
_TALLEST = 284
_COLUMNS = 10
_MOST_TILES = 100
_QUALITY = 70
_PATIENCE = 600.0


@dataclass(frozen=True, slots=True)
class Sprite:
    """How to read the picture: tile n, counted along rows of `columns`, stands for second n × `interval` (whole seconds)."""

    interval: int
    columns: int
    tiles: int
    width: int
    height: int


def sprite(path: Path, target: Path) -> Sprite:
    """Write the grid. Raises Unreadable, NoPicture for sound and photographs, OutOfTime."""
    content = detect(path)
    if not content.demuxer:
        raise NoPicture
    with open_media(path, content) as container:
        streams = pictures(container)
        if not streams:
            raise NoPicture
        stream = streams[0]
        length = Fraction(container.duration or 0, 1_000_000)
        interval = max(1, math.ceil(length / _MOST_TILES))
        tiles = max(1, math.ceil(length / interval))
        width, height = _tile_size(container, stream)
        grid = Image.new("RGB", (width * min(tiles, _COLUMNS), height * math.ceil(tiles / _COLUMNS)))
        budget = Budget(_PATIENCE)
        for number in range(tiles):
            budget.require()
            tile = _tile(container, stream, number * interval, width, height)
            if tile is not None:
                grid.paste(tile, (number % _COLUMNS * width, number // _COLUMNS * height))
    with appearing(target) as part:
        grid.save(part, "JPEG", quality=_QUALITY)
    return Sprite(interval, _COLUMNS, tiles, width, height)


def _tile_size(container: InputContainer, stream: VideoStream) -> tuple[int, int]:
    frame = first_picture(container, stream)
    if frame is None:
        raise Unreadable("画面无法解码，不能生成预览图；请从设备重新导出。")
    wide, tall = frame.width * float(stream.sample_aspect_ratio or 1), float(frame.height)
    if frame.rotation % 180:
        wide, tall = tall, wide
    scale = min(_TILE / wide, _TALLEST / tall)
    return max(1, round(wide * scale)), max(1, round(tall * scale))


def _tile(container: InputContainer, stream: VideoStream, second: int, width: int, height: int) -> Image.Image | None:
    seek_picture(container, stream, second * 1_000_000)
    frame = first_picture(container, stream)
    if frame is None:
        return None
    size = (height, width) if frame.rotation % 180 else (width, height)
    small = frame.reformat(width=size[0], height=size[1], format="rgb24")
    picture = cast(Image.Image, small.to_image())  # type: ignore[no-untyped-call]
    return picture.rotate(frame.rotation, expand=True).resize((width, height)) if frame.rotation else picture
