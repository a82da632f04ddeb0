"""What a person has before them on the page of a case's approvals: the reading, the people, and each form that is theirs.

Invariant: there is a form for a step exactly where the flow would take it from this person now.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.http import HttpRequest

from liuhen.core.approvals.chain import Chain
from liuhen.core.approvals.taking import refusal_of
from liuhen.doors.web.approval_forms import (
    Choices,
    Data,
    Offered,
    RecusalDecisionForm,
    RecusalForm,
    RequestForm,
    StepForm,
    WithdrawalForm,
)
from liuhen.doors.web.cards.approvals import asked_of, documents_of
from liuhen.doors.web.cards.choices import acts_to_pick, people_to_pick
from liuhen.doors.web.confirming import Proof, could_sign, proof_due
from liuhen.flows.access import NotFound, Permission, has, is_head, may_any
from liuhen.flows.actors import people_of
from liuhen.flows.approval_chains import chains_of
from liuhen.flows.approval_rounds import may_withdraw, taker_of
from liuhen.flows.occasion import Actor, Occasion
from liuhen.flows.read_case import CaseReading, read_case
from liuhen.flows.recuse import RAISERS, needs_collective
from liuhen.flows.recused import barred_in
from liuhen.flows.signing_proof import NOT_PROVED
from liuhen.flows.waiting_approvals import Lent, lent_to


@dataclass(frozen=True, slots=True)
class Desk:
    """One person, one case, now; `matter` is what they are about to put forward, `act` what it would be about."""

    reading: CaseReading
    occasion: Occasion
    people: Mapping[str, Actor]
    chains: Mapping[str, Chain]
    lent: Lent
    asks: Proof
    could_sign: bool
    matter: str
    act: str

    @property
    def names(self) -> dict[str, str]:
        """The names of people by their ids, of those who left too."""
        roll = {uid: officer.name for uid, officer in self.reading.facts.agency.officers.items()}
        return roll | {uid: actor.name for uid, actor in self.people.items()}

    @property
    def may_raise(self) -> bool:
        """Whether the person may raise a recusal here."""
        return self._going_on and may_any(self.occasion.actor, RAISERS)

    @property
    def _signing(self) -> bool:
        return self._going_on and self.could_sign

    @property
    def _going_on(self) -> bool:
        return self.reading.facts.case.archived is None

    def request_form(self, data: Data = None) -> RequestForm | None:
        """Give the form to put the matter forward, None where there is none or it is not this person's."""
        chain, actor = self.chains.get(self.matter), self.occasion.actor
        if chain is None or not self._signing or not has(actor, Permission.INVESTIGATE):
            return None
        acts = acts_to_pick(self.reading.facts.case.acts.values())
        members = [one for one in self._handlers() if one[0] != actor.uid]
        offered = Offered(documents_of(self.reading.facts), acts, members)
        form = RequestForm(chain, offered, data)
        form.sign_as(actor.name, self.asks)
        if self.act and "act" in form.fields:
            form.fields["act"].initial = self.act
        return form

    def step_form(self, uid: str, data: Data = None) -> StepForm | None:
        """Give the form of the step that is next in a round, None where it is not this person's. Raises NotFound."""
        round_ = self.reading.facts.case.rounds.get(uid)
        if round_ is None:
            raise NotFound("审批")
        asked = asked_of(self.reading, self.occasion, round_, self.lent) if self._signing else None
        if asked is None:
            return None
        form = StepForm(uid, asked, data)
        form.sign_as(self.occasion.actor.name, self.asks)
        return form

    def step_forms(self) -> Iterator[tuple[str, StepForm]]:
        """Give the forms of all steps that are this person's, by round."""
        for uid in self.reading.facts.case.rounds:
            form = self.step_form(uid)
            if form is not None:
                yield uid, form

    def refused(self, uid: str, step: str) -> str:
        """Say why a step of a round is not this person's to take now."""
        round_ = self.reading.facts.case.rounds[uid]
        if not self._going_on:
            return "案件已经归档，不能再签署意见；请与档案管理员联系"
        if not self.could_sign:
            return NOT_PROVED
        barred = barred_in(self.reading.facts.case, round_, self.occasion.at)
        refusal = refusal_of(round_, taker_of(self.reading.facts, self.occasion, None), step, barred)
        return refusal.sentence if refusal else "页面已有变化，没有保存；请核对后重新签署"

    def withdrawal_forms(self) -> Iterator[tuple[str, WithdrawalForm]]:
        """Give the forms to give up the rounds that this person may, by round."""
        for uid, one in self.reading.facts.case.rounds.items():
            if self._going_on and may_withdraw(self.occasion.actor, one):
                yield uid, WithdrawalForm(uid)

    def recusal_form(self, data: Data = None) -> RecusalForm:
        """Give the form to raise a recusal."""
        return RecusalForm(self._handlers(), data)

    def decision_form(self, uid: str, data: Data = None) -> RecusalDecisionForm:
        """Give the form to decide on a recusal. Raises NotFound."""
        raised = self.reading.facts.case.recusals.get(uid)
        if raised is None:
            raise NotFound("回避")
        together = needs_collective(raised, self.occasion.actor.agency)
        members = [one for one in self._handlers() if one[0] != raised.person]
        return RecusalDecisionForm(uid, members, together, data)

    def decision_forms(self) -> Iterator[tuple[str, RecusalDecisionForm]]:
        """Give the forms of all recusals that wait for this person's decision."""
        actor = self.occasion.actor
        if not self._going_on or not is_head(actor):
            return
        for uid, one in self.reading.facts.case.recusals.items():
            if one.granted is None and one.person != actor.uid:
                yield uid, self.decision_form(uid)

    def _handlers(self) -> Choices:
        """Give those who work on cases, with their roles."""
        return people_to_pick(one for one in self.people.values() if may_any(one, RAISERS))


def desk_of(request: HttpRequest, occasion: Occasion, uid: str) -> Desk:
    """Read a case for the page of its approvals. Raises NotAllowed, NotFound."""
    reading = read_case(occasion.actor, uid, at=occasion.at)
    return Desk(
        reading=reading,
        occasion=occasion,
        people=people_of(occasion.actor.agency),
        chains=chains_of(reading.facts.agency),
        lent=lent_to(occasion.actor, occasion.at),
        asks=proof_due(request, occasion.at),
        could_sign=could_sign(request, reading.facts.agency),
        matter=request.GET.get("matter", ""),
        act=request.GET.get("act", ""),
    )
