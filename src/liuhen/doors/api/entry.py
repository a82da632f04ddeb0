"""The way in for programs: from a session or a token to an actor, and from a request to its occasion and its body.

Invariant: this is the only place of the API where the clock is read and where a request becomes somebody; a session counts
only with its CSRF token, so that no other site can act through a browser.
"""

import json
from datetime import datetime
from typing import Any

from django.http import HttpRequest
from ninja.parser import Parser
from ninja.security import APIKeyCookie, HttpBearer
from ninja.utils import check_csrf

from liuhen.core.kernel.errors import LiuhenError
from liuhen.core.kernel.moments import SHANGHAI
from liuhen.flows.actors import actor_of
from liuhen.flows.occasion import Actor, Occasion
from liuhen.flows.tokens import actor_of_token
from liuhen.records.people.models import User

LARGEST_BODY = 1 << 20
_DEEPEST = 16


class CsrfMissing(LiuhenError):
    """A session asked for a change without its CSRF token."""


class BodyTooLarge(LiuhenError):
    """The body is larger than an endpoint takes."""


class BodyUnreadable(LiuhenError):
    """The body is no JSON, or JSON of a shape that nobody sends in good faith."""


class LengthMissing(LiuhenError):
    """The request does not say how long its body is."""


class FormRefused(LiuhenError):
    """A file was sent inside a form."""


class Token(HttpBearer):
    """A bearer token of a person's account."""

    def authenticate(self, request: HttpRequest, token: str) -> Actor | None:
        """Give who acts by the token."""
        return actor_of_token(token, at=now())


class Session(APIKeyCookie):
    """The session of a signed-in person; every change needs the CSRF token in X-CSRFToken."""

    param_name = "sessionid"

    def __call__(self, request: HttpRequest) -> Actor | None:
        """Give who is signed in. Raises CsrfMissing."""
        user = request.user
        if not isinstance(user, User):
            return None
        if check_csrf(request) is not None:
            raise CsrfMissing("请求没有带上有效的 CSRF 令牌；请在 X-CSRFToken 头中带上，或者改用接口令牌")
        return actor_of(user)

    def authenticate(self, request: HttpRequest, key: str | None) -> Actor | None:
        """Unused: `__call__` decides."""
        return self(request)


def now() -> datetime:
    """Read the clock."""
    return datetime.now(SHANGHAI)


def occasion_of(request: HttpRequest) -> Occasion:
    """Give the occasion of an authorised request: its actor, now."""
    at = now()
    return Occasion(actor_by(request), at, at)


def actor_by(request: HttpRequest) -> Actor:
    """Give the actor that authorisation found."""
    actor: Actor = request.auth  # type: ignore[attr-defined]
    return actor


class StrictJson(Parser):
    """Reads JSON bodies: bounded in size and depth, in UTF-8, and never by the letter of some other program."""

    def parse_body(self, request: HttpRequest) -> Any:
        """Give the parsed body. Raises BodyTooLarge, BodyUnreadable; Django refuses still larger ones unread."""
        if len(request.body) > LARGEST_BODY:
            raise BodyTooLarge("请求正文超过 1 MiB；请分批发送")
        try:
            value = json.loads(request.body.decode("utf-8"), parse_constant=_refuse_constant)
        except (UnicodeDecodeError, ValueError, RecursionError):
            raise BodyUnreadable("请求正文不是 UTF-8 编码的 JSON；请核对后重发") from None
        _require_shallow(value)
        return value


def _refuse_constant(text: str) -> Any:
    raise ValueError(text)


def _require_shallow(value: Any) -> None:
    level = [value]
    for _ in range(_DEEPEST):
        level = [item for one in level if isinstance(one, (dict, list)) for item in _inside(one)]
        if not level:
            return
    raise BodyUnreadable(f"请求正文的嵌套超过 {_DEEPEST} 层；请按接口说明的结构发送")


def _inside(value: dict[str, Any] | list[Any]) -> list[Any]:
    return list(value.values()) if isinstance(value, dict) else value
