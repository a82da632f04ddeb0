"""审批流程: the chain that a matter runs on, the agency's own where it set one, else the one that comes with Liuhen.

Invariant: a chain can be walked to its end by people whose roles carry the step: whoever consents may approve, whoever reviews
legally may review. A chain set now is for rounds opened from now on.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from liuhen.core.approvals.chain import CONSENT, PROPOSAL, Chain, chain_faults
from liuhen.core.events.approvals import ApprovalChainSet
from liuhen.core.events.parts import ChainStep
from liuhen.core.facts.agency_model import AgencyFacts
from liuhen.core.facts.model import CaseFacts
from liuhen.core.kernel.errors import BadInput
from liuhen.core.rules.conditions import Truth
from liuhen.flows.access import Permission, require_head, roles_with
from liuhen.flows.actors import people_of
from liuhen.flows.ground import agency_facts
from liuhen.flows.occasion import Occasion
from liuhen.flows.office import office
from liuhen.flows.writing import write_agency
from liuhen.records.ledger.append import hold
from liuhen.records.ledger.turn import turn

LONGEST_MATTER = 30


def chains_of(agency: AgencyFacts) -> Mapping[str, Chain]:
    """Give the chains in force by matter: those that come with Liuhen in their order, then what the agency added."""
    return {**office().chains.chains, **agency.chains}


def is_usual(matter: str, case: CaseFacts) -> bool:
    """Say whether cases of this kind and start usually have a matter, for a page that folds the others away."""
    return office().chains.is_for(matter, case.kind, "依申请" if case.on_application else "依职权")


@dataclass(frozen=True, slots=True)
class Wanted:
    """A step that a clause demands of a matter and its chain does not have, or has without what is demanded of it."""

    clause: str
    step: str
    reasons: bool


def missing_steps(agency: AgencyFacts, matter: str, chain: Chain, day: date) -> tuple[Wanted, ...]:
    """Give what the agency's packs demand of approvals of a matter and its chain leaves out, for whoever sets it."""
    have = {step.name: step for step in chain if not step.optional}
    found: list[Wanted] = []
    for name in agency.packs:
        for rule in office().shelf.named(name, day).pack.rules:
            if not all(test.attribute != "matter" or test.on(matter) is Truth.TRUE for test in rule.when.tests):
                continue
            for asked in rule.approval:
                step = have.get(asked.step)
                if step is None or (asked.reasons and not step.reasons):
                    found.append(Wanted(rule.clauses[0], asked.step, asked.reasons and step is not None))
    return tuple(found)


def set_chain(occasion: Occasion, *, matter: str, steps: Sequence[ChainStep]) -> None:
    """Set the chain of a matter for rounds opened from now on; setting what stands already records nothing.

    Raises NotAllowed, and BadInput with a sentence for each fault.
    """
    require_head(occasion.actor)
    chain, matter = tuple(steps), matter.strip()
    if not 0 < len(matter) <= LONGEST_MATTER:
        raise BadInput("matter", f"事项名称应为 1 至 {LONGEST_MATTER} 个字")
    faults = [*chain_faults(chain), *_unwalkable(chain, occasion.actor.agency)]
    if faults:
        raise BadInput("steps", "；".join(dict.fromkeys(faults)))
    with turn():
        hold(occasion.actor.agency)
        if chains_of(agency_facts(occasion.actor.agency).agency).get(matter) != chain:
            write_agency(occasion, ApprovalChainSet(matter, chain))


def _unwalkable(chain: Chain, agency: str) -> Iterator[str]:
    people = people_of(agency)
    for step in chain:
        carried = roles_with(_NEEDED.get(step.name) or _NEEDED_BY_WAY[step.way])
        for role in step.by:
            if role not in carried:
                yield f"“{role}”不能办理“{step.name}”；可以办理的角色有{'、'.join(carried)}"
        for uid in step.persons:
            person = people.get(uid)
            if person is None:
                yield f"“{step.name}”的人员中有人已不在本机关；请重选"
            elif not person.roles & set(carried):
                yield f"{person.name}（{'、'.join(sorted(person.roles))}）不能参加“{step.name}”"


# Whose role a step needs: the proposal is the handler's, the consent the head's or his deputy's, a review the legal unit's.
_NEEDED = {PROPOSAL: Permission.INVESTIGATE, CONSENT: Permission.APPROVE}
_NEEDED_BY_WAY = {"opinion": Permission.VIEW, "review": Permission.REVIEW, "discussion": Permission.VIEW}
