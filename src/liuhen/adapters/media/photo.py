"""Photographs: decoded once to prove them whole, their EXIF read without trust; the picture for browsers that show no HEIC.

Invariant: a picture larger than the limit is refused before any of it is decoded; damaged EXIF costs the metadata, not the
photograph.
"""

import contextlib
from collections.abc import Iterator, Mapping
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any, BinaryIO

import pi_heif
from PIL import ExifTags, Image, ImageOps

from liuhen.adapters.media.appearing import appearing
from liuhen.adapters.media.claims import Claims, claimed_time, mark, place
from liuhen.adapters.media.contents import Content
from liuhen.adapters.media.facts import Location, MediaFacts, StreamFacts, Unreadable

pi_heif.register_heif_opener()

_FORMATS = ("JPEG", "PNG", "HEIF", "AVIF")
_MOST_PIXELS = 150_000_000
_PREVIEW = (1280, 1280)  # JPEG decodes to about this size directly, so that memory stays small
_LIBRARY_FAILURES = (
    OSError,
    ValueError,
    SyntaxError,
    MemoryError,
    OverflowError,
    LookupError,
    TypeError,
    AttributeError,
    RuntimeError,
)
_COPY_QUALITY = 92
_EXIF_DAMAGED = "照片信息（EXIF）损坏，无法读出拍摄时间，只能以设备目录或人工说明为准。"


def probe_photo(path: Path, content: Content) -> MediaFacts:
    """Read what a photograph says, after decoding all of it. Raises Unreadable."""
    with open_photo(path) as image:
        width, height = image.size
        claims = _claims(image)
        _decode(image)
        return MediaFacts(
            container=content.container,
            kind="photo",
            duration=None,
            created_at=claims.created_at,
            clock_doubt=claims.clock_doubt,
            streams=(StreamFacts("photo", content.container, width=width, height=height),),
            location=claims.location,
            make=claims.make,
            model=claims.model,
            playable_in_browser=image.mode != "CMYK" and content.container != "heic",
        )


@contextlib.contextmanager
def open_photo(source: Path | BinaryIO) -> Iterator[Image.Image]:
    """Open a photograph within the size limit; whatever the library raises inside leaves as Unreadable."""
    try:
        with Image.open(source, formats=_FORMATS) as image:
            if image.width * image.height > _MOST_PIXELS:
                raise Unreadable(f"照片尺寸 {image.width}×{image.height} 超出合理范围，疑似人为构造；请核实来源。")
            yield image
    except Image.DecompressionBombError as error:
        raise Unreadable("照片尺寸超出合理范围，疑似人为构造；请核实来源。") from error
    except _LIBRARY_FAILURES as error:
        raise Unreadable("照片不完整或已损坏，无法解码；请从设备重新导出。") from error


def browser_picture(path: Path, target: Path) -> None:
    """Write a photograph in its full size and upright as JPEG, whole or not at all. Raises Unreadable."""
    with open_photo(path) as image:
        upright = ImageOps.exif_transpose(image).convert("RGB")
    with appearing(target) as part:
        upright.save(part, "JPEG", quality=_COPY_QUALITY)


def _decode(image: Image.Image) -> None:
    image.draft("RGB", _PREVIEW)
    image.load()


def _claims(image: Image.Image) -> Claims:
    try:
        exif = image.getexif()
        details = exif.get_ifd(ExifTags.IFD.Exif)
        position = exif.get_ifd(ExifTags.IFD.GPSInfo)
        taken = _text(details.get(ExifTags.Base.DateTimeOriginal) or exif.get(ExifTags.Base.DateTime))
        offset = _text(details.get(ExifTags.Base.OffsetTimeOriginal) or details.get(ExifTags.Base.OffsetTime))
        created_at, doubt = claimed_time(f"{taken}{offset}" if taken else None)
        make, model = mark(_text(exif.get(ExifTags.Base.Make))), mark(_text(exif.get(ExifTags.Base.Model)))
    except _LIBRARY_FAILURES:
        return Claims(None, _EXIF_DAMAGED, None, None, None)
    return Claims(created_at, doubt, _location(position), make, model)


def _location(position: Mapping[int, Any]) -> Location | None:
    try:
        lat = _degrees(position[ExifTags.GPS.GPSLatitude], position[ExifTags.GPS.GPSLatitudeRef], "S")
        lon = _degrees(position[ExifTags.GPS.GPSLongitude], position[ExifTags.GPS.GPSLongitudeRef], "W")
        return place(lat, lon)
    except (*_LIBRARY_FAILURES, ArithmeticError, InvalidOperation):
        return None  # no position was recorded, or not one that can be read


def _degrees(parts: Any, reference: Any, negative: str) -> Decimal:
    degrees, minutes, seconds = (Decimal(part.numerator) / Decimal(part.denominator) for part in parts)
    value = degrees + minutes / 60 + seconds / 3600
    return -value if _text(reference).upper().startswith(negative) else value


def _text(value: Any) -> str:
    if isinstance(value, bytes):
        value = value.decode("utf-8", "replace")
    return str(value or "").strip(" \0")
