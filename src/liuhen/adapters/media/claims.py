"""What a device claims of time, place and itself: parsed strictly, doubted in words.

Invariant: a claim that cannot be right (before digital recorders, outside the globe, exactly 0°,0°) becomes None. MP4 `mvhd`
times are UTC by ISO/IEC 14496-12; times without an offset are taken as Beijing time and the doubt says so.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from liuhen.adapters.media.facts import Location
from liuhen.core.kernel import canonical
from liuhen.core.kernel.moments import SHANGHAI

_FIRST_YEAR = 2000
_NO_OFFSET = "文件所记时间未注明时区，按北京时间理解。"
_NO_TIME = "文件中没有拍摄时间，只能以设备目录或人工说明为准。"
_TIME_KEYS = ("com.apple.quicktime.creationdate", "creation_time", "date")
_PLACE_KEYS = ("com.apple.quicktime.location.iso6709", "location", "location-eng")
_MAKE_KEYS = ("com.apple.quicktime.make", "com.android.manufacturer", "make")
_MODEL_KEYS = ("com.apple.quicktime.model", "com.android.model", "model")
_ISO_6709 = re.compile(r"([+-])(\d{2,6}(?:\.\d{1,12})?)([+-])(\d{3,7}(?:\.\d{1,12})?)(?:[+-]\d|/|CRS|$)")
_LONGEST_MARK = 64


@dataclass(frozen=True, slots=True)
class Claims:
    """What the tags say; see MediaFacts for the meaning of each."""

    created_at: datetime | None
    clock_doubt: str | None
    location: Location | None
    make: str | None
    model: str | None


def read_tags(tags: Mapping[str, str]) -> Claims:
    """Read a container's tags. Never raises: what cannot be read is None."""
    folded = {key.lower(): value for key, value in tags.items()}
    created_at, doubt = claimed_time(_first(folded, _TIME_KEYS))
    return Claims(
        created_at=created_at,
        clock_doubt=doubt,
        location=parse_iso_6709(_first(folded, _PLACE_KEYS) or ""),
        make=mark(_first(folded, _MAKE_KEYS)),
        model=mark(_first(folded, _MODEL_KEYS)),
    )


def claimed_time(text: str | None) -> tuple[datetime | None, str | None]:
    """Read a claimed time (ISO 8601, or EXIF's 2026:03:02 09:10:00) and what is to be doubted about it."""
    if not text or not text.strip():
        return None, _NO_TIME
    cleaned = re.sub(r"^(\d{4}):(\d{2}):(\d{2})", r"\1-\2-\3", text.strip(" \0"))
    try:
        moment = datetime.fromisoformat(cleaned)
    except ValueError:
        return None, f"文件所记时间“{text[:40]}”无法识别，只能以设备目录或人工说明为准。"
    if moment.year < _FIRST_YEAR:
        return None, f"文件所记时间为 {moment.year} 年，设备时钟未设置，只能以设备目录或人工说明为准。"
    if not re.search(r"\d:\d", cleaned):
        return None, f"文件只记了日期“{text[:40]}”，没有钟点，只能以设备目录或人工说明为准。"
    if moment.tzinfo is None:
        return moment.replace(tzinfo=SHANGHAI), _NO_OFFSET
    return moment.astimezone(SHANGHAI), None


def parse_iso_6709(text: str) -> Location | None:
    """Read +35.7756+113.2806/ (degrees), and the forms with minutes and seconds. Spec: ISO 6709 annex H."""
    found = _ISO_6709.match(text.strip())
    if not found:
        return None
    lat_sign, lat, lon_sign, lon = found.groups()
    return place(_degrees(lat_sign, lat, 2), _degrees(lon_sign, lon, 3))


def place(lat: Decimal, lon: Decimal) -> Location | None:
    """Give a location to seven decimals (1 cm), or None for one that no receiver measures."""
    if abs(lat) > 90 or abs(lon) > 180 or (lat == 0 and lon == 0):
        return None
    return Location(_plain(lat), _plain(lon))


def mark(text: str | None) -> str | None:
    """Clean a maker's or model's name: printable, NFC, at most 64 characters."""
    cleaned = "".join(char for char in text or "" if char.isprintable()).strip()
    return canonical.normal(cleaned)[:_LONGEST_MARK] or None


def _degrees(sign: str, digits: str, width: int) -> Decimal:
    whole, _, fraction = digits.partition(".")
    degrees, rest = whole[:width], whole[width:]
    last = f"{(rest or degrees)[-2:] if rest else degrees}.{fraction or '0'}"
    if not rest:
        value = Decimal(last)
    elif len(rest) <= 2:
        value = Decimal(degrees) + Decimal(last) / 60
    else:
        value = Decimal(degrees) + Decimal(rest[:2]) / 60 + Decimal(last) / 3600
    return -value if sign == "-" else value


def _plain(value: Decimal) -> str:
    text = f"{value.quantize(Decimal('0.0000001')):f}".rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


def _first(tags: Mapping[str, str], keys: tuple[str, ...]) -> str | None:
    return next((tags[key] for key in keys if tags.get(key)), None)
