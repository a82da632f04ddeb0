"""登记新案件 and 办理: who may, what a form that does not fit says, sending twice, and every form of the table."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import reverse

from liuhen.core.events.catalogue import BY_NAME
from liuhen.core.events.parts import Party, Source
from liuhen.core.facts.model import Facts
from liuhen.core.kernel.moments import SHANGHAI
from liuhen.doors.web.cards.compliance import finding_key
from liuhen.doors.web.handling_forms import ENTRIES
from liuhen.flows.approve import give_opinion
from liuhen.flows.course_of_case import BY_NAME as STEPS
from liuhen.flows.course_of_case import course_of
from liuhen.flows.ground import ground_of
from liuhen.flows.occasion import random_id
from liuhen.flows.open_case import register_case
from liuhen.flows.read_case import read_case
from liuhen.flows.record_step import STEPS as RECORDABLE
from liuhen.flows.write_document import Content, make_document
from liuhen.records.index.models import CaseRow
from liuhen.records.people.models import User
from tests.doors.web.world import HERE, PEOPLE, World

pytestmark = pytest.mark.django_db
Visit = Callable[[str | None], Client]
NEW = reverse("new-case")
CASE = {
    "kind": "行政处罚",
    "matter": "涉嫌超量储存",
    "start": "依职权",
    "manner": "举报",
    "summary": "后院库房\r\n存放烟花",
    "reporting": "named",
    "reporter": "何某",
    "received_by": "张officer",
    "party": "兴隆商行",
    "party_kind": "企业",
    "traits": ["重大违法行为"],
}


def _minute(**ago: float) -> str:
    return (datetime.now(SHANGHAI) - timedelta(**ago)).strftime("%Y-%m-%dT%H:%M")


def _page(client: Client, uid: str, kind: str = "") -> tuple[int, str]:
    address = reverse("handling-step", args=[uid, kind]) if kind else reverse("handling", args=[uid])
    answer = client.get(address)
    return answer.status_code, answer.content.decode()


def _send(client: Client, uid: str, kind: str, /, **said: Any) -> tuple[int, str]:
    """Send a step's form as a browser does: an `id` is there unless the test says otherwise."""
    form = {"id": random_id(), "happened": "", "seen": "999"} | said
    answer = client.post(reverse("handling-step", args=[uid, kind]), form)
    return answer.status_code, answer.content.decode()


def _facts(uid: str) -> Facts:
    return ground_of(uid, HERE).facts


def _errors(page: str) -> list[str]:
    return re.findall(r'<p class="error"[^>]*>(.*?)</p>|<li>([^<]*)</li>', page.split('role="alert"', 1)[-1]) and [
        first or second for first, second in re.findall(r'<p class="error"[^>]*>(.*?)</p>|<li>([^<]*)</li>', page)
    ]


@pytest.fixture
def reviewer(world: World) -> str:
    user = User.objects.create_user("web-lawyer", agency=HERE, display_name="法制员", actor="web-lawyer")
    user.groups.set([Group.objects.get_or_create(name="法制审核人员")[0]])
    return user.username


def test_nobody_and_who_has_no_cases_stay_out(world: World, visit: Visit) -> None:
    case = world.cases["open"]
    addresses = (NEW, reverse("handling", args=[case]), reverse("handling-step", args=[case, "concluded"]))
    for address in addresses:
        assert visit(None).get(address).status_code == visit(None).post(address).status_code in (302, 405)
        for name in ("web-system", "web-security", "web-audit", "web-archivist"):
            assert visit(name).get(address).status_code == 403, (address, name)
    assert visit("web-head").get(NEW).status_code == visit("web-head").post(NEW, CASE).status_code == 403


@pytest.mark.parametrize("who", ["system", "security", "audit", "archivist", "head", "stranger"])
def test_who_may_not_registers_nothing(world: World, visit: Visit, who: str) -> None:
    before = CaseRow.objects.filter(agency=HERE).count()
    visit(f"web-{who}").post(NEW, CASE | {"id": random_id()})
    assert CaseRow.objects.filter(agency=HERE).count() == before


