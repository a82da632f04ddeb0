"""文书格式: shown with who set it, changed in a draft, tried on made-up data, published with a note, taken back, handed on."""

from collections.abc import Iterable
from dataclasses import replace
from urllib.parse import quote

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from liuhen.adapters.packfiles.format_file import LARGEST
from liuhen.adapters.typeset.own_layout import LayoutRefused
from liuhen.core.documents.adapting import Fault
from liuhen.core.documents.model import DocumentType
from liuhen.core.kernel.errors import BadInput, LiuhenError
from liuhen.doors.web.cards.formats import FormatLine, format_editor, format_line, format_page, format_review
from liuhen.doors.web.entry import admitted, refuse
from liuhen.doors.web.format_drafts import (
    FormatDraft,
    drop_draft,
    keep_draft,
    kept_draft,
    open_draft,
    require_current,
)
from liuhen.doors.web.format_forms import read_format_form
from liuhen.doors.web.policy import widen
from liuhen.flows.access import NotAllowed, NotFound
from liuhen.flows.adapt_formats import (
    FormatFaulty,
    adopt_format,
    faults_in,
    format_for,
    formats_for,
    go_back,
    history_of,
    keep_layout,
    may_adapt,
    require_adapter,
    sample_of,
    version_of,
)
from liuhen.flows.format_files import export_format, export_yaml, import_format, read_yaml_type
from liuhen.flows.formats_in_force import Format
from liuhen.flows.occasion import Occasion

_AROUND_A_FILE = 64_000  # what a form adds to its file


@admitted
@require_safe
def show_formats(request: HttpRequest, occasion: Occasion) -> HttpResponse:
    """List the types by stage, with the version that holds and who set it."""
    stages: dict[str, list[FormatLine]] = {}
    for code, one in formats_for(occasion.actor).items():
        drafted = may_adapt(occasion.actor) and kept_draft(request, occasion.actor, code) is not None
        stages.setdefault(one.kind.stage, []).append(format_line(one, occasion.actor, drafted))
    return render(request, "formats/formats.html", {"stages": stages, "place": "law"})


@admitted
@require_safe
def show_format(request: HttpRequest, occasion: Occasion, code: str) -> HttpResponse:
    """Show the format of a type and its history."""
    return _show(request, occasion, code)


def _show(
    request: HttpRequest, occasion: Occasion, code: str, *, sentence: str = "", status: int = 200
) -> HttpResponse:
    standing = format_for(occasion.actor, code)
    drafted = may_adapt(occasion.actor) and kept_draft(request, occasion.actor, code) is not None
    card = format_page(standing, history_of(occasion.actor, code), occasion.actor, drafted)
    known = {"format": card, "sentence": sentence, "place": "law"}
    return render(request, "formats/format.html", known, status=status)


@xframe_options_sameorigin
@admitted
@require_safe
def send_sample(request: HttpRequest, occasion: Occasion, code: str) -> HttpResponseBase:
    """Draw the format in force, or an earlier version, on made-up data."""
    asked = request.GET.get("version", "")
    shown = version_of(occasion.actor, code, asked) if asked else format_for(occasion.actor, code)
    return _pdf(sample_of(occasion, shown.kind, shown.template))


def _pdf(data: bytes) -> HttpResponse:
    answer = HttpResponse(data, content_type="application/pdf", headers={"Content-Disposition": "inline"})
    widen(answer, {"style-src": "'unsafe-inline'", "object-src": "'self'", "frame-ancestors": "'self'"})
    return answer


@admitted
@require_safe
def send_yaml(request: HttpRequest, occasion: Occasion, code: str) -> HttpResponse:
    """Send the format in force as YAML."""
    return _file(*export_yaml(occasion.actor, code), "application/yaml")


@admitted
@require_safe
def send_file(request: HttpRequest, occasion: Occasion, code: str) -> HttpResponse:
    """Send the format in force as one file for another agency."""
    return _file(*export_format(occasion.actor, code), "application/zip")


def _file(name: str, data: bytes, media_type: str) -> HttpResponse:
    response = HttpResponse(data, content_type=media_type)
    response.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    return response


def _draft(request: HttpRequest, occasion: Occasion, code: str) -> tuple[FormatDraft, Format]:
    require_adapter(occasion.actor)
    standing = format_for(occasion.actor, code)
    return open_draft(request, occasion.actor, standing), standing


@admitted
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, occasion: Occasion, code: str) -> HttpResponseBase:
    """Show the form of a draft; keep what was changed, and say what is wrong with it."""
    draft, _ = _draft(request, occasion, code)
    if request.method != "POST":
        return _editor(request, draft, draft.kind, faults_in(draft.kind) if draft.revision else ())
    require_current(request, draft)
    kind = draft.kind
    try:
        kind = read_format_form(kind, request.POST.dict())
    except BadInput as fault:
        return _editor(request, draft, kind, [Fault("fields", fault.sentence)], status=400)
    if faults := faults_in(kind):
        return _editor(request, draft, kind, faults, status=400)
    keep_draft(request, draft.changed(kind))
    return redirect("format-edit" if "more" in request.POST else "format-review", code)


def _editor(
    request: HttpRequest, draft: FormatDraft, kind: DocumentType, faults: Iterable[Fault], status: int = 200
) -> HttpResponse:
    # What is wrong is shown with the names that fields had, so that sending again renames them from there.
    card = format_editor(draft, kind, faults)
    if status != 200:
        names = [spec.label for spec in draft.kind.fields]
        card = replace(card, rows=tuple(replace(row, was=row.was if row.was in names else "") for row in card.rows))
    return render(request, "formats/edit.html", {"editor": card, "place": "law"}, status=status)


