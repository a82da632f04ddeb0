"""动态口令: nobody is signed in by half of two factors, no code opens twice, and a lost telephone is not the end."""

import json
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from django.utils import timezone
from django_otp.oath import TOTP
from django_otp.plugins.otp_totp.models import TOTPDevice

from liuhen.core.kernel.errors import BadInput
from liuhen.doors.cli.main import main
from liuhen.flows.ground import ground_of
from liuhen.flows.second_factor import begin_factor, check_code, confirm_factor, has_factor, reset_factor
from liuhen.records.people.models import User
from tests.doors.web.test_approvals import join, new_case, page, propose, say
from tests.doors.web.world import HERE, PASSWORD, World

pytestmark = pytest.mark.django_db

Visit = Callable[[str | None], Client]
NAME = "two-factors"


@pytest.fixture
def user(world: World) -> User:
    made = User.objects.create_user(username=NAME, password=PASSWORD, display_name="双因子", agency=HERE)
    made.groups.add(Group.objects.get(name="机关负责人"))
    return made


def code_of(user: User, steps: int = 0) -> str:
    """Give what the telephone shows, so many half minutes from now."""
    device = TOTPDevice.objects.get(user=user)
    totp = TOTP(device.bin_key, device.step, device.t0, device.digits, device.drift)
    totp.time = timezone.now().timestamp() + 30 * steps
    return f"{totp.token():06d}"


def rested(user: User) -> None:
    """Let the pause after a wrong code be over, and the codes of this half minute be fresh again."""
    TOTPDevice.objects.filter(user=user).update(throttling_failure_count=0, last_t=-1)


@pytest.fixture
def bound(user: User) -> User:
    begin_factor(user)
    confirm_factor(user, code_of(user))
    rested(user)
    return user


def typed(client: Client, password: str = PASSWORD, there: str = "/cases/") -> str:
    answer = client.post("/sign-in/", {"username": NAME, "password": password, "next": there})
    return answer.headers.get("Location", "")


def test_an_account_without_a_factor_signs_in_as_before(user: User) -> None:
    client = Client()
    assert typed(client) == "/cases/" and client.get("/cases/").status_code == 200


def test_a_password_alone_opens_nothing(bound: User) -> None:
    client = Client()
    assert typed(client) == "/sign-in/code/"
    for address in ("/", "/cases/", "/account/"):
        assert client.get(address).headers["Location"].startswith("/sign-in/")
    assert client.get("/api/v1/cases").status_code == 401
    page = client.get("/sign-in/code/").content.decode()
    assert "one-time-code" in page and "双因子" not in page
    assert client.post("/sign-in/code/", {"code": code_of(bound)}).headers["Location"] == "/cases/"
    assert client.get("/cases/").status_code == 200


def test_a_code_alone_opens_nothing(bound: User) -> None:
    client = Client()
    assert client.post("/sign-in/code/", {"code": code_of(bound)}).headers["Location"] == "/sign-in/"
    assert typed(client, "wrong password") == ""
    assert client.get("/sign-in/code/").headers["Location"] == "/sign-in/"


def test_a_wrong_code_is_said_and_makes_one_wait(bound: User) -> None:
    client = Client()
    typed(client)
    first = client.post("/sign-in/code/", {"code": "000000" if code_of(bound) != "000000" else "111111"})
    assert first.status_code == 400 and "不对，或者已经用过" in first.content.decode()
    soon = client.post("/sign-in/code/", {"code": code_of(bound)})
    assert soon.status_code == 400 and "以后再试" in soon.content.decode()
    assert client.get("/cases/").status_code == 302
    rested(bound)
    assert client.post("/sign-in/code/", {"code": f" {code_of(bound)[:3]} {code_of(bound)[3:]}"}).status_code == 302
    for nonsense in ("", "12345", "abcdef", "１２３４５６", "1" * 40):
        with pytest.raises(BadInput):
            check_code(bound, nonsense)
        rested(bound)


def test_a_code_is_taken_once(bound: User) -> None:
    code = code_of(bound)
    check_code(bound, code)
    TOTPDevice.objects.filter(user=bound).update(throttling_failure_count=0)
    with pytest.raises(BadInput, match="已经用过"):
        check_code(bound, code)


