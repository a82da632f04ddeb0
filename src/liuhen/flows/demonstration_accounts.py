"""The accounts of the worked demonstration: one password for all, printed where people sign in, and nowhere else.

Invariant: none is made and none is shown unless the data folder holds the demonstration; an installation that does real
work never has them.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from django.contrib.auth.hashers import make_password

from liuhen.core.kernel.errors import LiuhenError
from liuhen.flows.access import ROLES
from liuhen.flows.actors import grant
from liuhen.flows.keep_log import is_demonstration
from liuhen.flows.occasion import Actor
from liuhen.records.people.models import User

PASSWORD = "liuhen-demo"
_SHOWN = 20


class NoDemonstration(LiuhenError):
    """Demonstration accounts were asked for outside a demonstration."""


@dataclass(frozen=True, slots=True)
class DemonstrationAccount:
    """An account as the sign-in page offers it."""

    username: str
    name: str
    roles: str


def open_demonstration_accounts(actors: Iterable[Actor]) -> tuple[DemonstrationAccount, ...]:
    """Make an account for each actor, named by the last word of its uid; known ones stay. Raises NoDemonstration."""
    if not is_demonstration():
        raise NoDemonstration("数据目录不是演示环境，不能建立演示账号；请用 liuhen up --demo 另建演示环境")
    password = make_password(PASSWORD)
    for actor in actors:
        user, _ = User.objects.get_or_create(
            actor=actor.uid,
            defaults={
                "username": actor.uid.rsplit("-", 1)[-1],
                "display_name": actor.name,
                "agency": actor.agency,
                "password": password,
            },
        )
        grant(user, actor.roles)
    return demonstration_accounts()


def demonstration_accounts() -> tuple[DemonstrationAccount, ...]:
    """Give the accounts to offer, in the order of the roles; none outside a demonstration."""
    if not is_demonstration():
        return ()
    users = User.objects.prefetch_related("groups").order_by("pk")[:_SHOWN]
    found = [_account(user) for user in users]
    places = {role: place for place, role in enumerate(ROLES)}
    return tuple(sorted(found, key=lambda one: places.get(one.roles, len(places))))


def _account(user: User) -> DemonstrationAccount:
    roles = "、".join(sorted(group.name for group in user.groups.all()))
    return DemonstrationAccount(user.username, user.display_name, roles)
