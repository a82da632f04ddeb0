"""审批 of the agency: what waits for the reader, the chains that the head sets, authority delegated and taken back."""

from collections.abc import Callable, Mapping
from typing import Any

from django import forms
from django.forms import BaseFormSet, formset_factory
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from liuhen.core.approvals.chain import MOST_STEPS, Chain
from liuhen.core.facts.agency_model import AgencyFacts
from liuhen.core.kernel.errors import BadInput, LiuhenError
from liuhen.doors.web.approval_forms import SPARE_ROWS, DelegationForm, EndForm, StepRow
from liuhen.doors.web.cards.approval_rules import may_end_now, rules_page
from liuhen.doors.web.cards.choices import people_to_pick
from liuhen.doors.web.entry import admitted
from liuhen.doors.web.forms import text_field
from liuhen.flows.access import ROLES, NotAllowed, NotFound, Permission, has, may_any, require, require_head, roles_with
from liuhen.flows.actors import people_of
from liuhen.flows.approval_chains import LONGEST_MATTER, chains_of, set_chain
from liuhen.flows.delegate import delegate_authority, end_delegation
from liuhen.flows.ground import agency_facts
from liuhen.flows.occasion import Occasion
from liuhen.flows.waiting_approvals import waiting_for

_HANDLING = (Permission.INVESTIGATE, Permission.REVIEW, Permission.APPROVE)


class MatterForm(forms.Form):
    """The matter of a chain that does not exist yet."""

    matter = text_field(
        "事项", "请写明事项，如 行政处罚决定。", "与规则包的用语一致，规则才认得", longest=LONGEST_MATTER
    )


@admitted
@require_safe
def show_rules(request: HttpRequest, occasion: Occasion) -> HttpResponse:
    """Show what waits for the reader, the chains and the delegations."""
    return _page(request, occasion)


@admitted
@require_POST
def delegate(request: HttpRequest, occasion: Occasion) -> HttpResponseBase:
    """委托审批."""
    require(occasion.actor, Permission.APPROVE)
    form = _delegation_form(occasion, _agency(occasion), request.POST)
    if not form.is_valid():
        return _page(request, occasion, form=form, status=400)
    said = form.cleaned_data

    def act() -> None:
        delegate_authority(
            occasion,
            delegation=said["id"],
            holder=said["holder"],
            first_day=said["first_day"],
            last_day=said["last_day"],
            ground=said["ground"],
            matters=said["matters"],
        )

    return _do(request, occasion, form, act, lambda: _page(request, occasion, form=form, status=400))


@admitted
@require_POST
def end(request: HttpRequest, occasion: Occasion, delegation: str) -> HttpResponseBase:
    """终止委托."""
    require(occasion.actor, Permission.APPROVE)
    form = EndForm(request.POST, auto_id=f"{delegation[:8]}-%s")

    def again() -> HttpResponse:
        return _page(request, occasion, ends={delegation: form}, status=400)

    if not form.is_valid():
        return again()
    reason = form.cleaned_data["reason"]
    return _do(request, occasion, form, lambda: end_delegation(occasion, delegation=delegation, reason=reason), again)


@admitted
@require_http_methods(["GET", "HEAD", "POST"])
def edit_chain(request: HttpRequest, occasion: Occasion) -> HttpResponseBase:
    """Show and set the chain of a matter; without a matter in the address, of a new one."""
    require_head(occasion.actor)
    known, matter = chains_of(_agency(occasion)), request.GET.get("matter", "")
    if matter and matter not in known:
        raise NotFound("审批事项")
    data = request.POST if request.method == "POST" else None
    named = None if matter else MatterForm(data, auto_id="matter-%s")
    rows = _rows(occasion, known.get(matter) or next(iter(known.values())), data)
    if data is None or not rows.is_valid() or not (named is None or named.is_valid()):
        return _chain_page(request, matter, named, rows, 200 if data is None else 400)
    steps = [step for row in rows if (step := row.chain_step()) is not None]
    try:
        set_chain(occasion, matter=named.cleaned_data["matter"] if named else matter, steps=steps)
    except BadInput as fault:
        return _chain_page(request, matter, named, rows, 400, fault.sentence)
    return redirect(f"{reverse('approval-rules')}#chains")


def _rows(occasion: Occasion, chain: Chain, data: Any) -> "BaseFormSet[StepRow]":
    people = people_of(occasion.actor.agency)
    rows = formset_factory(StepRow, extra=0, min_num=0, max_num=MOST_STEPS, absolute_max=MOST_STEPS)
    initial: list[dict[str, Any]] = [
        {
            "name": step.name,
            "way": step.way,
            "optional": step.optional,
            "reasons": step.reasons,
            "by": step.by,
            "persons": step.persons,
        }
        for step in chain
    ]
    spare = min(SPARE_ROWS, MOST_STEPS - len(initial))
    initial[-1:-1] = [{"way": "opinion"} for _ in range(spare)]
    shared = {
        "roles": [(role, role) for role in ROLES if any(role in roles_with(one) for one in _HANDLING)],
        "people": [(uid, one.name) for uid, one in people.items() if may_any(one, _HANDLING)],
    }
    return rows(data, initial=initial, form_kwargs=shared, prefix="steps")


def _chain_page(
    request: HttpRequest,
    matter: str,
    named: MatterForm | None,
    rows: "BaseFormSet[StepRow]",
    status: int,
    sentence: str = "",
) -> HttpResponse:
    known = {"matter": matter, "named": named, "rows": rows, "sentence": sentence, "place": "approvals"}
    return render(request, "approvals/chain.html", known, status=status)


def _agency(occasion: Occasion) -> AgencyFacts:
    return agency_facts(occasion.actor.agency).agency


def _delegation_form(occasion: Occasion, agency: AgencyFacts, data: Any = None) -> DelegationForm:
    others = (one for one in people_of(occasion.actor.agency).values() if one.uid != occasion.actor.uid)
    holders = people_to_pick(one for one in others if has(one, Permission.VIEW))
    return DelegationForm(holders, list(chains_of(agency)), data)


def _do(
    request: HttpRequest,
    occasion: Occasion,
    form: forms.Form,
    act: Callable[[], None],
    again: Callable[[], HttpResponse],
) -> HttpResponseBase:
    try:
        act()
    except (NotAllowed, NotFound):
        raise
    except BadInput as fault:
        form.add_error(fault.place if fault.place in form.fields else None, fault.sentence)
        return again()
    except LiuhenError as fault:
        return _page(request, occasion, sentence=str(fault), status=409)
    return redirect(f"{reverse('approval-rules')}#delegations")


def _page(
    request: HttpRequest,
    occasion: Occasion,
    *,
    form: DelegationForm | None = None,
    ends: Mapping[str, forms.Form] | None = None,
    sentence: str = "",
    status: int = 200,
) -> HttpResponse:
    page = waiting_for(occasion.actor, at=occasion.at, cursor=request.GET.get("cursor", ""))
    agency = _agency(occasion)
    names = {uid: one.name for uid, one in people_of(occasion.actor.agency).items()}
    if form is None and has(occasion.actor, Permission.APPROVE):
        form = _delegation_form(occasion, agency)
    mine = {
        uid: EndForm(auto_id=f"{uid[:8]}-%s") for uid, one in agency.delegations.items() if may_end_now(one, occasion)
    }
    card = rules_page(agency, occasion, page, names, form, mine | dict(ends or {}))
    known = {"page": card, "sentence": sentence, "sent": form is not None and form.is_bound, "place": "approvals"}
    return render(request, "approvals/rules.html", known, status=status)
