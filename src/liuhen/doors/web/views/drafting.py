"""拟制文书: choose a type, fill it in, look at it, make it."""

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from liuhen.core.documents.model import DocumentType
from liuhen.core.facts.model import Act
from liuhen.core.kernel.errors import BadInput
from liuhen.doors.web.cards.case import case_header
from liuhen.doors.web.document_forms import DocumentForm
from liuhen.doors.web.entry import admitted
from liuhen.doors.web.policy import widen
from liuhen.flows.access import NotFound
from liuhen.flows.draft_document import begun, preview_document, require_writing, write_document
from liuhen.flows.occasion import Occasion
from liuhen.flows.office import office
from liuhen.flows.read_case import CaseReading, read_case


@admitted
@require_safe
def choose_type(request: HttpRequest, occasion: Occasion, uid: str) -> HttpResponse:
    """List the types of documents by the stage of a case in which they are written."""
    require_writing(occasion.actor)
    reading = read_case(occasion.actor, uid, at=occasion.at)
    stages: dict[str, list[DocumentType]] = {}
    for kind in office().documents.values():
        if kind.facing != "案卷":
            stages.setdefault(kind.stage, []).append(kind)
    given = {document.form for document in reading.facts.case.documents.values()}
    page = {"header": case_header(reading, occasion.actor), "stages": stages, "given": given, "place": "cases"}
    return render(request, "drafting/types.html", page)


@admitted
@require_http_methods(["GET", "HEAD", "POST"])
def write(request: HttpRequest, occasion: Occasion, uid: str, code: str) -> HttpResponseBase:
    """Show the form of a type with what the case knows, or make the document that was filled in."""
    require_writing(occasion.actor)
    reading, kind = read_case(occasion.actor, uid, at=occasion.at), _type(code)
    asked = request.POST.get("act", request.GET.get("act"))
    act = _likely(reading, kind) if asked is None and request.method != "POST" else _act(reading, asked or "")
    form = _form(reading, kind, occasion, act, request)
    if request.method == "POST" and form.is_valid():
        try:
            uid_made = write_document(
                uid, occasion, form=kind.name, filled=form.filled, act=act.uid if act is not None else None
            )
        except BadInput as fault:
            form.add_error(None, fault.sentence)
        else:
            return redirect("case-part", uid, "documents", uid_made)
    acts = [one for one in reading.facts.case.acts.values() if not kind.acts or one.kind in kind.acts]
    page = {
        "header": case_header(reading, occasion.actor),
        "kind": kind,
        "form": form,
        "acts": acts or list(reading.facts.case.acts.values()),
        "act": act,
        "place": "cases",
    }
    return render(request, "drafting/write.html", page, status=400 if form.is_bound else 200)


@xframe_options_sameorigin
@admitted
@require_POST
def preview(request: HttpRequest, occasion: Occasion, uid: str, code: str) -> HttpResponseBase:
    """Draw what was filled in, without making anything."""
    require_writing(occasion.actor)
    reading, kind = read_case(occasion.actor, uid, at=occasion.at), _type(code)
    act = _act(reading, request.POST.get("act") or "")
    form = _form(reading, kind, occasion, act, request)
    if not form.is_valid():
        raise BadInput("预览", "；".join(str(sentence) for found in form.errors.values() for sentence in found))
    pdf = preview_document(uid, occasion, form=kind.name, filled=form.filled, act=act.uid if act is not None else None)
    answer = HttpResponse(pdf, content_type="application/pdf", headers={"Content-Disposition": "inline"})
    widen(answer, {"style-src": "'unsafe-inline'", "object-src": "'self'", "frame-ancestors": "'self'"})
    return answer


def _type(code: str) -> DocumentType:
    kind = next((one for one in office().documents.values() if one.code == code and one.facing != "案卷"), None)
    if kind is None:
        raise NotFound("文书种类")
    return kind


def _likely(reading: CaseReading, kind: DocumentType) -> Act | None:
    """Give the act that a document of this type is of, where the case has just one that fits."""
    fitting = [act for act in reading.facts.case.acts.values() if act.kind in kind.acts]
    return fitting[0] if len(fitting) == 1 else None


def _act(reading: CaseReading, uid: str) -> Act | None:
    if not uid:
        return None
    act = reading.facts.case.acts.get(uid)
    if act is None:
        raise NotFound("执法活动")
    return act


def _form(
    reading: CaseReading, kind: DocumentType, occasion: Occasion, act: Act | None, request: HttpRequest
) -> DocumentForm:
    start = begun(kind, reading.facts, occasion, act)
    return DocumentForm(kind, start, request.POST if request.method == "POST" else None)
