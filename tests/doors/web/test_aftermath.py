"""决定以后: each act on its page, what is computed for a form, what is refused, and who may not."""

import re
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from liuhen.core.events.case import DecisionMade, ServiceMade
from liuhen.core.events.parts import Party, Source
from liuhen.core.facts.model import CaseFacts
from liuhen.core.kernel.moments import SHANGHAI, local_day
from liuhen.doors.web.aftermath_forms import AFTERMATH
from liuhen.doors.web.cards.aftermath import aftermath_form, aftermath_page, section_of
from liuhen.flows.approve import give_opinion
from liuhen.flows.conclude import archive_case, conclude_case
from liuhen.flows.direct_events import DIRECT_TYPES
from liuhen.flows.establish_agency import establish_agency
from liuhen.flows.foresee_surcharge import foresee_surcharge
from liuhen.flows.ground import ground_of
from liuhen.flows.occasion import Actor, Occasion, random_id
from liuhen.flows.open_case import file_case, register_case
from liuhen.flows.read_case import read_case
from liuhen.flows.write_document import Content, make_document
from liuhen.flows.writing import write_case
from tests.doors.web.world import HERE, PEOPLE, World

pytestmark = pytest.mark.django_db

Visit = Callable[[str | None], Client]
KINDS = [name.partition(".")[2] for name in AFTERMATH]
DECISION = "d" * 32


def decided(world: World) -> str:
    """The open case gets a fine that was served forty days ago."""
    officer = PEOPLE["officer"]
    document = make_document(
        world.cases["open"], world.on(officer, 90), form="行政处罚决定书", content=Content(fields={"当事人": "恒达"})
    )
    at = now() - timedelta(days=40)
    long_ago = Occasion(officer, at, world.on(officer, 91).recorded_at)
    made = DecisionMade(DECISION, "罚款", "处罚款 12000 元", document, Decimal(12000), local_day(now()))
    served = ServiceMade("s" * 32, document, "直接", "恒达烟花爆竹经营部", "东街", server=officer.name)
    write_case(world.cases["open"], long_ago, made, served)
    return document


def now() -> Any:
    return timezone.now().astimezone(SHANGHAI)


def address(world: World, kind: str = "", case: str = "open") -> str:
    there = [world.cases[case]]
    return reverse("aftermath-entry", args=[*there, kind]) if kind else reverse("aftermath", args=there)


def typed(**changes: str) -> dict[str, str]:
    return {"id": random_id(), "happened": now().strftime("%Y-%m-%dT%H:%M"), **changes}


def case(world: World) -> CaseFacts:
    return ground_of(world.cases["open"], HERE).facts.case


def page(client: Client, world: World) -> str:
    return client.get(address(world)).content.decode()


def test_every_form_is_of_an_event_that_people_record_and_stands_in_a_section() -> None:
    assert set(AFTERMATH) <= set(DIRECT_TYPES)
    assert all(section_of(name) for name in AFTERMATH)


def test_who_may_not(world: World, visit: Visit) -> None:
    for kind in ("", *KINDS):
        there = address(world, kind)

        def asked(account: str | None, there: str = there, by_post: bool = bool(kind)) -> int:
            client = visit(account)
            return (client.post(there) if by_post else client.get(there)).status_code

        assert asked(None) == 302, kind
        assert asked("web-stranger") == 404, kind
        for account in ("web-system", "web-security", "web-audit"):
            assert asked(account) == 403, (kind, account)
        assert asked("web-archivist") == (403 if kind else 200), kind
        if kind:
            assert visit("web-officer").get(there).status_code == 405
    assert visit("web-head").post(address(world, "court-applied"), typed()).status_code == 403
    assert visit("web-officer").post(address(world, "registered"), typed()).status_code == 404


def test_forms_demand_the_token(world: World) -> None:
    assert Client(enforce_csrf_checks=True).post(address(world, KINDS[0]), typed()).status_code == 403


def test_before_a_decision_there_is_only_what_needs_none(world: World, visit: Visit) -> None:
    shown = page(visit("web-officer"), world)
    assert "还没有作出决定" in shown and "记一条：提出异议" in shown
    assert "记一条：履行" not in shown and "记一条：异议处理" not in shown


def test_a_payment_is_recorded_once_and_shown_with_its_decision(world: World, visit: Visit) -> None:
    decided(world)
    officer, said = visit("web-officer"), typed(decision=DECISION, manner="到银行缴纳", amount="5000")
    assert officer.post(address(world, "decision-performed"), said).status_code == 302
    assert officer.post(address(world, "decision-performed"), said).status_code == 302
    assert officer.post(address(world, "decision-performed"), {**said, "amount": "7000"}).status_code == 409
    assert [amount for _, amount in case(world).decisions[DECISION].payments] == [Decimal(5000)]
    shown = page(officer, world)
    assert "已缴 5,000" in shown and "到银行缴纳" in shown and "12,000 元" in shown


def test_what_does_not_fit_is_said_beside_its_field(world: World, visit: Visit) -> None:
    decided(world)
    officer = visit("web-officer")

    def refused(kind: str, **said: str) -> str:
        answer = officer.post(address(world, kind), typed(**said))
        assert answer.status_code == 400
        return answer.content.decode()

    assert "请填写怎样履行" in refused("decision-performed", decision=DECISION)
    assert "金额应为大于 0 的元数" in refused("decision-performed", decision=DECISION, manner="缴", amount="-5")
    assert "请从列表中选择决定" in refused("decision-performed", decision="x" * 32, manner="缴")
    tomorrow = str(local_day(now()) + timedelta(days=1))
    assert "期限还没有届满" in refused("redress-expired", decision=DECISION, expired_on=tomorrow, ground="推算")
    late = (now() + timedelta(hours=2)).strftime("%Y-%m-%dT%H:%M")
    assert "时间还没有到" in refused("court-applied", decision=DECISION, court="安禾县人民法院", happened=late)
    assert case(world).decisions[DECISION].court is None


