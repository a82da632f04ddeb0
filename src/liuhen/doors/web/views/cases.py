"""案件列表, and the case page with its panel."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from liuhen.doors.web.cards.before import before_page
from liuhen.doors.web.cards.case import case_page
from liuhen.doors.web.cards.compliance import find_verdict, finding, statement
from liuhen.doors.web.cards.detail import PARTS
from liuhen.doors.web.cards.handling import answering
from liuhen.doors.web.cards.lists import case_list
from liuhen.doors.web.entry import admitted, wants_fragment
from liuhen.flows.access import NotFound
from liuhen.flows.occasion import Actor, Occasion
from liuhen.flows.prepare_act import prepare_act
from liuhen.flows.read_case import CaseReading, read_case
from liuhen.flows.reading import STAGES, CaseQuery, end_of_day, list_cases


@admitted
def show_cases(request: HttpRequest, occasion: Occasion) -> HttpResponse:
    """Show a page of the case list."""
    asked = request.GET
    stages = tuple(stage for stage in asked.getlist("stage") if stage in STAGES)
    words, only = asked.get("q", "").strip()[:100], asked.get("only", "")
    query = CaseQuery(
        words=words,
        stages=stages,
        sort="due" if asked.get("sort") == "due" else "registered",
        due_by=end_of_day(occasion.at) if only == "today" else None,
        unmet=only == "unmet",
        cursor=asked.get("cursor", ""),
    )
    page = list_cases(occasion.actor, query)
    card = case_list(page, words=words, asked=stages, sort=asked.get("sort", ""), only=only, now=occasion.at)
    template = "cases/list_rows.html" if wants_fragment(request) else "cases/list.html"
    return render(request, template, {"list": card, "place": "cases"})


@admitted
def show_case(request: HttpRequest, occasion: Occasion, uid: str) -> HttpResponse:
    """Show the case page; the panel at the right holds the compliance statement."""
    reading = read_case(occasion.actor, uid, at=occasion.at)
    if wants_fragment(request):
        return render(request, "cases/panel_statement.html", {"statement": statement(reading)})
    return render(request, "cases/case.html", {"case": case_page(reading, occasion.actor), "place": "cases"})


@admitted
def show_part(request: HttpRequest, occasion: Occasion, uid: str, kind: str, key: str) -> HttpResponse:
    """Show one thing of a case in the panel, or the whole page with the panel open for those who come by address."""
    reading = read_case(occasion.actor, uid, at=occasion.at)
    template, card = _part(reading, occasion.actor, kind, key)
    if wants_fragment(request):
        return render(request, template, card)
    return render(
        request,
        "cases/case.html",
        card | {"case": case_page(reading, occasion.actor), "panel": template, "place": "cases"},
    )


@admitted
def show_before(request: HttpRequest, occasion: Occasion, uid: str) -> HttpResponse:
    """Show what an act of a kind will need, before anybody leaves the office."""
    reading = read_case(occasion.actor, uid, at=occasion.at)
    traits = tuple(request.GET.getlist("trait")[:_MOST_TRAITS])
    asked = prepare_act(reading, act=request.GET.get("act", ""), traits=traits)
    return render(
        request, "preparing/before.html", {"before": before_page(reading, occasion.actor, asked), "place": "cases"}
    )


# More than any pack knows; what comes from an address is never taken without a limit.
_MOST_TRAITS = 50


def _part(reading: CaseReading, actor: Actor, kind: str, key: str) -> tuple[str, dict[str, Any]]:
    if kind == "findings":
        verdict = find_verdict(reading, key)
        if verdict is None:
            raise NotFound("合规事项")
        card = {"finding": finding(reading, verdict), "answering": answering(reading, actor, verdict)}
        return "cases/panel_finding.html", card | {"uid": reading.uid}
    detail = PARTS[kind](reading, key)
    if detail is None:
        raise NotFound("内容")
    return "cases/panel_detail.html", {"detail": detail, "uid": reading.uid}
