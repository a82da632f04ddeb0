"""What lingchuan 3 says of every case: the whole course is followed, in text and in film, while it happens."""

from datetime import datetime, timedelta

import pytest

from liuhen.adapters.packfiles.packs import shipped_pack
from liuhen.core.facts.model import Act, Document, Facts, Recording
from liuhen.core.kernel.moments import SHANGHAI
from liuhen.core.rules.evaluate import assess
from liuhen.core.rules.verdict import Verdict
from tests.core.calendar.known import CALENDAR

PACK = shipped_pack("lingchuan")
BEGUN = datetime(2026, 3, 2, 9, 0, tzinfo=SHANGHAI)
ENDED = BEGUN + timedelta(hours=1)
# The articles of each stage, read off the chapters of the regulation.
CHAPTERS = {"调查取证": range(9, 19), "审查决定": range(19, 22), "送达执行": range(22, 25), "归档管理": range(25, 28)}


def seizure(*, document: bool = False, filmed_from: datetime | None = None) -> Facts:
    """A seizure of an hour in a case that was concluded, with the record that is asked for."""
    facts = Facts()
    facts.case.kind, facts.case.concluded = "行政处罚", ENDED + timedelta(days=1)
    act = Act(uid="x1", kind="查封扣押", begun=BEGUN, ended=ENDED)
    facts.case.acts["x1"] = act
    if document:
        facts.case.enter_document(Document(uid="d1", form="现场笔录", act="x1", made=ENDED))
    if filmed_from is not None:
        facts.recordings["r1"] = Recording(uid="r1", act="x1", started=filmed_from, ended=ENDED, stored=ENDED)
        act.recordings.append("r1")
    return facts


def verdict(facts: Facts, rule: str) -> Verdict:
    found = [
        item for item in assess([PACK], facts, calendar=CALENDAR, at=ENDED + timedelta(days=2)) if item.rule == rule
    ]
    assert len(found) == 1
    return found[0]


@pytest.mark.parametrize("stage", CHAPTERS)
def test_every_stage_of_the_course_is_judged_by_its_own_articles(stage: str) -> None:
    assert stage in PACK.stages
    articles = {int(clause.split("/")[1].split(".")[0]) for rule in PACK.rules for clause in rule.clauses}
    assert set(CHAPTERS[stage]) <= articles


def test_text_and_film_are_the_two_forms_and_either_is_a_record() -> None:
    assert verdict(seizure(), "find.unrecorded").verdict == "unmet"
    assert verdict(seizure(document=True), "find.unrecorded").verdict == "met"
    assert verdict(seizure(filmed_from=BEGUN), "find.unrecorded").verdict == "met"


def test_filming_follows_the_act_as_it_happens() -> None:
    assert verdict(seizure(filmed_from=BEGUN), "av.coercive-measures").verdict == "met"
    late = verdict(seizure(filmed_from=BEGUN + timedelta(minutes=5)), "av.coercive-measures")
    assert late.verdict == "unmet"
    assert any("起缺 5 分" in reason for reason in late.because)
