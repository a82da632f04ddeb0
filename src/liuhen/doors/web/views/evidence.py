"""作为证据: the passport of a recording, its printed page, and what is taken out of it."""

from dataclasses import asdict
from urllib.parse import quote

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from liuhen.doors.web.cards.evidence import evidence_page
from liuhen.doors.web.entry import admitted
from liuhen.doors.web.evidence_forms import ExtractForm, NotesForm
from liuhen.doors.web.ranges import ranged
from liuhen.flows.access import NotFound, recording_for
from liuhen.flows.classified import is_state_secret
from liuhen.flows.evidence_passport import Passport, note_evidence, passport_of, print_passport, proposed_notes
from liuhen.flows.extract import extract_clip, extract_frame, extract_of
from liuhen.flows.hand_out import release
from liuhen.flows.marked_copies import needs_mark
from liuhen.flows.occasion import Occasion
from liuhen.flows.office import office
from liuhen.flows.read_case import CaseReading, read_case


@admitted
@require_http_methods(["GET", "HEAD", "POST"])
def show_evidence(request: HttpRequest, occasion: Occasion, uid: str, recording: str) -> HttpResponseBase:
    """Show a recording as evidence, or note what was typed of it."""
    reading, passport = _passport(occasion, uid, recording)
    form = NotesForm(request.POST) if request.method == "POST" else None
    if form is not None and form.is_valid():
        note_evidence(uid, occasion, recording, form.notes)
        return redirect("evidence", uid, recording)
    shown = form or NotesForm(initial=asdict(proposed_notes(reading, passport)))
    return _page(request, occasion, reading, passport, shown, ExtractForm(), status=400 if form is not None else 200)


def _passport(occasion: Occasion, uid: str, recording: str) -> tuple[CaseReading, Passport]:
    reading = read_case(occasion.actor, uid, at=occasion.at)
    passport = passport_of(reading, recording)
    if passport is None:
        raise NotFound("音像记录")
    return reading, passport


def _require_linked(occasion: Occasion, uid: str, recording: str) -> None:
    """See to it that a recording of this case is there for this person, without judging the case. Raises NotAllowed, NotFound."""
    row = recording_for(occasion.actor, recording)
    if row.case_uid != uid or not row.act_uid:
        raise NotFound("音像记录")


def _page(
    request: HttpRequest,
    occasion: Occasion,
    reading: CaseReading,
    passport: Passport,
    notes: NotesForm,
    extract: ExtractForm,
    *,
    status: int = 200,
) -> HttpResponse:
    secret = is_state_secret(passport.recording.classification)
    page = evidence_page(reading, occasion.actor, passport, secret=secret)
    shown = {"evidence": page, "notes": notes, "extract": extract, "recording": passport.recording.uid}
    return render(request, "recordings/evidence.html", shown, status=status)


@admitted
@require_POST
def print_evidence(request: HttpRequest, occasion: Occasion, uid: str, recording: str) -> HttpResponseBase:
    """Print the passport as a document of the case."""
    _require_linked(occasion, uid, recording)
    print_passport(uid, occasion, recording)
    return redirect("evidence", uid, recording)


@admitted
@require_POST
def extract(request: HttpRequest, occasion: Occasion, uid: str, recording: str) -> HttpResponseBase:
    """Take a still or a clip out of a recording."""
    _require_linked(occasion, uid, recording)
    form = ExtractForm(request.POST)
    if not form.is_valid():
        reading, passport = _passport(occasion, uid, recording)
        notes = NotesForm(initial=asdict(proposed_notes(reading, passport)))
        return _page(request, occasion, reading, passport, notes, form, status=400)
    said = form.cleaned_data
    if said["end"] is None:
        extract_frame(occasion, recording, second=said["start"], purpose=said["purpose"])
    else:
        extract_clip(occasion, recording, start=said["start"], end=said["end"], purpose=said["purpose"])
    return redirect("evidence", uid, recording)


@admitted
@require_safe
def send_extract(request: HttpRequest, occasion: Occasion, uid: str, recording: str, item: str) -> HttpResponseBase:
    """Send a still or a clip; taking it leaves its trace first."""
    row = recording_for(occasion.actor, recording)
    if row.case_uid != uid:
        raise NotFound("截取的内容")
    taken = extract_of(recording, item)
    if needs_mark(row):
        return redirect(f"{reverse('marked', args=[uid, recording])}?item={item}")
    if request.method == "GET":
        what = f"{taken.kind} {taken.file.name}（{recording}）"
        release(uid, occasion, what=what, manner="下载", recording=recording)
    response = ranged(
        request,
        opened=lambda start, length: office().vault.open(taken.file.sha256, start, length),
        size=taken.file.size,
        digest=taken.file.sha256,
        media_type=taken.file.media_type,
    )
    response.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(taken.file.name)}"
    return response
