"""人员账号: people join, get other roles or a new password, leave; for the person who keeps the agency's data.

Invariant: a password that was made is in one answer and nowhere else: that answer is not cached and not kept in the session.
"""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from liuhen.core.kernel.errors import BadInput, LiuhenError
from liuhen.doors.web.account_forms import PersonForm, RolesForm
from liuhen.doors.web.entry import admitted
from liuhen.doors.web.forms import field_at
from liuhen.flows.access import NotAllowed, NotFound, Permission, RolesClash, require
from liuhen.flows.keep_accounts import (
    NewPerson,
    account_of,
    accounts_of,
    add_account,
    change_roles,
    free_of_factor,
    renew_password,
    set_open,
)
from liuhen.flows.occasion import Occasion

# What the form and the flow call by different names.
_CALLED = {"role": "roles"}


@admitted
@require_safe
def show_accounts(request: HttpRequest, occasion: Occasion) -> HttpResponse:
    """List the accounts, with the form for one more."""
    return _list(request, occasion, PersonForm())


@admitted
@never_cache
@require_POST
def add(request: HttpRequest, occasion: Occasion) -> HttpResponse:
    """Make an account and tell its password, this once."""
    require(occasion.actor, Permission.MANAGE_AGENCY)  # who may not is told so before any fault of the form
    form = PersonForm(request.POST)
    if form.is_valid():
        said = form.cleaned_data
        person = NewPerson(**{**said, "roles": tuple(said["roles"]), "certificate": said["certificate"] or None})
        try:
            password = add_account(occasion, person)
        except NotAllowed:
            raise
        except BadInput as fault:
            form.add_error(field_at(form, fault.place, _CALLED), fault.sentence)
        except RolesClash as fault:
            form.add_error("roles", fault.sentence)
        except LiuhenError as fault:
            form.add_error("username", fault.sentence)
        else:
            return _told(request, occasion, person.username, password)
    return _list(request, occasion, form, status=400)


@admitted
@require_safe
def show_one(request: HttpRequest, occasion: Occasion, username: str) -> HttpResponse:
    """Show one account with what can be done to it."""
    return _one(request, occasion, username)


@admitted
@require_POST
def give_roles(request: HttpRequest, occasion: Occasion, username: str) -> HttpResponse:
    """Give an account other roles."""
    account_of(occasion, username)
    form = RolesForm(request.POST)
    if not form.is_valid():
        return _one(request, occasion, username, form=form, status=400)
    return _do(request, occasion, username, lambda: change_roles(occasion, username, form.cleaned_data["roles"]))


@admitted
@never_cache
@require_POST
def give_password(request: HttpRequest, occasion: Occasion, username: str) -> HttpResponse:
    """Give an account a new password and tell it, this once."""
    return _told(request, occasion, username, renew_password(occasion, username))


@admitted
@require_POST
def close(request: HttpRequest, occasion: Occasion, username: str) -> HttpResponse:
    """Close an account."""
    return _do(request, occasion, username, lambda: set_open(occasion, username, False))


@admitted
@require_POST
def reopen(request: HttpRequest, occasion: Occasion, username: str) -> HttpResponse:
    """Open an account again."""
    return _do(request, occasion, username, lambda: set_open(occasion, username, True))


@admitted
@require_POST
def free(request: HttpRequest, occasion: Occasion, username: str) -> HttpResponse:
    """Take the second factor of a lost telephone away."""
    return _do(request, occasion, username, lambda: free_of_factor(occasion, username))


def _do(request: HttpRequest, occasion: Occasion, username: str, act: Callable[[], object]) -> HttpResponse:
    try:
        act()
    except (NotAllowed, NotFound):
        raise
    except LiuhenError as fault:
        return _one(request, occasion, username, sentence=fault.sentence, status=409)
    return redirect("people-account", username)


def _told(request: HttpRequest, occasion: Occasion, username: str, password: str) -> HttpResponse:
    return _one(request, occasion, username, password=password)


def _one(
    request: HttpRequest,
    occasion: Occasion,
    username: str,
    *,
    form: RolesForm | None = None,
    status: int = 200,
    **more: Any,
) -> HttpResponse:
    account = account_of(occasion, username)
    known = {
        "account": account,
        "form": form or RolesForm(initial={"roles": list(account.roles)}),
        "place": "people",
        **more,
    }
    return render(request, "accounts/account.html", known, status=status)


def _list(request: HttpRequest, occasion: Occasion, form: PersonForm, status: int = 200) -> HttpResponse:
    known = {"accounts": accounts_of(occasion), "form": form, "place": "people"}
    return render(request, "accounts/accounts.html", known, status=status)
