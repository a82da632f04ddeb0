"""Checking what came with a recording or was taken out of it: each item lies once in its place, and names its recording.

Invariant: what of an item's story was lawfully destroyed is undetermined, never passed and never failed; an item that the
events as they stand do not account for is always a finding.
"""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from liuhen.core.events.catalogue import Event
from liuhen.core.events.custody import RecordingExtracted
from liuhen.core.events.parts import FileRef
from liuhen.core.facts.model import Facts, Recording
from liuhen.core.kernel.digests import Digests
from liuhen.core.verifier.layout import COMPANIONS
from liuhen.core.verifier.report import Finding, finding

# Containers round their length, and the last packet may reach past it; sound may begin a little before the picture.
TOLERANCE = Decimal(1)

Places = Mapping[str, tuple[str, FileRef]]


def check_attachments(events: Sequence[Event], places: Places, present: Mapping[str, Digests]) -> Iterator[Finding]:
    """Compare what lies under data/音像附件/ with what events place there; `places` are those of the whole volume."""
    listed = {path: place for path, place in places.items() if path.startswith(COMPANIONS)}
    strangers = {path: item.sha256 for path, item in present.items() if path.startswith(COMPANIONS)}
    strangers = {path: sha256 for path, sha256 in strangers.items() if path not in listed}
    streams = {event.id: event.header.stream for event in events}
    owners = {file.sha256: (path, event, file) for path, (event, file) in places.items()}
    moved: set[str] = set()
    for path, (event, file) in listed.items():
        found = present.get(path)
        words = {"event": event, "name": file.name}
        if found is None:
            to = next((name for name, item in present.items() if item.sha256 == file.sha256), None)
            if to is None:
                yield finding("ATT-001", path, **words)
            else:
                moved.add(to)
                yield finding("ATT-004", path, found=to, **words)
        elif found.sha256 != file.sha256:
            owner = owners.get(found.sha256)
            if owner is None:
                yield finding("ATT-002", path, **words)
            else:
                code = "ATT-003" if streams.get(owner[1]) == streams.get(event) else "ATT-010"
                yield finding(code, path, other=owner[1], other_name=owner[2].name, **words)
        elif (found.sm3, found.size) != (file.sm3, file.size):
            yield finding("FILE-002", path, **words)
    for path in strangers:
        if path not in moved:
            yield finding("ATT-005", path)


def check_extracts(events: Sequence[Event], facts: Facts, present: Mapping[str, Digests]) -> Iterator[Finding]:
    """Check that each still and clip names the recording in whose stream it stands, and seconds that this one has."""
    held = {item.sha256 for item in present.values()}
    destroyed = {
        event.header.stream for event in events if event.header.type == "recording.stored" and event.content is None
    }
    for event in events:
        said = event.content
        if not isinstance(said, RecordingExtracted):
            continue
        recording = facts.recordings.get(event.header.stream.removeprefix("recording:"), Recording())
        words = {"event": event.id, "name": said.file.name}
        if recording.file is None and event.header.stream in destroyed:
            yield finding("ATT-008", **words)
            continue
        if recording.file is None or said.parent_sha256 != recording.file.sha256:
            yield finding("ATT-006", **words)
        elif said.parent_sha256 not in held:
            yield finding("ATT-009", **words, parent=recording.file.name)
        if not within(recording, said.from_second, said.to_second):
            span = f"{said.from_second}" if said.to_second is None else f"{said.from_second}–{said.to_second}"
            yield finding("ATT-007", **words, span=span, length=length_of(recording) or "?")


def length_of(recording: Recording) -> Decimal | None:
    """Give a recording's length in seconds: the longer of what its container states and what decoding found."""
    stated = recording.media.duration_ms if recording.media else None
    decoded = recording.examined.length_ms if recording.examined else None
    known = [milliseconds for milliseconds in (stated, decoded) if milliseconds is not None]
    return Decimal(max(known)) / 1000 if known else None


def within(recording: Recording, start: Decimal, end: Decimal | None) -> bool:
    """Say whether seconds lie within a recording, within TOLERANCE; one of unknown length has all but negative ones."""
    last, length = start if end is None else end, length_of(recording)
    return -TOLERANCE <= start <= last and (length is None or last <= length + TOLERANCE)
