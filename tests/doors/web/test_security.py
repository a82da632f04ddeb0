"""安全: what an agency asks of signers is set by one person, said on the page, and kept to by the flow."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.test import Client

from liuhen.core.approvals.proofs import BY_BOTH, BY_PASSWORD
from liuhen.core.events.approvals import SigningProofSet
from liuhen.core.kernel.errors import BadInput
from liuhen.flows.access import NotAllowed
from liuhen.flows.approval_rounds import Proposal, request_approval
from liuhen.flows.ground import agency_facts, ground_of
from liuhen.flows.occasion import random_id
from liuhen.flows.second_factor import begin_factor, confirm_factor
from liuhen.flows.signing_proof import ProofMissing, set_signing_proof, signers_of
from liuhen.records.people.models import User
from tests.doors.web.test_approvals import join, new_case, page, propose, say
from tests.doors.web.test_second_factor import code_of, rested
from tests.doors.web.world import HERE, PASSWORD, PEOPLE, World

pytestmark = pytest.mark.django_db
Visit = Callable[[str | None], Client]
SET = {"proof": BY_BOTH, "basis": "局务会 2026 年第 8 次会议"}


def bind(name: str) -> User:
    user = User.objects.get(username=f"web-{name}")
    begin_factor(user)
    confirm_factor(user, code_of(user))
    rested(user)
    return user


def show(client: Client) -> str:
    return client.get("/security/").content.decode()


def test_the_demand_is_set_and_shown_with_who_could_not_sign(world: World, visit: Visit) -> None:
    bind("head")
    keeper = visit("web-security")
    assert '<a href="/security/">安全</a>' in keeper.get("/account/").content.decode()
    before = show(keeper)
    assert f"签署审批意见用<strong>{BY_PASSWORD}</strong>" in before and "人还没有绑定" in before
    assert keeper.post("/security/proof/", SET).status_code == 302
    assert f"签署审批意见用<strong>{BY_BOTH}</strong>（依据：局务会" in show(keeper)
    assert keeper.post("/security/proof/", SET).status_code == 302
    events = [one for one in ground_of(world.cases["open"], HERE).events if isinstance(one.content, SigningProofSet)]
    assert len(events) == 1, "what stands already is not recorded again"
    signers = signers_of(world.on(PEOPLE["security"], 100))
    assert [one.bound for one in signers] == sorted(one.bound for one in signers)
    assert [one.name for one in signers if one.bound] == ["张head"]


@pytest.mark.parametrize(
    ("change", "words"),
    [({"proof": "指纹"}, "请从列表中选择"), ({"basis": " "}, "请写明依据"), ({"basis": "长" * 201}, "200 字以内")],
)
def test_what_cannot_be_set(world: World, visit: Visit, change: dict[str, str], words: str) -> None:
    answer = visit("web-security").post("/security/proof/", {**SET, **change})
    assert answer.status_code == 400 and words in answer.content.decode()
    with pytest.raises(BadInput):
        set_signing_proof(world.on(PEOPLE["security"], 100), **{**SET, **change})
    assert agency_facts(HERE).agency.signing_proof == BY_PASSWORD


@pytest.mark.parametrize("name", [one for one in PEOPLE if one != "security"])
def test_nobody_else_sets_or_reads_it(world: World, visit: Visit, name: str) -> None:
    client = visit(f"web-{name}")
    assert client.get("/security/").status_code == 403
    assert client.post("/security/proof/", SET).status_code == 403
    with pytest.raises(NotAllowed):
        set_signing_proof(world.on(PEOPLE[name], 100), **SET)


def test_a_stranger_is_asked_to_sign_in(world: World, visit: Visit) -> None:
    for answer in (visit(None).get("/security/"), visit(None).post("/security/proof/", SET)):
        assert answer.status_code == 302 and "/sign-in/" in answer.headers["Location"]


def test_an_opinion_without_the_second_factor_is_not_taken(world: World, visit: Visit) -> None:
    case = new_case(world, "要求双因子商行")
    officer = visit("web-officer")
    uid = propose(officer, case)
    join("unit", "承办机构负责人")
    unit = visit("web-unit")
    assert "签署意见</button>" in page(unit, case), "it is theirs"
    visit("web-security").post("/security/proof/", SET)
    assert '请先在<a href="/account/">我的账号</a>绑定动态口令' in page(unit, case)
    assert "签署意见</button>" not in page(unit, case)
    status, told = say(unit, case, uid, "审核", "unit")
    assert status != 302 and "绑定动态口令" in told
    at = world.on(PEOPLE["officer"], 200)
    for assurance in (None, BY_PASSWORD):
        with pytest.raises(ProofMissing, match="绑定动态口令"):
            request_approval(case, at, random_id(), Proposal("结案", "同意", "办完", assurance=assurance))
    assert len(ground_of(case, HERE).facts.case.rounds) == 1


def test_with_both_factors_it_is(world: World, visit: Visit) -> None:
    case = new_case(world, "双因子办案商行")
    visit("web-security").post("/security/proof/", SET)
    user = bind("officer")
    # As somebody who has just signed in with both.
    officer = Client()
    answer: Any = officer.post("/sign-in/", {"username": "web-officer", "password": PASSWORD})
    assert answer.status_code == 302
    assert officer.post("/sign-in/code/", {"code": code_of(user)}).status_code == 302
    uid = propose(officer, case)
    (step,) = [one.step for one in ground_of(case, HERE).facts.case.approvals["立案"] if one.step]
    assert uid and step.assurance == BY_BOTH


def test_the_keeper_of_security_holds_nothing_else(world: World, visit: Visit) -> None:
    keeper = visit("web-security")
    assert keeper.get("/cases/").status_code == 403 and keeper.get("/agency/").status_code == 403
    assert Group.objects.filter(name="安全管理员").exists()
