"""音像记录事项清单: shown in every version, changed row by row in a draft, taken in from xlsx and given out, published."""

from urllib.parse import quote

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_POST, require_safe

from liuhen.adapters.sheets.guard import LARGEST_FILE
from liuhen.adapters.sheets.refusals import SheetRefused
from liuhen.core.events.parts import ListEntry
from liuhen.core.kernel.errors import BadInput
from liuhen.doors.web.cards.agency_lists import RowForm, comparison, draft_page, list_page, problems, row_form
from liuhen.doors.web.drafts import ListDraft, drop_draft, keep_draft, kept_draft, open_draft, require_current
from liuhen.doors.web.entry import admitted, refuse, wants_fragment
from liuhen.flows.access import NotFound
from liuhen.flows.adapt_lists import (
    PublishedList,
    export_workbook,
    import_workbook,
    may_publish,
    publish_list,
    published_list,
    published_lists,
    require_publisher,
    suggested_categories,
)
from liuhen.flows.import_list import ImportedList
from liuhen.flows.list_rows import COLUMNS, MOST_ROWS, read_entry
from liuhen.flows.occasion import Actor, Occasion

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_AROUND_A_FILE = 64_000  # what a form adds to its file


@admitted
@require_safe
def show_lists(request: HttpRequest, occasion: Occasion) -> HttpResponse:
    """Show the list in force and the history of its versions."""
    versions = published_lists(occasion.actor)
    return _show(request, occasion.actor, versions, versions[0] if versions else None)


@admitted
@require_safe
def show_version(request: HttpRequest, occasion: Occasion, uid: str) -> HttpResponse:
    """Show one version, also one that was replaced."""
    versions = published_lists(occasion.actor)
    shown = next((one for one in versions if one.id == uid), None)
    if shown is None:
        raise NotFound("清单版本")
    return _show(request, occasion.actor, versions, shown)


def _show(
    request: HttpRequest, actor: Actor, versions: tuple[PublishedList, ...], shown: PublishedList | None
) -> HttpResponse:
    words = request.GET.get("q", "").strip()[:100]
    has_draft = may_publish(actor) and kept_draft(request, actor) is not None
    card = list_page(actor, versions, shown, words=words, has_draft=has_draft)
    template = "lists/rows.html" if wants_fragment(request) else "lists/list.html"
    return render(request, template, {"list": card, "place": "law"})


@admitted
@require_safe
def export_list(request: HttpRequest, occasion: Occasion, uid: str) -> HttpResponse:
    """Send a version as xlsx."""
    name, data = export_workbook(occasion.actor, uid)
    response = HttpResponse(data, content_type=_XLSX)
    response.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    return response


@admitted
@require_safe
def show_draft(request: HttpRequest, occasion: Occasion) -> HttpResponse:
    """Show the draft, and the form for the row that was chosen."""
    require_publisher(occasion.actor)
    draft, newest = _draft(request, occasion.actor)
    asked = request.GET.get("row", "")
    form = None
    if asked == "new":
        form = row_form(None, None)
    elif (place := _place(asked, draft.rows)) is not None:
        form = row_form(draft.rows[place], place)
    return _show_draft(request, occasion.actor, draft, newest, form)


def _show_draft(
    request: HttpRequest,
    actor: Actor,
    draft: ListDraft,
    newest: PublishedList | None,
    form: RowForm | None,
    status: int = 200,
) -> HttpResponse:
    base = published_list(actor, draft.based_on) if draft.based_on else None
    card = draft_page(draft, base, newest, form=form, categories=suggested_categories(actor))
    return render(request, "lists/draft.html", {"draft": card, "place": "law"}, status=status)


def _draft(request: HttpRequest, actor: Actor) -> tuple[ListDraft, PublishedList | None]:
    versions = published_lists(actor)
    newest = versions[0] if versions else None
    return open_draft(request, actor, newest), newest


def _place(asked: str, rows: tuple[ListEntry, ...]) -> int | None:
    """Give a place in the draft; anything else than the number of a row there is none."""
    return int(asked) if asked.isascii() and asked.isdecimal() and len(asked) < 6 and int(asked) < len(rows) else None


@admitted
@require_POST
def save_row(request: HttpRequest, occasion: Occasion) -> HttpResponse:
    """Put a row into the draft, or show the form again with what is wrong."""
    require_publisher(occasion.actor)
    draft, newest = _draft(request, occasion.actor)
    require_current(request, draft)
    entry, faults = read_entry({column.field: request.POST.get(column.field, "") for column in COLUMNS})
    asked = request.POST.get("row", "")
    place = _place(asked, draft.rows)
    if place is None and asked != "new":
        raise BadInput("草稿", "没有这一行；请返回草稿页，刷新后再改")
    if faults:
        return _show_draft(request, occasion.actor, draft, newest, row_form(entry, place, faults), status=400)
    rows = list(draft.rows)
    if place is None:
        if len(rows) >= MOST_ROWS:
            raise BadInput("清单", f"清单已有 {MOST_ROWS} 行，不能再加；请合并事项后再加")
        place = len(rows)
        rows.append(entry)
    else:
        rows[place] = entry
    keep_draft(request, draft.with_rows(rows))
    return _to_row(place)


def _to_row(place: int) -> HttpResponse:
    return redirect(f"{reverse('list-draft')}#row-{place + 1}")


