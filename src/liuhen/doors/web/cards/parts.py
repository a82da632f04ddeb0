"""The small cards that larger ones are made of: a labelled line, a link to act on, a clause chip, an event, a document."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse

from liuhen.core.events.catalogue import BY_NAME, Event
from liuhen.core.facts.model import Document
from liuhen.core.kernel.moments import local_day, say_day
from liuhen.core.rules.model import Pack
from liuhen.flows.sign_document import open_places


@dataclass(frozen=True, slots=True)
class Line:
    """A label with what it says; `code` for numbers and digests, which must not be set as prose."""

    label: str
    text: str
    code: bool = False
    url: str = ""


def filled_lines(*pairs: tuple[str, object]) -> tuple[Line, ...]:
    """Give a line for each pair that says something."""
    return tuple(Line(label, str(text)) for label, text in pairs if text not in (None, "", ()))


@dataclass(frozen=True, slots=True)
class Action:
    """A thing to do next; `filled` for the one that a page may have."""

    label: str
    url: str
    filled: bool = False


@dataclass(frozen=True, slots=True)
class ClauseChip:
    """A clause as people cite it (河北 24.1), with its gist in our words."""

    text: str
    gist: str


@dataclass(frozen=True, slots=True)
class EventLine:
    """An event as evidence: what, when it happened, when it was recorded, by whom."""

    id: str
    label: str
    at: datetime
    recorded_at: datetime
    who: str
    url: str


@dataclass(frozen=True, slots=True)
class Signatures:
    """How many signed in one role, who, and who refused."""

    role: str
    names: str
    count: int
    refused: bool = False


@dataclass(frozen=True, slots=True)
class DocumentChip:
    """A document on the timeline: its title and number, who signed, whether it is sealed; `voided` when and why it was voided."""

    uid: str
    title: str
    number: str
    signatures: tuple[Signatures, ...]
    missing: str
    sealed: bool
    url: str
    voided: str = ""


def panel_url(case: str, kind: str, key: str) -> str:
    """Give the address at which something of a case is shown at the right."""
    return reverse("case-part", args=[case, kind, key])


def clause_chip(packs: Iterable[Pack], clause: str) -> ClauseChip:
    """Give the chip of a clause; a clause of no pinned pack is shown by its id."""
    pack_id, _, item = clause.partition("/")
    for pack in packs:
        if pack.id == pack_id:
            gist = next((known.gist for known in pack.clauses if known.id == clause), "")
            return ClauseChip(f"{pack.short_title} {item}", gist)
    return ClauseChip(clause, "")


def event_line(case: str, event: Event, names: Mapping[str, str]) -> EventLine:
    """Give an event as a line of evidence."""
    header = event.header
    label, who = BY_NAME[header.type].label, names.get(header.actor, "未登记的人员")
    return EventLine(header.id, label, header.at, header.recorded_at, who, panel_url(case, "events", header.id))


def signatures_of(document: Document) -> tuple[Signatures, ...]:
    """Give who signed a document, role by role in the order of its form, and who refused."""
    names: dict[str, list[str]] = {}
    for signature in document.signatures:
        names.setdefault(signature.role, []).append(signature.name)
    signed = [Signatures(role, "、".join(found), len(found)) for role, found in names.items()]
    refused = [Signatures(role, name, 1, refused=True) for role, name, _ in document.refusals]
    return (*signed, *refused)


def missing_signers(document: Document) -> str:
    """Name the places on a document that nobody has signed or refused yet."""
    return "、".join(f"{place.role}{place.name}" for place in open_places(document))


def say_voided(document: Document) -> str:
    """Say when and why a document was voided, nothing for one that counts."""
    if document.voided is None:
        return ""
    return f"{say_day(local_day(document.voided))}作废：{document.voided_because}"


def document_chip(case: str, document: Document) -> DocumentChip:
    """Give a document as the timeline shows it."""
    return DocumentChip(
        uid=document.uid,
        title=document.title,
        number=document.number or "",
        signatures=signatures_of(document),
        missing="" if document.voided else missing_signers(document),
        sealed=document.sealed is not None,
        url=panel_url(case, "documents", document.uid),
        voided=say_voided(document),
    )
