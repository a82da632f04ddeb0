"""Terms that are waited for, counted back, stopped and extended; things that come in order; values left to be confirmed."""

from dataclasses import replace
from typing import Any

import pytest

from liuhen.core.facts.fold import fold
from liuhen.core.kernel.moments import parse_instant
from liuhen.core.rules.asking import say_term
from liuhen.core.rules.evaluate import assess
from liuhen.core.rules.lint import lint
from liuhen.core.rules.model import Clause, Pack, Rule, Setting
from liuhen.core.rules.settings import named_in, settle, settled
from liuhen.core.rules.verdict import Verdict
from tests.core.calendar.known import CALENDAR
from tests.core.facts.story import facts_of, registered
from tests.core.rules.test_lint import BASE
from tests.core.rules.writing import rule, verdict

SEIZED = "2026-01-20T09:00:00+08:00"


def event(at: str, event_type: str, /, **content: Any) -> dict[str, Any]:
    return {"at": at, "type": event_type, **content}


def seized(at: str = SEIZED) -> list[dict[str, Any]]:
    return [registered(), event(at, "case.act-begun", act="x1", kind="查封扣押", place="仓库", officers=[])]


def lifted(at: str) -> dict[str, Any]:
    return event(at, "case.measure-ended", act="x1", outcome="解除")


TERM: dict[str, Any] = {
    "start": "begun",
    "to": "measure_ended",
    "within": "30 日 不顺延",
    "excludes": ["检测", "鉴定"],
    "extension": {"cites": "t/2", "term": "查封扣押", "longest": "60 日 不顺延"},
}
SEIZURE = rule(each="act", kind="time", time=TERM)


def judged(*events: dict[str, Any], at: str = "2026-12-01T00:00:00+08:00") -> Verdict:
    return verdict(SEIZURE, *seized(), *events, at=at)


def extended(at: str, until: str, **changes: Any) -> dict[str, Any]:
    return event(at, "case.term-extended", **{"term": "查封扣押", "until": until, "reason": "情况复杂", **changes})


def excluded(begun: str, ended: str | None, **changes: Any) -> dict[str, Any]:
    bounds = {"begun_at": f"{begun}T09:00:00+08:00", **({"ended_at": f"{ended}T09:00:00+08:00"} if ended else {})}
    return event(f"{begun}T09:00:00+08:00", "case.time-excluded", **{"ground": "检测", **bounds, **changes})


def test_a_strict_term_ends_in_the_holiday_and_tells_when_it_would_end_if_it_rolled() -> None:
    found = judged()
    assert found.due == parse_instant("2026-02-20T00:00:00+08:00")
    assert any("不顺延；如顺延则为 2026-02-24" in line for line in found.because)


def test_an_extension_decided_in_time_moves_the_end_and_changes_the_clause() -> None:
    found = judged(extended("2026-02-10T09:00:00+08:00", "2026-03-06"), lifted("2026-03-06T23:59:59+08:00"))
    assert (found.verdict, found.clause, found.due) == ("met", "t/2", parse_instant("2026-03-07T00:00:00+08:00"))
    assert len(found.evidence) == 3


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"at": "2026-02-20T00:00:01+08:00", "until": "2026-03-06"}, "不产生延长的效果"),
        ({"at": "2026-02-10T09:00:00+08:00", "until": "2026-03-06", "term": "冻结"}, "第 30 日"),
        ({"at": "2026-02-10T09:00:00+08:00", "until": "2026-03-06", "act": "x2"}, "第 30 日"),
        ({"at": "2026-02-10T09:00:00+08:00", "until": "2026-02-01"}, "第 30 日"),
    ],
)
def test_an_extension_that_is_late_or_of_something_else_moves_nothing(changes: dict[str, Any], said: str) -> None:
    found = judged(extended(**changes))
    assert (found.clause, found.due) == ("t/1", parse_instant("2026-02-20T00:00:00+08:00"))
    assert any(said in line for line in found.because)


def test_no_extension_carries_a_term_past_the_longest() -> None:
    found = judged(extended("2026-02-10T09:00:00+08:00", "2026-06-30"))
    assert found.due == parse_instant("2026-03-22T00:00:00+08:00")
    assert any("超过的部分无效" in line for line in found.because)


def test_time_that_does_not_count_moves_the_end() -> None:
    middle = judged(excluded("2026-02-01", "2026-02-11"))
    assert middle.due == parse_instant("2026-03-02T00:00:00+08:00")
    assert any("不计入的日数共 10 日" in line for line in middle.because)
    past_the_end = judged(excluded("2026-02-17", "2026-03-01"))
    assert past_the_end.due == parse_instant("2026-03-04T00:00:00+08:00")


