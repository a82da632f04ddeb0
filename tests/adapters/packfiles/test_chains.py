"""The chains that come with Liuhen: every demand of every pack can be met by walking them; and what is refused on disk."""

from pathlib import Path

import pytest

from liuhen.adapters.packfiles.chains import read_chains, shipped_chains
from liuhen.adapters.packfiles.shelf import shipped_shelf
from liuhen.core.approvals.chain import chain_faults
from liuhen.core.kernel.errors import BadInput
from liuhen.core.rules import conditions
from liuhen.core.rules.model import Rule

RULES = [rule for shelved in shipped_shelf().editions() for rule in shelved.pack.rules]
# Attributes of rules whose values are matters of approval.
MATTERS = ("matters_approved", "matters_reviewed", "matter")


def _tests(rule: Rule) -> list[conditions.Test]:
    return [*rule.when.tests, *(rule.shows.tests if rule.shows else ())]


def matters_of(rule: Rule) -> set[str]:
    return {str(word) for test in _tests(rule) if test.attribute in MATTERS for word in test.operands}


def test_every_matter_that_a_pack_knows_has_a_chain() -> None:
    known = {matter for rule in RULES for matter in matters_of(rule) if rule.each in ("case", "approval")}
    assert known and known <= set(shipped_chains().chains)


def test_every_step_that_a_pack_demands_is_in_the_chain_of_its_matter() -> None:
    demanding = [rule for rule in RULES if rule.approval]
    assert demanding
    for rule in demanding:
        for matter in matters_of(rule) or shipped_chains().chains:
            steps = {step.name: step for step in shipped_chains().chains[matter]}
            for demand in rule.approval:
                assert demand.step in steps, (rule.id, matter)
                assert not steps[demand.step].optional and steps[demand.step].reasons >= demand.reasons


def test_an_act_that_is_approved_before_it_begins_has_a_chain_of_its_own_name() -> None:
    kinds = {
        str(word)
        for rule in RULES
        if rule.each == "act"
        and ((rule.order and rule.order.first == "approved") or (rule.time and rule.time.to == "approved"))
        for test in rule.when.tests
        if test.attribute == "kind"
        for word in test.operands
    }
    assert kinds and kinds <= set(shipped_chains().chains)


def test_every_chain_is_sound() -> None:
    for chain in shipped_chains().chains.values():
        assert list(chain_faults(chain)) == []


def test_matters_of_other_kinds_of_case_are_not_for_a_case() -> None:
    chains = shipped_chains()
    assert chains.is_for("行政处罚决定", "行政处罚") and not chains.is_for("行政许可决定", "行政处罚")
    assert chains.is_for("结案", "行政处罚") and chains.is_for("一个新的事项", "行政处罚")
    assert chains.is_for("立案", "行政处罚", "依职权") and not chains.is_for("受理", "行政处罚", "依职权")
    assert chains.is_for("受理", "行政检查", "依申请") and not chains.is_for("立案", "行政检查", "依申请")


STEPS = "steps: [{name: 承办, by: [执法人员]}, {name: 批准, by: [机关负责人]}]"


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("types: []", "chains.yaml:1"),
        (f"chains:\n  - matters: [立案]\n    {STEPS}\n  - matters: [立案]\n    {STEPS}", "chains.yaml:4"),
        ("chains:\n  - matters: [立案]\n    steps: [{name: 承办, by: [执法人员]}]", "chains.yaml:3"),
        (f"chains:\n  - matters: [立案]\n    {STEPS}\nkinds:\n  结案: [行政处罚]", "chains.yaml:5"),
        (f"chains:\n  - matters: [立案]\n    bogus: 1\n    {STEPS}", "chains.yaml:3"),
    ],
)
def test_what_cannot_be_is_refused_with_file_and_line(tmp_path: Path, text: str, word: str) -> None:
    file = tmp_path / "chains.yaml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(BadInput, match=word):
        read_chains(file)
