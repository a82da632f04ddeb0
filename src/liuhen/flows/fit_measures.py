"""When what moves a term, ends a measure, asks for a hearing or leads to execution fits the case as it stands."""

from datetime import date, datetime

from liuhen.core.events import measures as happened
from liuhen.core.kernel.moments import local_day
from liuhen.flows.fitting import Faults, Setting, begun_act, known_document, not_before, plausible, yuan

_LONGEST_YEARS = 10


def end_measure(setting: Setting, said: happened.MeasureEnded) -> Faults:
    """The end of a measure that an act began, once."""
    yield from begun_act(setting, said.act)
    act = setting.facts.case.acts.get(said.act)
    if act is not None and act.measure_ended is not None:
        yield "act", "这项措施已经解除或者处理，不能重复记录"
    yield from known_document(setting, said.document)


def extend_term(setting: Setting, said: happened.TermExtended) -> Faults:
    """An extension to a day that is still to come, of the case, of one act or of one decision."""
    if said.act is not None and said.decision is not None:
        yield "decision", "请只写延长哪项执法活动（act）或者哪项决定（decision）的期限"
    yield from begun_act(setting, said.act)
    yield from _known_decision(setting, said.decision)
    yield from known_document(setting, said.document)
    if said.until < local_day(setting.at):
        yield "until", "延长至的日期早于决定延长的日期；请核对"
    if said.until.year > setting.at.year + _LONGEST_YEARS:
        yield "until", "延长至的日期不可能正确；请核对年份"


def exclude_time(setting: Setting, said: happened.TimeExcluded) -> Faults:
    """An interval that had begun, and ended after it began where it has."""
    yield from plausible("begun_at", said.begun_at)
    yield from plausible("ended_at", said.ended_at)
    if said.begun_at > setting.at:
        yield "begun_at", "开始的时间晚于记录的时间；请在开始以后记录"
    if said.ended_at is not None and said.ended_at < said.begun_at:
        yield "ended_at", "结束的时间早于开始的时间；请核对"
    yield from begun_act(setting, said.act)
    yield from known_document(setting, said.document)


def post_notice(setting: Setting, said: happened.NoticePosted) -> Faults:
    """A public notice of a document of the case, once."""
    document = setting.facts.case.documents.get(said.document)
    if document is None:
        yield "document", "本案没有这份文书；请核对"
    else:
        if document.posted is not None:
            yield "document", "这份文书已经发布送达公告，不能重复记录"
        yield from not_before(setting, document.made, "文书制作")
    if said.proof is not None and said.proof not in setting.facts.case.documents:
        yield "proof", "本案没有这份文书；请核对"


def request_hearing(setting: Setting, said: happened.HearingRequested) -> Faults:
    """A request for a hearing: late or not, it is recorded as it came."""
    yield from known_document(setting, said.document)


def demand_surcharge(setting: Setting, said: happened.SurchargeDemanded) -> Faults:
    """A surcharge on a fine, for days that lie after the decision."""
    yield from _known_decision(setting, said.decision)
    yield from known_document(setting, said.document)
    decision = setting.facts.case.decisions.get(said.decision)
    if decision is not None:
        if decision.amount is None:
            yield "decision", "这项决定没有罚款数额，不能加处罚款"
        yield from _not_before_decision("first_day", said.first_day, decision.made)
    if said.last_day < said.first_day:
        yield "last_day", "算至的日期早于起算日；请核对"
    yield from yuan(said.amount)


def expire_redress(setting: Setting, said: happened.RedressExpired) -> Faults:
    """The last day of the party's terms, after the decision and not still to come."""
    yield from _known_decision(setting, said.decision)
    decision = setting.facts.case.decisions.get(said.decision)
    if decision is not None:
        yield from _not_before_decision("expired_on", said.expired_on, decision.made)
    if said.expired_on > local_day(setting.at):
        yield "expired_on", "期限还没有届满；请在届满以后记录"


def apply_to_court(setting: Setting, said: happened.CourtApplied) -> Faults:
    """An application to a court, once for a decision."""
    yield from _known_decision(setting, said.decision)
    yield from known_document(setting, said.document)
    decision = setting.facts.case.decisions.get(said.decision)
    if decision is not None:
        if decision.court_applied is not None:
            yield "decision", "这项决定已经申请法院强制执行，不能重复记录"
        yield from not_before(setting, decision.made, "作出决定")


def _known_decision(setting: Setting, decision: str | None) -> Faults:
    if decision is not None and decision not in setting.facts.case.decisions:
        yield "decision", "本案没有这项决定；请核对"


def _not_before_decision(field: str, day: date, made: datetime | None) -> Faults:
    if made is not None and day < local_day(made):
        yield field, "日期早于作出决定的日期；请核对"
