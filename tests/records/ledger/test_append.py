"""Appending keeps every promise of its invariant: all or nothing, no gaps, no time running backwards."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from liuhen.core.events.catalogue import open_sealed
from liuhen.core.events.envelope import Stream, commit_sha256, commit_sm3, leaf_of
from liuhen.core.kernel.errors import BadInput
from liuhen.core.kernel.moments import SHANGHAI
from liuhen.records.ledger import read
from liuhen.records.ledger.append import append, origin_of
from liuhen.records.ledger.errors import (
    AlreadyRecorded,
    ClockWrong,
    ForeignStream,
    HappenedLater,
    NothingToCorrect,
    StreamMoved,
)
from liuhen.records.ledger.models import Content, Event, Log
from tests.records.ledger.events import AGENCY, MORNING, at_minute, marked, recording

pytestmark = pytest.mark.django_db
LOG_2026 = f"liuhen.example/{AGENCY}/2026"


def test_an_appended_event_reads_back_byte_for_byte() -> None:
    (sealed,) = append([marked(recording())], after={"recording:r1": 0}, recorded_at=at_minute(1))

    assert read.sealed_events(recording()) == (sealed,)
    header = sealed.header
    assert (header.seq, header.stream, header.at, header.recorded_at) == (1, "recording:r1", MORNING, at_minute(1))
    assert sealed.content_bytes is not None and sealed.salt is not None
    assert header.content_sha256 == commit_sha256(sealed.content_bytes, sealed.salt)
    assert header.content_sm3 == commit_sm3(sealed.content_bytes, sealed.salt)
    content = open_sealed(sealed).content
    assert content is not None and content.topic == "告知权利"


def test_positions_in_streams_and_log_follow_the_order_of_the_call() -> None:
    one, two = recording("r1"), recording("r2")
    drafts = [marked(one), marked(two), marked(one)]
    sealed = append(drafts, after={str(one): 0, str(two): 0}, recorded_at=MORNING)

    assert [(s.header.stream, s.header.seq) for s in sealed] == [(str(one), 1), (str(two), 1), (str(one), 2)]
    assert [entry.leaf_index for entry in read.entries(LOG_2026)] == [0, 1, 2]
    assert read.leaves(LOG_2026, 0, 3) == [leaf_of(s.header_bytes, s.header.id) for s in sealed]
    assert read.versions_of([one, two, "case:none"]) == {str(one): 2, str(two): 1, "case:none": 0}
    log = read.find_log(LOG_2026)
    assert log is not None and log.next_index == 3


def test_no_drafts_record_nothing() -> None:
    assert append([], after={}, recorded_at=MORNING) == ()
    assert not Log.objects.exists()


def test_a_stream_that_moved_is_refused_and_nothing_stands() -> None:
    append([marked(recording())], after={"recording:r1": 0}, recorded_at=MORNING)

    with pytest.raises(StreamMoved, match="刷新页面") as refusal:
        append(
            [marked(recording("new")), marked(recording())],
            after={"recording:new": 0, "recording:r1": 0},
            recorded_at=MORNING,
        )

    assert (refusal.value.expected, refusal.value.found) == (0, 1)
    assert Event.objects.count() == Content.objects.count() == 1
    assert read.version_of("recording:new") == 0


def test_every_stream_touched_must_be_named() -> None:
    with pytest.raises(BadInput, match="recording:r2"):
        append([marked(recording()), marked(recording("r2"))], after={"recording:r1": 0}, recorded_at=MORNING)


def test_one_call_is_of_one_agency() -> None:
    with pytest.raises(BadInput, match="append once for each agency"):
        append(
            [marked(recording()), marked(recording("r2"), agency="other")],
            after={"recording:r1": 0, "recording:r2": 0},
            recorded_at=MORNING,
        )


def test_a_stream_stays_with_the_agency_that_began_it() -> None:
    append([marked(recording())], after={"recording:r1": 0}, recorded_at=MORNING)
    with pytest.raises(ForeignStream):
        append([marked(recording(), agency="other")], after={"recording:r1": 1}, recorded_at=MORNING)
    with pytest.raises(ForeignStream):
        draft = replace(marked(recording()), stream=Stream("agency", "other"))
        append([draft], after={"agency:other": 0}, recorded_at=MORNING)


def test_an_id_is_recorded_once() -> None:
    draft = marked(recording())
    with pytest.raises(AlreadyRecorded):
        append([draft, draft], after={"recording:r1": 0}, recorded_at=MORNING)
    append([draft], after={"recording:r1": 0}, recorded_at=MORNING)
    with pytest.raises(AlreadyRecorded):
        append([draft], after={"recording:r1": 1}, recorded_at=MORNING)


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"content": {"topic": "告知"}}, "content.second"),
        ({"content": {"second": "1", "topic": "告知", "colour": "red"}}, "content.colour"),
        ({"type": "case.concluded"}, "cannot stand in stream"),
        ({"type": "recording.vanished"}, "unknown event type"),
        ({"actor": ""}, "actor"),
        ({"id": "x" * 65}, "id"),
        ({"stream": Stream("recording", "x" * 100)}, "stream"),
    ],
)
def test_what_its_type_does_not_allow_is_refused(change: dict[str, object], place: str) -> None:
    draft = replace(marked(recording()), **change)  # type: ignore[arg-type]
    with pytest.raises(BadInput, match=place):
        append([draft], after={str(draft.stream): 0}, recorded_at=MORNING)
    assert not Event.objects.exists()


def test_content_is_kept_in_its_types_one_spelling() -> None:
    drafts = [
        replace(
            marked(recording()),
            type="recording.storage-explained",
            content={"ground": "异地执法", "returned_at": "2026-03-02T00:30:00+00:00"},
        )
    ]
    (sealed,) = append(drafts, after={"recording:r1": 0}, recorded_at=MORNING)
    assert sealed.content_bytes == '{"ground":"异地执法","returned_at":"2026-03-02T08:30:00+08:00"}'.encode()


def test_row_and_header_agree_to_the_millisecond() -> None:
    moment = datetime(2026, 3, 2, 1, 0, 0, 123_987, tzinfo=UTC)
    (sealed,) = append([marked(recording(), at=moment)], after={"recording:r1": 0}, recorded_at=moment)
    row = Event.objects.get()
    assert row.at == row.recorded_at == sealed.header.at == sealed.header.recorded_at
    assert row.at.microsecond == 123_000


@pytest.mark.parametrize("year", [1970, 2014])
def test_a_clock_before_2015_is_refused(year: int) -> None:
    wrong = datetime(year, 12, 31, 12, tzinfo=SHANGHAI)
    with pytest.raises(ClockWrong, match="校准服务器时钟"):
        append([marked(recording(), at=wrong)], after={"recording:r1": 0}, recorded_at=wrong)
    assert not Log.objects.exists()


def test_a_clock_set_back_is_refused_within_a_log_and_across_years() -> None:
    append([marked(recording())], after={"recording:r1": 0}, recorded_at=at_minute(60))
    for back in (timedelta(minutes=3), timedelta(days=365)):
        with pytest.raises(ClockWrong, match="时间不能倒流"):
            append([marked(recording())], after={"recording:r1": 1}, recorded_at=at_minute(60) - back)
    assert Log.objects.count() == 1


def test_a_caller_that_waited_for_the_log_is_recorded_at_its_latest_time() -> None:
    append([marked(recording())], after={"recording:r1": 0}, recorded_at=at_minute(1))
    (sealed,) = append([marked(recording())], after={"recording:r1": 1}, recorded_at=at_minute(0))
    assert sealed.header.recorded_at == at_minute(1)


def test_what_has_not_happened_yet_is_refused() -> None:
    with pytest.raises(HappenedLater, match="尚未发生"):
        append([marked(recording(), at=at_minute(5.1))], after={"recording:r1": 0}, recorded_at=MORNING)
    append([marked(recording(), at=at_minute(5))], after={"recording:r1": 0}, recorded_at=MORNING)


def test_each_year_has_its_log_by_shanghai_time() -> None:
    before = datetime(2025, 12, 31, 15, 59, 59, tzinfo=UTC)
    append([marked(recording(), at=before)], after={"recording:r1": 0}, recorded_at=before)
    after = before + timedelta(seconds=1)
    append([marked(recording(), at=after)], after={"recording:r1": 1}, recorded_at=after)
    assert [log.origin for log in read.logs(AGENCY)] == [origin_of(AGENCY, 2025), origin_of(AGENCY, 2026)]
    assert [log.next_index for log in read.logs()] == [1, 1]
    assert [s.header.seq for s in read.sealed_events(recording())] == [1, 2]


def test_a_correction_names_an_event_of_its_stream() -> None:
    (first,) = append([marked(recording())], after={"recording:r1": 0}, recorded_at=MORNING)
    target = first.header.id
    (fixed,) = append([marked(recording(), corrects=target)], after={"recording:r1": 1}, recorded_at=MORNING)
    assert fixed.header.corrects == target
    for stream, wrong in ((recording("r2"), target), (recording(), "nothing")):
        with pytest.raises(NothingToCorrect):
            append([marked(stream, corrects=wrong)], after={"recording:r1": 2, "recording:r2": 0}, recorded_at=MORNING)


def test_salts_differ_so_equal_contents_commit_differently() -> None:
    drafts = [marked(recording()) for _ in range(20)]
    sealed = append(drafts, after={"recording:r1": 0}, recorded_at=MORNING)
    assert len({s.salt for s in sealed}) == len({s.header.content_sha256 for s in sealed}) == 20
