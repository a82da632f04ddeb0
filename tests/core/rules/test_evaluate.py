"""The evaluator, demand by demand: what is met, what is not, what is not yet due, what nobody can know."""

from typing import Any

import pytest

from tests.core.facts.story import at, filmed, inspection, registered, told
from tests.core.rules.writing import rule, verdict, verdicts

STORED = rule(each="recording", kind="time", time={"start": "ended", "to": "stored", "within": "24 小时"})
WHOLE = rule(each="act", kind="av", by="ended", filmed={"extent": "whole"})
SOME = rule(each="act", kind="av", by="ended", filmed={"extent": "some"})
SIGNED = rule(
    each="document",
    kind="sign",
    by="case.decided",
    signed=[{"role": "当事人", "refused": {"role": "执法人员", "least": 2, "cites": "t/2"}}],
)
MADE = told(1, "case.document-made", document="d1", form="询问笔录", title="询问笔录", facing="取证")
DECIDED = told(100, "case.decision-made", decision="k1", kind="罚款", summary="罚款", document="d9")
REFUSED = told(2, "case.signature-refused", document="d1", role="当事人", name="王某", reason="不认可笔录")


def signature(role: str, name: str, officer: str | None = None) -> dict[str, Any]:
    more = {} if officer is None else {"officer": officer}
    return told(3, "case.document-signed", document="d1", role=role, name=name, **more)


def test_a_whole_course_still_running_is_not_yet_judged() -> None:
    running = verdict(WHOLE, *inspection(ended=None), *filmed("r1", 0, 30))
    assert running.verdict == "pending"
    assert any("尚未结束" in line for line in running.because)


def test_a_whole_course_is_met_when_nothing_is_missing_whatever_else_is_linked() -> None:
    story = [*inspection(), *filmed("r1", 0, 60)]
    assert verdict(WHOLE, *story).verdict == "met"
    assert verdict(WHOLE, *story, *filmed("r2", None, None)).verdict == "met"
    assert verdict(WHOLE, *story, *filmed("p1", None, None, media="photo")).verdict == "met"


def test_a_gap_that_a_recording_of_unknown_time_might_fill_is_undetermined() -> None:
    found = verdict(WHOLE, *inspection(), *filmed("r1", 0, 30), *filmed("r2", None, None))
    assert found.verdict == "undetermined"


def test_photos_alone_do_not_make_a_whole_course() -> None:
    assert verdict(WHOLE, *inspection(), *filmed("p1", 5, 5, media="photo")).verdict == "unmet"


def test_an_act_of_unknown_bounds_is_undetermined() -> None:
    assert verdict(WHOLE, *inspection(ended=-10), *filmed("r1", 0, 30)).verdict == "undetermined"


def test_some_filming_is_met_by_a_photo_of_unknown_time() -> None:
    assert verdict(SOME, *inspection(), *filmed("p1", None, None, media="photo")).verdict == "met"
    assert verdict(SOME, *inspection()).verdict == "unmet"


def test_a_clock_that_says_1904_leaves_the_term_undetermined() -> None:
    stored = told(0, "recording.stored", recording="r1", file="r1.mp4", ended_at="1904-01-01T00:00:00+08:00")
    found = verdict(STORED, stored)
    assert found.verdict == "undetermined"
    assert any("1904" in line for line in found.because)


def test_a_repeated_telling_without_answer_takes_nothing_back() -> None:
    informed = rule(kind="inform", told={"topics": ["陈述"], "response": True})
    first = told(1, "case.party-told", topics=["陈述"], told="王某", manner="书面", response="不陈述")
    again = told(2, "case.party-told", topics=["陈述"], told="王某", manner="口头")
    assert verdict(informed, registered(), first).verdict == "met"
    assert verdict(informed, registered(), first, again).verdict == "met"
    assert verdict(informed, registered(), again).verdict == "unmet"


@pytest.mark.parametrize(("officers", "expected"), [([], "unmet"), (["李强"], "unmet"), (["李强", "张敏"], "met")])
def test_a_refusal_is_made_good_by_two_officers(officers: list[str], expected: str) -> None:
    story = [registered(), MADE, REFUSED, *(signature("执法人员", name) for name in officers), DECIDED]
    found = verdict(SIGNED, *story)
    assert (found.verdict, found.clause) == (expected, "t/2")


def test_two_officers_of_one_name_are_two() -> None:
    story = [
        registered(),
        MADE,
        REFUSED,
        signature("执法人员", "王伟", "o1"),
        signature("执法人员", "王伟", "o2"),
        DECIDED,
    ]
    assert verdict(SIGNED, *story).verdict == "met"


def test_one_officer_who_signs_twice_is_one() -> None:
    story = [
        registered(),
        MADE,
        REFUSED,
        signature("执法人员", "王伟", "o1"),
        signature("执法人员", "王伟", "o1"),
        DECIDED,
    ]
    assert verdict(SIGNED, *story).verdict == "unmet"


def test_a_refusal_not_yet_made_good_is_pending_under_its_own_clause() -> None:
    found = verdict(SIGNED, registered(), MADE, REFUSED, signature("执法人员", "李强"))
    assert (found.verdict, found.clause) == ("pending", "t/2")


def test_without_subjects_the_rule_does_not_apply_and_says_so() -> None:
    found = verdict(STORED, registered())
    assert (found.verdict, found.subject.id) == ("not_applicable", "")
    assert "没有音像记录" in found.because[0]


