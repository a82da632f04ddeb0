"""印章: how the agency's seal stands, is adopted and withdrawn in the browser, by one person and no other."""

import shutil
from collections.abc import Callable, Iterator
from datetime import datetime

import pytest
from django.test import Client
from django.urls import reverse

from liuhen.core.kernel.moments import SHANGHAI
from liuhen.flows.ground import agency_facts
from liuhen.flows.seals import seal_folder
from tests.doors.web.world import HERE, World
from tests.own_authority import OwnAuthority, lay_out, own_authority, stamping

pytestmark = pytest.mark.django_db
Visit = Callable[[str | None], Client]
STEPS = ("seals-try", "seals-adopt", "seals-withdraw", "seals-key-register", "seals-key-retire")
BASIS = {"basis": "印章启用审批表〔2026〕3 号"}


class Now:
    """The clock of an authority that goes right."""

    @property
    def at(self) -> datetime:
        return datetime.now(SHANGHAI)


@pytest.fixture(scope="module")
def authority() -> OwnAuthority:
    return own_authority("安禾县应急管理局")


@pytest.fixture
def files(authority: OwnAuthority) -> Iterator[str]:
    with stamping(authority, Now()) as address:
        lay_out(seal_folder(HERE), authority, address)
        yield address
    shutil.rmtree(seal_folder(HERE))


def show(client: Client) -> str:
    answer = client.get("/seals/")
    assert answer.status_code == 200
    return answer.content.decode()


def test_without_a_certificate_the_page_says_that_the_seal_is_a_test(world: World, visit: Visit) -> None:
    admin = visit("web-system")
    assert '<a href="/seals/">印章</a>' in admin.get("/account/").content.decode()
    page = show(admin)
    assert "测试印章" in page and "不能用于办案" in page and "seal.toml" in page and "启用</button>" not in page


def test_a_seal_is_tried_adopted_and_withdrawn(world: World, visit: Visit, files: str) -> None:
    admin = visit("web-system")
    assert "等待启用" in show(admin) and "示范电子认证有限公司" in show(admin)
    tried = admin.post("/seals/try/")
    assert tried.content.startswith(b"%PDF-") and "attachment" in tried.headers["Content-Disposition"]
    assert agency_facts(HERE).agency.seal_certificates == []
    assert admin.post("/seals/adopt/", BASIS).status_code == 302
    page = show(admin)
    assert "盖的是本机关启用的印章" in page and files in page and "等待启用" not in page
    again = admin.post("/seals/adopt/", BASIS)
    assert again.status_code == 409 and "正在使用" in again.content.decode()
    assert admin.post("/seals/withdraw/", {"reason": "密码设备遗失"}).status_code == 302
    page = show(admin)
    assert "停用</strong>" in page and "用过的印章证书" in page and "等待启用" in page


def test_what_is_wrong_is_said_at_its_place(world: World, visit: Visit, files: str) -> None:
    admin = visit("web-system")
    answer = admin.post("/seals/adopt/", {"basis": ""})
    assert answer.status_code == 400 and "请写明依据" in answer.content.decode()
    answer = admin.post("/seals/withdraw/", {"reason": "没有"})
    assert answer.status_code == 409 and "没有正在使用的印章证书" in answer.content.decode()
    (seal_folder(HERE) / "seal.key").chmod(0o644)
    assert "chmod 600" in show(admin)
    answer = admin.post("/seals/try/")
    assert answer.status_code == 409 and "chmod 600" in answer.content.decode()


def test_the_key_of_the_seal_is_retired_and_another_registered(world: World, visit: Visit) -> None:
    admin = visit("web-system")
    key = agency_facts(HERE).agency.seal_key
    assert key is not None and key.short in show(admin)
    assert admin.post("/seals/key/retire/", {"key": key.key, "reason": " "}).status_code == 400
    assert admin.post("/seals/key/register/").status_code == 409
    assert admin.post("/seals/key/retire/", {"key": key.key, "reason": "更换设备"}).status_code == 302
    assert agency_facts(HERE).agency.seal_key is None and "登记新密钥" in show(admin)
    assert admin.post("/seals/key/register/").status_code == 302
    renewed = agency_facts(HERE).agency.seal_key
    assert renewed is not None and renewed.key != key.key


@pytest.mark.parametrize("name", ["web-officer", "web-head", "web-security", "web-archivist"])
def test_nobody_else_comes_near(world: World, visit: Visit, files: str, name: str) -> None:
    client = visit(name)
    assert client.get("/seals/").status_code == 403
    for step in STEPS:
        assert client.post(reverse(step), {**BASIS, "reason": "试试"}).status_code == 403
    assert agency_facts(HERE).agency.seal_certificates == []
    assert '<a href="/seals/"' not in client.get("/account/").content.decode()


def test_strangers_are_sent_to_the_door(world: World, visit: Visit) -> None:
    client = visit(None)
    assert client.get("/seals/").status_code == 302
    for step in STEPS:
        assert client.post(reverse(step)).status_code == 302
