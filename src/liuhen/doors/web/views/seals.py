"""印章: by which certificate and key the agency seals, for the person who keeps its data.

The files of a seal come to the server by hand, never through the browser: a key that was uploaded has been in too many places.
"""

from collections.abc import Callable, Mapping

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from liuhen.core.kernel.errors import BadInput, LiuhenError
from liuhen.doors.web.entry import admitted
from liuhen.doors.web.forms import field_at, text_field
from liuhen.flows.access import NotAllowed, Permission, require
from liuhen.flows.adopt_seal import adopt_seal, seal_desk, try_seal, withdraw_seal
from liuhen.flows.occasion import Occasion
from liuhen.flows.seal_keys import register_seal_key, retire_seal_key


class AdoptForm(forms.Form):
    """On what approval a seal is adopted."""

    basis = text_field("启用的依据", "请写明依据。", "如 印章启用审批表〔2026〕3 号")


class WithdrawForm(forms.Form):
    """Why a certificate is withdrawn."""

    reason = text_field("停用的原因", "请写明停用的原因。", "如 密码设备遗失")


class RetireForm(WithdrawForm):
    """Why a key is retired; the page says which."""

    key = forms.CharField(max_length=130, widget=forms.HiddenInput)


@admitted
@require_safe
def show_seals(request: HttpRequest, occasion: Occasion) -> HttpResponse:
    """Show how the seal stands."""
    return _page(request, occasion)


@admitted
@require_POST
def attempt(request: HttpRequest, occasion: Occasion) -> HttpResponse:
    """Seal a sample page and give it."""
    try:
        pdf = try_seal(occasion)
    except NotAllowed:
        raise
    except LiuhenError as fault:
        return _page(request, occasion, refusal=str(fault), status=409)
    answer = HttpResponse(pdf, content_type="application/pdf")
    answer["Content-Disposition"] = "attachment; filename*=UTF-8''%E8%AF%95%E7%9B%96.pdf"
    return answer


@admitted
@require_POST
def adopt(request: HttpRequest, occasion: Occasion) -> HttpResponse:
    """Adopt the seal that the file tells of."""
    return _do(
        request,
        occasion,
        "adopt",
        AdoptForm(request.POST, auto_id="adopt-%s"),
        lambda said: adopt_seal(occasion, **said),
    )


@admitted
@require_POST
def withdraw(request: HttpRequest, occasion: Occasion) -> HttpResponse:
    """Withdraw the certificate in force."""
    return _do(
        request,
        occasion,
        "withdraw",
        WithdrawForm(request.POST, auto_id="withdraw-%s"),
        lambda said: withdraw_seal(occasion, **said),
    )


@admitted
@require_POST
def register_key(request: HttpRequest, occasion: Occasion) -> HttpResponse:
    """Make and register an SM2 key."""
    return _do(request, occasion, "register", forms.Form(request.POST), lambda _: register_seal_key(occasion))


@admitted
@require_POST
def retire_key(request: HttpRequest, occasion: Occasion) -> HttpResponse:
    """Retire the SM2 key in force."""
    return _do(
        request,
        occasion,
        "retire",
        RetireForm(request.POST, auto_id="retire-%s"),
        lambda said: retire_seal_key(occasion, **said),
    )


def _do(
    request: HttpRequest, occasion: Occasion, name: str, form: forms.Form, act: Callable[[dict[str, str]], object]
) -> HttpResponse:
    require(occasion.actor, Permission.MANAGE_AGENCY)  # who may not is told so before any fault of the form
    if not form.is_valid():
        return _page(request, occasion, status=400, given={name: form})
    try:
        act(form.cleaned_data)
    except NotAllowed:
        raise
    except LiuhenError as fault:
        if not isinstance(fault, BadInput) or fault.place not in form.fields:
            return _page(request, occasion, refusal=str(fault), status=409, given={name: form})
        form.add_error(field_at(form, fault.place), fault.sentence)
        return _page(request, occasion, status=400, given={name: form})
    return redirect("seals")


def _page(
    request: HttpRequest,
    occasion: Occasion,
    *,
    status: int = 200,
    refusal: str = "",
    given: Mapping[str, forms.Form] | None = None,
) -> HttpResponse:
    desk = seal_desk(occasion)
    left = (desk.standing.valid_until - occasion.at).days if desk.standing and desk.standing.valid_until else None
    known = {
        "desk": desk,
        "days_left": left,
        "refusal": refusal,
        "adopt": AdoptForm(auto_id="adopt-%s"),
        "withdraw": WithdrawForm(auto_id="withdraw-%s"),
        "retire": RetireForm(initial={"key": desk.key.key if desk.key else ""}, auto_id="retire-%s"),
        **(given or {}),
        "place": "seals",
    }
    return render(request, "seals/seals.html", known, status=status)
