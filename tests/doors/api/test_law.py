"""The law and the lists through the API: read by who may, published by who may, and every refusal in the one shape."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from liuhen.core.events.catalogue import open_sealed
from liuhen.records.ledger.models import Event
from liuhen.records.ledger.read import sealed_events
from liuhen.records.people.models import User
from tests.doors.api.conftest import Agency, Caller, account

Calling = Callable[[str | None], Caller]
ROW = {"category": "行政处罚", "matter": "无证经营", "link": "询问", "manner": "录音", "keep": "2年"}
LISTS = "/agency/lists"


@pytest.fixture
def keeper(here: Agency, calling: Calling) -> Caller:
    """The custodian of records of `here`."""
    account("here", "keeper", "档案管理员")
    return calling("here-keeper")


def _require_refusal(answer: Any, status: int, place: str | None = None) -> None:
    assert answer.status_code == status, answer.content.decode()
    assert set(answer.json()) == {"message", "place"} and answer.json()["message"]
    assert place in (None, answer.json()["place"])


def test_packs_own_ones_first(officer: Caller) -> None:
    packs = officer.get("/packs").json()["packs"]
    assert [pack["id"] for pack in packs if pack["own"]] == ["hebei"] == [packs[0]["id"]]
    assert {"changzhi", "hebei", "lingchuan", "pengyang", "zhuhui"} <= {pack["id"] for pack in packs}


def test_a_pack_clause_by_clause(officer: Caller) -> None:
    whole = officer.get("/packs/hebei").json()
    assert officer.get(f"/packs/{whole['name']}").json() == whole
    stored = next(clause for clause in whole["clauses"] if clause["clause"] == "hebei/24.1")
    assert (stored["answer"], stored["status"]) == ("rule", "proved")
    texts = [duty["text"] for rule in stored["rules"] for duty in rule["do"]]
    assert any("24 小时" in text for text in texts)
    shown = {verdict["verdict"] for case in stored["cases"] if case["passed"] for verdict in case["verdicts"]}
    assert {"met", "unmet"} <= shown
    assert {f"{case['name']}" for case in stored["cases"]} == {proof.partition(": ")[2] for proof in stored["proofs"]}


def test_a_list_is_published_and_read(officer: Caller, keeper: Caller) -> None:
    assert officer.get(LISTS).json() == {"name": "音像记录事项清单", "versions": [], "shown": None, "entries": []}
    first = keeper.post(LISTS, {"entries": [ROW]})
    assert first.status_code == 200 and first.json()["version"].endswith("年第 1 版")
    second = keeper.post(LISTS, {"based_on": first.json()["id"], "entries": [ROW, {**ROW, "link": "送达"}]})
    read = officer.get(LISTS).json()
    assert [one["id"] for one in read["versions"]] == [second.json()["id"], first.json()["id"]]
    assert (read["shown"], [entry["keep"] for entry in read["entries"]]) == (second.json()["id"], ["2 年", "2 年"])
    old = officer.get(LISTS, version=first.json()["id"]).json()
    assert (old["shown"], len(old["entries"])) == (first.json()["id"], 1)
    said = open_sealed(sealed_events("agency:here")[-1]).content
    assert said is not None and [entry.link for entry in said.entries] == ["询问", "送达"]


def test_what_is_not_right_is_named_and_nothing_kept(keeper: Caller) -> None:
    before = Event.objects.count()
    _require_refusal(keeper.post(LISTS, {"entries": [ROW, {**ROW, "matter": " "}]}), 422, "entries[1].matter")
    _require_refusal(keeper.post(LISTS, {"entries": [ROW, {**ROW, "keep": "很久"}]}), 422, "entries[1].keep")
    _require_refusal(keeper.post(LISTS, {"entries": [ROW, ROW]}), 422, "entries[1]")
    _require_refusal(keeper.post(LISTS, {"entries": []}), 422, "entries")
    _require_refusal(keeper.post(LISTS, {"entries": [{**ROW, "备注": "x"}]}), 422)
    _require_refusal(keeper.post(LISTS, {"entries": [ROW], "based_on": "0" * 32}), 409)
    assert Event.objects.count() == before
    first = keeper.post(LISTS, {"entries": [ROW]}).json()["id"]
    _require_refusal(keeper.post(LISTS, {"entries": [ROW], "based_on": first}), 409)
    _require_refusal(keeper.post(LISTS, {"entries": [{**ROW, "keep": "永久"}]}), 409)
    assert Event.objects.count() == before + 1


@pytest.mark.parametrize("path", ["/packs", "/packs/hebei", LISTS])
def test_a_stranger_reads_nothing(here: Agency, calling: Calling, path: str) -> None:
    _require_refusal(calling(None).get(path), 401)


def test_who_may_not(here: Agency, elsewhere: Agency, calling: Calling, officer: Caller, keeper: Caller) -> None:
    first = keeper.post(LISTS, {"entries": [ROW]}).json()["id"]
    before = Event.objects.count()
    _require_refusal(calling(None).post(LISTS, {"entries": [ROW]}), 401)
    _require_refusal(officer.post(LISTS, {"based_on": first, "entries": [{**ROW, "keep": None}]}), 403)
    for name, role in (("safety", "安全管理员"), ("audit", "审计管理员")):
        account("here", name, role)
        administrator = calling(f"here-{name}")
        _require_refusal(administrator.get(LISTS), 403)
        _require_refusal(administrator.post(LISTS, {"entries": [ROW]}), 403)
    foreign = calling("elsewhere-officer")
    assert foreign.get(LISTS).json()["versions"] == []
    _require_refusal(foreign.get(LISTS, version=first), 404)
    assert Event.objects.count() == before


def test_a_session_publishes_only_with_its_csrf_token(keeper: Caller) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(User.objects.get(username="here-keeper"), "django.contrib.auth.backends.ModelBackend")
    _require_refusal(Caller(client, None).post(LISTS, {"entries": [ROW]}), 403)


@pytest.mark.parametrize("name", ["nowhere", "hebei@1999"])
def test_a_pack_that_is_not_there(officer: Caller, name: str) -> None:
    _require_refusal(officer.get(f"/packs/{name}"), 404)