def test_another_agency_cannot_tell_it_from_what_does_not_exist(world: World, visit: Visit) -> None:
    stranger, case = visit("web-stranger"), world.cases["open"]
    for address in (reverse("handling", args=[case]), reverse("handling-step", args=[case, "concluded"])):
        missing = address.replace(case, "0" * 32)
        assert stranger.get(address).status_code == stranger.get(missing).status_code == 404
    post = reverse("handling-step", args=[case, "concluded"])
    assert stranger.post(post, {"id": random_id(), "reason": "x", "happened": _minute()}).status_code == 404
    assert _facts(case).case.concluded is None


def test_links_are_for_those_who_may(world: World, visit: Visit) -> None:
    case = reverse("case", args=[world.cases["open"]])
    for name, registers, handles in (
        ("web-officer", True, True),
        ("web-head", False, True),
        ("web-archivist", False, False),
    ):
        client = visit(name)
        for page in ("/", "/cases/"):
            assert (NEW in client.get(page).content.decode()) is registers, (name, page)
        assert (f"{case}handling/" in client.get(case).content.decode()) is handles, name


def test_a_case_is_registered_once_and_goes_on_to_its_handling(world: World, visit: Visit) -> None:
    client, uid = visit("web-officer"), random_id()
    shown = client.get(NEW).content.decode()
    assert "河北省行政执法全过程记录办法" in shown and "重大违法行为" in shown and "河北 10.4" in shown
    answers = [client.post(NEW, CASE | {"id": uid}) for _ in range(2)]
    assert [(one.status_code, one.headers["Location"]) for one in answers] == [(302, f"/cases/{uid}/handling/")] * 2
    case = _facts(uid).case
    assert case.source is not None and case.party is not None
    assert (case.source.reporter, case.source.real_name, case.source.summary) == ("何某", True, "后院库房\n存放烟花")
    assert (case.party.name, case.party.address, case.traits) == ("兴隆商行", None, ("重大违法行为",))
    other = client.post(NEW, CASE | {"id": uid, "matter": "另一件"})
    assert other.status_code == 400 and "已经用过" in other.content.decode()
    assert CaseRow.objects.filter(uid=uid).count() == 1
    assert "下一步：立案" in _page(client, uid)[1]


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"matter": ""}, "请写明案由"),
        ({"summary": ""}, "请写明来源的内容"),
        ({"party": ""}, "请写明当事人"),
        ({"party_kind": "仙人"}, "请从列表中选择当事人类型"),
        ({"manner": ""}, "请选择来源"),
        ({"reporter": ""}, "请写明举报人"),
        ({"traits": ["没有这种情形"]}, "请从列表中选择案件的情形"),
        ({"kind": "没有这种"}, "请从列表中选择执法类别"),
        ({"received_at": "2199-01-01T00:00"}, "接到的时间晚于现在"),
        ({"received_at": "1970-01-01T08:00"}, "时间不可能正确"),
        ({"phone": "1" * 41}, "联系电话太长"),
        ({"summary": "有\x07铃"}, "无法显示的控制字符"),
        ({"id": "1"}, "有 1 处需要改正"),
    ],
)
def test_what_does_not_fit_is_said_at_its_field(
    world: World, visit: Visit, changed: dict[str, Any], sentence: str
) -> None:
    before = CaseRow.objects.count()
    answer = visit("web-officer").post(NEW, CASE | {"id": random_id()} | changed)
    page = answer.content.decode()
    assert answer.status_code == 400 and sentence in page and CaseRow.objects.count() == before
    assert 'value="兴隆商行"' in page or "party" in changed, "what was typed stays"


def test_the_law_beside_follows_the_kind_and_keeps_what_was_ticked(world: World, visit: Visit) -> None:
    query = {"kind": "行政许可", "traits": "重大违法行为"}
    piece = visit("web-officer").get(NEW, query, headers={"HX-Request": "true"}).content.decode()
    assert piece.lstrip().startswith('<section id="law"') and "<form" not in piece
    assert re.search(r'value="重大违法行为" checked', piece)


