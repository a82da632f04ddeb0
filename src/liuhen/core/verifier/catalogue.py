"""卷内目录: what the volume holds, in the order of time, and under which name each file lies in the package."""

from typing import Any

from liuhen.core.events.parts import FileRef
from liuhen.core.facts.model import Document, Facts, Recording
from liuhen.core.kernel.moments import local_day
from liuhen.core.verifier.layout import DOCUMENTS, RECORDINGS

FORMAT = "liuhen-catalogue/1"
# Names on discs hold 250 UTF-8 bytes (83 Chinese characters); what stands before and after takes some of them.
_LONGEST_NAME = 50


def final_file(document: Document) -> FileRef | None:
    """Give the last version of a document: sealed, else completed, else as made."""
    return document.sealed_file or document.finished_file or document.file


def catalogue_of(facts: Facts) -> dict[str, Any]:
    """Give the catalogue as plain data; equal facts give equal catalogues."""
    documents = [document for document in facts.case.documents.values() if document.file is not None]
    recordings = sorted(
        (recording for recording in facts.recordings.values() if recording.act and recording.file),
        key=lambda recording: (str(recording.started or recording.stored), recording.uid),
    )
    return {
        "format": FORMAT,
        "case": facts.case.uid,
        "number": facts.case.number or facts.case.register_number,
        "documents": [_document_row(number, document) for number, document in enumerate(documents, 1)],
        "recordings": [_recording_row(number, recording, facts) for number, recording in enumerate(recordings, 1)],
    }


def _document_row(number: int, document: Document) -> dict[str, Any]:
    file = final_file(document)
    assert file is not None  # the caller left out documents without a file
    made = document.made_on or (local_day(document.made) if document.made else None)
    return {
        "order": number,
        "document": document.uid,
        "number": document.number or "",
        "title": document.title,
        "date": made.isoformat() if made else "",
        "pages": document.pages,
        "path": f"{DOCUMENTS}{number:03d} {plain_name(document.title)}.pdf",
        "sha256": file.sha256,
    }


def _recording_row(number: int, recording: Recording, facts: Facts) -> dict[str, Any]:
    file = recording.file
    assert file is not None  # the caller left out recordings without a file
    act = facts.case.acts.get(recording.act or "")
    _, dot, ending = file.name.rpartition(".")
    name = plain_name(file.name.removesuffix(f"{dot}{ending}"))
    return {
        "order": number,
        "recording": recording.uid,
        "title": file.name,
        "act": act.kind if act else "",
        "path": f"{RECORDINGS}{number:03d} {name}{dot}{plain_name(ending)[:8]}",
        "sha256": file.sha256,
    }


def plain_name(text: str) -> str:
    """Make a name that every file system, disc and bag tool takes, still readable."""
    kept = "".join(char if char.isprintable() and char not in '\\/:*?"<>|%' else "_" for char in text)
    return kept[:_LONGEST_NAME].strip(" .") or "_"
