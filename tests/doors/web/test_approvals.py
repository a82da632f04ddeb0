"""审批 on the pages: who sees and does what, what is refused and said, and that an opinion is signed by whoever sits there."""

import re
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import reverse

from liuhen.core.approvals.round import standing
from liuhen.core.events.incidents import UrgentStart
from liuhen.core.events.parts import Party, Source
from liuhen.core.kernel.moments import SHANGHAI
from liuhen.flows.approval_chains import chains_of
from liuhen.flows.establish_agency import establish_agency
from liuhen.flows.ground import agency_facts, ground_of
from liuhen.flows.occasion import Actor, Occasion, random_id
from liuhen.flows.open_case import register_case
from liuhen.flows.write_document import Content, make_document
from liuhen.flows.writing import write_case
from liuhen.records.people.models import User
from tests.doors.web.world import HERE, PEOPLE, World

pytestmark = pytest.mark.django_db

Visit = Callable[[str | None], Client]
MORE = {"unit": "承办机构负责人", "jurist": "法制审核人员", "deputy": "机关负责人"}


def join(name: str, role: str) -> str:
    """Give somebody an account for this test."""
    user, _ = User.objects.get_or_create(
        username=f"web-{name}", defaults={"agency": HERE, "display_name": f"张{name}", "actor": f"web-{name}"}
    )
    user.set_password("correct horse battery")
    user.save()
    user.groups.set([Group.objects.get_or_create(name=role)[0]])
    return str(user.username)


@pytest.fixture
def people(world: World) -> None:
    for name, role in MORE.items():
        join(name, role)


@pytest.fixture
def case(world: World, people: None) -> str:
    return new_case(world)


def new_case(world: World, party: str = "待审批商行") -> str:
    return register_case(
        world.on(PEOPLE["officer"], 100),
        kind="行政处罚",
        matter="涉嫌超量储存",
        source=Source("依职权", "举报", "群众举报"),
        party=Party(party, "企业"),
    )


def propose(client: Client, case: str, matter: str = "立案", **more: object) -> str:
    uid = random_id()
    said = {"id": uid, "opinion": "建议", "reasons": "事实清楚", "signature": "张officer", **more}
    answer = client.post(f"{reverse('approval-request', args=[case])}?matter={matter}", said)
    assert answer.status_code == 302, answer.content.decode()
    return uid


def say(client: Client, case: str, round_: str, step: str, name: str, **more: object) -> tuple[int, str]:
    said = {"step": step, "result": "同意", "opinion": "同意", "signature": f"张{name}", **more}
    answer = client.post(reverse("approval-step", args=[case, round_]), said)
    return answer.status_code, answer.content.decode()


def page(client: Client, case: str, query: str = "") -> str:
    return str(client.get(reverse("approvals", args=[case]) + query).content.decode())


def test_from_the_proposal_to_the_number(visit: Visit, case: str) -> None:
    officer, unit, head = visit("web-officer"), visit("web-unit"), visit("web-head")
    assert "没有正在进行的审批" in page(officer, case)
    assert "建议" not in page(officer, case, "?matter=立案").split("全部意见")[-1]
    uid = propose(officer, case)
    assert "下一步：审核（承办机构负责人）" in page(officer, case) and "签署意见</button>" not in page(officer, case)
    assert "待我审批" in unit.get("/").content.decode() and "待我审批" not in head.get("/").content.decode()
    assert say(unit, case, uid, "审核", "unit")[0] == 302
    assert "待审批商行" in head.get(reverse("approval-rules")).content.decode()
    assert "立案并取号" not in page(officer, case)
    assert say(head, case, uid, "批准", "head")[0] == 302
    shown = page(officer, case)
    assert "已批准" in shown and "立案并取号" in shown and "立案并取号" not in page(head, case)
    assert officer.post(reverse("approval-filing", args=[case])).status_code == 302
    assert ground_of(case, HERE).facts.case.number
    answer = officer.post(reverse("approval-filing", args=[case]))
    assert answer.status_code == 409 and "不能重复立案" in answer.content.decode()
    assert "立案并取号" not in page(officer, case)


def test_a_return_shows_the_form_to_the_proposer_again(visit: Visit, case: str) -> None:
    officer, unit = visit("web-officer"), visit("web-unit")
    uid = propose(officer, case)
    assert say(unit, case, uid, "审核", "unit", result="退回", opinion="证据不足")[0] == 302
    shown = page(officer, case)
    assert "张officer修改后再报" in shown and "证据不足" in shown and "签署意见</button>" in shown
    assert "签署意见</button>" not in page(visit("web-second"), case)
    status, told = say(officer, case, uid, "承办", "officer")
    assert status == 400 and "请写明理由" in told
    assert say(officer, case, uid, "承办", "officer", reasons="已补充")[0] == 302
    assert "下一步：审核" in page(officer, case)


