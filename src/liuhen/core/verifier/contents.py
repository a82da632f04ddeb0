"""What lies where in a package: the one answer that the builder fills folders by and the verifier holds them against.

Invariant: every file of a volume has exactly one place that follows from events alone, so a file that was renamed, doubled
or exchanged for another of the same package is out of place.
"""

from collections.abc import Iterable, Iterator
from dataclasses import fields, is_dataclass
from datetime import datetime
from typing import Any

from liuhen.core.events.catalogue import Event
from liuhen.core.events.parts import FileRef
from liuhen.core.facts.model import Facts
from liuhen.core.kernel.moments import local_day
from liuhen.core.verifier.catalogue import catalogue_of, final_file, plain_name
from liuhen.core.verifier.layout import COMPANIONS, SIGNATURES


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
    final = [file for document in facts.case.documents.values() if (file := final_file(document))]
    earlier = {
        file.sha256
        for document in facts.case.documents.values()
        for file in (document.file, document.finished_file, document.sealed_file)
        if file is not None and file not in final
    }
    linked = {f"recording:{recording.uid}" for recording in facts.recordings.values() if recording.act}
    for event in events:
        if event.content is None or event.header.stream.startswith("agency:"):
            continue
        for file in file_refs(event.content):
            if file.sha256 in earlier:
                continue
            if event.header.stream.startswith("recording:") and event.header.stream not in linked:
                continue
            yield event, file


def volume_files(events: Iterable[Event], facts: Facts) -> dict[str, tuple[str, FileRef]]:
    """Give for each path of the volume the id of the event that names its file, and the file.

    Documents and recordings lie where the catalogue says; everything else (strokes, pictures of signatures, what came with a
    recording or was taken out of it) lies once, under the first event that names it.
    """
    expected = list(expected_files(events, facts))
    by_digest = {file.sha256: (event.id, file) for event, file in expected}
    catalogue = catalogue_of(facts)
    rows = [*catalogue["documents"], *catalogue["recordings"]]
    places = {row["path"]: by_digest[row["sha256"]] for row in rows if row["sha256"] in by_digest}
    placed = {file.sha256 for _, file in places.values()}
    for event, file in expected:
        if file.sha256 in placed:
            continue
        placed.add(file.sha256)
        folder = COMPANIONS if event.header.stream.startswith("recording:") else SIGNATURES
        name = f"{folder}{plain_name(event.id[:16])} {plain_name(file.name)}"
        places[name if name not in places else f"{name}.{file.sha256[:16]}"] = (event.id, file)
    return places


def info_of(facts: Facts, packed_at: datetime) -> list[tuple[str, str]]:
    """Give what bag-info.txt says besides the Payload-Oxum."""
    return [
        ("Source-Organization", facts.agency.name),
        ("Bagging-Date", local_day(packed_at).isoformat()),
        ("External-Identifier", facts.case.number or facts.case.register_number),
        ("Bag-Software-Agent", "Liuhen 留痕"),
    ]
