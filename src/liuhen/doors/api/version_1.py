"""Version 1 of the API, put together from its rooms; its OpenAPI description is at /api/v1/openapi.json.

Invariant: every answer but the public checkpoint is kept out of caches; every endpoint asks who calls unless it says not to.
"""

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI

from liuhen import __version__
from liuhen.doors.api import accounts, agency, approvals, calendar, cases, law, ledger, recordings
from liuhen.doors.api.entry import Session, StrictJson, Token
from liuhen.doors.api.refusals import Refusals


class Api(NinjaAPI):
    """The API whose answers no cache may keep."""

    def create_response(self, request: HttpRequest, data: Any, **rest: Any) -> HttpResponse:
        """Write an answer as JSON."""
        answer = super().create_response(request, data, **rest)
        answer.headers["Cache-Control"] = "no-store"
        return answer


api = Api(
    title="留痕接口",
    version="1",
    description=f"执法全过程记录的程序接口。留痕 {__version__}。说明见 docs/guide/api.md。",
    urls_namespace="api-1",
    docs_url=None,
    auth=[Token(), Session()],
    parser=StrictJson(),
)
Refusals(api)
for room in (accounts, agency, cases, approvals, recordings, law, calendar, ledger):
    api.add_router("", room.router)
