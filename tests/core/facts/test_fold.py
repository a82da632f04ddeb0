"""The fold: total, and blind to how streams are interleaved."""

import copy

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from liuhen.core.events.catalogue import Event
from liuhen.core.events.envelope import Header
from liuhen.core.facts.fold import fold
from tests.core.events.generated import interleavings, streams
from tests.core.facts.story import events_of, facts_of, filmed, inspection, registered, told


@settings(max_examples=80, deadline=None)
@given(data=st.data())
def test_any_interleaving_of_streams_gives_equal_facts(data: st.DataObject) -> None:
    lines = data.draw(streams())
    one = data.draw(interleavings(lines))
    other = data.draw(interleavings(lines))
    assert fold(one) == fold(other)


@settings(max_examples=50, deadline=None)
@given(data=st.data())
def test_folding_in_two_halves_gives_the_same(data: st.DataObject) -> None:
    events = data.draw(interleavings(data.draw(streams())))
    cut = data.draw(st.integers(0, len(events)))
    assert fold(events[cut:], onto=fold(events[:cut])) == fold(events)


def test_the_order_of_link_and_storage_leaves_the_same_evidence() -> None:
    stored, linked = filmed("r1", 0, 60)
    act = inspection()
    early, late = events_of(*act, stored, linked), events_of(*act, linked, stored)
    renamed = [Event(_with_id(event.header, early), event.content) for event in late]
    assert fold(early) == fold(renamed)


def _with_id(header: Header, others: tuple[Event, ...]) -> Header:
    """Give the header of the same event in the other order, so that only the order differs."""
    return next(
        other.header for other in others if (other.header.stream, other.header.seq) == (header.stream, header.seq)
    )


def test_taking_out_a_recording_that_was_never_linked_is_odd_in_whatever_order_the_streams_are_read() -> None:
    stored, _ = filmed("r1", 0, 60)
    stray = told(95, "case.recording-unlinked", recording="r1", reason="关联有误")
    own = events_of(registered(), stray)
    strange = events_of(registered(), stored)[1:]
    before, after = fold((*strange, *own)), fold((*own, *strange))
    assert before == after
    assert before.recordings["r1"].unlinked is None and len(before.oddities) == 1


@pytest.mark.parametrize(
    "stray",
    [
        told(1, "case.act-ended", act="没有"),
        told(1, "case.certificates-shown", act="没有", officers=["o1"], shown_to="某人"),
        told(1, "case.document-signed", document="没有", role="当事人", name="王某", file_sha256="0" * 64),
        told(1, "case.signature-refused", document="没有", role="当事人", name="王某", reason="不认可"),
        told(1, "case.document-marked", document="没有", mark="骑缝", manner="手印", name="王某"),
        told(1, "case.document-completed", document="没有"),
        told(1, "case.document-sealed", document="没有", authority="某局"),
        told(1, "case.recording-linked", recording="r1", act="没有"),
        told(1, "case.decision-performed", decision="没有", manner="缴纳罚款"),
        told(
            1,
            "case.interruption-explained",
            act="没有",
            interruption="i1",
            stopped_at="2026-03-02T09:00:00+08:00",
            resumed_at="2026-03-02T09:05:00+08:00",
            cause="电池耗尽",
            manner="语音",
        ),
    ],
    ids=lambda item: str(item["type"]),
)
def test_an_event_that_names_what_never_was_is_set_down_as_an_oddity(stray: dict[str, object]) -> None:
    before = facts_of(registered(), *inspection())
    after = facts_of(registered(), *inspection(), stray)
    assert len(after.oddities) == 1
    assert str(stray["type"]) in after.oddities[0]
    assert after.case.acts == before.case.acts
    assert after.case.interruptions == {}
    assert after.recordings == {}


def test_a_destroyed_content_leaves_its_fact_unknown() -> None:
    events = list(events_of(registered(), *inspection()))
    destroyed = [Event(events[0].header, None), *events[1:]]
    facts = fold(destroyed)
    assert facts.case.registered is None
    assert facts.case.source is None
    assert facts.case.version == 3
    assert len(facts.oddities) == 1


def test_folding_does_not_change_the_events() -> None:
    events = events_of(registered(), *inspection(), *filmed("r1", 0, 60))
    before = copy.deepcopy(events)
    fold(events)
    assert events == before


def test_a_signature_on_other_bytes_is_no_signature_of_this_document() -> None:
    made = told(1, "case.document-made", document="d1", form="询问笔录", title="询问笔录", facing="取证")
    signed = told(2, "case.document-signed", document="d1", role="当事人", name="王某", file_sha256="0" * 64)
    facts = facts_of(registered(), made, signed)
    assert facts.case.documents["d1"].signatures == []
    assert "0" * 64 in facts.oddities[0]


def test_a_signature_on_the_document_as_made_counts() -> None:
    made = told(1, "case.document-made", document="d1", form="询问笔录", title="询问笔录", facing="取证")
    signed = told(2, "case.document-signed", document="d1", role="当事人", name="王某")
    facts = facts_of(registered(), made, signed)
    assert [signature.name for signature in facts.case.documents["d1"].signatures] == ["王某"]
    assert facts.oddities == []


def test_the_stage_follows_the_case() -> None:
    story = [registered()]
    assert facts_of(*story).case.stage == "启动"
    story.append(told(0, "case.filed", number="冀罚1"))
    assert facts_of(*story).case.stage == "调查取证"
    story.append(told(1, "case.legal-review-given", reviewer="o3", name="赵", opinion="同意", passed=True))
    assert facts_of(*story).case.stage == "审查决定"
    story.append(told(2, "case.decision-made", decision="k1", kind="罚款", summary="罚款", document="d1"))
    assert facts_of(*story).case.stage == "送达执行"
    story.append(told(3, "case.concluded", reason="执行完毕"))
    assert facts_of(*story).case.stage == "结案"
    story.append(
        told(4, "case.archived", archive_number="1", archivist="周", retention="30 年", documents=1, recordings=0)
    )
    assert facts_of(*story).case.stage == "归档"