def test_a_condition_on_what_nobody_said_is_undetermined() -> None:
    asked = rule(each="act", when={"party_present": True}, shows={"officers": {"least": 1}})
    found = verdict(asked, *inspection())
    assert found.verdict == "undetermined"
    assert "当事人在场" in found.because[0]


def test_a_lifting_names_its_own_clause() -> None:
    lifted = rule(
        each="act",
        kind="av",
        filmed={"extent": "some"},
        unless=[{"cites": "t/9", "when": {"traits": "涉及国家秘密"}, "why": "保密"}],
    )
    found = verdict(lifted, *inspection(traits=["涉及国家秘密"]))
    assert (found.verdict, found.clause, found.because) == ("not_applicable", "t/9", ("保密",))
    assert verdict(lifted, *inspection()).verdict == "unmet"


def test_an_alternative_term_runs_from_its_own_start_under_its_own_clause() -> None:
    both = rule(
        each="recording",
        kind="time",
        time={"start": "ended", "to": "stored", "within": "24 小时"},
        instead=[
            {
                "cites": "t/2",
                "when": {"storage_ground": "异地执法"},
                "time": {"start": "returned", "to": "stored", "within": "24 小时"},
            }
        ],
    )
    day = 1440
    stored = told(3 * day, "recording.stored", recording="r1", file="r1.mp4", ended_at=at(0))
    back = told(3 * day, "recording.storage-explained", recording="r1", ground="异地执法", returned_at=at(2 * day))
    forgot = {**back, "ground": "忘记了"}
    assert (verdict(both, stored).verdict, verdict(both, stored).clause) == ("unmet", "t/1")
    assert (verdict(both, stored, back).verdict, verdict(both, stored, back).clause) == ("met", "t/2")
    assert (verdict(both, stored, forgot).verdict, verdict(both, stored, forgot).clause) == ("unmet", "t/1")


def test_a_term_ends_exactly_at_its_last_second() -> None:
    in_time = told(1440, "recording.stored", recording="r1", file="r1.mp4", ended_at=at(0))
    late = told(1440 + 1 / 60, "recording.stored", recording="r1", file="r1.mp4", ended_at=at(0))
    assert verdict(STORED, in_time).verdict == "met"
    assert verdict(STORED, late).verdict == "unmet"
    assert "晚 1 秒" in verdict(STORED, late).because[-1]


def test_a_year_without_notice_makes_the_term_provisional() -> None:
    archived = rule(kind="time", time={"start": "concluded", "to": "archived", "within": "30 日"})
    done = {"at": "2027-01-08T09:00:00+08:00", "type": "case.concluded", "reason": "执行完毕"}
    found = verdict(archived, registered(), done, at="2027-01-10T00:00:00+08:00")
    assert found.provisional
    assert found.verdict == "pending"


def test_every_subject_gets_its_own_verdict_in_a_fixed_order() -> None:
    story = [*inspection(), *filmed("r2", 20, 40), *filmed("r1", 0, 20)]
    assert [found.subject.id for found in verdicts(STORED, *story)] == ["r1", "r2"]
    story = [*inspection(), *filmed("r1", 0, 20), *filmed("r2", 20, 40)]
    assert [found.subject.id for found in verdicts(STORED, *story)] == ["r1", "r2"]


def test_an_unmet_duty_carries_its_remedy_and_a_met_one_does_not() -> None:
    asked = rule(each="act", kind="av", by="ended", filmed={"extent": "some"}, remedy="关联音像")
    assert verdict(asked, *inspection()).remedy == "关联音像"
    assert verdict(asked, *inspection(), *filmed("r1", 0, 60)).remedy is None


def test_a_verdict_names_the_events_it_rests_on() -> None:
    linked = rule(each="recording", kind="av", shows={"linked": True})
    found = verdict(linked, *inspection(), *filmed("r1", 0, 60))
    assert found.evidence == ("e3", "e4")


def test_a_duty_is_not_due_while_the_moment_before_which_it_is_due_lies_ahead() -> None:
    verified = rule(each="decision", by="correct_by", shows={"verified": True})
    ordered = told(
        1, "case.decision-made", decision="k1", kind="责令改正", summary="改正", document="d9", correct_by="2026-04-01"
    )
    before = verdict(verified, ordered, at="2026-04-01T20:00:00+08:00")
    assert before.verdict == "pending" and any("2026-04-02" in line for line in before.because)
    assert verdict(verified, ordered, at="2026-04-02T00:00:01+08:00").verdict == "unmet"


@pytest.mark.parametrize(
    ("named", "kept"), [({}, {"r1", "r2"}), ({"act": "x1"}, {"r1"}), ({"recording": "r2"}, {"r2"})]
)
def test_a_situation_speaks_of_what_it_names_else_of_every_recording(named: dict[str, str], kept: set[str]) -> None:
    for_ever = rule(each="recording", kind="keep", when={"situations": "阻碍执法"}, shows={"kept_for_ever": True})
    other = told(1, "recording.stored", recording="r2")
    arose = told(70, "case.situation-arose", situations=["阻碍执法"], ground="推搡执法人员", **named)
    found = verdicts(for_ever, *inspection(), *filmed("r1", 0, 60), other, arose)
    assert {item.subject.id for item in found} == kept
