"""回避: raised by whom it concerns, the party or the agency, decided by the head, and then kept to (行政处罚法 第四十三条).

Invariant: who was recused does nothing more in the case from the decision on; until then the work goes on, and what was done
stays as it is: whether it can stand is for the judgement of people, not of this program. Nobody decides on themselves: a head's
own recusal is decided by the heads together, of whom at least two others take part.
"""

from collections.abc import Sequence
from typing import Literal

from liuhen.core.approvals.recusal import Recusal
from liuhen.core.events.approvals import RecusalDecided, RecusalRaised
from liuhen.core.events.parts import Participant
from liuhen.core.facts.model import Facts
from liuhen.core.kernel.errors import BadInput, LiuhenError
from liuhen.flows.access import NotFound, Permission, case_for, require_any, require_head
from liuhen.flows.actors import people_of, roles_of
from liuhen.flows.ground import ground_of
from liuhen.flows.occasion import Occasion
from liuhen.flows.record_batch import CaseArchived
from liuhen.flows.writing import write_case
from liuhen.records.ledger.append import hold
from liuhen.records.ledger.turn import turn

RAISERS = (Permission.INVESTIGATE, Permission.REVIEW, Permission.APPROVE)
HEAD = "机关负责人"
_FEWEST = 2


class RecusalDone(LiuhenError):
    """The recusal was raised or decided already."""


class OwnRecusal(LiuhenError):
    """Somebody would decide on their own recusal."""


def raise_recusal(
    case_uid: str,
    occasion: Occasion,
    *,
    recusal: str,
    person: str,
    raised_by: Literal["本人", "当事人", "机关"],
    ground: str,
) -> None:
    """提出回避 of somebody of the agency; sent twice under one id it stands once.

    Raises NotAllowed, NotFound, CaseArchived, RecusalDone, BadInput.
    """
    case_for(occasion.actor, case_uid)
    require_any(occasion.actor, RAISERS)
    known = people_of(occasion.actor.agency).get(person)
    if known is None:
        raise BadInput("person", "请从本机关人员中选择被要求回避的人")
    if raised_by == "本人" and person != occasion.actor.uid:
        raise BadInput("raised_by", "本人自行回避的，应由本人登录后提出；请选“当事人”或者“机关”")
    if not ground.strip():
        raise BadInput("ground", "请写明回避的理由，如 与当事人是近亲属")
    with turn():
        hold(occasion.actor.agency)
        facts = _facts(case_uid, occasion)
        if recusal in facts.case.recusals:
            return
        if any(one.person == person and one.granted is not False for one in facts.case.recusals.values()):
            raise RecusalDone(f"{known.name}的回避已经提出，不会重复记录")
        content = RecusalRaised(recusal, person, known.name, raised_by, ground.strip())
        write_case(case_uid, occasion, content, after=facts.case.version)


def needs_collective(recusal: Recusal, agency: str) -> bool:
    """Say whether a recusal is about a head, on which the heads decide together."""
    return HEAD in roles_of(recusal.person, agency)


def decide_recusal(
    case_uid: str,
    occasion: Occasion,
    *,
    recusal: str,
    granted: bool,
    reasons: str,
    participants: Sequence[Participant] = (),
) -> None:
    """决定回避 by a head; on a head's own by the heads together, with who took part and what each held.

    Raises NotAllowed, NotFound, CaseArchived, RecusalDone, OwnRecusal, BadInput.
    """
    case_for(occasion.actor, case_uid)
    require_head(occasion.actor)
    with turn():
        hold(occasion.actor.agency)
        facts = _facts(case_uid, occasion)
        raised = facts.case.recusals.get(recusal)
        if raised is None:
            raise NotFound("回避")
        if raised.granted is not None:
            raise RecusalDone(f"{raised.name}的回避已经决定，不能重复决定")
        if raised.person == occasion.actor.uid:
            raise OwnRecusal("本人的回避不能由本人决定；请由其他负责人组织集体讨论决定")
        if not reasons.strip():
            raise BadInput("reasons", "请写明决定的理由")
        together = needs_collective(raised, occasion.actor.agency)
        members = _members(participants, raised, occasion) if together else ()
        manner: Literal["负责人决定", "集体讨论决定"] = "集体讨论决定" if together else "负责人决定"
        content = RecusalDecided(recusal, granted, manner, occasion.actor.name, reasons.strip(), members)
        write_case(case_uid, occasion, content, after=facts.case.version)


def _members(said: Sequence[Participant], raised: Recusal, occasion: Occasion) -> tuple[Participant, ...]:
    """Check who took part: people of the agency, each once, with a word, and not the one it is about."""
    known, people = people_of(occasion.actor.agency), [one.officer for one in said]
    if len(set(people)) < _FEWEST or len(set(people)) < len(people) or raised.person in people:
        raise BadInput(
            "participants",
            f"负责人的回避由集体讨论决定；请写明参加讨论的人员，不少于 {_FEWEST} 人，被要求回避的人不参加",
        )
    if any(one.officer not in known or not one.opinion.strip() for one in said):
        raise BadInput("participants", "请写明每一名参加人员的意见")
    return tuple(said)


def _facts(case_uid: str, occasion: Occasion) -> Facts:
    facts = ground_of(case_uid, occasion.actor.agency).facts
    if facts.case.archived is not None:
        raise CaseArchived("案件已经归档，不能再办理回避；请与档案管理员联系")
    return facts
