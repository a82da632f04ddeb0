"""播放器: the pages of a recording, in its case or by itself; its bytes by range, its copy, preview and waveform; and marks.

Invariant: the first bytes that show anything of a recording's course leave their trace before they are sent. An address without
a case reaches only what no case has.
"""

from pathlib import Path
from typing import BinaryIO, cast

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from liuhen.adapters.vault.ranges import Window
from liuhen.core.events.recording import RecordingMarked
from liuhen.doors.web.cards.case import case_header
from liuhen.doors.web.cards.player import Player, loose_player, player
from liuhen.doors.web.cards.player_reel import address
from liuhen.doors.web.entry import admitted, refuse, wants_fragment
from liuhen.doors.web.forms import MarkForm
from liuhen.doors.web.import_forms import first_error
from liuhen.doors.web.ranges import ranged
from liuhen.flows.access import NotFound, Permission, recording_for
from liuhen.flows.classified import is_state_secret
from liuhen.flows.consult_recording import consult_recording, loose_recording_for
from liuhen.flows.hand_out import HoldsStateSecrets, NotGranted, release
from liuhen.flows.ingest import mark_recording
from liuhen.flows.marked_copies import needs_mark
from liuhen.flows.occasion import Actor, Occasion
from liuhen.flows.office import office
from liuhen.flows.posters import picture_of, poster_of
from liuhen.flows.proxies import preview_of, proxy_of, waveform_of
from liuhen.flows.read_case import read_case
from liuhen.flows.read_loose import read_loose
from liuhen.records.index.models import RecordingRow

# Which state of a page's recording its page waits for.
_WAITING = "making"


@admitted
@require_safe
def show_player(request: HttpRequest, occasion: Occasion, uid: str, recording: str) -> HttpResponse:
    """Show a recording of the case with its act's clock, its script and its marks."""
    reading = read_case(occasion.actor, uid, at=occasion.at)
    card = player(reading, occasion.actor, recording)
    if card is None:
        raise NotFound("音像记录")
    return _page(request, occasion, card, {"header": case_header(reading, occasion.actor)})


@admitted
@require_safe
def show_recording(request: HttpRequest, occasion: Occasion, recording: str) -> HttpResponse:
    """Show a recording that no case has, with the acts it may show; one that a case has is shown there."""
    reading = read_loose(occasion.actor, recording, at=occasion.at)
    if reading.case:
        return redirect("play", reading.case, recording)
    card = loose_player(reading, occasion.actor)
    if card is None:
        raise NotFound("音像记录")
    return _page(request, occasion, card, {"place": "import"})


def _page(request: HttpRequest, occasion: Occasion, card: Player, more: dict[str, object]) -> HttpResponse:
    if wants_fragment(request) and "waiting" in request.GET:
        # What waits for its copy asks again and again: nothing changes until the copy is there, and then everything does.
        waits = card.piece.state == _WAITING
        return HttpResponse(status=204, headers={} if waits else {"HX-Refresh": "true"})
    return render(request, "recordings/player.html", {"player": card, "script": card.script, "at": occasion.at, **more})


@admitted
@require_safe
def send_recording(request: HttpRequest, occasion: Occasion, uid: str, recording: str) -> HttpResponseBase:
    """Send a recording, or the asked range of it; the first play of a day leaves its trace first."""
    row = _row(occasion.actor, uid, recording)
    if "download" in request.GET and needs_mark(row):
        if is_state_secret(row.classification):
            raise HoldsStateSecrets  # who may know of it may look at it here; nobody carries it away through the web
        return _to_marked(request, row)
    if request.method == "GET":
        _trace(request, occasion, row)
    return ranged(
        request,
        opened=lambda start, length: office().vault.open(row.sha256, start, length),
        size=row.size,
        digest=row.sha256,
        media_type=row.media_type,
    )


def _to_marked(request: HttpRequest, row: RecordingRow) -> HttpResponse:
    """A restricted recording is taken only as a copy that names who took it; it needs a case to be taken from."""
    if not row.case_uid:
        raise NotGranted("这段音像定过密级或者类别，只能下载带水印的副本；请先关联案件，再从案件中下载")
    asked = request.GET.copy()
    asked.pop("download")
    return redirect(f"{reverse('marked', args=[row.case_uid, row.uid])}{'?' if asked else ''}{asked.urlencode()}")


