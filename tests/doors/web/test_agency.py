"""机关: what an agency says of itself is set by one person, read by all, and stands in its documents and judgements."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from django.contrib.auth.models import Group
from django.test import Client

from liuhen.core.kernel.errors import BadInput
from liuhen.flows.access import NotAllowed
from liuhen.flows.draft_document import begun
from liuhen.flows.establish_agency import establish_agency, name_redress
from liuhen.flows.ground import agency_facts, ground_of
from liuhen.flows.occasion import Actor
from liuhen.flows.office import office
from liuhen.records.ledger.models import Event
from liuhen.records.people.models import User
from tests.doors.web.world import HERE, PEOPLE, World

pytestmark = pytest.mark.django_db
Visit = Callable[[str | None], Client]
REDRESS = {"reconsideration": "安禾县人民政府", "court": "安禾县人民法院", "basis": "法制科 2026 年第 2 号意见"}
KEEPER = Actor("settling-system", "许管理", "settling", frozenset({"系统管理员"}))


def text(page: str) -> str:
    return page.replace("\u2009", "").replace(" ", "")


def events(kind: str) -> int:
    return Event.objects.filter(type=kind).count()


@pytest.fixture
def keeper(world: World) -> Client:
    """The keeper of the data of an agency under the national pack."""
    day = world.on(KEEPER, 0)
    establish_agency(
        day, name="试值县局", short_name="试值", number_prefix="试", region="130000", packs=("national", "hebei")
    )
    user = User.objects.create_user("settling", agency="settling", display_name="许管理", actor=KEEPER.uid)
    user.groups.add(Group.objects.get(name="系统管理员"))
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def test_whom_a_party_turns_to_stands_in_every_decision_from_the_start(world: World, visit: Visit) -> None:
    client = visit("web-system")
    before = client.get("/bureau/").content.decode()
    assert "还没有确定" in before and '<a href="/bureau/" aria-current="page">机关</a>' in before
    facts, officer = ground_of(world.cases["open"], HERE).facts, world.on(PEOPLE["officer"], 200)
    kind = office().documents["行政处罚决定书"]
    assert begun(kind, facts, officer, None).texts["救济途径和期限"] == ""
    for _ in range(2):
        assert client.post("/bureau/redress/", REDRESS).status_code == 302
    assert events("agency.redress-named") == 1, "what stands already is not recorded again"
    assert "向<strong>安禾县人民政府</strong>申请行政复议" in client.get("/bureau/").content.decode()
    facts = ground_of(world.cases["open"], HERE).facts
    assert begun(kind, facts, officer, None).texts["救济途径和期限"] == (
        "如不服本决定，可以自收到本决定书之日起六十日内向安禾县人民政府申请行政复议，"
        "也可以自收到本决定书之日起六个月内直接向安禾县人民法院提起行政诉讼。"
    )


def test_a_clerk_is_told_what_the_words_wait_for(world: World, visit: Visit) -> None:
    address = f"/cases/{world.cases['open']}/write/DEC/"
    page = visit("web-officer").get(address).content.decode()
    assert "在“机关”页面确定，以后自动写好" in page
    name_redress(world.on(PEOPLE["system"], 100), **REDRESS)
    page = visit("web-officer").get(address).content.decode()
    assert "以后自动写好" not in page and "直接向安禾县人民法院提起行政诉讼" in page


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"court": ""}, "请填写管辖法院"),
        ({"reconsideration": "长" * 201}, "200字以内"),
        ({"basis": " "}, "请写明依据"),
        ({"court": "{机关.名称}"}, "不用花括号"),
    ],
)
def test_what_cannot_stand_is_refused_beside_its_field(
    world: World, visit: Visit, change: dict[str, str], words: str
) -> None:
    answer = visit("web-system").post("/bureau/redress/", REDRESS | change)
    page = answer.content.decode()
    assert (
        answer.status_code == 400 and words in text(page) and "安禾县人民政府" in page
    ) or "reconsideration" in change
    assert events("agency.redress-named") == 0
    with pytest.raises(BadInput):
        name_redress(world.on(PEOPLE["system"], 100), **(REDRESS | change))


def test_an_agency_is_put_under_another_one(world: World, keeper: Client) -> None:
    page = keeper.get("/bureau/").content.decode()
    assert "没有上级机关" in page and f'<option value="{HERE}">安禾县应急管理局</option>' in page
    assert '<option value="settling">' not in page
    assert keeper.post("/bureau/superior/", {"superior": HERE, "basis": "机构改革方案"}).status_code == 302
    assert agency_facts("settling").agency.superior == HERE
    assert "上级机关是<strong>安禾县应急管理局</strong>" in keeper.get("/bureau/").content.decode()
    wrong = keeper.post("/bureau/superior/", {"superior": "settling", "basis": "机构改革方案"})
    assert wrong.status_code == 400 and agency_facts("settling").agency.superior == HERE
    assert keeper.post("/bureau/superior/", {"superior": "", "basis": "机构改革方案"}).status_code == 302
    assert agency_facts("settling").agency.superior is None


def test_a_value_is_adopted_on_a_basis_and_shown_with_what_it_replaces(keeper: Client) -> None:
    page = text(keeper.get("/bureau/").content.decode())
    assert '决定是否立案的期限：<spanclass="num">15工作日' in page and "按规则包取值，存疑" in page
    said = {"value": "7 工作日", "basis": "法制科意见 3 号"}
    for _ in range(2):
        assert keeper.post("/bureau/settings/national/filing-term/", said).status_code == 302
    assert events("agency.setting-adopted") == 1
    page = text(keeper.get("/bureau/").content.decode())
    assert '决定是否立案的期限：<spanclass="num">7工作日' in page and "依据：法制科意见3号；规则包原取15工作日" in page
    assert agency_facts("settling").agency.settings["national", "filing-term"].value == "7 工作日"


@pytest.mark.parametrize(
    ("setting", "said", "words"),
    [
        ("filing-term", {"value": "一个星期", "basis": "意见"}, "应为期限，如7工作日"),
        ("filing-term", {"value": "7 工作日", "basis": " "}, "请写明法制机构的意见"),
        ("surcharge-base", {"value": "随便", "basis": "意见"}, "从列表中选"),
        ("surcharge-base", {"value": "", "basis": "意见"}, "请选择"),
    ],
)
def test_a_value_that_cannot_stand_is_refused(keeper: Client, setting: str, said: dict[str, str], words: str) -> None:
    answer = keeper.post(f"/bureau/settings/national/{setting}/", said)
    assert answer.status_code == 400 and words in text(answer.content.decode())
    assert events("agency.setting-adopted") == 0


def test_what_the_pack_does_not_leave_open_is_refused(keeper: Client) -> None:
    for place in ("national/mercy", "zhuhui/filing-term"):
        answer = keeper.post(f"/bureau/settings/{place}/", {"value": "7 工作日", "basis": "意见"})
        assert answer.status_code in (400, 409) and events("agency.setting-adopted") == 0


@pytest.mark.parametrize("name", [one for one in PEOPLE if one != "system"])
def test_others_read_and_change_nothing(world: World, visit: Visit, name: str) -> None:
    client = visit(f"web-{name}")
    page = client.get("/bureau/")
    assert page.status_code == 200 and '<form method="post" action="/bureau' not in page.content.decode()
    for place in ("redress", "superior", "settings/hebei/x"):
        answer = client.post(f"/bureau/{place}/", REDRESS | {"value": "1 日", "superior": ""})
        assert answer.status_code == 403, place
    with pytest.raises(NotAllowed):
        name_redress(world.on(PEOPLE[name], 100), **REDRESS)
    assert events("agency.redress-named") == 0


def test_strangers_are_sent_to_sign_in_and_another_agency_is_not_touched(world: World, visit: Visit) -> None:
    for answer in (visit(None).get("/bureau/"), visit(None).post("/bureau/redress/", REDRESS)):
        assert answer.status_code == 302 and "/sign-in/" in answer.headers["Location"]
    assert Client(enforce_csrf_checks=True).post("/bureau/redress/").status_code == 403
    other = replace(PEOPLE["system"], agency="nowhere")
    with pytest.raises(Exception, match="机关"):
        name_redress(world.on(other, 100), **REDRESS)
    assert agency_facts(HERE).agency.court == ""
