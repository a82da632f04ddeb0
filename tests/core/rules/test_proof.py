"""Coverage: a clause is proved by cases that pass and tests that exist, and by nothing else."""

from dataclasses import replace
from typing import Any

from liuhen.core.events.scenario import read_scenario
from liuhen.core.rules.model import Clause, Pack
from liuhen.core.rules.proof import TriedCase, coverage, missing_answers, to_json
from liuhen.core.rules.trial import try_scenario
from tests.core.calendar.known import CALENDAR
from tests.core.facts.story import at, inspection, registered, told
from tests.core.rules.test_lint import BASE
from tests.core.rules.writing import rule

RULE = rule(each="act", when={"kind": "现场检查"}, by="ended", document={"forms": ["现场检查笔录"]})
PACK = replace(BASE, rules=(RULE,))
RECORD = told(61, "case.document-made", document="d1", form="现场检查笔录", title="笔录", facing="取证", act="x1")


def case(name: str, verdict: str, *events: dict[str, Any]) -> TriedCase:
    story = {"packs": [], "at": at(90), "events": [registered(), *events]}
    scenario = read_scenario({**story, "expect": [{"rule": "t.rule", "verdict": verdict}]})
    return TriedCase(name, scenario, try_scenario(scenario, [PACK], calendar=CALENDAR))


MET = case("t: met", "met", *inspection(), RECORD)
UNMET = case("t: unmet", "unmet", *inspection())
PENDING = case("t: pending", "pending", *inspection(ended=None))
WRONG = case("t: wrong", "unmet", *inspection(), RECORD)


def row(pack: Pack, clause: str, *cases: TriedCase, there: bool = True) -> tuple[tuple[str, ...], str]:
    found = next(item for item in coverage(pack, cases, lambda _: there) if item.clause.id == clause)
    return found.proofs, found.status


def test_a_rule_is_proved_by_a_case_that_meets_it_and_one_that_breaks_it() -> None:
    assert row(PACK, "t/1", MET, UNMET) == (("t: met", "t: unmet"), "proved")
    assert row(PACK, "t/1", MET) == (("t: met",), "open")
    assert row(PACK, "t/1") == ((), "open")


def test_a_case_that_fails_proves_nothing() -> None:
    assert WRONG.trial.differences
    assert row(PACK, "t/1", MET, WRONG) == (("t: met",), "open")


def test_an_open_answer_stays_open_and_a_named_test_must_exist() -> None:
    assert row(PACK, "t/2", MET, UNMET)[1] == "open"
    guaranteed = replace(PACK, clauses=(PACK.clauses[0], Clause("t/2", "seal", "二", "guarantee", ("tests/x.py",))))
    assert row(guaranteed, "t/2") == (("tests/x.py",), "proved")
    assert row(guaranteed, "t/2", there=False) == (("tests/x.py",), "open")
    unnamed = replace(PACK, clauses=(PACK.clauses[0], Clause("t/2", "seal", "二", "guarantee")))
    assert row(unnamed, "t/2")[1] == "open"


def test_what_a_rule_still_lacks_is_named() -> None:
    assert missing_answers(RULE, [MET]) == {"unmet", "pending"}
    assert missing_answers(RULE, [MET, UNMET, PENDING]) == set()


def test_the_row_has_the_stable_shape() -> None:
    (shape, _) = [to_json(item) for item in coverage(PACK, [MET, UNMET], lambda _: True)]
    assert shape == {
        "clause": "t/1",
        "answer": "rule",
        "rules": ["t.rule"],
        "proofs": ["t: met", "t: unmet"],
        "status": "proved",
    }