def test_an_agency_without_a_stream_registers_nothing(world: World, visit: Visit) -> None:
    user = User.objects.create_user("web-lonely", agency="lonely", display_name="独", actor="web-lonely")
    user.groups.set([Group.objects.get_or_create(name="执法人员")[0]])
    answer = visit("web-lonely").post(NEW, CASE | {"id": random_id()})
    assert answer.status_code == 409 and "尚未建档" in answer.content.decode()


def _open(world: World) -> str:
    """A case of its own, filed and with the decision approved, an act running, and documents."""
    officer, head = PEOPLE["officer"], PEOPLE["head"]
    uid = register_case(
        world.on(officer, 90),
        kind="行政处罚",
        matter="涉嫌超量储存",
        source=Source("依职权", "举报", "举报"),
        party=Party("四海商行", "企业", representative="罗进"),
    )
    for matter in ("立案", "行政处罚决定"):
        give_opinion(uid, world.on(head, 91), matter=matter, step="批准", opinion="同意")
    return uid


def _document(world: World, uid: str, form: str) -> str:
    return make_document(uid, world.on(PEOPLE["officer"], 92), form=form, content=Content(body=("属实。",)))


# What a person types into each form, but for what belongs to the case at hand.
SAMPLES: dict[str, dict[str, Any]] = {
    "started-urgently": {"reason": "火情"},
    "urgent-start-reported": {"reported_to": "局长", "manner": "电话"},
    "start-declined": {"reason": "不属于管辖"},
    "recording-chosen": {
        "manners": ["录像"],
        "manners_other": "无人机航拍",
        "reason": "面积大",
        "act_kind": "现场检查",
    },
    "certificates-shown": {"act": "RUNNING", "shown_to": "罗进"},
    "party-told": {"topics": ["陈述", "申辩"], "topics_other": "救济途径", "told": "罗进", "manner": "口头"},
    "situation-arose": {"situations": ["情节复杂"], "ground": "涉及多人"},
    "measure-ended": {"act": "RUNNING", "outcome": "退还"},
    "evidence-listed": {"kind": "书证", "purpose": "证明超量", "document": "RECORD", "place": "东街"},
    "time-excluded": {"ground": "鉴定", "begun_at": "2026-01-05T09:00", "ended_at": "2026-01-09T09:00"},
    "term-extended": {"term": "其他", "term_other": "办案期限", "until": _minute(days=-90)[:10], "reason": "案情复杂"},
    "act-ended": {"act": "RUNNING", "outcome": "查明\r\n属实"},
    "statement-heard": {"summary": "首次违法"},
    "statement-reviewed": {"outcome": "维持"},
    "statement-waived": {"right": "听证", "manner": "书面声明", "document": "RECORD"},
    "hearing-requested": {"person": "四海商行"},
    "legal-review-given": {"passed": "通过", "opinion": "合法"},
    "discussion-held": {"participants": "张officer：同意\n张second: 同意", "conclusion": "一致同意"},
    "decision-made": {"kind": "罚款", "summary": "罚款", "document": "DECISION", "amount": "12000.5"},
    "transferred": {"to": "公安机关", "reason": "涉嫌犯罪"},
    "concluded": {"reason": "其他", "reason_other": "整改完毕"},
}
_BY = {"legal-review-given": "web-lawyer", "discussion-held": "web-head"}
_BEFORE_FILING = ("started-urgently", "urgent-start-reported", "start-declined")


def test_the_table_has_every_step_and_samples_for_all() -> None:
    assert set(ENTRIES) == set(STEPS) - {"case.registered"}
    assert set(RECORDABLE) == {f"case.{kind}" for kind in SAMPLES} | {"case.act-begun"}


