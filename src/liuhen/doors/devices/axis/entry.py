"""The way in for camera systems: from a token to a connection, from a body to a stream, from a refusal to a status.

Invariant: this is the only place of the door where the clock is read; 400, which tells a camera system never to try again,
is answered only with a reason that is logged; a cut or busy moment is answered so that it tries again.
"""

import errno
import logging
from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Concatenate, ParamSpec

from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt

from liuhen.adapters.vault.port import DiskFull
from liuhen.core.kernel.errors import BadInput, LiuhenError
from liuhen.core.kernel.moments import SHANGHAI
from liuhen.flows.access import NotAllowed
from liuhen.flows.camera_connection import Connection, ForeignStorage, Stranger, TooManyTries, connection_of
from liuhen.flows.camera_storage import ContainerSealed, Incoming, MetadataTooLarge, NotHere
from liuhen.flows.receive_recording import UploadCut

log = logging.getLogger("liuhen.cameras")
P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]

_NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_RETRY_SECONDS = 30


class LengthMissing(LiuhenError):
    """The body's end cannot be known: no length was announced, and the server does not take chunks apart."""


class MethodRefused(LiuhenError):
    """The protocol has no such call."""


# The one table from refusals to answers.
_ANSWERS: tuple[tuple[type[LiuhenError], int], ...] = (
    (Stranger, 401),
    (TooManyTries, 429),
    (ForeignStorage, 403),
    (MethodRefused, 403),
    (NotAllowed, 403),
    (NotHere, 404),
    (LengthMissing, 411),
    (BadInput, 400),
    (MetadataTooLarge, 400),
    (ContainerSealed, 400),
    (UploadCut, 503),
    (DiskFull, 507),
)


def now() -> datetime:
    """Read the clock."""
    return datetime.now(SHANGHAI)


def answering(view: View[P]) -> View[P]:
    """Turn refusals into statuses; nothing here needs a session, so no other site can act through one."""

    @csrf_exempt
    @wraps(view)
    def enter(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        try:
            response = view(request, *args, **kwargs)
        except LiuhenError as refusal:
            response = _refuse(request, refusal)
        except (OperationalError, OSError) as fault:
            response = _out_of_order(request, fault)
        response.headers["Cache-Control"] = "no-store"
        return response

    return enter


def admit(request: HttpRequest, storage: str) -> Connection:
    """Give the connection that a request's token opens. Raises Stranger, ForeignStorage."""
    return connection_of(request.headers.get("X-Auth-Token", ""), storage, at=now())


def body_of(request: HttpRequest) -> Incoming:
    """Give a request's body as a stream; it is never read whole. Raises LengthMissing, BadInput."""
    kind = request.headers.get("Content-Type", "")
    if "chunked" in request.headers.get("Transfer-Encoding", "").lower():
        # Only a server that takes chunks apart itself says so; how such a body was cut it does not say.
        if not request.META.get("wsgi.input_terminated"):
            raise LengthMissing("这台服务器不接收分块传输，请写明 Content-Length")
        return Incoming(request.META["wsgi.input"].read, None, now, kind)
    stated = request.META.get("CONTENT_LENGTH") or "0"
    if not (stated.isascii() and stated.isdecimal()):
        raise BadInput("Content-Length", "应为十进制字节数")
    return Incoming(request.read, int(stated), now, kind)


def _refuse(request: HttpRequest, refusal: LiuhenError) -> HttpResponse:
    status = next((status for kind, status in _ANSWERS if isinstance(refusal, kind)), 500)
    level = logging.ERROR if status >= 500 else logging.WARNING if status in (400, 403, 429) else logging.INFO
    log.log(level, "%s %s → %d %s", request.method, request.path, status, refusal)
    return _say(status, str(refusal))


def _out_of_order(request: HttpRequest, fault: Exception) -> HttpResponse:
    """Answer a fault of database or disk: 507 where there is no room, else 503, so that it is tried again."""
    full = (isinstance(fault, OSError) and fault.errno in _NO_ROOM) or "full" in str(fault)
    log.exception("%s %s", request.method, request.path)
    return _say(507, "存储空间不足，请稍后再试") if full else _say(503, "系统繁忙，请稍后再试")


def _say(status: int, sentence: str) -> HttpResponse:
    response = HttpResponse(sentence, status=status, content_type="text/plain; charset=utf-8")
    if status in (429, 503, 507):
        response.headers["Retry-After"] = str(_RETRY_SECONDS)
    return response
