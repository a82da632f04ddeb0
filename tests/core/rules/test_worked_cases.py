"""Every worked case of every pack, one test each, and the house rule that none is missing."""

import pytest

from liuhen.adapters.packfiles.packs import shipped_folder, shipped_ids, shipped_pack, worked_cases
from liuhen.core.rules.lint import cited, lint
from liuhen.core.rules.proof import TriedCase, missing_answers
from liuhen.core.rules.trial import try_scenario
from tests.core.calendar.known import CALENDAR
from tests.core.rules.register import register_ids, register_kinds

CASES = {
    f"{pack_id}/{case.file.rsplit('/', 1)[-1].removesuffix('.yaml')}: {case.scenario.name}": case
    for pack_id in shipped_ids()
    for case in worked_cases(shipped_folder() / pack_id)
}
TOLD = sum(1 for pack_id in shipped_ids() for _ in worked_cases(shipped_folder() / pack_id))


@pytest.mark.parametrize("name", CASES)
def test_worked_case(name: str) -> None:
    case = CASES[name]
    trial = try_scenario(case.scenario, [shipped_pack(item) for item in case.scenario.packs], calendar=CALENDAR)
    assert not trial.differences, f"{case.file}:{case.line} " + "\n".join(trial.differences)
    assert not trial.oddities, f"{case.file}:{case.line} tells of what never was: {trial.oddities}"
    assert case.scenario.expect, f"{case.file}:{case.line} expects nothing and can prove nothing"


def test_every_worked_case_has_a_name_of_its_own() -> None:
    assert len(CASES) == TOLD
    assert all(case.scenario.name for case in CASES.values())


def tried(pack_id: str) -> list[TriedCase]:
    packs = [shipped_pack(pack_id)]
    mine = {name: case.scenario for name, case in CASES.items() if name.startswith(f"{pack_id}/")}
    return [
        TriedCase(name, scenario, try_scenario(scenario, packs, calendar=CALENDAR)) for name, scenario in mine.items()
    ]


@pytest.mark.parametrize("pack_id", shipped_ids())
def test_every_rule_has_a_case_that_meets_it_one_that_breaks_it_and_one_that_waits(pack_id: str) -> None:
    cases = tried(pack_id)
    missing = {rule.id: found for rule in shipped_pack(pack_id).rules if (found := missing_answers(rule, cases))}
    assert missing == {}


@pytest.mark.parametrize("pack_id", shipped_ids())
def test_every_clause_answered_by_a_rule_is_cited(pack_id: str) -> None:
    pack = shipped_pack(pack_id)
    in_rules = {clause for rule in pack.rules for clause in cited(rule)}
    assert {clause.id for clause in pack.clauses if clause.answer == "rule"} <= in_rules


@pytest.mark.parametrize("pack_id", shipped_ids())
def test_the_linter_finds_nothing_against_the_register(pack_id: str) -> None:
    assert register_ids(pack_id)
    assert lint(shipped_pack(pack_id), register_ids(pack_id)) == []


@pytest.mark.parametrize("pack_id", shipped_ids())
def test_every_clause_has_the_kind_that_the_register_gives_it(pack_id: str) -> None:
    assert {clause.id: clause.kind for clause in shipped_pack(pack_id).clauses} == register_kinds(pack_id)
