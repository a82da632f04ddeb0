"""The ledger for everybody: the newest checkpoint, as witnesses and auditors fetch it."""

from typing import Annotated

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router

from liuhen.doors.api.refusals import Refusal
from liuhen.flows.show_checkpoint import newest_checkpoint

router = Router(tags=["账本"])
_TEXT = {
    "responses": {
        200: {"description": "C2SP tlog-checkpoint", "content": {"text/plain": {"schema": {"type": "string"}}}}
    }
}


@router.get(
    "/ledger/checkpoint",
    auth=None,
    response={200: None, 404: Refusal, 422: Refusal, 503: Refusal},
    operation_id="get_checkpoint",
    openapi_extra=_TEXT,
)
def get_checkpoint(
    request: HttpRequest, origin: Annotated[str | None, Query(max_length=200, pattern=r"^[!-~]+$")] = None
) -> HttpResponse:
    """日志最新的检查点（C2SP tlog-checkpoint 格式），任何人都可以取。"""
    return HttpResponse(newest_checkpoint(origin), content_type="text/plain; charset=utf-8")
