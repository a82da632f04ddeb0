"""拟制文书: choose a type, fill it in, look at it, make it; what is typed is kept as a draft meanwhile."""

import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime

from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from liuhen.adapters.typeset.own_layout import LayoutRefused
from liuhen.core.documents.model import DocumentType
from liuhen.core.facts.model import Act
from liuhen.core.kernel.codec import decode
from liuhen.core.kernel.errors import BadInput
from liuhen.doors.web.cards.case import case_header
from liuhen.doors.web.cards.parts import clause_chip
from liuhen.doors.web.document_forms import DocumentForm
from liuhen.doors.web.entry import admitted
from liuhen.doors.web.policy import widen
from liuhen.flows.access import NotFound
from liuhen.flows.check_wording import Unsaid
from liuhen.flows.draft_document import (
    Filled,
    ReadOutMeanwhile,
    begun,
    changes_of,
    is_read_out,
    lacking,
    preview_document,
    write_document,
)
from liuhen.flows.formats_in_force import Format, formats_of
from liuhen.flows.keep_draft import (
    DraftMade,
    DraftMoved,
    Sheet,
    begin_reading,
    drafts_of,
    drop_draft,
    open_draft,
    read_out_of,
    require_writing,
    save_draft,
)
from liuhen.flows.occasion import Occasion
from liuhen.flows.read_case import CaseReading, read_case
from liuhen.flows.reserved_numbers import NumberNotReserved, NumberUsed, free_numbers


@dataclass(frozen=True, slots=True)
class _Desk:
    """What lies before the writer: the case, the type, the act, the draft and the version of it that the writer sees."""

    reading: CaseReading
    by: Format
    act: Act | None
    sheet: Sheet
    seen: int = 0
    saved: Mapping[str, str] | None = None
    read_out: Mapping[str, str] | None = None

    @property
    def kind(self) -> DocumentType:
        """The type as the agency has it."""
        return self.by.kind

    def form(self, occasion: Occasion, data: Mapping[str, str] | None = None) -> DocumentForm:
        """Give the form with what the case knows and what the draft says."""
        start = begun(self.kind, self.reading.facts, occasion, self.act)
        free = free_numbers(occasion.actor, self.kind) if self.kind.character else ()
        return DocumentForm(self.kind, start, self.saved or {}, data, free)

    def filled(self, occasion: Occasion, form: DocumentForm) -> Filled:
        """Give what was filled in, and what was when it was read out; only of a valid form."""
        if self.read_out is None:
            return form.filled
        then = self.form(occasion, self.read_out)
        # It was whole when it was read out; a type that was adapted since may read it otherwise.
        return replace(form.filled, read_out=then.filled if then.is_valid() else form.filled)


@admitted
@require_safe
def choose_type(request: HttpRequest, occasion: Occasion, uid: str) -> HttpResponse:
    """List the types of documents by the stage of a case in which they are written, and the drafts that lie there."""
    require_writing(occasion.actor)
    reading = read_case(occasion.actor, uid, at=occasion.at)
    stages: dict[str, list[DocumentType]] = {}
    types = {name: one.kind for name, one in formats_of(occasion.actor.agency).items()}
    for kind in types.values():
        stages.setdefault(kind.stage, []).append(kind)
    names = {kind.code: kind.name for kind in types.values()}
    drafts = [
        {"draft": one, "name": names[one.sheet.code]}
        for one in drafts_of(occasion.actor, uid)
        if one.sheet.code in names
    ]
    given = {document.form for document in reading.facts.case.documents.values()}
    page = {
        "header": case_header(reading, occasion.actor),
        "stages": stages,
        "given": given,
        "drafts": drafts,
        "place": "cases",
    }
    return render(request, "drafting/types.html", page)


@admitted
@require_http_methods(["GET", "HEAD", "POST"])
def write(request: HttpRequest, occasion: Occasion, uid: str, code: str) -> HttpResponseBase:
    """Show the form of a type with what the case knows; keep, or make, what was filled in."""
    require_writing(occasion.actor)
    desk = _fresh(request, occasion, uid, code) if request.method != "POST" else _sent(request, occasion, uid, code)
    if request.method != "POST":
        return _show(request, occasion, desk, desk.form(occasion))
    form = desk.form(occasion, request.POST)
    said = form.of_this_type(request.POST.dict())
    if "keep" in request.POST:
        save_draft(occasion, desk.sheet, seen=desk.seen, said=said)
        return redirect("draft-open", uid, desk.sheet.draft)
    if form.is_valid():
        try:
            facts = desk.reading.facts
            now = replace(occasion, at=_not_later(form.made_at(occasion.at), occasion))
            made = write_document(
                facts,
                now,
                desk.sheet,
                desk.by,
                desk.filled(occasion, form),
                seen=desk.seen,
                said=said,
                number=form.number,
            )
        except BadInput as fault:
            form.add_error(None, fault.sentence)
        except (Unsaid, ReadOutMeanwhile, NumberNotReserved, NumberUsed, LayoutRefused) as refused:
            form.add_error(None, str(refused))
        except DraftMoved as moved:
            _tell(form, moved)
            desk = replace(desk, seen=moved.version)
        else:
            return redirect("case-part", uid, "documents", made)
    return _show(request, occasion, desk, form)