@csrf_exempt  # checked in _take_in, after the size is known: the check itself would read the whole body
@admitted
@require_POST
def upload(request: HttpRequest, occasion: Occasion, code: str) -> HttpResponseBase:
    """Take a file into the draft: YAML, a layout, or a format file of another agency."""
    require_adapter(occasion.actor)
    if int(request.headers.get("Content-Length") or 0) > LARGEST + _AROUND_A_FILE:
        return refuse(request, 413, "文件太大", f"格式文件不超过 {LARGEST // 1_000_000} MB；请核对选的文件。")
    return _take_in(request, occasion, code)


@csrf_protect
def _take_in(request: HttpRequest, occasion: Occasion, code: str) -> HttpResponseBase:
    draft, _ = _draft(request, occasion, code)
    require_current(request, draft)
    file = request.FILES.get("file")
    if file is None:
        return _refuse_file(request, code, "请先选择一个文件，再点“上传”。")
    name, data = (file.name or "").lower(), file.read()
    try:
        if name.endswith(".zip"):
            found = import_format(occasion.actor, code, data)
            changed = replace(draft.changed(found.kind).drawn_by(found.template), origin=found.origin)
        elif name.endswith(".typ"):
            changed = draft.drawn_by(keep_layout(occasion.actor, code, data))
        elif name.endswith((".yaml", ".yml")):
            changed = draft.changed(read_yaml_type(code, data))
        else:
            return _refuse_file(
                request, code, "只能上传 .yaml（格式内容）、.typ（版式文件）或者 .zip（格式文件）。", name
            )
    except BadInput as fault:
        return _refuse_file(request, code, f"{fault.place}：{fault.sentence}。", name)
    except LayoutRefused as fault:
        return _refuse_file(request, code, f"{fault}。", name)
    keep_draft(request, changed)
    return redirect("format-review", code)


def _refuse_file(request: HttpRequest, code: str, sentence: str, name: str = "") -> HttpResponse:
    known = {"sentence": sentence, "name": name, "code": code, "place": "law"}
    return render(request, "formats/refused.html", known, status=400)


@admitted
@require_safe
def review(request: HttpRequest, occasion: Occasion, code: str) -> HttpResponseBase:
    """Show what publishing the draft would change, and the draft drawn on made-up data."""
    return _review(request, occasion, code)


def _review(
    request: HttpRequest, occasion: Occasion, code: str, *, sentence: str = "", status: int = 200
) -> HttpResponseBase:
    draft, standing = _draft(request, occasion, code)
    if faults_in(draft.kind):
        return redirect("format-edit", code)
    known = {
        "review": format_review(draft, standing, occasion.actor),
        "sentence": sentence,
        "note": request.POST.get("note", "")[:1000],
        "published": "published" in request.POST,
        "place": "law",
    }
    return render(request, "formats/review.html", known, status=status)


@xframe_options_sameorigin
@admitted
@require_safe
def preview(request: HttpRequest, occasion: Occasion, code: str) -> HttpResponseBase:
    """Draw the draft on made-up data."""
    draft, _ = _draft(request, occasion, code)
    try:
        return _pdf(sample_of(occasion, draft.kind, draft.template))
    except (LayoutRefused, FormatFaulty) as fault:
        raise BadInput("样张", f"画不出来：{fault}") from None


@admitted
@require_POST
def change(request: HttpRequest, occasion: Occasion, code: str) -> HttpResponseBase:
    """Drop the layout of the draft, start the draft over from what holds by now, or give it up."""
    draft, _ = _draft(request, occasion, code)
    require_current(request, draft)
    act = request.POST.get("act", "")
    if act == "drop":
        drop_draft(request, code)
        return redirect("format", code)
    if act == "shipped-layout":
        keep_draft(request, draft.drawn_by(None))
        return redirect("format-review", code)
    if act == "rebase":
        standing = format_for(occasion.actor, code)
        keep_draft(request, replace(draft, based_on=standing.event, revision=draft.revision + 1))
        return redirect("format-review", code)
    raise BadInput("草稿", "没有这个操作；请返回修改页，刷新后再改")


@admitted
@require_POST
def publish(request: HttpRequest, occasion: Occasion, code: str) -> HttpResponseBase:
    """Publish the draft as the next version."""
    draft, _ = _draft(request, occasion, code)
    require_current(request, draft)
    try:
        adopt_format(
            occasion,
            draft.kind,
            template=draft.template,
            note=request.POST.get("note", ""),
            published="published" in request.POST,
            based_on=draft.based_on,
        )
    except (NotAllowed, NotFound):
        raise
    except LiuhenError as fault:
        return _review(
            request, occasion, code, sentence=fault.sentence, status=400 if isinstance(fault, BadInput) else 409
        )
    drop_draft(request, code)
    return redirect("format", code)


@admitted
@require_POST
def back(request: HttpRequest, occasion: Occasion, code: str) -> HttpResponseBase:
    """Take the agency's own version back."""
    require_adapter(occasion.actor)
    try:
        go_back(occasion, code, note=request.POST.get("note", ""), based_on=request.POST.get("based_on", ""))
    except (NotAllowed, NotFound):
        raise
    except LiuhenError as fault:
        return _show(
            request, occasion, code, sentence=fault.sentence, status=400 if isinstance(fault, BadInput) else 409
        )
    drop_draft(request, code)
    return redirect("format", code)
