"""From an account to an actor: the one place where a signed-in person becomes somebody who may do things."""

from collections.abc import Collection, Iterable, Mapping

from django.contrib.auth.models import Group

from liuhen.core.facts.agency_model import Officer
from liuhen.flows.access import require_separate
from liuhen.flows.occasion import Actor
from liuhen.records.people.models import User


def names_of(actors: Iterable[str]) -> dict[str, str]:
    """Give the names of the people behind actors, by actor; of those who have an account."""
    accounts = User.objects.filter(actor__in=set(actors)).values_list("actor", "display_name", "username")
    return {actor: name or username for actor, name, username in accounts}


def names_by_roll(officers: Mapping[str, Officer], actors: Collection[str]) -> dict[str, str]:
    """Name people by their agency's roll first, which is what travels in the package, then by their accounts."""
    roll = {uid: officers[uid].name for uid in actors if uid in officers}
    return roll | names_of(set(actors) - roll.keys())


def actor_of(user: User) -> Actor:
    """Give the actor behind an account, with the roles it holds now."""
    roles = frozenset(group.name for group in user.groups.all())  # by `all`, so that what was fetched ahead serves
    return Actor(user.actor, user.display_name or user.username, user.agency, roles)


def grant(user: User, roles: Collection[str]) -> None:
    """Give an account these roles and no other. Raises RolesClash for what one person cannot hold together."""
    require_separate(frozenset(roles))
    user.groups.set([Group.objects.get_or_create(name=role)[0] for role in sorted(roles)])


def people_of(agency: str) -> dict[str, Actor]:
    """Give those who can sign in for an agency, by actor and in the order of their accounts."""
    accounts = User.objects.filter(agency=agency, is_active=True).prefetch_related("groups").order_by("pk")
    return {user.actor: actor_of(user) for user in accounts}


def roles_of(actor: str, agency: str) -> frozenset[str]:
    """Give the roles that a person of an agency holds now; none for whoever can no longer sign in."""
    found = User.objects.filter(actor=actor, agency=agency, is_active=True)
    return frozenset(name for name in found.values_list("groups__name", flat=True) if name)