@admitted
@require_safe
def open_again(request: HttpRequest, occasion: Occasion, uid: str, draft: str) -> HttpResponseBase:
    """Show a draft where it was left; one that was made leads to the document."""
    try:
        kept = open_draft(occasion.actor, uid, draft)
    except DraftMade as made:
        return redirect("case-part", uid, "documents", made.document)
    reading = read_case(occasion.actor, uid, at=occasion.at)
    act = _act(reading, request.GET["act"]) if "act" in request.GET else _acts(reading).get(kept.sheet.act)
    sheet = replace(kept.sheet, act=act.uid if act else "")
    texts = {name: one.text for name, one in kept.texts.items()}
    desk = _Desk(reading, _type(occasion, kept.sheet.code), act, sheet, kept.version, texts, kept.read_out)
    return _show(request, occasion, desk, desk.form(occasion))


@dataclass(frozen=True, slots=True)
class _Saving:
    """What the page sends to be kept: the texts that changed since the version it saw."""

    code: str
    seen: int
    texts: Mapping[str, str]
    act: str = ""


@admitted
@require_POST
def save(request: HttpRequest, occasion: Occasion, uid: str, draft: str) -> HttpResponseBase:
    """Keep what was typed; says the version now, what others changed, and what was therefore not replaced."""
    require_writing(occasion.actor)
    try:
        said = decode(_Saving, json.loads(request.body), "草稿")
    except ValueError:
        raise BadInput("草稿", "没有收到完整的内容；请重试") from None
    sheet = Sheet(draft, uid, said.code, said.act)
    _require_names(sheet)
    # The case is not read: this comes every few seconds from everybody who writes.
    texts = DocumentForm(_type(occasion, said.code).kind, Filled(), {}, said.texts).of_this_type(said.texts)
    try:
        saved = save_draft(occasion, sheet, seen=said.seen, said=texts)
    except DraftMade as made:
        return JsonResponse({"sentence": str(made), "made": made.document}, status=409)
    return JsonResponse(asdict(saved))


@admitted
@require_POST
def read_out(request: HttpRequest, occasion: Occasion, uid: str, code: str) -> HttpResponseBase:
    """核对: what stands in the form is read out to the party now; what is changed from here on is a correction."""
    require_writing(occasion.actor)
    desk = _sent(request, occasion, uid, code)
    if not is_read_out(desk.kind):
        raise NotFound("需要当事人核对的文书")
    form = desk.form(occasion, request.POST)
    if form.is_valid():
        try:
            begin_reading(occasion, desk.sheet, seen=desk.seen, said=form.of_this_type(request.POST.dict()))
        except DraftMoved as moved:
            _tell(form, moved)
            desk = replace(desk, seen=moved.version)
        else:
            return redirect("draft-open", uid, desk.sheet.draft)
    return _show(request, occasion, desk, form)


@admitted
@require_POST
def drop(request: HttpRequest, occasion: Occasion, uid: str, draft: str) -> HttpResponseBase:
    """Throw a draft away."""
    drop_draft(occasion.actor, uid, draft)
    return redirect("draft-types", uid)


@admitted
@require_POST
def check(request: HttpRequest, occasion: Occasion, uid: str, code: str) -> HttpResponseBase:
    """Say what the law wants the document to state and what was filled in does not; a piece of the page."""
    require_writing(occasion.actor)
    desk = _sent(request, occasion, uid, code)
    return render(request, "drafting/remarks.html", _remarks(desk, occasion, desk.form(occasion, request.POST)))


@xframe_options_sameorigin
@admitted
@require_POST
def preview(request: HttpRequest, occasion: Occasion, uid: str, code: str) -> HttpResponseBase:
    """Draw what was filled in, without making anything."""
    require_writing(occasion.actor)
    desk = _sent(request, occasion, uid, code)
    form = desk.form(occasion, request.POST)
    if not form.is_valid():
        raise BadInput("预览", "；".join(str(sentence) for found in form.errors.values() for sentence in found))
    pdf = preview_document(desk.reading, occasion, desk.by, desk.filled(occasion, form))
    answer = HttpResponse(pdf, content_type="application/pdf", headers={"Content-Disposition": "inline"})
    widen(answer, {"style-src": "'unsafe-inline'", "object-src": "'self'", "frame-ancestors": "'self'"})
    return answer


