"""What an author expected, held against what was judged."""

from liuhen.core.events.scenario import Expectation
from liuhen.core.kernel.moments import parse_instant
from liuhen.core.rules.expectations import differences
from liuhen.core.rules.verdict import SubjectRef, Verdict

DUE = parse_instant("2026-03-03T09:10:00+08:00")
JUDGED = [
    Verdict("t/1", "t.rule", "试", "met", "must", SubjectRef("act", "x1", "检查"), ("已有笔录",), due=DUE),
    Verdict("t/2", "t.rule", "试", "unmet", "must", SubjectRef("act", "x2", "检查"), ("未见笔录",)),
]


def test_what_is_as_expected_is_not_mentioned() -> None:
    expected = [Expectation("t.rule", "met", "x1", "t/1", DUE), Expectation("t.rule", "unmet", "x2")]
    assert differences(expected, JUDGED) == []


def test_a_difference_says_what_was_found_and_why() -> None:
    (sentence,) = differences([Expectation("t.rule", "unmet", "x1", "t/2")], JUDGED)
    assert sentence == "t.rule（x1）：应为不符合，实为符合；应依 t/2，实依 t/1。理由：已有笔录"


def test_without_a_subject_every_subject_is_meant() -> None:
    (sentence,) = differences([Expectation("t.rule", "met")], JUDGED)
    assert "x2" in sentence


def test_a_wrong_term_is_a_difference() -> None:
    (sentence,) = differences([Expectation("t.rule", "unmet", "x2", due=DUE)], JUDGED)
    assert "期限应至 2026-03-03T09:10:00+08:00，实至 无" in sentence


def test_an_expectation_that_meets_nothing_has_failed() -> None:
    assert "没有这条规则" in differences([Expectation("t.other", "met")], JUDGED)[0]
    assert "没有对 x9 作出判断" in differences([Expectation("t.rule", "met", "x9")], JUDGED)[0]
