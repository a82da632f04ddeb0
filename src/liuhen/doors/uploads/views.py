"""The tus 1.0 view: files arrive in pieces, from browsers and from scripts, and every acknowledged byte is on the disk.

Invariant: a refusal is a status with one sentence; a file that is whole is taken in at once where that is quick, and by
the sweep where it would keep the sender waiting.
"""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.http import http_date
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from liuhen.core.kernel.errors import LiuhenError
from liuhen.core.kernel.moments import render_instant
from liuhen.doors.uploads.entry import enter, occasion_of
from liuhen.doors.uploads.protocol import (
    ALGORITHMS,
    EXTENSIONS,
    PIECE_TYPE,
    VERSION,
    count_in,
    piece_of,
    read_said,
    require_version,
    status_of,
)
from liuhen.flows.occasion import Actor
from liuhen.flows.resumable.announcement import LARGEST_UPLOAD, announce
from liuhen.flows.resumable.arriving import Piece, Standing, begin_upload, give_up, standing_of, take_piece
from liuhen.flows.resumable.finishing import finish_upload
from liuhen.flows.resumable.refusals import OffsetMoved, UploadAltered, UploadBusy, UploadSetAside

# What is larger is taken in by the worker: hashing and copying it would outlast the patience of proxies.
PROMPT = 512 << 20

Answer = Callable[..., HttpResponse]


def _speaking(answers: dict[str, Answer]) -> Answer:
    """Make a view of answers by method, that turns refusals into statuses and says its version every time."""

    @csrf_exempt  # checked in `enter`, which knows whether a session asks
    @never_cache
    def view(request: HttpRequest, **named: str) -> HttpResponse:
        if request.method == "POST":
            request.method = request.headers.get("X-HTTP-Method-Override", "POST").upper()
        answer = answers.get(str(request.method))
        if answer is None:
            response = HttpResponse(status=405, headers={"Allow": ", ".join(answers)})
        else:
            try:
                response = answer(request, **named)
            except LiuhenError as refusal:
                response = _refused(refusal)
        response.headers["Tus-Resumable"] = VERSION
        return response

    return view


def _refused(refusal: LiuhenError) -> HttpResponse:
    response = HttpResponse(str(refusal), status=status_of(refusal), content_type="text/plain; charset=utf-8")
    if response.status_code == 460:
        response.reason_phrase = "Checksum Mismatch"  # tus's own status: nobody else has a word for it
    if isinstance(refusal, OffsetMoved):
        response.headers["Upload-Offset"] = str(refusal.offset)
    if response.status_code == 412:
        response.headers["Tus-Version"] = VERSION
    if response.status_code == 401:
        response.headers["WWW-Authenticate"] = "Bearer"
    return response


def _tell(request: HttpRequest, **_: str) -> HttpResponse:
    return HttpResponse(
        status=204,
        headers={
            "Tus-Version": VERSION,
            "Tus-Extension": EXTENSIONS,
            "Tus-Max-Size": str(LARGEST_UPLOAD),
            "Tus-Checksum-Algorithm": ",".join(ALGORITHMS),
        },
    )


def _begin(request: HttpRequest) -> HttpResponse:
    require_version(request)
    actor, way = enter(request)
    raw = request.headers.get("Upload-Metadata", "")
    announced = announce(read_said(raw), count_in(request, "Upload-Length"), raw=raw)
    piece = piece_of(request, 0) if request.content_type == PIECE_TYPE else None
    standing = begin_upload(occasion_of(actor), announced, way=way)
    uid = standing.upload.uid
    if piece is not None:
        standing = _take_first(request, actor, uid, piece)
    standing = _finish_soon(actor, standing)
    return _acknowledge(standing, 201, {"Location": f"{request.path.rstrip('/')}/{uid}"})


def _take_first(request: HttpRequest, actor: Actor, uid: str, piece: Piece) -> Standing:
    try:
        return take_piece(actor, uid, piece, request.read)
    except LiuhenError:
        give_up(actor, uid)  # its sender never learns where it is
        raise


def _show(request: HttpRequest, uid: str) -> HttpResponse:
    require_version(request)
    actor, _ = enter(request)
    standing = standing_of(actor, uid)
    if standing.is_whole and standing.outcome is None:
        standing = _finish(actor, standing)
    if _is_altered(standing):
        raise UploadSetAside(_reason(standing))
    upload = standing.upload
    more = {"Upload-Length": str(upload.announced.size)}
    if upload.announced.said:
        more["Upload-Metadata"] = upload.announced.said
    return _acknowledge(standing, 200, more)


def _take(request: HttpRequest, uid: str) -> HttpResponse:
    require_version(request)
    actor, _ = enter(request)
    piece = piece_of(request, count_in(request, "Upload-Offset"))
    standing = _finish_soon(actor, take_piece(actor, uid, piece, request.read))
    return _acknowledge(standing, 204, {})


def _drop(request: HttpRequest, uid: str) -> HttpResponse:
    require_version(request)
    actor, _ = enter(request)
    give_up(actor, uid)
    return HttpResponse(status=204)


def _report(request: HttpRequest, uid: str) -> HttpResponse:
    """Say in JSON what became of an upload: tus has no word for it."""
    actor, _ = enter(request)
    standing = standing_of(actor, uid)
    outcome = standing.outcome
    said: dict[str, object] = {
        "id": uid,
        "name": standing.upload.announced.name,
        "size": standing.upload.announced.size,
        "offset": standing.offset,
        "status": outcome.status if outcome else "ingesting" if standing.is_whole else "arriving",
    }
    if outcome is not None:
        said |= {
            "recording": outcome.recording,
            "sha256": outcome.sha256,
            "sm3": outcome.sm3,
            "reason": outcome.reason,
            "at": render_instant(outcome.at),
        }
    return JsonResponse(said)


def _finish_soon(actor: Actor, standing: Standing) -> Standing:
    if not standing.is_whole or standing.upload.announced.size > PROMPT:
        return standing
    standing = _finish(actor, standing)
    if _is_altered(standing):
        raise UploadAltered(_reason(standing))
    return standing


def _finish(actor: Actor, standing: Standing) -> Standing:
    try:
        # The moment of storage is now, after the last byte, however long ago the request began.
        finish_upload(occasion_of(actor), standing.upload.uid)
    except UploadBusy:
        return standing  # somebody else does it just now; asking again tells what became of it
    return standing_of(actor, standing.upload.uid)


def _is_altered(standing: Standing) -> bool:
    return standing.outcome is not None and standing.outcome.status == "altered"


def _reason(standing: Standing) -> str:
    return (standing.outcome.reason if standing.outcome else None) or ""


def _acknowledge(standing: Standing, status: int, headers: dict[str, str]) -> HttpResponse:
    response = HttpResponse(status=status, headers={"Upload-Offset": str(standing.offset), **headers})
    if standing.expires is not None:
        response.headers["Upload-Expires"] = http_date(standing.expires.timestamp())
    return response


uploads = _speaking({"OPTIONS": _tell, "POST": _begin})
upload = _speaking({"OPTIONS": _tell, "HEAD": _show, "GET": _report, "PATCH": _take, "DELETE": _drop})
