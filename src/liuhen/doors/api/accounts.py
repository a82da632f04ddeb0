"""Who the caller is, as the system sees it."""

from django.http import HttpRequest
from ninja import Router

from liuhen.doors.api.entry import actor_by
from liuhen.doors.api.refusals import ASKING
from liuhen.doors.api.shapes import Me

router = Router(tags=["账号"])


@router.get("/me", response={200: Me, **ASKING}, operation_id="get_me")
def get_me(request: HttpRequest) -> Me:
    """当前账号、所属机关和角色。"""
    actor = actor_by(request)
    return Me(actor=actor.uid, name=actor.name, agency=actor.agency, roles=sorted(actor.roles))
