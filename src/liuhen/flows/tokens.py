"""接口令牌: a program acts as a person by a token that is shown once; its roles are those the person holds now.

Invariant: only the SHA-256 of a token is kept, and a revoked token, or one of a closed account, opens nothing.
"""

import hashlib
import secrets
from datetime import datetime, timedelta

from liuhen.core.kernel.errors import LiuhenError
from liuhen.flows.occasion import Actor
from liuhen.records.people.models import ApiToken, User

_PREFIX = "liuhen_"
# Every request says when a token was last used, but a write for each would make readers wait for writers.
_USE_NOTED_EVERY = timedelta(minutes=10)
_LABEL_LENGTH = 64
_ACTOR = ("user__actor", "user__display_name", "user__username", "user__agency")


class AccountUnknown(LiuhenError):
    """There is no such account, or it is closed."""


class TokenUnknown(LiuhenError):
    """The account has no living token of this label."""


class LabelTaken(LiuhenError):
    """The account has a living token of this label."""


def issue_token(username: str, *, label: str, at: datetime) -> str:
    """Make a token for an account and give its text, which nobody can read again. Raises AccountUnknown, LabelTaken."""
    user = _account(username)
    if not 0 < len(label.strip()) <= _LABEL_LENGTH:
        raise LabelTaken(f"令牌名称应为 1 至 {_LABEL_LENGTH} 个字；请写明由哪台设备或哪个程序使用")
    if ApiToken.objects.filter(user=user, label=label, revoked_at=None).exists():
        raise LabelTaken(f"{username} 已有名为“{label}”的令牌；请换一个名称，或先撤销原令牌")
    text = _PREFIX + secrets.token_urlsafe(32)
    ApiToken.objects.create(user=user, label=label, digest=_digest(text), created_at=at)
    return text


def revoke_token(username: str, *, label: str, at: datetime) -> None:
    """Close a token for ever. Raises AccountUnknown, TokenUnknown."""
    closed = ApiToken.objects.filter(user=_account(username), label=label, revoked_at=None).update(revoked_at=at)
    if not closed:
        raise TokenUnknown(f"{username} 没有名为“{label}”的有效令牌；请核对名称")


def actor_of_token(text: str, *, at: datetime) -> Actor | None:
    """Give who acts by a token, or None when it opens nothing."""
    living = ApiToken.objects.filter(digest=_digest(text), revoked_at=None, user__is_active=True)
    # One row for each role: everything that a request needs to know in one query.
    rows = list(living.values_list("pk", "last_used_at", *_ACTOR, "user__groups__name", named=True))
    if not rows:
        return None
    row = rows[0]
    if row.last_used_at is None or at - row.last_used_at >= _USE_NOTED_EVERY:
        ApiToken.objects.filter(pk=row.pk).update(last_used_at=at)
    roles = frozenset(one.user__groups__name for one in rows if one.user__groups__name)
    return Actor(row.user__actor, row.user__display_name or row.user__username, row.user__agency, roles)


def _account(username: str) -> User:
    user = User.objects.filter(username=username, is_active=True).first()
    if user is None:
        raise AccountUnknown(f"没有名为 {username} 的有效账号；请核对用户名")
    return user


def _digest(text: str) -> str:
    # A token has 256 random bits: there is nothing to guess, so one fast digest is enough.
    return hashlib.sha256(text.encode("utf-8", "surrogateescape")).hexdigest()
