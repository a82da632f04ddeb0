"""What came with a recording or was taken out of it: each disorder has a code of its own, and honest items have none."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from liuhen.core.events.case import ActBegun, RecordingLinked
from liuhen.core.events.catalogue import Event, open_sealed
from liuhen.core.events.custody import RecordingAccompanied, RecordingExamined, RecordingExtracted
from liuhen.core.events.parts import FileRef, MediaSummary
from liuhen.core.events.recording import RecordingStored
from liuhen.core.facts.fold import fold
from liuhen.core.facts.model import Recording
from liuhen.core.kernel.digests import Digests, digests_of
from liuhen.core.verifier.attachments import length_of, within
from liuhen.core.verifier.files import check_files
from tests.core.verifier.making import CASE, event

FILM, OTHER, STILL, TRACK, NOTE = b"film", b"other film", b"still", b"track", b"note"
PLACES = {
    "data/音像/001 a.mp4": FILM,
    "data/音像/002 b.mp4": OTHER,
    "data/音像附件/recording_r1_2 轨迹.gpx": TRACK,
    "data/音像附件/recording_r1_3 截图.png": STILL,
    "data/音像附件/recording_r2_2 说明.txt": NOTE,
}
FILM_AT, OTHER_AT, TRACK_AT, STILL_AT, NOTE_AT = PLACES


def ref(data: bytes, name: str) -> FileRef:
    digests = digests_of(data)
    return FileRef(digests.sha256, digests.sm3, digests.size, name, "application/octet-stream")


def extracted(**changes: Any) -> RecordingExtracted:
    fields: dict[str, Any] = {
        "item": "i1",
        "kind": "截图",
        "file": ref(STILL, "截图.png"),
        "parent_sha256": digests_of(FILM).sha256,
        "from_second": Decimal("1.5"),
        "purpose": "现场环境",
    }
    return RecordingExtracted(**(fields | changes))


def stored(data: bytes, name: str, length: int | None = 2000) -> RecordingStored:
    return RecordingStored(ref(data, name), MediaSummary("video", "mp4", length))


def story(said: RecordingExtracted, *more: object, first: object = None) -> list[Event]:
    """Two linked recordings; the first has a track and a still, the second a note."""
    streams = {
        "recording:r1": [
            first or stored(FILM, "a.mp4"),
            RecordingAccompanied("轨迹", ref(TRACK, "轨迹.gpx")),
            said,
            *more,
        ],
        "recording:r2": [stored(OTHER, "b.mp4"), RecordingAccompanied("说明", ref(NOTE, "说明.txt"))],
        f"case:{CASE}": [
            ActBegun("act", "现场检查", "某处", ()),
            RecordingLinked("r1", "act"),
            RecordingLinked("r2", "act"),
        ],
    }
    return [
        open_sealed(event(stream, seq, content, seq))
        for stream, contents in streams.items()
        for seq, content in enumerate(contents, 1)
    ]


def present() -> dict[str, Digests]:
    return {path: digests_of(data) for path, data in PLACES.items()}


def codes(events: list[Event], files: dict[str, Digests]) -> list[str]:
    return sorted(item.code for item in check_files(events, fold(events), files))


def exchanged(files: dict[str, Digests], one: str, other: str) -> dict[str, Digests]:
    return files | {one: files[other], other: files[one]}


def without(files: dict[str, Digests], *paths: str) -> dict[str, Digests]:
    return {path: item for path, item in files.items() if path not in paths}


def moved(files: dict[str, Digests], path: str, to: str) -> dict[str, Digests]:
    return without(files, path) | {to: files[path]}


@pytest.mark.parametrize(
    ("expected", "change"),
    [
        ([], dict),
        (["ATT-001"], lambda files: without(files, STILL_AT)),
        (["ATT-002"], lambda files: files | {STILL_AT: digests_of(b"another still")}),
        (["ATT-003", "ATT-003"], lambda files: exchanged(files, STILL_AT, TRACK_AT)),
        (["ATT-010", "ATT-010"], lambda files: exchanged(files, TRACK_AT, NOTE_AT)),
        (["ATT-010"], lambda files: files | {TRACK_AT: files[NOTE_AT]}),
        (["ATT-004"], lambda files: moved(files, STILL_AT, "data/音像附件/截图.png")),
        (["ATT-004", "PKG-003"], lambda files: moved(files, STILL_AT, "data/签名/截图.png")),
        (["ATT-005"], lambda files: files | {"data/音像附件/another.png": digests_of(b"another still")}),
        (["ATT-005"], lambda files: files | {"data/音像附件/copy.png": digests_of(STILL)}),
        (["FILE-002"], lambda files: files | {TRACK_AT: Digests(files[TRACK_AT].sha256, "0" * 64, 5)}),
        (["ATT-009", "FILE-001"], lambda files: without(files, FILM_AT)),
        (["ATT-001", "ATT-001", "ATT-001"], lambda files: without(files, STILL_AT, TRACK_AT, NOTE_AT)),
    ],
)
def test_what_is_done_to_a_file_has_its_code(
    expected: list[str], change: Callable[[dict[str, Digests]], dict[str, Digests]]
) -> None:
    assert codes(story(extracted()), change(present())) == expected


@pytest.mark.parametrize(
    ("expected", "said"),
    [
        ([], extracted()),
        ([], extracted(kind="片段", from_second=Decimal(0), to_second=Decimal("2.9"))),
        ([], extracted(from_second=Decimal("-0.02"), to_second=Decimal(1))),
        (["ATT-006"], extracted(parent_sha256=digests_of(OTHER).sha256)),
        (["ATT-006"], extracted(parent_sha256="0" * 64)),
        (["ATT-007"], extracted(from_second=Decimal("3.1"))),
        (["ATT-007"], extracted(to_second=Decimal("3.1"))),
        (["ATT-007"], extracted(from_second=Decimal("1.5"), to_second=Decimal("1.4"))),
        (["ATT-007"], extracted(from_second=Decimal("-1.1"))),
        (["ATT-006", "ATT-007"], extracted(from_second=Decimal(900), parent_sha256="0" * 64)),
    ],
)
def test_an_extract_names_its_recording_and_seconds_that_this_one_has(
    expected: list[str], said: RecordingExtracted
) -> None:
    assert codes(story(said), present()) == expected


def test_what_decoding_found_counts_where_the_container_states_too_little() -> None:
    long = extracted(to_second=Decimal(60))
    assert codes(story(long), present()) == ["ATT-007"]
    assert codes(story(long, RecordingExamined("x 1", length_ms=60_000)), present()) == []
    assert codes(story(long, first=stored(FILM, "a.mp4", None)), present()) == []
    assert length_of(Recording()) is None and within(Recording(), Decimal(9), None)


def disposed(events: list[Event], kind: str) -> list[Event]:
    return [Event(item.header, None) if item.header.type == kind else item for item in events]


def test_what_was_lawfully_left_out_is_not_missed_and_may_not_lie_there() -> None:
    events = disposed(story(extracted()), "recording.extracted")
    assert codes(events, without(present(), STILL_AT)) == []
    assert codes(events, present()) == ["ATT-005"]


def test_an_extract_of_a_recording_whose_storage_was_disposed_of_is_undetermined() -> None:
    events = disposed(story(extracted()), "recording.stored")
    assert codes(events, without(present(), FILM_AT, OTHER_AT)) == ["ATT-008"]


def test_an_extract_in_a_stream_without_a_recording_has_no_parent() -> None:
    events = [item for item in story(extracted()) if item.header.type != "recording.stored"]
    assert codes(events, without(present(), FILM_AT, OTHER_AT)) == ["ATT-006"]
