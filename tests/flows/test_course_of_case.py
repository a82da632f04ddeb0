"""办理的经过: the one next step at every turn of a case, under each of the packs, and what is closed with its reason."""

from typing import Any

import pytest

from liuhen.core.rules.known_words import known_words
from liuhen.core.rules.model import Rule
from liuhen.flows.conclude import archive_case, conclude_case
from liuhen.flows.course_of_case import BY_NAME, STEPS, Course, course_of, steps_of
from liuhen.flows.foresee_case import foresee_case
from liuhen.flows.hear_and_decide import review_legally
from liuhen.flows.law import packs_of
from liuhen.flows.occasion import random_id
from liuhen.flows.open_case import file_case
from liuhen.flows.read_case import read_case
from liuhen.flows.record_step import STEPS as RECORDABLE
from tests.flows.handling_story import PEOPLE, Story, tell

pytestmark = pytest.mark.django_db
PACKS = ("hebei", "lingchuan", "changzhi", "pengyang", "zhuhui", "national")


@pytest.fixture(autouse=True)
def own_folder(settings: Any, tmp_path: Any) -> None:
    settings.DATA, settings.VAULT = tmp_path, str(tmp_path / "vault")


def look(story: Story, minutes: float = 60) -> Course:
    return course_of(read_case(PEOPLE["officer"], story.case, at=story.on("officer", minutes).at))


def _next(story: Story) -> str:
    return look(story).next.removeprefix("case.")


def test_every_step_that_can_be_recorded_has_its_place() -> None:
    assert set(RECORDABLE) == set(BY_NAME) - {"case.registered", "case.filed"}
    assert [step.name for step in STEPS] == list(BY_NAME)


@pytest.mark.parametrize("pack", PACKS)
def test_a_penalty_under_each_pack(db: None, pack: str) -> None:
    """Whatever the packs ask for in between, the way leads from 立案 to 结案 and never back."""
    story = tell(packs=(pack,), filed=False)
    course = look(story)
    assert (course.next, course.of(course.next).closed) == ("case.filed", "还没有机关负责人的批准")
    story.approve("立案", 3)
    assert look(story).of("case.filed").closed == ""
    file_case(story.case, story.on("officer", 4))
    assert _next(story) == "act-begun"
    act = random_id()
    officers = [{"officer": PEOPLE["officer"].uid, "name": PEOPLE["officer"].name, "certificate": "03110"}]
    story.step("act-begun", "officer", 5, act=act, kind="现场检查", place="东街", officers=officers)
    assert (_next(story), look(story).why) == ("act-ended", "现场检查正在进行")
    story.step("act-ended", "officer", 6, act=act)
    story.step("statement-heard", "officer", 7, summary="首次违法")
    assert _next(story) == "statement-reviewed"
    story.step("statement-reviewed", "officer", 8, outcome="维持")
    asked = _answer(story)
    assert _next(story) == "decision-made" and look(story).of("case.decision-made").closed
    story.approve("行政处罚决定", 20)
    document = story.write("行政处罚决定书", 21)
    story.step("decision-made", "officer", 22, decision=random_id(), kind="罚款", summary="罚", document=document)
    assert _next(story) == "concluded"
    conclude_case(story.case, story.on("officer", 23), reason="完毕", document=None)
    assert _next(story) == ""
    assert pack != "hebei" or asked == ["party-told", "legal-review-given"]


def _answer(story: Story) -> list[str]:
    """Do what is next until it is the decision; give what that was."""
    done: list[str] = []
    while (name := _next(story)) != "decision-made":
        assert name not in done, f"{name} was done and is next again"
        done.append(name)
        if name == "party-told":
            topics = ["陈述", "申辩", "申请回避", "申请听证"]
            story.step(name, "officer", 9, topics=topics, told="刘某", manner="口头", response="不要求")
        elif name == "legal-review-given":
            review_legally(story.case, story.on("reviewer", 10), opinion="合法", passed=True, document=None)
        else:
            raise AssertionError(name)
    return done


