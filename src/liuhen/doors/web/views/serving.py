"""送达: the issued documents of a case with how each stands, and the forms by which services, attempts and notices are entered.

Invariant: a step that is refused leaves the page as it was, with what was typed and the sentence beside its field or on top.
"""

from collections.abc import Callable
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from liuhen.core.facts.model import Document
from liuhen.core.kernel.errors import BadInput, LiuhenError
from liuhen.core.kernel.moments import SHANGHAI
from liuhen.doors.web.cards.serving import serving_list, serving_page
from liuhen.doors.web.cards.serving_entering import ask_of, attempt_form, notice_form
from liuhen.doors.web.entry import admitted
from liuhen.doors.web.forms import field_at
from liuhen.doors.web.serving_forms import ServiceForm
from liuhen.flows.access import NotAllowed, NotFound, Permission, require
from liuhen.flows.attempt_service import attempt_service
from liuhen.flows.occasion import Occasion
from liuhen.flows.read_case import CaseReading, read_case
from liuhen.flows.record_batch import CaseArchived, record_batch
from liuhen.flows.sent_batch import IdTaken, Sent
from liuhen.flows.serve import serve
from liuhen.flows.study_serving import serving_law

# What the flow and the form call by different names.
_CALLED = {"proofs": "proof"}


@admitted
@require_safe
def show_services(request: HttpRequest, occasion: Occasion, uid: str) -> HttpResponse:
    """List the issued documents of a case with how each stands."""
    reading = read_case(occasion.actor, uid, at=occasion.at)
    return render(request, "serving/list.html", {"serving": serving_list(reading, occasion.actor), "place": "cases"})


@admitted
@require_safe
def show_document(request: HttpRequest, occasion: Occasion, uid: str, document: str) -> HttpResponse:
    """Show one document: its services, what was tried, and the form of the manner that was chosen."""
    reading, standing = _reading(occasion, uid, document)
    return _page(request, occasion, reading, standing, request.GET.get("manner", ""), {})


@admitted
@require_POST
def enter_service(request: HttpRequest, occasion: Occasion, uid: str, document: str, manner: str) -> HttpResponseBase:
    """Record a service in one manner."""
    reading, standing = _writing(occasion, uid, document)
    law = serving_law(reading.facts)
    if manner not in law.manners:
        raise NotFound("送达方式")
    chosen = law.manners[manner]
    form = ServiceForm(chosen.serving, ask_of(reading, law, standing, chosen), request.POST, request.FILES)

    def act() -> None:
        serve(uid, occasion, form.delivery(document), service=form.cleaned_data["id"])

    return _step(request, occasion, reading, standing, "service", form, act, manner)


@admitted
@require_POST
def enter_attempt(request: HttpRequest, occasion: Occasion, uid: str, document: str) -> HttpResponseBase:
    """Record an attempt that failed or waits for its receipt."""
    reading, standing = _writing(occasion, uid, document)
    form = attempt_form(reading, serving_law(reading.facts), "", request.POST, request.FILES)

    def act() -> None:
        sent = _sent(occasion, "case.service-attempted", form.cleaned_data, form.content(document))
        attempt_service(uid, occasion, sent, form.scan())

    return _step(request, occasion, reading, standing, "attempt", form, act, form.data.get("manner", ""))


@admitted
@require_POST
def enter_notice(request: HttpRequest, occasion: Occasion, uid: str, document: str, manner: str) -> HttpResponseBase:
    """Record that a public notice was posted."""
    reading, standing = _writing(occasion, uid, document)
    law = serving_law(reading.facts)
    if manner not in law.manners:
        raise NotFound("送达方式")
    form = notice_form(
        reading, law.manners[manner].serving, standing, law.standing(reading.facts, standing, reading.at), request.POST
    )

    def act() -> None:
        sent = _sent(occasion, "case.notice-posted", form.cleaned_data, form.content(document))
        record_batch(uid, occasion, [sent])

    return _step(request, occasion, reading, standing, "notice", form, act, manner)


def _sent(occasion: Occasion, name: str, said: dict[str, Any], content: dict[str, Any]) -> Sent:
    at = said["happened"].astimezone(SHANGHAI)
    if at > occasion.at:
        raise BadInput("happened", "时间还没有到；请在发生以后记录")
    return Sent(said["id"], name, at, content)


def _writing(occasion: Occasion, uid: str, document: str) -> tuple[CaseReading, Document]:
    require(occasion.actor, Permission.INVESTIGATE)
    return _reading(occasion, uid, document)


def _reading(occasion: Occasion, uid: str, document: str) -> tuple[CaseReading, Document]:
    reading = read_case(occasion.actor, uid, at=occasion.at)
    standing = next((one for one in serving_law(reading.facts).to_serve(reading.facts) if one.uid == document), None)
    if standing is None:
        raise NotFound("要送达的文书")
    return reading, standing


def _step(
    request: HttpRequest,
    occasion: Occasion,
    reading: CaseReading,
    document: Document,
    kind: str,
    form: forms.Form,
    act: Callable[[], None],
    manner: str,
) -> HttpResponseBase:
    """Do one step and come back to the page, or show the form again with what is wrong."""
    status = 400
    if form.is_valid():
        try:
            act()
        except (NotAllowed, NotFound, CaseArchived):
            raise
        except BadInput as fault:
            form.add_error(field_at(form, fault.place, _CALLED), fault.sentence)
        except LiuhenError as fault:
            form.add_error(
                None, "这张表已经记录过，不会重复记录；请刷新页面查看" if isinstance(fault, IdTaken) else str(fault)
            )
            status = 409
        else:
            return redirect("service-document", reading.uid, document.uid)
    return _page(request, occasion, reading, document, manner, {kind: form}, status)


def _page(
    request: HttpRequest,
    occasion: Occasion,
    reading: CaseReading,
    document: Document,
    manner: str,
    returned: dict[str, forms.Form],
    status: int = 200,
) -> HttpResponse:
    page = serving_page(reading, occasion.actor, document, manner, returned)
    return render(request, "serving/document.html", {"serving": page, "place": "cases"}, status=status)
