"""The way in: from a request to an occasion (who acts, and now), and from a refusal to a page that says what to do.

Invariant: this is the only place of the web where the clock is read and where a session becomes an actor.
"""

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.cache import never_cache

from liuhen.core.kernel.errors import BadInput, LiuhenError
from liuhen.core.kernel.moments import SHANGHAI
from liuhen.flows.access import NotAllowed, NotFound
from liuhen.flows.actors import actor_of
from liuhen.flows.occasion import Occasion
from liuhen.records.ledger.errors import StreamMoved
from liuhen.records.people.models import User

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, Occasion, P], HttpResponseBase]

# The one table from refusals to answers; the sentences come from the refusals themselves.
_ANSWERS: tuple[tuple[type[LiuhenError], int, str], ...] = (
    (NotFound, 404, "没有找到"),
    (NotAllowed, 403, "没有权限"),
    (BadInput, 400, "请求无效"),
    (StreamMoved, 409, "已有新的记录"),
    (LiuhenError, 409, "不能办理"),
)


def now() -> datetime:
    """Read the clock."""
    return datetime.now(SHANGHAI)


def admitted(view: View[P]) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
    """Let a signed-in person in, with the occasion; send everybody else to sign in."""

    @never_cache
    @wraps(view)
    def enter(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        user = request.user
        if not isinstance(user, User):
            return _to_sign_in(request)
        at = now()
        return view(request, Occasion(actor_of(user), at, at), *args, **kwargs)

    return enter


def _to_sign_in(request: HttpRequest) -> HttpResponseBase:
    if wants_fragment(request):
        # A fragment must not be filled with the sign-in page: the whole page goes there.
        return HttpResponse(status=401, headers={"HX-Refresh": "true"})
    return redirect_to_login(request.get_full_path())


def wants_fragment(request: HttpRequest) -> bool:
    """Say whether htmx asks for a piece of a page; the same address gives the whole page to everybody else."""
    htmx: Any = getattr(request, "htmx", None)
    return bool(htmx) and not htmx.history_restore_request


class Refusals:
    """The middleware that turns the refusals of flows into pages with their status."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self._get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponseBase | None:
        """Answer a refusal; anything else is a fault of ours and goes on to the 500 page and the log."""
        if not isinstance(exception, LiuhenError):
            return None
        status, title = next((status, title) for kind, status, title in _ANSWERS if isinstance(exception, kind))
        return refuse(request, status, title, str(exception))


def refuse(request: HttpRequest, status: int, title: str, sentence: str) -> HttpResponse:
    """Show what was refused and why, as a page or as the panel of one."""
    page = "refusals/panel.html" if wants_fragment(request) else "refusals/page.html"
    return render(request, page, {"title": title, "sentence": sentence}, status=status)