def _fresh(request: HttpRequest, occasion: Occasion, uid: str, code: str) -> _Desk:
    reading, by, asked = read_case(occasion.actor, uid, at=occasion.at), _type(occasion, code), request.GET.get("act")
    act = _likely(reading, by.kind) if asked is None else _act(reading, asked)
    return _Desk(reading, by, act, Sheet(occasion.new_id(), uid, code, act.uid if act else ""))


def _sent(request: HttpRequest, occasion: Occasion, uid: str, code: str) -> _Desk:
    reading, by = read_case(occasion.actor, uid, at=occasion.at), _type(occasion, code)
    act = _act(reading, request.POST.get("act", ""))
    sheet = Sheet(request.POST.get("draft") or occasion.new_id(), uid, code, act.uid if act else "")
    _require_names(sheet)
    seen = request.POST.get("seen", "0")
    version = int(seen) if re.fullmatch(r"[0-9]{1,9}", seen) else 0
    return _Desk(reading, by, act, sheet, version, read_out=read_out_of(occasion.actor, sheet))


def _show(request: HttpRequest, occasion: Occasion, desk: _Desk, form: DocumentForm) -> HttpResponse:
    acts = list(desk.reading.facts.case.acts.values())
    page = {
        "header": case_header(desk.reading, occasion.actor),
        "kind": desk.kind,
        "form": form,
        "acts": [one for one in acts if not desk.kind.acts or one.kind in desk.kind.acts] or acts,
        "act": desk.act,
        "sheet": desk.sheet,
        "seen": desk.seen,
        "to_read_out": is_read_out(desk.kind) and desk.read_out is None,
        "place": "cases",
    }
    standing = form if form.is_bound else desk.form(occasion, {name: form[name].initial or "" for name in form.fields})
    page |= _remarks(desk, occasion, standing)
    return render(request, "drafting/write.html", page, status=400 if form.is_bound else 200)


def _remarks(desk: _Desk, occasion: Occasion, form: DocumentForm) -> dict[str, object]:
    """Give what is missing, each with where to fill it in; nothing of a form that cannot be read yet."""
    if not form.is_valid():
        return {"unread": True, "kind": desk.kind}
    try:
        filled = desk.filled(occasion, form)
        found = lacking(desk.reading.facts, occasion, desk.kind, filled)
    except BadInput:
        return {"unread": True, "kind": desk.kind}
    remarks = [
        {
            "remark": one,
            "chip": clause_chip(desk.reading.packs, one.clause),
            "fields": [(label, f"id_f-{label}") for label in one.fields],
        }
        for one in found.remarks
    ]
    return {
        "remarks": remarks,
        "kind": desk.kind,
        "read_out": desk.read_out is not None,
        "changed": changes_of(desk.kind, filled),
        "asked": found.is_asked,
        "blocking": desk.kind.facing == "出具" and bool(found.demands),
    }


def _require_names(sheet: Sheet) -> None:
    for name in (sheet.draft, sheet.act or sheet.draft):
        if not re.fullmatch(r"[0-9A-Za-z-]{1,32}", name):
            raise BadInput("草稿", "页面的内容不完整；请刷新后重试")


def _not_later(at: datetime, occasion: Occasion) -> datetime:
    if at > occasion.at:
        raise BadInput("n-at", "纸质文书填写的时间晚于现在；请核对")
    return at


def _tell(form: DocumentForm, moved: DraftMoved) -> None:
    form.add_error(None, str(moved))
    for name, one in moved.texts.items():
        if name in form.fields:
            form.add_error(name, f"{one.by}刚才改成：{one.text or '（空）'}")


def _type(occasion: Occasion, code: str) -> Format:
    found = next((one for one in formats_of(occasion.actor.agency).values() if one.kind.code == code), None)
    if found is None:
        raise NotFound("文书种类")
    return found


def _likely(reading: CaseReading, kind: DocumentType) -> Act | None:
    """Give the act that a document of this type is of, where the case has just one that fits."""
    fitting = [act for act in reading.facts.case.acts.values() if act.kind in kind.acts]
    return fitting[0] if len(fitting) == 1 else None


def _acts(reading: CaseReading) -> Mapping[str, Act]:
    return reading.facts.case.acts


def _act(reading: CaseReading, uid: str) -> Act | None:
    if not uid:
        return None
    act = _acts(reading).get(uid)
    if act is None:
        raise NotFound("执法活动")
    return act
