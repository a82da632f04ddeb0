"""签署身份确认: what an agency asks of whoever signs an opinion, set by the person who keeps its security.

Invariant: the demand is the agency's and stands in its log; the flow that takes an opinion holds it against what the signer proved,
so no door can forget to ask.
"""

from dataclasses import dataclass

from liuhen.core.approvals.proofs import BY_BOTH, PROOFS
from liuhen.core.events.approvals import SigningProofSet
from liuhen.core.facts.agency_model import AgencyFacts
from liuhen.core.kernel.errors import BadInput, LiuhenError
from liuhen.flows.access import Permission, has, require
from liuhen.flows.actors import people_of
from liuhen.flows.ground import agency_facts
from liuhen.flows.occasion import Occasion
from liuhen.flows.second_factor import owners_of_factors
from liuhen.flows.writing import write_agency
from liuhen.records.ledger.append import hold
from liuhen.records.ledger.turn import turn

_LONGEST = 200


NOT_PROVED = "本机关要求用口令和动态口令签署审批意见，没有保存；请先在“我的账号”绑定动态口令，再签署"


class ProofMissing(LiuhenError):
    """The agency asks for more than the signer proved."""


@dataclass(frozen=True, slots=True)
class SignerProof:
    """Somebody who works on cases, and whether they could sign by a second factor."""

    name: str
    roles: tuple[str, ...]
    bound: bool


def asks_for_both(agency: AgencyFacts) -> bool:
    """Say whether the agency takes an opinion only from whoever showed both factors."""
    return agency.signing_proof == BY_BOTH


def require_proof(agency: AgencyFacts, assurance: str | None) -> None:
    """Raise ProofMissing where the agency asks for both factors and the signer did not show them."""
    if asks_for_both(agency) and assurance != BY_BOTH:
        raise ProofMissing(NOT_PROVED)


def set_signing_proof(occasion: Occasion, *, proof: str, basis: str) -> None:
    """Set what is asked of signers from now on; setting what stands records nothing. Raises NotAllowed, BadInput."""
    require(occasion.actor, Permission.KEEP_SECURITY)
    if proof not in PROOFS:
        raise BadInput("proof", f"应为{'、'.join(PROOFS)}之一；请从列表中选择")
    if not 0 < len(basis.strip()) <= _LONGEST:
        raise BadInput("basis", f"请写明依据，不超过 {_LONGEST} 个字，如 局务会 2026 年第 8 次会议")
    with turn():
        hold(occasion.actor.agency)
        if agency_facts(occasion.actor.agency).agency.signing_proof != proof:
            write_agency(occasion, SigningProofSet(proof, basis.strip()))


def signers_of(occasion: Occasion) -> tuple[SignerProof, ...]:
    """List who works on cases, those without a second factor first. Raises NotAllowed."""
    require(occasion.actor, Permission.KEEP_SECURITY)
    agency = occasion.actor.agency
    bound = owners_of_factors(agency)
    people = [one for one in people_of(agency).values() if has(one, Permission.VIEW)]
    found = [SignerProof(one.name, tuple(sorted(one.roles)), one.uid in bound) for one in people]
    return tuple(sorted(found, key=lambda one: one.bound))
