"""审批 for programs: what waits for the caller, and the rounds of a case.

Invariant: nothing is signed here. An opinion is a person's typed name at a desk; a token proves a device.
"""

from datetime import datetime
from typing import Annotated

from django.http import HttpRequest
from ninja import Path as InPath
from ninja import Query, Router

from liuhen.core.approvals.round import Round, standing
from liuhen.doors.api.entry import actor_by, now
from liuhen.doors.api.refusals import READING
from liuhen.doors.api.shapes import UID, Shape
from liuhen.flows.read_case import read_case
from liuhen.flows.waiting_approvals import waiting_for

router = Router(tags=["审批"])
CaseUid = Annotated[str, InPath(pattern=UID)]


class WaitingApproval(Shape):
    """A round that waits for the caller; `behalf` names whose place it would be taken in."""

    case_uid: str
    case_number: str
    party: str
    matter: str
    step: str
    request: str
    since: datetime
    behalf: str


class WaitingApprovals(Shape):
    """A page of them, the oldest first."""

    approvals: list[WaitingApproval]
    total: int
    next: str | None


class OpinionCard(Shape):
    """What somebody said at a step; `event` is the record of it."""

    step: str
    officer: str
    name: str
    result: str
    opinion: str
    reasons: str | None
    at: datetime
    event: str
    returned_to: str | None
    on_behalf_of: str | None
    document: str | None
    file_sha256: str | None


class RoundCard(Shape):
    """A round of approval: `state` is 进行中, 退回修改, 已批准, 不同意 or 已撤回, `next` the step that is next."""

    request: str
    matter: str
    proposer: str
    name: str
    opened_at: datetime
    document: str | None
    act: str | None
    steps: list[str]
    state: str
    next: str | None
    opinions: list[OpinionCard]


class RoundList(Shape):
    """The rounds of a case in the order in which they were opened."""

    rounds: list[RoundCard]


@router.get("/approvals", response={200: WaitingApprovals, **READING}, operation_id="list_waiting_approvals")
def get_waiting(
    request: HttpRequest,
    cursor: Annotated[str, Query(max_length=200, pattern=r"^[0-9A-Za-z_-]*$")] = "",
    limit: Annotated[int, Query(ge=1, le=100)] = 30,
) -> WaitingApprovals:
    """等调用者审批的事项，先来的在前；翻页用 next 作 cursor。签署意见请本人在网页上办理。"""
    page = waiting_for(actor_by(request), at=now(), cursor=cursor, limit=limit)
    lines = [WaitingApproval.model_validate(line) for line in page.lines]
    return WaitingApprovals(approvals=lines, total=page.total, next=page.next or None)


@router.get("/cases/{uid}/approvals", response={200: RoundList, **READING}, operation_id="get_approvals")
def get_rounds(request: HttpRequest, uid: CaseUid) -> RoundList:
    """案件的各次审批：流程、意见、现在到了哪一步。"""
    reading = read_case(actor_by(request), uid, at=now())
    return RoundList(rounds=[_card(one) for one in reading.facts.case.rounds.values()])


def _card(round_: Round) -> RoundCard:
    state = standing(round_)
    return RoundCard(
        request=round_.uid,
        matter=round_.matter,
        proposer=round_.proposer,
        name=round_.name,
        opened_at=round_.opened,
        document=round_.document,
        act=round_.act,
        steps=[step.name for step in round_.chain],
        state=state.word,
        next=state.next.name if state.next else None,
        opinions=[OpinionCard.model_validate(one) for one in round_.said],
    )
