"""案件来源登记 and 立案: a case begins, pins the editions of the law, and gets its number when the head has approved."""

from dataclasses import replace

from liuhen.core.events.case import CaseFiled, CaseRegistered
from liuhen.core.events.catalogue import open_sealed
from liuhen.core.events.parts import Party, Source
from liuhen.core.facts.agency_model import AgencyFacts
from liuhen.core.facts.model import Facts
from liuhen.core.kernel.codec import encode
from liuhen.core.kernel.errors import BadInput, LiuhenError
from liuhen.core.kernel.moments import local_day
from liuhen.flows.access import Permission, case_for, require
from liuhen.flows.direct_events import require_plain_texts
from liuhen.flows.fit_deciding import approved_at
from liuhen.flows.fitting import IMPLAUSIBLE, is_plausible
from liuhen.flows.ground import agency_facts, ground_of
from liuhen.flows.law import pin_editions
from liuhen.flows.numbering import take_number
from liuhen.flows.occasion import Occasion
from liuhen.flows.record_batch import CaseArchived
from liuhen.flows.recused import require_not_recused
from liuhen.flows.writing import write_case
from liuhen.records.ledger.append import hold
from liuhen.records.ledger.read import sealed_events
from liuhen.records.ledger.turn import turn

# Under which matters packs know that a case was started: of its own motion, on an application, in general, in haste.
_STARTING = ("立案", "受理", "程序启动", "紧急启动")


class AgencyUnknown(LiuhenError):
    """The agency has no stream yet."""


class AlreadyFiled(LiuhenError):
    """The case has its number."""


class NotToBeFiled(LiuhenError):
    """The case was declined or has ended."""


class NotApproved(LiuhenError):
    """The approval that this act needs is not there."""


class RegisteredOtherwise(LiuhenError):
    """A case of this uid stands with another content."""


def require_established(agency: AgencyFacts) -> None:
    """Raise AgencyUnknown for an agency that has no stream."""
    if not agency.name:
        raise AgencyUnknown("本机关尚未建档；请系统管理员先录入机关名称、代字和适用的规则")


def register_case(
    occasion: Occasion,
    *,
    kind: str,
    matter: str,
    source: Source,
    party: Party,
    traits: tuple[str, ...] = (),
    unit: str | None = None,
    entrusted_by: str | None = None,
    uid: str | None = None,
) -> str:
    """Register the source of a case and give the case's uid.

    `uid`: the random id that a form carries for the case it is to become, so that sending it twice makes one case.
    Raises NotAllowed, AgencyUnknown, OutsideScope, RegisteredOtherwise, and BadInput naming the field.
    """
    require(occasion.actor, Permission.INVESTIGATE)
    agency = agency_facts(occasion.actor.agency).agency
    require_established(agency)
    _require_sound(occasion, source, party)
    editions = pin_editions(agency.packs, local_day(occasion.at), kind)
    with turn():
        hold(agency.uid)
        uid = uid or occasion.new_id()
        said = CaseRegistered("", kind, matter, source, party, editions, traits, unit, entrusted_by)
        if _stands(uid, said, occasion):
            return uid
        number = take_number(agency.uid, agency.number_prefix, "源", occasion.at)
        write_case(uid, occasion, replace(said, register_number=number), after=0)
    return uid


def _stands(uid: str, said: CaseRegistered, occasion: Occasion) -> bool:
    """Say whether this very case was registered already. Raises RegisteredOtherwise for another one of its uid."""
    first = next(iter(sealed_events(f"case:{uid}")), None)
    if first is None:
        return False
    event = open_sealed(first)
    own = (event.header.agency, event.header.actor) == (occasion.actor.agency, occasion.actor.uid)
    # The editions are those of the day on which it was sent first.
    if own and isinstance(event.content, CaseRegistered) and _said(event.content) == _said(said):
        return True
    raise RegisteredOtherwise("这张登记表已经用过，登记的是另外的内容，本次没有保存；请重新打开“登记新案件”填写")


def _said(content: CaseRegistered) -> CaseRegistered:
    return replace(content, register_number="", packs=())


def _require_sound(occasion: Occasion, source: Source, party: Party) -> None:
    if source.real_name and not source.reporter:
        raise BadInput("source.reporter", "实名的来源应写明举报人、申请人或者移送的机关；要保密的，写明身份信息另存")
    if source.received_at is not None and not is_plausible(source.received_at):
        raise BadInput("source.received_at", IMPLAUSIBLE)
    if source.received_at is not None and source.received_at > occasion.at:
        raise BadInput("source.received_at", "接到的时间晚于现在；请核对")
    require_plain_texts({name: text for name, text in encode(source).items() if text is not None}, "source")
    require_plain_texts({name: text for name, text in encode(party).items() if text is not None}, "party")


def file_case(case_uid: str, occasion: Occasion, *, entry: str | None = None) -> str:
    """立案 after the head approved; gives the case number.

    `entry`: the random id that a form carries for the event, so that sending it twice files once.
    Raises NotAllowed, NotFound, CaseArchived, AlreadyFiled, NotToBeFiled, NotApproved.
    """
    case_for(occasion.actor, case_uid, Permission.INVESTIGATE)
    with turn():
        hold(occasion.actor.agency)
        ground = ground_of(case_uid, occasion.actor.agency)
        facts = ground.facts
        require_not_recused(facts.case, (occasion.actor.uid,), occasion.at)
        if facts.case.number and entry in {event.id for event in ground.events}:
            return facts.case.number
        require_unfiled(facts)
        if not is_start_approved(facts):
            raise NotApproved("立案须经机关负责人批准；请先完成立案审批")
        number = take_number(occasion.actor.agency, facts.agency.number_prefix, "案", occasion.at)
        once = occasion if entry is None else replace(occasion, new_id=lambda: entry)
        write_case(case_uid, once, CaseFiled(number), after=facts.case.version)
    return number


def is_start_approved(facts: Facts) -> bool:
    """Say whether the head's last word in one of the matters by which a case may start was to approve."""
    return any(approved_at(facts.case.approvals.get(matter, ())) is not None for matter in _STARTING)


def require_unfiled(facts: Facts) -> None:
    """Raise CaseArchived, AlreadyFiled or NotToBeFiled for a case that can have no (further) 立案."""
    if facts.case.archived is not None:
        raise CaseArchived("案件已经归档，不能再立案；请与档案管理员联系")
    if facts.case.number:
        raise AlreadyFiled(f"案件已于此前立案，案号 {facts.case.number}；不能重复立案")
    if facts.case.declined is not None:
        raise NotToBeFiled("案件已经记录不予立案，不能再立案；有新情况的，请重新登记案件")
    if facts.case.concluded is not None:
        raise NotToBeFiled("案件已经结案，不能再立案；有新情况的，请重新登记案件")
