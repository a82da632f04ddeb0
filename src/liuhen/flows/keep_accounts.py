"""账号: people join an agency with their roles, get a password, lose it, leave.

Invariant: roles that 三员分立 keeps apart never meet in one account; a password is made here, told once and kept nowhere; who
enforces joins the roll of the agency with the same uid under which the ledger knows them; an account that acted is closed, not
deleted, so that its events keep their person.
"""

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.contrib.auth.validators import UnicodeUsernameValidator
from django.core.exceptions import ValidationError

from liuhen.core.events.agency import AccountChange, AccountChanged
from liuhen.core.kernel.errors import BadInput, LiuhenError
from liuhen.flows.access import ROLES, NotFound, Permission, require, require_separate
from liuhen.flows.actors import grant
from liuhen.flows.establish_agency import enrol_officer
from liuhen.flows.ground import agency_facts
from liuhen.flows.occasion import Occasion
from liuhen.flows.open_case import require_established
from liuhen.flows.second_factor import has_factor, owners_of_factors, reset_factor
from liuhen.flows.writing import write_agency
from liuhen.records.ledger.append import hold
from liuhen.records.ledger.turn import turn
from liuhen.records.people.models import User

# No letter that is taken for another when it is read out or copied by hand.
_SIGNS = "abcdefghjkmnpqrstuvwxyz23456789"
_GROUPS = 4
_MOST_LISTED = 1000


class AccountTaken(LiuhenError):
    """There is an account of that name."""


class OwnAccount(LiuhenError):
    """Nobody closes the account or changes the roles by which they do it."""


@dataclass(frozen=True, slots=True)
class NewPerson:
    """Somebody who joins. `title` is what they are called at work; the certificate is that of enforcement, with its days."""

    username: str
    name: str
    roles: tuple[str, ...]
    title: str = ""
    certificate: str | None = None
    valid_from: date | None = None
    valid_until: date | None = None


@dataclass(frozen=True, slots=True)
class Account:
    """An account as it stands."""

    username: str
    name: str
    roles: tuple[str, ...]
    open: bool
    bound: bool
    own: bool


def add_account(occasion: Occasion, person: NewPerson) -> str:
    """Make an account of the actor's agency, enter the person on its roll, and give the password, which is told only now.

    Raises NotAllowed, AgencyUnknown, AccountTaken, RolesClash, and BadInput naming what is wrong.
    """
    require(occasion.actor, Permission.MANAGE_AGENCY)
    require_established(agency_facts(occasion.actor.agency).agency)
    roles = _roles(person.roles)
    _require_sound(person)
    password = new_password()
    with turn():
        hold(occasion.actor.agency)
        if User.objects.filter(username=person.username).exists():
            raise AccountTaken(f"账号“{person.username}”已经有人使用；请换一个")
        user = User(username=person.username, display_name=person.name, agency=occasion.actor.agency)
        user.set_password(password)
        user.save()
        grant(user, roles)
        write_agency(occasion, AccountChanged(user.actor, person.name, "新建", roles))
        enrol_officer(
            occasion,
            officer=user.actor,
            name=person.name,
            title=person.title or "、".join(roles),
            certificate=person.certificate,
            valid_from=person.valid_from,
            valid_until=person.valid_until,
        )
    return password


def renew_password(occasion: Occasion, username: str) -> str:
    """Give an account a new password, told only now. Raises NotAllowed, NotFound."""
    password = new_password()
    with turn():
        hold(occasion.actor.agency)
        user = _account(occasion, username)
        user.set_password(password)
        user.save()
        _tell(occasion, user, "换口令")
    return password


def change_roles(occasion: Occasion, username: str, roles: Sequence[str]) -> None:
    """Give an account other roles. Raises NotAllowed, NotFound, OwnAccount, RolesClash, BadInput."""
    wanted = _roles(roles)
    with turn():
        hold(occasion.actor.agency)
        user = _others_account(occasion, username)
        if set(wanted) != {group.name for group in user.groups.all()}:
            grant(user, wanted)
            _tell(occasion, user, "改角色", wanted)