def test_what_does_not_fit_is_said_and_what_was_typed_stays(visit: Visit, case: str) -> None:
    officer, unit = visit("web-officer"), visit("web-unit")
    uid = propose(officer, case)
    for more, word in (
        ({"signature": "张head"}, "签名应与本人姓名一致：张unit"),
        ({"result": ""}, "请选择结论"),
        ({"opinion": ""}, "请写明意见"),
        ({"result": "随便"}, "请从列表中选择结论"),
    ):
        status, told = say(unit, case, uid, "审核", "unit", **{"opinion": "写了很久的意见", **more})
        assert (status, word in told) == (400, True)
        assert "opinion" in more or "写了很久的意见" in told
    assert say(unit, case, uid, "审核", "unit")[0] == 302
    status, told = say(unit, case, uid, "审核", "unit")
    assert status == 409 and "现在轮到“批准”" in told
    assert len(ground_of(case, HERE).facts.case.rounds[uid].said) == 2


def test_an_opinion_on_another_document_than_the_one_shown_is_refused(world: World, visit: Visit, case: str) -> None:
    document = make_document(
        case, world.on(PEOPLE["officer"], 101), form="立案审批表", content=Content(body=("属实。",))
    )
    uid = propose(visit("web-officer"), case, document=document)
    unit = visit("web-unit")
    shown = page(unit, case)
    (seen,) = set(re.findall(r'name="seen" value="([0-9a-f]{64})"', shown))
    status, told = say(unit, case, uid, "审核", "unit", seen="0" * 64)
    assert status == 409 and "不是同一份" in told
    assert say(unit, case, uid, "审核", "unit", seen=seen)[0] == 302
    given = ground_of(case, HERE).facts.case.rounds[uid].said[-1]
    assert (given.document, given.file_sha256) == (document, seen)


def test_after_some_minutes_the_password_is_asked_for_again(visit: Visit, case: str) -> None:
    uid = propose(visit("web-officer"), case)
    unit = visit("web-unit")
    user = User.objects.get(username="web-unit")
    user.last_login = datetime.now(SHANGHAI) - timedelta(minutes=16)
    user.save()
    assert 'type="password"' in page(unit, case)
    status, told = say(unit, case, uid, "审核", "unit")
    assert status == 400 and "请输入登录口令" in told
    status, told = say(unit, case, uid, "审核", "unit", password="wrong")
    assert status == 400 and "口令不对" in told
    assert len(ground_of(case, HERE).facts.case.rounds[uid].said) == 1
    assert say(unit, case, uid, "审核", "unit", password="correct horse battery")[0] == 302
    other = propose(visit("web-officer"), case, "结案")
    assert 'type="password"' not in page(unit, case)
    assert say(unit, case, other, "审核", "unit")[0] == 302


def test_own_proposal_and_recused_are_told_why(visit: Visit, case: str) -> None:
    unit, head = visit("web-unit"), visit("web-head")
    uid = propose(unit, case, signature="张unit")
    shown = page(unit, case)
    assert "本人提请的“立案”" in shown and "签署意见</button>" not in shown
    status, told = say(unit, case, uid, "审核", "unit")
    assert status == 409 and "本人提请" in told
    join("unit2", "承办机构负责人")
    assert say(visit("web-unit2"), case, uid, "审核", "unit2")[0] == 302
    raised = random_id()
    ask = {"id": raised, "person": "web-head", "raised_by": "当事人", "ground": "近亲属"}
    assert head.post(reverse("approval-recusal", args=[case]), ask).status_code == 302
    deputy = visit("web-deputy")
    address = reverse("approval-recusal-decision", args=[case, raised])
    answer = deputy.post(address, {"granted": "是", "reasons": "确系近亲属", "voice_0": "应当回避"})
    assert answer.status_code == 400 and "不少于 2 人" in answer.content.decode()
    voices = {"voice_0": "应当回避", "voice_1": "同意"}
    assert deputy.post(address, {"granted": "是", "reasons": "确系近亲属", **voices}).status_code == 302
    again = deputy.post(address, {"granted": "是", "reasons": "确系近亲属", **voices})
    assert again.status_code == 409 and "不能重复决定" in again.content.decode()
    shown = page(head, case)
    assert all(word in visit("web-unit").get(f"/cases/{case}/").content.decode() for word in ("提出回避", "决定回避"))
    assert "准予回避" in shown and "已经决定回避" in shown and "集体讨论决定" in shown
    assert say(head, case, uid, "批准", "head")[0] == 409


