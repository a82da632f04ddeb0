"""The work calendar over the API: read by who works with terms, entered by the administrator, and by nobody else."""

from collections.abc import Callable
from typing import Any

import pytest

from liuhen.flows.keep_calendar import read_calendar
from liuhen.flows.occasion import Actor
from tests.doors.api.conftest import Agency, Caller, account

Calling = Callable[[str | None], Caller]
pytestmark = pytest.mark.django_db
ADMIN = Actor("here-admin", "许安", "here", frozenset({"系统管理员"}))


def entry(base: str, **change: Any) -> dict[str, Any]:
    notice = {
        "year": 2027,
        "source": "测试虚构的2027年通知",
        "days_off": {"2027-01-01 至 2027-01-03": "元旦", "2027-02-05 至 2027-02-11": "春节"},
        "make_up_days": ["2027-01-16", "2027-02-20"],
    }
    return {"notices": [notice], "base": base} | change


@pytest.fixture
def admin(here: Agency, calling: Calling) -> Caller:
    account("here", "admin", "系统管理员")
    return calling("here-admin")


def test_the_calendar_is_read_with_its_history(admin: Caller, calling: Calling) -> None:
    officer = calling("here-officer")
    before = officer.get("/calendar").json()
    assert (before["adopted"], before["adoptions"]) == (False, [])
    answer = admin.post("/calendar/notices", entry(before["version"]))
    assert answer.status_code == 200, answer.json()
    made = answer.json()
    assert made["adopted"] and made["years"] == [2027] and made["version"] != before["version"]
    assert {"day": "2027-01-16", "was": "weekend", "now": "make-up"} in made["changed"]
    assert any("没有写清明" in doubt for doubt in made["doubts"])
    after = officer.get("/calendar").json()
    assert (after["version"], after["adopted"]) == (made["version"], True)
    assert after["calendar"]["notices"][-1]["days_off"]["2027-02-05"] == "春节"
    assert after["adoptions"][0]["years"][-1] == 2027


def test_what_is_not_confirmed_is_only_shown(admin: Caller) -> None:
    base = admin.get("/calendar").json()["version"]
    shown = admin.post("/calendar/notices", entry(base, confirm=False)).json()
    assert (shown["adopted"], shown["version"], shown["mistakes"]) == (False, base, [])
    wrong = entry(base, confirm=False, regional=[{"day": "2027-02-30", "name": "某节", "source": "某政发"}])
    wrong["notices"][0]["make_up_days"] = ["2027-01-15"]
    mistakes = admin.post("/calendar/notices", wrong).json()["mistakes"]
    assert [one["place"] for one in mistakes] == ["2027 年", "第 1 条地方休息日"]
    assert read_calendar(ADMIN).adoptions == ()


def test_mistakes_are_refused_and_nothing_is_adopted(admin: Caller) -> None:
    base = admin.get("/calendar").json()["version"]
    wrong = entry(base)
    wrong["notices"][0]["make_up_days"] = ["2027-01-15"]
    answer = admin.post("/calendar/notices", wrong)
    assert answer.status_code == 422
    assert answer.json() == {
        "message": "调休上班日 2027-01-15 不是周六或周日；请核对通知原文",
        "place": "2027 年",
    }
    assert read_calendar(ADMIN).adoptions == ()


def test_of_two_programs_the_second_is_told(admin: Caller) -> None:
    base = admin.get("/calendar").json()["version"]
    assert admin.post("/calendar/notices", entry(base)).status_code == 200
    answer = admin.post("/calendar/notices", entry(base, regional=[]))
    assert (answer.status_code, "已由他人更新" in answer.json()["message"]) == (409, True)


@pytest.mark.parametrize("role", ["执法人员", "机关负责人", "法制审核人员", "档案管理员", "安全管理员", "审计管理员"])
def test_only_the_system_administrator_enters(here: Agency, calling: Calling, role: str) -> None:
    account("here", "other", role)
    other = calling("here-other")
    answer = other.post("/calendar/notices", entry("x"))
    assert (answer.status_code, answer.json()["place"]) == (403, None)
    assert other.post("/calendar/notices", entry("x", confirm=False)).status_code == 403
    assert read_calendar(ADMIN).adoptions == ()


@pytest.mark.parametrize("role", ["安全管理员", "审计管理员"])
def test_who_has_no_part_in_cases_does_not_read(here: Agency, calling: Calling, role: str) -> None:
    account("here", "other", role)
    assert calling("here-other").get("/calendar").status_code == 403


def test_a_stranger_gets_nothing(here: Agency, calling: Calling) -> None:
    assert calling(None).get("/calendar").status_code == 401
    assert calling(None).post("/calendar/notices", entry("x")).status_code == 401


def test_each_agency_has_its_own(admin: Caller, elsewhere: Agency, calling: Calling) -> None:
    base = admin.get("/calendar").json()["version"]
    admin.post("/calendar/notices", entry(base))
    other = calling("elsewhere-officer").get("/calendar").json()
    assert (other["adopted"], other["version"]) == (False, base)
