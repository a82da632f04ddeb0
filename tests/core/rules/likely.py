"""Random streams that speak the packs' own words: worked cases as they are told, and random events that meet or miss them.

Everything is read from the event catalogue, the rules and the worked cases, so a new type or pack is exercised without a
word here.
"""

import dataclasses
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from hypothesis import strategies as st

from liuhen.adapters.packfiles.packs import shipped_folder, shipped_ids, shipped_pack, worked_cases
from liuhen.core.events.case import DocumentMade, DocumentSigned
from liuhen.core.events.catalogue import BY_NAME, Event, EventType
from liuhen.core.events.envelope import EVENT_FORMAT, Header
from liuhen.core.kernel.moments import SHANGHAI
from liuhen.core.rules.conditions import Condition
from liuhen.core.rules.model import Pack, Rule
from liuhen.core.rules.settings import settled
from tests.core.events.generated import POOLS, contents, instants

PACKS: tuple[Pack, ...] = tuple(shipped_pack(pack_id) for pack_id in shipped_ids())
# With the values that hold where an agency adopted none of its own.
SETTLED: tuple[Pack, ...] = tuple(settled(pack) for pack in PACKS)
RULES: tuple[Rule, ...] = tuple(rule for pack in SETTLED for rule in pack.rules)

# Few ids, so that events meet; the last of each pool is one that nothing ever creates with certainty.
IDS: dict[str, tuple[str, ...]] = {
    **{
        name: POOLS[name] for name in ("act", "document", "receipt", "recording", "decision", "service", "interruption")
    },
    "objection": ("y1", "y2"),
    "access": ("q1", "q2"),
    "problem": ("w1", "w2"),
    "device": ("g1", "g2"),
    "backup": ("b1", "b2"),
    "evidence": ("v1", "v2"),
    "officer": ("o1", "o2", "o3"),
}
DIGEST = "ab" * 32


def conditions_of(rule: Rule) -> Iterator[Condition]:
    """Give every condition of a rule."""
    yield rule.when
    if rule.shows is not None:
        yield rule.shows
    yield from rule.any_of
    yield from (lifting.when for lifting in rule.unless)
    yield from (other.when for other in rule.instead)


def _asked(each: str, attribute: str) -> Iterator[str]:
    for rule in RULES:
        if rule.each == each:
            for condition in conditions_of(rule):
                for test in condition.tests:
                    if test.attribute == attribute:
                        yield from (word for word in test.operands if isinstance(word, str))


def _demanded(kind: str) -> Iterator[str]:
    for rule in RULES:
        if kind == "form" and rule.document:
            yield from rule.document.forms
        if kind == "field" and rule.document:
            yield from rule.document.fields
        if kind == "role":
            yield from (signer.role for signer in rule.signed)
            yield from (signer.refused.role for signer in rule.signed if signer.refused)
        if kind == "topic" and rule.told:
            yield from rule.told.topics


def _words(*sources: Iterable[str] | str) -> tuple[str, ...]:
    found = [word for source in sources for word in ([source] if isinstance(source, str) else source)]
    return tuple(dict.fromkeys((*found, "别的")))


_KEPT = _words("永久", "长期", "10 年", "三十年", "18 个月", "与案卷一致")
# content.field → the words that rules know for it
WORDS: dict[str, tuple[str, ...]] = {
    "CaseRegistered.kind": tuple(dict.fromkeys(kind for pack in PACKS for kind in pack.kinds)),
    "CaseRegistered.traits": _words(_asked("case", "traits")),
    "SituationArose.situations": _words(
        _asked("recording", "situations"), _asked("act", "traits"), _asked("case", "traits")
    ),
    "Source.start": _words(_asked("case", "start")),
    "Source.manner": _words(_asked("case", "source_manner")),
    "ActBegun.kind": _words(_asked("act", "kind"), _asked("case", "act_kinds")),
    "ActBegun.traits": _words(_asked("act", "traits")),
    "DocumentMade.form": _words(_demanded("form"), _asked("document", "form")),
    "DocumentMade.fields": _words(_demanded("field"), _asked("document", "filled")),
    "DocumentSigned.role": _words(_demanded("role"), _asked("document", "signed_by")),
    "SignatureRefused.role": _words(_demanded("role")),
    "PartyTold.topics": _words(_demanded("topic"), _asked("case", "told_topics"), _asked("act", "told_topics")),
    "ApprovalGiven.matter": _words(_asked("approval", "matter"), _asked("case", "matters_approved")),
    "RecordingMarked.topic": _words(_asked("act", "marked")),
    "StorageExplained.ground": _words(_asked("recording", "storage_ground")),
    "RecordingPlaced.carrier": _words(_asked("recording", "carriers"), "光盘"),
    "RecordingKept.situations": _words(_asked("recording", "situations")),
    "RecordingKept.period": _KEPT,
    "CaseArchived.retention": _KEPT,
    "RetentionSet.period": _KEPT,
    "RetentionSet.kind": ("video", "audio", "photo", "全部"),
    "MediaSummary.kind": ("video", "audio", "photo"),
    "RecordingChosen.manners": _words(_asked("act", "manners_chosen"), _asked("case", "manners_chosen")),
    "RecordingChosen.act_kind": _words(_asked("act", "kind")),
    "ServiceMade.manner": _words(_asked("service", "manner")),
    "ServiceMade.carrier": _words(_asked("service", "carrier")),
    "ServiceMade.post": _words(_asked("service", "post")),
    "DecisionMade.kind": _words(_asked("decision", "kind")),
    "Evidence.kind": _words(_asked("evidence", "kind")),
    "ObjectionRaised.against": _words(_asked("objection", "against")),
    "AccessRequested.purpose": _words(_asked("access", "purpose")),
    "AccessRequested.standing": _words(_asked("access", "standing")),
    "AccessDecided.basis": _words(_asked("access", "basis")),
    "AccessDecided.step": _words(_asked("access", "step")),
    "AccessGiven.purpose": _words(_asked("access", "purpose")),
    "ProblemFound.kind": _words(_asked("problem", "kind")),
    "AccountabilityDecided.measure": _words(_asked("problem", "measures")),
    "StatementWaived.right": _words(_asked("case", "waived_rights"), "陈述"),
    "ListEntry.matter": _words(_asked("act", "kind")),
    "ListPublished.list": _words(_asked("agency", "lists")),
    "FileRef.sha256": (DIGEST, DIGEST, "cd" * 32),
    "DocumentSigned.file_sha256": (DIGEST,),
}


