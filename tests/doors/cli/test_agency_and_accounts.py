"""`liuhen agency` and `liuhen account`: from an empty data folder to people who work, without the demonstration."""

import json
from typing import Any

import pytest
from django.test import Client

from liuhen.core.events.agency import SuperiorSet
from liuhen.core.events.catalogue import Event
from liuhen.doors.cli.main import main
from liuhen.flows.formats_in_force import line_of
from liuhen.flows.ground import agency_facts, open_kept
from liuhen.records.ledger.read import sealed_of_types
from liuhen.records.people.models import User

pytestmark = pytest.mark.django_db

Said = pytest.CaptureFixture[str]
FOUND = ["agency", "ah-yj", "--name", "安禾县应急管理局", "--prefix", "安应急", "--region", "130000", "--pack", "hebei"]
PERSON = ["account", "add", "liz", "--name", "李喆", "--role", "执法人员", "--certificate", "03010226001"]
DAYS = ["--from", "2026-01-01", "--until", "2028-12-31"]


@pytest.fixture(autouse=True)
def place(settings: Any, tmp_path: Any) -> None:
    settings.DATA, settings.VAULT = tmp_path, str(tmp_path / "vault")


def told(capsys: Said, *words: str) -> Any:
    assert main([*words, "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def refused(capsys: Said, *words: str) -> str:
    assert main(list(words)) != 0
    return capsys.readouterr().err


def test_an_agency_is_founded_and_its_people_sign_in(capsys: Said) -> None:
    assert told(capsys, *FOUND, "--pack", "national", "--level", "县级")["agency"] == "ah-yj"
    assert agency_facts("ah-yj").agency.packs == ("hebei", "national")
    password = told(capsys, *PERSON, *DAYS)["password"]
    user = User.objects.get(username="liz")
    officer = agency_facts("ah-yj").agency.officers[user.actor]
    assert (officer.name, officer.certificate) == ("李喆", "03010226001")
    client = Client()
    client.post("/sign-in/", {"username": "liz", "password": password})
    assert client.get("/cases/new/").status_code == 200
    assert told(capsys, "agency", "--list")[0]["name"] == "安禾县应急管理局"


def test_the_key_of_a_seal_is_listed_retired_and_renewed(capsys: Said) -> None:
    told(capsys, *FOUND)
    (first,) = told(capsys, "seal-key", "list")
    assert first["retired"] is None and len(first["key"]) == 130, "founding an agency registers its key"
    assert "先停用" in refused(capsys, "seal-key", "register")
    (retired,) = told(capsys, "seal-key", "retire", first["key"][2:18], "--reason", "更换设备")
    assert retired["retired"] is not None
    assert [one["retired"] is None for one in told(capsys, "seal-key", "register")] == [False, True]
    assert main(["seal-key", "list"]) == 0
    said = capsys.readouterr().out
    assert "停用" in said and "使用中" in said


def test_an_agency_below_another(capsys: Said) -> None:
    told(capsys, *FOUND)
    below = ["agency", "ah-below", "--name", "某所", "--prefix", "所", "--region", "130000", "--pack", "hebei"]
    assert "stands here" in refused(capsys, *below, "--superior", "nobody")
    told(capsys, *below, "--superior", "ah-yj")
    assert agency_facts("ah-below").agency.superior == "ah-yj"


def test_an_agency_is_put_under_another_afterwards(capsys: Said) -> None:
    told(capsys, *FOUND)
    below = ["agency", "ah-below", "--name", "某所", "--prefix", "所", "--region", "130000", "--pack", "hebei"]
    told(capsys, *below)
    under = ["agency", "ah-below", "--superior", "ah-yj", "--basis", "机构改革方案"]
    for _ in range(2):
        assert told(capsys, *under) == {"agency": "ah-below", "superior": "ah-yj"}
    events = [one.content for one in ground_of_agency("ah-below") if isinstance(one.content, SuperiorSet)]
    assert events == [SuperiorSet("ah-yj", "机构改革方案")]
    assert [one.uid for one in line_of("ah-below")] == ["ah-below", "ah-yj"]
    for words, why in (
        (["agency", "ah-yj", "--superior", "ah-below", "--basis", "反过来"], "在本机关之下"),
        (["agency", "ah-yj", "--superior", "ah-yj", "--basis", "自己"], "就是本机关"),
        (["agency", "ah-yj", "--superior", "nobody", "--basis", "无"], "没有代号为 nobody"),
        (["agency", "ah-yj", "--superior", "", "--basis", " "], "请写明依据"),
    ):
        assert why in refused(capsys, *words)
    told(capsys, "agency", "ah-below", "--superior", "", "--basis", "独立设置")
    assert agency_facts("ah-below").agency.superior is None
    assert [one.uid for one in line_of("ah-below")] == ["ah-below"]


def ground_of_agency(uid: str) -> list[Event]:
    return [open_kept(one, "") for one in sealed_of_types(f"agency:{uid}", "agency.superior-set")]


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (["agency"], "give an id"),
        (["agency", "安禾"], "give an id"),
        ([*FOUND[:2], "--name", "某局", "--prefix", "某", "--region", "130000"], "--pack"),
        ([*FOUND, "--pack", "nowhere"], "nowhere"),
        ([*FOUND[:7], "13", "--pack", "hebei"], "six digits"),
        ([*FOUND[:2], *FOUND[4:]], "--name"),
    ],
)
def test_what_founds_nothing_is_said(capsys: Said, change: list[str], why: str) -> None:
    assert why in refused(capsys, *change)
    assert agency_facts("ah-yj").agency.name == ""


