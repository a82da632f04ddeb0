"""Rules and judgements for the tests of the evaluator, written as a pack writes them."""

from datetime import datetime
from typing import Any

from liuhen.core.calendar.calendar import WorkCalendar
from liuhen.core.kernel.codec import decode
from liuhen.core.kernel.moments import parse_instant
from liuhen.core.rules.evaluate import judge
from liuhen.core.rules.model import Rule
from liuhen.core.rules.verdict import Verdict
from tests.core.calendar.known import CALENDAR
from tests.core.facts.story import facts_of

LONG_AFTER = "2026-05-01T00:00:00+08:00"


def rule(**written: Any) -> Rule:
    """Read a rule."""
    return decode(Rule, {"id": "t.rule", "clauses": ["t/1"], "kind": "doc", "title": "试", "each": "case", **written})


def verdicts(
    judged_by: Rule, *story: dict[str, Any], at: str | datetime = LONG_AFTER, calendar: WorkCalendar = CALENDAR
) -> list[Verdict]:
    """Judge a story by one rule."""
    return list(judge(judged_by, facts_of(*story), calendar, parse_instant(at)))


def verdict(judged_by: Rule, *story: dict[str, Any], at: str | datetime = LONG_AFTER) -> Verdict:
    """Judge a story by one rule that speaks of one thing."""
    (only,) = verdicts(judged_by, *story, at=at)
    return only
