"""The one table from refusals to HTTP answers: {"message": one sentence, "place": what it is about, or null}.

Invariant: every refusal of a flow has a status here that OpenAPI declares; what is not a refusal is a fault of ours and is
not hidden.
"""

import logging
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.db import OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError
from pydantic import BaseModel

from liuhen.adapters.vault.port import DiskFull, ObjectMissing, VaultDamaged
from liuhen.core.kernel.errors import BadInput, LiuhenError
from liuhen.doors.api.entry import BodyTooLarge, BodyUnreadable, CsrfMissing, FormRefused, LengthMissing
from liuhen.flows.access import NotAllowed, NotFound
from liuhen.flows.calendars import CalendarMissing
from liuhen.flows.law import EditionMissing
from liuhen.flows.receive_recording import UploadCut
from liuhen.records.ledger.errors import HappenedLater

log = logging.getLogger("liuhen.api")


class Refusal(BaseModel):
    """What was refused: one sentence for people, and the field or parameter it is about."""

    message: str
    place: str | None = None


_STATUSES: tuple[tuple[type[LiuhenError], int], ...] = (
    (NotFound, 404),
    (NotAllowed, 403),
    (CsrfMissing, 403),
    (BodyTooLarge, 413),
    (BodyUnreadable, 400),
    (UploadCut, 400),
    (LengthMissing, 411),
    (FormRefused, 415),
    (HappenedLater, 422),
    (BadInput, 422),
    # What should be in our keeping and is not is no conflict of the caller's.
    (EditionMissing, 500),
    (CalendarMissing, 500),
    (ObjectMissing, 500),
    (VaultDamaged, 500),
    (LiuhenError, 409),
)
# pydantic's kinds of fault, in the words of the people who read them
_SAYINGS = {
    "missing": "缺少此项，请补上",
    "extra_forbidden": "没有这一项，请删去",
    "string_pattern_mismatch": "写法不对，请按接口说明填写",
    "string_too_short": "太短，请按接口说明填写",
    "string_too_long": "太长，请按接口说明填写",
    "too_short": "条数太少，请按接口说明填写",
    "too_long": "条数太多，请分批发送",
    "timezone_aware": "时间没有写明时区，请写成 2026-03-02T09:10:00+08:00",
}
ASKING: dict[int, Any] = {401: Refusal, 500: Refusal, 503: Refusal}
READING: dict[int, Any] = {**ASKING, 403: Refusal, 404: Refusal, 422: Refusal}
WRITING: dict[int, Any] = {**READING, 400: Refusal, 409: Refusal, 413: Refusal}
UPLOADING: dict[int, Any] = {**WRITING, 411: Refusal, 415: Refusal, 507: Refusal}


class Refusals:
    """Answers of one API to everything that was refused, in the one shape."""

    def __init__(self, api: NinjaAPI) -> None:
        self._api = api
        answers: tuple[tuple[type[Exception], Any], ...] = (
            (LiuhenError, self.refused),
            (DiskFull, self.full),
            (ValidationError, self.misshapen),
            (AuthenticationError, self.unknown),
            (HttpError, self.unreadable),
            (RequestDataTooBig, self.too_big),
            (Http404, self.absent),
            (OperationalError, self.unavailable),
        )
        for kind, answer in answers:
            api.add_exception_handler(kind, answer)

    def refused(self, request: HttpRequest, error: LiuhenError) -> HttpResponse:
        """A flow refused: its sentence, and the field it names."""
        status = next(status for kind, status in _STATUSES if isinstance(error, kind))
        if isinstance(error, BadInput):
            return self._answer(request, status, error.sentence, error.place)
        return self._answer(request, status, str(error))

    def full(self, request: HttpRequest, error: Exception) -> HttpResponse:
        """No room: the refusal's own sentence names a folder of this server, which is nobody's business outside."""
        sentence = "存储空间不足，文件没有入库，写入的部分已经清除；请联系系统管理员扩容后重新上传"
        return self._answer(request, 507, sentence)

    def misshapen(self, request: HttpRequest, error: ValidationError) -> HttpResponse:
        """The request has not the declared shape."""
        place, sentence = _first_fault(error)
        return self._answer(request, 422, sentence, place)

    def unknown(self, request: HttpRequest, error: Exception) -> HttpResponse:
        """Nobody we know calls."""
        sentence = "没有登录，或者接口令牌无效；请登录后重试，或在 Authorization 头中写 Bearer 令牌"
        answer = self._answer(request, 401, sentence)
        answer.headers["WWW-Authenticate"] = "Bearer"
        return answer

    def unreadable(self, request: HttpRequest, error: HttpError) -> HttpResponse:
        """The framework wraps what our reader of bodies says; its own sentence is not for people."""
        if isinstance(error.__cause__, LiuhenError):
            return self.refused(request, error.__cause__)
        return self._answer(request, error.status_code, "请求无法读取；请按接口说明核对后重发")

    def too_big(self, request: HttpRequest, error: Exception) -> HttpResponse:
        """Django refuses by the stated length, before it reads."""
        return self._answer(request, 413, "请求正文超过 1 MiB；请分批发送")

    def absent(self, request: HttpRequest, error: Exception) -> HttpResponse:
        """No such address."""
        return self._answer(request, 404, "没有这个接口；请核对地址")

    def unavailable(self, request: HttpRequest, error: Exception) -> HttpResponse:
        """The database cannot be asked: a device keeps what it has and sends it again."""
        log.exception("the database could not be asked")
        answer = self._answer(request, 503, "数据库暂时不可用，不能确认是否已经保存；请稍后原样重发，不会重复记录")
        answer.headers["Retry-After"] = "5"
        return answer

    def _answer(self, request: HttpRequest, status: int, message: str, place: str | None = None) -> HttpResponse:
        return self._api.create_response(request, {"message": message, "place": place or None}, status=status)


def _first_fault(error: ValidationError) -> tuple[str, str]:
    first: dict[str, Any] = error.errors[0]
    place = ""
    # The first word says where it was sent (body, query, path), the second, for a body, how we call it.
    for step in first["loc"][2 if first["loc"][0] == "body" else 1 :]:
        place += f"[{step}]" if isinstance(step, int) else f".{step}" if place else str(step)
    return place, _SAYINGS.get(first["type"], f"不符合接口说明（{first['msg']}）")
