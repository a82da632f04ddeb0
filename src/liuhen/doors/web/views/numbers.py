"""编号: what became of every number, numbers reserved and given back, and documents voided."""

import re
from urllib.parse import quote

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from liuhen.core.kernel.errors import BadInput, LiuhenError
from liuhen.doors.web.cards.case import case_header
from liuhen.doors.web.cards.numbers import numbers_card, reserve_form, series_card, year_url
from liuhen.doors.web.entry import admitted
from liuhen.doors.web.number_forms import ReasonForm, ReserveForm, return_form, void_form
from liuhen.flows.access import NotAllowed, NotFound, Permission, require, require_any
from liuhen.flows.ground import agency_facts
from liuhen.flows.occasion import Occasion
from liuhen.flows.read_case import read_case
from liuhen.flows.read_numbers import export_numbers, numbers_of, series_of, years_of
from liuhen.flows.reserved_numbers import RETURNERS, reserve_numbers, return_numbers
from liuhen.flows.sign_document import DocumentUnknown
from liuhen.flows.void_document import is_voidable, void_document

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@admitted
@require_safe
def show_numbers(request: HttpRequest, occasion: Occasion) -> HttpResponse:
    """Show the series of a year and the blocks that are out."""
    return _page(request, occasion)


def _page(
    request: HttpRequest,
    occasion: Occasion,
    *,
    reserving: ReserveForm | None = None,
    returning: dict[str, ReasonForm] | None = None,
    status: int = 200,
) -> HttpResponse:
    years = years_of(occasion.actor)
    asked = request.GET.get("year", "")
    year = int(asked) if re.fullmatch("[1-9][0-9]{3}", asked) else years[0] if years else occasion.at.year
    card = numbers_card(
        occasion.actor,
        agency_facts(occasion.actor.agency).agency,
        year,
        years,
        series_of(occasion.actor, year),
        reserving=reserving,
        returning=returning,
    )
    return render(request, "numbers/numbers.html", {"numbers": card, "place": "register"}, status=status)


@admitted
@require_safe
def show_series(request: HttpRequest, occasion: Occasion, character: str, year: int) -> HttpResponse:
    """Show a page of one series."""
    asked = request.GET.get("page", "1")
    page = int(asked) if re.fullmatch("[1-9][0-9]{0,5}", asked) else 1
    card = series_card(numbers_of(occasion.actor, character, year, page))
    return render(request, "numbers/series.html", {"series": card, "place": "register"})


@admitted
@require_safe
def export(request: HttpRequest, occasion: Occasion, character: str, year: int) -> HttpResponse:
    """Send a series as xlsx."""
    name, data = export_numbers(occasion.actor, character, year)
    response = HttpResponse(data, content_type=_XLSX)
    response.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    return response


@admitted
@require_POST
def reserve(request: HttpRequest, occasion: Occasion) -> HttpResponseBase:
    """Reserve numbers; a second sending of the same form is the same block."""
    require(occasion.actor, Permission.APPROVE)
    form = reserve_form(occasion.actor, agency_facts(occasion.actor.agency).agency, request.POST)
    if form.is_valid():
        said = form.cleaned_data
        try:
            block = reserve_numbers(
                occasion,
                block=said["id"],
                form=said["form"],
                count=said["count"],
                holder=said["holder"],
                reason=said["reason"],
            )
        except BadInput as fault:
            form.add_error(fault.place if fault.place in form.fields else None, fault.sentence)
        else:
            return redirect(f"{year_url(block.year)}#block-{block.uid}")
    return _page(request, occasion, reserving=form, status=400)


@admitted
@require_POST
def give_back(request: HttpRequest, occasion: Occasion, block: str) -> HttpResponseBase:
    """Set down that a block came back."""
    require_any(occasion.actor, RETURNERS)
    if block not in agency_facts(occasion.actor.agency).agency.blocks:
        raise NotFound("预留编号")
    form = return_form(block, request.POST)
    if form.is_valid():
        found = return_numbers(occasion, block=block, reason=form.cleaned_data["reason"])
        return redirect("numbers-series", found.character, found.year)
    return _page(request, occasion, returning={block: form}, status=400)


@admitted
@require_http_methods(["GET", "HEAD", "POST"])
def void(request: HttpRequest, occasion: Occasion, uid: str, document: str) -> HttpResponseBase:
    """Ask why a document is void, and void it."""
    require(occasion.actor, Permission.APPROVE)
    reading = read_case(occasion.actor, uid, at=occasion.at)
    case = reading.facts.case
    standing = case.any_document(document)
    if standing is None:
        raise NotFound("文书")
    form, sentence = void_form(request.POST if request.method == "POST" else None), ""
    if form.is_valid():
        try:
            void_document(uid, occasion, document=document, reason=form.cleaned_data["reason"])
        except (NotAllowed, NotFound, DocumentUnknown):
            raise
        except LiuhenError as fault:
            sentence = fault.sentence
        else:
            return redirect("case-part", uid, "documents", document)
    known = {
        "header": case_header(reading, occasion.actor),
        "document": standing,
        "form": form,
        "sentence": sentence,
        "ready": is_voidable(reading.facts, standing),
        "place": "cases",
    }
    status = 409 if sentence else 400 if form.is_bound else 200
    return render(request, "numbers/void.html", known, status=status)
