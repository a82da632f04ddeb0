"""A case written down as data: packs in force, a moment, a list of events, and what is expected of the judgement.

Worked cases of packs, `liuhen assess`, training and bug reports use this one form; docs/formats/scenario.md describes it.
Files need not be given digests here: a text in the place of a file stands for a file of that name.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import Any, Literal

from liuhen.core.events.catalogue import Event, EventType, event_type
from liuhen.core.events.envelope import EVENT_FORMAT, Header
from liuhen.core.kernel.codec import decode, encode
from liuhen.core.kernel.digests import digests_of
from liuhen.core.kernel.errors import BadInput
from liuhen.core.kernel.moments import parse_instant

_OWN_KEYS = ("at", "type", "recorded_at", "id")
_FILE_FIELDS = ("file", "strokes", "image")


@dataclass(frozen=True, slots=True)
class Expectation:
    """What the author demands of one rule: the verdict and, where given, subject, clause and due instant."""

    rule: str
    verdict: Literal["met", "unmet", "pending", "undetermined", "not_applicable"]
    subject: str | None = None
    clause: str | None = None
    due: datetime | None = None


@dataclass(frozen=True, slots=True)
class Scenario:
    """A written case. `at` is the moment of judgement; events later than it have not happened yet."""

    name: str
    packs: tuple[str, ...]
    at: datetime
    events: tuple[Event, ...]
    expect: tuple[Expectation, ...] = ()
    story: str = ""

    def happened(self, at: datetime) -> tuple[Event, ...]:
        """Give the events up to and including an instant."""
        return tuple(event for event in self.events if event.header.at <= at)


_KEYS = ("name", "story", "packs", "at", "events", "expect")


def read_scenario(data: Any, place: str = "") -> Scenario:
    """Build a scenario from plain data; raises BadInput naming the place for every unknown key, type or impossible time."""
    if not isinstance(data, Mapping):
        raise BadInput(place, "expected a scenario: name, packs, at, events, expect")
    for key in data:
        if key not in _KEYS:
            raise BadInput(_join(place, str(key)), f"unknown key; a scenario has {', '.join(_KEYS)}")
    for key in ("at", "packs", "events"):
        if key not in data:
            raise BadInput(_join(place, key), "is missing; a scenario needs packs, at and events")
    for key in ("packs", "events", "expect"):
        if not isinstance(data.get(key) or [], list):
            raise BadInput(_join(place, key), "is a list; begin every entry with “- ”")
    return Scenario(
        name=str(data.get("name", "")),
        packs=tuple(str(pack) for pack in data["packs"] or []),
        at=parse_instant(data["at"], _join(place, "at")),
        events=_read_events(data["events"] or [], _join(place, "events")),
        expect=tuple(
            decode(Expectation, item, f"{_join(place, 'expect')}[{index}]")
            for index, item in enumerate(data.get("expect") or [])
        ),
        story=str(data.get("story", "")),
    )


def _join(place: str, key: str) -> str:
    return f"{place}.{key}" if place else key


@dataclass(slots=True)
class _Reading:
    """What has been read so far: how many events each stream has, which ids are taken, the file of each document."""

    versions: dict[str, int] = field(default_factory=dict)
    ids: set[str] = field(default_factory=set)
    documents: dict[str, str] = field(default_factory=dict)


def _read_events(items: list[Any], place: str) -> tuple[Event, ...]:
    reading = _Reading()
    return tuple(_read_event(item, f"{place}[{index}]", index, reading) for index, item in enumerate(items))


def _read_event(item: Any, place: str, index: int, reading: _Reading) -> Event:
    if not isinstance(item, Mapping):
        raise BadInput(place, "an event is written as at, type, and the fields of its content")
    for key in ("at", "type"):
        if key not in item:
            raise BadInput(_join(place, key), "is missing; every event says when and what")
    kind = event_type(str(item["type"]), _join(place, "type"))
    at = parse_instant(item["at"], _join(place, "at"))
    recorded_at = parse_instant(item.get("recorded_at", at), _join(place, "recorded_at"))
    if recorded_at < at:
        raise BadInput(_join(place, "recorded_at"), "is before the event happened; nothing is known before it happens")
    event_id = str(item.get("id", f"e{index + 1}"))
    if event_id in reading.ids:
        raise BadInput(_join(place, "id"), f"“{event_id}” names another event already; give each its own id")
    reading.ids.add(event_id)
    content = {key: value for key, value in item.items() if key not in _OWN_KEYS}
    stream = _stream(kind, content, place)
    reading.versions[stream] = reading.versions.get(stream, 0) + 1
    header = Header(
        format=EVENT_FORMAT,
        id=event_id,
        agency="a1",
        stream=stream,
        seq=reading.versions[stream],
        type=kind.name,
        at=at,
        recorded_at=recorded_at,
        actor="",
        content_sha256="",
        content_sm3="",
    )
    return Event(header, decode(kind.content, _with_defaults(kind, content, reading), place))


def _stream(kind: EventType, content: dict[str, Any], place: str) -> str:
    if kind.stream != "recording":
        return f"{kind.stream}:{'c1' if kind.stream == 'case' else 'a1'}"
    recording = content.pop("recording", None)
    if not isinstance(recording, str):
        raise BadInput(_join(place, "recording"), "is missing; an event of a recording names it, for example r1")
    return f"recording:{recording}"


def _with_defaults(kind: EventType, content: dict[str, Any], reading: _Reading) -> dict[str, Any]:
    """Let a name stand for a file and a kind for a media summary, so that a jurist need not invent digests.

    A signature is put on the document as it was last made; a case pins no editions, for the scenario names its packs.
    """
    names = {item.name for item in fields(kind.content)}
    for name in _FILE_FIELDS:
        if name in names and not isinstance(content.get(name), Mapping):
            text = str(content.get(name) or f"{kind.name}.{name}")
            media_type = "application/pdf" if name == "file" else "application/octet-stream"
            content[name] = {**encode(digests_of(text.encode())), "name": text, "media_type": media_type}
    if kind.name == "case.registered":
        content.setdefault("packs", [])
    document = str(content.get("document"))
    if kind.name == "case.document-made":
        reading.documents[document] = str(content["file"].get("sha256"))
    if kind.name == "case.document-signed":
        content.setdefault("file_sha256", reading.documents.get(document, ""))
    if "media" in names and not isinstance(content.get("media"), Mapping):
        content["media"] = {"kind": str(content.get("media") or "video"), "container": "mp4"}
    return content
