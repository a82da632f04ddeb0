"""文书: the PDF in place or as a download."""

from urllib.parse import quote

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

from liuhen.doors.web.entry import admitted
from liuhen.doors.web.policy import widen
from liuhen.doors.web.ranges import ranged
from liuhen.flows.access import NotFound, document_for
from liuhen.flows.ground import ground_of
from liuhen.flows.hand_out import release
from liuhen.flows.occasion import Occasion
from liuhen.flows.office import office


@xframe_options_sameorigin
@admitted
@require_safe
def send_document(request: HttpRequest, occasion: Occasion, uid: str, document: str) -> HttpResponseBase:
    """Send the newest version of a document; reading and taking leave their traces."""
    row = document_for(occasion.actor, document)
    kept = office().vault.stat(row.sha256) if row.case.uid == uid else None
    if kept is None:
        raise NotFound("文书")
    asked = request.GET
    taking = "download" in asked
    if request.method == "GET":
        release(
            uid,
            occasion,
            what=f"文书《{row.title}》{row.number}（{document}）",
            manner="下载" if taking else "查看",
            purpose=asked.get("purpose", "")[:20],
            access=asked.get("access", "")[:64],
        )
    response = ranged(
        request,
        opened=lambda start, length: office().vault.open(row.sha256, start, length),
        size=kept.size,
        digest=row.sha256,
        media_type="application/pdf",
    )
    name = quote(f"{row.number or row.title}.pdf")
    response.headers["Content-Disposition"] = f"{'attachment' if taking else 'inline'}; filename*=UTF-8''{name}"
    # The browser's own PDF viewer draws itself with inline style, and may stand in our panel.
    widen(response, {"style-src": "'unsafe-inline'", "object-src": "'self'", "frame-ancestors": "'self'"})
    return response


@admitted
@require_safe
def send_signature(request: HttpRequest, occasion: Occasion, uid: str, document: str) -> HttpResponseBase:
    """Send the detached signature beside a document's seal; it says nothing of the content, so it leaves no trace."""
    row = document_for(occasion.actor, document)
    found = ground_of(uid, occasion.actor.agency).facts.case.any_document(document) if row.case.uid == uid else None
    if found is None or found.seal_signature is None:
        raise NotFound("国密签名")
    with office().vault.open(found.seal_signature.sha256) as file:
        response = HttpResponse(file.read(), content_type=found.seal_signature.media_type)
    name = quote(found.seal_signature.name)
    response.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{name}"
    return response