@cache
def _raw(kind: type) -> st.SearchStrategy[Any]:
    return contents(kind)


@cache
def _choice(pool: tuple[str, ...]) -> st.SearchStrategy[str]:
    return st.sampled_from(pool)


def likely(draw: Callable[[st.SearchStrategy[Any]], Any], kind: type) -> Any:
    """Draw a content of a type, with the packs' words in the places where rules look."""
    return _reworded(draw, draw(_raw(kind)))


def _reworded(draw: Callable[[st.SearchStrategy[Any]], Any], content: Any) -> Any:
    changes: dict[str, Any] = {}
    for field in dataclasses.fields(content):
        value = getattr(content, field.name)
        pool = WORDS.get(f"{type(content).__name__}.{field.name}") or IDS.get(field.name)
        if dataclasses.is_dataclass(value):
            changes[field.name] = _reworded(draw, value)
        elif isinstance(value, tuple) and value and dataclasses.is_dataclass(value[0]):
            changes[field.name] = tuple(_reworded(draw, item) for item in value)
        elif pool is not None and value is not None:
            changes[field.name] = _in_words(draw, pool, value)
    return dataclasses.replace(content, **changes)


def _in_words(draw: Callable[[st.SearchStrategy[Any]], Any], pool: tuple[str, ...], value: Any) -> Any:
    if isinstance(value, str):
        return draw(_choice(pool))
    if isinstance(value, tuple):
        return tuple(draw(_choice(pool)) for _ in value)
    return {draw(_choice(pool)): text for text in value.values()}


NAMES = sorted(BY_NAME)
# Few instants, so that many are equal.
_HOURS = st.integers(0, 12).map(lambda hour: datetime(2026, 3, 2, tzinfo=SHANGHAI) + timedelta(hours=6 * hour))
MOMENTS = st.one_of(_HOURS, _HOURS, instants())
STORIES = tuple(case.scenario.events for pack_id in shipped_ids() for case in worked_cases(shipped_folder() / pack_id))


def header(event: str, stream: str, seq: int, name: str, at: datetime) -> Header:
    """Write a header; what the chain binds does not matter to the fold."""
    return Header(EVENT_FORMAT, event, "a1", stream, seq, name, at, at, "p1", "0" * 64, "0" * 64)


def stream_of(kind: EventType, recording: str) -> str:
    """Give the stream that an event of a type may stand in."""
    return {"case": "case:c1", "agency": "agency:a1", "recording": f"recording:{recording}"}[kind.stream]


def bound(content: Any, before: Iterable[Event]) -> Any:
    """Let a signature be on the bytes of the document that it names, where there is one."""
    if not isinstance(content, DocumentSigned):
        return content
    made = [event.content for event in before if isinstance(event.content, DocumentMade)]
    files = [item.file.sha256 for item in made if item.document == content.document]
    return dataclasses.replace(content, file_sha256=files[-1]) if files else content


@st.composite
def lines(draw: st.DrawFn, most: int = 6) -> list[list[Event]]:
    """Lines of events, one per stream: up to three worked cases, then events of any type; some contents are destroyed."""
    told: list[tuple[str, str, datetime, Any]] = []
    for story in draw(st.lists(st.sampled_from(STORIES), max_size=3)):
        told += [(event.header.stream, event.header.type, event.header.at, event.content) for event in story]
    for name in draw(st.lists(st.sampled_from(NAMES), max_size=most)):
        stream = stream_of(BY_NAME[name], draw(_choice(IDS["recording"])))
        told.append((stream, name, draw(MOMENTS), likely(draw, BY_NAME[name].content)))
    lost = draw(st.sets(st.integers(0, 60), max_size=2))
    found: dict[str, list[Event]] = {}
    for index, (stream, name, at, content) in enumerate(told):
        line = found.setdefault(stream, [])
        kept = None if index in lost else bound(content, line)
        line.append(Event(header(f"e{index}", stream, len(line) + 1, name, at), kept))
    return list(found.values())
