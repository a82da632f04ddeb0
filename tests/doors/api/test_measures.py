"""What moves a term, ends a measure or leads to execution: taken from who handles the case, where it fits."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from liuhen.core.events.case import DecisionMade
from liuhen.core.facts.model import CaseFacts
from liuhen.flows.check_index import check_index
from liuhen.flows.ground import ground_of
from liuhen.flows.occasion import Occasion
from liuhen.flows.writing import write_case
from tests.doors.api.conftest import ACT, Agency, Caller, account, ago, begun, ended, event

Calling = Callable[[str | None], Caller]
# The day on which the decision is made and all the rest happens.
TODAY = ago(minutes=58).date().isoformat()
EXTENDED = {"term": "查封扣押", "until": "2035-01-01", "reason": "情况复杂", "act": ACT}
SURCHARGE = {"decision": "k1", "amount": "300", "first_day": TODAY, "last_day": TODAY}


def send(caller: Caller, here: Agency, *events: dict[str, Any]) -> Any:
    return caller.post(f"/cases/{here.case}/events", {"events": list(events)})


def case_of(here: Agency) -> CaseFacts:
    return ground_of(here.case, here.uid).facts.case


def fined(here: Agency, amount: Decimal | None = Decimal(10000)) -> None:
    occasion = Occasion(here.officer, ago(minutes=58), ago(minutes=58))
    write_case(here.case, occasion, DecisionMade("k1", "罚款", "罚款一万元", "d1", amount))


def test_a_case_through_measure_surcharge_and_court(here: Agency, officer: Caller) -> None:
    fined(here)
    began = ago(minutes=56).isoformat()
    batch = [
        begun(3),
        ended(4),
        event(5, "case.time-excluded", {"ground": "检测", "begun_at": began, "act": ACT}),
        event(6, "case.hearing-requested", {"person": "刘某"}),
        event(7, "case.measure-ended", {"act": ACT, "outcome": "解除"}),
        event(8, "case.surcharge-demanded", SURCHARGE),
        event(9, "case.redress-expired", {"decision": "k1", "expired_on": TODAY, "ground": "起诉期限届满"}),
        event(11, "case.court-applied", {"decision": "k1", "court": "某区人民法院"}),
    ]
    answer = send(officer, here, *batch)
    assert answer.status_code == 200, answer.content.decode()
    case = case_of(here)
    assert case.acts[ACT].measure_outcome == "解除" and case.acts[ACT].measure_ended
    assert case.excluded[0].said is not None and case.excluded[0].said.ground == "检测"
    assert case.hearing_requests[0].text == "刘某"
    decision = case.decisions["k1"]
    assert decision.court == "某区人民法院" and decision.redress_expired and len(decision.surcharges) == 1
    assert {one["status"] for one in send(officer, here, *batch).json()["events"]} == {"known"}
    assert list(check_index()) == []


@pytest.mark.parametrize(
    ("name", "content", "field"),
    [
        ("case.measure-ended", {"act": "f" * 32, "outcome": "解除"}, "act"),
        ("case.term-extended", {**EXTENDED, "until": "2020-01-01"}, "until"),
        ("case.term-extended", {**EXTENDED, "until": "9999-01-01"}, "until"),
        ("case.term-extended", {**EXTENDED, "decision": "k1"}, "decision"),
        ("case.time-excluded", {"ground": "检测", "begun_at": "2199-01-01T00:00:00+08:00"}, "begun_at"),
        ("case.time-excluded", {"ground": "检测", "begun_at": "1970-01-01T00:00:00+08:00"}, "begun_at"),
        (
            "case.time-excluded",
            {
                "ground": "检测",
                "begun_at": "2026-01-02T00:00:00+08:00",
                "ended_at": "2026-01-01T00:00:00+08:00",
            },
            "ended_at",
        ),
        ("case.notice-posted", {"document": "none", "carrier": "公告栏"}, "document"),
        ("case.hearing-requested", {"person": "刘某", "document": "none"}, "document"),
        ("case.surcharge-demanded", {**SURCHARGE, "amount": "0"}, "amount"),
        ("case.surcharge-demanded", {**SURCHARGE, "last_day": "2020-01-01"}, "last_day"),
        ("case.surcharge-demanded", {**SURCHARGE, "first_day": "2020-01-01"}, "first_day"),
        ("case.surcharge-demanded", {**SURCHARGE, "decision": "k9"}, "decision"),
        ("case.redress-expired", {"decision": "k1", "expired_on": "2199-01-01", "ground": "届满"}, "expired_on"),
        ("case.court-applied", {"decision": "k9", "court": "某法院"}, "decision"),
    ],
)
def test_what_does_not_fit_is_refused_with_the_field(
    here: Agency, officer: Caller, name: str, content: dict[str, Any], field: str
) -> None:
    fined(here)
    answer = send(officer, here, begun(3), event(5, name, content))
    assert answer.status_code == 422, answer.content.decode()
    assert f"content.{field}" in answer.content.decode()
    assert ACT not in case_of(here).acts  # a batch stands whole or not at all


def test_a_measure_ends_once_and_a_court_is_asked_once(here: Agency, officer: Caller) -> None:
    fined(here)
    over, court = {"act": ACT, "outcome": "解除"}, {"decision": "k1", "court": "某法院"}
    assert send(officer, here, begun(3), event(5, "case.measure-ended", over)).status_code == 200
    assert send(officer, here, event(6, "case.measure-ended", over)).status_code == 422
    assert send(officer, here, event(7, "case.court-applied", court)).status_code == 200
    assert send(officer, here, event(8, "case.court-applied", court)).status_code == 422


def test_no_surcharge_without_a_fine(here: Agency, officer: Caller) -> None:
    fined(here, amount=None)
    assert "没有罚款数额" in send(officer, here, event(5, "case.surcharge-demanded", SURCHARGE)).json()["message"]


def test_a_head_extends_a_term_and_the_archivist_does_not(here: Agency, officer: Caller, calling: Calling) -> None:
    assert send(officer, here, begun(3)).status_code == 200
    account("here", "head", "机关负责人")
    account("here", "archivist", "档案管理员")
    extension = event(5, "case.term-extended", EXTENDED)
    assert send(calling("here-archivist"), here, extension).status_code == 403
    head = calling("here-head")
    assert send(head, here, extension).status_code == 200
    assert case_of(here).extensions[0].said is not None
    applied = event(6, "case.court-applied", {"decision": "k1", "court": "某法院"})
    assert send(head, here, applied).status_code == 403
