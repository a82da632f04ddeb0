"""安全: what the agency asks of whoever signs an opinion, for the person who keeps its security."""

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from liuhen.core.approvals.proofs import PROOFS
from liuhen.core.kernel.errors import BadInput
from liuhen.doors.web.entry import admitted
from liuhen.doors.web.forms import field_at, text_field
from liuhen.flows.access import Permission, require
from liuhen.flows.ground import agency_facts
from liuhen.flows.occasion import Occasion
from liuhen.flows.signing_proof import set_signing_proof, signers_of


class ProofForm(forms.Form):
    """What is asked of signers, and by whose word."""

    proof = forms.ChoiceField(
        label="签署审批意见时用",
        choices=[(word, word) for word in PROOFS],
        error_messages={"required": "请选择。", "invalid_choice": "请从列表中选择。"},
    )
    basis = text_field("依据", "请写明依据。", "如 局务会 2026 年第 8 次会议")


@admitted
@require_safe
def show_security(request: HttpRequest, occasion: Occasion) -> HttpResponse:
    """Show what is asked, and who could not sign by it."""
    return _page(request, occasion)


@admitted
@require_POST
def set_proof(request: HttpRequest, occasion: Occasion) -> HttpResponse:
    """Set what is asked from now on."""
    require(occasion.actor, Permission.KEEP_SECURITY)  # who may not is told so before any fault of the form
    form = ProofForm(request.POST)
    if form.is_valid():
        try:
            set_signing_proof(occasion, **form.cleaned_data)
        except BadInput as fault:
            form.add_error(field_at(form, fault.place), fault.sentence)
        else:
            return redirect("security")
    return _page(request, occasion, form)


def _page(request: HttpRequest, occasion: Occasion, form: ProofForm | None = None) -> HttpResponse:
    signers = signers_of(occasion)
    standing = agency_facts(occasion.actor.agency).agency
    known = {
        "form": form or ProofForm(initial={"proof": standing.signing_proof}),
        "standing": standing.signing_proof,
        "basis": standing.signing_proof_basis,
        "signers": signers,
        "unbound": sum(not one.bound for one in signers),
        "place": "security",
    }
    return render(request, "signing_in/security.html", known, status=400 if form is not None else 200)
