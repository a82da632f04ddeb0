"""保管: the page of who had a recording, and what is written down of its keeping."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from liuhen.core.kernel.errors import BadInput
from liuhen.core.kernel.moments import SHANGHAI
from liuhen.doors.web.cards.custody import custody_page
from liuhen.doors.web.custody_forms import FORMS, ClassifyForm, HoldForm, KeepForm, LateForm, ReleaseForm, TransferForm
from liuhen.doors.web.entry import admitted
from liuhen.flows.access import NotFound, recording_for
from liuhen.flows.ingest import explain_storage
from liuhen.flows.occasion import Occasion
from liuhen.flows.read_case import CaseReading, read_case
from liuhen.flows.record_batch import record_batch
from liuhen.flows.sent_batch import Sent
from liuhen.flows.tend_recordings import hold_recording, release_recording, transfer_recording


@admitted
@require_safe
def show_custody(request: HttpRequest, occasion: Occasion, uid: str, recording: str) -> HttpResponseBase:
    """Show where a recording came from, who had it, and until when it is kept."""
    return _page(request, occasion, _reading(occasion, uid, recording), recording)


def _reading(occasion: Occasion, uid: str, recording: str) -> CaseReading:
    reading = read_case(occasion.actor, uid, at=occasion.at)
    known = reading.facts.recordings.get(recording)
    if known is None or known.act is None or recording_for(occasion.actor, recording).case_uid != uid:
        raise NotFound("音像记录")
    return reading


def _page(
    request: HttpRequest,
    occasion: Occasion,
    reading: CaseReading,
    recording: str,
    kind: str = "",
    typed: forms.Form | None = None,
) -> HttpResponse:
    fresh = {name: form() for name, form in FORMS.items()}
    holds = reading.facts.recordings[recording].holds
    release: dict[str, forms.Form] = {hold: ReleaseForm(initial={"hold": hold}) for hold in holds}
    if typed is not None and kind == "release":
        release = {hold: typed if typed.data.get("hold") == hold else form for hold, form in release.items()}
    elif typed is not None:
        fresh[kind] = typed
    page = custody_page(reading, occasion.actor, recording, fresh, release, kind)
    status = 200 if typed is None else 400
    return render(request, "recordings/custody.html", {"custody": page, "place": "cases"}, status=status)


@admitted
@require_POST
def enter_custody(request: HttpRequest, occasion: Occasion, uid: str, recording: str, kind: str) -> HttpResponseBase:
    """Write down one thing of a recording's keeping."""
    reading = _reading(occasion, uid, recording)
    if kind not in FORMS:
        raise NotFound("要登记的事项")
    form = FORMS[kind](request.POST)
    if form.is_valid():
        try:
            _enter(form, occasion, uid, recording)
        except BadInput as fault:
            form.add_error(None, fault.sentence)
        else:
            return redirect("custody", uid, recording)
    return _page(request, occasion, reading, recording, kind, form)


def _enter(form: forms.Form, occasion: Occasion, uid: str, recording: str) -> None:
    said: dict[str, Any] = form.cleaned_data
    match form:
        case LateForm():
            returned = said["returned_at"].astimezone(SHANGHAI)
            explain_storage(occasion, recording, ground=said["ground"], returned_at=returned)
        case KeepForm():
            _record(occasion, uid, recording, "recording.kept", form.content)
        case ClassifyForm():
            _record(occasion, uid, recording, "recording.classified", form.content)
        case HoldForm():
            hold_recording(occasion, recording, ground=said["ground"])
        case ReleaseForm():
            release_recording(occasion, recording, said["hold"], reason=said["reason"])
        case TransferForm():
            transfer_recording(occasion, recording, **said)


def _record(occasion: Occasion, uid: str, recording: str, name: str, content: dict[str, Any]) -> None:
    record_batch(uid, occasion, [Sent(occasion.new_id(), name, occasion.at, content, recording)])
