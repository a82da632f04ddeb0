"""动态口令: the second factor of an account, a code of six digits that a telephone shows for half a minute (RFC 6238).

Invariant: a code opens a door once; wrong ones make the next try wait twice as long; a factor counts only after its owner has
shown a first code of it, and is given up only with a code, or by whoever keeps the server.
"""

import base64
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote

from django.db import transaction
from django_otp.plugins.otp_totp.models import TOTPDevice

from liuhen.core.kernel.errors import BadInput, LiuhenError
from liuhen.core.kernel.moments import SHANGHAI
from liuhen.records.people.models import User

ISSUER = "留痕"
_PLACE = "动态口令"


class AlreadyBound(LiuhenError):
    """The account has a second factor."""


class NotBound(LiuhenError):
    """The account has no second factor, or none begun."""


class AccountUnknown(LiuhenError):
    """No such account."""


@dataclass(frozen=True, slots=True)
class Enrolment:
    """What a telephone needs: the secret for typing, and the address that a QR code holds (Key URI Format)."""

    secret: str
    address: str


def has_factor(user: User) -> bool:
    """Say whether an account has a second factor in use."""
    return bool(TOTPDevice.objects.filter(user=user, confirmed=True).exists())


def owners_of_factors(agency: str) -> frozenset[str]:
    """Give the actors of an agency whose accounts have a second factor in use."""
    found = TOTPDevice.objects.filter(user__agency=agency, confirmed=True)
    return frozenset(found.values_list("user__actor", flat=True))


def begin_factor(user: User) -> Enrolment:
    """Give the secret of a factor that is not in use yet; asked again, the same one. Raises AlreadyBound."""
    if has_factor(user):
        raise AlreadyBound("已经绑定动态口令；换手机的，请先用旧手机上的口令解除绑定")
    device, _ = TOTPDevice.objects.get_or_create(user=user, confirmed=False, defaults={"name": _PLACE})
    secret = base64.b32encode(device.bin_key).decode()
    label = quote(f"{ISSUER}:{user.get_username()}")
    return Enrolment(secret, f"otpauth://totp/{label}?secret={secret}&issuer={quote(ISSUER)}")


def confirm_factor(user: User, code: str) -> None:
    """Take a factor into use by a first code of it. Raises AlreadyBound, NotBound, BadInput."""
    if has_factor(user):
        raise AlreadyBound("已经绑定动态口令，不必再次绑定")
    _verify(user, code, confirmed=False)
    TOTPDevice.objects.filter(user=user, confirmed=False).update(confirmed=True)


def check_code(user: User, code: str) -> None:
    """Check a code of the factor in use. Raises NotBound, and BadInput for one that is wrong, used, or too soon."""
    _verify(user, code, confirmed=True)


def drop_factor(user: User, code: str) -> None:
    """Give a factor up, with a code of it. Raises NotBound, BadInput."""
    _verify(user, code, confirmed=True)
    TOTPDevice.objects.filter(user=user).delete()


def agency_of_account(username: str) -> str:
    """Give the agency of an account. Raises AccountUnknown."""
    user = User.objects.filter(username=username).first()
    if user is None:
        raise AccountUnknown(f"没有账号“{username}”；请核对后重试")
    return user.agency


def reset_factor(user: User) -> bool:
    """Take the factor of an account away; False where it had none."""
    removed, _ = TOTPDevice.objects.filter(user=user).delete()
    return bool(removed)


def _verify(user: User, code: str, *, confirmed: bool) -> None:
    digits = "".join(code.split())
    # The row is held, so that one code shown twice at once is taken once; a wrong one must be counted, so nothing is undone.
    with transaction.atomic():
        device = TOTPDevice.objects.select_for_update().filter(user=user, confirmed=confirmed).first()
        if device is None:
            raise NotBound("这个账号没有绑定动态口令；请在“我的账号”里绑定")
        allowed, why = device.verify_is_allowed()
        good = bool(allowed and len(digits) == device.digits and digits.isascii() and device.verify_token(digits))
        if allowed and not good and len(digits) != device.digits:
            device.throttle_increment(commit=True)
    if not allowed:
        raise BadInput(_PLACE, f"刚刚输错过，请在 {_until(why):%H:%M:%S} 以后再试")
    if not good:
        raise BadInput(_PLACE, "不对，或者已经用过；请等手机上换出下一个再输入，并核对手机的时间")


def _until(why: dict[str, object]) -> datetime:
    until = why["locked_until"]
    assert isinstance(until, datetime)
    return until.astimezone(SHANGHAI)
