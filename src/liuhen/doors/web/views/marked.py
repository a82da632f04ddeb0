"""水印副本: the page that waits for the copy, and the copy itself."""

from urllib.parse import quote, urlencode

from django.http import FileResponse, HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from liuhen.doors.web.cards.case import case_header
from liuhen.doors.web.entry import admitted, wants_fragment
from liuhen.flows.access import NotFound, recording_for
from liuhen.flows.extract import extract_of
from liuhen.flows.hand_out import release
from liuhen.flows.marked_copies import MarkedCopy, marked_copy
from liuhen.flows.occasion import Occasion
from liuhen.flows.read_case import read_case


@admitted
@require_safe
def show_marked(request: HttpRequest, occasion: Occasion, uid: str, recording: str) -> HttpResponseBase:
    """Ask for the copy and show how far it is; a restricted recording is downloaded in no other form."""
    copy = _copy(request, occasion, uid, recording)
    asked = {name: request.GET[name] for name in ("access", "purpose", "item") if name in request.GET}
    shown = {"copy": copy, "uid": uid, "recording": recording, "asked": f"?{urlencode(asked)}" if asked else ""}
    if wants_fragment(request):
        return render(request, "recordings/marked_state.html", shown)
    reading = read_case(occasion.actor, uid, at=occasion.at)
    header = case_header(reading, occasion.actor)
    return render(request, "recordings/marked.html", shown | {"header": header, "place": "cases"})


@admitted
@require_safe
def send_marked(request: HttpRequest, occasion: Occasion, uid: str, recording: str) -> HttpResponseBase:
    """Send the copy; taking it leaves its trace first."""
    copy = _copy(request, occasion, uid, recording)
    if copy.ready is None:
        raise NotFound("水印副本")
    if request.method == "GET":
        asked = request.GET
        release(
            uid,
            occasion,
            what=f"音像水印副本 {copy.name}（{recording}）",
            manner="下载",
            purpose=asked.get("purpose", "")[:20],
            access=asked.get("access", "")[:64],
            recording=recording,
        )
    response = FileResponse(copy.ready.open("rb"), content_type=copy.media_type)
    response.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(copy.name)}"
    return response


def _copy(request: HttpRequest, occasion: Occasion, uid: str, recording: str) -> MarkedCopy:
    """The copy of a recording of the case, or of the `item` that was taken out of it."""
    if recording_for(occasion.actor, recording).case_uid != uid:
        raise NotFound("音像记录")
    item = request.GET.get("item", "")
    return marked_copy(occasion, recording, extract_of(recording, item) if item else None)
