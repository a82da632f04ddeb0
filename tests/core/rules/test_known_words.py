"""The words that packs know: each with the rules that ask for it, and none that no rule asks for."""

from datetime import date

from liuhen.adapters.packfiles.shelf import shipped_shelf
from liuhen.core.rules.conditions import Condition
from liuhen.core.rules.known_words import (
    conditions_of,
    excluded_grounds,
    extendable_terms,
    known_words,
    rules_of_case,
    topics_told,
)
from liuhen.core.rules.model import Alternative, Extension, Lifting, Pack, Rule, TimeDemand, ToldDemand


def _when(**tests: object) -> Condition:
    return Condition.from_plain(tests, "test")


def _rule(name: str, each: str = "case", **more: object) -> Rule:
    return Rule(name, (f"x/{name}",), "doc", name, each, **more)  # type: ignore[arg-type]


def _pack(*rules: Rule) -> Pack:
    return Pack("x", "1", "某规定", "某", "某", "1", date(2020, 1, 1), ("行政处罚",), (), (), rules)


def test_a_word_comes_with_every_rule_that_turns_on_it() -> None:
    later = Alternative("x/c", _when(traits="情节复杂"), TimeDemand("filed", "decided", "90 日"))
    pack = _pack(
        _rule("a", when=_when(traits=["情节复杂", "重大"])),
        _rule("b", unless=(Lifting("x/b", _when(traits="免除"), "免除"),)),
        _rule("c", instead=(later,)),
        _rule("d", shows=_when(traits="载明"), any_of=(_when(traits="任一"),)),
        _rule("e", each="act", when=_when(traits="活动的")),
    )
    found = {item.word: [rule.id for rule in item.rules] for item in known_words([pack], ("case", "traits"))}
    assert found == {"情节复杂": ["a", "c"], "重大": ["a"], "免除": ["b"], "载明": ["d"], "任一": ["d"]}
    assert [item.word for item in known_words([pack], ("act", "traits"))] == ["活动的"]
    assert known_words([pack], ("case", "kind")) == () and known_words([], ("case", "traits")) == ()
    assert len(list(conditions_of(pack.rules[3]))) == 3


def test_numbers_and_answers_are_no_words() -> None:
    pack = _pack(_rule("a", when=_when(officers={"least": 2}, party_present=True), each="act"))
    assert known_words([pack], ("act", "officers"), ("act", "party_present")) == ()


def test_terms_grounds_and_topics() -> None:
    term = TimeDemand("begun", "ended", "30 日", excludes=("鉴定",), extension=Extension("x/a", "查封扣押"))
    pack = _pack(
        _rule("a", time=term), _rule("b", told=ToldDemand(("陈述", "申辩"))), _rule("c", when=_when(told_topics="听证"))
    )
    assert extendable_terms([pack, pack]) == ("查封扣押",)
    assert excluded_grounds([pack]) == ("鉴定",)
    assert topics_told([pack]) == ("陈述", "申辩", "听证")


def test_rules_of_the_case_leave_out_other_kinds_and_other_subjects() -> None:
    pack = _pack(_rule("a", when=_when(kind="行政许可")), _rule("b", when=_when(traits="重大")), _rule("c", each="act"))
    assert [rule.id for rule in rules_of_case(pack, kind="行政处罚")] == ["b"]


def test_every_shipped_pack_is_steered_by_some_word_of_the_case() -> None:
    shelf = shipped_shelf()
    packs = [shelf.named(name).pack for name in ("hebei", "lingchuan", "changzhi", "zhuhui", "national")]
    for pack in packs:
        assert known_words([pack], ("case", "traits"), ("act", "traits")), pack.id
    assert {"查封扣押", "冻结"} <= set(extendable_terms(packs)) and "鉴定" in excluded_grounds(packs)
