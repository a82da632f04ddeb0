"""What only some cases have, accesses to records, and what is said of recordings: taken from who may, where it fits."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from liuhen.core.events.case import DecisionMade
from liuhen.core.facts.model import Facts
from liuhen.flows.check_index import check_index
from liuhen.flows.ground import ground_of
from liuhen.flows.occasion import Occasion
from liuhen.flows.writing import write_case
from liuhen.records.ledger.models import Event
from tests.doors.api.conftest import ACT, Agency, Caller, account, ago, begun, ended, event
from tests.doors.api.filmed import film

Calling = Callable[[str | None], Caller]
OBJECTION, ACCESS, OTHER = "c" * 32, "d" * 32, "e" * 32
RAISED = {"objection": OBJECTION, "against": "现场执法", "person": "刘某", "summary": "认为检查超出范围"}
REQUESTED = {"access": ACCESS, "purpose": "复制", "applicant": "刘某", "standing": "当事人", "what": "现场检查笔录"}
DECIDED = {"access": ACCESS, "granted": True, "step": "负责人", "name": "head", "basis": "政府信息公开"}
GIVEN = {"access": ACCESS, "purpose": "复制", "to": "刘某", "what": "现场检查笔录", "manner": "纸质"}


def send(caller: Caller, here: Agency, *events: dict[str, Any]) -> Any:
    return caller.post(f"/cases/{here.case}/events", {"events": list(events)})


def facts_of(here: Agency) -> Facts:
    return ground_of(here.case, here.uid).facts


@pytest.fixture
def head(here: Agency, calling: Calling) -> Caller:
    account("here", "head", "机关负责人")
    return calling("here-head")


@pytest.fixture
def archivist(here: Agency, calling: Calling) -> Caller:
    account("here", "archivist", "档案管理员")
    return calling("here-archivist")


def decide(here: Agency) -> str:
    occasion = Occasion(here.officer, ago(minutes=50), ago(minutes=50))
    write_case(here.case, occasion, DecisionMade("k1", "责令改正", "限期改正", "d1", Decimal(0)))
    return "k1"


def test_a_case_with_everything_that_may_happen(here: Agency, officer: Caller) -> None:
    decision = decide(here)
    batch = [
        event(1, "case.started-urgently", {"reason": "烟花随时可能爆炸"}),
        event(2, "case.urgent-start-reported", {"reported_to": "分管负责人", "manner": "电话"}),
        begun(3),
        event(4, "case.situation-arose", {"situations": ["阻碍执法"], "ground": "关门阻拦", "act": ACT}),
        event(5, "case.recording-chosen", {"manners": ["文字", "录像"], "reason": "直接涉及人身自由", "act": ACT}),
        event(6, "case.statement-waived", {"right": "听证", "manner": "书面"}),
        event(7, "case.objection-raised", RAISED | {"act": ACT}),
        event(8, "case.objection-handled", {"objection": OBJECTION, "outcome": "异议不成立，已当场说明"}),
        ended(9),
        event(11, "case.correction-verified", {"decision": decision, "result": "已改正"}),
        event(12, "case.transferred", {"to": "公安机关", "reason": "涉嫌犯罪"}),
    ]
    answer = send(officer, here, *batch)
    assert answer.status_code == 200, answer.content.decode()
    case = facts_of(here).case
    assert case.urgent_start and case.urgent_reported and "阻碍执法" in case.acts[ACT].traits
    assert case.objections[OBJECTION].handled and case.decisions[decision].correction == "已改正"
    assert case.transfers[0].name == "公安机关" and case.waived_rights == {"听证"}
    again = send(officer, here, *batch).json()
    assert {one["status"] for one in again["events"]} == {"known"}
    assert list(check_index()) == []


def test_a_case_that_is_not_started(here: Agency, officer: Caller) -> None:
    declined = event(1, "case.start-declined", {"reason": "没有管辖权"})
    assert send(officer, here, declined).status_code == 200
    for number, kind, content in (
        (2, "case.start-declined", {"reason": "没有管辖权"}),
        (3, "case.started-urgently", {"reason": "紧急"}),
    ):
        assert send(officer, here, event(number, kind, content)).status_code == 422


URGENT = event(1, "case.started-urgently", {"reason": "紧急"})
REPORTED = {"reported_to": "局长", "manner": "电话"}
UNFIT: list[tuple[list[dict[str, Any]], str]] = [
    ([URGENT, event(2, "case.started-urgently", {"reason": "紧急"})], "events[1]"),
    ([event(1, "case.urgent-start-reported", REPORTED)], "events[0]"),
    ([URGENT, event(2, "case.urgent-start-reported", REPORTED, ago(days=1))], "events[1]"),
    ([begun(1), event(2, "case.start-declined", {"reason": "无管辖权"})], "events[1]"),
    ([event(1, "case.situation-arose", {"situations": [], "ground": "甲"})], "events[0].content.situations"),
    ([event(1, "case.situation-arose", {"situations": ["甲", "甲"], "ground": "乙"})], "events[0].content.situations"),
    ([event(1, "case.situation-arose", {"situations": ["甲"], "ground": "乙", "act": ACT})], "events[0].content.act"),
    (
        [event(1, "case.situation-arose", {"situations": ["甲"], "ground": "乙", "recording": "r1"})],
        "events[0].content.recording",
    ),
    ([event(1, "case.recording-chosen", {"manners": ["录像"], "reason": "甲"})], "events[0].content.act"),
    (
        [event(1, "case.recording-chosen", {"manners": ["录像"], "reason": "甲", "act": ACT})],
        "events[0].content.act",
    ),
    (
        [event(1, "case.statement-waived", {"right": "听证", "manner": "书面", "document": "d9"})],
        "events[0].content.document",
    ),
    (
        [event(number, "case.statement-waived", {"right": "听证", "manner": "书面"}) for number in (1, 2)],
        "events[1].content.right",
    ),
    ([event(1, "case.objection-raised", RAISED | {"objection": "y1"})], "events[0].content.objection"),
    ([event(number, "case.objection-raised", RAISED) for number in (1, 2)], "events[1].content.objection"),
    ([event(1, "case.objection-handled", {"objection": OBJECTION, "outcome": "甲"})], "events[0].content.objection"),
    ([event(1, "case.correction-verified", {"decision": "k9", "result": "已改正"})], "events[0].content.decision"),
    ([event(1, "case.correction-verified", {"decision": "k9", "result": "差不多"})], "events[0].content.result"),
    (
        [event(number, "case.transferred", {"to": "公安机关", "reason": "甲"}) for number in (1, 2)],
        "events[1].content.to",
    ),
    ([event(1, "case.access-requested", REQUESTED | {"purpose": "看看"})], "events[0].content.purpose"),
    ([event(number, "case.access-requested", REQUESTED) for number in (1, 2)], "events[1].content.access"),
]


@pytest.mark.parametrize(("events", "place"), UNFIT)
def test_what_does_not_fit_is_refused_by_its_place(
    here: Agency, officer: Caller, events: list[dict[str, Any]], place: str
) -> None:
    before = Event.objects.count()
    refused = send(officer, here, *events)
    assert (refused.status_code, refused.json()["place"]) == (422, place)
    assert Event.objects.count() == before


def test_access_is_asked_for_decided_and_given(here: Agency, officer: Caller, head: Caller, archivist: Caller) -> None:
    early = send(archivist, here, event(1, "case.access-given", GIVEN))
    assert early.json()["place"] == "events[0].content.access"
    assert send(officer, here, event(2, "case.access-requested", REQUESTED)).status_code == 200
    undecided = send(archivist, here, event(3, "case.access-given", GIVEN))
    assert undecided.status_code == 422 and "还没有决定" in undecided.json()["message"]
    assert send(head, here, event(4, "case.access-decided", DECIDED)).status_code == 200
    assert send(head, here, event(5, "case.access-decided", DECIDED)).status_code == 422
    wider = send(archivist, here, event(6, "case.access-given", GIVEN | {"purpose": "公开发布"}))
    assert wider.json()["place"] == "events[0].content.purpose"
    assert send(archivist, here, event(7, "case.access-given", GIVEN)).status_code == 200
    assert facts_of(here).case.accesses[ACCESS].given is not None


def test_what_was_refused_is_not_given(here: Agency, officer: Caller, head: Caller, archivist: Caller) -> None:
    send(officer, here, event(1, "case.access-requested", REQUESTED))
    send(head, here, event(2, "case.access-decided", DECIDED | {"granted": False, "reason": "涉及第三人隐私"}))
    refused = send(archivist, here, event(3, "case.access-given", GIVEN))
    assert refused.status_code == 422 and "没有获得同意" in refused.json()["message"]


def test_to_look_at_records_needs_a_request_and_no_consent(here: Agency, officer: Caller, archivist: Caller) -> None:
    send(officer, here, event(1, "case.access-requested", REQUESTED | {"purpose": "查阅"}))
    assert send(archivist, here, event(2, "case.access-given", GIVEN | {"purpose": "查阅"})).status_code == 200


def test_who_asked_cannot_decide(here: Agency, calling: Calling) -> None:
    account("here", "chief", "承办机构负责人")
    chief = calling("here-chief")
    mine = DECIDED | {"name": "chief"}
    both = send(chief, here, event(1, "case.access-requested", REQUESTED), event(2, "case.access-decided", mine))
    assert both.json()["place"] == "events[1].content.access"
    assert send(chief, here, event(1, "case.access-requested", REQUESTED)).status_code == 200
    assert send(chief, here, event(2, "case.access-decided", mine)).json()["place"] == "events[0].content.access"


def test_nobody_decides_in_anothers_name_or_for_oneself(here: Agency, officer: Caller, head: Caller) -> None:
    send(officer, here, event(1, "case.access-requested", REQUESTED))
    other = send(head, here, event(2, "case.access-decided", DECIDED | {"name": "局长"}))
    assert other.json()["place"] == "events[0].content.name"
    send(officer, here, event(3, "case.access-requested", REQUESTED | {"access": OTHER, "applicant": "head"}))
    own = send(head, here, event(4, "case.access-decided", DECIDED | {"access": OTHER}))
    assert own.json()["place"] == "events[0].content.access"


@pytest.mark.parametrize(
    ("who", "kind", "content"),
    [
        ("officer", "case.access-decided", DECIDED),
        ("officer", "case.access-given", GIVEN),
        ("head", "case.access-given", GIVEN),
        ("head", "case.access-requested", REQUESTED),
        ("head", "case.transferred", {"to": "公安机关", "reason": "甲"}),
        ("archivist", "case.access-decided", DECIDED),
        ("archivist", "case.situation-arose", {"situations": ["甲"], "ground": "乙"}),
        ("archivist", "case.act-begun", begun(1)["content"]),
    ],
)
def test_each_type_is_for_who_may(
    here: Agency, officer: Caller, head: Caller, archivist: Caller, who: str, kind: str, content: dict[str, Any]
) -> None:
    caller = {"officer": officer, "head": head, "archivist": archivist}[who]
    assert send(caller, here, event(1, kind, content)).status_code == 403


def test_what_the_archivist_says_of_a_recording(here: Agency, officer: Caller, archivist: Caller) -> None:
    recording = film(here, officer)
    batch: list[tuple[str, dict[str, Any]]] = [
        ("recording.labelled", {"party": "恒达经营部"}),
        ("recording.kept", {"period": "永久", "situations": ["阻碍执法"], "ground": "关门阻拦"}),
        ("recording.placed", {"carrier": "光盘", "place": "盘 2026-017"}),
        ("recording.classified", {"classification": "个人隐私", "basis": "涉及未成年人"}),
    ]
    events = [event(60 + n, kind, said, ago(minutes=5), recording=recording) for n, (kind, said) in enumerate(batch)]
    answer = send(archivist, here, *events)
    assert answer.status_code == 200, answer.content.decode()
    found = facts_of(here).recordings[recording]
    assert found.classification == "个人隐私" and found.keepings[0].period == "永久" and found.placed
    assert list(check_index()) == []


@pytest.mark.parametrize(
    ("kind", "said", "place"),
    [
        ("recording.labelled", {}, ""),
        ("recording.labelled", {"case_number": "另案"}, "case_number"),
        ("recording.kept", {"period": "很久", "situations": ["甲"], "ground": "乙"}, "period"),
        ("recording.kept", {"period": "永久", "situations": [], "ground": "乙"}, "situations"),
        ("recording.placed", {"carrier": "光盘", "place": "甲", "made_at": "1970-01-01T00:00:00+08:00"}, "made_at"),
        ("recording.classified", {"classification": "内部"}, "classification"),
        ("recording.classified", {"classification": "公开", "basis": "甲"}, "classification"),
    ],
)
def test_what_cannot_be_said_of_a_recording(
    here: Agency, officer: Caller, archivist: Caller, kind: str, said: dict[str, Any], place: str
) -> None:
    recording = film(here, officer)
    refused = send(archivist, here, event(61, kind, said, ago(minutes=5), recording=recording))
    where = f"events[0].content.{place}" if place else "events[0]"
    assert (refused.status_code, refused.json()["place"]) == (422, where)
    early = event(62, "recording.placed", {"carrier": "光盘", "place": "甲"}, ago(days=1), recording=recording)
    assert send(archivist, here, early).status_code == 422


def test_officers_do_not_keep_place_or_classify(here: Agency, officer: Caller) -> None:
    recording = film(here, officer)
    said = {"classification": "个人隐私"}
    assert send(officer, here, event(61, "recording.classified", said, recording=recording)).status_code == 403
