"""A case written down as data: read strictly, every refusal with its place."""

from typing import Any

import pytest

from liuhen.core.events.case import CaseRegistered, DocumentMade, DocumentSigned
from liuhen.core.events.scenario import read_scenario
from liuhen.core.kernel.digests import sha256
from liuhen.core.kernel.errors import BadInput
from liuhen.core.kernel.moments import parse_instant

STORED = {"at": "2026-03-02T16:00:00+08:00", "type": "recording.stored", "recording": "r1", "file": "a.mp4"}
MADE = {
    "at": "2026-03-02T10:00:00+08:00",
    "type": "case.document-made",
    "document": "d1",
    "form": "询问笔录",
    "title": "询问笔录",
    "facing": "取证",
}


def scenario(**changes: Any) -> dict[str, Any]:
    written = {"packs": ["hebei"], "at": "2026-03-10T00:00:00+08:00", "events": [STORED], **changes}
    return {key: value for key, value in written.items() if value is not None}


def test_it_is_read_with_its_name_story_and_expectations() -> None:
    due = "2026-03-03T16:00:00+08:00"
    read = read_scenario(
        scenario(name="晚了", story="夜里拍的", expect=[{"rule": "av.store-in-time", "verdict": "met", "due": due}])
    )
    assert (read.name, read.story, read.packs) == ("晚了", "夜里拍的", ("hebei",))
    assert read.expect[0].due == parse_instant(due)
    assert read.events[0].header.stream == "recording:r1"


def test_what_comes_after_the_moment_has_not_happened() -> None:
    read = read_scenario(scenario(at="2026-03-02T15:59:59+08:00"))
    assert read.happened(read.at) == ()
    assert len(read.happened(parse_instant("2026-03-02T16:00:00+08:00"))) == 1


def test_names_stand_for_files_and_a_signature_is_put_on_the_document_as_made() -> None:
    signed = {
        "at": "2026-03-02T10:05:00+08:00",
        "type": "case.document-signed",
        "document": "d1",
        "role": "当事人",
        "name": "王某",
    }
    events = read_scenario(scenario(events=[{**MADE, "file": "笔录.pdf"}, signed])).events
    made, signature = events[0].content, events[1].content
    assert isinstance(made, DocumentMade)
    assert isinstance(signature, DocumentSigned)
    assert made.file.name == "笔录.pdf"
    assert made.file.sha256 == sha256("笔录.pdf".encode())
    assert signature.file_sha256 == made.file.sha256


def test_each_stream_counts_its_own_events() -> None:
    events = read_scenario(scenario(events=[STORED, MADE, {**STORED, "recording": "r2"}, {**MADE, "document": "d2"}]))
    assert [(event.header.stream, event.header.seq) for event in events.events] == [
        ("recording:r1", 1),
        ("case:c1", 1),
        ("recording:r2", 1),
        ("case:c1", 2),
    ]


def test_a_case_pins_nothing_for_the_scenario_names_its_packs() -> None:
    registered = {
        "at": "2026-03-02T09:00:00+08:00",
        "type": "case.registered",
        "register_number": "源1",
        "kind": "行政处罚",
        "matter": "试",
        "source": {"start": "依职权", "manner": "巡查", "summary": "巡查"},
        "party": {"name": "某", "kind": "法人"},
    }
    content = read_scenario(scenario(events=[registered])).events[0].content
    assert isinstance(content, CaseRegistered)
    assert content.packs == ()


@pytest.mark.parametrize(
    ("changes", "place", "said"),
    [
        ({"colour": "红"}, "colour", "unknown key; a scenario has name, story, packs"),
        ({"at": None}, "at", "is missing"),
        ({"packs": None}, "packs", "is missing"),
        ({"events": None}, "events", "is missing"),
        ({"packs": "hebei"}, "packs", "is a list"),
        ({"events": {"at": 1}}, "events", "is a list"),
        ({"expect": "met"}, "expect", "is a list"),
        ({"expect": 5}, "expect", "is a list"),
        ({"at": "2026-03-10"}, "at", "has no offset"),
        ({"at": "2026-02-30T00:00:00+08:00"}, "at", "is not a time"),
        ({"events": ["拍摄"]}, "events[0]", "an event is written as"),
        ({"events": [{"type": "case.filed"}]}, "events[0].at", "is missing"),
        ({"events": [{"at": "2026-03-02T16:00:00+08:00"}]}, "events[0].type", "is missing"),
        ({"events": [{**STORED, "type": "recording.burnt"}]}, "events[0].type", "unknown event type"),
        ({"events": [{**STORED, "colour": "红"}]}, "events[0].colour", "unknown key"),
        ({"events": [{**STORED, "recording": None}]}, "events[0].recording", "is missing"),
        ({"events": [{**STORED, "ended_at": "昨天"}]}, "events[0].ended_at", "is not a time"),
        ({"events": [{**STORED, "recorded_at": "2026-03-02T15:00:00+08:00"}]}, "events[0].recorded_at", "is before"),
        ({"events": [{**STORED, "id": "甲"}, {**STORED, "id": "甲"}]}, "events[1].id", "names another event already"),
        ({"events": [{**MADE, "facing": "口头"}]}, "events[0].facing", "is not one of 出具"),
        ({"expect": [{"rule": "x"}]}, "expect[0].verdict", "is missing"),
        ({"expect": [{"rule": "x", "verdict": "mett"}]}, "expect[0].verdict", "is not one of met, unmet"),
        ({"expect": [{"rule": "x", "verdict": "met", "because": "…"}]}, "expect[0].because", "unknown key"),
    ],
)
def test_what_cannot_be_meant_is_refused_where_it_stands(changes: dict[str, Any], place: str, said: str) -> None:
    with pytest.raises(BadInput, match=said) as refusal:
        read_scenario(scenario(**changes))
    assert refusal.value.place == place


@pytest.mark.parametrize("data", [None, [], "hebei", 5])
def test_what_is_no_scenario_is_refused(data: object) -> None:
    with pytest.raises(BadInput, match="expected a scenario"):
        read_scenario(data)
