"""What holds for every judgement under every pack, whatever happened.

It never raises; it does not depend on the order in which streams are read; an event about something else changes nothing;
being later never helps; and a later start never brings a deadline forward.
"""

import dataclasses
from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from liuhen.adapters.packfiles.packs import shipped_folder, worked_cases
from liuhen.core.calendar.deadline import deadline
from liuhen.core.calendar.exclusions import Exclusion
from liuhen.core.calendar.periods import parse_period
from liuhen.core.events.case import DocumentMade, PartyTold
from liuhen.core.events.catalogue import BY_NAME, Event
from liuhen.core.facts.fold import fold
from liuhen.core.facts.model import Facts
from liuhen.core.kernel.moments import SHANGHAI, parse_instant
from liuhen.core.rules.conditions import Condition, Value
from liuhen.core.rules.evaluate import assess
from liuhen.core.rules.model import Pack, Rule
from liuhen.core.rules.outcome import Outcome
from liuhen.core.rules.subjects import CaseMoments, Subject
from liuhen.core.rules.terms import judge_time
from liuhen.core.rules.verdict import LABELS, SubjectRef, Verdict, to_json
from liuhen.core.rules.vocabulary.cases import CASE_MOMENTS
from liuhen.core.rules.vocabulary.words import ReadMoment
from tests.core.calendar.known import CALENDAR, ends_no_earlier
from tests.core.events.generated import instants, interleavings
from tests.core.facts.story import events_of, told
from tests.core.rules.likely import IDS, MOMENTS, NAMES, PACKS, RULES, SETTLED, bound, header, likely, lines, stream_of

JUDGED = parse_instant("2026-06-01T00:00:00+08:00")
# Streams are costly to draw and cheap to judge; the seed is fixed in CI by the failing example alone, as elsewhere.
OFTEN = settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)


def judged(events: Iterable[Event]) -> tuple[Verdict, ...]:
    return assess(PACKS, fold(events), calendar=CALENDAR, at=JUDGED)


FIVE = {"changzhi", "hebei", "lingchuan", "pengyang", "zhuhui"}


def test_the_five_regulations_are_all_here() -> None:
    assert {pack.id for pack in PACKS} >= FIVE


# ---- never raises


@OFTEN
@given(data=st.data())
def test_every_valid_stream_is_judged_by_every_rule(data: st.DataObject) -> None:
    found = judged(data.draw(interleavings(data.draw(lines()))))
    assert {item.rule for item in found} == {rule.id for rule in RULES}
    for item in found:
        shape = to_json(item)
        assert shape["verdict"] in LABELS
        assert shape["because"] and all(isinstance(line, str) for line in shape["because"])


@settings(OFTEN, max_examples=4)
@given(data=st.data())
def test_a_stream_with_every_type_of_the_catalogue_is_judged(data: st.DataObject) -> None:
    names = data.draw(st.permutations(NAMES))
    seqs: dict[str, int] = {}
    events = []
    for index, name in enumerate(names):
        kind = BY_NAME[name]
        stream = stream_of(kind, "r1")
        seqs[stream] = seqs.get(stream, 0) + 1
        head = header(f"e{index}", stream, seqs[stream], name, data.draw(MOMENTS))
        events.append(Event(head, likely(data.draw, kind.content)))
    assert {item.rule for item in judged(events)} == {rule.id for rule in RULES}


# ---- order


@OFTEN
@given(data=st.data())
def test_streams_may_be_read_in_any_order(data: st.DataObject) -> None:
    drawn = data.draw(lines())
    assert judged(data.draw(interleavings(drawn))) == judged(data.draw(interleavings(drawn)))


@OFTEN
@given(data=st.data())
def test_of_events_at_one_instant_in_different_streams_either_may_be_read_first(data: st.DataObject) -> None:
    drawn = [[_rounded(event) for event in line] for line in data.draw(lines())]
    # What one stream says at one instant keeps its order; between streams a coin decides.
    in_time = [sorted(line, key=lambda event: event.header.at) for line in drawn]
    coins = data.draw(st.permutations(range(len(in_time))))
    one = sorted((event for line in in_time for event in line), key=lambda event: event.header.at)
    other = sorted((event for place in coins for event in in_time[place]), key=lambda event: event.header.at)
    assert judged(one) == judged(other)


