"""What holds for the evaluator whatever happened: it never raises, and more facts never make things odd."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from liuhen.adapters.packfiles.packs import shipped_pack
from liuhen.core.events.case import CaseConsulted
from liuhen.core.events.catalogue import Event
from liuhen.core.events.envelope import EVENT_FORMAT, Header
from liuhen.core.events.supervision import TrainingHeld
from liuhen.core.facts.fold import fold
from liuhen.core.kernel.moments import parse_instant
from liuhen.core.rules.evaluate import assess
from liuhen.core.rules.model import Rule
from liuhen.core.rules.verdict import LABELS, Verdict, to_json
from tests.core.calendar.known import CALENDAR
from tests.core.events.generated import instants, interleavings, streams
from tests.core.facts.story import at, told
from tests.core.rules.writing import rule, verdict

JUDGED = parse_instant("2026-06-01T00:00:00+08:00")
PACK = shipped_pack("hebei")


def judged(events: list[Event]) -> tuple[Verdict, ...]:
    return assess([PACK], fold(events), calendar=CALENDAR, at=JUDGED)


@settings(max_examples=80, deadline=None)
@given(data=st.data())
def test_it_judges_every_valid_stream_without_raising(data: st.DataObject) -> None:
    found = judged(data.draw(interleavings(data.draw(streams()))))
    assert {verdict.rule for verdict in found} == {rule.id for rule in PACK.rules}
    for item in found:
        shape = to_json(item)
        assert shape["verdict"] in LABELS
        assert shape["because"]


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_the_order_in_which_streams_are_read_changes_no_verdict(data: st.DataObject) -> None:
    lines = data.draw(streams())
    assert judged(data.draw(interleavings(lines))) == judged(data.draw(interleavings(lines)))


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_an_event_that_concerns_no_duty_changes_no_verdict(data: st.DataObject) -> None:
    lines = data.draw(streams())
    events = data.draw(interleavings(lines))
    last = {event.header.stream: event.header.seq for event in events}
    extra = [
        _extra("case:c1", "case.consulted", CaseConsulted("卷宗", "查看"), last),
        _extra("agency:a1", "agency.training-held", TrainingHeld("记录规范", 9), last),
    ]
    had_case = any(event.header.stream == "case:c1" for event in events)
    added = extra if had_case else extra[1:]
    assert [_answer(item) for item in judged([*events, *added])] == [_answer(item) for item in judged(events)]


def _extra(stream: str, name: str, content: object, last: dict[str, int]) -> Event:
    moment = JUDGED - timedelta(days=1)
    seq = last.get(stream, 0) + 1
    return Event(Header(EVENT_FORMAT, f"x{name}", "a1", stream, seq, name, moment, moment, "p1", "", ""), content)


def _answer(item: Verdict) -> tuple[str, str, str, str, object]:
    return item.rule, item.clause, item.verdict, item.subject.id, item.because


STORED = rule(each="recording", kind="time", time={"start": "ended", "to": "stored", "within": "24 小时"})
REMOTE = rule(
    each="recording",
    kind="time",
    time={"start": "ended", "to": "stored", "within": "2 工作日"},
    instead=[
        {
            "cites": "t/2",
            "when": {"storage_ground": ["异地执法", "连续执法"]},
            "time": {"start": "returned", "to": "stored", "within": "24 小时"},
        }
    ],
)


@pytest.mark.parametrize("asked", [STORED, REMOTE], ids=["24 小时", "2 工作日"])
@settings(max_examples=60, deadline=None)
@given(
    ended=instants(days=60),
    early=st.integers(0, 10 * 1440),
    later=st.integers(0, 10 * 1440),
    ground=st.sampled_from([None, "异地执法", "忘记了"]),
    back=st.integers(0, 5 * 1440),
)
def test_storing_later_never_turns_unmet_into_met(
    asked: Rule, ended: datetime, early: int, later: int, ground: str | None, back: int
) -> None:
    def stored(after: int) -> str:
        moment = ended + timedelta(minutes=after)
        happened = {"at": moment.isoformat(), "type": "recording.stored", "recording": "r1", "file": "r1.mp4"}
        story = [{**happened, "ended_at": ended.isoformat()}]
        if ground:
            returned = (ended + timedelta(minutes=back)).isoformat()
            explained = told(0, "recording.storage-explained", recording="r1", ground=ground, returned_at=returned)
            story.append({**explained, "at": moment.isoformat()})
        return verdict(asked, *story, at=moment + timedelta(days=30)).verdict

    if stored(early) == "unmet":
        assert stored(early + later) == "unmet"


def test_the_story_of_a_recording_stored_a_second_late_stays_late() -> None:
    late = told(1440 + 1 / 60, "recording.stored", recording="r1", file="r1.mp4", ended_at=at(0))
    assert verdict(STORED, late).verdict == "unmet"