def test_the_second_step_does_not_wait_for_ever(bound: User) -> None:
    client = Client()
    typed(client)
    session = client.session
    session["awaits_second_factor"] |= {"until": (timezone.now() - timedelta(seconds=1)).isoformat()}
    session.save()
    assert client.post("/sign-in/code/", {"code": code_of(bound)}).headers["Location"] == "/sign-in/"


def test_an_account_that_was_closed_meanwhile_does_not_sign_in(bound: User) -> None:
    client = Client()
    typed(client)
    User.objects.filter(pk=bound.pk).update(is_active=False)
    assert client.post("/sign-in/code/", {"code": code_of(bound)}).headers["Location"] == "/sign-in/"


def test_one_leads_back_only_into_this_site(bound: User) -> None:
    client = Client()
    typed(client, there="https://elsewhere.example/")
    answer = client.post("/sign-in/code/", {"code": code_of(bound)})
    assert answer.headers["Location"] == "/"


def test_binding_and_giving_up_on_the_page(user: User, visit: Visit) -> None:
    client = visit(NAME)
    page = client.get("/account/").content.decode()
    secret = begin_factor(user).secret
    assert "双因子" in page and secret[:4] in page and "data:image/png;base64," in page
    assert begin_factor(user).secret == secret, "asked again, it is the same"
    wrong = client.post("/account/bind/", {"code": "12"})
    assert wrong.status_code == 400 and not has_factor(user)
    rested(user)
    assert client.post("/account/bind/", {"code": code_of(user)}).status_code == 302 and has_factor(user)
    again = client.get("/account/").content.decode()
    assert "已绑定" in again and secret[:4] not in again, "the secret is shown no more"
    rested(user)
    assert client.post("/account/bind/", {"code": code_of(user)}).status_code == 400
    assert client.post("/account/unbind/", {"code": code_of(user)}).status_code == 302 and not has_factor(user)


@pytest.mark.parametrize("address", ["/account/", "/account/password/", "/account/bind/", "/account/unbind/"])
def test_nobody_has_no_account(world: World, address: str) -> None:
    client = Client()
    answer = client.get(address) if address == "/account/" else client.post(address, {"code": "123456"})
    assert answer.status_code == 302 and answer.headers["Location"].startswith("/sign-in/")


@pytest.mark.parametrize("account", ["web-officer", "web-security", "web-audit", "web-system", "web-stranger"])
def test_everybody_has_their_own(world: World, visit: Visit, account: str, bound: User) -> None:
    client = visit(account)
    assert client.get("/account/").status_code == 200
    code = code_of(bound)
    assert client.post("/account/unbind/", {"code": code}).status_code == 400 and has_factor(bound)


def test_a_lost_telephone(bound: User, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["factor", "--reset", NAME, "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"user": NAME, "removed": True}
    assert not has_factor(bound) and reset_factor(bound) is False
    assert main(["factor", "--reset", "nobody-of-that-name"]) != 0
    assert "没有账号" in capsys.readouterr().err


def test_an_opinion_is_signed_by_a_code_and_says_so(world: World, visit: Visit, bound: User) -> None:
    """Issue of approvals: the typed acknowledgement of an approver under both factors."""
    case = new_case(world, "双因子审批商行")
    join("unit", "承办机构负责人")
    uid = propose(visit("web-officer"), case)
    assert say(visit("web-unit"), case, uid, "审核", "unit")[0] == 302
    head = visit(NAME)
    assert 'autocomplete="one-time-code"' in page(head, case)
    signed = {"signature": "双因子"}
    status, told = say(head, case, uid, "批准", "", **signed)
    assert status == 400 and "请填写动态口令" in told
    status, told = say(head, case, uid, "批准", "", **signed, code="12")
    assert status == 400 and "没有保存" in told
    rested(bound)
    assert say(head, case, uid, "批准", "", **signed, code=code_of(bound))[0] == 302
    said = ground_of(case, HERE).facts.case.approvals["立案"]
    assert [one.step.assurance for one in said if one.step] == ["口令", "口令", "口令和动态口令"]
    other = propose(visit("web-officer"), case, "结案")
    assert say(visit("web-unit"), case, other, "审核", "unit")[0] == 302
    assert 'autocomplete="one-time-code"' not in page(head, case), "a moment later it is not asked again"
