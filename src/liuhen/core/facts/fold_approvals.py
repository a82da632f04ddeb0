"""How events of 审批 beyond the bare opinion change facts: rounds and recusals of a case, chains and delegations of an agency."""

from liuhen.core.approvals.chain import PROPOSAL
from liuhen.core.approvals.delegation import Delegation
from liuhen.core.approvals.recusal import Recusal
from liuhen.core.approvals.round import Round, Said
from liuhen.core.events import approvals as happened
from liuhen.core.events.case import ApprovalGiven, DiscussionHeld, LegalReviewGiven
from liuhen.core.events.catalogue import Event
from liuhen.core.facts.model import Facts
from liuhen.core.facts.step import Step


def note_opinion(facts: Facts, event: Event, said: ApprovalGiven) -> None:
    """Enter an opinion into its round. Raises KeyError for a round that was never opened."""
    if said.request is None:
        return
    one = Said(
        step=said.step,
        officer=said.officer,
        name=said.name,
        result=said.result,
        opinion=said.opinion,
        at=event.header.at,
        event=event.id,
        reasons=said.reasons,
        returned_to=said.returned_to,
        on_behalf_of=said.on_behalf_of,
        document=said.document,
        file_sha256=said.file_sha256,
    )
    round_ = facts.case.rounds[said.request]
    if said.document is not None and said.step == PROPOSAL:
        round_.document = said.document
    _enter(round_, one)


def note_review(facts: Facts, event: Event, said: LegalReviewGiven) -> None:
    """Enter a legal review into its round: one that is not passed sends it back. Raises KeyError as above."""
    if said.request is None:
        return
    round_ = facts.case.rounds[said.request]
    step = next((step.name for step in round_.chain if step.way == "review"), "")
    one = Said(
        step=step,
        officer=said.reviewer,
        name=said.name,
        result="同意" if said.passed else "退回",
        opinion=said.opinion,
        at=event.header.at,
        event=event.id,
        file_sha256=said.file_sha256,
    )
    _enter(round_, one)


def note_discussion(facts: Facts, event: Event, said: DiscussionHeld) -> None:
    """Enter the conclusion of a discussion into its round. Raises KeyError as above."""
    if said.request is None:
        return
    round_ = facts.case.rounds[said.request]
    step = next((step.name for step in round_.chain if step.way == "discussion"), "")
    one = Said(
        step=step,
        officer=event.header.actor,
        name="、".join(person.name for person in said.participants),
        result=said.result or "同意",
        opinion=said.conclusion,
        at=event.header.at,
        event=event.id,
        file_sha256=said.file_sha256,
        concludes=True,
    )
    _enter(round_, one)


def _enter(round_: Round, said: Said) -> None:
    round_.said.append(said)
    round_.evidence.append(said.event)


def _requested(facts: Facts, event: Event, said: happened.ApprovalRequested) -> None:
    facts.case.rounds[said.request] = Round(
        uid=said.request,
        matter=said.matter,
        proposer=said.proposer,
        name=said.name,
        reasons=said.reasons,
        chain=said.chain,
        opened=event.header.at,
        document=said.document,
        act=said.act,
        evidence=[event.id],
    )


def _withdrawn(facts: Facts, event: Event, said: happened.ApprovalWithdrawn) -> None:
    round_ = facts.case.rounds[said.request]
    round_.withdrawn, round_.withdrawal = event.header.at, f"{said.name}：{said.reason}"
    round_.evidence.append(event.id)


def _recusal_raised(facts: Facts, event: Event, said: happened.RecusalRaised) -> None:
    facts.case.recusals[said.recusal] = Recusal(
        uid=said.recusal,
        person=said.person,
        name=said.name,
        raised_by=said.raised_by,
        ground=said.ground,
        raised=event.header.at,
        document=said.document,
        evidence=[event.id],
    )


def _recusal_decided(facts: Facts, event: Event, said: happened.RecusalDecided) -> None:
    recusal = facts.case.recusals[said.recusal]
    recusal.granted, recusal.decided, recusal.manner = said.granted, event.header.at, said.manner
    recusal.decided_by, recusal.reasons, recusal.participants = said.name, said.reasons, said.participants
    recusal.evidence.append(event.id)


def _chain_set(facts: Facts, event: Event, said: happened.ApprovalChainSet) -> None:
    facts.agency.chains[said.matter] = said.steps


def _delegated(facts: Facts, event: Event, said: happened.AuthorityDelegated) -> None:
    facts.agency.delegations[said.delegation] = Delegation(
        uid=said.delegation,
        giver=said.giver,
        giver_name=said.giver_name,
        holder=said.holder,
        holder_name=said.holder_name,
        first_day=said.first_day,
        last_day=said.last_day,
        matters=said.matters,
        ground=said.ground,
        given=event.header.at,
        evidence=[event.id],
    )


def _delegation_ended(facts: Facts, event: Event, said: happened.DelegationEnded) -> None:
    delegation = facts.agency.delegations[said.delegation]
    delegation.ended, delegation.end_reason = event.header.at, said.reason
    delegation.evidence.append(event.id)


def _signing_proof_set(facts: Facts, _: Event, said: happened.SigningProofSet) -> None:
    facts.agency.signing_proof, facts.agency.signing_proof_basis = said.proof, said.basis


STEPS: dict[str, Step] = {
    "agency.signing-proof-set": _signing_proof_set,
    "agency.approval-chain-set": _chain_set,
    "agency.authority-delegated": _delegated,
    "agency.delegation-ended": _delegation_ended,
    "case.approval-requested": _requested,
    "case.approval-withdrawn": _withdrawn,
    "case.recusal-raised": _recusal_raised,
    "case.recusal-decided": _recusal_decided,
}