@admitted
@require_safe
def send_copy(request: HttpRequest, occasion: Occasion, uid: str, recording: str) -> HttpResponseBase:
    """Send the copy that browsers play, or the asked range of it; to watch it is to watch the recording."""
    row = _row(occasion.actor, uid, recording)
    is_photo = row.kind == "photo"
    path = (picture_of if is_photo else proxy_of)(occasion.actor, recording)
    if path is None:
        raise Http404
    if request.method == "GET":
        _trace(request, occasion, row, taking=False)
    return ranged(
        request,
        opened=lambda start, length: _window(path, start, length),
        size=path.stat().st_size,
        digest=f"{row.sha256}-copy-{path.stat().st_mtime_ns}",
        media_type="image/jpeg" if is_photo else "video/mp4",
    )


def _window(path: Path, start: int, length: int) -> BinaryIO:
    file = path.open("rb")
    file.seek(start)
    return cast(BinaryIO, Window(file, length))


@admitted
@require_safe
def send_preview(request: HttpRequest, occasion: Occasion, uid: str, recording: str) -> HttpResponseBase:
    """Send the preview picture: it shows the course of the recording, so it is traced like a play."""
    row = _row(occasion.actor, uid, recording)
    preview = preview_of(occasion.actor, recording)
    if preview is None:
        raise Http404
    if request.method == "GET":
        _trace(request, occasion, row, taking=False)
    return HttpResponse(preview.path.read_bytes(), content_type="image/jpeg")


@admitted
@require_safe
def send_waveform(request: HttpRequest, occasion: Occasion, uid: str, recording: str) -> HttpResponseBase:
    """Send the peaks of the sound, one byte each; how loud it was is no content of it."""
    _row(occasion.actor, uid, recording)
    peaks = waveform_of(occasion.actor, recording)
    if peaks is None:
        raise Http404
    return HttpResponse(peaks, content_type="application/octet-stream")


def _row(actor: Actor, uid: str, recording: str, permission: Permission = Permission.VIEW) -> RecordingRow:
    """Give a recording of a case, or of no case where `uid` is empty. Raises NotAllowed, NotFound."""
    row = recording_for(actor, recording, permission) if uid else loose_recording_for(actor, recording)
    if row.case_uid != uid:
        raise NotFound("音像记录")
    return row


def _trace(request: HttpRequest, occasion: Occasion, row: RecordingRow, *, taking: bool | None = None) -> None:
    """Leave the trace once; the session remembers it so that the ranges of one play need not ask the ledger again."""
    asked = request.GET
    taking = "download" in asked if taking is None else taking
    purpose, access = asked.get("purpose", "")[:20], asked.get("access", "")[:64]
    played = f"{'taken' if taking else 'played'} {row.case_uid} {row.uid} {occasion.at:%Y%m%d}"
    known: list[str] = request.session.get("played", [])
    outside = bool(purpose or access)
    if played in known and not outside:
        return
    if row.case_uid:
        release(
            row.case_uid,
            occasion,
            what=f"音像 {row.name}（{row.uid}）",
            manner="下载" if taking else "播放",
            purpose=purpose,
            access=access,
            recording=row.uid,
        )
    else:
        consult_recording(occasion, row.uid, manner="下载" if taking else "播放", purpose=purpose)
    if not outside:
        request.session["played"] = [*known[-99:], played]


@admitted
@require_safe
def send_poster(request: HttpRequest, occasion: Occasion, uid: str, recording: str) -> HttpResponseBase:
    """Send the still picture of a recording; 404 where there is none to draw."""
    _row(occasion.actor, uid, recording)
    picture = poster_of(occasion.actor, recording)
    if picture is None:
        raise Http404
    return HttpResponse(picture, content_type="image/jpeg")


@admitted
@require_POST
def mark(request: HttpRequest, occasion: Occasion, uid: str, recording: str) -> HttpResponseBase:
    """Set down what can be seen or heard at a second, and show the script again; `reel` names the page it stands on."""
    _row(occasion.actor, uid, recording)
    form = MarkForm(request.POST)
    page = request.POST.get("reel", "")[:64] or recording
    if not form.is_valid():
        if wants_fragment(request):
            return _script(request, occasion, uid, page, problem=first_error(form))
        return refuse(request, 400, "没有保存标记", first_error(form))
    said = form.cleaned_data
    mark_recording(occasion, recording, RecordingMarked(said["second"], said["topic"], said["note"] or None))
    if wants_fragment(request):
        return _script(request, occasion, uid, page)
    return redirect(address("play", uid, recording))


def _script(request: HttpRequest, occasion: Occasion, uid: str, page: str, problem: str = "") -> HttpResponse:
    if uid:
        card = player(read_case(occasion.actor, uid, at=occasion.at), occasion.actor, page)
    else:
        card = loose_player(read_loose(occasion.actor, page, at=occasion.at), occasion.actor)
    if card is None:
        raise NotFound("音像记录")
    shown = {"player": card, "script": card.script, "problem": problem}
    return render(request, "recordings/script.html", shown, status=400 if problem else 200)