def test_a_verified_correction_an_objection_and_the_court(world: World, visit: Visit) -> None:
    document = decided(world)
    officer = visit("web-officer")

    def recorded(kind: str, **said: str) -> None:
        answer = officer.post(address(world, kind), typed(**said))
        assert answer.status_code == 302, re.findall(r'class="error"[^>]*>([^<]*)', answer.content.decode())

    recorded("correction-verified", decision=DECISION, result="部分改正", document=document)
    recorded("correction-verified", decision=DECISION, result="已改正")
    objection = random_id()
    recorded("objection-raised", objection=objection, against="强制执行", person="恒达", summary="数额不对")
    assert "恒达对强制执行的异议" in page(officer, world)
    recorded("objection-handled", objection=objection, outcome="复核后维持")
    yesterday = str(local_day(now()) - timedelta(days=1))
    recorded("redress-expired", decision=DECISION, expired_on=yesterday, ground="送达后六个月")
    recorded("court-applied", decision=DECISION, court="安禾县人民法院")
    recorded("measure-ended", act=world.act, outcome="退还")
    found = case(world)
    assert found.decisions[DECISION].correction == "已改正" and found.decisions[DECISION].court == "安禾县人民法院"
    assert found.objections[objection].outcome == "复核后维持"
    shown = page(officer, world)
    assert "怎样得出：送达后六个月" in shown and "核查结果：部分改正" in shown
    again = officer.post(address(world, "court-applied"), typed(decision=DECISION, court="别的法院"))
    assert again.status_code == 400 and "已经申请法院强制执行" in again.content.decode()


@pytest.fixture
def under_the_law(world: World) -> str:
    """A case of an agency that stands under the national law too, with a fine that was served forty days ago."""

    def on(name: str, role: str, minutes: float) -> Occasion:
        at = world.begun + timedelta(minutes=minutes)
        return Occasion(Actor(f"law-{name}", f"王{name}", "web-law", frozenset({role})), at, at)

    establish_agency(
        on("system", "系统管理员", 0),
        name="远山局",
        short_name="远山",
        number_prefix="远山",
        region="130000",
        packs=("hebei", "national"),
    )
    officer, head = on("officer", "执法人员", 1), on("head", "机关负责人", 2)
    uid = register_case(
        officer,
        kind="行政处罚",
        matter="涉嫌超量储存",
        source=Source("依职权", "举报", "举报"),
        party=Party("恒达", "企业"),
    )
    give_opinion(uid, head, matter="立案", step="批准", opinion="同意")
    file_case(uid, on("officer", "执法人员", 3))
    document = make_document(uid, on("officer", "执法人员", 4), form="行政处罚决定书", content=Content())
    at = now() - timedelta(days=40)
    made = DecisionMade(DECISION, "罚款", "处罚款 12000 元", document, Decimal(12000))
    served = ServiceMade("s" * 32, document, "直接", "恒达", "东街")
    write_case(uid, Occasion(officer.actor, at, on("officer", "执法人员", 5).at), made, served)
    return uid


def test_what_comes_on_top_of_a_fine_is_computed_from_the_term_of_payment(under_the_law: str) -> None:
    """行政处罚法 art. 67, 72: 15 days from service, then three per cent a day."""

    actor = Actor("law-officer", "王officer", "web-law", frozenset({"执法人员"}))
    reading = read_case(actor, under_the_law, at=now())
    found = foresee_surcharge(reading, reading.facts.case.decisions[DECISION])
    assert found is not None and found.last_day == local_day(now())
    late = (found.last_day - found.first_day).days + 1
    assert 12 <= late <= 25  # 15 days after service, rolled past any rest
    assert found.amount == min(Decimal(12000), Decimal(360) * late)
    begun = aftermath_form(reading, "case.surcharge-demanded").initial
    assert (begun["first_day"], begun["amount"], begun["decision"]) == (found.first_day, found.amount, DECISION)
    sections = {
        one.key: [line.clause.text for line in one.findings] for one in aftermath_page(reading, actor, {}).sections
    }
    assert "法律 处罚67" in sections["performance"] and "法律 处罚72" in sections["surcharge"]
    assert "法律 强制54" in sections["court"] and "法律 强制53" in sections["court"]


def test_an_archived_case_shows_and_takes_nothing(world: World, visit: Visit) -> None:
    decided(world)
    conclude_case(world.cases["open"], world.on(PEOPLE["officer"], 100), reason="执行完毕", document=None)
    archive_case(world.cases["open"], world.on(PEOPLE["archivist"], 101), archive_number="A1", retention="30 年")
    officer = visit("web-officer")
    shown = page(officer, world)
    assert "12,000 元" in shown and "记一条" not in shown and "拟制《" not in shown
    answer = officer.post(address(world, "decision-performed"), typed(decision=DECISION, manner="缴", amount="1"))
    assert answer.status_code == 409


def test_documents_of_a_section_show_how_they_were_served(world: World, visit: Visit) -> None:
    decided(world)
    document = make_document(
        world.cases["open"], world.on(PEOPLE["officer"], 92), form="催告书", content=Content(fields={})
    )
    shown = page(visit("web-officer"), world)
    assert reverse("service-document", args=[world.cases["open"], document]) in shown
    assert "拟制《催告书》" in shown and "拟制《强制执行申请书》" in shown
