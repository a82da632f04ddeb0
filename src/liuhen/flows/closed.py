"""定密 and 归类: which recordings are closed to most people, who of a case may know of them, and what is left for the others.

Invariant: what people outside are told of a case is true and would be the same if the closed recordings did not exist.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any

from liuhen.core.calendar.calendar import WorkCalendar
from liuhen.core.events import case as happened
from liuhen.core.events.catalogue import Event, encode_content
from liuhen.core.events.recording import RecordingClassified
from liuhen.core.facts.fold import fold
from liuhen.core.facts.model import Facts
from liuhen.core.rules.verdict import Verdict
from liuhen.flows.classified import is_closed
from liuhen.flows.ground import Ground


def closed_of(facts: Facts) -> frozenset[str]:
    """Give the closed recordings of a case."""
    return frozenset(uid for uid, recording in facts.recordings.items() if is_closed(recording.classification))


def insiders_of(events: Iterable[Event], case_uid: str) -> frozenset[str]:
    """Give who works on a case: who registered it, officers of its acts, who gave an opinion, reviewed, discussed, decided.

    From the first classification on, nobody joins by a record of their own: those who belong, or a legal reviewer's formal
    review, bring others in. Heads and archivists know by their role and are not counted here.
    """
    since, inside = _closed_since(events), set[str]()
    for event in events:
        header, content = event.header, event.content
        if header.stream != f"case:{case_uid}":
            continue
        free = since is None or header.recorded_at < since or isinstance(content, _OPENING)
        if free or header.actor in inside:
            inside.update(_working(event))
    return frozenset(inside)


_OPENING = (happened.CaseRegistered, happened.LegalReviewGiven)


def _closed_since(events: Iterable[Event]) -> datetime | None:
    moments = (
        event.header.recorded_at
        for event in events
        if isinstance(event.content, RecordingClassified) and is_closed(event.content.classification)
    )
    return min(moments, default=None)


def _working(event: Event) -> Iterator[str]:
    content, actor = event.content, event.header.actor
    match content:
        case happened.ActBegun():
            yield from (officer.officer for officer in content.officers)
            yield actor
        case happened.ApprovalGiven():
            yield from (content.officer, actor)
        case happened.LegalReviewGiven():
            yield from (content.reviewer, actor)
        case happened.DiscussionHeld():
            yield from (participant.officer for participant in content.participants)
        case happened.CaseRegistered() | happened.CaseFiled() | happened.DecisionMade():
            yield actor


def view_without(ground: Ground, unseen: frozenset[str]) -> Ground:
    """Give the ground as if some recordings did not exist; the version stays that of the stream, which others must meet."""
    if not unseen:
        return ground
    kept = [not is_about(event, unseen) for event in ground.events]
    events = tuple(event for event, stays in zip(ground.events, kept, strict=True) if stays)
    facts = fold(events)
    facts.case.version, facts.versions = ground.facts.case.version, ground.facts.versions
    sealed = tuple(item for item, stays in zip(ground.sealed, kept, strict=True) if stays)
    return replace(ground, sealed=sealed, events=events, facts=facts)


def is_about(event: Event, unseen: frozenset[str]) -> bool:
    """Say whether an event stands in the stream of one of the recordings, names one, or speaks of a package that holds them."""
    kind, _, uid = event.header.stream.partition(":")
    if kind == "agency":
        return False
    if kind == "recording":
        return uid in unseen
    if isinstance(event.content, happened.PackageMade):
        return True
    if isinstance(event.content, happened.CaseConsulted) and event.content.manner == "导出":
        return True
    return event.content is not None and _names(encode_content(event.content)[1], unseen)


def is_telling(event: Event) -> bool:
    """Say whether an event gives away how many recordings there are, though the case stands on it."""
    return isinstance(event.content, happened.CaseArchived)


def _names(data: Any, unseen: frozenset[str]) -> bool:
    if isinstance(data, str):
        return any(uid in data for uid in unseen)
    if isinstance(data, dict):
        return any(_names(item, unseen) for item in data.values())
    return isinstance(data, (list, tuple)) and any(_names(item, unseen) for item in data)


def told_alike(verdicts: Iterable[Verdict], without: Iterable[Verdict]) -> tuple[Verdict, ...]:
    """Give the verdicts that are the same with and without the closed recordings, as they read without them."""
    known = {verdict._replace(evidence=()) for verdict in verdicts}
    return tuple(verdict for verdict in without if verdict._replace(evidence=()) in known)


def open_verdicts(
    ground: Ground, verdicts: tuple[Verdict, ...], at: datetime, *, calendar: WorkCalendar | None = None
) -> tuple[Verdict, ...]:
    """Give what everybody of the agency may be told of a judgement made at an instant."""
    closed = closed_of(ground.facts)
    if not closed:
        return verdicts
    view = view_without(ground, closed)
    without = view.judge(at, calendar=calendar) if calendar else view.judge(at)
    return told_alike(verdicts, without)
