"""Companions: small files of the same stem beside a film, what kind they are, and what they say of device, person and time.

Invariant: total. A companion that cannot be read is kept all the same; it then says nothing. No document type or entity of
XML is ever followed, and no more than `LARGEST` bytes are read.
"""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from xml.etree import ElementTree

from liuhen.core.kernel.moments import SHANGHAI

LARGEST = 8 << 20
MEDIA_TYPES = {
    ".json": "application/json",
    ".txt": "text/plain",
    ".xml": "application/xml",
    ".srt": "application/x-subrip",
    ".gpx": "application/gpx+xml",
}
SUFFIXES = tuple(MEDIA_TYPES)
_KINDS = {".srt": "字幕", ".gpx": "轨迹"}
# How makers and offices name the same four things, without spaces, hyphens and case.
_KEYS = {
    "device": "device deviceid deviceno devicenumber devid devno sn serial serialnumber "
    "设备 设备号 设备编号 设备序号 记录仪编号 产品序号",
    "officer": "officer officerid police policeid policeno userid userno certificate "
    "警号 证号 执法证号 执法人员 人员编号 警员编号 使用人",
    "started": "start started startat startedat starttime begintime recordtime createtime "
    "开始时间 录制时间 拍摄时间 起始时间",
    "ended": "end ended endat endedat endtime stoptime 结束时间 终止时间",
}
_FIELD_OF = {key: field for field, keys in _KEYS.items() for key in keys.split()}
_LINE = re.compile(r"\s*([^:：=\t]{1,40}?)\s*[:：=\t]\s*(\S.*?)\s*")
_COMPACT = re.compile(r"[12][0-9]{13}")
_MOST = 5000
_LONGEST = 100
_FIRST_POINT = re.compile(rb"<trkpt\b")


@dataclass(frozen=True, slots=True)
class Statement:
    """What a companion says: its kind, numbers as written, times aware (Beijing time where no offset stands), and a note."""

    kind: str
    device: str | None = None
    officer: str | None = None
    started: datetime | None = None
    ended: datetime | None = None
    note: str | None = None


def read_companion(suffix: str, data: bytes) -> Statement:
    """Read a companion by its suffix (lower case, with its dot)."""
    if suffix in _KINDS:
        points = len(_FIRST_POINT.findall(data)) if suffix == ".gpx" else 0
        return Statement(_KINDS[suffix], note=f"{points} 个定位点" if points else None)
    try:
        pairs, kind, note = _pairs(suffix, data)
    except (ValueError, RecursionError, ElementTree.ParseError):
        return Statement("说明", note="内容无法识别，原样保留")
    said: dict[str, str] = {}
    for key, text in pairs:
        field = _FIELD_OF.get(re.sub(r"[\s_-]", "", key).casefold())
        if field and 0 < len(text.strip()) <= _LONGEST:
            said.setdefault(field, text.strip())
    return Statement(
        kind, said.get("device"), said.get("officer"), _time(said.get("started")), _time(said.get("ended")), note
    )


def _pairs(suffix: str, data: bytes) -> tuple[list[tuple[str, str]], str, str | None]:
    """Give keys with their texts, the kind, and a note. Raises ValueError, RecursionError, ParseError."""
    if suffix == ".json":
        value = json.loads(data)
        points = value.get("CoordinateEntries") if isinstance(value, dict) else None
        kind, note = ("轨迹", f"{len(points)} 个定位点") if isinstance(points, list) else ("说明", None)
        return list(_limited(_leaves("", value))), kind, note
    if suffix == ".xml":
        if b"<!DOCTYPE" in data or b"<!ENTITY" in data:
            raise ValueError("a document type")
        return list(_limited(_elements(ElementTree.fromstring(data)))), "说明", None
    return list(_limited(_lines(_decoded(data)))), "说明", None


def _limited(pairs: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    for number, pair in enumerate(pairs):
        if number >= _MOST:
            return
        yield pair


def _leaves(key: str, value: Any) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from _leaves(str(name), inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _leaves(key, inner)
    elif isinstance(value, str | int) and not isinstance(value, bool):
        yield key, str(value)


def _elements(root: ElementTree.Element) -> Iterator[tuple[str, str]]:
    for element in root.iter():
        yield element.tag.rpartition("}")[2], element.text or ""
        yield from ((name.rpartition("}")[2], text) for name, text in element.attrib.items())


def _lines(text: str) -> Iterator[tuple[str, str]]:
    for line in text.splitlines():
        found = _LINE.fullmatch(line)
        if found:
            yield found[1], found[2]


def _decoded(data: bytes) -> str:
    """Makers' texts are UTF-8 or the Chinese national encoding."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("gb18030", "replace")


def _time(text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        if _COMPACT.fullmatch(text):
            return datetime.strptime(text, "%Y%m%d%H%M%S").replace(tzinfo=SHANGHAI)
        if text.isdecimal() and len(text) in (10, 13):
            return datetime.fromtimestamp(int(text[:10]), UTC).astimezone(SHANGHAI)
        moment = datetime.fromisoformat(text.replace("/", "-"))
        return moment.replace(tzinfo=SHANGHAI) if moment.tzinfo is None else moment.astimezone(SHANGHAI)
    except (ValueError, OverflowError):
        return None
