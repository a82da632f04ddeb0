"""The envelope of an event: a header that stays for ever, a content with its salt that a lawful disposal can destroy.

Frozen format `liuhen-event/1`: the header bytes below are hashed into the ledger; changing them needs a new version number.
See docs/formats/event.md, which is exact enough to write a second implementation.
"""

import hashlib
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from liuhen.core.kernel import canonical
from liuhen.core.kernel.codec import decode, encode
from liuhen.core.kernel.digests import new_sm3, sha256, sm3
from liuhen.core.kernel.errors import BadInput

EVENT_FORMAT: Literal["liuhen-event/1"] = "liuhen-event/1"
LEAF_FORMAT: Literal["liuhen-leaf/1"] = "liuhen-leaf/1"
SALT_BYTES = 32
_CONTENT_DOMAIN = b"liuhen-content/1\n"

StreamKind = Literal["agency", "case", "recording"]


@dataclass(frozen=True, slots=True)
class Stream:
    """One ordered line of events: an agency, a case or a recording, written `kind:uid`."""

    kind: StreamKind
    uid: str

    def __str__(self) -> str:
        return f"{self.kind}:{self.uid}"


def parse_stream(text: str, place: str = "stream") -> Stream:
    """Read `kind:uid`; raises BadInput for another kind or an empty uid."""
    kind, _, uid = text.partition(":")
    if kind == "agency" and uid:
        return Stream("agency", uid)
    if kind == "case" and uid:
        return Stream("case", uid)
    if kind == "recording" and uid:
        return Stream("recording", uid)
    raise BadInput(place, f"“{text}” is no stream; write agency:…, case:… or recording:…")


@dataclass(frozen=True, slots=True)
class Header:
    """What stays of an event for ever; it names no person: actors are opaque ids that only contents explain.

    `at` is when the thing happened, `recorded_at` when the system learned it; `corrects` names the event put right.
    """

    format: Literal["liuhen-event/1"]
    id: str
    agency: str
    stream: str
    seq: int
    type: str
    at: datetime
    recorded_at: datetime
    actor: str
    content_sha256: str
    content_sm3: str
    corrects: str | None = None


@dataclass(frozen=True, slots=True)
class Sealed:
    """An event as kept and as packed: the exact header bytes, and the content bytes with their salt while they exist."""

    header_bytes: bytes
    content_bytes: bytes | None
    salt: bytes | None
    _read: list[Header] = field(default_factory=list, init=False, repr=False, compare=False)

    @property
    def header(self) -> Header:
        if not self._read:
            self._read.append(parse_header(self.header_bytes))
        return self._read[0]


def render_header(header: Header) -> bytes:
    """Give the canonical header bytes."""
    return canonical.render(encode(header))


def parse_header(data: bytes, place: str = "header") -> Header:
    """Read canonical header bytes; raises BadInput for any other spelling or shape."""
    header = decode(Header, canonical.parse(data, place), place)
    if render_header(header) != data:
        raise BadInput(place, "is not spelt as this format spells it; the record was rewritten by another program")
    return header


def commit_sha256(content: bytes, salt: bytes) -> str:
    """Give SHA-256("liuhen-content/1\\n" || salt || content) in hexadecimal."""
    return sha256(_CONTENT_DOMAIN + salt + content)


def commit_sm3(content: bytes, salt: bytes) -> str:
    """Give the SM3 commitment over the same bytes as `commit_sha256`."""
    return sm3(_CONTENT_DOMAIN + salt + content)


def leaf_of(header_bytes: bytes, event_id: str) -> bytes:
    """Give the log entry of an event: its id and both digests of its header, nothing else.

    The header carries a salted commitment and a random id, so the leaf discloses nothing about the content.
    """
    leaf = {
        "event": event_id,
        "format": LEAF_FORMAT,
        "sha256": hashlib.sha256(header_bytes).hexdigest(),
        "sm3": new_sm3(header_bytes).hexdigest(),
    }
    return canonical.render(leaf)


@dataclass(frozen=True, slots=True)
class Draft:
    """What a flow wants recorded, before the ledger gives it a place: ids, times and the typed content as plain data."""

    id: str
    agency: str
    stream: Stream
    type: str
    at: datetime
    actor: str
    content: dict[str, Any]
    corrects: str | None = None


def seal_draft(draft: Draft, *, seq: int, recorded_at: datetime, salt: bytes) -> Sealed:
    """Fix a draft at its place in its stream and commit to its content. Raises BadInput when the content is not plain."""
    if len(salt) != SALT_BYTES:
        raise ValueError(f"a salt has {SALT_BYTES} bytes")
    content = canonical.render(draft.content)
    header = Header(
        format=EVENT_FORMAT,
        id=draft.id,
        agency=draft.agency,
        stream=str(draft.stream),
        seq=seq,
        type=draft.type,
        at=draft.at,
        recorded_at=recorded_at,
        actor=draft.actor,
        content_sha256=commit_sha256(content, salt),
        content_sm3=commit_sm3(content, salt),
        corrects=draft.corrects,
    )
    sealed = Sealed(render_header(header), content, salt)
    sealed._read.append(header)  # these very bytes: nothing is gained by reading them back
    return sealed