def test_a_delegate_signs_on_behalf_and_the_page_says_so(visit: Visit, case: str) -> None:
    head, second = visit("web-head"), visit("web-second")
    today = datetime.now(SHANGHAI).date().isoformat()
    said = {"id": random_id(), "holder": "web-second", "first_day": today, "last_day": today, "ground": "外出"}
    for _ in range(2):
        assert head.post(reverse("approval-delegation"), said).status_code == 302
    (delegation,) = agency_facts(HERE).agency.delegations
    uid = propose(visit("web-officer"), case)
    assert say(visit("web-unit"), case, uid, "审核", "unit")[0] == 302
    shown = page(second, case)
    assert "受 张head 委托办理" in shown and f'value="{delegation}"' in shown
    assert say(second, case, uid, "批准", "second", behalf=delegation)[0] == 302
    assert "（受张head委托）" in page(head, case)
    panel = head.get(reverse("case-part", args=[case, "approvals", "立案"])).content.decode()
    assert "（受张head委托）" in panel
    rules = head.get(reverse("approval-rules")).content.decode()
    assert "全部事项；外出" in rules and "终止委托" in rules
    end = reverse("approval-delegation-end", args=[delegation])
    assert visit("web-unit").post(end, {"reason": "试"}).status_code == 403
    assert head.post(end, {"reason": ""}).status_code == 400
    assert head.post(end, {"reason": "回来了"}).status_code == 302
    assert head.post(end, {"reason": "回来了"}).status_code == 409
    bad = {**said, "id": random_id(), "first_day": "2026-13-01"}
    answer = head.post(reverse("approval-delegation"), bad)
    assert answer.status_code == 400 and "日期应写成年月日" in answer.content.decode()


def _rows(*rows: Mapping[str, object]) -> dict[str, object]:
    form: dict[str, object] = {"steps-TOTAL_FORMS": len(rows), "steps-INITIAL_FORMS": len(rows)}
    for number, row in enumerate(rows):
        form |= {f"steps-{number}-{name}": value for name, value in {"way": "opinion", **row}.items()}
    return form


def test_the_head_sets_a_chain_and_reads_why_it_cannot_be(visit: Visit, people: None) -> None:
    head, address = visit("web-head"), reverse("approval-chain") + "?matter=结案"
    shown = head.get(address).content.decode()
    assert 'value="承办"' in shown and 'value="批准"' in shown
    first = {"name": "承办", "by": ["执法人员"], "reasons": "on"}
    answer = head.post(address, _rows(first, {"name": "审核", "by": ["承办机构负责人"]}, {}))
    assert answer.status_code == 400 and "到“批准”为止" in answer.content.decode()
    last = {"name": "批准", "by": ["机关负责人"]}
    talk = {"name": "局务会", "way": "discussion", "persons": ["web-head", "web-deputy"]}
    assert head.post(address, _rows(first, {}, talk, last)).status_code == 302
    chain = chains_of(agency_facts(HERE).agency)["结案"]
    assert [(step.name, step.way, step.persons) for step in chain][1] == (
        "局务会",
        "discussion",
        ("web-head", "web-deputy"),
    )
    rules = visit("web-officer").get(reverse("approval-rules")).content.decode()
    assert "局务会" in rules and "张head、张deputy" in rules and "本机关设定" in rules
    assert re.search(r"hebei/16\W要求载明“审核”意见", rules) and "“批准”意见" not in rules
    fresh = head.post(reverse("approval-chain"), {"matter": "罚款分期", **_rows(first, last)})
    assert fresh.status_code == 302 and "罚款分期" in chains_of(agency_facts(HERE).agency)
    assert head.post(reverse("approval-chain"), {"matter": "", **_rows(first, last)}).status_code == 400
    assert head.get(reverse("approval-chain") + "?matter=没有的").status_code == 404
    for name in ("officer", "unit", "jurist", "archivist", "system"):
        assert visit(f"web-{name}").get(address).status_code == 403


