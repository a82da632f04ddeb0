"""委托审批: somebody who approves lets another take those steps for some days, and ends it.

Invariant: people lend only their own authority, and only they or a head take it back; how far it reaches is judged when it is
used, by what the giver may do then.
"""

from collections.abc import Sequence
from datetime import date

from liuhen.core.events.approvals import AuthorityDelegated, DelegationEnded
from liuhen.core.kernel.errors import BadInput, LiuhenError
from liuhen.core.kernel.moments import local_day
from liuhen.flows.access import NotAllowed, NotFound, Permission, has, is_head, require
from liuhen.flows.actors import people_of
from liuhen.flows.approval_chains import chains_of
from liuhen.flows.ground import agency_facts
from liuhen.flows.occasion import Actor, Occasion
from liuhen.flows.writing import write_agency
from liuhen.records.ledger.append import hold
from liuhen.records.ledger.turn import turn

LONGEST_DAYS = 366


class DelegationOver(LiuhenError):
    """The delegation was ended already."""


def delegate_authority(
    occasion: Occasion,
    *,
    delegation: str,
    holder: str,
    first_day: date,
    last_day: date,
    ground: str,
    matters: Sequence[str] = (),
) -> None:
    """Lend the actor's own authority from one day to another, both counted; sent twice under one id it stands once.

    Raises NotAllowed, BadInput.
    """
    actor = occasion.actor
    require(actor, Permission.APPROVE)
    person = people_of(actor.agency).get(holder)
    if person is None or holder == actor.uid or not has(person, Permission.VIEW):
        raise BadInput("holder", "请从本机关办理案件的人员中选择受托人，不能是本人")
    if last_day < first_day or last_day < local_day(occasion.at):
        raise BadInput("last_day", "委托的最后一天早于第一天，或者已经过去；请核对")
    if (last_day - first_day).days >= LONGEST_DAYS:
        raise BadInput("last_day", f"一次委托不超过 {LONGEST_DAYS} 天；到期后请另行委托")
    if not ground.strip():
        raise BadInput("ground", "请写明为什么委托，如 外出培训")
    with turn():
        hold(actor.agency)
        facts = agency_facts(actor.agency).agency
        if delegation in facts.delegations:
            return
        if unknown := [matter for matter in matters if matter not in chains_of(facts)]:
            raise BadInput("matters", f"没有“{'、'.join(unknown)}”这一事项的审批流程；请从列表中选择")
        content = AuthorityDelegated(
            delegation,
            actor.uid,
            actor.name,
            holder,
            person.name,
            first_day,
            last_day,
            ground.strip(),
            tuple(dict.fromkeys(matters)),
        )
        write_agency(occasion, content)


def may_end(actor: Actor, giver: str) -> bool:
    """Say whether somebody may take a delegation back: who gave it, or a head."""
    return giver == actor.uid or is_head(actor)


def end_delegation(occasion: Occasion, *, delegation: str, reason: str) -> None:
    """Take a delegation back before its last day. Raises NotAllowed, NotFound, DelegationOver, BadInput."""
    require(occasion.actor, Permission.APPROVE)
    if not reason.strip():
        raise BadInput("reason", "请写明为什么终止委托")
    with turn():
        hold(occasion.actor.agency)
        found = agency_facts(occasion.actor.agency).agency.delegations.get(delegation)
        if found is None:
            raise NotFound("委托")
        if not may_end(occasion.actor, found.giver):
            raise NotAllowed(occasion.actor, Permission.SUPERVISE)
        if found.ended is not None:
            raise DelegationOver("这项委托已经终止，不会重复记录")
        write_agency(occasion, DelegationEnded(delegation, reason.strip()))
