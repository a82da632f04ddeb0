"""再次确认身份: an opinion is signed by whoever sits there, so after some minutes they prove it again.

Invariant: whoever has a second factor proves it by a code of it, others by the password; what is wrong signs nothing, counts as a
failed sign-in, and locks or slows the account as it does there.
"""

from datetime import datetime, timedelta
from typing import Literal

from django.contrib.auth import authenticate
from django.http import HttpRequest

from liuhen.core.approvals.proofs import BY_BOTH, BY_PASSWORD
from liuhen.core.facts.agency_model import AgencyFacts
from liuhen.core.kernel.errors import BadInput
from liuhen.core.kernel.moments import SHANGHAI
from liuhen.flows.second_factor import check_code, has_factor
from liuhen.flows.signing_proof import asks_for_both
from liuhen.records.people.models import User

FRESH = timedelta(minutes=15)
# When this session last showed a code of the second factor.
FACTOR_SHOWN = "second_factor_shown"
# How somebody proves who they are; empty where they did a moment ago.
Proof = Literal["", "password", "code"]
_KEY = "confirmed_at"


def proof_due(request: HttpRequest, at: datetime) -> Proof:
    """Say by what the person must prove again who they are: it is too long since they signed in, or did so here."""
    user = _user(request)
    if has_factor(user):
        return "" if _is_fresh(request, FACTOR_SHOWN, at) else "code"
    signed_in = user.last_login
    if signed_in is not None and timedelta(0) <= at - signed_in.astimezone(SHANGHAI) <= FRESH:
        return ""
    return "" if _is_fresh(request, _KEY, at) else "password"


def confirm(request: HttpRequest, password: str, at: datetime) -> None:
    """Take the password again. Raises BadInput for a wrong one."""
    user = _user(request)
    found = authenticate(request, username=user.get_username(), password=password)
    if found is None or found.pk != user.pk:
        raise BadInput("password", "口令不对，没有保存；连续五次错误，该账号将暂停登录三十分钟")
    request.session[_KEY] = at.isoformat()


def confirm_by_code(request: HttpRequest, code: str, at: datetime) -> None:
    """Take a code of the second factor. Raises BadInput for one that is wrong, used, or too soon."""
    try:
        check_code(_user(request), code)
    except BadInput as fault:
        raise BadInput("code", f"动态口令{fault.sentence}；没有保存") from None
    request.session[FACTOR_SHOWN] = at.isoformat()


def could_sign(request: HttpRequest, agency: AgencyFacts) -> bool:
    """Say whether the person has what the agency asks of signers, or nothing more is asked."""
    return not asks_for_both(agency) or has_factor(_user(request))


def assurance_of(request: HttpRequest, at: datetime) -> str:
    """Say by what whoever signs now has proved who they are, in the words that the record keeps."""
    return BY_BOTH if has_factor(_user(request)) and _is_fresh(request, FACTOR_SHOWN, at) else BY_PASSWORD


def _is_fresh(request: HttpRequest, key: str, at: datetime) -> bool:
    said = request.session.get(key)
    return isinstance(said, str) and timedelta(0) <= at - datetime.fromisoformat(said) <= FRESH


def _user(request: HttpRequest) -> User:
    assert isinstance(request.user, User)  # the door let in nobody else
    return request.user
