"""Checking the files: everything that events name is there and is what they name; nothing else is."""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass
from typing import Any, Protocol

from liuhen.core.crypto.pdf_signatures import check_pdf_signatures
from liuhen.core.events.catalogue import Event
from liuhen.core.events.parts import FileRef
from liuhen.core.facts.model import Document, Facts
from liuhen.core.kernel.digests import Digests, new_sm3
from liuhen.core.verifier.catalogue import final_file
from liuhen.core.verifier.layout import GENERATED, REQUIRED, is_checkpoints, is_edition
from liuhen.core.verifier.report import Finding, finding


class Readable(Protocol):
    """A file opened for reading in pieces."""

    def read(self, size: int, /) -> bytes: ...
    def close(self) -> None: ...


OpenFile = Callable[[str], Readable]


def file_refs(content: Any) -> Iterator[FileRef]:
    """Give every file that an event's content names, however deep it stands."""
    if isinstance(content, FileRef):
        yield content
    elif is_dataclass(content):
        for field in fields(content):
            yield from file_refs(getattr(content, field.name))
    elif isinstance(content, (tuple, list)):
        for item in content:
            yield from file_refs(item)


def expected_files(events: Iterable[Event], facts: Facts) -> Iterator[tuple[Event, FileRef]]:
    """Give the files that a package of these events must hold.

    Earlier versions of a document are the beginning of its last one, so only the last is packed; what the agency set aside
    (quarantine) and its calendars are not part of a case's volume.
    """
    earlier = {
        file.sha256
        for document in facts.case.documents.values()
        for file in (document.file, document.finished_file, document.sealed_file)
        if file is not None and file != final_file(document)
    }
    linked = {recording.file.sha256 for recording in facts.recordings.values() if recording.act and recording.file}
    for event in events:
        if event.content is None or event.header.stream.startswith("agency:"):
            continue
        for file in file_refs(event.content):
            if file.sha256 in earlier:
                continue
            if event.header.stream.startswith("recording:") and file.sha256 not in linked:
                continue
            yield event, file


def check_files(events: Sequence[Event], facts: Facts, present: Mapping[str, Digests]) -> Iterator[Finding]:
    """Compare the files that events name with those in the package, and name what nobody named."""
    by_digest = {digests.sha256: digests for digests in present.values()}
    named: set[str] = set()
    for event, file in expected_files(events, facts):
        named.add(file.sha256)
        found = by_digest.get(file.sha256)
        if found is None:
            yield finding("FILE-001", "", event=event.id, name=file.name)
        elif (found.sm3, found.size) != (file.sm3, file.size):
            yield finding("FILE-002", "", event=event.id, name=file.name)
    editions = {edition.digest for edition in facts.case.packs}
    for path, digests in present.items():
        own = path in REQUIRED or path in GENERATED or is_checkpoints(path)
        law = is_edition(path) and digests.sha256 in editions
        if path.startswith("data/") and not own and not law and digests.sha256 not in named:
            yield finding("PKG-003", path)


def check_documents(
    facts: Facts, paths: Mapping[str, str], open_file: OpenFile, roots: Sequence[bytes]
) -> Iterator[Finding]:
    """Check of each document that signatures bind its first bytes, that later versions only append, and its seal."""
    for document in facts.case.documents.values():
        file = final_file(document)
        path = paths.get(file.sha256) if file else None
        if file is None or path is None or document.file is None:
            continue  # FILE-001 says so already
        for signature in document.signatures:
            if signature.file_sha256 != document.file.sha256:
                yield finding("FILE-004", path, event=signature.event, name=document.title)
        data = _read(open_file(path))
        yield from _check_prefixes(document, data, path)
        if document.sealed_file is not None:
            yield from _check_seal(document, data, path, roots)
        elif document.facing == "出具":
            yield finding("SIGN-002", path, name=document.title)


def _read(source: Readable) -> bytes:
    try:
        return b"".join(iter(lambda: source.read(1 << 20), b""))
    finally:
        source.close()


def _check_prefixes(document: Document, data: bytes, path: str) -> Iterator[Finding]:
    for version in (document.file, document.finished_file):
        if version is None:
            continue
        start = data[: version.size]
        if hashlib.sha256(start).hexdigest() != version.sha256 or new_sm3(start).hexdigest() != version.sm3:
            yield finding("FILE-003", path, name=document.title)
            return


def _check_seal(document: Document, data: bytes, path: str, roots: Sequence[bytes]) -> Iterator[Finding]:
    signatures = [item for item in check_pdf_signatures(data, roots) if not item.is_timestamp]
    if not signatures:
        yield finding("SIGN-002", path, name=document.title)
        return
    for signature in signatures:
        if not signature.ok:
            yield finding("SIGN-001", path, name=document.title, why=signature.reason)
    if not any(signature.covers_whole_file for signature in signatures):
        yield finding("SIGN-003", path, name=document.title)
