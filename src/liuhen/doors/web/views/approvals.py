"""审批 of a case: rounds put forward and walked step by step, 立案 once it was agreed to, and recusals.

Invariant: what is refused leaves the page as it stands by now, with the sentence on top and what was typed kept.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import cast

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from liuhen.core.approvals.round import Result
from liuhen.core.events.parts import Participant
from liuhen.core.kernel.errors import BadInput, LiuhenError
from liuhen.doors.web.approval_desk import Desk, desk_of
from liuhen.doors.web.approval_forms import WithdrawalForm
from liuhen.doors.web.cards.approvals import Typed, approvals_page
from liuhen.doors.web.confirming import assurance_of, confirm, confirm_by_code
from liuhen.doors.web.entry import admitted
from liuhen.flows.access import NotAllowed, NotFound, Permission, require, require_any, require_head
from liuhen.flows.approval_rounds import Proposal, Word, request_approval, take_step, withdraw_round
from liuhen.flows.occasion import Occasion
from liuhen.flows.open_case import file_case
from liuhen.flows.recuse import RAISERS, decide_recusal, raise_recusal


@dataclass(frozen=True, slots=True)
class _Sent:
    """The form that came in, and whose it is: of a step by its round, of a decision by its recusal, or of its kind."""

    kind: str
    key: str
    form: forms.Form


@admitted
@require_safe
def show_approvals(request: HttpRequest, occasion: Occasion, uid: str) -> HttpResponse:
    """Show the rounds of a case; `matter` in the address opens the form to put it forward."""
    return _page(request, desk_of(request, occasion, uid))


@admitted
@require_POST
def request_round(request: HttpRequest, occasion: Occasion, uid: str) -> HttpResponseBase:
    """提请审批."""
    require(occasion.actor, Permission.INVESTIGATE)
    desk = desk_of(request, occasion, uid)
    form = desk.request_form(request.POST)
    if form is None:
        raise NotFound("审批事项")
    sent = _Sent("request", "", form)
    if not form.is_valid():
        return _page(request, desk, sent, status=400)
    said = form.cleaned_data
    proposal = Proposal(
        matter=desk.matter,
        opinion=said["opinion"],
        reasons=said["reasons"],
        document=said["document"] or None,
        act=said.get("act") or None,
        kept=form.kept,
        persons=form.persons,
    )

    def act() -> None:
        request_approval(uid, occasion, said["id"], replace(proposal, assurance=assurance_of(request, occasion.at)))

    return _do(request, desk, sent, act, f"r-{said['id']}")


@admitted
@require_POST
def take(request: HttpRequest, occasion: Occasion, uid: str, round_uid: str) -> HttpResponseBase:
    """签署意见."""
    desk = desk_of(request, occasion, uid)
    form = desk.step_form(round_uid, request.POST)
    if form is None:
        # The step went on meanwhile, or was never this person's: nothing is recorded without a signature that was asked for.
        return _page(request, desk, sentence=desk.refused(round_uid, request.POST.get("step", "")), status=409)
    sent = _Sent("step", round_uid, form)
    if not form.is_valid():
        return _page(request, desk, sent, status=400)
    said = form.cleaned_data
    word = Word(
        step=said["step"],
        result=cast(Result, said.get("result") or "同意"),
        opinion=said["opinion"],
        reasons=said.get("reasons", ""),
        returned_to=said.get("returned_to") or None,
        document=said.get("document") or None,
        seen=said["seen"] or None,
        behalf=said.get("behalf") or None,
    )

    def act() -> None:
        take_step(uid, occasion, round_uid, replace(word, assurance=assurance_of(request, occasion.at)))

    return _do(request, desk, sent, act, f"r-{round_uid}")


@admitted
@require_POST
def withdraw(request: HttpRequest, occasion: Occasion, uid: str, round_uid: str) -> HttpResponseBase:
    """撤回审批."""
    desk = desk_of(request, occasion, uid)
    form = WithdrawalForm(round_uid, request.POST)
    sent = _Sent("withdrawal", round_uid, form)
    if round_uid not in desk.reading.facts.case.rounds:
        raise NotFound("审批")
    if not form.is_valid():
        return _page(request, desk, sent, status=400)
    reason = form.cleaned_data["reason"]
    return _do(request, desk, sent, lambda: withdraw_round(uid, occasion, round_uid, reason), f"r-{round_uid}")


@admitted
@require_POST
def file(request: HttpRequest, occasion: Occasion, uid: str) -> HttpResponseBase:
    """立案并取号, once it was agreed to."""
    require(occasion.actor, Permission.INVESTIGATE)
    desk = desk_of(request, occasion, uid)
    return _do(request, desk, None, lambda: file_case(uid, occasion), "")


@admitted
@require_POST
def raise_one(request: HttpRequest, occasion: Occasion, uid: str) -> HttpResponseBase:
    """提出回避."""
    require_any(occasion.actor, RAISERS)
    desk = desk_of(request, occasion, uid)
    form = desk.recusal_form(request.POST)
    sent = _Sent("recusal", "", form)
    if not form.is_valid():
        return _page(request, desk, sent, status=400)
    said = form.cleaned_data
    more = {"person": said["person"], "raised_by": said["raised_by"], "ground": said["ground"]}
    return _do(request, desk, sent, lambda: raise_recusal(uid, occasion, recusal=said["id"], **more), "recusals")


@admitted
@require_POST
def decide_one(request: HttpRequest, occasion: Occasion, uid: str, recusal: str) -> HttpResponseBase:
    """决定回避."""
    require_head(occasion.actor)
    desk = desk_of(request, occasion, uid)
    form = desk.decision_form(recusal, request.POST)
    sent = _Sent("decision", recusal, form)
    if not form.is_valid():
        return _page(request, desk, sent, status=400)
    granted, reasons = form.cleaned_data["granted"] == "是", form.cleaned_data["reasons"]
    voices = tuple(Participant(*voice) for voice in form.voices)

    def act() -> None:
        decide_recusal(uid, occasion, recusal=recusal, granted=granted, reasons=reasons, participants=voices)

    return _do(request, desk, sent, act, "recusals")


def _do(
    request: HttpRequest, desk: Desk, sent: _Sent | None, act: Callable[[], object], anchor: str
) -> HttpResponseBase:
    """Do one thing and come back to the page; what was refused is said on the page as it stands by now."""
    uid, occasion = desk.reading.uid, desk.occasion
    try:
        if sent and "password" in sent.form.fields:
            confirm(request, sent.form.cleaned_data["password"], occasion.at)
        if sent and "code" in sent.form.fields:
            confirm_by_code(request, sent.form.cleaned_data["code"], occasion.at)
        act()
    except (NotAllowed, NotFound):
        raise
    except BadInput as fault:
        if sent is None:
            return _page(request, desk_of(request, occasion, uid), sentence=fault.sentence, status=400)
        sent.form.add_error(fault.place if fault.place in sent.form.fields else None, fault.sentence)
        return _page(request, desk_of(request, occasion, uid), sent, status=400)
    except LiuhenError as fault:
        return _page(request, desk_of(request, occasion, uid), sentence=str(fault), status=409)
    return redirect(f"{reverse('approvals', args=[uid])}{'#' if anchor else ''}{anchor}")


def _page(
    request: HttpRequest, desk: Desk, sent: _Sent | None = None, *, sentence: str = "", status: int = 200
) -> HttpResponse:
    kind, key, form = (sent.kind, sent.key, sent.form) if sent else ("", "", None)
    steps: dict[str, forms.Form] = dict(desk.step_forms())
    decisions: dict[str, forms.Form] = dict(desk.decision_forms())
    if form is not None and kind == "step":
        steps[key] = form
    if form is not None and kind == "decision":
        decisions[key] = form
    withdrawals: dict[str, forms.Form] = dict(desk.withdrawal_forms())
    if form is not None and kind == "withdrawal" and key in withdrawals:
        withdrawals[key] = form
    typed = Typed(
        steps=steps,
        withdrawals=withdrawals,
        decisions=decisions,
        request=form if kind == "request" else desk.request_form(),
        recusal=form if kind == "recusal" else desk.recusal_form() if desk.may_raise else None,
    )
    page = approvals_page(desk.reading, desk.occasion, typed, desk.names, matter=desk.matter, matters=desk.chains)
    known = {"page": page, "sentence": sentence, "sent": kind, "could_sign": desk.could_sign, "place": "cases"}
    return render(request, "approvals/case.html", known, status=status)
