"""审批 for programs: what waits, what was said; read by whoever may, signed by nobody here."""

from collections.abc import Callable

from liuhen.flows.approval_rounds import Proposal, Word, request_approval, take_step
from liuhen.flows.occasion import Actor, Occasion
from tests.doors.api.conftest import Agency, Caller, account, ago

Calling = Callable[[str | None], Caller]


def test_rounds_and_what_waits_are_read(here: Agency, elsewhere: Agency, officer: Caller, calling: Calling) -> None:
    account("here", "chief", "承办机构负责人")
    at = ago(minutes=3)
    request_approval(here.case, Occasion(here.officer, at, at), "a" * 32, Proposal("立案", "建议立案", "事实清楚"))
    chief = calling("here-chief")
    (line,) = chief.get("/approvals").json()["approvals"]
    assert (line["matter"], line["step"], line["case_uid"]) == ("立案", "审核", here.case)
    assert officer.get("/approvals").json() == {"approvals": [], "total": 0, "next": None}
    actor = Actor(chief.get("/me").json()["actor"], "chief", "here", frozenset({"承办机构负责人"}))
    later = ago(minutes=2)
    take_step(here.case, Occasion(actor, later, later), "a" * 32, Word("审核", "退回", "请补充", returned_to="承办"))
    (round_,) = officer.get(f"/cases/{here.case}/approvals").json()["rounds"]
    assert (round_["state"], round_["next"], round_["steps"]) == ("退回修改", "承办", ["承办", "审核", "批准"])
    assert [one["result"] for one in round_["opinions"]] == ["同意", "退回"]
    assert round_["opinions"][1]["returned_to"] == "承办"
    (back,) = officer.get("/approvals").json()["approvals"]
    assert back["step"] == "承办"


def test_who_may_not_read_them(here: Agency, elsewhere: Agency, calling: Calling) -> None:
    for path in (f"/cases/{here.case}/approvals", "/approvals"):
        assert calling(None).get(path).status_code == 401
    foreign = calling("elsewhere-officer")
    assert foreign.get(f"/cases/{here.case}/approvals").status_code == 404
    assert foreign.get("/approvals").json()["total"] == 0
    account("here", "admin", "系统管理员")
    admin = calling("here-admin")
    for path in (f"/cases/{here.case}/approvals", "/approvals"):
        assert admin.get(path).status_code == 403
    assert foreign.get("/approvals", cursor="xx").status_code == 422
    assert foreign.post("/approvals", {}).status_code == 405
