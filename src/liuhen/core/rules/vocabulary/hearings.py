"""What rules may say of notices, hearings and execution: when somebody was told, asked, urged; what is demanded beside a fine."""

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal

from liuhen.core.calendar.exclusions import Exclusion
from liuhen.core.calendar.fines import DailyFine, FineBase, Payment
from liuhen.core.events.measures import SurchargeDemanded
from liuhen.core.facts import model
from liuhen.core.facts.model import CaseFacts, Facts
from liuhen.core.kernel.moments import day_end, day_start, local_day
from liuhen.core.rules.vocabulary.words import texts

HEARING = "听证"
INTENDED = "拟作出的决定"
_CORRECTION = "补正"
_BASES = {FineBase.FULL_FINE: "全额", FineBase.UNPAID_REST: "未缴余额"}


def _first(moments: Iterable[datetime | None]) -> datetime | None:
    return min((moment for moment in moments if moment is not None), default=None)


def told_of(topic: str, facts: Facts) -> list[datetime]:
    """Give the moments at which a topic was told, in order."""
    return sorted(item.at for item in facts.case.told if item.at is not None and topic in item.topics)


def intent_told(facts: Facts, _: CaseFacts) -> datetime | None:
    """The first time that the party was told what the agency intends to decide."""
    return _first(told_of(INTENDED, facts))


def hearing_told(facts: Facts, _: CaseFacts) -> datetime | None:
    """The last time that the right to a hearing was told before one was asked for, or a decision made: the term runs from it."""
    ends = _first((hearing_requested(facts, facts.case), *(item.made for item in facts.case.decisions.values())))
    told = told_of("申请听证", facts)
    return max((moment for moment in told if ends is None or moment <= ends), default=None)


def hearing_requested(facts: Facts, _: CaseFacts) -> datetime | None:
    """The first time that somebody asked for a hearing."""
    return _first(item.at for item in facts.case.hearing_requests)


def hearing_begun(facts: Facts, _: CaseFacts) -> datetime | None:
    """When the first hearing of the case began."""
    return _first(act.begun for act in facts.case.acts.values() if act.kind == HEARING)


def application_answered(facts: Facts, _: CaseFacts) -> datetime | None:
    """The first answer to an application: accepted, declined, or told what to put right."""
    declined = facts.case.declined.at if facts.case.declined else None
    return _first((facts.case.filed, declined, *told_of(_CORRECTION, facts)))


def served_form(form: str, facts: Facts) -> datetime | None:
    """The first time that a document of a form was served."""
    documents = facts.case.documents
    return _first(
        service.served
        for service in facts.case.services.values()
        if service.document in documents and documents[service.document].form == form
    )


def served_publicly(facts: Facts, document: model.Document) -> datetime | None:
    """When a document counted as served by public notice."""
    services = facts.case.services.values()
    return _first(item.served for item in services if item.document == document.uid and item.manner == "公告")


def delivered(facts: Facts, act: model.Act) -> datetime | None:
    """When the first 决定书 of an act was served."""
    own = {item.uid for item in facts.case.documents_of_acts.get(act.uid, ()) if item.form.endswith("决定书")}
    return _first(item.served for item in facts.case.services.values() if item.document in own)


def executed(facts: Facts, _: model.Decision) -> datetime | None:
    """When the agency itself began to execute by force."""
    return _first(act.begun for act in facts.case.acts.values() if act.kind == "强制执行")


def started(facts: Facts, _: CaseFacts) -> datetime | None:
    """When it was decided whether to start: 立案, or 不予启动."""
    return _first((facts.case.filed, facts.case.declined.at if facts.case.declined else None))


def urged(facts: Facts, _: CaseFacts) -> datetime | None:
    """When the first 催告书 was served."""
    return served_form("催告书", facts)


def last_remark(remarks: list[model.Remark], *, passed: bool | None = None) -> datetime | None:
    """Give the moment of the last remark, or of the last that passed."""
    found = (item.at for item in remarks if item.at is not None and (passed is None or item.passed is passed))
    return max(found, default=None)