def test_every_form_records_its_step_once(world: World, visit: Visit, reviewer: str) -> None:
    """In the order of a case; each form is sent twice, as by a double click."""
    uid, officer = _open(world), visit("web-officer")
    names = {"RECORD": _document(world, uid, "现场检查笔录"), "DECISION": _document(world, uid, "行政处罚决定书")}
    for kind in ("started-urgently", "urgent-start-reported"):
        _send_twice(officer, uid, kind, SAMPLES[kind], names)
    assert _page(officer, uid, "filed")[0] == 200
    _send_twice(officer, uid, "filed", {}, names)
    names["RUNNING"] = random_id()
    begun = {"act": names["RUNNING"], "kind": "现场检查", "place": "东街", "officers": [PEOPLE["officer"].uid]}
    begun |= {"party_present": "是", "traits": ["直接涉及生命健康"]}
    _send_twice(officer, uid, "act-begun", begun, names)
    for kind, said in SAMPLES.items():
        if kind not in _BEFORE_FILING:
            _send_twice(visit(_BY.get(kind, "web-officer")), uid, kind, said, names)
    facts = _facts(uid)
    case, act = facts.case, facts.case.acts[names["RUNNING"]]
    assert facts.oddities == [] and case.number and case.concluded and case.discussions[0].document is None
    assert (act.party_present, act.outcome, act.certificates_shown_by) == (
        True,
        "查明\n属实",
        frozenset({PEOPLE["officer"].uid}),
    )
    assert act.traits == ("直接涉及生命健康",) and "情节复杂" in case.traits and case.legal_reviews[0].passed
    assert case.choices[0].manners == ("录像", "无人机航拍") and case.told[0].topics == ("陈述", "申辩", "救济途径")
    (decision,) = case.decisions.values()
    assert str(decision.amount) == "12000.50" and decision.document == names["DECISION"]
    assert [one.said.term for one in case.extensions if one.said] == ["办案期限"]
    page = _page(officer, uid)[1]
    for words in ("整改完毕", "证明超量", "情节复杂", "无人机航拍", "罗进", "12000.50 元"):
        assert words in page.replace("\u2009", " ").replace("  ", " "), words


def test_a_case_is_declined_and_then_ended(world: World, visit: Visit) -> None:
    uid, officer = _open(world), visit("web-officer")
    _send_twice(officer, uid, "start-declined", SAMPLES["start-declined"], {})
    page = _page(officer, uid)[1]
    assert "下一步：结案" in page and "已经不予立案" in page and '<option value="不予立案" selected' in page
    assert _send(officer, uid, "filed")[0] == 409 and _facts(uid).case.number is None


def _send_twice(client: Client, uid: str, kind: str, said: dict[str, Any], names: dict[str, str]) -> None:
    made = {"evidence-listed": "evidence", "decision-made": "decision"}.get(kind)
    form = {name: names.get(value, value) if isinstance(value, str) else value for name, value in said.items()}
    form |= {"id": random_id()} | ({made: random_id()} if made else {})
    version = _facts(uid).case.version
    for _ in range(2):
        status, page = _send(client, uid, kind, **form)
        assert status == 302, (kind, status, _errors(page))
    assert _facts(uid).case.version == version + 1, kind


