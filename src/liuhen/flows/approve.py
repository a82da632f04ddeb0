"""审批 without a round: the bare opinions of handler, reviewer and approver, as records kept on paper are entered one by one.

Invariant: nobody approves what they proposed, and where a round is under way opinions are given there and nowhere else.
"""

from liuhen.core.approvals.round import standing
from liuhen.core.events.case import ApprovalGiven
from liuhen.core.kernel.errors import LiuhenError
from liuhen.core.kernel.moments import local_day
from liuhen.flows.access import Permission, case_for
from liuhen.flows.approval_rounds import RoundOpen
from liuhen.flows.ground import ground_of
from liuhen.flows.occasion import Occasion
from liuhen.flows.recused import require_not_recused
from liuhen.flows.writing import write_case

_NEEDED = {"承办": Permission.INVESTIGATE, "审核": Permission.APPROVE, "批准": Permission.APPROVE}


class StepUnknown(LiuhenError):
    """No such step."""


class OwnProposal(LiuhenError):
    """One cannot approve what one proposed."""


def give_opinion(
    case_uid: str,
    occasion: Occasion,
    *,
    matter: str,
    step: str,
    opinion: str,
    result: str = "同意",
    reasons: str | None = None,
    document: str | None = None,
) -> None:
    """Record one step of an approval by the acting person.

    Raises StepUnknown, NotAllowed, NotFound, OwnProposal, Recused, RoundOpen.
    """
    if step not in _NEEDED:
        raise StepUnknown(f"没有“{step}”这一审批环节；环节为{'、'.join(_NEEDED)}")
    case_for(occasion.actor, case_uid, _NEEDED[step])
    facts = ground_of(case_uid, occasion.actor.agency).facts
    require_not_recused(facts.case, (occasion.actor.uid,), occasion.at)
    if any(one.matter == matter and standing(one).is_open for one in facts.case.rounds.values()):
        raise RoundOpen(f"“{matter}”正在按审批流程审批；请在该审批中签署意见")
    given = [item.step for item in facts.case.approvals.get(matter, []) if item.step]
    if step == "批准" and any(item.officer == occasion.actor.uid for item in given):
        raise OwnProposal(f"{occasion.actor.name}已在“{matter}”审批中签署意见，不能再由本人批准")
    content = ApprovalGiven(
        matter=matter,
        step=step,
        officer=occasion.actor.uid,
        name=occasion.actor.name,
        opinion=opinion,
        result="同意" if result == "同意" else "退回" if result == "退回" else "不同意",
        reasons=reasons,
        signed_on=local_day(occasion.at),
        document=document,
    )
    write_case(case_uid, occasion, content, after=facts.case.version)