def set_open(occasion: Occasion, username: str, opened: bool) -> None:
    """Close an account, or open it again; sessions of a closed one end at their next request.

    Raises NotAllowed, NotFound, OwnAccount.
    """
    with turn():
        hold(occasion.actor.agency)
        user = _others_account(occasion, username)
        if user.is_active is not opened:
            user.is_active = opened
            user.save(update_fields=["is_active"])
            _tell(occasion, user, "启用" if opened else "停用")


def free_of_factor(occasion: Occasion, username: str) -> bool:
    """Take the second factor of an account away whose telephone was lost; False where it had none.

    Raises NotAllowed, NotFound.
    """
    with turn():
        hold(occasion.actor.agency)
        user = _account(occasion, username)
        removed = reset_factor(user)
        if removed:
            _tell(occasion, user, "解除动态口令")
    return removed


def _tell(occasion: Occasion, user: User, change: AccountChange, roles: tuple[str, ...] = ()) -> None:
    write_agency(occasion, AccountChanged(user.actor, user.display_name or user.username, change, roles))


def _others_account(occasion: Occasion, username: str) -> User:
    user = _account(occasion, username)
    if user.actor == occasion.actor.uid:
        raise OwnAccount("不能停用自己的账号，也不能改自己的角色；请由另一位系统管理员办理")
    return user


def accounts_of(occasion: Occasion) -> tuple[Account, ...]:
    """List the accounts of the actor's agency by name. Raises NotAllowed."""
    require(occasion.actor, Permission.MANAGE_AGENCY)
    users = User.objects.filter(agency=occasion.actor.agency).prefetch_related("groups").order_by("username")
    bound = owners_of_factors(occasion.actor.agency)
    return tuple(_say(user, user.actor in bound, occasion) for user in users[:_MOST_LISTED])


def account_of(occasion: Occasion, username: str) -> Account:
    """Give one account of the actor's agency. Raises NotAllowed, NotFound."""
    user = _account(occasion, username)
    return _say(user, has_factor(user), occasion)


def new_password() -> str:
    """Make a password that can be read out: four groups of four signs, 79 bits."""
    return "-".join("".join(secrets.choice(_SIGNS) for _ in range(4)) for _ in range(_GROUPS))


def _account(occasion: Occasion, username: str) -> User:
    require(occasion.actor, Permission.MANAGE_AGENCY)
    user = User.objects.filter(username=username, agency=occasion.actor.agency).first()
    if user is None:
        raise NotFound("账号")
    return user


def _roles(said: Iterable[str]) -> tuple[str, ...]:
    roles = tuple(dict.fromkeys(said))
    if strange := next((role for role in roles if role not in ROLES), None):
        raise BadInput("role", f"没有“{strange}”这个角色；角色有{'、'.join(ROLES)}")
    if not roles:
        raise BadInput("role", f"请至少给一个角色：{'、'.join(ROLES)}")
    require_separate(frozenset(roles))
    return roles


def _require_sound(person: NewPerson) -> None:
    try:
        UnicodeUsernameValidator()(person.username)
    except ValidationError:
        raise BadInput("username", "账号只用字母、数字和 @ . + - _；请换一个") from None
    if not person.name.strip() or not person.name.isprintable():
        raise BadInput("name", "请写明姓名")
    if (person.valid_from is None) != (person.valid_until is None):
        raise BadInput("certificate", "执法证的起止日期应当都写，或者都不写")
    if person.valid_from and person.valid_until and person.valid_from > person.valid_until:
        raise BadInput("certificate", "执法证的起始日期晚于截止日期；请核对")
    if person.valid_from and not person.certificate:
        raise BadInput("certificate", "写了起止日期，没有写执法证号；请补上")


def _say(user: User, bound: bool, occasion: Occasion) -> Account:
    roles = tuple(sorted(group.name for group in user.groups.all()))
    own = user.actor == occasion.actor.uid
    return Account(user.username, user.display_name or user.username, roles, user.is_active, bound, own)
