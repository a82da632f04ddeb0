"""Packs on disk: what a jurist types is read strictly; every fault is told with file and line."""

import shutil
from pathlib import Path

import pytest

from liuhen.adapters.packfiles.packs import (
    load_pack,
    load_scenario,
    shipped_folder,
    shipped_ids,
    shipped_pack,
    worked_cases,
)
from liuhen.core.kernel import canonical
from liuhen.core.kernel.codec import decode
from liuhen.core.kernel.errors import BadInput
from liuhen.core.rules.model import Pack, digest_of, render_pack

HEAD = """id: t
edition: "2026-01-01"
title: 试行办法
short_title: 试
issuer: 某局
number: 某发〔2026〕1 号
in_force_from: 2026-01-01
kinds: [行政处罚]
stages: [调查取证]
"""
CLAUSES = "- {id: t/1, kind: doc, gist: 询问有笔录, answer: rule}\n"
RULES = """- id: record.questioning
  clauses: [t/1]
  kind: doc
  title: 询问有笔录
  each: act
  when: {kind: 询问}
  document: {forms: [询问笔录]}
"""
CASES = """given:
  - {at: 2026-03-02T09:00:00+08:00, type: case.act-begun, act: x1, kind: 询问, place: 某处, officers: []}
cases:
  - name: 没有笔录
    at: 2026-03-02T12:00:00+08:00
    events:
      - {at: 2026-03-02T10:00:00+08:00, type: case.act-ended, act: x1}
    expect:
      - {rule: record.questioning, verdict: unmet}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    place = tmp_path / "t"
    (place / "rules").mkdir(parents=True)
    (place / "cases").mkdir()
    (place / "pack.yaml").write_text(HEAD, encoding="utf-8")
    (place / "clauses.yaml").write_text(CLAUSES, encoding="utf-8")
    (place / "rules" / "art-01.yaml").write_text(RULES, encoding="utf-8")
    (place / "cases" / "art-01.yaml").write_text(CASES, encoding="utf-8")
    return place


def test_a_pack_is_read_whole(folder: Path) -> None:
    pack = load_pack(folder)
    assert (pack.id, len(pack.clauses), len(pack.rules)) == ("t", 1, 1)
    assert pack.rules[0].document is not None
    assert pack.clause("t/1").gist == "询问有笔录"


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        ("pack.yaml", "issuer:", "isuer:", "t/pack.yaml:5: isuer: unknown key"),
        ("pack.yaml", "issuer: 某局\n", "", "t/pack.yaml:1: issuer: is missing"),
        ("pack.yaml", "2026-01-01\nkinds", "明年\nkinds", "t/pack.yaml:7: in_force_from: “明年” is not a day"),
        ("pack.yaml", "kinds: [行政处罚]", "kinds: 行政处罚", "t/pack.yaml:8: kinds: expected a list"),
        ("pack.yaml", "stages:", "id: u\nstages:", "t/pack.yaml:9: the key “id” stands twice"),
        ("clauses.yaml", "answer: rule", "answer: maybe", "t/clauses.yaml:1: [0].answer: “maybe” is not one of"),
        ("clauses.yaml", "- {id", "id", "t/clauses.yaml:1"),
        ("rules/art-01.yaml", "  kind: doc\n", "  kind: law\n", "t/rules/art-01.yaml:3: [0].kind: “law” is not one"),
        ("rules/art-01.yaml", "each: act", "each: person", "t/rules/art-01.yaml:5: [0].each"),
        ("rules/art-01.yaml", "  title: 询问有笔录\n", "", "t/rules/art-01.yaml:1: [0].title: is missing"),
        ("rules/art-01.yaml", "{kind: 询问}", "{kind: {more: 2}}", "t/rules/art-01.yaml:6: [0].when.kind"),
        ("rules/art-01.yaml", "{forms: [询问笔录]}", "{forms: 询问笔录}", "t/rules/art-01.yaml:7: [0].document.forms"),
        ("rules/art-01.yaml", "  document:", "  documents:", "t/rules/art-01.yaml:7: [0].documents: unknown key"),
    ],
)
def test_a_fault_is_told_with_file_and_line(folder: Path, file: str, old: str, new: str, said: str) -> None:
    text = (folder / file).read_text(encoding="utf-8")
    assert old in text
    (folder / file).write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(BadInput) as refusal:
        load_pack(folder)
    assert str(refusal.value).startswith(said)


def test_worked_cases_share_what_is_given_and_know_their_line(folder: Path) -> None:
    (case,) = worked_cases(folder)
    assert (case.file, case.line, case.scenario.name) == ("t/cases/art-01.yaml", 4, "没有笔录")
    assert [event.header.type for event in case.scenario.events] == ["case.act-begun", "case.act-ended"]
    assert case.scenario.packs == ("t",)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("given:", "gifts:", "t/cases/art-01.yaml:1: unknown key “gifts”"),
        ("type: case.act-begun", "type: case.begun", "t/cases/art-01.yaml:2: given[0].type: unknown event type"),
        ("type: case.act-ended", "type: case.ended", "t/cases/art-01.yaml:7: cases[0].events[0].type"),
        ("verdict: unmet", "verdict: bad", "t/cases/art-01.yaml:9: cases[0].expect[0].verdict"),
        ("    at: 2026-03-02T12:00:00+08:00\n", "", "t/cases/art-01.yaml:4: cases[0].at: is missing"),
        ("T10:00:00+08:00", "T10:00:00", "t/cases/art-01.yaml:7: cases[0].events[0].at: the time"),
        ("act: x1, kind", "act: 5, kind", "t/cases/art-01.yaml:2: given[0].act: expected text"),
    ],
)
def test_a_fault_of_a_worked_case_is_told_with_file_and_line(folder: Path, old: str, new: str, said: str) -> None:
    assert old in CASES
    (folder / "cases" / "art-01.yaml").write_text(CASES.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(BadInput) as refusal:
        list(worked_cases(folder))
    assert str(refusal.value).startswith(said)


@pytest.mark.parametrize("text", ["given: 5\ncases: [{at: x}]\n", "cases: 5\n"])
def test_given_and_cases_are_lists(folder: Path, text: str) -> None:
    (folder / "cases" / "art-01.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(BadInput):
        list(worked_cases(folder))


def test_a_scenario_file_is_read_with_its_lines(tmp_path: Path) -> None:
    file = tmp_path / "case.yaml"
    file.write_text(
        "packs: [hebei]\nat: 2026-03-10T00:00:00+08:00\nevents:\n  - {type: case.filed}\n", encoding="utf-8"
    )
    with pytest.raises(BadInput, match=r"case\.yaml:4: events\[0\]\.at: is missing"):
        load_scenario(file)


def test_a_missing_part_is_named(folder: Path) -> None:
    (folder / "clauses.yaml").unlink()
    with pytest.raises(BadInput, match=r"t/clauses\.yaml: no such file"):
        load_pack(folder)


def test_an_unknown_pack_is_refused_with_those_that_are_here() -> None:
    with pytest.raises(BadInput, match="hebei"):
        shipped_pack("atlantis")


@pytest.mark.parametrize("pack_id", shipped_ids())
def test_a_shipped_pack_survives_the_journey_in_a_package(pack_id: str) -> None:
    pack = shipped_pack(pack_id)
    again = decode(Pack, canonical.parse(render_pack(pack)))
    assert again == pack
    assert digest_of(again) == digest_of(pack)


def test_the_digest_names_the_words_of_the_law_not_the_layout_of_the_file(folder: Path) -> None:
    before = digest_of(load_pack(folder))
    file = folder / "rules" / "art-01.yaml"
    file.write_text("# a remark\n" + RULES.replace("{forms: [询问笔录]}", "\n    forms:\n      - 询问笔录"), "utf-8")
    assert digest_of(load_pack(folder)) == before
    file.write_text(RULES.replace("询问有笔录", "询问必有笔录"), encoding="utf-8")
    assert digest_of(load_pack(folder)) != before


def test_a_pack_can_be_copied_and_loaded_elsewhere(tmp_path: Path) -> None:
    shutil.copytree(shipped_folder() / "hebei", tmp_path / "hebei")
    assert load_pack(tmp_path / "hebei") == shipped_pack("hebei")
