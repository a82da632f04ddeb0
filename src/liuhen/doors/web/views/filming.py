"""应录与实录: every act of a case against its film; gaps explained, wrong links undone, doubtful clocks put right.

Invariant: what is sent is held against the case as it stands: a gap that somebody explained meanwhile is not explained twice.
"""

from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from liuhen.core.facts.model import Act
from liuhen.core.kernel.errors import LiuhenError
from liuhen.doors.web.cards.case import case_header
from liuhen.doors.web.cards.filming_table import ActFilming, GapRow, act_filming, filming_of_case, open_gap, resumed_at
from liuhen.doors.web.cards.player_reel import length_of
from liuhen.doors.web.entry import admitted, refuse, wants_fragment
from liuhen.doors.web.import_forms import LinkForm, TimeForm, first_error
from liuhen.doors.web.player_forms import GapForm, ReasonForm
from liuhen.flows.access import NotAllowed, NotFound, Permission, case_for, recording_for
from liuhen.flows.conduct_act import explain_interruption
from liuhen.flows.consult_recording import loose_recording_for
from liuhen.flows.ground import recording_facts
from liuhen.flows.ingest import link_recording
from liuhen.flows.occasion import Occasion
from liuhen.flows.read_case import CaseReading, read_case
from liuhen.flows.tend_recordings import settle_time, unlink_recording


@admitted
@require_safe
def show_filming(request: HttpRequest, occasion: Occasion, uid: str) -> HttpResponse:
    """Show what of each act had to be filmed and what was."""
    reading = read_case(occasion.actor, uid, at=occasion.at)
    acts = filming_of_case(reading, occasion.actor)
    return render(request, "recordings/filming.html", {"header": case_header(reading, occasion.actor), "acts": acts})


@admitted
@require_POST
def explain_gap(request: HttpRequest, occasion: Occasion, uid: str, act: str) -> HttpResponse:
    """Set down why a stretch was not filmed."""
    case_for(occasion.actor, uid, Permission.INVESTIGATE)
    reading = read_case(occasion.actor, uid, at=occasion.at)
    known = reading.facts.case.acts.get(act)
    if known is None:
        raise NotFound("执法活动")
    back = request.POST.get("back", "")[:64]
    table = act_filming(reading, occasion.actor, known, back if back in known.recordings else "")
    form = GapForm(request.POST, recordings=table.recordings, documents=table.documents)
    if not form.is_valid():
        return _asked_again(request, table, form)
    problem = _explain(reading, occasion, known, form)
    if problem:
        return refuse(request, 409, "没有记录说明", problem)
    return _go(request, reverse("play", args=[uid, table.back]) if table.back else reverse("filming", args=[uid]))


def _explain(reading: CaseReading, occasion: Occasion, act: Act, form: GapForm) -> str:
    """Record the explanation; gives the sentence that says why it no longer fits, empty where it was recorded."""
    said = form.cleaned_data
    gap = open_gap(reading, act, said["stopped"])
    if gap is None:
        return "这段缺口已经说明，或者音像的关联、时间有变化；请回到上一页刷新后核对"
    explain_interruption(
        reading.uid,
        occasion,
        act=act.uid,
        stopped_at=gap.interval.start,
        resumed_at=resumed_at(act, gap),
        cause=said["cause"],
        recording=said["recording"] or None,
        second=said["second"],
        document=said["document"] or None,
        reported_to=said["reported_to"] or None,
        reported_at=said["reported_at"],
    )
    return ""


def _asked_again(request: HttpRequest, table: ActFilming, form: GapForm) -> HttpResponse:
    """Give the form back with what was typed and what is wrong with it."""
    gap = next((one for one in table.gaps if one.stopped == request.POST.get("stopped")), None)
    if gap is None or not wants_fragment(request):
        return refuse(request, 400, "没有记录说明", first_error(form))
    return _form(request, table, gap, form)


def _form(request: HttpRequest, table: ActFilming, gap: GapRow, form: GapForm) -> HttpResponse:
    errors = [str(error) for found in form.errors.values() for error in found]
    shown = {"act": table, "gap": gap, "errors": errors, "said": request.POST}
    return render(request, "recordings/gap_form.html", shown, status=400)


@admitted
@require_POST
def unlink(request: HttpRequest, occasion: Occasion, uid: str, recording: str) -> HttpResponse:
    """Undo a link that was a mistake; the recording is then one that no case has."""
    case_for(occasion.actor, uid, Permission.INVESTIGATE)
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return _wrong(request, first_error(form))
    try:
        unlink_recording(uid, occasion, recording, reason=form.cleaned_data["reason"])
    except (NotAllowed, NotFound):
        raise
    except LiuhenError as refusal:
        return _wrong(request, str(refusal))
    return _go(request, reverse("recording", args=[recording]))


@admitted
@require_POST
def retime(request: HttpRequest, occasion: Occasion, recording: str) -> HttpResponse:
    """Set down when a recording was really filmed, and on what grounds."""
    row = recording_for(occasion.actor, recording, Permission.INVESTIGATE)
    form = TimeForm(request.POST)
    if not form.is_valid():
        return _wrong(request, first_error(form))
    started, ended = form.span(timedelta(seconds=length_of(recording_facts(recording))))
    try:
        settle_time(occasion, recording, started=started, ended=ended, basis=form.cleaned_data["basis"])
    except (NotAllowed, NotFound):
        raise
    except LiuhenError as refusal:
        return _wrong(request, str(refusal))
    page = reverse("play", args=[row.case_uid, recording]) if row.case_uid else reverse("recording", args=[recording])
    return _go(request, page)


@admitted
@require_POST
def link_loose(request: HttpRequest, occasion: Occasion, recording: str) -> HttpResponse:
    """Link a recording to the act that a person confirmed, and show it in its case."""
    loose_recording_for(occasion.actor, recording)
    form = LinkForm(request.POST)
    if not form.is_valid():
        return _wrong(request, first_error(form))
    case, act = form.chosen()
    link_recording(case, occasion, recording=recording, act=act)
    return _go(request, reverse("play", args=[case, recording]))


def _wrong(request: HttpRequest, sentence: str) -> HttpResponse:
    """Say what is wrong: beside the form, which keeps what was typed, or on a page where there are no scripts."""
    if wants_fragment(request):
        return render(request, "recordings/problem.html", {"sentence": sentence}, status=400)
    return refuse(request, 400, "没有办理", sentence)


def _go(request: HttpRequest, page: str) -> HttpResponse:
    if wants_fragment(request):
        return HttpResponse(status=204, headers={"HX-Redirect": page})
    return redirect(page)
