"""Small contents of the protocol: the settings that a camera system reads, and bookmarks and tracks that it writes.

Invariant: the bytes of a setting are the same for the same setting, because their MD5 is sent beside them and compared.
"""

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from liuhen.adapters.cameras.metadata import moment_of
from liuhen.adapters.cameras.names import parse_moment
from liuhen.core.kernel.errors import BadInput

LARGEST_TRACK = 16 << 20
LARGEST_BOOKMARK = 64 << 10
_POINT = re.compile(
    r"POINT\s*Z?\s*\(\s*(-?\d+(?:\.\d+)?)\s+(-?\d+(?:\.\d+)?)(?:\s+-?\d+(?:\.\d+)?)?\s*\)", re.IGNORECASE
)
# Once declared, a capability must stay for ever.
_CAPABILITIES = {
    "Read": {"ReadCategories": True},
    "Store": {
        "StoreBookmarks": True,
        "StoreRejectedContent": True,
        "StoreUserIDKey": True,
        "StoreSignedVideo": True,
        "StoreGNSSTrackRecording": True,
    },
    "StoreAndRead": {"StoreReadSystemID": True},
}


@dataclass(frozen=True, slots=True)
class Point:
    """Where the camera was: degrees, seconds from the recording's start, and the moment where it is given."""

    longitude: float
    latitude: float
    seconds: float
    at: datetime | None


@dataclass(frozen=True, slots=True)
class Bookmark:
    """A note made on the camera or at the dock: its category, free text, tags and the time it speaks of."""

    category: str
    category_name: str
    text: str
    tags: tuple[str, ...]
    starts: datetime | None
    ends: datetime | None


def render_capabilities() -> bytes:
    """Write `Capabilities.json`."""
    return json.dumps(_CAPABILITIES, separators=(",", ":")).encode()


def render_categories(categories: Iterable[tuple[str, str]]) -> bytes:
    """Write `Categories.json` from names and ids, in the order given."""
    rows = [{"Name": name, "Id": ident} for name, ident in categories]
    return json.dumps(rows, ensure_ascii=False, separators=(",", ":")).encode()


def etag_of(data: bytes) -> str:
    """Give the MD5 of a body in lower-case hexadecimal, as the protocol's check sum; it protects nothing else."""
    return hashlib.md5(data, usedforsecurity=False).hexdigest()


def read_bookmark(metadata: Mapping[str, str], body: bytes) -> Bookmark:
    """Read a bookmark; what is not said is empty."""
    text = body[:LARGEST_BOOKMARK].decode("utf-8", "replace")
    return Bookmark(
        category=metadata.get("categoryid", ""),
        category_name=metadata.get("categoryname", ""),
        text="".join(char if char.isprintable() or char == "\n" else "\ufffd" for char in text).strip(),
        tags=tuple(tag.strip() for tag in metadata.get("tags", "").split(";") if tag.strip()),
        starts=moment_of(metadata, "starttime"),
        ends=moment_of(metadata, "endtime"),
    )


def read_track(data: bytes) -> tuple[Point, ...]:
    """Read a GNSS track. Raises BadInput for bytes that are none."""
    try:
        entries = json.loads(data)["CoordinateEntries"]
        return tuple(_point(entry) for entry in entries)
    except (ValueError, KeyError, TypeError, RecursionError) as fault:
        raise BadInput("轨迹", f"定位轨迹文件无法读取（{type(fault).__name__}）；原文件已保留，请人工核对") from None


def _point(entry: Mapping[str, Any]) -> Point:
    match = _POINT.fullmatch(str(entry["LocationWKT"]).strip())
    if match is None:
        raise ValueError("no point")
    longitude, latitude, seconds = float(match[1]), float(match[2]), float(entry.get("SecondsFromStart", 0))
    if not (abs(longitude) <= 180 and abs(latitude) <= 90):
        raise ValueError("not on the globe")
    return Point(longitude, latitude, seconds, parse_moment(str(entry.get("Timestamp", ""))))
