"""再次确认身份: an opinion is signed by whoever sits there, so after some minutes the password is asked for again.

Invariant: a wrong password signs nothing and counts as a failed sign-in, so guessing here locks the account as it does there.
There is no second factor yet: what stands in its place is the session, and the password again.
"""

from datetime import datetime, timedelta

from django.contrib.auth import authenticate
from django.http import HttpRequest

from liuhen.core.kernel.errors import BadInput
from liuhen.core.kernel.moments import SHANGHAI
from liuhen.records.people.models import User

FRESH = timedelta(minutes=15)
_KEY = "confirmed_at"


def needs_password(request: HttpRequest, at: datetime) -> bool:
    """Say whether the person proved who they are too long ago: by signing in, or here."""
    user = request.user
    assert isinstance(user, User)  # the door let in nobody else
    said = request.session.get(_KEY)
    moments = [datetime.fromisoformat(said)] if isinstance(said, str) else []
    if user.last_login is not None:
        moments.append(user.last_login)
    return not any(timedelta(0) <= at - moment.astimezone(SHANGHAI) <= FRESH for moment in moments)


def confirm(request: HttpRequest, password: str, at: datetime) -> None:
    """Take the password again. Raises BadInput for a wrong one."""
    user = request.user
    assert isinstance(user, User)  # as above
    found = authenticate(request, username=user.get_username(), password=password)
    if found is None or found.pk != user.pk:
        raise BadInput("password", "口令不对，没有保存；连续五次错误，该账号将暂停登录三十分钟")
    request.session[_KEY] = at.isoformat()
