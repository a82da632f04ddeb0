"""When what leads to a decision fits the case: the party heard, the law reviewed, heads in council, the decision, its end.

Invariant: a check says only what no officer may do in any order of law; what a regulation asks beyond that is judged by the
packs, shown, and never in the way of writing down what happened.
"""

from collections.abc import Iterable
from datetime import datetime

from liuhen.core.events import case as happened
from liuhen.core.facts.model import Approval, CaseFacts
from liuhen.core.kernel.moments import local_day
from liuhen.flows.fitting import (
    Faults,
    Setting,
    fresh_id,
    known_document,
    known_recording,
    not_before,
    plausible,
    yuan,
)

# 行政处罚法 51: what is decided on the spot is decided by the officers; every other decision is the head's (57).
ON_THE_SPOT = frozenset({"当场处罚", "简易程序"})
# An inspection ends without a decision of its own kind: what it orders is ordered by the officers or becomes another case.
_UNAPPROVED_KINDS = frozenset({"行政检查"})
_FEWEST_IN_COUNCIL = 2


def matter_of_decision(case: CaseFacts) -> str:
    """Give the matter under which the decision of a case is approved: 行政处罚决定, 行政许可决定 …"""
    return f"{case.kind}决定"


def needs_approval(case: CaseFacts) -> bool:
    """Say whether the decision of this case is the head's to approve."""
    return case.kind not in _UNAPPROVED_KINDS and not ON_THE_SPOT & set(case.traits)


def approved_at(given: Iterable[Approval]) -> datetime | None:
    """Give when the head approved; None where nobody did, or where the last word was another one."""
    last = next((item for item in reversed(list(given)) if item.step and item.step.step == "批准"), None)
    return last.at if last is not None and last.step is not None and last.step.result == "同意" else None


def is_decision_approved(case: CaseFacts) -> bool:
    """Say whether the decision may be made as far as approval goes."""
    return not needs_approval(case) or approved_at(case.approvals.get(matter_of_decision(case), ())) is not None


def hear(setting: Setting, said: happened.StatementHeard) -> Faults:
    """What the party said, until the case has ended."""
    yield from _going_on(setting, "陈述申辩")
    yield from known_document(setting, said.document)


def review(setting: Setting, said: happened.StatementReviewed) -> Faults:
    """A review of what was said before."""
    yield from _going_on(setting, "复核")
    heard = [item.at for item in setting.facts.case.statements if item.at is not None]
    if not heard:
        yield "", "本案没有陈述申辩的记录，无从复核；请先登记陈述申辩"
    else:
        yield from not_before(setting, min(heard), "陈述申辩")
    yield from known_document(setting, said.document)


def review_law(setting: Setting, said: happened.LegalReviewGiven) -> Faults:
    """An opinion of the acting person's own, who took no part in the investigation."""
    yield from _going_on(setting, "法制审核")
    if (said.reviewer, said.name) != (setting.actor.uid, setting.actor.name):
        yield "reviewer", "法制审核意见应由审核人本人登记"
    if setting.facts.case.took_part(said.reviewer):
        yield "", f"{said.name}参加过本案调查，不能担任本案的法制审核人员；请由其他审核人员审核"
    yield from known_document(setting, said.document)


def discuss(setting: Setting, said: happened.DiscussionHeld) -> Faults:
    """A discussion of several people of the roll, each with what that person held."""
    yield from _going_on(setting, "集体讨论")
    if len(said.participants) < _FEWEST_IN_COUNCIL:
        yield "participants", f"集体讨论应有不少于 {_FEWEST_IN_COUNCIL} 人参加；请写明参加的每个人和意见"
    if len({one.officer for one in said.participants}) < len(said.participants):
        yield "participants", "同一个人写了两次；请把这个人的意见写在一起"
    for one in said.participants:
        known = setting.facts.agency.officers.get(one.officer)
        if known is None or known.name != one.name:
            yield "participants", f"{one.name}不在本机关名册上；请核对，或者请系统管理员先登记人员"
    yield from known_document(setting, said.document)


def decide(setting: Setting, said: happened.DecisionMade) -> Faults:
    """A decision that was approved, after an opinion of the legal unit that did not refuse it, in a document of its own."""
    case = setting.facts.case
    yield from _going_on(setting, "决定")
    yield from fresh_id("decision", said.decision, said.decision in case.decisions, "决定")
    if not is_decision_approved(case):
        matter = matter_of_decision(case)
        yield "", f"作出决定须经机关负责人批准；请先完成“{matter}”审批"
    elif needs_approval(case):
        yield from not_before(setting, approved_at(case.approvals[matter_of_decision(case)]), "批准")
    if case.legal_reviews and case.legal_reviews[-1].passed is False:
        yield "", "最近一次法制审核没有通过，不能作出决定；请按审核意见处理后重新送审"
    yield from _own_document(setting, said.document)
    yield from yuan(said.amount)
    if said.correct_by is not None and said.correct_by < local_day(setting.at):
        yield "correct_by", "改正期限早于作出决定的日期；请核对"


def _own_document(setting: Setting, uid: str) -> Faults:
    yield from known_document(setting, uid)
    document = setting.facts.case.documents.get(uid)
    if document is None:
        return
    if document.facing != "出具":
        yield "document", f"《{document.title}》不是出具给当事人的文书；请选择决定书"
    if any(known.document == uid for known in setting.facts.case.decisions.values()):
        yield "document", f"《{document.title}》已经是另一项决定的文书，不能重复登记；另有决定的，请另行制作决定书"
    yield from not_before(setting, document.made, f"制作《{document.title}》")


def list_item(setting: Setting, said: happened.EvidenceListed) -> Faults:
    """An item of evidence, or what is noted anew of one: it stays what it was, a recording or a document of the case."""
    item = said.evidence
    known = setting.facts.case.items_of_evidence.get(item.evidence)
    before = known.item if known is not None else None
    same = before is not None and (before.recording, before.document) == (item.recording, item.document)
    yield from fresh_id("evidence", item.evidence, before is not None and not same, "证据")
    if not item.purpose.strip():
        yield "purpose", "没有写明证明对象；请写明它证明什么"
    yield from known_document(setting, item.document)
    yield from known_recording(setting, item.recording)
    yield from plausible("taken_at", item.taken_at)
    if item.taken_at is not None and item.taken_at > setting.at:
        yield "taken_at", "取得的时间晚于列为证据的时间；请核对"


def conclude(setting: Setting, said: happened.CaseConcluded) -> Faults:
    """The end, once, and after everything that was decided."""
    case = setting.facts.case
    if case.concluded is not None:
        yield "", "案件已经结案，不能重复结案"
    for decision in case.decisions.values():
        yield from not_before(setting, decision.made, "作出决定")
    yield from not_before(setting, case.filed, "立案")
    yield from known_document(setting, said.document)


def _going_on(setting: Setting, what: str) -> Faults:
    case = setting.facts.case
    if case.concluded is not None:
        yield "", f"案件已经结案，不能再登记{what}；有新情况的，请重新登记案件"
    if case.declined is not None:
        yield "", f"案件已经不予立案，不能登记{what}；有新情况的，请重新登记案件"
    yield from not_before(setting, case.registered, "案件来源登记")