def test_what_a_flow_refuses_stands_at_its_field(world: World, visit: Visit, reviewer: str) -> None:
    uid, officer = _open(world), visit("web-officer")
    other = world.documents["sealed"]
    for kind, said, sentence in (
        ("statement-heard", {"summary": ""}, "请填写陈述申辩的内容"),
        ("statement-heard", {"summary": "x", "happened": "昨天"}, "发生时间应写成年月日和时分"),
        ("statement-heard", {"summary": "x", "happened": _minute(days=9)}, "早于案件来源登记"),
        ("statement-heard", {"summary": "x", "happened": "1970-01-01T08:00"}, "时间不可能正确"),
        ("statement-reviewed", {"outcome": "维持"}, "没有陈述申辩的记录"),
        ("concluded", {"reason": "其他"}, "请写明结案的理由"),
        ("concluded", {"reason": "编的"}, "请从列表中选择结案的理由"),
        ("party-told", {"told": "罗进", "manner": "口头"}, "请至少选择一项告知了什么"),
        ("decision-made", {"kind": "罚款", "summary": "x", "document": other}, "请从列表中选择决定书"),
        ("term-extended", {"term": "其他", "term_other": "x", "until": "2001-01-01", "reason": "x"}, "早于决定延长"),
        ("act-begun", {"kind": "现场检查", "place": "x", "act": random_id()}, "请选择执法人员"),
        ("act-begun", {"kind": "现场检查", "place": "x", "act": "1", "officers": ["nobody"]}, "请从列表中选择执法人员"),
    ):
        status, page = _send(officer, uid, kind, **said)
        assert status == 400 and any(sentence in words for words in _errors(page)), (kind, sentence, _errors(page))
    for text, sentence in (("某人", "没有写明意见"), ("外人：同意", "没有这个人"), ("张officer：同意", "不少于 2 人")):
        status, page = _send(visit("web-head"), uid, "discussion-held", participants=text, conclusion="x")
        assert status == 400 and any(sentence in words for words in _errors(page)), _errors(page)
    assert _facts(uid).case.statements == [] and _facts(uid).case.acts == {}


def test_without_a_time_it_is_the_moment_of_sending(world: World, visit: Visit) -> None:
    uid, officer = _open(world), visit("web-officer")
    before = datetime.now(SHANGHAI)
    assert _send(officer, uid, "statement-heard", summary="刚才")[0] == 302
    minute = _minute(hours=3)
    assert _send(officer, uid, "statement-heard", summary="三小时前", happened=minute)[0] == 302
    first, second = (one.at for one in _facts(uid).case.statements)
    assert first is not None and before.replace(microsecond=0) <= first
    assert second is not None and second.strftime("%Y-%m-%dT%H:%M") == minute


def test_what_somebody_recorded_meanwhile_is_said_and_can_be_sent_again(world: World, visit: Visit) -> None:
    uid = _open(world)
    seen, form = str(_facts(uid).case.version), {"id": random_id(), "summary": "同一件事"}
    assert _send(visit("web-second"), uid, "statement-heard", summary="先到")[0] == 302
    status, page = _send(visit("web-officer"), uid, "statement-heard", **form, seen=seen)
    assert status == 409 and "张second" in page and "同一件事" in page
    (now,) = re.findall(r'name="seen" value="(\d+)"', page)
    assert _send(visit("web-officer"), uid, "statement-heard", **form, seen=now)[0] == 302
    assert len(_facts(uid).case.statements) == 2


def test_the_same_form_with_another_content_is_refused(world: World, visit: Visit) -> None:
    uid, form = _open(world), {"id": random_id(), "summary": "原来的"}
    assert _send(visit("web-officer"), uid, "statement-heard", **form)[0] == 302
    status, page = _send(visit("web-officer"), uid, "statement-heard", **(form | {"summary": "改过的"}))
    assert status == 409 and "登记的是另外的内容" in page and len(_facts(uid).case.statements) == 1


def test_closed_steps_say_why_and_what_is_no_step_is_not_found(world: World, visit: Visit) -> None:
    officer = visit("web-officer")
    status, page = _page(officer, world.cases["script"], "filed")
    assert status == 409 and "还没有机关负责人的批准" in page and "<form method" not in page.split("<main", 1)[1]
    status, page = _send(officer, world.cases["script"], "filed")
    assert status == 409 and "立案须经机关负责人批准" in page
    for kind in ("registered", "approval-given", "document-made", "nothing"):
        assert _page(officer, world.cases["open"], kind)[0] == _send(officer, world.cases["open"], kind)[0] == 404
    for kind in ("legal-review-given", "discussion-held"):
        assert _page(officer, world.cases["open"], kind)[0] == _send(officer, world.cases["open"], kind)[0] == 403
    assert _send(visit("web-head"), world.cases["open"], "statement-heard", summary="x")[0] == 403


