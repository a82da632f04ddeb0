"""What rules may say of a case."""

from datetime import datetime

from liuhen.core.facts.model import CaseFacts, Facts
from liuhen.core.rules.vocabulary import hearings
from liuhen.core.rules.vocabulary.periods import years_of
from liuhen.core.rules.vocabulary.words import ReadMoment, Vocabulary, filled, texts


def _matters(facts: Facts, step: str, *results: str) -> frozenset[str]:
    """The matters in which a step of approval was given with one of these results."""
    return texts(
        matter
        for matter, given in facts.case.approvals.items()
        if any(item.step and item.step.step == step and item.step.result in results for item in given)
    )


def _discussion_signed(facts: Facts, _: CaseFacts) -> bool | None:
    """Whether everyone who took part in each collective discussion signed its record."""
    if not facts.case.discussions:
        return None
    for discussion in facts.case.discussions:
        document = facts.case.documents.get(discussion.document or "")
        names = {signature.name for signature in document.signatures} if document else set()
        if any(participant.name not in names for participant in discussion.participants):
            return False
    return True


def _source_states(_: Facts, case: CaseFacts) -> frozenset[str] | None:
    source = case.source
    if source is None:
        return None
    return filled(
        内容=source.summary,
        方式=source.manner,
        举报人=source.reporter,
        记录人=source.received_by,
        时间=source.received_at,
    )


def _urgent_approved(facts: Facts, _: CaseFacts) -> datetime | None:
    given = facts.case.approvals.get("紧急启动", ())
    return min(
        (item.at for item in given if item.at and item.step and (item.step.step, item.step.result) == ("批准", "同意")),
        default=None,
    )


def _decided(facts: Facts, _: CaseFacts) -> datetime | None:
    return min((item.made for item in facts.case.decisions.values() if item.made), default=None)


def _closed(facts: Facts, case: CaseFacts) -> datetime | None:
    """The moment from which nothing more can come before the decision: it was made, or the case ended without one."""
    ends = [moment for moment in (_decided(facts, case), case.concluded) if moment is not None]
    return min(ends, default=None)


CASE_MOMENTS: dict[str, tuple[str, ReadMoment]] = {
    "registered": ("来源登记", lambda facts, _: facts.case.registered),
    "received": ("接到", lambda facts, _: facts.case.source.received_at if facts.case.source else None),
    "filed": ("立案", lambda facts, _: facts.case.filed),
    "declined": ("不予启动", lambda facts, _: facts.case.declined.at if facts.case.declined else None),
    "urgent_start": ("紧急启动", lambda facts, _: facts.case.urgent_start),
    "urgent_reported": ("向负责人报告", lambda facts, _: facts.case.urgent_reported),
    "urgent_approved": ("补办批准", _urgent_approved),
    "started": ("立案或者不予启动", hearings.started),
    "answered": ("受理、不予受理或者告知补正", hearings.application_answered),
    "intent_told": ("告知拟作出的决定", hearings.intent_told),
    "hearing_told": ("告知听证权利", hearings.hearing_told),
    "hearing_requested": ("申请听证", hearings.hearing_requested),
    "hearing_begun": ("举行听证", hearings.hearing_begun),
    "statement_heard": ("陈述申辩", lambda facts, _: hearings.last_remark(facts.case.statements)),
    "statement_reviewed": ("复核陈述申辩", lambda facts, _: hearings.last_remark(facts.case.statement_reviews)),
    "legally_reviewed": ("法制审核通过", lambda facts, _: hearings.last_remark(facts.case.legal_reviews, passed=True)),
    "discussed": ("集体讨论", lambda facts, _: hearings.last_remark(facts.case.discussions)),
    "urged": ("送达催告书", hearings.urged),
    "decided": ("作出决定", _decided),
    "closed": ("作出决定或者结案", _closed),
    "concluded": ("结案", lambda facts, _: facts.case.concluded),
    "archived": ("归档", lambda facts, _: facts.case.archived),
}

CASE = Vocabulary(
    label="案件",
    list=lambda facts: [facts.case],
    uid=lambda case: case.uid,
    name=lambda _, case: case.number or case.register_number,
    attributes={
        "kind": ("执法类别", lambda _, case: case.kind or None),
        "start": ("启动方式", lambda _, case: case.source.start if case.source else None),
        "source_manner": ("来源方式", lambda _, case: case.source.manner if case.source else None),
        "source_states": ("来源登记载明", _source_states),
        "traits": ("案件特征", lambda _, case: texts(case.traits)),
        "unit": ("承办机构", lambda _, case: case.unit),
        "entrusted_by": ("委托机关", lambda _, case: case.entrusted_by),
        "act_kinds": ("执法活动种类", lambda _, case: texts(act.kind for act in case.acts.values())),
        "forms": ("已有文书", lambda _, case: texts(item.form for item in case.documents.values())),
        "matters_reviewed": ("已有审核意见的事项", lambda facts, _: _matters(facts, "审核", "同意", "不同意")),
        "matters_approved": ("已经批准的事项", lambda facts, _: _matters(facts, "批准", "同意")),
        "real_name": ("实名举报", lambda _, case: case.source.real_name if case.source else None),
        "filed": ("已立案", lambda _, case: case.filed is not None),
        "start_declined": ("不予启动", lambda _, case: case.declined is not None),
        "started_urgently": ("紧急启动", lambda _, case: case.urgent_start is not None),
        "told_persons": ("已告知的人", lambda _, case: texts(telling.told for telling in case.told)),
        "told_topics": ("已告知的事项", lambda _, case: texts(topic for item in case.told for topic in item.topics)),
        "manners_chosen": (
            "已选定的记录方式",
            lambda _, case: texts(manner for choice in case.choices for manner in choice.manners),
        ),
        "hearing_requested": ("已申请听证", lambda _, case: bool(case.hearing_requests)),
        "extended": ("已延长的期限", lambda facts, _: hearings.extended_terms(facts)),
        "decided": ("已作出决定", lambda _, case: bool(case.decisions)),
        "ended_undecided": ("未作决定而结案", lambda _, case: case.concluded is not None and not case.decisions),
        "legally_reviewed": (
            "法制审核通过",
            lambda _, case: case.legal_reviews[-1].passed if case.legal_reviews else None,
        ),
        "discussed": ("集体讨论", lambda _, case: bool(case.discussions)),
        "discussion_signed": ("参加讨论人员全部签名", _discussion_signed),
        "statement_heard": ("陈述申辩已记录", lambda _, case: bool(case.statements)),
        "statement_reviewed": ("陈述申辩已复核", lambda _, case: bool(case.statement_reviews)),
        "waived_rights": ("已放弃的权利", lambda _, case: texts(case.waived_rights)),
        "waiver_kept": (
            "放弃权利的证据已留存",
            lambda _, case: all(item.document for item in case.waivers) if case.waivers else None,
        ),
        "decision_performed": (
            "决定已履行",
            lambda _, case: all(item.performed for item in case.decisions.values()) if case.decisions else None,
        ),
        "transferred_to": ("已移送", lambda _, case: texts(item.name or "" for item in case.transfers)),
        "archive_years": ("案卷保管期限（年）", lambda _, case: years_of(case.retention)),
        "handed_over": ("归档移交人", lambda _, case: case.handed_over_by),
    },
    moments=CASE_MOMENTS,
)
