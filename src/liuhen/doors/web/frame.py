"""The frame around every page: who is signed in, for which agency, in which roles, and whether this is a demonstration."""

from dataclasses import dataclass

from django.http import HttpRequest

from liuhen.flows.access import Permission, has, may_any
from liuhen.flows.actors import actor_of
from liuhen.flows.keep_draft import WRITERS
from liuhen.flows.keep_log import is_demonstration
from liuhen.flows.reading import agency_name
from liuhen.records.people.models import User


@dataclass(frozen=True, slots=True)
class Frame:
    """What the head of a page says."""

    person: str
    roles: str
    agency: str
    sees_cases: bool
    sees_calendar: bool
    sees_register: bool
    sees_import: bool
    goes_on_site: bool
    writes: bool
    demonstration: bool
    approves: bool = False
    keeps_security: bool = False
    keeps_people: bool = False


def frame(request: HttpRequest) -> dict[str, Frame]:
    """Give the frame to every template."""
    user = getattr(request, "user", None)
    if not isinstance(user, User):
        return {"frame": Frame("", "", "", False, False, False, False, False, False, is_demonstration())}
    actor = actor_of(user)
    return {
        "frame": Frame(
            person=actor.name,
            roles="、".join(sorted(actor.roles)) or "没有角色",
            agency=agency_name(actor.agency),
            sees_cases=has(actor, Permission.VIEW),
            sees_calendar=has(actor, Permission.VIEW) or has(actor, Permission.MANAGE_AGENCY),
            sees_register=has(actor, Permission.VIEW) or has(actor, Permission.MANAGE_AGENCY),
            sees_import=has(actor, Permission.INGEST),
            goes_on_site=has(actor, Permission.INVESTIGATE),
            writes=may_any(actor, WRITERS),
            demonstration=is_demonstration(),
            approves=has(actor, Permission.APPROVE),
            keeps_security=has(actor, Permission.KEEP_SECURITY),
            keeps_people=has(actor, Permission.MANAGE_AGENCY),
        )
    }
