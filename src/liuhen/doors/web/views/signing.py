"""签名与盖章: the page of a document that people sign, and each step of it.

Invariant: a step that is refused leaves the page as it was, with the sentence on top; a hand is answered in JSON, so that what
was written stays on the pad until it stands in the record.
"""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from liuhen.core.events.parts import SignerPlace
from liuhen.core.facts.model import Document
from liuhen.core.kernel.errors import BadInput, LiuhenError
from liuhen.doors.web.cards.signing import PlaceForms, place_of, signing_page
from liuhen.doors.web.entry import admitted
from liuhen.doors.web.policy import widen
from liuhen.doors.web.signing_forms import MOST_POINTS, ChangeForm, MarkForm, PrintForm, RefusalForm, read_hand
from liuhen.flows.access import NotAllowed, NotFound, require_any
from liuhen.flows.occasion import Occasion
from liuhen.flows.read_case import CaseReading, read_case
from liuhen.flows.record_batch import CaseArchived
from liuhen.flows.sign_document import (
    HANDS,
    SEALERS,
    complete_document,
    mark_change,
    mark_document,
    open_places,
    press_finger,
    refuse_signature,
    require_signable,
    require_unvoided,
    seal_document,
    sign_document,
    takes_print,
)

_STATUSES: tuple[tuple[type[LiuhenError], int], ...] = ((BadInput, 400), (NotAllowed, 403), (NotFound, 404))


@admitted
@require_safe
def show_signing(request: HttpRequest, occasion: Occasion, uid: str, document: str) -> HttpResponse:
    """Show what of a document is signed and what is next."""
    reading, standing = _reading(occasion, uid, document)
    return _page(request, occasion, reading, standing)


@admitted
@require_POST
def sign(request: HttpRequest, occasion: Occasion, uid: str, document: str, place: int) -> HttpResponse:
    """Take the hand of whoever signs at a place; the answer is for the pad."""
    try:
        _, standing = _reading(occasion, uid, document)
        where, hand = _place(standing, place), read_hand(request)
        if standing.file is None or hand.sha256 != standing.file.sha256:
            raise BadInput("签名", "页面上的文书与要签的不是同一份，没有保存；请刷新页面，看过文书后重新签名")
        sign_document(uid, occasion, document=document, role=where.role, name=where.name, strokes=hand.strokes)
    except LiuhenError as fault:
        status = next((status for kind, status in _STATUSES if isinstance(fault, kind)), 409)
        return JsonResponse({"sentence": fault.sentence}, status=status)
    return JsonResponse({"next": reverse("signing", args=[uid, document])})


@admitted
@require_POST
def refuse(request: HttpRequest, occasion: Occasion, uid: str, document: str, place: int) -> HttpResponseBase:
    """Set down that somebody refused or could not sign."""
    reading, standing = _reading(occasion, uid, document)
    where = _place(standing, place)
    form = RefusalForm(where.role, request.POST, prefix=f"p{place}")
    if not form.is_valid():
        return _page(request, occasion, reading, standing, refusal=(place, form), status=400)
    said = {"role": where.role, "name": where.name, "reason": form.reason}
    return _step(request, occasion, uid, document, lambda: refuse_signature(uid, occasion, document=document, **said))


@admitted
@require_POST
def press(request: HttpRequest, occasion: Occasion, uid: str, document: str, place: int) -> HttpResponseBase:
    """Take the fingerprint of whoever signs with it."""
    reading, standing = _reading(occasion, uid, document)
    where = _place(standing, place)
    form = PrintForm(request.POST, request.FILES, prefix=f"f{place}")
    if not form.is_valid():
        return _page(request, occasion, reading, standing, pressing=(place, form), status=400)
    said = {"role": where.role, "name": where.name, "finger": form.cleaned_data["finger"]}
    picture = form.cleaned_data["picture"].read()
    return _step(
        request,
        occasion,
        uid,
        document,
        lambda: press_finger(uid, occasion, document=document, picture=picture, **said),
    )


@admitted
@require_POST
def press_change(request: HttpRequest, occasion: Occasion, uid: str, document: str, change: int) -> HttpResponseBase:
    """Take the fingerprint that is set beside a change."""
    reading, standing = _reading(occasion, uid, document)
    form = ChangeForm(request.POST, request.FILES, prefix=f"c{change}")
    if not form.is_valid():
        return _page(request, occasion, reading, standing, changing=(change, form), status=400)
    picture, name = form.cleaned_data["picture"].read(), form.cleaned_data["name"]
    said = {"document": document, "change": change, "name": name, "picture": picture}
    return _step(request, occasion, uid, document, lambda: mark_change(uid, occasion, **said))


