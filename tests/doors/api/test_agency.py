"""The agency's registers and its supervision: entered once by who may, read by who has cases; the three kept apart."""

from collections.abc import Callable
from typing import Any

import pytest

from liuhen.flows.ground import agency_facts
from liuhen.flows.record_agency import AGENCY_TYPES
from liuhen.records.ledger.models import Event
from tests.doors.api.conftest import Agency, Caller, account, ago, event

Calling = Callable[[str | None], Caller]
PROBLEM, INSPECTION, BACKUP = "1" * 32, "2" * 32, "3" * 32
DEVICE = {"device": "cam-1", "name": "执法记录仪", "kind": "执法记录仪", "number": "DSJ-1"}
KEPT_UP = {"device": "cam-1", "work": "校时", "outcome": "误差 0 秒", "name": "吴"}
INSPECTED = {
    "inspection": INSPECTION,
    "by": "法制科",
    "manner": "现场检查",
    "units": ["执法大队"],
    "findings": "未及时入库",
}
FOUND = {"problem": PROBLEM, "kind": "未按规定存储", "summary": "三段音像超过一日入库", "found_by": "法制科"}
MENDED = {"problem": PROBLEM, "measures": "补录并通报", "name": "李喆"}
ANSWERED = {"problem": PROBLEM, "measure": "通报批评", "persons": ["李喆"], "decided_by": "局长", "basis": "第三十一条"}
MADE: dict[str, Any] = {"backup": BACKUP, "place": "市级灾备中心", "remote": True, "covers": "2026 年上半年音像"}
SUPERVISION: list[tuple[str, dict[str, Any]]] = [
    (
        "agency.statistics-made",
        {"period": "2026 年上半年", "summary": "甲", "uses": ["案卷评查"], "figures": {"案件": "12"}},
    ),
    ("agency.inspection-held", INSPECTED),
    (
        "agency.appraisal-made",
        {"period": "2026", "by": "法制科", "results": {"大队": "优秀"}, "counted_in": "年终考评"},
    ),
    ("agency.problem-found", FOUND | {"inspection": INSPECTION, "rectify_by": "2099-01-01"}),
    ("agency.problem-rectified", MENDED),
    ("agency.accountability-decided", ANSWERED),
]
REGISTERS: list[tuple[str, dict[str, Any]]] = [
    ("agency.unit-registered", {"unit": "u1", "name": "执法大队", "head": "赵"}),
    ("agency.device-registered", DEVICE),
    ("agency.device-maintained", KEPT_UP),
    ("agency.room-registered", {"room": "m1", "name": "询问室一", "kind": "询问室"}),
    ("agency.funds-entered", {"year": 2026, "purpose": "购置", "amount": "12000.50"}),
    ("agency.backup-made", MADE),
    ("agency.backup-restored", {"backup": BACKUP, "passed": True, "outcome": "抽查 20 件一致"}),
    ("agency.training-held", {"topic": "执法记录仪使用", "participants": 12}),
    ("agency.format-issued", {"format": "询问笔录", "kind": "文书范本", "version": "2026", "issued_by": "省司法厅"}),
]


def batch(*contents: tuple[str, dict[str, Any]], first: int = 1) -> list[dict[str, Any]]:
    return [event(first + n, kind, content) for n, (kind, content) in enumerate(contents)]


def send(caller: Caller, *events: dict[str, Any], **more: Any) -> Any:
    return caller.post("/agency/events", {"events": list(events), **more})


@pytest.fixture
def custodian(here: Agency, calling: Calling) -> Caller:
    account("here", "custodian", "档案管理员")
    return calling("here-custodian")


@pytest.fixture
def reviewer(here: Agency, calling: Calling) -> Caller:
    account("here", "reviewer", "法制审核人员")
    return calling("here-reviewer")


@pytest.fixture
def admin(here: Agency, calling: Calling) -> Caller:
    account("here", "system", "系统管理员")
    return calling("here-system")