@pytest.mark.parametrize("changes", [{"ground": "听证"}, {"act": "x2"}])
def test_time_left_out_for_another_ground_or_act_counts(changes: dict[str, Any]) -> None:
    assert judged(excluded("2026-02-01", "2026-02-11", **changes)).due == parse_instant("2026-02-20T00:00:00+08:00")


def test_what_is_still_going_on_stops_the_clock_until_now_and_what_is_told_backwards_stops_nothing() -> None:
    now = "2026-03-20T00:00:00+08:00"
    assert judged(excluded("2026-02-15", None), at=now).verdict == "pending"
    assert judged(excluded("2026-02-15", "2026-02-10"), at=now).verdict == "unmet"


WAIT = rule(
    each="decision",
    kind="time",
    time={"start": "case.urged", "to": "court_applied", "within": "10 工作日", "count": "wait"},
)
DECIDED = [
    registered(),
    event(
        "2026-06-01T09:00:00+08:00", "case.document-made", document="d1", form="催告书", title="催告书", facing="出具"
    ),
    event("2026-06-01T09:00:00+08:00", "case.decision-made", decision="k1", kind="罚款", summary="罚", document="d0"),
]
URGED = event(
    "2026-09-22T09:00:00+08:00",
    "case.service-made",
    service="s1",
    document="d1",
    manner="直接",
    recipient="某公司",
    place="某处",
)


@pytest.mark.parametrize(
    ("at", "answer"),
    [("2026-10-13T23:59:59+08:00", "unmet"), ("2026-10-14T00:00:00+08:00", "met"), (None, "pending")],
)
def test_what_is_waited_for_may_not_come_early(at: str | None, answer: str) -> None:
    applied = [event(at, "case.court-applied", decision="k1", court="某法院")] if at else []
    found = verdict(WAIT, *DECIDED, URGED, *applied, at="2026-10-14T00:00:00+08:00")
    assert found.verdict == answer
    # What may be done from now on is not overdue.
    assert found.due == (parse_instant("2026-10-14T00:00:00+08:00") if at else None)


def test_a_wait_that_is_still_on_says_until_when() -> None:
    found = verdict(WAIT, *DECIDED, URGED, at="2026-10-01T00:00:00+08:00")
    assert (found.verdict, found.due) == ("pending", parse_instant("2026-10-14T00:00:00+08:00"))
    applied = event("2026-10-01T00:00:00+08:00", "case.court-applied", decision="k1", court="某法院")
    assert verdict(WAIT, *DECIDED, applied).verdict == "undetermined"


BACK = rule(each="act", kind="time", time={"start": "begun", "to": "notified", "within": "7 工作日", "count": "back"})


@pytest.mark.parametrize(("day", "answer"), [("2026-09-29", "met"), ("2026-09-30", "unmet")])
def test_what_is_counted_back_leaves_both_days_out(day: str, answer: str) -> None:
    notice = event(
        f"{day}T09:00:00+08:00", "case.document-made", document="d1", form="听证通知书", title="通知", facing="出具"
    )
    served = {**URGED, "at": f"{day}T10:00:00+08:00"}
    hearing = event("2026-10-15T09:00:00+08:00", "case.act-begun", act="x1", kind="听证", place="室", officers=[])
    found = verdict(BACK, registered(), notice, served, hearing, at="2026-12-01T00:00:00+08:00")
    assert (found.verdict, found.due) == (answer, parse_instant("2026-09-30T00:00:00+08:00"))


ORDER = rule(each="case", order={"first": "intent_told", "then": "decided"})
TOLD = event("2026-05-30T09:00:00+08:00", "case.party-told", topics=["拟作出的决定"], told="某公司", manner="书面")


@pytest.mark.parametrize(
    ("events", "answer"),
    [
        ([registered()], "pending"),
        ([registered(), TOLD], "met"),
        ([*DECIDED, TOLD], "met"),
        (DECIDED, "unmet"),
        ([*DECIDED, {**TOLD, "at": "2026-06-01T09:00:01+08:00"}], "unmet"),
    ],
)
def test_things_that_come_in_order(events: list[dict[str, Any]], answer: str) -> None:
    assert verdict(ORDER, *events).verdict == answer


def test_terms_are_told_before_they_run() -> None:
    (wait, back, term) = (found.time for found in (WAIT, BACK, SEIZURE))
    assert wait and back and term
    assert say_term("decision", wait) == "送达催告书后满 10 工作日方可申请法院强制执行"
    assert say_term("act", back) == "活动开始前至少 7 工作日送达听证通知"
    assert "检测、鉴定的时间不计" in say_term("act", term)


