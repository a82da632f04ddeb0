"""办理: the page of the steps of a case, and each step from its form to its record.

Invariant: a step that is refused leaves the form as it was typed, with the sentence at its field or on top.
"""

from dataclasses import replace

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from liuhen.core.kernel.errors import BadInput, LiuhenError
from liuhen.doors.web.cards.handling import (
    bare_header,
    form_card,
    handling_page,
    may_take,
    permissions_of,
    short,
    step_form,
)
from liuhen.doors.web.entry import admitted
from liuhen.doors.web.forms import field_at
from liuhen.doors.web.handling_contents import content_of
from liuhen.doors.web.handling_forms import StepForm
from liuhen.flows.access import NotAllowed, NotFound, require_any
from liuhen.flows.course_of_case import BY_NAME, FILED, StepOfCase, course_of
from liuhen.flows.keep_draft import WRITERS
from liuhen.flows.occasion import Occasion
from liuhen.flows.open_case import file_case
from liuhen.flows.read_case import CaseReading, read_case
from liuhen.flows.record_batch import CaseArchived
from liuhen.flows.record_step import STEPS as RECORDABLE
from liuhen.flows.record_step import RecordedMeanwhile, record_step
from liuhen.flows.sent_batch import IdTaken, Sent

_OTHERWISE = "这张表已经登记过，登记的是另外的内容，本次没有保存；要再登记一条的，请重新打开本页填写。"


@admitted
@require_safe
def show_handling(request: HttpRequest, occasion: Occasion, uid: str) -> HttpResponse:
    """Show what was done, what is next, and what else may be done."""
    require_any(occasion.actor, WRITERS)
    reading = read_case(occasion.actor, uid, at=occasion.at)
    page = handling_page(reading, occasion.actor, course_of(reading))
    return render(request, "handling/handling.html", {"handling": page, "place": "cases"})


@admitted
@require_http_methods(["GET", "HEAD", "POST"])
def take_step(request: HttpRequest, occasion: Occasion, uid: str, kind: str) -> HttpResponseBase:
    """Show the form of a step; record what was sent and return to the page."""
    require_any(occasion.actor, WRITERS)
    reading = read_case(occasion.actor, uid, at=occasion.at)
    name = f"case.{kind}"
    if name not in BY_NAME or (name not in RECORDABLE and name != FILED):
        raise NotFound("要登记的事项")
    if not may_take(occasion.actor, name):
        raise NotAllowed(occasion.actor, *permissions_of(name))
    one = course_of(reading).of(name)
    if request.method == "POST":
        return _sent(request, occasion, reading, one)
    form = None if one.closed else step_form(reading, occasion.actor, one)
    return _page(request, occasion, reading, one, form, status=409 if one.closed else 200)


def _sent(request: HttpRequest, occasion: Occasion, reading: CaseReading, one: StepOfCase) -> HttpResponseBase:
    if reading.facts.case.archived is not None:
        raise CaseArchived("案件已经归档，不能再补记现场和办理情况；请与档案管理员联系")
    form = step_form(reading, occasion.actor, one, request.POST)
    if not form.is_valid():
        return _page(request, occasion, reading, one, form, status=400)
    try:
        _record(occasion, reading, form)
    except (NotAllowed, NotFound, CaseArchived):
        raise
    except BadInput as fault:
        form.add_error(field_at(form, fault.place), fault.sentence)
        return _page(request, occasion, reading, one, form, status=400)
    except RecordedMeanwhile as news:
        # Sent once more, it is sent by somebody who knows.
        data = request.POST.copy()
        data["seen"] = str(news.version)
        form = step_form(reading, occasion.actor, one, data)
        form.add_error(None, str(news))
    except LiuhenError as fault:
        form.add_error(None, _OTHERWISE if isinstance(fault, IdTaken) else str(fault))
    else:
        return redirect(f"{reverse('handling', args=[reading.uid])}#{short(one.step.name)}")
    return _page(request, occasion, reading, one, form, status=409)


def _record(occasion: Occasion, reading: CaseReading, form: StepForm) -> None:
    said = form.cleaned_data
    if form.name == FILED:
        file_case(reading.uid, replace(occasion, at=form.at), entry=said["id"])
        return
    content = content_of(form, reading, occasion.actor)
    record_step(reading.uid, occasion, Sent(said["id"], form.name, form.at, content), seen=said["seen"])


def _page(
    request: HttpRequest,
    occasion: Occasion,
    reading: CaseReading,
    one: StepOfCase,
    form: StepForm | None,
    *,
    status: int,
) -> HttpResponse:
    card = form_card(reading, occasion.actor, one, form)
    page = {"header": bare_header(reading, occasion.actor), "card": card, "place": "cases"}
    return render(request, "handling/step.html", page, status=status)
