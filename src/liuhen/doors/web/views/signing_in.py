"""登录, 退出, and what is said when too many wrong passwords were tried."""

from django.contrib.auth.views import LoginView, LogoutView
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from liuhen.doors.web.forms import SignInForm
from liuhen.flows.demonstration_accounts import PASSWORD, demonstration_accounts


class SignIn(LoginView):
    """The sign-in page; demonstration accounts are shown only where the data folder holds the demonstration."""

    template_name = "signing_in/sign_in.html"
    authentication_form = SignInForm
    redirect_authenticated_user = True
    next_page = "desk"

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        return super().get_context_data(accounts=demonstration_accounts(), password=PASSWORD, place="sign-in", **kwargs)


class SignOut(LogoutView):
    """The way out; by POST only."""

    next_page = "sign-in"


def locked_out(request: HttpRequest, credentials: dict[str, object], *args: object, **kwargs: object) -> HttpResponse:
    """Say in Chinese that the account rests for half an hour (django-axes calls this)."""
    return render(request, "signing_in/locked.html", status=429)