def test_registers_are_entered_once(here: Agency, custodian: Caller) -> None:
    events = batch(*REGISTERS)
    first = send(custodian, *events)
    assert first.status_code == 200, first.content.decode()
    count = Event.objects.count()
    again = send(custodian, *events)
    assert {one["status"] for one in again.json()["events"]} == {"known"} and Event.objects.count() == count
    assert again.json()["version"] == first.json()["version"]
    facts = agency_facts("here").agency
    assert facts.devices["cam-1"].maintained and facts.backups[BACKUP].passed and facts.units == {"u1": "执法大队"}
    assert facts.rooms == {"m1": "询问室"} and facts.formats["询问笔录"].version == "2026"


def test_supervision_is_entered_by_who_supervises(here: Agency, reviewer: Caller) -> None:
    answer = send(reviewer, *batch(*SUPERVISION))
    assert answer.status_code == 200, answer.content.decode()
    problem = agency_facts("here").agency.problems[PROBLEM]
    assert problem.rectified and problem.answered_for and problem.measures == ("通报批评",)


def test_every_type_is_shown_here() -> None:
    settled = {"agency.custodian-appointed", "agency.retention-set"}
    assert {kind for kind, _ in (*REGISTERS, *SUPERVISION)} | settled == set(AGENCY_TYPES)


def test_the_three_and_the_others_are_kept_apart(
    here: Agency, officer: Caller, custodian: Caller, reviewer: Caller, admin: Caller, calling: Calling
) -> None:
    before = Event.objects.count()
    for kind, content in SUPERVISION:
        for caller in (officer, custodian, admin):
            assert send(caller, event(1, kind, content)).status_code == 403
    for kind, content in REGISTERS:
        for caller in (officer, reviewer):
            assert send(caller, event(1, kind, content)).status_code == 403
    for kind, content in (
        ("agency.custodian-appointed", {"name": "吴", "duties": "管理"}),
        ("agency.retention-set", {"kind": "video", "period": "30 年", "way": "双份"}),
    ):
        for caller in (officer, reviewer, custodian):
            assert send(caller, event(1, kind, content)).status_code == 403
    for role in ("安全管理员", "审计管理员"):
        account("here", role, role)
        idle = calling(f"here-{role}")
        assert idle.get("/agency/events").status_code == 403
        assert send(idle, *batch(*REGISTERS)).status_code == 403
    assert Event.objects.count() == before
    assert (
        send(admin, *batch(("agency.retention-set", {"kind": "video", "period": "30 年", "way": "双份"}))).status_code
        == 200
    )


def test_strangers_and_other_agencies(here: Agency, elsewhere: Agency, custodian: Caller, calling: Calling) -> None:
    assert send(custodian, *batch(*REGISTERS)).status_code == 200
    assert calling(None).get("/agency/events").status_code == 401
    assert send(calling(None), *batch(*REGISTERS)).status_code == 401
    there = calling("elsewhere-officer").get("/agency/events").json()["events"]
    assert {one["header"]["agency"] for one in there} == {"elsewhere"}


def test_the_registers_are_read_page_by_page(
    here: Agency, officer: Caller, custodian: Caller, reviewer: Caller, admin: Caller
) -> None:
    send(custodian, *batch(*REGISTERS))
    send(reviewer, *batch(*SUPERVISION, first=30))
    kinds, after = [], 0
    while after is not None:
        page = officer.get("/agency/events", after=after, limit=4).json()
        kinds += [one["header"]["type"] for one in page["events"]]
        after = page["next"]
    assert kinds[-15:] == [kind for kind, _ in (*REGISTERS, *SUPERVISION)] and len(kinds) == page["version"]
    seen = {one["header"]["type"] for one in admin.get("/agency/events").json()["events"]}
    assert seen == {kind for kind, _ in REGISTERS}


