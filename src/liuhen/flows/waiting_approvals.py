"""待我审批: the rounds over all cases whose next step is the reader's to take, oldest first, page by page.

Invariant: a round is listed for whoever may take its step by role, by name or by a delegation of today, and never for somebody
whose own it is; the flow that takes the step asks once more.
"""

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from django.db.models import Q

from liuhen.core.approvals.delegation import Delegation
from liuhen.core.kernel.moments import local_day
from liuhen.flows.access import Permission, require
from liuhen.flows.actors import roles_of
from liuhen.flows.ground import agency_facts
from liuhen.flows.indexing_approvals import bars
from liuhen.flows.list_place import ListPlace, parse_place
from liuhen.flows.occasion import Actor
from liuhen.records.index.models import ApprovalRow
from liuhen.records.ledger.read import version_of

PAGE = 30


@dataclass(frozen=True, slots=True)
class WaitingLine:
    """A round that waits for the reader; `behalf` names whose place they would take it in."""

    case_uid: str
    case_number: str
    party: str
    matter: str
    step: str
    request: str
    since: datetime
    behalf: str


@dataclass(frozen=True, slots=True)
class WaitingPage:
    """A page of them, how many there are in all, and the cursor to the next page."""

    lines: tuple[WaitingLine, ...]
    total: int
    next: str


def waiting_for(actor: Actor, *, at: datetime, cursor: str = "", limit: int = PAGE) -> WaitingPage:
    """Give what waits for somebody at an instant. Raises NotAllowed; BadInput for a cursor that nobody gave out."""
    require(actor, Permission.VIEW)
    lent = lent_to(actor, at)
    rows = ApprovalRow.objects.filter(agency=actor.agency).exclude(barred__contains=bars(actor.uid))
    rows = rows.filter(_mine(actor, lent))
    total = rows.count()
    if cursor:
        rows = rows.filter(parse_place(cursor, "请回到工作台重新打开").beyond("since"))
    found = list(rows.select_related("case").order_by("since", "pk")[: limit + 1])
    more, found = len(found) > limit, found[:limit]
    after = ListPlace(found[-1].since, found[-1].pk).render() if more else ""
    return WaitingPage(tuple(_line(row, actor, lent) for row in found), total, after)


Lent = tuple[tuple[Delegation, frozenset[str]], ...]


def lent_to(actor: Actor, at: datetime) -> Lent:
    """Give the delegations that somebody holds on a day, each with the roles of who gave it."""
    day = local_day(at)
    return tuple(
        (one, roles_of(one.giver, actor.agency))
        for one in _delegations(actor.agency, version_of(f"agency:{actor.agency}"))
        if one.holder == actor.uid and one.ended is None and one.first_day <= day <= one.last_day
    )


@lru_cache(maxsize=64)
def _delegations(agency: str, version: int) -> tuple[Delegation, ...]:
    return tuple(agency_facts(agency).agency.delegations.values())


def _mine(actor: Actor, lent: Lent) -> Q:
    found = _takes(actor.uid, actor.roles)
    for one, roles in lent:
        theirs = Q(lendable=True) & _takes(one.giver, roles) & ~Q(barred__contains=bars(one.giver))
        found |= theirs & Q(matter__in=one.matters) if one.matters else theirs
    return found


def _takes(person: str, roles: frozenset[str]) -> Q:
    found = Q(takers__contains=bars(f"person:{person}"))
    for role in sorted(roles):
        found |= Q(takers__contains=bars(f"role:{role}"))
    return found


def _line(row: ApprovalRow, actor: Actor, lent: Lent) -> WaitingLine:
    own = any(
        word in row.takers for word in [bars(f"person:{actor.uid}"), *(bars(f"role:{one}") for one in actor.roles)]
    )
    givers = [one.giver_name for one, roles in lent if any(bars(f"role:{role}") in row.takers for role in roles)]
    return WaitingLine(
        case_uid=row.case.uid,
        case_number=row.case.number or row.case.register_number,
        party=row.case.party,
        matter=row.matter,
        step=row.step,
        request=row.request,
        since=row.since,
        behalf="" if own or not givers else givers[0],
    )
