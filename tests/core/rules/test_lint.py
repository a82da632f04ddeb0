"""The linter: each fault is named where it stands."""

from dataclasses import replace
from typing import Any

import pytest

from liuhen.adapters.packfiles.packs import shipped_pack
from liuhen.core.rules.lint import lint
from liuhen.core.rules.model import Clause, Pack
from tests.core.rules.register import register_ids
from tests.core.rules.writing import rule

REGISTER = frozenset({"t/1", "t/2"})
BASE = replace(
    shipped_pack("hebei"),
    id="t",
    clauses=(Clause("t/1", "doc", "一", "rule"), Clause("t/2", "doc", "二", "open")),
    rules=(rule(each="act", when={"kind": "询问"}, document={"forms": ["询问笔录"]}),),
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
