"""播放器: the page, the bytes by range, the poster, and marks."""

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from liuhen.core.events.recording import RecordingMarked
from liuhen.doors.web.cards.case import case_header
from liuhen.doors.web.cards.player import player
from liuhen.doors.web.entry import admitted, refuse
from liuhen.doors.web.forms import MarkForm
from liuhen.doors.web.ranges import ranged
from liuhen.flows.access import NotFound, recording_for
from liuhen.flows.hand_out import release
from liuhen.flows.ingest import mark_recording
from liuhen.flows.occasion import Occasion
from liuhen.flows.office import office
from liuhen.flows.posters import poster_of
from liuhen.flows.read_case import read_case


@admitted
def show_player(request: HttpRequest, occasion: Occasion, uid: str, recording: str) -> HttpResponse:
    """Show a recording of the case with its act's clock and marks."""
    reading = read_case(occasion.actor, uid, at=occasion.at)
    card = player(reading, occasion.actor, recording)
    if card is None:
        raise NotFound("音像记录")
    return render(request, "recordings/player.html", {"player": card, "header": case_header(reading, occasion.actor)})


@admitted
@require_safe
def send_recording(request: HttpRequest, occasion: Occasion, uid: str, recording: str) -> HttpResponseBase:
    """Send a recording, or the asked range of it; the first play of a day leaves its trace first."""
    row = recording_for(occasion.actor, recording)
    if row.case_uid != uid:
        raise NotFound("音像记录")
    if request.method == "GET":
        _trace(request, occasion, uid, recording, row.name)
    return ranged(
        request,
        opened=lambda start, length: office().vault.open(row.sha256, start, length),
        size=row.size,
        digest=row.sha256,
        media_type=row.media_type,
    )


def _trace(request: HttpRequest, occasion: Occasion, uid: str, recording: str, name: str) -> None:
    """Leave the trace once; the session remembers it so that the ranges of one play need not ask the ledger again."""
    asked = request.GET
    taking, purpose, access = "download" in asked, asked.get("purpose", "")[:20], asked.get("access", "")[:64]
    played = f"{'taken' if taking else 'played'} {recording} {occasion.at:%Y%m%d}"
    known: list[str] = request.session.get("played", [])
    outside = bool(purpose or access)
    if played in known and not outside:
        return
    release(
        uid,
        occasion,
        what=f"音像 {name}（{recording}）",
        manner="下载" if taking else "播放",
        purpose=purpose,
        access=access,
        recording=recording,
    )
    if not outside:
        request.session["played"] = [*known[-99:], played]


@admitted
@require_safe
def send_poster(request: HttpRequest, occasion: Occasion, uid: str, recording: str) -> HttpResponseBase:
    """Send the still picture of a recording; 404 where there is none to draw."""
    row = recording_for(occasion.actor, recording)
    picture = poster_of(occasion.actor, recording) if row.case_uid == uid else None
    if picture is None:
        raise Http404
    return HttpResponse(picture, content_type="image/jpeg")


@admitted
@require_POST
def mark(request: HttpRequest, occasion: Occasion, uid: str, recording: str) -> HttpResponseBase:
    """Set down what can be seen or heard at a second, and return to the player."""
    form = MarkForm(request.POST)
    if recording_for(occasion.actor, recording).case_uid != uid:
        raise NotFound("音像记录")
    if not form.is_valid():
        sentences = "".join(str(error) for errors in form.errors.values() for error in errors)
        return refuse(request, 400, "没有保存标记", sentences)
    said = form.cleaned_data
    mark_recording(occasion, recording, RecordingMarked(said["second"], said["topic"], said["note"] or None))
    return redirect("play", uid, recording)