def test_a_decision_with_review_and_discussion(visit: Visit, case: str) -> None:
    officer, unit, jurist = visit("web-officer"), visit("web-unit"), visit("web-jurist")
    head, deputy = visit("web-head"), visit("web-deputy")
    shown = page(officer, case, "?matter=行政处罚决定")
    assert "是否需要以下环节" in shown and "集体讨论的参加人员" in shown
    said = {"kept": ["法制审核", "集体讨论"], "talking_3": ["web-head", "web-deputy"]}
    uid = propose(officer, case, "行政处罚决定", **said)
    assert say(unit, case, uid, "审核", "unit")[0] == 302
    assert "审核不通过，退回修改" in page(jurist, case)
    assert say(jurist, case, uid, "法制审核", "jurist")[0] == 302
    assert "集体讨论（张head、张deputy）" in page(officer, case)
    assert say(head, case, uid, "集体讨论", "head", result="不同意")[0] == 302
    assert "集体讨论（张deputy）" in page(officer, case)
    assert say(deputy, case, uid, "集体讨论", "deputy")[0] == 302
    assert "待作出集体讨论结论" in page(officer, case)
    assert say(deputy, case, uid, "集体讨论", "deputy", opinion="多数同意")[0] == 302
    assert say(head, case, uid, "批准", "head")[0] == 302
    facts = ground_of(case, HERE).facts
    assert standing(facts.case.rounds[uid]).word == "已批准"
    assert len(facts.case.discussions) == len(facts.case.legal_reviews) == 1
    bad = {"id": random_id(), "opinion": "建议", "reasons": "清楚", "signature": "张officer", "kept": ["集体讨论"]}
    answer = officer.post(f"{reverse('approval-request', args=[case])}?matter=行政强制决定", bad)
    assert answer.status_code == 400 and "至少选 2 人" in answer.content.decode()


def _left(shown: str) -> bool:
    """Say whether the page tells how long there is to approve what was begun."""
    return re.search(r'class="later pending".*补办批准.*还剩\W21\W小时', shown) is not None


def test_an_urgent_start_shows_until_when_it_must_be_approved(world: World, visit: Visit) -> None:
    agency, began = "web-urgent", datetime.now(SHANGHAI) - timedelta(hours=2)
    people = {}
    for name, role in {"lu": "执法人员", "qi": "承办机构负责人", "bo": "机关负责人", "xi": "系统管理员"}.items():
        user = User.objects.create_user(f"urgent-{name}", agency=agency, display_name=name, actor=f"urgent-{name}")
        user.groups.set([Group.objects.get_or_create(name=role)[0]])
        people[name] = Occasion(Actor(user.actor, name, agency, frozenset({role})), began, began)
    establish_agency(
        people["xi"], name="珠晖区局", short_name="珠晖", number_prefix="珠", region="430405", packs=("zhuhui",)
    )
    case = register_case(
        people["lu"],
        kind="行政处罚",
        matter="正在燃放",
        source=Source("依职权", "巡查", "巡查发现"),
        party=Party("紧急商行", "企业"),
    )
    write_case(case, people["lu"], UrgentStart("正在燃放"))
    officer = visit("urgent-lu")
    shown = page(officer, case)
    assert "补办紧急启动审批" in shown and _left(shown)
    uid = propose(officer, case, "紧急启动", signature="lu")
    assert "补办紧急启动审批" not in page(officer, case) and _left(page(officer, case))
    for name, step in (("qi", "审核"), ("bo", "批准")):
        assert say(visit(f"urgent-{name}"), case, uid, step, name, signature=name)[0] == 302
    assert not _left(page(officer, case))
    (verdict,) = [
        one for one in ground_of(case, agency).judge(datetime.now(SHANGHAI)) if one.rule == "start.urgent-approved"
    ]
    assert verdict.verdict == "met"


def test_the_proposer_withdraws_and_puts_forward_again(visit: Visit, case: str) -> None:
    officer, unit = visit("web-officer"), visit("web-unit")
    uid = propose(officer, case)
    address = reverse("approval-withdrawal", args=[case, uid])
    assert "撤回这次审批" in page(officer, case) and "撤回这次审批" not in page(unit, case)
    assert unit.post(address, {"reason": "试"}).status_code == 403
    answer = officer.post(address, {"reason": ""})
    assert answer.status_code == 400 and "请写明为什么撤回" in answer.content.decode()
    assert officer.post(address, {"reason": "案由写错"}).status_code == 302
    assert officer.post(address, {"reason": "案由写错"}).status_code == 409
    shown = page(officer, case)
    assert "已撤回" in shown and re.search(r"撤回：张\W?officer\W?：案由写错", shown)
    assert say(unit, case, uid, "审核", "unit")[0] == 409
    propose(officer, case)


