"""案件来源登记 and 立案: a case begins, pins the editions of the law, and gets its number when the head has approved."""

from django.db import transaction

from liuhen.core.events.case import CaseFiled, CaseRegistered
from liuhen.core.events.parts import Party, Source
from liuhen.core.kernel.errors import LiuhenError
from liuhen.core.kernel.moments import local_day
from liuhen.flows.access import Permission, case_for, require
from liuhen.flows.ground import agency_facts, ground_of
from liuhen.flows.law import pin_editions
from liuhen.flows.numbering import take_number
from liuhen.flows.occasion import Occasion
from liuhen.flows.recused import require_not_recused
from liuhen.flows.writing import write_case


class AgencyUnknown(LiuhenError):
    """The agency has no stream yet."""


class AlreadyFiled(LiuhenError):
    """The case has its number."""


class NotApproved(LiuhenError):
    """The approval that this act needs is not there."""


def register_case(
    occasion: Occasion, *, kind: str, matter: str, source: Source, party: Party, traits: tuple[str, ...] = ()
) -> str:
    """Register the source of a case and give the case's uid. Raises NotAllowed, AgencyUnknown, OutsideScope."""
    require(occasion.actor, Permission.INVESTIGATE)
    agency = agency_facts(occasion.actor.agency).agency
    if not agency.name:
        raise AgencyUnknown("本机关尚未建档；请系统管理员先录入机关名称、代字和适用的规则")
    editions = pin_editions(agency.packs, local_day(occasion.at), kind)
    uid = occasion.new_id()
    with transaction.atomic():
        number = take_number(agency.uid, agency.number_prefix, "源", occasion.at)
        content = CaseRegistered(number, kind, matter, source, party, editions, traits)
        write_case(uid, occasion, content, after=0)
    return uid


def file_case(case_uid: str, occasion: Occasion) -> str:
    """立案 after the head approved; gives the case number. Raises NotAllowed, NotFound, AlreadyFiled, NotApproved."""
    case_for(occasion.actor, case_uid, Permission.INVESTIGATE)
    facts = ground_of(case_uid, occasion.actor.agency).facts
    require_not_recused(facts.case, (occasion.actor.uid,), occasion.at)
    if facts.case.number:
        raise AlreadyFiled(f"案件已于此前立案，案号 {facts.case.number}；不能重复立案")
    steps = [item.step for item in facts.case.approvals.get("立案", []) if item.step]
    if not any(step.step == "批准" and step.result == "同意" for step in steps):
        raise NotApproved("立案须经机关负责人批准；请先完成立案审批")
    with transaction.atomic():
        number = take_number(occasion.actor.agency, facts.agency.number_prefix, "案", occasion.at)
        write_case(case_uid, occasion, CaseFiled(number), after=facts.case.version)
    return number