@admitted
@require_POST
def mark(request: HttpRequest, occasion: Occasion, uid: str, document: str) -> HttpResponseBase:
    """Set down a print or stamp across the pages or at a correction."""
    reading, standing = _reading(occasion, uid, document)
    form = MarkForm(request.POST, prefix="mark")
    if not form.is_valid():
        return _page(request, occasion, reading, standing, marking=form, status=400)
    said = form.cleaned_data
    return _step(request, occasion, uid, document, lambda: mark_document(uid, occasion, document=document, **said))


@admitted
@require_POST
def complete(request: HttpRequest, occasion: Occasion, uid: str, document: str) -> HttpResponseBase:
    """定稿."""
    _reading(occasion, uid, document)
    return _step(request, occasion, uid, document, lambda: complete_document(uid, occasion, document=document))


@admitted
@require_POST
def seal(request: HttpRequest, occasion: Occasion, uid: str, document: str) -> HttpResponseBase:
    """加盖印章."""
    require_any(occasion.actor, SEALERS)
    _reading(occasion, uid, document)
    return _step(request, occasion, uid, document, lambda: seal_document(uid, occasion, document=document))


def _reading(occasion: Occasion, uid: str, document: str) -> tuple[CaseReading, Document]:
    require_any(occasion.actor, HANDS)
    reading = read_case(occasion.actor, uid, at=occasion.at)
    require_unvoided(reading.facts, document)
    standing = reading.facts.case.documents.get(document)
    if standing is None:
        raise NotFound("文书")
    require_signable(reading.facts)
    return reading, standing


def _place(document: Document, number: int) -> SignerPlace:
    place = place_of(document, number)
    if place is None:
        raise NotFound("签名处")
    return place


def _step(
    request: HttpRequest, occasion: Occasion, uid: str, document: str, act: Callable[[], None]
) -> HttpResponseBase:
    """Do one step and come back to the page; what was refused is said on the page as it stands by now."""
    try:
        act()
    except (NotAllowed, NotFound, CaseArchived):
        raise
    except LiuhenError as fault:
        reading, standing = _reading(occasion, uid, document)
        return _page(request, occasion, reading, standing, sentence=fault.sentence, status=409)
    return redirect("signing", uid, document)


def _page(
    request: HttpRequest,
    occasion: Occasion,
    reading: CaseReading,
    document: Document,
    *,
    refusal: tuple[int, RefusalForm] | None = None,
    pressing: tuple[int, PrintForm] | None = None,
    changing: tuple[int, ChangeForm] | None = None,
    marking: MarkForm | None = None,
    sentence: str = "",
    status: int = 200,
) -> HttpResponse:
    waiting = open_places(document)
    forms = {
        number: RefusalForm(place.role, prefix=f"p{number}")
        for number, place in enumerate(document.signers)
        if place in waiting
    }
    shown = "mark" if marking is not None else ""
    if refusal is not None:
        forms[refusal[0]] = refusal[1]
        shown = f"refusal-{refusal[0]}"
    printable = [number for number, place in enumerate(document.signers) if takes_print(document, place)]
    prints = {number: PrintForm(prefix=f"f{number}") for number in printable}
    if pressing is not None:
        prints[pressing[0]] = pressing[1]
        shown = f"print-{pressing[0]}"
    whose = document.signers[0].name if document.signers else ""
    unmarked = [n for n in range(1, len(document.changed) + 1) if n not in document.marked_changes]
    changes = {number: ChangeForm(prefix=f"c{number}", initial={"name": whose}) for number in unmarked}
    if changing is not None:
        changes[changing[0]] = changing[1]
        shown = f"change-{changing[0]}"
    form = marking or MarkForm(prefix="mark", initial={"name": whose})
    page = signing_page(reading, occasion.actor, document, PlaceForms(forms, prints, changes), form, shown)
    known = {"signing": page, "sentence": sentence, "most_points": MOST_POINTS, "place": "cases"}
    response = render(request, "signing/sign.html", known, status=status)
    # The picture of a fingerprint is shown before it is sent.
    widen(response, {"img-src": "'self' data: blob:"})
    return response