LENGTH = Setting("length", "期限", "30 日 不顺延", "medium", "是否顺延待确认", "某法")
SET = rule(each="act", kind="time", time={"start": "begun", "to": "measure_ended", "within": "$length"})
LAW: Pack = replace(BASE, rules=(SET,), settings=(LENGTH,))


def by_law(*events: dict[str, Any], law: Pack = LAW) -> Verdict:
    facts = facts_of(*seized(), *events)
    (found,) = assess([law], facts, calendar=CALENDAR, at=parse_instant("2026-12-01T00:00:00+08:00"))
    return found


def adopted(value: str, **changes: Any) -> dict[str, Any]:
    return event(
        "2026-01-05T09:00:00+08:00",
        "agency.setting-adopted",
        **{"pack": "t", "setting": "length", "value": value, "basis": "法制科意见", **changes},
    )


def test_a_pack_judges_by_its_own_value_and_says_how_sure_it_is() -> None:
    found = by_law()
    assert found.due == parse_instant("2026-02-20T00:00:00+08:00")
    assert found.because[-1] == "期限按规则包取 30 日 不顺延，待确认：是否顺延待确认"


def test_an_agency_adopts_another_value_and_the_verdict_names_the_event() -> None:
    found = by_law(adopted("30 日"))
    assert found.due == parse_instant("2026-02-25T00:00:00+08:00")
    assert found.because[-1] == "期限采用 30 日（本机关于 2026-01-05 采用，依据：法制科意见）"
    assert len(found.evidence) == 2


@pytest.mark.parametrize("changes", [{"pack": "u"}, {"setting": "other"}, {"value": "三十天"}])
def test_a_value_for_something_else_or_of_another_kind_changes_nothing(changes: dict[str, Any]) -> None:
    found = by_law(adopted(**{"value": "30 日", **changes}))
    assert found.due == parse_instant("2026-02-20T00:00:00+08:00")
    assert ("三十天" in found.because[-1]) == ("value" in changes)


def test_what_does_not_apply_says_nothing_of_settings() -> None:
    other = replace(LAW, rules=(rule(each="act", when={"kind": "询问"}, time=dict(TERM, within="$length")),))
    assert by_law(law=other).verdict == "not_applicable"
    assert not any("按规则包" in line for line in by_law(law=other).because)


def test_a_pack_without_settings_is_given_back_as_it_is() -> None:
    assert settle(BASE).pack is BASE
    assert settled(LAW).rules[0].time is not None
    assert named_in(SET) == ("length",)
    assert settle(LAW) is settle(LAW)


def faults(pack: Pack) -> list[str]:
    return [fault.sentence for fault in lint(pack, frozenset({"t/1"}))]


ONE = replace(LAW, clauses=(Clause("t/1", "time", "一", "rule"),))


def extending(**changes: Any) -> Rule:
    return rule(each="act", time={**TERM, "extension": {"cites": "t/1", "term": "查封扣押", **changes}})


@pytest.mark.parametrize(
    ("pack", "said"),
    [
        (replace(ONE, settings=()), "which pack.yaml does not have"),
        (replace(ONE, settings=(LENGTH, LENGTH)), "stands twice"),
        (replace(ONE, settings=(LENGTH, replace(LENGTH, id="lonely"))), "no rule refers to this setting"),
        (replace(ONE, settings=(replace(LENGTH, value="一个月"),)), "is not a period"),
        (replace(ONE, settings=(replace(LENGTH, choices=("甲", "乙")),)), "is not one of 甲、乙"),
        (replace(ONE, rules=(SET, extending(longest="很久"))), "不是期限"),
        (replace(ONE, rules=(SET, extending(cites="t/9"))), "cites t/9"),
        (replace(ONE, rules=(SET, rule(order={"first": "tolled", "then": "decided"}))), "no moment “tolled”"),
        (
            replace(ONE, rules=(SET, rule(time=dict(start="filed", to="decided", within="1 年", count="back")))),
            "given in 小时, 工作日 or 日",
        ),
        (replace(ONE, rules=(SET, rule(each="act", time={**TERM, "count": "back"}))), "neither excludes nor extension"),
    ],
)
def test_the_linter_sees_faults_of_terms_and_settings(pack: Pack, said: str) -> None:
    assert any(said in sentence for sentence in faults(pack)), faults(pack)


def test_the_linter_finds_nothing_where_all_is_in_its_place() -> None:
    assert faults(ONE) == []


def test_an_empty_case_is_judged_without_raising() -> None:
    law = replace(LAW, rules=(SET, WAIT, BACK, ORDER, SEIZURE))
    assert len(assess([law], fold([]), calendar=CALENDAR, at=parse_instant(SEIZED))) == 5