@admitted
@require_POST
def change_draft(request: HttpRequest, occasion: Occasion) -> HttpResponse:
    """Take a row out, bring one back, move one; take an import back, go on from a newer version, or give the draft up."""
    require_publisher(occasion.actor)
    draft, newest = _draft(request, occasion.actor)
    require_current(request, draft)
    act, row = request.POST.get("act", ""), request.POST.get("row", "")
    if act == "drop":
        drop_draft(request)
        return redirect("lists")
    if act == "take-back" and draft.imported_from is not None:
        keep_draft(request, draft.with_rows(draft.aside))
        return redirect("list-draft")
    if act == "rebase" and newest is not None:
        keep_draft(request, draft.onto(newest))
        return redirect("list-preview")
    if act == "restore":
        return _restore(request, occasion.actor, draft, row)
    place = _place(row, draft.rows)
    if place is None or act not in ("remove", "up", "down"):
        raise BadInput("草稿", "没有这一行或者没有这个操作；请返回草稿页，刷新后再改")
    rows, landed = _changed(draft.rows, place, act)
    keep_draft(request, draft.with_rows(rows))
    return _to_row(landed)


def _changed(rows: tuple[ListEntry, ...], place: int, act: str) -> tuple[list[ListEntry], int]:
    """Give the rows after one was taken out or moved, and where to look then."""
    changed = list(rows)
    moved = changed.pop(place)
    if act == "remove":
        return changed, max(0, min(place, len(changed) - 1))
    landed = max(0, place - 1) if act == "up" else min(len(changed), place + 1)
    changed.insert(landed, moved)
    return changed, landed


def _restore(request: HttpRequest, actor: Actor, draft: ListDraft, row: str) -> HttpResponse:
    """Bring a row of the version in force back, to the place it had."""
    base = published_list(actor, draft.based_on) if draft.based_on else None
    was = _place(row, base.entries if base else ())
    if base is None or was is None:
        raise BadInput("草稿", "现行清单里没有这一行；请返回草稿页，刷新后再改")
    rows = list(draft.rows)
    place = min(was, len(rows))
    rows.insert(place, base.entries[was])
    keep_draft(request, draft.with_rows(rows))
    return _to_row(place)


@csrf_exempt  # checked in _take_in, after the size is known: the check itself would read the whole body
@admitted
@require_POST
def import_list(request: HttpRequest, occasion: Occasion) -> HttpResponse:
    """Take an xlsx file into the draft and show what it would change; with a bad row nothing is taken."""
    require_publisher(occasion.actor)
    if int(request.headers.get("Content-Length") or 0) > LARGEST_FILE + _AROUND_A_FILE:
        return refuse(
            request, 413, "文件太大", f"清单文件不超过 {LARGEST_FILE // 1_000_000} MB；请只留清单一张工作表后再导入。"
        )
    return _take_in(request, occasion)


@csrf_protect
def _take_in(request: HttpRequest, occasion: Occasion) -> HttpResponse:
    file = request.FILES.get("file")
    draft, newest = _draft(request, occasion.actor)
    require_current(request, draft)
    if file is None:
        return _refuse_import(request, "请先选择一个 xlsx 文件，再点“导入”。")
    try:
        found = import_workbook(occasion.actor, file.read())
    except SheetRefused as refusal:
        return _refuse_import(request, f"{refusal}。", file.name or "")
    except BadInput as refusal:
        return _refuse_import(request, f"{refusal.place}：{refusal.sentence}。", file.name or "")
    if found.bad:
        return _show_preview(request, occasion.actor, draft, newest, found, status=400)
    keep_draft(request, draft.with_import(found.entries, (file.name or "")[:100]))
    request.session["list-notes"] = list(found.notes)
    return redirect("list-preview")


def _refuse_import(request: HttpRequest, sentence: str, name: str = "") -> HttpResponse:
    return render(request, "lists/refused.html", {"sentence": sentence, "name": name, "place": "law"}, status=400)


@admitted
@require_safe
def preview(request: HttpRequest, occasion: Occasion) -> HttpResponse:
    """Show what publishing the draft would change."""
    require_publisher(occasion.actor)
    draft, newest = _draft(request, occasion.actor)
    return _show_preview(request, occasion.actor, draft, newest, None)


def _show_preview(
    request: HttpRequest,
    actor: Actor,
    draft: ListDraft,
    newest: PublishedList | None,
    found: ImportedList | None,
    status: int = 200,
) -> HttpResponse:
    base = published_list(actor, draft.based_on) if draft.based_on else None
    rows = found.entries if found else draft.rows
    notes = found.notes if found else request.session.get("list-notes", []) if draft.imported_from else []
    card = draft_page(draft, base, newest, form=None, categories=())
    context = {
        "draft": card,
        "comparison": comparison(base.entries if base else (), rows),
        "bad": found.bad if found else (),
        "sheet": found.sheet if found else "",
        "notes": notes,
        "rows": len(rows),
        "place": "law",
    }
    return render(request, "lists/preview.html", context, status=status)


@admitted
@require_POST
def publish(request: HttpRequest, occasion: Occasion) -> HttpResponse:
    """Publish the draft as the next version."""
    require_publisher(occasion.actor)
    draft, _ = _draft(request, occasion.actor)
    require_current(request, draft)
    if problems(draft.rows):
        return redirect("list-preview")
    publish_list(occasion, draft.rows, based_on=draft.based_on)
    drop_draft(request)
    return redirect("lists")
