"""The catalogue: names are for ever, every type has a step of the fold, and nothing is recorded without its file."""

import dataclasses
from datetime import datetime
from typing import Any

import pytest

from liuhen.core.events import (
    agency,
    approvals,
    case,
    custody,
    formats,
    incidents,
    measures,
    numbers,
    recording,
    serving,
    supervision,
    terms,
)
from liuhen.core.events.catalogue import BY_CONTENT, BY_NAME, encode_content, event_type, open_sealed
from liuhen.core.events.envelope import Draft, Sealed, Stream, parse_stream, seal_draft
from liuhen.core.events.parts import FileRef
from liuhen.core.facts.fold import _STEPS
from liuhen.core.kernel.errors import BadInput
from liuhen.core.kernel.moments import SHANGHAI

MOMENT = datetime(2026, 3, 2, 9, 10, tzinfo=SHANGHAI)
FILE = FileRef("ab" * 32, "cd" * 32, 12, "询问笔录.pdf", "application/pdf")

# Names stand in headers that are hashed into logs: a name may be added here, never changed and never removed.
FROZEN = [
    "agency.account-changed",
    "agency.accountability-decided",
    "agency.appraisal-made",
    "agency.approval-chain-set",
    "agency.arrival-quarantined",
    "agency.arrival-settled",
    "agency.transfer-closed",
    "agency.redress-named",
    "agency.authority-delegated",
    "agency.backup-made",
    "agency.backup-restored",
    "agency.calendar-adopted",
    "agency.clock-checked",
    "agency.custodian-appointed",
    "agency.delegation-ended",
    "agency.device-maintained",
    "agency.device-registered",
    "agency.document-type-adopted",
    "agency.established",
    "agency.format-issued",
    "agency.funds-entered",
    "agency.inspection-held",
    "agency.list-published",
    "agency.numbers-reserved",
    "agency.numbers-returned",
    "agency.officer-enrolled",
    "agency.problem-found",
    "agency.problem-rectified",
    "agency.retention-set",
    "agency.room-registered",
    "agency.seal-adopted",
    "agency.seal-withdrawn",
    "agency.seal-key-registered",
    "agency.seal-key-retired",
    "agency.setting-adopted",
    "agency.signing-proof-set",
    "agency.statistics-made",
    "agency.superior-set",
    "agency.training-held",
    "agency.unit-registered",
    "case.access-decided",
    "case.access-given",
    "case.access-requested",
    "case.act-begun",
    "case.act-ended",
    "case.approval-given",
    "case.approval-requested",
    "case.approval-withdrawn",
    "case.archived",
    "case.certificates-shown",
    "case.concluded",
    "case.consulted",
    "case.correction-verified",
    "case.court-applied",
    "case.decision-made",
    "case.decision-performed",
    "case.discussion-held",
    "case.document-completed",
    "case.document-made",
    "case.document-marked",
    "case.document-sealed",
    "case.document-signed",
    "case.document-voided",
    "case.evidence-listed",
    "case.filed",
    "case.hearing-requested",
    "case.interruption-explained",
    "case.legal-review-given",
    "case.measure-ended",
    "case.notice-posted",
    "case.objection-handled",
    "case.objection-raised",
    "case.package-made",
    "case.party-told",
    "case.recording-chosen",
    "case.recording-linked",
    "case.recording-unlinked",
    "case.recusal-decided",
    "case.recusal-raised",
    "case.redress-expired",
    "case.registered",
    "case.service-attempted",
    "case.service-made",
    "case.signature-refused",
    "case.situation-arose",
    "case.start-declined",
    "case.started-urgently",
    "case.statement-heard",
    "case.statement-reviewed",
    "case.statement-waived",
    "case.surcharge-demanded",
    "case.term-extended",
    "case.term-recomputed",
    "case.time-excluded",
    "case.transferred",
    "case.urgent-start-reported",
    "recording.accompanied",
    "recording.classified",
    "recording.consulted",
    "recording.examined",
    "recording.extracted",
    "recording.held",
    "recording.joined",
    "recording.kept",
    "recording.labelled",
    "recording.marked",
    "recording.placed",
    "recording.released",
    "recording.storage-explained",
    "recording.stored",
    "recording.timed",
    "recording.transferred",
]


def test_no_name_was_ever_taken_back() -> None:
    assert set(FROZEN) <= set(BY_NAME)


def test_a_new_name_is_added_to_the_frozen_list_when_it_is_added_to_the_catalogue() -> None:
    assert set(BY_NAME) <= set(FROZEN)