def _rounded(event: Event) -> Event:
    """Move an event to the beginning of its ten days, so that many happen at one instant."""
    at = event.header.at
    first = at.replace(day=1 + at.day // 10 * 10 if at.day < 30 else 21, hour=0, minute=0, second=0)
    return Event(dataclasses.replace(event.header, at=first, recorded_at=first), event.content)


# ---- what concerns something else


Told = tuple[str, str, str, str, Any]


def _answers(found: Iterable[Verdict], kind: str | None, about: str) -> list[Told]:
    """Give what was judged of subjects (of one kind, where given), leaving out the one that an event is about."""
    return [
        (item.rule, item.clause, item.subject.id, item.verdict, item.due)
        for item in found
        if item.subject.id and item.subject.id != about and kind in (None, item.subject.kind)
    ]


# Of a kind with its own id that nothing else names, in words no rule asks for: what they bring is a subject by itself.
NEW: dict[str, dict[str, Any]] = {
    "case.act-begun": {"act": "新", "kind": "无关的活动", "traits": ()},
    "case.document-made": {"document": "新", "form": "无关的文书", "facing": "内部", "act": None},
    "case.objection-raised": {"objection": "新", "act": None, "document": None},
    "case.access-requested": {"access": "新"},
    "case.evidence-listed": {},
    "case.consulted": {},
    "case.package-made": {},
    "case.term-recomputed": {},
    "recording.stored": {},
    "agency.problem-found": {"problem": "新", "kind": "无关的问题"},
    "agency.device-registered": {"device": "新", "features": ()},
    "agency.officer-enrolled": {"officer": "新"},
    "agency.unit-registered": {},
    "agency.arrival-quarantined": {},
    "agency.calendar-adopted": {},
}


@OFTEN
@given(data=st.data())
def test_something_new_changes_no_verdict_of_what_was_there(data: st.DataObject) -> None:
    before = [event for line in data.draw(lines()) for event in line]
    # Where there was no case, its first event brings the case itself.
    there = {event.header.stream for event in before} | {"agency:a1", "recording:新"}
    name = data.draw(st.sampled_from([name for name in sorted(NEW) if stream_of(BY_NAME[name], "新") in there]))
    kind = BY_NAME[name]
    content = dataclasses.replace(likely(data.draw, kind.content), **NEW[name])
    if name == "case.evidence-listed":
        content = dataclasses.replace(
            content, evidence=dataclasses.replace(content.evidence, evidence="新", recording=None)
        )
    stream = stream_of(kind, "新")
    after = [*before, _next(before, stream, name, data.draw(MOMENTS), content)]
    # How many devices or units there are is what some duties of the agency ask; of everything else nothing may move.
    left = [item for item in judged(before) if item.subject.kind != "agency" or kind.stream != "agency"]
    came = [item for item in judged(after) if item.subject.kind != "agency" or kind.stream != "agency"]
    assert _answers(left, None, "新") == _answers(came, None, "新")


def _next(before: list[Event], stream: str, name: str, at: datetime, content: Any) -> Event:
    seq = 1 + max((event.header.seq for event in before if event.header.stream == stream), default=0)
    return Event(header("x", stream, seq, name, at), content)


# type → the field that names the one thing it is about
ABOUT = {
    "case.certificates-shown": "act",
    "case.party-told": "act",
    "case.act-ended": "act",
    "case.document-signed": "document",
    "case.signature-refused": "document",
    "case.document-marked": "document",
    "case.document-completed": "document",
    "case.document-sealed": "document",
    "case.decision-performed": "decision",
    "case.correction-verified": "decision",
    "case.objection-handled": "objection",
    "case.access-decided": "access",
    "case.access-given": "access",
    "agency.device-maintained": "device",
    "agency.problem-rectified": "problem",
    "agency.accountability-decided": "problem",
    "recording.labelled": "recording",
    "recording.marked": "recording",
    "recording.storage-explained": "recording",
    "recording.kept": "recording",
    "recording.placed": "recording",
}


@OFTEN
@given(data=st.data())
def test_what_is_said_of_one_thing_changes_no_verdict_of_another_of_its_kind(data: st.DataObject) -> None:
    before = [event for line in data.draw(lines()) for event in line]
    name = data.draw(st.sampled_from(sorted(ABOUT)))
    kind, field = BY_NAME[name], ABOUT[name]
    about = data.draw(st.sampled_from(IDS[field]))
    content = likely(data.draw, kind.content)
    if kind.stream != "recording":
        content = bound(dataclasses.replace(content, **{field: about}), before)
    stream = stream_of(kind, about)
    after = [*before, _next(before, stream, name, data.draw(MOMENTS), content)]
    assert _answers(judged(before), field, about) == _answers(judged(after), field, about)


# Beside a random few, every worked case: all that the packs' authors thought of, met and unmet.
BESIDE = events_of(
    told(0, "case.act-begun", act="新", kind="无关的活动", place="别处", officers=[]),
    told(1, "case.document-made", document="新", form="无关的文书", title="无关的文书", facing="内部"),
    told(2, "case.access-requested", access="新", purpose="无关", applicant="某人", standing="无关", what="无关"),
    told(3, "case.consulted", what="卷宗", manner="查看"),
    told(4, "recording.stored", recording="新", file="新.mp4"),
    told(5, "agency.problem-found", problem="新", kind="无关的问题", summary="无关", found_by="某科"),
    told(6, "agency.officer-enrolled", officer="新", name="新人", title="科员"),
)


@pytest.mark.parametrize("pack", PACKS, ids=lambda pack: pack.id)
def test_every_worked_case_reads_alike_in_any_order_and_beside_other_things(pack: Pack) -> None:
    for case in worked_cases(shipped_folder() / pack.id):
        events, at = case.scenario.happened(case.scenario.at), case.scenario.at
        straight = assess([pack], fold(events), calendar=CALENDAR, at=at)
        streams = dict.fromkeys(event.header.stream for event in reversed(events))
        here = [event for event in BESIDE if event.header.stream in streams or event.header.stream == "recording:新"]
        turned = [event for stream in streams for event in events if event.header.stream == stream]
        beside = assess([pack], fold([*turned, *here]), calendar=CALENDAR, at=at)
        assert _answers(beside, None, "新") == _answers(straight, None, "新"), case.scenario.name


# Kinds of thing that are judged by what is theirs; a decision or an approval is judged by the whole case.
APART = {"act", "document", "recording", "interruption", "service", "objection", "access", "device", "problem"}
# What brings such things or speaks of them, and of nothing beyond.
OF_THINGS = {
    *ABOUT,
    "case.act-begun",
    "case.document-made",
    "case.recording-linked",
    "case.interruption-explained",
    "case.service-made",
    "case.objection-raised",
    "case.access-requested",
    "recording.stored",
    "agency.device-registered",
    "agency.problem-found",
}


def _next_door(events: Iterable[Event]) -> list[Event]:
    """Tell of another case's things under names of their own, as if this case had them too."""
    return [_renamed(event) for event in events if event.header.type in OF_THINGS and _belongs(event)]


def _belongs(event: Event) -> bool:
    """What was told in no act was told in the whole case, and is no other thing's."""
    return not isinstance(event.content, PartyTold) or event.content.act is not None


def _renamed(event: Event) -> Event:
    content: Any = event.content
    held = {field.name: getattr(content, field.name) for field in dataclasses.fields(content)}
    named = {name: f"{value}乙" for name, value in held.items() if name in IDS and isinstance(value, str)}
    stream = event.header.stream + ("乙" if event.header.stream.startswith("recording:") else "")
    if isinstance(content, DocumentMade) and content.act is None:  # of no act it would be a document of them all
        named["act"] = "无乙"
    head = dataclasses.replace(event.header, id=f"{event.id}乙", stream=stream)
    return Event(head, dataclasses.replace(content, **named))


# The statutes set things against each other on purpose: who presides at a hearing may not have worked on another act.
@pytest.mark.parametrize("pack", [pack for pack in PACKS if pack.id in FIVE], ids=lambda pack: pack.id)
def test_the_things_of_every_worked_case_are_judged_alike_beside_those_of_the_next(pack: Pack) -> None:
    cases = [case.scenario for case in worked_cases(shipped_folder() / pack.id)]
    for case, other in zip(cases, [*cases[1:], cases[0]], strict=True):
        events = case.happened(case.at)
        alone, crowded = fold(events), fold([*events, *_next_door(other.events)])
        moved = _of_the_case(pack, alone, crowded)
        before, after = (
            [
                item
                for item in assess([pack], facts, calendar=CALENDAR, at=case.at)
                if item.subject.kind in APART and item.rule not in moved and not item.subject.id.endswith("乙")
            ]
            for facts in (alone, crowded)
        )
        assert _answers(before, None, "") == _answers(after, None, ""), f"{case.name} / {other.name}"


def _of_the_case(pack: Pack, one: Facts, other: Facts) -> set[str]:
    """Give the rules that look at a moment of the case, such as the service of any 催告书, which the neighbour moved."""
    moved = [
        f"'case.{name}'" for name, (_, read) in CASE_MOMENTS.items() if read(one, one.case) != read(other, other.case)
    ]
    return {rule.id for rule in pack.rules if any(name in str(rule) for name in moved)}


# ---- being later never helps


TIMED = [rule for rule in RULES if rule.time is not None]
OF_PACK = {id(rule): f"{pack.id}/{rule.id}" for pack in SETTLED for rule in pack.rules}
STARTS = instants(datetime(2025, 1, 1, tzinfo=SHANGHAI), days=600).filter(lambda at: 2024 < at.year < 2027)
MINUTES = st.integers(0, 40 * 1440)


def _looked_up(name: str) -> ReadMoment:
    return lambda _, moments: moments[name]


def _clock(rule: Rule, start: datetime, done: datetime, home: datetime, eased: Condition | None) -> Subject:
    """A subject of which nothing is known but when things happened, and the one easing that holds for it, if any."""
    assert rule.time is not None
    terms = [rule.time, *(other.time for other in rule.instead)]
    moments = dict.fromkeys((term.start for term in terms), home)
    moments[rule.time.start] = start
    moments.update(dict.fromkeys((term.to for term in terms), done))
    of_case = CaseMoments(Facts())
    of_case.update(moments)
    own: dict[str, tuple[str, ReadMoment]] = {
        name: (name, _looked_up(name)) for name in moments if not name.startswith("case.")
    }
    values: defaultdict[str, Value | None] = defaultdict(lambda: None)
    values.update({test.attribute: test.operands[0] for test in (eased.tests if eased else ())})
    return Subject(rule.each, "t", moments, Facts(), SubjectRef(rule.each, "t", "试"), (), values, own, of_case)


def _outcome(rule: Rule, start: datetime, done: datetime, home: datetime, eased: Condition | None) -> Outcome:
    return judge_time(rule, _clock(rule, start, done, home, eased), CALENDAR, start + timedelta(days=900))


def _easings(rule: Rule) -> st.SearchStrategy[Condition | None]:
    return st.sampled_from([None, *(other.when for other in rule.instead)])


@pytest.mark.parametrize("rule", TIMED, ids=lambda rule: OF_PACK[id(rule)])
@settings(OFTEN)
@given(data=st.data(), start=STARTS, after=MINUTES, more=MINUTES, back=MINUTES)
def test_being_later_never_turns_unmet_into_met(
    rule: Rule, data: st.DataObject, start: datetime, after: int, more: int, back: int
) -> None:
    assert rule.time is not None
    home, eased = start + timedelta(minutes=back), data.draw(_easings(rule))
    early, late = (
        _outcome(rule, start, start + timedelta(minutes=minutes), home, eased) for minutes in (after, after + more)
    )
    assert early.due == late.due is not None
    if rule.time.count == "wait":  # what must not come too soon is never spoilt by waiting
        assert (early.verdict, late.verdict) != ("met", "unmet")
    else:
        assert (early.verdict, late.verdict) != ("unmet", "met")


@pytest.mark.parametrize("rule", TIMED, ids=lambda rule: OF_PACK[id(rule)])
@settings(OFTEN)
@given(data=st.data(), start=STARTS, more=MINUTES, back=MINUTES)
def test_a_later_start_never_brings_a_deadline_forward(
    rule: Rule, data: st.DataObject, start: datetime, more: int, back: int
) -> None:
    later = start + timedelta(minutes=more)
    home, eased = later + timedelta(minutes=back), data.draw(_easings(rule))
    first, second = (_outcome(rule, begun, home, home, eased).due for begun in (start, later))
    assert first is not None and second is not None and first <= second


@pytest.mark.parametrize("rule", TIMED, ids=lambda rule: OF_PACK[id(rule)])
def test_at_its_end_a_term_is_kept_and_a_second_later_it_is_not(rule: Rule) -> None:
    """The terms above really bite, each on its own side."""
    assert rule.time is not None
    start = parse_instant("2026-03-02T09:00:00+08:00")
    due = _outcome(rule, start, start, start, None).due
    assert due is not None
    second = timedelta(seconds=-1 if rule.time.count == "wait" else 1)
    assert _outcome(rule, start, due, start, None).verdict == "met"
    assert _outcome(rule, start, due + second, start, None).verdict == "unmet"


PERIODS = sorted(
    {rule.time.within for rule in TIMED if rule.time}
    | {item.time.within for rule in TIMED for item in rule.instead}
    | {"7 工作日", "15 日", "30 日 不顺延", "3 个月", "2 年"}
)
LEFT_OUT = st.lists(st.tuples(STARTS, st.integers(0, 30 * 1440)), max_size=2)


@pytest.mark.parametrize("within", PERIODS)
@settings(OFTEN)
@given(start=STARTS, more=st.integers(0, 20 * 86400), out=LEFT_OUT)
def test_every_period_ends_no_earlier_for_a_later_start(
    within: str, start: datetime, more: int, out: list[tuple[datetime, int]]
) -> None:
    period = parse_period(within)
    left_out = tuple(Exclusion(begun, begun + timedelta(minutes=length), "检测") for begun, length in out)
    first, second = (
        deadline(begun, period, CALENDAR, exclusions=left_out) for begun in (start, start + timedelta(seconds=more))
    )
    assert start < first.due and ends_no_earlier(second, first, period, left_out)
