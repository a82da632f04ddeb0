"""登录, 退出, and what is said when too many wrong passwords were tried.

Invariant: an account with a second factor is signed in only after both; until then the session knows whose password was right,
for five minutes, and nobody is signed in.
"""

from datetime import datetime, timedelta

from django.contrib.auth import login
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import LoginView, LogoutView
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache

from liuhen.core.kernel.errors import LiuhenError
from liuhen.doors.web.confirming import FACTOR_SHOWN
from liuhen.doors.web.entry import now
from liuhen.doors.web.forms import CodeOfFactorForm, SignInForm
from liuhen.flows.demonstration_accounts import PASSWORD, demonstration_accounts
from liuhen.flows.second_factor import check_code, has_factor
from liuhen.records.people.models import User

_AWAITED = "awaits_second_factor"
_PATIENCE = timedelta(minutes=5)
_BACKEND = "django.contrib.auth.backends.ModelBackend"


class SignIn(LoginView):
    """The sign-in page; demonstration accounts are shown only where the data folder holds the demonstration."""

    template_name = "signing_in/sign_in.html"
    authentication_form = SignInForm
    redirect_authenticated_user = True
    next_page = "desk"

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        """Sign in, or ask for the second factor first."""
        user = form.get_user()
        if not (isinstance(user, User) and has_factor(user)):
            return super().form_valid(form)
        self.request.session.cycle_key()
        until = now() + _PATIENCE
        awaited = {"user": user.pk, "until": until.isoformat(), "next": self.get_success_url()}
        self.request.session[_AWAITED] = awaited
        return redirect("second-factor")

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        return super().get_context_data(accounts=demonstration_accounts(), password=PASSWORD, place="sign-in", **kwargs)


@never_cache
def show_second_factor(request: HttpRequest) -> HttpResponse:
    """Ask for the code of somebody whose password was right, and sign them in with it."""
    user, there = _awaited(request)
    if user is None:
        return redirect("sign-in")
    form = CodeOfFactorForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            check_code(user, form.cleaned_data["code"])
        except LiuhenError as fault:
            form.add_error("code", fault.sentence)
        else:
            del request.session[_AWAITED]
            login(request, user, backend=_BACKEND)
            request.session[FACTOR_SHOWN] = now().isoformat()
            return redirect(there)
    status = 400 if form.is_bound else 200
    return render(request, "signing_in/second_factor.html", {"form": form, "place": "sign-in"}, status=status)


def _awaited(request: HttpRequest) -> tuple[User | None, str]:
    said = request.session.get(_AWAITED)
    if not said or now() > datetime.fromisoformat(said["until"]):
        request.session.pop(_AWAITED, None)
        return None, ""
    return User.objects.filter(pk=said["user"], is_active=True).first(), str(said["next"])


class SignOut(LogoutView):
    """The way out; by POST only."""

    next_page = "sign-in"


def locked_out(request: HttpRequest, credentials: dict[str, object], *args: object, **kwargs: object) -> HttpResponse:
    """Say in Chinese that the account rests for half an hour (django-axes calls this)."""
    return render(request, "signing_in/locked.html", status=429)