UNFIT: list[tuple[list[tuple[str, dict[str, Any]]], str]] = [
    ([("agency.device-maintained", KEPT_UP)], "events[0].content.device"),
    ([("agency.device-registered", DEVICE)] * 2, "events[1].content.device"),
    (
        [
            ("agency.device-registered", DEVICE),
            ("agency.device-maintained", KEPT_UP | {"work": "报废", "usable": False}),
            ("agency.device-maintained", KEPT_UP),
        ],
        "events[2].content.device",
    ),
    (
        [("agency.device-registered", DEVICE), ("agency.device-maintained", KEPT_UP | {"work": "报废"})],
        "events[1].content.usable",
    ),
    ([("agency.funds-entered", {"year": 1999, "purpose": "购置", "amount": "1"})], "events[0].content.year"),
    ([("agency.funds-entered", {"year": 2026, "purpose": "购置", "amount": "-1"})], "events[0].content.amount"),
    ([("agency.funds-entered", {"year": 2026, "purpose": "购置", "amount": "1E+11"})], "events[0].content.amount"),
    ([("agency.funds-entered", {"year": 2026, "purpose": "购置", "amount": "1.500"})], "events[0].content.amount"),
    ([("agency.funds-entered", {"year": 2026, "purpose": "购置", "amount": "1E+99999"})], "events[0].content.amount"),
    ([("agency.backup-made", MADE)] * 2, "events[1].content.backup"),
    ([("agency.backup-made", MADE | {"sha256": "abc"})], "events[0].content.sha256"),
    ([("agency.backup-restored", {"backup": BACKUP, "passed": True, "outcome": "甲"})], "events[0].content.backup"),
    ([("agency.training-held", {"topic": "甲", "participants": 0})], "events[0].content.participants"),
    (
        [("agency.room-registered", {"room": "m1", "name": "一", "kind": kind}) for kind in ("询问室", "听证室")],
        "events[1].content.kind",
    ),
    ([("agency.established", {})], "events[0].type"),
    ([("case.act-ended", {"act": "a"})], "events[0].type"),
]
UNSUPERVISED: list[tuple[list[tuple[str, dict[str, Any]]], str]] = [
    ([("agency.inspection-held", INSPECTED | {"inspection": "n1"})], "events[0].content.inspection"),
    ([("agency.inspection-held", INSPECTED | {"units": []})], "events[0].content.units"),
    ([("agency.problem-found", FOUND | {"inspection": INSPECTION})], "events[0].content.inspection"),
    ([("agency.problem-found", FOUND | {"case": "没有的案号"})], "events[0].content.case"),
    ([("agency.problem-found", FOUND | {"rectify_by": "2020-01-01"})], "events[0].content.rectify_by"),
    ([("agency.problem-rectified", MENDED)], "events[0].content.problem"),
    ([("agency.problem-found", FOUND), *[("agency.problem-rectified", MENDED)] * 2], "events[2].content.problem"),
    ([("agency.accountability-decided", ANSWERED)], "events[0].content.problem"),
    (
        [("agency.problem-found", FOUND), ("agency.accountability-decided", ANSWERED | {"persons": ["reviewer"]})],
        "events[1].content.persons",
    ),
    ([("agency.statistics-made", {"period": "甲", "summary": "乙", "uses": []})], "events[0].content.uses"),
]


@pytest.mark.parametrize(("contents", "place"), UNFIT)
def test_an_entry_that_does_not_fit(
    here: Agency, custodian: Caller, contents: list[tuple[str, dict[str, Any]]], place: str
) -> None:
    before = Event.objects.count()
    refused = send(custodian, *batch(*contents))
    assert (refused.status_code, refused.json()["place"]) == (422, place)
    assert Event.objects.count() == before


@pytest.mark.parametrize(("contents", "place"), UNSUPERVISED)
def test_an_act_of_supervision_that_does_not_fit(
    here: Agency, reviewer: Caller, contents: list[tuple[str, dict[str, Any]]], place: str
) -> None:
    refused = send(reviewer, *batch(*contents))
    assert (refused.status_code, refused.json()["place"]) == (422, place)


def test_a_version_that_moved_and_an_id_that_is_taken(here: Agency, custodian: Caller) -> None:
    version = custodian.get("/agency/events").json()["version"]
    assert send(custodian, *batch(REGISTERS[0]), after=version).status_code == 200
    assert send(custodian, *batch(REGISTERS[3], first=5), after=version).status_code == 409
    assert send(custodian, *batch(REGISTERS[3])).status_code == 409
    late = event(9, *REGISTERS[3], ago(minutes=-30))
    assert send(custodian, late).status_code == 422
