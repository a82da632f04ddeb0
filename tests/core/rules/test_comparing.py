"""One case under several editions: what would change is shown verdict by verdict, and nothing else."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

import pytest

from liuhen.adapters.packfiles.packs import shipped_pack
from liuhen.core.events.scenario import Scenario, read_scenario
from liuhen.core.rules.comparing import compare_editions, judgements_json
from liuhen.core.rules.model import Pack
from liuhen.core.rules.scope import OutsideScope
from tests.core.calendar.known import CALENDAR
from tests.core.rules.writing import rule

REGISTERED = {
    "at": "2026-03-02T08:00:00+08:00",
    "type": "case.registered",
    "register_number": "源1",
    "kind": "行政处罚",
    "matter": "试",
    "source": {"start": "依职权", "manner": "巡查", "summary": "巡查"},
    "party": {"name": "某", "kind": "法人"},
}
STORED = {
    "at": "2026-03-04T08:00:00+08:00",
    "type": "recording.stored",
    "recording": "r1",
    "file": "a.mp4",
    "ended_at": "2026-03-02T09:00:00+08:00",
}


def edition(first_day: date, within: str, *more: str) -> Pack:
    term = {"start": "ended", "to": "stored", "within": within}
    rules = [rule(id="av.store", clauses=["t/1"], each="recording", kind="time", time=term)]
    rules += [rule(id=name, clauses=["t/2"], each="case", shows={"decided": True}) for name in more]
    return replace(
        shipped_pack("hebei"),
        id="t",
        edition=first_day.isoformat(),
        in_force_from=first_day,
        in_force_until=None,
        rules=tuple(rules),
    )


OLD, NEW = edition(date(2020, 1, 1), "24 小时"), edition(date(2027, 1, 1), "2 工作日", "case.decided")


def scenario(*events: Mapping[str, object]) -> Scenario:
    return read_scenario(
        {"packs": ["t"], "at": "2026-03-10T00:00:00+08:00", "events": [dict(event) for event in events]}
    )


def test_what_a_later_edition_would_say_is_shown_and_that_it_is_only_a_comparison() -> None:
    found = compare_editions(scenario(REGISTERED, STORED), [OLD, NEW], calendar=CALENDAR)
    assert found.editions == ("t@2020-01-01", "t@2027-01-01")
    by_rule = {item.rule: item for item in found.differences}
    before, after = by_rule["av.store"].verdicts
    assert before is not None and after is not None
    assert (before.verdict, after.verdict) == ("unmet", "met")
    assert by_rule["av.store"].subject.id == "r1"
    assert by_rule["case.decided"].verdicts[0] is None
    assert found.agreed == 0
    (note,) = found.notes
    assert "自 2027-01-01 起施行" in note and "仅供比较" in note


def test_the_same_edition_differs_in_nothing() -> None:
    found = compare_editions(scenario(REGISTERED, STORED), [OLD, OLD], calendar=CALENDAR)
    assert (found.differences, found.agreed, found.notes) == ((), 1, ())


def test_a_kind_that_an_edition_does_not_bind_is_refused_on_any_day() -> None:
    with pytest.raises(OutsideScope):
        compare_editions(scenario(REGISTERED, STORED), [OLD, replace(NEW, kinds=("行政检查",))], calendar=CALENDAR)


def test_the_json_names_each_edition() -> None:
    shape = judgements_json(compare_editions(scenario(REGISTERED, STORED), [OLD, NEW], calendar=CALENDAR))
    (store,) = [item for item in shape["differences"] if item["rule"] == "av.store"]
    assert {name: verdict["verdict"] for name, verdict in store["verdicts"].items()} == {
        "t@2020-01-01": "unmet",
        "t@2027-01-01": "met",
    }
