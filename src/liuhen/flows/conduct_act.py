"""执法活动: an act begins with its officers, certificates are shown, people are told, filming breaks are explained, it ends."""

from datetime import datetime
from decimal import Decimal

from liuhen.core.events.case import ActBegun, ActEnded, CertificatesShown, InterruptionExplained, PartyTold
from liuhen.core.events.parts import WorkingOfficer
from liuhen.core.facts.model import Facts
from liuhen.core.kernel.errors import BadInput, LiuhenError
from liuhen.flows.access import Permission, case_for
from liuhen.flows.ground import ground_of
from liuhen.flows.occasion import Occasion
from liuhen.flows.record_batch import CaseArchived
from liuhen.flows.recused import require_not_recused
from liuhen.flows.writing import write_case


class OfficerUnknown(LiuhenError):
    """An officer is not on the agency's roll."""


class ActUnknown(LiuhenError):
    """The case has no such act."""


class ActOver(LiuhenError):
    """The act has ended."""


def _facts(case_uid: str, occasion: Occasion) -> Facts:
    case_for(occasion.actor, case_uid, Permission.INVESTIGATE)
    facts = ground_of(case_uid, occasion.actor.agency).facts
    if facts.case.archived is not None:
        raise CaseArchived("案件已经归档，不能再补记现场和办理情况；请与档案管理员联系")
    return facts


def _require_act(facts: Facts, act: str, *, running: bool = False) -> None:
    if act not in facts.case.acts:
        raise ActUnknown("本案没有这项执法活动；请刷新页面后重选")
    if running and facts.case.acts[act].ended is not None:
        raise ActOver(f"{facts.case.acts[act].kind}已经结束，不能再继续记录；确需更正的，请追加更正记录")


def begin_act(
    case_uid: str,
    occasion: Occasion,
    *,
    kind: str,
    place: str,
    officers: tuple[str, ...],
    traits: tuple[str, ...] = (),
    party_present: bool | None = None,
) -> str:
    """Begin an act by officers of the roll and give its uid. Raises NotAllowed, NotFound, OfficerUnknown, Recused."""
    facts = _facts(case_uid, occasion)
    require_not_recused(facts.case, (occasion.actor.uid, *officers), occasion.at)
    working = []
    for uid in officers:
        officer = facts.agency.officers.get(uid)
        if officer is None or officer.certificate is None:
            raise OfficerUnknown(f"执法人员 {uid} 不在本机关名册或者没有执法证；请先由系统管理员登记")
        working.append(WorkingOfficer(uid, officer.name, officer.certificate))
    act = occasion.new_id()
    content = ActBegun(act, kind, place, tuple(working), traits, party_present)
    write_case(case_uid, occasion, content, after=facts.case.version)
    return act


def show_certificates(case_uid: str, occasion: Occasion, *, act: str, shown_to: str) -> None:
    """亮证 by all officers of the act. Raises ActUnknown, ActOver and the refusals of access."""
    facts = _facts(case_uid, occasion)
    _require_act(facts, act, running=True)
    officers = tuple(officer.officer for officer in facts.case.acts[act].officers)
    write_case(case_uid, occasion, CertificatesShown(act, officers, shown_to), after=facts.case.version)


def tell(
    case_uid: str,
    occasion: Occasion,
    *,
    topics: tuple[str, ...],
    told: str,
    manner: str,
    act: str | None = None,
    document: str | None = None,
    response: str | None = None,
) -> None:
    """告知: set down what was told to whom, and the answer."""
    facts = _facts(case_uid, occasion)
    if act is not None:
        _require_act(facts, act)
    write_case(case_uid, occasion, PartyTold(topics, told, manner, act, document, response), after=facts.case.version)


def explain_interruption(
    case_uid: str,
    occasion: Occasion,
    *,
    act: str,
    stopped_at: datetime,
    resumed_at: datetime | None,
    cause: str,
    recording: str | None = None,
    second: Decimal | None = None,
    document: str | None = None,
    reported_to: str | None = None,
    reported_at: datetime | None = None,
) -> str:
    """中断说明, by voice at a second of a recording or in writing by a document; gives the interruption's uid.

    `reported_to` and `reported_at` say to which head it was reported, and when. Raises ActUnknown, BadInput naming the field.
    """
    facts = _facts(case_uid, occasion)
    _require_act(facts, act)
    if reported_at is not None and not stopped_at <= reported_at <= occasion.at:
        raise BadInput("reported_at", "报告负责人的时间应在中断之后、现在之前；请核对")
    uid = occasion.new_id()
    content = InterruptionExplained(
        act=act,
        interruption=uid,
        stopped_at=stopped_at,
        resumed_at=resumed_at,
        cause=cause,
        manner="书面" if document else "语音",
        recording=recording,
        second=second,
        document=document,
        reported_to=reported_to,
        reported_at=reported_at,
    )
    write_case(case_uid, occasion, content, after=facts.case.version)
    return uid


def end_act(case_uid: str, occasion: Occasion, *, act: str, outcome: str | None = None) -> None:
    """End an act. Raises ActUnknown, ActOver."""
    facts = _facts(case_uid, occasion)
    _require_act(facts, act, running=True)
    write_case(case_uid, occasion, ActEnded(act, outcome), after=facts.case.version)