def test_nothing_is_recorded_without_the_signature_that_was_asked_for(visit: Visit, case: str) -> None:
    uid = propose(visit("web-officer"), case)
    assert say(visit("web-unit"), case, uid, "审核", "unit", result="退回")[0] == 302
    status, told = say(visit("web-second"), case, uid, "承办", "second", reasons="代报")
    assert status == 409 and "请由提请人修改后再报" in told
    assert len(ground_of(case, HERE).facts.case.rounds[uid].said) == 2


def test_guessing_the_password_here_locks_the_account_as_signing_in_does(visit: Visit, case: str) -> None:
    uid = propose(visit("web-officer"), case)
    unit = visit("web-unit")
    User.objects.filter(username="web-unit").update(last_login=datetime.now(SHANGHAI) - timedelta(minutes=20))
    for _ in range(5):
        status, _told = say(unit, case, uid, "审核", "unit", password="wrong")
    assert status != 302
    assert say(unit, case, uid, "审核", "unit", password="correct horse battery")[0] != 302
    assert len(ground_of(case, HERE).facts.case.rounds[uid].said) == 1


ADDRESSES: list[tuple[str, str, bool]] = [
    ("get", "approvals", True),
    ("post", "approval-request", True),
    ("post", "approval-filing", True),
    ("post", "approval-recusal", True),
    ("post", "approval-step", True),
    ("post", "approval-withdrawal", True),
    ("post", "approval-recusal-decision", True),
    ("get", "approval-rules", False),
    ("post", "approval-delegation", False),
    ("post", "approval-delegation-end", False),
    ("get", "approval-chain", False),
]
LONGER = ("approval-step", "approval-recusal-decision", "approval-withdrawal")


def _address(world: World, name: str, of_case: bool, case: str = "") -> str:
    more = ["0" * 32] if name in LONGER or name == "approval-delegation-end" else []
    return reverse(name, args=[case or world.cases["open"], *more] if of_case else more)


def _ask(client: Client, method: str, address: str) -> int:
    answer = client.post(address) if method == "post" else client.get(address)
    return int(answer.status_code)


@pytest.mark.parametrize(("method", "name", "of_case"), ADDRESSES)
def test_who_may_not(world: World, visit: Visit, method: str, name: str, of_case: bool) -> None:
    address = _address(world, name, of_case)
    assert _ask(visit(None), method, address) == 302
    for administrator in ("system", "security", "audit"):
        assert _ask(visit(f"web-{administrator}"), method, address) == 403
    if of_case:
        there = _address(world, name, of_case, "0" * 32)
        answers = {_ask(visit("web-stranger"), method, one) for one in (address, there)}
        assert len(answers) == 1 and answers <= {403, 404}
    if method == "post":
        assert visit("web-officer").get(address).status_code == 405


@pytest.mark.parametrize(
    ("name", "who"),
    [
        ("approval-request", ("archivist", "jurist", "deputy")),
        ("approval-filing", ("archivist", "jurist", "deputy")),
        ("approval-recusal", ("archivist",)),
        ("approval-recusal-decision", ("officer", "unit", "jurist", "archivist")),
        ("approval-delegation", ("officer", "jurist", "archivist")),
        ("approval-delegation-end", ("officer", "jurist", "archivist")),
    ],
)
def test_whose_role_carries_it(world: World, visit: Visit, people: None, name: str, who: tuple[str, ...]) -> None:
    of_case = not name.startswith("approval-delegation")
    for one in who:
        assert _ask(visit(f"web-{one}"), "post", _address(world, name, of_case)) == 403


def test_a_round_of_another_case_is_not_reached(world: World, visit: Visit, case: str) -> None:
    uid = propose(visit("web-officer"), case)
    assert say(visit("web-unit"), world.cases["open"], uid, "审核", "unit")[0] == 404
    assert "待审批商行" not in visit("web-stranger").get(reverse("approval-rules")).content.decode()


def test_what_a_name_holds_is_text(world: World, visit: Visit, people: None) -> None:
    case = new_case(world, "<script>alert(1)</script>")
    uid = propose(visit("web-officer"), case, opinion="<b>建议</b>", reasons="</textarea><script>x</script>")
    for address in (reverse("approvals", args=[case]), reverse("approval-rules"), "/"):
        shown = visit("web-unit").get(address).content.decode()
        assert "<script>alert" not in shown and "<script>x" not in shown and "<b>建议" not in shown
    assert uid in page(visit("web-unit"), case)
