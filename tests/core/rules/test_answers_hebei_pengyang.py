"""Purpose, principles and entrusted enforcement in the Hebei order (articles 1, 3 and 32), tried on all its worked cases."""

from collections.abc import Callable, Iterator
from dataclasses import replace

from liuhen.adapters.packfiles.packs import shipped_folder, shipped_pack, worked_cases
from liuhen.core.events.case import CaseRegistered
from liuhen.core.events.parts import Party
from liuhen.core.events.scenario import Scenario, read_scenario
from liuhen.core.rules.trial import try_scenario
from liuhen.core.rules.verdict import Verdict
from tests.core.calendar.known import CALENDAR
from tests.core.facts.story import at, registered
from tests.core.rules.register import register_ids

PACK = shipped_pack("hebei")
# What the order regulates, read off it: its stages and the article that says what each of them must leave behind.
STAGES = {"启动": "8", "调查取证": "9", "审查决定": "10", "送达执行": "11"}


def judged(scenario: Scenario) -> tuple[Verdict, ...]:
    return try_scenario(scenario, [PACK], calendar=CALENDAR).verdicts


def stories() -> Iterator[Scenario]:
    """Give every worked case in which a case was registered."""
    for case in worked_cases(shipped_folder() / "hebei"):
        if any(isinstance(event.content, CaseRegistered) for event in case.scenario.events):
            yield case.scenario


def registered_as(scenario: Scenario, change: Callable[[CaseRegistered], CaseRegistered]) -> Scenario:
    """Tell the same story of a case that was registered differently."""
    events = tuple(
        replace(event, content=change(event.content)) if isinstance(event.content, CaseRegistered) else event
        for event in scenario.events
    )
    return replace(scenario, events=events)


def rules_of(article: str) -> set[str]:
    begins = f"hebei/{article}"
    return {rule.id for rule in PACK.rules for clause in rule.clauses if clause.partition(".")[0] == begins}


class TestPurpose:
    """hebei/1: the order regulates procedure from its start to its end; it is the province's, under its own number."""

    def test_it_is_the_order_of_the_province(self) -> None:
        assert (PACK.title, PACK.issuer) == ("河北省行政执法全过程记录办法", "河北省人民政府")
        assert "2019" in PACK.number

    def test_it_regulates_every_step_of_the_procedure(self) -> None:
        assert tuple(STAGES) == PACK.stages
        assert all(rules_of(article) for article in STAGES.values())


class TestPrinciples:
    """hebei/3: lawful, fair, objective, complete."""

    def test_lawful_every_judgement_names_the_clause_it_rests_on(self) -> None:
        known = register_ids("hebei")
        found = {verdict.clause for story in stories() for verdict in judged(story)}
        assert len(found) > 40
        assert found <= known

    def test_fair_who_the_party_is_changes_nothing(self) -> None:
        other = Party("河北某国有集团", "法人", id_number="1", address="别处", representative="别人", phone="2")
        for story in stories():
            changed = registered_as(story, lambda said: replace(said, party=other))
            assert judged(changed) == judged(story), story.name

    def test_objective_nothing_is_met_that_nobody_recorded(self) -> None:
        bare = judged(read_scenario({"packs": [], "at": at(0), "events": [registered()]}))
        assert {verdict.verdict for verdict in bare} <= {"unmet", "pending", "undetermined", "not_applicable"}
        assert any(verdict.verdict == "pending" for verdict in bare)

    def test_complete_text_and_film_of_the_acts_and_text_of_every_stage(self) -> None:
        kinds = {stage: {rule.kind for rule in PACK.rules if rule.id in rules_of(STAGES[stage])} for stage in STAGES}
        assert all("doc" in kinds[stage] for stage in STAGES)
        acts = {rule.kind for rule in PACK.rules if rule.each == "act"}
        assert {"doc", "av"} <= acts


def test_entrusted_enforcement_is_recorded_and_judged_like_any_other() -> None:
    """hebei/32: whoever acts for another agency owes the very same record."""
    count = 0
    for story in stories():
        entrusted = registered_as(story, lambda said: replace(said, entrusted_by="某省应急管理厅"))
        assert judged(entrusted) == judged(story), story.name
        count += 1
    assert count > 50
