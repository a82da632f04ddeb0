"""zhuhui/6: the five principles of recording — lawful, objective, whole, in time, connected — hold in what the pack does."""

from dataclasses import replace
from itertools import pairwise

import pytest

from liuhen.adapters.packfiles.packs import shipped_folder, shipped_pack, worked_cases
from liuhen.core.events.scenario import Scenario
from liuhen.core.rules.lint import cited
from liuhen.core.rules.trial import Trial, try_scenario
from liuhen.core.rules.verdict import Verdict
from tests.core.calendar.known import CALENDAR
from tests.core.rules.register import register_ids

PACK = shipped_pack("zhuhui")
SCENARIOS: list[Scenario] = [case.scenario for case in worked_cases(shipped_folder() / "zhuhui")]
TRIALS: list[Trial] = [try_scenario(scenario, [PACK], calendar=CALENDAR) for scenario in SCENARIOS]


def judged(rule: str, *answers: str) -> list[Verdict]:
    """Give what the worked cases say of a rule, where it judged something."""
    return [
        verdict
        for trial in TRIALS
        for verdict in trial.verdicts
        if verdict.rule == rule and verdict.verdict in answers and verdict.subject.id
    ]


def test_lawful_every_duty_comes_from_the_text() -> None:
    known = register_ids("zhuhui")
    for rule in PACK.rules:
        assert rule.clauses and set(cited(rule)) <= known, rule.id


def test_objective_nothing_is_found_done_without_an_event_that_shows_it() -> None:
    done = [verdict for rule in PACK.rules for verdict in judged(rule.id, "met")]
    assert {verdict.rule for verdict in done} == {rule.id for rule in PACK.rules}
    for verdict in done:
        assert verdict.evidence, f"{verdict.rule} of {verdict.subject.id} is met by nothing"
        assert verdict.because


# article → the first of each chapter; 第六章 is what becomes of the records
CHAPTERS = {"启动": (7, 10), "调查取证": (11, 15), "审查决定": (16, 21), "送达执行": (22, 30), "保存使用": (31, 35)}


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_whole_every_article_of_every_stage_is_watched(chapter: str) -> None:
    first, last = CHAPTERS[chapter]
    watched = {int(clause.removeprefix("zhuhui/").split(".")[0]) for rule in PACK.rules for clause in cited(rule)}
    assert set(range(first, last + 1)) <= watched


def test_whole_the_chapters_leave_out_no_article() -> None:
    bounds = sorted(CHAPTERS.values())
    assert all(before[1] + 1 == after[0] for before, after in pairwise(bounds))
    assert (bounds[0][0], bounds[-1][1]) == (7, 35)


@pytest.mark.parametrize(
    "rule", ["start.urgent-reported", "start.urgent-approved", "av.store-in-time", "archive.in-time"]
)
def test_in_time_a_record_that_comes_after_its_term_is_a_breach(rule: str) -> None:
    late = [verdict for verdict in judged(rule, "unmet") if verdict.due is not None]
    assert late
    assert all(any("晚" in line or "已超" in line for line in verdict.because) for verdict in late)


@pytest.mark.parametrize("rule", ["av.whole-course", "av.listed-recorded", "draw.filmed", "execution.filmed"])
def test_connected_a_recording_counts_only_for_the_act_that_it_was_linked_to(rule: str) -> None:
    """A film proves nothing until somebody says which act it shows."""
    shown = 0
    for scenario, trial in zip(SCENARIOS, TRIALS, strict=True):
        met = {item.subject.id for item in trial.verdicts if item.rule == rule and item.verdict == "met"}
        unlinked = tuple(event for event in scenario.events if event.header.type != "case.recording-linked")
        again = try_scenario(replace(scenario, events=unlinked, expect=()), [PACK], calendar=CALENDAR)
        assert not met & {item.subject.id for item in again.verdicts if item.rule == rule and item.verdict == "met"}
        shown += len(met)
    assert shown
