"""工作台."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from liuhen.doors.web.cards.approval_rules import waiting_card
from liuhen.doors.web.cards.lists import desk
from liuhen.doors.web.entry import admitted
from liuhen.flows.access import Permission, has
from liuhen.flows.occasion import Occasion
from liuhen.flows.reading import workbench
from liuhen.flows.waiting_approvals import waiting_for

_MOST_WAITING = 6


@admitted
def show_desk(request: HttpRequest, occasion: Occasion) -> HttpResponse:
    """Show what waits for the person; an administrator, who has no cases, is told what there is instead."""
    if not has(occasion.actor, Permission.VIEW):
        return render(request, "desk/administrator.html")
    bench = workbench(occasion.actor, at=occasion.at)
    waiting = waiting_card(waiting_for(occasion.actor, at=occasion.at, limit=_MOST_WAITING))
    known = {"desk": desk(bench, occasion.at), "waiting": waiting, "place": "desk"}
    return render(request, "desk/desk.html", known)
