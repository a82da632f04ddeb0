"""The pages people write by: their tables are fresh, their examples work, and no word of the house is missing."""

import re
from pathlib import Path
from typing import get_args

import pytest

from liuhen.adapters.packfiles.located import read_text
from liuhen.adapters.packfiles.packs import shipped_pack
from liuhen.core.events.catalogue import BY_NAME
from liuhen.core.events.scenario import read_scenario
from liuhen.core.kernel.codec import decode
from liuhen.core.rules.announcing import strange_blanks
from liuhen.core.rules.model import Announcement, Answer, Clause, InterruptionCause, Pack, Rule, RuleKind, SubjectKind
from liuhen.core.rules.subjects import VOCABULARIES
from liuhen.core.rules.trial import try_scenario
from liuhen.core.rules.verdict import LABELS
from tests.core.calendar.known import CALENDAR
from tests.core.events import table as events
from tests.core.rules import table as vocabulary

DOCS = Path(__file__).parents[3] / "docs"
GLOSSARY = (DOCS / "glossary.md").read_text(encoding="utf-8")


def section(page: Path, begin: str, end: str) -> str:
    return page.read_text(encoding="utf-8").partition(begin)[2].partition(end)[0].strip()


def test_the_table_of_events_is_fresh() -> None:
    found = section(events.PAGE, events.BEGIN, events.END)
    assert found == events.event_tables(), "run: python -m tests.core.events.table"


def test_the_vocabulary_of_rules_is_fresh() -> None:
    found = section(vocabulary.PAGE, vocabulary.BEGIN, vocabulary.END)
    assert found == vocabulary.vocabulary_tables(), "run: python -m tests.core.rules.table"


def yaml_blocks(page: Path) -> list[str]:
    return re.findall(r"^```yaml\n(.*?)^```", page.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)


def test_the_first_scenario_of_the_page_is_judged_as_it_says() -> None:
    scenario = read_scenario(read_text(yaml_blocks(events.PAGE)[0], "scenario.md").data)
    trial = try_scenario(scenario, [shipped_pack("hebei")], calendar=CALENDAR)
    assert scenario.expect
    assert trial.differences == ()
    assert trial.oddities == ()


def test_the_worked_cases_of_the_page_are_judged_as_they_say() -> None:
    data = read_text(yaml_blocks(events.PAGE)[1], "scenario.md").data
    for case in data["cases"]:
        scenario = read_scenario({**case, "packs": ["hebei"], "events": [*data["given"], *case["events"]]})
        assert scenario.expect
        assert try_scenario(scenario, [shipped_pack("hebei")], calendar=CALENDAR).differences == ()


def test_the_rule_of_the_page_is_a_rule() -> None:
    (written,) = read_text(yaml_blocks(vocabulary.PAGE)[0], "pack.md").data
    assert decode(Rule, written).time is not None


def test_the_announcement_of_the_page_is_one() -> None:
    written = read_text(yaml_blocks(vocabulary.PAGE)[2], "pack.md").data
    (announcement,) = [decode(Announcement, one) for one in written["announcements"]]
    (cause,) = [decode(InterruptionCause, one) for one in written["interruption_causes"]]
    assert not any(strange_blanks(one.say) for one in announcement.items) and cause.cites == "lingchuan/17"


@pytest.mark.parametrize("kind", [Pack, Clause, Rule])
def test_the_page_of_packs_names_every_field(kind: type) -> None:
    text = vocabulary.PAGE.read_text(encoding="utf-8")
    missing = [name for name in kind.__dict__["__slots__"] if not re.search(rf"[`{{ ]{name}[`:,]", text)]
    assert missing in ([], ["rules"], ["clauses", "rules"])


def row_of(identifier: str) -> list[str]:
    """Give the row of the glossary whose identifier this is; fails where there is none or it says nothing."""
    rows = [line.split("|")[1:-1] for line in GLOSSARY.splitlines() if f"| `{identifier}` |" in line]
    assert rows, f"docs/glossary.md has no row for `{identifier}`; add 中文, identifier, meaning and clause"
    assert all(len(cell.strip()) > 1 for cell in rows[0][:3])
    return [cell.strip() for cell in rows[0]]


@pytest.mark.parametrize("name", BY_NAME)
def test_every_event_is_in_the_glossary(name: str) -> None:
    row = row_of(name)
    assert row[0] == BY_NAME[name].label
    assert row[2] == f"`{BY_NAME[name].content.__name__}`"
    assert len(row[3]) > 1


@pytest.mark.parametrize("kind", get_args(SubjectKind))
def test_every_kind_of_subject_is_in_the_glossary(kind: str) -> None:
    assert row_of(kind)[0] == VOCABULARIES[kind].label


@pytest.mark.parametrize("word", [*get_args(RuleKind), "scope", *get_args(Answer)])
def test_every_kind_of_rule_and_answer_is_in_the_glossary(word: str) -> None:
    assert row_of(word)


@pytest.mark.parametrize("word", LABELS)
def test_every_verdict_is_in_the_glossary(word: str) -> None:
    labels = {str(answer): label for answer, label in LABELS.items()}
    assert row_of(word)[0] == labels[word]


def test_every_clause_of_the_glossary_is_in_the_register() -> None:
    known = {clause.id for clause in shipped_pack("hebei").clauses}
    cited = set(re.findall(r"\| (hebei/[0-9.]+) \|", GLOSSARY))
    whole_articles = {clause.partition(".")[0] for clause in known}
    assert cited
    assert cited <= known | whole_articles