def hearing_notified(facts: Facts, act: model.Act) -> datetime | None:
    """When a 听证通知书 was served: the last one before the hearing, for a hearing put off is notified anew."""
    documents = facts.case.documents
    served = [
        service.served
        for service in facts.case.services.values()
        if service.served is not None
        and service.document in documents
        and documents[service.document].form == "听证通知书"
        and documents[service.document].act in (None, act.uid)
        and (act.begun is None or service.served <= act.begun)
    ]
    return max(served, default=None)


def host_investigated(facts: Facts, act: model.Act) -> bool | None:
    """Whether who presides took part in any other act of the case; None while nobody said who presides."""
    if act.host is None:
        return None
    others = (item for item in facts.case.acts.values() if item.kind != act.kind)
    return any(working.officer == act.host for other in others for working in other.officers)


def approved(facts: Facts, act: model.Act) -> datetime | None:
    """When the head approved the act: the first consent to a matter of its kind that is not kept for another act."""
    return _first(
        item.at
        for item in facts.case.approvals.get(act.kind, ())
        if item.step is not None
        and (item.step.step, item.step.result) == ("批准", "同意")
        and item.step.act in (None, act.uid)
    )


def extended_terms(facts: Facts, uid: str | None = None) -> frozenset[str]:
    """Name the terms that were extended: of the whole case, or of one act or decision."""
    said = (item.said for item in facts.case.extensions if item.said is not None)
    return texts(item.term for item in said if uid is None or {item.act, item.decision} <= {None, uid})


def paid(_: Facts, decision: model.Decision) -> datetime | None:
    """When a fine had been paid in full; a performance without a sum counts as whole."""
    if decision.amount is None or not decision.payments:
        return decision.performed
    rest = decision.amount
    for moment, amount in sorted(decision.payments):
        rest -= amount
        if rest <= 0:
            return moment
    return None


def surcharged_from(_: Facts, decision: model.Decision) -> datetime | None:
    """The first day that any additional fine counts, as an instant that has left the day before behind it."""
    return _first(day_start(item.first_day) for item in decision.surcharges)


def surcharged_to(_: Facts, decision: model.Decision) -> datetime | None:
    """The end of the last day that any additional fine counts."""
    return max((day_end(item.last_day) for item in decision.surcharges), default=None)


def surcharge_capped(_: Facts, decision: model.Decision) -> bool | None:
    """Whether all additional fines together are not more than the fine itself."""
    if decision.amount is None or not decision.surcharges:
        return None
    return sum((item.amount for item in decision.surcharges), Decimal(0)) <= decision.amount


def surcharge_bases(facts: Facts, decision: model.Decision) -> frozenset[str] | None:
    """The bases by which every additional fine demanded is not more than three per cent for each day that counts."""
    if decision.amount is None or decision.amount <= 0 or not decision.surcharges:
        return None
    return texts(
        word
        for base, word in _BASES.items()
        if all(item.amount <= daily_surcharge(facts, decision, item, base) for item in decision.surcharges)
    )


def daily_surcharge(facts: Facts, decision: model.Decision, said: SurchargeDemanded, base: FineBase) -> Decimal:
    """What three per cent a day comes to over the days demanded, without those of 复议 and 诉讼 (行政处罚法 art. 73)."""
    stopped = (item.said for item in facts.case.excluded if item.said and item.said.ground in ("复议", "诉讼"))
    last = day_end(said.last_day)
    exclusions = [
        Exclusion(item.begun_at, item.ended_at or max(last, item.begun_at), item.ground)
        for item in stopped
        if item.ended_at is None or item.begun_at <= item.ended_at
    ]
    payments = [Payment(local_day(moment), amount) for moment, amount in decision.payments if amount > 0]
    assert decision.amount is not None  # the caller looked
    fine = DailyFine(decision.amount, said.first_day, base=base, payments=payments, exclusions=exclusions)
    return fine.amount_on(said.last_day)


def consent_signed(facts: Facts, service: model.Service) -> bool:
    """Whether the party signed the confirmation by which it agreed to this manner of service."""
    document = facts.case.documents.get(service.consent or "")
    return document is not None and bool(document.signatures)
