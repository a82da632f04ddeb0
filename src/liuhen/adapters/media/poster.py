"""The still picture that stands for a recording in lists.

Invariant: the target appears whole or not at all; the picture stands upright and keeps its shape.
"""

from pathlib import Path
from typing import cast

from PIL import Image, ImageOps

from liuhen.adapters.media.appearing import appearing
from liuhen.adapters.media.contents import Content, detect
from liuhen.adapters.media.facts import NoPicture, Unreadable
from liuhen.adapters.media.photo import open_photo
from liuhen.adapters.media.timed import first_picture, open_media, pictures, rewind, seek_picture

_WIDEST = 640
_TALLEST = 1280
_QUALITY = 82
_DEFAULT_SECOND = 1.0  # the very first picture is often black


def poster(path: Path, target: Path, *, at_second: float | None = None) -> None:
    """Write a JPEG at most 640 pixels wide of a photograph, or of the picture at or before `at_second` of a video.

    Raises Unreadable, and NoPicture for a sound recording.
    """
    content = detect(path)
    image = _of_video(path, content, at_second) if content.demuxer else _of_photo(path)
    with appearing(target) as part:
        image.save(part, "JPEG", quality=_QUALITY)


def _of_photo(path: Path) -> Image.Image:
    with open_photo(path) as image:
        image.draft("RGB", (_WIDEST * 2, _TALLEST * 2))
        upright = ImageOps.exif_transpose(image).convert("RGB")
        upright.thumbnail((_WIDEST, _TALLEST))
        return upright


def _of_video(path: Path, content: Content, at_second: float | None) -> Image.Image:
    with open_media(path, content) as container:
        streams = pictures(container)
        if not streams:
            raise NoPicture
        stream = streams[0]
        second = _DEFAULT_SECOND if at_second is None else at_second
        if second > 0:
            seek_picture(container, stream, int(second * 1_000_000))
        frame = first_picture(container, stream)
        if frame is None and second > 0:
            rewind(container)
            frame = first_picture(container, stream)
        if frame is None:
            raise Unreadable("画面无法解码，不能生成封面；请从设备重新导出。")
        shape = stream.sample_aspect_ratio or 1
        width = min(_WIDEST, max(1, round(frame.width * shape)))
        height = max(1, round(frame.height * width / max(1, round(frame.width * shape))))
        small = frame.reformat(width=width, height=min(height, 16 * _WIDEST), format="rgb24")
        picture = cast(Image.Image, small.to_image())  # type: ignore[no-untyped-call]
        upright = picture.rotate(frame.rotation, expand=True) if frame.rotation else picture
        upright.thumbnail((_WIDEST, _TALLEST))
        return upright
