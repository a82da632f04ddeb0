"""作为证据: the passport of a recording, what each pack still asks, its key moments, and what was taken out of it."""

from dataclasses import dataclass

from django.urls import reverse

from liuhen.core.events.custody import RecordingExtracted
from liuhen.doors.web.cards.case import Header, case_header
from liuhen.doors.web.cards.parts import ClauseChip, DocumentChip, clause_chip, document_chip
from liuhen.doors.web.typography import say_second, size
from liuhen.flows.access import Permission, has
from liuhen.flows.evidence_passport import FORM, Passport
from liuhen.flows.occasion import Actor
from liuhen.flows.read_case import CaseReading


@dataclass(frozen=True, slots=True)
class AskedLine:
    """What a clause wants noted, and what of it is missing."""

    clause: ClauseChip
    title: str
    notes: tuple[tuple[str, bool], ...]


@dataclass(frozen=True, slots=True)
class ExtractLine:
    """A still or a clip: where it was taken, what for, and its bytes."""

    kind: str
    place: str
    purpose: str
    maker: str
    size: str
    sha256: str
    url: str
    note: str


@dataclass(frozen=True, slots=True)
class EvidencePage:
    """The whole page."""

    header: Header
    title: str
    player_url: str
    asked: tuple[AskedLine, ...]
    listed: bool
    complete: bool
    may_note: bool
    marks: tuple[tuple[str, str], ...]
    extracts: tuple[ExtractLine, ...]
    printed: tuple[DocumentChip, ...]
    secret: bool


def evidence_page(reading: CaseReading, actor: Actor, passport: Passport, *, secret: bool) -> EvidencePage:
    """Give the page of a recording as evidence."""
    recording, case = passport.recording, reading.facts.case
    return EvidencePage(
        header=case_header(reading, actor),
        title=recording.original_name or recording.uid,
        player_url=reverse("play", args=[reading.uid, recording.uid]),
        asked=tuple(
            AskedLine(
                clause_chip(reading.packs, asked.clause),
                asked.title,
                tuple((note, note not in asked.missing) for note in asked.notes),
            )
            for asked in passport.asked
        ),
        listed=passport.item is not None,
        complete=passport.complete,
        may_note=has(actor, Permission.INVESTIGATE) and case.archived is None,
        marks=tuple((say_second(float(mark.second)), mark.topic) for mark in passport.marks),
        extracts=tuple(_extract(reading, recording.uid, taken) for taken in passport.extracts),
        printed=tuple(
            document_chip(reading.uid, item)
            for item in case.documents.values()
            if item.form == FORM and item.fields.get("SHA-256") == (recording.file.sha256 if recording.file else "")
        ),
        secret=secret,
    )


def _extract(reading: CaseReading, recording: str, taken: RecordingExtracted) -> ExtractLine:
    until = f"—{say_second(float(taken.to_second))}" if taken.to_second is not None else ""
    return ExtractLine(
        kind=taken.kind,
        place=f"{say_second(float(taken.from_second))}{until}",
        purpose=taken.purpose,
        maker=reading.names.get(taken.maker or "", ""),
        size=size(taken.file.size),
        sha256=taken.file.sha256,
        url=reverse("extract-file", args=[reading.uid, recording, taken.item]),
        note="" if taken.exact else "从前一个关键帧开始，略早于所要的时间",
    )