def test_urgent_and_declined_cases(db: None) -> None:
    story = tell(filed=False)
    story.step("started-urgently", "officer", 3, reason="火情")
    assert _next(story) == "urgent-start-reported"
    assert look(story).of("case.started-urgently").closed == "已经记录紧急启动"
    story.step("urgent-start-reported", "officer", 4, reported_to="局长", manner="电话")
    assert _next(story) == "filed"
    story.step("start-declined", "officer", 5, reason="不属于管辖")
    course = look(story)
    assert (course.next, course.why) == ("case.concluded", "已经不予立案")
    assert "不予立案" in course.of("case.filed").closed and course.of("case.decision-made").closed == "案件已经不予立案"


def test_an_inspection_needs_neither_filing_nor_decision(db: None) -> None:
    story = tell(kind="行政检查", filed=False)
    assert _next(story) == "act-begun"
    story.begin(4)
    review_legally(story.case, story.on("reviewer", 10), opinion="合法", passed=True, document=None)
    assert _next(story) == "concluded"


@pytest.mark.parametrize("matter", ["受理", "程序启动"])
def test_an_application_is_taken_up(db: None, matter: str) -> None:
    story = tell(kind="行政许可", filed=False, start="依申请")
    step = look(story).of("case.filed").step
    assert (step.title, step.forms[0]) == ("受理", "申请受理登记表") and look(story).of("case.filed").closed
    story.approve(matter, 3)
    file_case(story.case, story.on("officer", 4))
    assert _next(story) == "act-begun"


def test_on_the_spot_nothing_is_filed(db: None) -> None:
    story = tell(traits=("简易程序",), filed=False)
    assert _next(story) == "act-begun" and look(story).of("case.decision-made").closed == ""


def test_nothing_is_open_of_an_archived_case(db: None) -> None:
    story = tell()
    conclude_case(story.case, story.on("officer", 8), reason="完毕", document=None)
    assert look(story).of("case.party-told").closed == "案件已经结案"
    archive_case(story.case, story.on("archivist", 9), archive_number="A1", retention="10 年")
    course = look(story)
    assert course.next == "" and {one.closed for one in course.steps} == {"案件已经归档"}


def test_what_packs_want_stands_at_its_step(db: None) -> None:
    story = tell()
    story.begin(6)
    course = look(story)
    assert [verdict.clause for verdict in course.of("case.legal-review-given").wanted] == ["hebei/10.3"]
    assert [verdict.clause for verdict in course.of("case.party-told").wanted] == ["hebei/9.9"]
    assert course.of("case.act-begun").taken[0].who == PEOPLE["officer"].name
    review_legally(story.case, story.on("reviewer", 10), opinion="不行", passed=False, document=None)
    assert look(story).of("case.decision-made").closed
    assert look(story).of("case.legal-review-given").wanted, "a refusal is not what the clause wants"


def test_before_the_end_what_only_others_can_do_is_named(db: None) -> None:
    story = tell(packs=("hebei", "national"))
    story.approve("行政处罚决定", 8)
    document = story.write("行政处罚决定书", 9)
    story.step(
        "decision-made", "officer", 10, decision=random_id(), kind="罚款", summary="罚", document=document, amount="9"
    )
    beyond = look(story).beyond
    assert beyond is not None and "送达" in beyond.title


def test_a_rule_of_recordings_is_no_step() -> None:
    assert steps_of(Rule("r", ("x/1",), "av", "录像", "recording")) == ()


def test_what_is_foreseen_is_what_judges(db: None) -> None:
    story = tell(packs=("hebei", "national"))
    for kind in ("行政处罚", "行政征收征用"):
        foreseen = foresee_case(PEOPLE["officer"], kind=kind, at=story.on("officer", 9).at)
        assert [pack.id for pack in foreseen.packs] == (["hebei", "national"] if kind == "行政处罚" else ["hebei"])
        assert foreseen.kind == kind and not foreseen.refusal
    assert [edition.id for edition in story.facts.case.packs] == ["hebei", "national"]
    pinned = packs_of(story.facts.case.packs)
    words = {item.word for item in known_words(pinned, ("case", "traits"), ("decision", "case_traits"))}
    foreseen = foresee_case(PEOPLE["officer"], kind="没有这种", at=story.on("officer", 9).at)
    assert foreseen.kind == "行政处罚" and {item.word for item in foreseen.traits} == words
    early = foresee_case(PEOPLE["officer"], kind="行政处罚", at=story.began.replace(year=2018))
    assert "施行" in early.refusal and early.packs == ()
