"""我的账号: who one is here, and the password, and the second factor: bound with a telephone, given up with a code of it."""

import base64
from collections.abc import Callable

from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from liuhen.adapters.typeset.squares import draw_squares
from liuhen.core.kernel.errors import LiuhenError
from liuhen.doors.web.entry import admitted
from liuhen.doors.web.forms import CodeOfFactorForm, PasswordForm
from liuhen.flows.occasion import Occasion
from liuhen.flows.second_factor import begin_factor, confirm_factor, drop_factor, has_factor
from liuhen.records.people.models import User


@admitted
@require_safe
def show_account(request: HttpRequest, occasion: Occasion) -> HttpResponse:
    """Show the account of whoever is signed in."""
    return _page(request, occasion, CodeOfFactorForm())


@admitted
@require_POST
def bind(request: HttpRequest, occasion: Occasion) -> HttpResponse:
    """Take a factor into use, by a first code of it."""
    return _with_code(request, occasion, lambda code: confirm_factor(_user(request), code))


@admitted
@require_POST
def unbind(request: HttpRequest, occasion: Occasion) -> HttpResponse:
    """Give the factor up, by a code of it."""
    return _with_code(request, occasion, lambda code: drop_factor(_user(request), code))


@admitted
@require_POST
def change_password(request: HttpRequest, occasion: Occasion) -> HttpResponse:
    """Change the password; other sessions of the account end."""
    form = PasswordForm(_user(request), request.POST)
    if form.is_valid():
        update_session_auth_hash(request, form.save())
        return redirect("account")
    return _page(request, occasion, CodeOfFactorForm(), form)


def _with_code(request: HttpRequest, occasion: Occasion, act: Callable[[str], None]) -> HttpResponse:
    form = CodeOfFactorForm(request.POST)
    if form.is_valid():
        try:
            act(form.cleaned_data["code"])
        except LiuhenError as fault:
            form.add_error("code", fault.sentence)
        else:
            return redirect("account")
    return _page(request, occasion, form)


def _page(
    request: HttpRequest, occasion: Occasion, form: CodeOfFactorForm, password: PasswordForm | None = None
) -> HttpResponse:
    user = _user(request)
    known: dict[str, object] = {
        "form": form,
        "password": password or PasswordForm(user),
        "actor": occasion.actor,
        "account": user,
        "place": "account",
    }
    known["roles"] = sorted(occasion.actor.roles)
    known["bound"] = has_factor(user)
    if not known["bound"]:
        enrolment = begin_factor(user)
        known["secret"] = " ".join(enrolment.secret[n : n + 4] for n in range(0, len(enrolment.secret), 4))
        known["squares"] = base64.b64encode(draw_squares(enrolment.address)).decode()
    return render(request, "signing_in/account.html", known, status=400 if form.is_bound or password else 200)


def _user(request: HttpRequest) -> User:
    assert isinstance(request.user, User)  # `admitted` lets nobody else in
    return request.user