@pytest.mark.parametrize(
    "module",
    [agency, approvals, case, custody, formats, incidents, measures, numbers, recording, serving, supervision, terms],
)
def test_every_content_of_the_rooms_is_in_the_catalogue(module: Any) -> None:
    contents = [
        item
        for item in vars(module).values()
        if dataclasses.is_dataclass(item) and getattr(item, "__module__", "") == module.__name__
    ]
    assert contents
    assert set(contents) <= set(BY_CONTENT)


def test_a_type_has_one_name_one_content_and_a_label_and_stands_in_the_stream_that_its_name_says() -> None:
    assert len(BY_NAME) == len(BY_CONTENT) == len({kind.label for kind in BY_NAME.values()})
    for name, kind in BY_NAME.items():
        assert name.partition(".")[0] == kind.stream
        assert kind.label


def test_every_type_has_its_effect_in_the_fold() -> None:
    assert set(_STEPS) == set(BY_NAME)


def test_an_unknown_name_is_refused_with_what_comes_close() -> None:
    with pytest.raises(BadInput, match=r"known: case\.filed"):
        event_type("agency.filed")
    with pytest.raises(BadInput, match=r"unknown event type “case\.burnt”"):
        event_type("case.burnt")


@pytest.mark.parametrize("text", ["case", "case:", "person:1", "", ":c1"])
def test_a_stream_is_named_by_kind_and_uid(text: str) -> None:
    assert parse_stream("case:c:1") == Stream("case", "c:1")
    with pytest.raises(BadInput):
        parse_stream(text)


CASE = Stream("case", "c1")


def made(stream: Stream = CASE, kind: str = "case.document-made", **changes: Any) -> Sealed:
    """Seal a document event whose plain content is changed; a change to None takes the field out."""
    content = case.DocumentMade("d1", "询问笔录", "询问笔录", "取证", FILE)
    _, plain = encode_content(content)
    data = {key: value for key, value in {**plain, **changes}.items() if value is not None}
    draft = Draft("e1", "a1", stream, kind, MOMENT, "p1", data)
    return seal_draft(draft, seq=1, recorded_at=MOMENT, salt=b"s" * 32)


def test_a_document_on_file_is_read_back() -> None:
    """hebei/12: a text record is a file, electronic or scanned from paper, of one of the kinds of document."""
    event = open_sealed(made())
    assert event.content == case.DocumentMade("d1", "询问笔录", "询问笔录", "取证", FILE)


def test_a_document_without_a_file_is_refused() -> None:
    """hebei/12: a record that exists only as a line in a table is no record."""
    with pytest.raises(BadInput, match="file: is missing"):
        open_sealed(made(file=None))


@pytest.mark.parametrize("part", ["sha256", "sm3", "size", "name", "media_type"])
def test_a_file_is_named_by_its_bytes_or_not_at_all(part: str) -> None:
    plain = {"sha256": "ab" * 32, "sm3": "cd" * 32, "size": 12, "name": "笔录.pdf", "media_type": "application/pdf"}
    del plain[part]
    with pytest.raises(BadInput, match=f"file.{part}: is missing"):
        open_sealed(made(file=plain))


def test_a_document_faces_the_party_the_evidence_or_the_agency() -> None:
    """hebei/12 names the kinds of text record; every one of them is one of these three."""
    for facing in ("出具", "取证", "内部"):
        assert open_sealed(made(facing=facing)).content is not None
    with pytest.raises(BadInput, match="is not one of 出具, 取证, 内部"):
        open_sealed(made(facing="口头"))


def test_every_text_record_that_the_catalogue_makes_carries_a_file() -> None:
    """A type that brings a document into being, completes or seals it must hold the bytes."""
    for name in ("case.document-made", "case.document-completed", "case.document-sealed"):
        fields = {field.name: field for field in dataclasses.fields(BY_NAME[name].content)}
        assert fields["file"].default is dataclasses.MISSING


def test_an_event_in_the_wrong_stream_is_refused() -> None:
    with pytest.raises(BadInput, match="cannot stand in stream recording:r1"):
        open_sealed(made(stream=Stream("recording", "r1")))


def test_an_event_whose_content_is_of_another_type_is_refused() -> None:
    with pytest.raises(BadInput):
        open_sealed(made(kind="case.filed"))


def test_a_destroyed_content_leaves_the_header_readable() -> None:
    whole = made()
    event = open_sealed(Sealed(whole.header_bytes, None, None))
    assert event.content is None
    assert event.header == whole.header
