"""决定以后: the page of performance, urging, execution, objections and the court, and each entry of it."""

from collections.abc import Mapping

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from liuhen.core.kernel.errors import BadInput
from liuhen.core.kernel.moments import SHANGHAI
from liuhen.doors.web.aftermath_forms import AftermathForm
from liuhen.doors.web.cards.aftermath import aftermath_form, aftermath_page, section_of
from liuhen.doors.web.entry import admitted
from liuhen.doors.web.forms import field_at
from liuhen.flows.access import NotFound, case_for
from liuhen.flows.direct_events import require_permitted
from liuhen.flows.occasion import Occasion
from liuhen.flows.read_case import CaseReading, read_case
from liuhen.flows.record_batch import record_batch
from liuhen.flows.sent_batch import IdTaken, Sent


@admitted
@require_safe
def show_aftermath(request: HttpRequest, occasion: Occasion, uid: str) -> HttpResponse:
    """Show what became of the decisions of a case."""
    return _page(request, occasion, read_case(occasion.actor, uid, at=occasion.at), {})


@admitted
@require_POST
def enter_aftermath(request: HttpRequest, occasion: Occasion, uid: str, kind: str) -> HttpResponseBase:
    """Record one act and return to its section, or show the form again with what is wrong."""
    name = f"case.{kind}"
    home = section_of(name)
    case_for(occasion.actor, uid)
    if home is None:
        raise NotFound("要记录的事项")
    require_permitted(occasion.actor, name)
    reading = read_case(occasion.actor, uid, at=occasion.at)
    form = aftermath_form(reading, name, request.POST)
    status = 400
    if form.is_valid():
        try:
            _record(form, name, uid, occasion)
        except BadInput as fault:
            form.add_error(field_at(form, fault.place), fault.sentence)
        except IdTaken:
            form.add_error(None, "这张表已经记录过，不会重复记录；请刷新页面查看")
            status = 409
        else:
            return redirect(f"{reverse('aftermath', args=[uid])}#{home}")
    return _page(request, occasion, reading, {name: form}, status)


def _record(form: AftermathForm, name: str, uid: str, occasion: Occasion) -> None:
    said = form.cleaned_data
    at = said["happened"].astimezone(SHANGHAI)
    if at > occasion.at:
        raise BadInput("events[0].at", "时间还没有到；请在发生以后记录")
    record_batch(uid, occasion, [Sent(said["id"], name, at, form.content())])


def _page(
    request: HttpRequest,
    occasion: Occasion,
    reading: CaseReading,
    returned: Mapping[str, AftermathForm],
    status: int = 200,
) -> HttpResponse:
    page = aftermath_page(reading, occasion.actor, returned)
    return render(request, "aftermath/aftermath.html", {"aftermath": page, "place": "cases"}, status=status)
