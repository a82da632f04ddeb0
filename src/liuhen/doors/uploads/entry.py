"""The way in for uploads: a person's session with its CSRF token, or a program's bearer token.

Invariant: this is the only place of this door where the clock is read and where a request becomes somebody.
"""

from datetime import datetime

from django.http import HttpRequest
from ninja.utils import check_csrf

from liuhen.core.kernel.errors import LiuhenError
from liuhen.core.kernel.moments import SHANGHAI
from liuhen.flows.actors import actor_of
from liuhen.flows.occasion import Actor, Occasion
from liuhen.flows.resumable.announcement import Entrance
from liuhen.flows.tokens import actor_of_token
from liuhen.records.people.models import User


class Unknown(LiuhenError):
    """Nobody is signed in, and no living token was sent."""


class CsrfMissing(LiuhenError):
    """A session asked for a change without its CSRF token."""


def now() -> datetime:
    """Read the clock."""
    return datetime.now(SHANGHAI)


def occasion_of(actor: Actor) -> Occasion:
    """Give the occasion of what somebody does now."""
    at = now()
    return Occasion(actor, at, at)


def enter(request: HttpRequest) -> tuple[Actor, Entrance]:
    """Give who asks and by which entrance. Raises Unknown, CsrfMissing."""
    kind, _, token = request.headers.get("Authorization", "").partition(" ")
    if kind:
        actor = actor_of_token(token.strip(), at=now()) if kind.lower() == "bearer" else None
        if actor is None:
            raise Unknown("接口令牌无效或者已经撤销；请核对后重试")
        return actor, "接口"
    user = request.user
    if not isinstance(user, User):
        raise Unknown("登录已经失效；请重新登录，之后从断点续传")
    if request.method not in ("GET", "HEAD") and check_csrf(request) is not None:
        raise CsrfMissing("请求没有带上有效的 CSRF 令牌；请刷新页面，之后从断点续传")
    return actor_of(user), "网页"
