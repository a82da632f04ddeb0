"""登记新案件: the form, the part of it that changes with the kind of enforcement, and the case that comes of it."""

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from liuhen.core.kernel.errors import BadInput, LiuhenError
from liuhen.doors.web.cards.new_case import new_case
from liuhen.doors.web.entry import admitted, wants_fragment
from liuhen.doors.web.new_case_form import NewCaseForm
from liuhen.flows.access import NotAllowed, NotFound
from liuhen.flows.foresee_case import Foreseen, foresee_case
from liuhen.flows.occasion import Occasion
from liuhen.flows.open_case import AgencyUnknown, register_case

# Where a refusal of the flow stands on the form.
_FIELDS = {
    "source.reporter": "reporter",
    "source.received_at": "received_at",
    "source.summary": "summary",
    "party.name": "party",
}


@admitted
@require_http_methods(["GET", "HEAD", "POST"])
def register_new(request: HttpRequest, occasion: Occasion) -> HttpResponseBase:
    """Show the form; register what was sent and go on to the handling of the case."""
    asked = request.POST if request.method == "POST" else request.GET
    foreseen = foresee_case(occasion.actor, kind=asked.get("kind", ""), at=occasion.at)
    if request.method != "POST":
        ticked = request.GET.getlist("traits") if wants_fragment(request) else []
        form = NewCaseForm(foreseen, occasion.actor.name, occasion.at)
        form.initial["traits"] = ticked
        template = "cases/new_law.html" if wants_fragment(request) else "cases/new.html"
        return render(request, template, {"new": new_case(foreseen, form), "place": "cases"})
    form = NewCaseForm(foreseen, occasion.actor.name, occasion.at, request.POST)
    if form.is_valid():
        try:
            return redirect("handling", _register(occasion, form))
        except (NotAllowed, NotFound, AgencyUnknown):
            raise
        except BadInput as fault:
            form.add_error(_FIELDS.get(fault.place), fault.sentence)
        except LiuhenError as fault:
            form.add_error(None, str(fault))
    return _again(request, foreseen, form)


def _register(occasion: Occasion, form: NewCaseForm) -> str:
    said = form.cleaned_data
    return register_case(
        occasion,
        kind=said["kind"],
        matter=said["matter"].strip(),
        source=form.source,
        party=form.party,
        traits=form.traits,
        unit=said["unit"] or None,
        entrusted_by=said["entrusted_by"].strip() or None,
        uid=said["id"],
    )


def _again(request: HttpRequest, foreseen: Foreseen, form: NewCaseForm) -> HttpResponse:
    return render(request, "cases/new.html", {"new": new_case(foreseen, form), "place": "cases"}, status=400)
