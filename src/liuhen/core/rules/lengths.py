"""How long a term runs: its plain length, the time that does not count, and the extensions that were decided in time.

Invariant: an extension decided after the term had run out extends nothing, and none carries it past the longest that the
clause allows; each step that moved the end is told.
"""

from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from typing import NamedTuple

from liuhen.core.calendar.calendar import WorkCalendar
from liuhen.core.calendar.deadline import Deadline, before, deadline
from liuhen.core.calendar.exclusions import Exclusion
from liuhen.core.calendar.periods import Months, Years, parse_period
from liuhen.core.facts import model
from liuhen.core.kernel.errors import BadInput
from liuhen.core.kernel.moments import day_end, say_instant
from liuhen.core.rules.model import Extension, TimeDemand
from liuhen.core.rules.subjects import Subject

# A pack has a dozen periods and judges them for every case.
_period = lru_cache(maxsize=256)(parse_period)


@lru_cache(maxsize=8192)
def _term(start: datetime, within: str, calendar: WorkCalendar) -> Deadline:
    """Remember deadlines: a case is judged again at every event and every look, and its terms hardly ever move."""
    return deadline(start, _period(within), calendar)


class TermEnd(NamedTuple):
    """When a term ends, how that was found, and on which events and which clause beside the rule's own it rests."""

    due: datetime
    steps: tuple[str, ...]
    provisional: bool
    evidence: tuple[str, ...] = ()
    clause: str | None = None


def end_of(demand: TimeDemand, subject: Subject, start: datetime, calendar: WorkCalendar, at: datetime) -> TermEnd:
    """Give the end of a term that runs for a subject from `start`. Raises BadInput for a start no calendar reaches."""
    if demand.count == "back":
        return _back(start, demand.within, calendar)
    stopped = _stopped(demand, subject)
    exclusions = _exclusions(stopped, at)
    plain = _length(start, demand.within, calendar, exclusions)
    evidence = tuple(event for item in stopped for event in item.evidence)
    end = TermEnd(plain.due, plain.steps, plain.provisional, evidence)
    if demand.extension is None:
        return end
    given = _extensions(demand.extension, subject)
    return _extended(end, demand.extension, given, start, calendar, exclusions) if given else end


def _length(start: datetime, within: str, calendar: WorkCalendar, exclusions: Sequence[Exclusion]) -> Deadline:
    if not exclusions:
        return _term(start, within, calendar)
    return deadline(start, _period(within), calendar, exclusions=exclusions)


def _back(start: datetime, within: str, calendar: WorkCalendar) -> TermEnd:
    period = _period(within)
    if isinstance(period, (Months, Years)):
        raise BadInput("期限", "倒推的期限应为小时、工作日或日；请改用其中之一")
    found = before(start, period, calendar)
    return TermEnd(found.due, found.steps, found.provisional)


def _stopped(demand: TimeDemand, subject: Subject) -> list[model.Excluded]:
    if not demand.excludes:
        return []
    return [
        item
        for item in subject.facts.case.excluded
        if item.said is not None and item.said.ground in demand.excludes and item.said.act in (None, subject.uid)
    ]


def _exclusions(stopped: Sequence[model.Excluded], at: datetime) -> tuple[Exclusion, ...]:
    """Give the intervals left out; what is still going on stops the clock until the moment of judgement."""
    found = []
    for item in stopped:
        assert item.said is not None  # filtered by the caller
        begun, ended = item.said.begun_at, item.said.ended_at or at
        if begun <= ended:  # told the wrong way round, it leaves nothing out
            found.append(Exclusion(begun, ended, item.said.ground))
    return tuple(found)


def _extensions(extension: Extension, subject: Subject) -> list[model.Extension]:
    found = [
        item
        for item in subject.facts.case.extensions
        if item.said is not None
        and item.decided is not None
        and item.said.term == extension.term
        and {item.said.act, item.said.decision} <= {None, subject.uid}
    ]
    return sorted(found, key=lambda item: (item.decided, item.evidence))


def _extended(
    end: TermEnd,
    extension: Extension,
    given: Sequence[model.Extension],
    start: datetime,
    calendar: WorkCalendar,
    exclusions: Sequence[Exclusion],
) -> TermEnd:
    due, steps, events = end.due, list(end.steps), list(end.evidence)
    for item in given:
        assert item.said is not None and item.decided is not None  # filtered by the caller
        events += item.evidence
        if item.decided > due:
            steps.append(f"{say_instant(item.decided)} 才决定延长，期限已于 {say_instant(due)} 届满，不产生延长的效果")
        elif day_end(item.said.until) > due:
            due = day_end(item.said.until)
            steps.append(f"{say_instant(item.decided)} 决定延长至 {item.said.until}：{item.said.reason}")
    if due == end.due:
        return end._replace(steps=tuple(steps), evidence=tuple(events))
    provisional = False
    if extension.longest is not None:
        cap = _length(start, extension.longest, calendar, exclusions)
        if due > cap.due:
            steps.append(f"延长后最长 {extension.longest}，至 {say_instant(cap.due)}；超过的部分无效")
            due, provisional = cap.due, cap.provisional
    return TermEnd(due, tuple(steps), provisional, tuple(events), extension.cites)
