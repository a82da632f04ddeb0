"""Who may not: strangers, other agencies, administrators, revoked tokens, sessions without CSRF; at every endpoint."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from liuhen.flows.tokens import LabelTaken, TokenUnknown, issue_token, revoke_token
from liuhen.records.ledger.models import Event
from liuhen.records.people.models import ApiToken, User
from tests.doors.api.conftest import Agency, Caller, account, ago, begun, event

Calling = Callable[[str | None], Caller]
READING = ("/me", "/cases", "/cases/{case}", "/cases/{case}/verdicts", "/cases/{case}/events", "/recordings/r1")


def inspected() -> dict[str, Any]:
    """An inspection, which no officer and no administrator enters."""
    content = {"inspection": "a" * 32, "by": "法制科", "manner": "现场检查", "units": ["大队"], "findings": "无"}
    return event(7, "agency.inspection-held", content)


def _everything(caller: Caller, case: str) -> dict[str, Any]:
    answers = {path: caller.get(path.format(case=case)) for path in READING}
    answers["batch"] = caller.post(f"/cases/{case}/events", {"events": [begun(1)]})
    answers["supervise"] = caller.post("/agency/events", {"events": [inspected()]})
    answers["upload"] = caller.upload(b"not a film", name="a.mp4")
    return answers


def _require_refusal(answer: Any, status: int) -> None:
    assert answer.status_code == status
    assert set(answer.json()) == {"message", "place"} and answer.json()["message"]


def test_a_stranger_gets_nothing_but_401(here: Agency, calling: Calling) -> None:
    before = Event.objects.count()
    for answer in _everything(calling(None), here.case).values():
        _require_refusal(answer, 401)
        assert answer.headers["WWW-Authenticate"] == "Bearer"
    assert Event.objects.count() == before


def test_a_wrong_token_is_a_stranger(here: Agency) -> None:
    for text in ("liuhen_wrong", "", "é", "x" * 5000):
        _require_refusal(Caller(Client(), text).get("/me"), 401)


def test_another_agency_finds_no_case(here: Agency, elsewhere: Agency, calling: Calling) -> None:
    foreign = calling("elsewhere-officer")
    for path in READING[2:]:
        _require_refusal(foreign.get(path.format(case=here.case)), 404)
    _require_refusal(foreign.post(f"/cases/{here.case}/events", {"events": [begun(1)]}), 404)
    assert [line["uid"] for line in foreign.get("/cases").json()["cases"]] == [elsewhere.case]


@pytest.mark.parametrize("role", ["系统管理员", "安全管理员", "审计管理员"])
def test_administrators_have_no_business_in_cases(here: Agency, calling: Calling, role: str) -> None:
    account("here", "admin", role)
    answers = _everything(calling("here-admin"), here.case)
    assert answers.pop("/me").json()["roles"] == [role]
    for answer in answers.values():
        _require_refusal(answer, 403)


def test_who_may_read_may_not_always_write(here: Agency, calling: Calling) -> None:
    account("here", "reviewer", "法制审核人员")
    reviewer = calling("here-reviewer")
    assert reviewer.get(f"/cases/{here.case}").status_code == 200
    _require_refusal(reviewer.post(f"/cases/{here.case}/events", {"events": [begun(1)]}), 403)
    _require_refusal(reviewer.upload(b"x", name="a.mp4"), 403)


def test_a_session_reads_but_changes_nothing_without_its_csrf_token(here: Agency) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(User.objects.get(username="here-officer"), "django.contrib.auth.backends.ModelBackend")
    session = Caller(client, None)
    assert session.get(f"/cases/{here.case}").status_code == 200
    _require_refusal(session.post(f"/cases/{here.case}/events", {"events": [begun(1)]}), 403)
    _require_refusal(session.upload(b"x", name="a.mp4"), 403)
    client.cookies["csrftoken"] = secret = "a" * 32
    sent = client.post(
        f"/api/v1/cases/{here.case}/events",
        {"events": [begun(1)]},
        "application/json",
        headers={"X-CSRFToken": secret},
    )
    assert sent.status_code == 200


def test_a_revoked_token_and_a_closed_account_open_nothing(here: Agency) -> None:
    text = issue_token("here-officer", label="手持终端", at=ago(hours=1))
    caller = Caller(Client(), text)
    assert caller.get("/me").status_code == 200
    revoke_token("here-officer", label="手持终端", at=ago(minutes=1))
    assert caller.get("/me").status_code == 401
    with pytest.raises(TokenUnknown):
        revoke_token("here-officer", label="手持终端", at=ago(minutes=1))
    again = Caller(Client(), issue_token("here-officer", label="手持终端", at=ago(hours=1)))
    User.objects.filter(username="here-officer").update(is_active=False)
    assert again.get("/me").status_code == 401


def test_the_database_holds_no_token_that_opens_anything(here: Agency) -> None:
    text = issue_token("here-officer", label="手持终端", at=ago(hours=1))
    row = ApiToken.objects.get()
    assert text not in {row.digest, row.label} and len(row.digest) == 64
    assert Caller(Client(), row.digest).get("/me").status_code == 401
    Caller(Client(), text).get("/me")
    row.refresh_from_db()
    assert row.last_used_at is not None
    with pytest.raises(LabelTaken):
        issue_token("here-officer", label="手持终端", at=ago(hours=1))
