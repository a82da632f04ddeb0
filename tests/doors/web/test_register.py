"""机关台账: who reads it, who adds to it, what a form that does not fit says, and that sending twice is one entry."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import reverse

from liuhen.core.kernel.moments import SHANGHAI
from liuhen.doors.web.cards.register import _LISTS
from liuhen.doors.web.register_forms import ENTRIES
from liuhen.flows.ground import agency_facts
from liuhen.flows.occasion import random_id
from liuhen.flows.record_agency import AGENCY_TYPES
from liuhen.records.people.models import User
from tests.doors.web.world import HERE, World

pytestmark = pytest.mark.django_db

Visit = Callable[[str | None], Client]
DEVICE = {"device": "cam-7", "name": "执法记录仪", "kind": "执法记录仪", "number": "DSJ-7", "features": "夜视、防爆"}
PROBLEM = {"kind": "未归档", "summary": "三件案件逾期未归档", "found_by": "法制科"}


def _now() -> str:
    return (datetime.now(SHANGHAI) - timedelta(minutes=1)).strftime("%Y-%m-%dT%H:%M")


def _send(client: Client, kind: str, /, **said: str) -> tuple[int, str]:
    form = {"id": random_id(), "happened": _now()} | said
    answer = client.post(reverse("register-entry", args=[kind]), form)
    return answer.status_code, answer.content.decode()


@pytest.fixture
def reviewer(world: World) -> str:
    user = User.objects.create_user("web-reviewer", agency=HERE, display_name="法制员", actor="web-reviewer")
    user.groups.set([Group.objects.get_or_create(name="法制审核人员")[0]])
    return user.username


def test_every_type_but_two_has_its_form() -> None:
    settled = {"agency.custodian-appointed", "agency.retention-set"}
    assert set(ENTRIES) == {name for one in _LISTS for name in one.types} == set(AGENCY_TYPES) - settled


def test_nobody_and_the_other_administrators_stay_out(world: World, visit: Visit) -> None:
    for address in (reverse("register"), reverse("register-entry", args=["training-held"])):
        assert visit(None).post(address).status_code == 302
        for name in ("security", "audit"):
            assert visit(f"web-{name}").get(reverse("register")).status_code == 403
    assert visit("web-officer").get(reverse("register-entry", args=["training-held"])).status_code == 405
    assert visit("web-officer").post(reverse("register-entry", args=["established"])).status_code == 404


def test_who_sees_which_forms(world: World, visit: Visit, reviewer: str) -> None:
    shown = {
        name: set(re.findall(r'action="/agency/([a-z-]+)/"', visit(name).get("/agency/").content.decode()))
        for name in ("web-officer", "web-archivist", "web-system", "web-head", reviewer)
    }
    registers = {name.partition(".")[2] for name, kind in AGENCY_TYPES.items() if len(kind.by) == 2}
    supervision = {name.partition(".")[2] for name, kind in AGENCY_TYPES.items() if kind.by[0].name == "SUPERVISE"}
    assert shown["web-officer"] == set()
    assert shown["web-archivist"] == shown["web-system"] == registers
    assert shown["web-head"] == shown[reviewer] == supervision


@pytest.mark.parametrize(
    ("who", "kind"),
    [
        ("officer", "training-held"),
        ("head", "training-held"),
        ("archivist", "inspection-held"),
        ("system", "problem-found"),
        ("security", "training-held"),
        ("stranger", "training-held"),
    ],
)
def test_who_may_not_adds_nothing(world: World, visit: Visit, who: str, kind: str) -> None:
    assert _send(visit(f"web-{who}"), kind)[0] == 403


def test_equipment_and_its_upkeep(world: World, visit: Visit) -> None:
    archivist = visit("web-archivist")
    assert _send(archivist, "device-registered", **DEVICE)[0] == 302
    sent = {"device": "cam-7", "work": "校时", "outcome": "误差 0 秒", "name": "吴", "usable": "on"}
    assert _send(archivist, "device-maintained", **sent)[0] == 302
    page = visit("web-officer").get("/agency/").content.decode()
    assert "DSJ-7" in page and "夜视、防爆" in page and "校时，" in page
    status, page = _send(archivist, "device-maintained", **(sent | {"work": "报废"}))
    assert status == 400 and "报废的设备不能再使用" in page and "<details open>" in page
    assert _send(archivist, "device-maintained", **(sent | {"work": "报废", "usable": ""}))[0] == 302
    status, page = _send(archivist, "device-maintained", **sent)
    assert status == 400 and "请从列表中选择设备" in page, "what was scrapped is not offered any more"


def test_a_problem_is_found_mended_and_answered_for(world: World, visit: Visit, reviewer: str) -> None:
    problem, client = random_id(), visit(reviewer)
    number = visit("web-head").get("/api/v1/cases").json()["cases"][0]["register_number"]
    status, page = _send(client, "problem-found", problem=problem, case="无此案", **PROBLEM)
    assert status == 400 and "本机关没有这个案号的案件" in page
    assert _send(client, "problem-found", problem=problem, case=number, rectify_by="2099-01-31", **PROBLEM)[0] == 302
    assert "待整改，期限 2099-01-31" in client.get("/agency/").content.decode()
    assert _send(client, "problem-rectified", problem=problem, measures="已全部归档", name="李")[0] == 302
    answered = {"measure": "通报批评", "persons": "李、王", "decided_by": "局长", "basis": "第三十一条"}
    assert _send(client, "accountability-decided", problem=problem, **answered)[0] == 302
    page = client.get("/agency/").content.decode()
    assert "已全部归档（" in page and "通报批评" in page and number in page
    seen = visit("web-system").get("/agency/").content.decode()
    assert number not in seen and "问题和整改" not in seen


def test_a_text_of_several_lines_is_kept(world: World, visit: Visit, reviewer: str) -> None:
    """Browsers end lines with two characters, of which the ledger takes one."""
    said = PROBLEM | {"problem": random_id(), "summary": "第一行\r\n第二行"}
    assert _send(visit(reviewer), "problem-found", **said)[0] == 302
    (problem,) = [one for one in agency_facts(HERE).agency.problems.values() if "第二行" in one.summary]
    assert problem.summary == "第一行\n第二行"


def test_the_other_forms(world: World, visit: Visit, reviewer: str) -> None:
    archivist, backup = visit("web-archivist"), random_id()
    for kind, said in (
        ("backup-made", {"backup": backup, "place": "灾备中心", "remote": "on", "covers": "全部音像"}),
        ("backup-restored", {"backup": backup, "passed": "on", "outcome": "一致"}),
        ("training-held", {"topic": "记录仪使用", "participants": "12"}),
        ("room-registered", {"room": "m1", "name": "询问室一", "kind": "询问室"}),
        ("unit-registered", {"unit": "u1", "name": "执法大队", "head": "赵"}),
        ("funds-entered", {"year": "2026", "purpose": "购置", "amount": "12000.50"}),
        ("format-issued", {"format": "询问笔录", "kind": "文书范本", "version": "2026", "issued_by": "省司法厅"}),
    ):
        assert _send(archivist, kind, **said)[0] == 302, kind
    for kind, said in (
        (
            "inspection-held",
            {"inspection": random_id(), "by": "法制科", "manner": "现场检查", "units": "执法大队", "findings": "无"},
        ),
        (
            "statistics-made",
            {"period": "2026", "summary": "甲", "uses": "案卷评查、执法监督", "figures": "案件数：12\n罚款: 3"},
        ),
        ("appraisal-made", {"period": "2026", "by": "法制科", "results": "大队：优秀", "counted_in": "年终考评"}),
    ):
        assert _send(visit(reviewer), kind, **said)[0] == 302, kind
    agency = agency_facts(HERE).agency
    assert agency.backups[backup].remote and agency.backups[backup].passed
    assert agency.figures_used == {"案卷评查", "执法监督"} and agency.units == {"u1": "执法大队"}
    page = visit("web-officer").get("/agency/").content.decode()
    assert all(word in page for word in ("灾备中心", "12000.50", "案件数 12；罚款 3", "大队 优秀"))


def test_sending_twice_is_one_entry(world: World, visit: Visit) -> None:
    archivist, said = visit("web-archivist"), {"topic": "记录仪使用", "participants": "12"}
    form = {"id": random_id(), "happened": _now()} | said
    for _ in range(2):
        assert archivist.post(reverse("register-entry", args=["training-held"]), form).status_code == 302
    assert archivist.get("/agency/").content.decode().count("<td>记录仪使用</td>") == 1


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({}, "请填写内容"),
        ({"topic": "甲", "participants": "很多"}, "参加人数写法不对"),
        ({"topic": "甲", "participants": "0"}, "参加人数应为大于 0 的整数"),
        ({"topic": "甲\x01", "participants": "1"}, "控制字符"),
        ({"topic": "甲", "participants": "1", "happened": "明天"}, "发生时间应写成年月日和时分"),
        ({"topic": "甲", "participants": "1", "happened": "1970-01-01T00:00"}, "时间不可能正确"),
        ({"topic": "甲", "participants": "1", "id": "x"}, ""),
    ],
)
def test_what_does_not_fit_says_so(world: World, visit: Visit, said: dict[str, str], sentence: str) -> None:
    status, page = _send(visit("web-archivist"), "training-held", **said)
    assert status == 400 and sentence in page and "<script>" not in page


def test_words_of_people_stay_text(world: World, visit: Visit) -> None:
    said = {"topic": "<script>alert(1)</script>", "participants": "1"}
    assert _send(visit("web-archivist"), "training-held", **said)[0] == 302
    assert "<script>alert" not in visit("web-officer").get("/agency/").content.decode()
