"""What the killed program does with calendars: found an agency with cases, adopt a notice, sweep, and say what stands."""

import json
from collections.abc import Callable
from datetime import timedelta

from liuhen.flows import recompute_terms as sweeping
from liuhen.flows.check_index import check_index
from liuhen.flows.ground import ground_of
from liuhen.records.index.models import CaseRow
from tests.flows.calendar_story import AGENCY, CONCLUDED, Clock, adopt_2027, concluded_case, found

Say = Callable[[str, object], None]


def make(count: int) -> None:
    """Conclude so many cases a few days before the year without a notice, then enter the notice."""
    clock = Clock()
    found(clock)
    for number in range(count):
        concluded_case(clock, f"当事人{number}")
    adopt_2027(clock)


def sweep(say: Say) -> None:
    """Sweep case by case until nothing is left, acknowledging each case once it is committed."""
    whole = sweeping.recompute_case

    def acknowledged(uid: str, agency: str, at: object) -> int:
        moved = whole(uid, agency, at)  # type: ignore[arg-type]
        say("recomputed", f"{uid} {moved}")
        return moved

    sweeping.recompute_case = acknowledged  # type: ignore[assignment]
    while sweeping.recompute_terms(CONCLUDED + timedelta(days=1)):
        pass


def judge(say: Say, *, whole: bool) -> None:
    """Say for every case how many terms were told, how many of them differ, and if asked what the index check finds."""
    told = {}
    for uid in CaseRow.objects.filter(agency=AGENCY).values_list("uid", flat=True):
        terms = [one.said for one in ground_of(uid, AGENCY).facts.case.recomputed if one.said]
        told[uid] = [len(terms), len({(term.rule, term.subject_kind, term.subject_id) for term in terms})]
    findings = [f"{item.code} {item.path} {item.message}" for item in check_index()] if whole else []
    say("judged", json.dumps({"told": told, "findings": findings}))