def test_an_agency_is_founded_once(capsys: Said) -> None:
    told(capsys, *FOUND)
    assert "stands already" in refused(capsys, *FOUND)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (["--role", "系统管理员"], "三员分立"),
        (["--role", "局长"], "没有“局长”这个角色"),
        (["--from", "2026-01-01"], "都写"),
        (["--from", "2028-01-01", "--until", "2026-01-01"], "晚于"),
        (["--from", "昨天", "--until", "2026-01-01"], "no day"),
    ],
)
def test_a_person_who_does_not_fit_is_refused_and_nothing_is_left(capsys: Said, change: list[str], why: str) -> None:
    told(capsys, *FOUND)
    assert why in refused(capsys, *PERSON, *change)
    assert not User.objects.exists() and not agency_facts("ah-yj").agency.officers


def test_one_name_is_one_account(capsys: Said) -> None:
    told(capsys, *FOUND)
    told(capsys, *PERSON)
    assert "已经有人使用" in refused(capsys, *PERSON)
    assert len(agency_facts("ah-yj").agency.officers) == 1


def test_no_account_without_an_agency(capsys: Said) -> None:
    assert "there is none yet" in refused(capsys, *PERSON)


def test_passwords_roles_and_leaving(capsys: Said) -> None:
    told(capsys, *FOUND)
    first = told(capsys, *PERSON)["password"]
    second = told(capsys, "account", "password", "liz")["password"]
    assert first != second and len(second) == 19
    client = Client()
    assert client.post("/sign-in/", {"username": "liz", "password": first}).status_code == 200
    assert client.post("/sign-in/", {"username": "liz", "password": second}).status_code == 302
    told(capsys, "account", "roles", "liz", "--role", "机关负责人", "--role", "执法人员")
    assert "三员分立" in refused(capsys, "account", "roles", "liz", "--role", "机关负责人", "--role", "审计管理员")
    rows = told(capsys, "account", "list")
    standing = {"username": "liz", "name": "李喆", "roles": ["执法人员", "机关负责人"], "open": True}
    assert rows == [{**standing, "bound": False, "own": False}]
    told(capsys, "account", "close", "liz")
    assert client.get("/cases/").status_code == 302, "the session of a closed account ends"
    told(capsys, "account", "open", "liz")
    assert "没有找到该账号" in refused(capsys, "account", "password", "nobody")


def test_one_changes_ones_own_password(capsys: Said) -> None:
    told(capsys, *FOUND)
    old = told(capsys, *PERSON)["password"]
    here, elsewhere = Client(), Client()
    for client in (here, elsewhere):
        client.post("/sign-in/", {"username": "liz", "password": old})
    new = {"new_password1": "long enough to keep", "new_password2": "long enough to keep"}
    wrong = here.post("/account/password/", {"old_password": "wrong", **new})
    assert wrong.status_code == 400 and "原来的口令不对" in wrong.content.decode()
    short = here.post("/account/password/", {"old_password": old, "new_password1": "短", "new_password2": "短"})
    assert short.status_code == 400
    assert here.post("/account/password/", {"old_password": old, **new}).status_code == 302
    assert here.get("/cases/").status_code == 200 and elsewhere.get("/cases/").status_code == 302
    assert Client().post("/sign-in/", {"username": "liz", "password": old}).status_code == 200
