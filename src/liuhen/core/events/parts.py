"""The parts that events are made of: a file named by its digests, a party, an officer at work, a pinned edition, a step."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Literal


@dataclass(frozen=True, slots=True)
class FileRef:
    """A file in the vault, named by what it is: both digests and its size in bytes; `name` is what people call it."""

    sha256: str
    sm3: str
    size: int
    name: str
    media_type: str


@dataclass(frozen=True, slots=True)
class Edition:
    """A pack's edition as pinned by a case: `digest` is the SHA-256 of its canonical form."""

    id: str
    edition: str
    digest: str


@dataclass(frozen=True, slots=True)
class TextChange:
    """更正: in which part of a document (a label, 第 2 答 …) which words were struck out and which stand instead."""

    where: str
    was: str
    now: str


@dataclass(frozen=True, slots=True)
class Source:
    """案件来源: how the matter reached the agency. `start`: 依职权 or 依申请."""

    start: str
    manner: str
    summary: str
    real_name: bool = False
    reporter: str | None = None
    received_by: str | None = None
    received_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Party:
    """当事人."""

    name: str
    kind: str
    id_number: str | None = None
    address: str | None = None
    representative: str | None = None
    phone: str | None = None


@dataclass(frozen=True, slots=True)
class WorkingOfficer:
    """An officer taking part in an act: the id of the agency's roll, the name and certificate number as shown."""

    officer: str
    name: str
    certificate: str


@dataclass(frozen=True, slots=True)
class Participant:
    """A member of a collective discussion and what that member held."""

    officer: str
    name: str
    opinion: str


@dataclass(frozen=True, slots=True)
class SignerPlace:
    """A place for a hand signature on a document, in the order in which the form shows them."""

    role: str
    name: str


@dataclass(frozen=True, slots=True)
class Evidence:
    """证据: what is used, for what, and where its original is (hebei/26.2)."""

    evidence: str
    kind: str
    purpose: str
    recording: str | None = None
    document: str | None = None
    disc: str | None = None
    matter: str | None = None
    taken_at: datetime | None = None
    place: str | None = None
    manner: str | None = None
    officers: tuple[str, ...] = ()
    maker: str | None = None
    extractor: str | None = None
    extracted_at: datetime | None = None
    making_method: str | None = None
    description: str | None = None
    location: str | None = None


@dataclass(frozen=True, slots=True)
class Location:
    """Where a recording says it was taken: decimal degrees as text, so that no digit is lost."""

    latitude: str
    longitude: str


@dataclass(frozen=True, slots=True)
class MediaSummary:
    """What probing a media file found; durations in milliseconds."""

    kind: str
    container: str
    duration_ms: int | None = None
    codecs: tuple[str, ...] = ()
    width: int | None = None
    height: int | None = None
    created_at: datetime | None = None
    location: Location | None = None
    make: str | None = None
    model: str | None = None
    playable: bool = False


@dataclass(frozen=True, slots=True)
class ListEntry:
    """A row of the agency's 音像记录事项清单."""

    matter: str
    link: str
    manner: str
    content: str | None = None
    starts: str | None = None
    ends: str | None = None
    keep: str | None = None
    category: str | None = None


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of a recording in seconds from its start, [start, end), and what it is."""

    kind: str
    start: Decimal
    end: Decimal


@dataclass(frozen=True, slots=True)
class ChainStep:
    """A step of a chain of approval: what it is called, the roles that may take it, or the persons by name.

    `way`: an opinion (意见), a legal review (法制审核) or a collective discussion (集体讨论), which has an event of its own.
    `reasons`: the opinion states reasons. `optional`: whoever opens a round says whether it has this step.
    """

    name: str
    by: tuple[str, ...] = ()
    way: Literal["opinion", "review", "discussion"] = "opinion"
    reasons: bool = False
    optional: bool = False
    persons: tuple[str, ...] = ()
