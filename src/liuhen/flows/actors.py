"""From an account to an actor: the one place where a signed-in person becomes somebody who may do things."""

from liuhen.flows.occasion import Actor
from liuhen.records.people.models import User


def actor_of(user: User) -> Actor:
    """Give the actor behind an account, with the roles it holds now."""
    roles = frozenset(user.groups.values_list("name", flat=True))
    return Actor(user.actor, user.display_name or user.username, user.agency, roles)
