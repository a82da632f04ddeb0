"""How measures, moved terms, hearings and execution change the facts of a case."""

from liuhen.core.events import measures as happened
from liuhen.core.events.catalogue import Event
from liuhen.core.facts.model import Excluded, Extension, Facts, Remark
from liuhen.core.facts.step import Step
from liuhen.core.kernel.moments import day_start


def _measure_ended(facts: Facts, event: Event, said: happened.MeasureEnded) -> None:
    act = facts.case.acts[said.act]
    act.measure_ended, act.measure_outcome = event.header.at, said.outcome
    act.evidence.append(event.id)


def _term_extended(facts: Facts, event: Event, said: happened.TermExtended) -> None:
    facts.case.extensions.append(Extension([event.id], said, event.header.at))


def _time_excluded(facts: Facts, event: Event, said: happened.TimeExcluded) -> None:
    facts.case.excluded.append(Excluded([event.id], said))


def _notice_posted(facts: Facts, event: Event, said: happened.NoticePosted) -> None:
    document = facts.case.documents[said.document]
    document.posted, document.posted_because = event.header.at, said.reason
    document.posted_on, document.posted_proof = said.carrier, said.proof
    document.evidence.append(event.id)


def _hearing_requested(facts: Facts, event: Event, said: happened.HearingRequested) -> None:
    facts.case.hearing_requests.append(Remark([event.id], said.person, said.document, at=event.header.at))
    facts.case.evidence.append(event.id)


def _surcharge_demanded(facts: Facts, event: Event, said: happened.SurchargeDemanded) -> None:
    decision = facts.case.decisions[said.decision]
    decision.surcharges.append(said)
    decision.evidence.append(event.id)


def _redress_expired(facts: Facts, event: Event, said: happened.RedressExpired) -> None:
    decision = facts.case.decisions[said.decision]
    # Terms that run from a day do not count it: its first instant names it as well as any other.
    decision.redress_expired = day_start(said.expired_on)
    decision.evidence.append(event.id)


def _court_applied(facts: Facts, event: Event, said: happened.CourtApplied) -> None:
    decision = facts.case.decisions[said.decision]
    decision.court_applied, decision.court = event.header.at, said.court
    decision.evidence.append(event.id)


STEPS: dict[str, Step] = {
    "case.measure-ended": _measure_ended,
    "case.term-extended": _term_extended,
    "case.time-excluded": _time_excluded,
    "case.notice-posted": _notice_posted,
    "case.hearing-requested": _hearing_requested,
    "case.surcharge-demanded": _surcharge_demanded,
    "case.redress-expired": _redress_expired,
    "case.court-applied": _court_applied,
}
