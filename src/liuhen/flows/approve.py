"""审批: handler with reasons, reviewer, approver; each step with opinion and day, nobody approving what they proposed."""

from liuhen.core.events.case import ApprovalGiven
from liuhen.core.kernel.errors import LiuhenError
from liuhen.core.kernel.moments import local_day
from liuhen.flows.access import Permission, case_for
from liuhen.flows.ground import ground_of
from liuhen.flows.occasion import Occasion
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
    """Record one step of an approval by the acting person. Raises StepUnknown, NotAllowed, NotFound, OwnProposal."""
    if step not in _NEEDED:
        raise StepUnknown(f"没有“{step}”这一审批环节；环节为{'、'.join(_NEEDED)}")
    case_for(occasion.actor, case_uid, _NEEDED[step])
    facts = ground_of(case_uid, occasion.actor.agency).facts
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
