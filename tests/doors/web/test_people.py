"""人员账号: people join and leave in the browser; what was done to an account stands in the agency's log."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from liuhen.core.events.agency import AccountChanged
from liuhen.flows.access import NotAllowed, NotFound
from liuhen.flows.ground import agency_facts, open_kept
from liuhen.flows.keep_accounts import OwnAccount, account_of, change_roles, free_of_factor, set_open
from liuhen.flows.second_factor import has_factor
from liuhen.records.ledger.read import sealed_of_types
from liuhen.records.people.models import User
from tests.doors.web.test_security import bind
from tests.doors.web.world import HERE, PASSWORD, PEOPLE, World

pytestmark = pytest.mark.django_db
Visit = Callable[[str | None], Client]
PERSON = {
    "username": "chen.si",
    "name": "陈思",
    "title": "执法员",
    "roles": ["执法人员"],
    "certificate": "03110226099",
    "valid_from": "2026-01-01",
    "valid_until": "2029-12-31",
}
STEPS = ("people-roles", "people-password", "people-close", "people-open", "people-factor")


def there(name: str, username: str = "web-second") -> str:
    return reverse(name, args=[username])


def changes() -> list[tuple[str, str]]:
    kept = sealed_of_types(f"agency:{HERE}", "agency.account-changed")
    said = [open_kept(one, "").content for one in kept]
    return [(one.name, one.change) for one in said if isinstance(one, AccountChanged)]


def shown(answer: Any) -> str:
    return str(answer.content.decode())


def test_somebody_joins_signs_in_and_stands_on_the_roll(world: World, visit: Visit) -> None:
    admin = visit("web-system")
    assert '<a href="/people/">人员</a>' in shown(admin.get("/account/"))
    told = admin.post("/people/add/", PERSON)
    page = shown(told)
    assert told.status_code == 200 and "只显示这一次" in page and "no-store" in told.headers["Cache-Control"]
    password = page.split('<strong class="num">')[1].split("<")[0]
    assert password not in shown(admin.get(there("people-account", "chen.si")))
    client = Client()
    assert client.post("/sign-in/", {"username": "chen.si", "password": password}).status_code == 302
    assert client.get("/cases/").status_code == 200
    user = User.objects.get(username="chen.si")
    assert agency_facts(HERE).agency.officers[user.actor].certificate == "03110226099"
    assert changes() == [("陈思", "新建")]
    assert "陈思" in shown(admin.get("/people/"))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"username": "web-head"}, "已经有人使用"),
        ({"username": "有 空格"}, "账号只用字母"),
        ({"name": ""}, "请填写姓名"),
        ({"roles": []}, "请至少选择一个角色"),
        ({"roles": ["执法人员", "系统管理员"]}, "三员分立"),
        ({"valid_until": ""}, "起止日期应当都写"),
        ({"valid_from": "明天"}, "应写成年月日"),
    ],
)
def test_what_does_not_fit_is_said_beside_it(world: World, visit: Visit, change: dict[str, Any], words: str) -> None:
    answer = visit("web-system").post("/people/add/", {**PERSON, **change})
    assert answer.status_code == 400 and words in shown(answer)
    assert not User.objects.filter(username="chen.si").exists() and changes() == []


def test_roles_change_and_an_account_is_closed_and_opened(world: World, visit: Visit) -> None:
    admin, second = visit("web-system"), visit("web-second")
    assert second.get("/cases/").status_code == 200
    assert admin.post(there("people-roles"), {"roles": ["档案管理员"]}).status_code == 302
    assert admin.post(there("people-roles"), {"roles": ["档案管理员"]}).status_code == 302
    wrong = admin.post(there("people-roles"), {"roles": ["档案管理员", "审计管理员"]})
    assert wrong.status_code == 409 and "三员分立" in shown(wrong)
    for _ in range(2):
        assert admin.post(there("people-close")).status_code == 302
    assert "已停用" in shown(admin.get(there("people-account")))
    assert second.get("/cases/").status_code == 302, "its session ends with its next request"
    assert admin.post(there("people-open")).status_code == 302
    assert changes() == [("张second", "改角色"), ("张second", "停用"), ("张second", "启用")]


def test_a_new_password_ends_the_old_one_and_leaves_a_trace(world: World, visit: Visit) -> None:
    admin, second = visit("web-system"), visit("web-second")
    page = shown(admin.post(there("people-password")))
    password = page.split('<strong class="num">')[1].split("<")[0]
    assert second.get("/cases/").status_code == 302
    client = Client()
    assert client.post("/sign-in/", {"username": "web-second", "password": PASSWORD}).status_code == 200
    assert client.post("/sign-in/", {"username": "web-second", "password": password}).status_code == 302
    assert changes() == [("张second", "换口令")]


def test_a_lost_telephone_is_freed_with_a_trace(world: World, visit: Visit) -> None:
    user = bind("second")
    admin = visit("web-system")
    assert "已绑定" in shown(admin.get(there("people-account")))
    for _ in range(2):
        assert admin.post(there("people-factor")).status_code == 302
    assert not has_factor(user) and changes() == [("张second", "解除动态口令")]


def test_nobody_closes_or_promotes_themselves(world: World, visit: Visit) -> None:
    admin = visit("web-system")
    own = shown(admin.get(there("people-account", "web-system")))
    assert "请由另一位系统管理员办理" in own and "停用账号" not in own
    for name, data in (("people-close", {}), ("people-roles", {"roles": ["机关负责人"]})):
        answer = admin.post(there(name, "web-system"), data)
        assert answer.status_code == 409 and "另一位系统管理员" in shown(answer)
    with pytest.raises(OwnAccount):
        set_open(world.on(PEOPLE["system"], 200), "web-system", False)
    assert changes() == []


@pytest.mark.parametrize("name", [one for one in PEOPLE if one != "system"])
def test_nobody_else_sees_or_does_anything(world: World, visit: Visit, name: str) -> None:
    client, at = visit(f"web-{name}"), world.on(PEOPLE[name], 200)
    assert client.get("/people/").status_code == 403
    assert client.get(there("people-account")).status_code == 403
    assert client.post("/people/add/", PERSON).status_code == 403
    assert {client.post(there(step)).status_code for step in STEPS} == {403}
    for act in (
        lambda: account_of(at, "web-second"),
        lambda: change_roles(at, "web-second", ["机关负责人"]),
        lambda: free_of_factor(at, "web-second"),
    ):
        with pytest.raises(NotAllowed):
            act()
    assert changes() == []


def test_a_stranger_and_the_accounts_of_another_agency(world: World, visit: Visit) -> None:
    for step in STEPS:
        assert "/sign-in/" in visit(None).post(there(step)).headers["Location"]
    assert "/sign-in/" in visit(None).get("/people/").headers["Location"]
    elsewhere = User.objects.exclude(agency=HERE).first()
    assert elsewhere is not None
    admin = visit("web-system")
    assert elsewhere.username not in shown(admin.get("/people/"))
    assert admin.get(there("people-account", elsewhere.username)).status_code == 404
    assert {admin.post(there(step, elsewhere.username)).status_code for step in STEPS} == {404}
    with pytest.raises(NotFound):
        account_of(world.on(PEOPLE["system"], 200), elsewhere.username)


def test_what_a_name_holds_is_text(world: World, visit: Visit) -> None:
    name = "<b onclick=x>陈</b>"
    page = shown(visit("web-system").post("/people/add/", {**PERSON, "name": name}))
    assert name not in page and "&lt;b onclick" in page
