"""审批: a round is opened on the chain of its matter, and each step is taken by whom the chain, the law and the case allow.

Invariant: an opinion is bound to the document as it was read, and is given once: whoever comes second, or twice, is told what
stands. A review and a discussion are recorded by events of their own and linked to the round, never said a second time.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from liuhen.core.approvals.chain import PROPOSAL, pin, pinned_faults
from liuhen.core.approvals.round import Result, Round, Said, State, since_return, standing
from liuhen.core.approvals.taking import Barred, Refusal, Taker, refusal_of
from liuhen.core.events.approvals import ApprovalRequested, ApprovalWithdrawn
from liuhen.core.events.case import ApprovalGiven, DiscussionHeld, LegalReviewGiven
from liuhen.core.events.parts import ChainStep, Participant
from liuhen.core.facts.model import Facts
from liuhen.core.kernel.errors import BadInput, LiuhenError
from liuhen.core.kernel.moments import local_day
from liuhen.flows.access import NotAllowed, NotFound, Permission, case_for, is_head
from liuhen.flows.actors import roles_of
from liuhen.flows.approval_chains import chains_of
from liuhen.flows.ground import ground_of
from liuhen.flows.hear_and_decide import require_uninvolved
from liuhen.flows.occasion import Actor, Occasion
from liuhen.flows.record_batch import CaseArchived
from liuhen.flows.recused import barred_in, require_not_recused
from liuhen.flows.signing_proof import require_proof
from liuhen.flows.writing import write_case
from liuhen.records.ledger.append import hold
from liuhen.records.ledger.turn import turn

LONGEST_TEXT = 2000


class RoundOpen(LiuhenError):
    """A round on the same matter is under way."""


class RoundOver(LiuhenError):
    """The round is over and cannot be withdrawn."""


class NotYours(LiuhenError):
    """The step is not this person's to take, or not now: the refusal says why."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.sentence)
        self.code = refusal.code


