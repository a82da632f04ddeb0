"""Names of containers and objects as body-worn camera systems give them, and the moments written in them.

Invariant: a name is only ever read, never made into a path; what cannot be read gives None, because an unknown name is a
reason to look, not to refuse.
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal

from liuhen.core.kernel.errors import BadInput
from liuhen.core.kernel.moments import SHANGHAI

ContainerKind = Literal["system", "users", "devices", "rejected", "recording"]
ObjectKind = Literal["clip", "key", "bookmark", "track", "other"]

LONGEST_NAME = 255
_FIXED: dict[str, ContainerKind] = {"system": "system", "users": "users", "devices": "devices"}
_REJECTED = "rejectedcontent_"
_CLIPS = (".mkv", ".mp4")
_EPOCH = re.compile(r"\d{9,10}(\.\d{1,9})?|\d{13}|\d{16}")
_COMPACT = re.compile(r"\d{14}")
_EPOCH_START = datetime(1970, 1, 1, tzinfo=UTC)
_PARTS_OF_SECOND = {13: 1_000, 16: 1_000_000}


@dataclass(frozen=True, slots=True)
class RecordingName:
    """`<user>_<serial>_<moment>`: who wore which camera, and when it was triggered as far as the name says."""

    user: str
    serial: str
    triggered_at: datetime | None


def require_name(name: str, what: str) -> str:
    """Give back a name that can be kept and shown. Raises BadInput for one that nobody sends in good faith."""
    if name in ("", ".", "..") or any(char in "/\\" or not char.isprintable() for char in name):
        raise BadInput(what, "名称不能为空，不能含有斜杠、反斜杠或控制字符")
    if len(name.encode("utf-8", "surrogatepass")) > LONGEST_NAME:
        raise BadInput(what, f"名称超过 {LONGEST_NAME} 字节")
    return name


def kind_of_container(name: str) -> ContainerKind:
    """Say what a container is for; whatever is not set apart by the protocol is a recording."""
    lowered = name.lower()
    if lowered.startswith(_REJECTED):
        return "rejected"
    return _FIXED.get(lowered, "recording")


def kind_of_object(name: str, metadata: dict[str, str]) -> ObjectKind:
    """Say what an object of a recording is, by its name and, where old firmware names it otherwise, by its metadata."""
    lowered, filetype = name.lower(), metadata.get("filetype", "").lower()
    if lowered.endswith(".key") or filetype == "key":
        return "key"
    if lowered.startswith("bookmark_"):
        return "bookmark"
    if lowered.endswith("_gpstrail.json") or filetype == "json":
        return "track"
    if lowered.endswith(_CLIPS) or "." + metadata.get("containertype", "").lower() in _CLIPS:
        return "clip"
    return "other"


def parse_recording_name(name: str) -> RecordingName | None:
    """Read `<user>_<serial>_<YYYYMMDDTHHMMSSZ>` or the older `<user>_<serial>_<date>_<time>`; None for any other."""
    for parts in (2, 3):
        pieces = name.rsplit("_", parts)
        moment = parse_moment("T".join(pieces[2:])) if len(pieces) == parts + 1 else None
        if moment is not None and pieces[0] and pieces[1]:
            return RecordingName(pieces[0], pieces[1], moment)
    return None


def recording_id(name: str) -> str:
    """Give the short random id at the end of a clip's or track's name, by which the two are told to belong together."""
    stem = name.rpartition(".")[0] or name
    if stem.lower().endswith("_gpstrail"):
        return stem.rsplit("_", 3)[1] if stem.count("_") >= 3 else ""
    return stem.rpartition("_")[2]


def start_in_name(name: str) -> datetime | None:
    """Give the moment at the beginning of a clip's name `<start>_<id>.<type>`."""
    stem = name.rpartition(".")[0] or name
    return parse_moment(stem.rpartition("_")[0].replace("_", "T"))


def parse_moment(text: str) -> datetime | None:
    """Read an epoch (seconds, milliseconds, microseconds), RFC 3339, or fourteen digits in UTC; in Asia/Shanghai."""
    text = text.strip()
    try:
        if _EPOCH.fullmatch(text):
            return _from_epoch(text).astimezone(SHANGHAI)
        moment = _from_words(text)
        return moment.astimezone(SHANGHAI) if moment else None
    except (ValueError, OverflowError):
        return None


def _from_epoch(text: str) -> datetime:
    whole, _, fraction = text.partition(".")
    divisor = _PARTS_OF_SECOND.get(len(whole), 1)
    parts = int(whole) * 1_000_000 // divisor
    return _EPOCH_START + timedelta(microseconds=parts + int(fraction[:6].ljust(6, "0") or 0))


def _from_words(text: str) -> datetime | None:
    digits = "".join(char for char in text if char.isascii() and char.isdigit())
    if _COMPACT.fullmatch(digits) and "+" not in text and not re.search(r"-\d\d:?\d\d$", text):
        return datetime.strptime(digits, "%Y%m%d%H%M%S").replace(tzinfo=UTC)
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
