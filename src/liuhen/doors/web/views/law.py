"""规则: the packs, a pack clause by clause, one clause with its worked cases. The law is for everybody who signs in."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from liuhen.doors.web.cards.law import ANSWERS, STATUSES, clause_card, pack_card, pack_page
from liuhen.doors.web.entry import admitted, wants_fragment
from liuhen.flows.adapt_lists import may_read
from liuhen.flows.occasion import Occasion
from liuhen.flows.show_law import PackLine, list_packs, study_pack


@admitted
@require_safe
def show_packs(request: HttpRequest, occasion: Occasion) -> HttpResponse:
    """Show the packs, those of the agency first, and the way to its lists."""
    packs = [pack_card(line) for line in list_packs(occasion.actor)]
    return render(request, "law/packs.html", {"packs": packs, "lists": may_read(occasion.actor), "place": "law"})


@admitted
@require_safe
def show_pack(request: HttpRequest, occasion: Occasion, name: str) -> HttpResponse:
    """Show a pack clause by clause."""
    asked = request.GET
    answer, status = asked.get("answer", ""), asked.get("status", "")
    card = pack_page(
        study_pack(name),
        words=asked.get("q", "").strip()[:100],
        answer=answer if answer in ANSWERS else "",
        status=status if status in STATUSES else "",
    )
    template = "law/clauses.html" if wants_fragment(request) else "law/pack.html"
    return render(request, template, {"law": card, "place": "law"})


@admitted
@require_safe
def show_clause(request: HttpRequest, occasion: Occasion, name: str, clause: str) -> HttpResponse:
    """Show a clause with its worked cases in full."""
    reading = study_pack(name)
    found = reading.clause(f"{reading.pack.id}/{clause}")
    head = pack_card(PackLine(reading.name, reading.pack, False))
    card = clause_card(reading.name, found, events=True)
    return render(request, "law/clause.html", {"clause": card, "head": head, "place": "law"})
