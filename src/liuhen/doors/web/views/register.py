"""机关台账: read by who has cases, added to by who keeps the registers or supervises."""

from collections.abc import Mapping

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from liuhen.core.kernel.errors import BadInput
from liuhen.doors.web.cards.register import entry_form, list_of, sections
from liuhen.doors.web.entry import admitted
from liuhen.doors.web.forms import field_at
from liuhen.doors.web.register_forms import EntryForm
from liuhen.flows.occasion import Occasion
from liuhen.flows.record_agency import record_agency, register_of, require_entering
from liuhen.flows.sent_batch import Sent


@admitted
@require_safe
def show_register(request: HttpRequest, occasion: Occasion) -> HttpResponse:
    """Show the registers of the person's agency."""
    return _page(request, occasion, {})


@admitted
@require_POST
def add_entry(request: HttpRequest, occasion: Occasion, kind: str) -> HttpResponse:
    """Record one entry and return to its list, or show the form again with what is wrong."""
    name = f"agency.{kind}"
    home = list_of(name)
    require_entering(occasion.actor, name)
    events, facts = register_of(occasion.actor)
    form = entry_form(name, events, facts.agency, occasion.at, request.POST)
    if form.is_valid():
        said = form.cleaned_data
        try:
            record_agency(occasion, [Sent(said["id"], name, said["happened"], form.content())])
        except BadInput as fault:
            form.add_error(field_at(form, fault.place), fault.sentence)
        else:
            return redirect(f"{reverse('register')}#{home}")
    return _page(request, occasion, {name: form})


def _page(request: HttpRequest, occasion: Occasion, sent: Mapping[str, EntryForm]) -> HttpResponse:
    events, facts = register_of(occasion.actor)
    card = sections(events, facts.agency, occasion.actor, occasion.at, sent)
    status = 400 if sent else 200
    return render(request, "register/register.html", {"sections": card, "place": "register"}, status=status)