def test_an_archived_case_is_only_looked_at(world: World, visit: Visit) -> None:
    officer, uid = visit("web-officer"), world.cases["archived"]
    status, page = _page(officer, uid)
    assert status == 200 and "只能查看" in page and "<form" not in page.split("<main", 1)[1]
    assert _page(officer, uid, "party-told")[0] == 409
    status, page = _send(officer, uid, "party-told", topics=["陈述"], told="x", manner="口头")
    assert status == 409 and "已经归档" in page


def test_forms_demand_the_token(world: World) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(User.objects.get(username="web-officer"), backend="django.contrib.auth.backends.ModelBackend")
    for address in (NEW, reverse("handling-step", args=[world.cases["open"], "concluded"])):
        assert strict.post(address, CASE | {"id": random_id(), "reason": "终止调查"}).status_code == 403
    assert _facts(world.cases["open"]).case.concluded is None


def test_what_has_not_happened_yet_is_refused(world: World, visit: Visit) -> None:
    uid = _open(world)
    status, page = _send(visit("web-officer"), uid, "statement-heard", summary="明天", happened=_minute(days=-1))
    assert (
        status == 400
        and any("尚未发生的事不能登记" in words for words in _errors(page))
        and _facts(uid).case.statements == []
    )


def test_texts_of_people_are_never_markup(world: World, visit: Visit) -> None:
    for kind in ("", "party-told", "act-begun"):
        page = _page(visit("web-officer"), world.cases["script"], kind)[1]
        assert "<script>document.title" not in page and "&lt;script&gt;" in page


def test_who_waits_for_whom(world: World, visit: Visit, reviewer: str) -> None:
    """The next step is shown to everybody and offered to who may take it."""
    uid = _open(world)
    assert _send(visit("web-officer"), uid, "filed")[0] == 302
    said = {"kind": "现场检查", "place": "x", "act": random_id(), "officers": [PEOPLE["officer"].uid]}
    assert _send(visit("web-officer"), uid, "act-begun", **said)[0] == 302
    assert _send(visit("web-officer"), uid, "act-ended", act=said["act"])[0] == 302
    told = {"topics": ["陈述", "申辩", "申请回避", "申请听证"], "told": "x", "manner": "口头", "response": "不"}
    assert _send(visit("web-officer"), uid, "party-told", **told)[0] == 302
    for name, form in (("web-officer", False), ("web-head", False), (reviewer, True)):
        page = _page(visit(name), uid)[1]
        assert "下一步：法制审核" in page and (f'action="/cases/{uid}/handling/legal-review-given/"' in page) is form
    assert "由法制审核人员登记" in _page(visit("web-officer"), uid)[1]


def test_a_finding_leads_to_the_form_that_answers_it(world: World, visit: Visit) -> None:
    case = world.cases["open"]
    reading = read_case(PEOPLE["officer"], case, at=datetime.now(SHANGHAI))
    (wanted,) = course_of(reading).of("case.party-told").wanted
    finding = reverse("case-part", args=[case, "findings", finding_key(wanted.clause, wanted.rule, wanted.subject.id)])
    for name, leads in (("web-officer", True), ("web-archivist", False)):
        page = visit(name).get(finding).content.decode()
        assert "怎么办" in page and (f"/cases/{case}/handling/party-told/" in page) is leads, name
        assert ("拟制《行政处罚听证告知书》" in page) is leads


def test_labels_of_steps_are_those_of_the_catalogue_or_say_more() -> None:
    """A step is called on the page by a word that its record bears, or by the word that the law has for it."""
    other = {
        "case.act-begun",
        "case.act-ended",
        "case.start-declined",
        "case.statement-waived",
        "case.hearing-requested",
    }
    other |= {"case.evidence-listed"}
    assert {name for name, step in STEPS.items() if step.title != BY_NAME[name].label} == other