class SeenAnother(LiuhenError):
    """The document is no longer the one that was read."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """What is put forward: the matter, the handler's opinion and reasons, the document or act it is about.

    `kept` names the optional steps that this round has, `persons` the members of its discussions.
    """

    matter: str
    opinion: str
    reasons: str
    document: str | None = None
    act: str | None = None
    kept: frozenset[str] = frozenset()
    persons: Mapping[str, tuple[str, ...]] | None = None
    assurance: str | None = None


@dataclass(frozen=True, slots=True)
class Word:
    """What somebody says at a step. `seen` is the digest of the document as it was read, `behalf` a delegation,
    `assurance` by what the person proved who they are.

    `returned_to` names an earlier step for 退回; `document` is what a proposer puts forward anew.
    """

    step: str
    result: Result
    opinion: str
    reasons: str = ""
    returned_to: str | None = None
    document: str | None = None
    seen: str | None = None
    behalf: str | None = None
    assurance: str | None = None


def request_approval(case_uid: str, occasion: Occasion, request: str, said: Proposal) -> None:
    """提请审批: open a round with the handler's opinion; sent twice under one id it stands once.

    Raises NotAllowed, NotFound, CaseArchived, Recused, ProofMissing, RoundOpen, NotYours, BadInput.
    """
    case_for(occasion.actor, case_uid, Permission.INVESTIGATE)
    _require_text("opinion", said.opinion, "意见")
    _require_text("reasons", said.reasons, "理由")
    with turn():
        hold(occasion.actor.agency)
        facts = _facts(case_uid, occasion)
        if request in facts.case.rounds:
            return
        require_not_recused(facts.case, (occasion.actor.uid,), occasion.at)
        require_proof(facts.agency, said.assurance)
        opened = _opened(facts, occasion, request, said)
        given = ApprovalGiven(
            matter=said.matter,
            step=PROPOSAL,
            officer=occasion.actor.uid,
            name=occasion.actor.name,
            opinion=said.opinion.strip(),
            result="同意",
            reasons=said.reasons.strip(),
            signed_on=local_day(occasion.at),
            document=said.document,
            act=said.act,
            request=request,
            file_sha256=opened.file_sha256,
            assurance=said.assurance,
        )
        write_case(case_uid, occasion, opened, given, after=facts.case.version)


def _opened(facts: Facts, occasion: Occasion, request: str, said: Proposal) -> ApprovalRequested:
    chain = chains_of(facts.agency).get(said.matter)
    if chain is None:
        raise BadInput("matter", f"没有“{said.matter}”的审批流程；请从列表中选择，或者请机关负责人设定")
    if said.act is not None and said.act not in facts.case.acts:
        raise BadInput("act", "本案没有这项执法活动；请刷新页面后重选")
    for one in facts.case.rounds.values():
        if (one.matter, one.act) == (said.matter, said.act) and standing(one).is_open:
            raise RoundOpen(f"“{said.matter}”已由{one.name}提请审批，尚未办结；请在原审批中办理")
    pinned = pin(chain, kept=said.kept, persons=said.persons or {})
    for fault in pinned_faults(pinned, occasion.actor.uid):
        raise BadInput("persons", fault)
    round_ = Round(request, said.matter, occasion.actor.uid, "", "", pinned, occasion.at)
    _require_may(round_, taker_of(facts, occasion, None), PROPOSAL, Barred())
    return ApprovalRequested(
        request=request,
        matter=said.matter,
        proposer=occasion.actor.uid,
        name=occasion.actor.name,
        reasons=said.reasons.strip(),
        chain=pinned,
        document=said.document,
        file_sha256=file_of(facts, said.document),
        act=said.act,
    )


def take_step(case_uid: str, occasion: Occasion, request: str, said: Word) -> None:
    """签署意见: take the step that is next, in person or by a delegation.

    Raises NotAllowed, NotFound, CaseArchived, NotYours, ProofMissing, SeenAnother, ReviewerInvestigated, BadInput.
    """
    case_for(occasion.actor, case_uid)
    _require_text("opinion", said.opinion, "意见")
    with turn():
        hold(occasion.actor.agency)
        facts = _facts(case_uid, occasion)
        round_ = facts.case.rounds.get(request)
        if round_ is None:
            raise NotFound("审批")
        taker = taker_of(facts, occasion, said.behalf)
        barred = barred_in(facts.case, round_, occasion.at)
        _require_may(round_, taker, said.step, barred)
        require_proof(facts.agency, said.assurance)
        state = standing(round_)
        step = state.next
        assert step is not None  # a round that is over refused above
        _require_seen(facts, round_, step, said)
        _require_sense(round_, state, step, said)
        if step.way == "review":
            require_uninvolved(facts, occasion.actor)
        content = _content(facts, occasion, round_, state, said)
        write_case(case_uid, occasion, content, after=facts.case.version)


def may_withdraw(actor: Actor, round_: Round) -> bool:
    """Say whether somebody may give a round up that is under way: its proposer, or a head where the proposer cannot."""
    return standing(round_).is_open and (actor.uid == round_.proposer or is_head(actor))


def withdraw_round(case_uid: str, occasion: Occasion, request: str, reason: str) -> None:
    """撤回审批: give a round up that nobody can or should finish; another can be opened then.

    Raises NotAllowed, NotFound, CaseArchived, RoundOver, BadInput.
    """
    case_for(occasion.actor, case_uid)
    _require_text("reason", reason, "撤回的原因")
    with turn():
        hold(occasion.actor.agency)
        facts = _facts(case_uid, occasion)
        round_ = facts.case.rounds.get(request)
        if round_ is None:
            raise NotFound("审批")
        if not standing(round_).is_open:
            raise RoundOver(f"“{round_.matter}”的这次审批已经办结（{standing(round_).word}），不能撤回")
        if not may_withdraw(occasion.actor, round_):
            raise NotAllowed(occasion.actor, Permission.SUPERVISE)
        content = ApprovalWithdrawn(request, occasion.actor.name, reason.strip())
        write_case(case_uid, occasion, content, after=facts.case.version)


def file_of(facts: Facts, document: str | None) -> str | None:
    """Give the digest of a document as it was made, which everything later begins with; None for no document.

    Raises BadInput for a document that the case does not have.
    """
    if document is None:
        return None
    found = facts.case.documents.get(document)
    if found is None or found.file is None:
        raise BadInput("document", "本案没有这份文书；请刷新页面后重选")
    return found.file.sha256


def _facts(case_uid: str, occasion: Occasion) -> Facts:
    facts = ground_of(case_uid, occasion.actor.agency).facts
    if facts.case.archived is not None:
        raise CaseArchived("案件已经归档，不能再提请审批或者签署意见；请与档案管理员联系")
    return facts


def taker_of(facts: Facts, occasion: Occasion, behalf: str | None) -> Taker:
    """Give who would act, in person or by a delegation of the agency. Raises NotFound for one that was never given."""
    actor, lent = occasion.actor, None
    if behalf is not None:
        lent = facts.agency.delegations.get(behalf)
        if lent is None:
            raise NotFound("委托")
    giver_roles = roles_of(lent.giver, actor.agency) if lent else frozenset[str]()
    return Taker(actor.uid, actor.name, actor.roles, local_day(occasion.at), lent, giver_roles)


def _require_may(round_: Round, taker: Taker, step: str, barred: Barred) -> None:
    refusal = refusal_of(round_, taker, step, barred)
    if refusal is not None:
        raise NotYours(refusal)


def _require_seen(facts: Facts, round_: Round, step: ChainStep, said: Word) -> None:
    if step.name == PROPOSAL:
        file_of(facts, said.document)
        return
    if round_.document is not None and said.seen != file_of(facts, round_.document):
        raise SeenAnother("页面上的文书与现在所报的不是同一份，没有保存；请刷新页面，看过文书后再签署意见")


def _require_sense(round_: Round, state: State, step: ChainStep, said: Word) -> None:
    if step.reasons:
        _require_text("reasons", said.reasons, "理由")
    if said.result not in results_of(step, state):
        raise BadInput("result", f"“{step.name}”不能选择“{said.result}”；请从列表中选择")
    earlier = [one.name for one in round_.chain[: state.place]]
    if said.result == "退回" and said.returned_to is not None and said.returned_to not in earlier:
        raise BadInput("returned_to", f"只能退回到已办理的环节：{'、'.join(earlier)}")


def results_of(step: ChainStep, state: State) -> tuple[Result, ...]:
    """Give what may be said at a step: a proposal proposes, a review passes or returns, one voice of many agrees or not."""
    if step.name == PROPOSAL:
        return ("同意",)
    if step.way == "review":
        return ("同意", "退回")
    if step.way == "discussion" and not state.concluding:
        return ("同意", "不同意")
    return ("同意", "不同意", "退回")


def _content(facts: Facts, occasion: Occasion, round_: Round, state: State, said: Word) -> Any:
    step, actor, opinion = state.next, occasion.actor, said.opinion.strip()
    assert step is not None  # as above
    sha256 = file_of(facts, round_.document)
    if step.way == "review":
        passed = said.result == "同意"
        return LegalReviewGiven(actor.uid, actor.name, opinion, passed, None, round_.uid, sha256)
    if state.concluding:
        return DiscussionHeld(_voices(round_, step), opinion, None, round_.uid, said.result, sha256)
    proposed = (said.document or round_.document) if step.name == PROPOSAL else round_.document
    return ApprovalGiven(
        matter=round_.matter,
        step=step.name,
        officer=actor.uid,
        name=actor.name,
        opinion=opinion,
        result=said.result,
        reasons=said.reasons.strip() or None,
        signed_on=local_day(occasion.at),
        document=proposed,
        act=round_.act,
        request=round_.uid,
        file_sha256=file_of(facts, proposed),
        on_behalf_of=said.behalf,
        returned_to=(said.returned_to or PROPOSAL) if said.result == "退回" else None,
        assurance=said.assurance,
    )


def _voices(round_: Round, step: ChainStep) -> tuple[Participant, ...]:
    """Give what each member of a discussion held, once each: the last word counts where a return asked again."""
    said: dict[str, Said] = {one.officer: one for one in since_return(round_) if one.step == step.name}
    return tuple(Participant(uid, said[uid].name, f"{said[uid].result}：{said[uid].opinion}") for uid in step.persons)


def _require_text(field: str, text: str, what: str) -> None:
    if not text.strip():
        raise BadInput(field, f"请写明{what}")
    if len(text) > LONGEST_TEXT:
        raise BadInput(field, f"{what}太长，请精简到 {LONGEST_TEXT} 字以内")
