"""The linter: each fault is named where it stands."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from liuhen.adapters.packfiles.packs import shipped_pack
from liuhen.core.rules.lint import lint, overlap_faults
from liuhen.core.rules.model import Clause, Pack
from tests.core.rules.register import register_ids
from tests.core.rules.writing import rule

REGISTER = frozenset({"t/1", "t/2"})
BASE = replace(
    shipped_pack("hebei"),
    id="t",
    clauses=(Clause("t/1", "doc", "一", "rule"), Clause("t/2", "doc", "二", "open")),
    rules=(rule(each="act", when={"kind": "询问"}, document={"forms": ["询问笔录"]}),),
    interruption_causes=(),
)


def faults(pack: Pack) -> list[str]:
    return [f"{fault.place}: {fault.sentence}" for fault in lint(pack, REGISTER)]


def test_a_pack_in_order_has_no_faults() -> None:
    assert faults(BASE) == []


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ({"each": "act", "when": {"color": "红"}, "document": {"forms": ["表"]}}, "has no attribute “color”"),
        ({"each": "act", "by": "sealed", "document": {"forms": ["表"]}}, "has no moment “sealed”"),
        ({"each": "act", "by": "case.burnt", "document": {"forms": ["表"]}}, "has no moment “case.burnt”"),
        ({"each": "case", "time": {"start": "filed", "to": "archived", "within": "三十日"}}, "三十日"),
        ({"each": "case", "time": {"start": "filed", "to": "buried", "within": "30 日"}}, "“buried”"),
        ({"each": "case"}, "demands nothing"),
        ({"clauses": [], "document": {"forms": ["表"]}}, "cites no clause"),
        ({"clauses": ["t/9"], "document": {"forms": ["表"]}}, "cites t/9"),
        (
            {"document": {"forms": ["表"]}, "unless": [{"cites": "t/8", "when": {"kind": "x"}, "why": "密"}]},
            "cites t/8",
        ),
    ],
)
def test_a_faulty_rule_is_named(written: dict[str, Any], said: str) -> None:
    found = faults(replace(BASE, rules=(*BASE.rules, rule(**{**written, "id": "t.faulty"}))))
    assert [item for item in found if item.startswith("t.faulty: ") and said in item]


def test_clauses_must_be_those_of_the_register_once_each() -> None:
    extra = Clause("t/3", "doc", "三", "open")
    assert "t/3: is not in the register" in "\n".join(faults(replace(BASE, clauses=(*BASE.clauses, extra))))
    assert "t/2: is in the register but not" in "\n".join(faults(replace(BASE, clauses=BASE.clauses[:1])))
    assert "t/1: stands twice" in "\n".join(faults(replace(BASE, clauses=(*BASE.clauses, BASE.clauses[0]))))


def test_a_clause_answered_by_a_rule_needs_one() -> None:
    assert "t/1: is answered by a rule, but no rule cites it" in "\n".join(faults(replace(BASE, rules=())))


def test_two_rules_of_one_id_are_a_fault() -> None:
    assert "t.rule: this rule id stands twice" in "\n".join(faults(replace(BASE, rules=BASE.rules * 2)))


def test_the_shipped_order_is_in_order() -> None:
    assert lint(shipped_pack("hebei"), register_ids("hebei")) == []


@pytest.mark.parametrize(
    ("written", "path"),
    [
        ({"each": "act", "when": {"color": "红"}, "document": {"forms": ["表"]}}, "rules[1].when.color"),
        ({"each": "act", "any_of": [{"kind": "甲"}, {"color": "红"}]}, "rules[1].any_of[1].color"),
        ({"each": "case", "time": {"start": "filed", "to": "buried", "within": "30 日"}}, "rules[1].time.to"),
        ({"each": "case", "time": {"start": "filed", "to": "archived", "within": "0 日"}}, "rules[1].time.within"),
        ({"each": "act", "by": "sealed", "document": {"forms": ["表"]}}, "rules[1].by"),
        ({"clauses": ["t/1", "t/9"], "document": {"forms": ["表"]}}, "rules[1].clauses[1]"),
        ({"signed": [{"role": "甲", "refused": {"role": "乙", "least": 1, "cites": "t/9"}}]}, "rules[1].signed[0].refused.cites"),
        ({"clauses": [], "document": {"forms": ["表"]}}, "rules[1].clauses"),
    ],
)  # fmt: skip
def test_a_fault_knows_its_place_in_the_pack(written: dict[str, Any], path: str) -> None:
    pack = replace(BASE, rules=(*BASE.rules, rule(**{**written, "id": "t.faulty"})))
    assert [fault.path for fault in lint(pack, REGISTER)] == [path]


def test_a_word_that_is_nearly_right_is_answered_with_the_right_one() -> None:
    pack = replace(BASE, rules=(rule(each="act", when={"trait": "甲"}, document={"forms": ["表"]}),))
    assert any("did you mean traits?" in sentence for sentence in faults(pack))


def test_a_form_that_nobody_makes_is_named() -> None:
    written = rule(id="t.signs", each="document", when={"form": "询问笔彔"}, signed=[{"role": "当事人"}])
    pack = replace(BASE, rules=(*BASE.rules, written))
    (fault,) = lint(pack, REGISTER, frozenset({"询问笔录"}))
    assert (fault.path, fault.place) == ("rules[1].when.form", "t.signs")
    assert "《询问笔彔》 (did you mean 询问笔录?)" in fault.sentence
    (fault,) = lint(BASE, REGISTER, frozenset({"勘验笔录"}))
    assert fault.path == "rules[0].document.forms"
    assert lint(BASE, REGISTER, frozenset({"询问笔录"})) == []


def test_an_edition_that_is_never_in_force_and_a_pack_that_binds_nobody_are_faults() -> None:
    never = replace(BASE, in_force_until=BASE.in_force_from)
    assert [fault.path for fault in lint(never, REGISTER)] == ["in_force_until"]
    assert [fault.path for fault in lint(replace(BASE, kinds=()), REGISTER)] == ["kinds"]


def edition(first: date, until: date | None = None) -> Pack:
    return replace(BASE, edition=first.isoformat(), in_force_from=first, in_force_until=until)


def test_two_editions_in_force_on_one_day_are_a_fault_of_both() -> None:
    old, new = edition(date(2020, 1, 1)), edition(date(2026, 1, 1))
    (of_new,), (of_old,) = overlap_faults(new, [old, new]), overlap_faults(old, [old, new])
    assert "both in force on 2026-01-01; write in_force_until: 2026-01-01 in edition 2020-01-01" in of_new.sentence
    assert (of_new.path, of_old.path) == ("in_force_from", "in_force_until")
    ended = edition(date(2020, 1, 1), date(2026, 1, 1))
    assert overlap_faults(new, [ended]) == overlap_faults(ended, [new]) == []
    assert overlap_faults(new, [replace(old, id="u")]) == []
