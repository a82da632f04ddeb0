"""What packs say aloud and name as causes: each regulation's items, unions of several, custom where all are silent, the linter."""

from dataclasses import replace
from typing import Any

import pytest

from liuhen.adapters.packfiles.custom import shipped_custom
from liuhen.adapters.packfiles.packs import shipped_pack
from liuhen.core.kernel.codec import decode
from liuhen.core.kernel.errors import BadInput
from liuhen.core.rules.announcing import (
    BLANKS,
    Cause,
    Custom,
    CustomarySentence,
    Line,
    causes_of,
    fill,
    opening_of,
    require_plain,
)
from liuhen.core.rules.lint import lint
from liuhen.core.rules.lint_announcements import marked_topics
from liuhen.core.rules.model import Announcement, Clause, InterruptionCause, Pack
from tests.core.rules.writing import rule

CUSTOM = Custom((CustomarySentence("告知时间", "现在是{时间}。"),), ("设备故障",), ("来电",))
SIX = ("告知时间", "告知地点", "告知执法人员", "告知事由", "告知对象", "告知环节")
SAID = {
    ("lingchuan", "现场检查"): (*SIX, "告知音像记录"),
    ("changzhi", "现场检查"): (*SIX, "告知音像记录"),
    ("pengyang", "询问"): ("告知时间", "告知地点", "告知执法人员", "告知执法行为", "告知音像记录"),
}


def pack(name: str, *sentences: tuple[str, str], causes: tuple[str, ...] = (), **when: Any) -> Pack:
    """Write a pack of one rule that judges what it announces; every sentence is (topic, what is said)."""
    items = [{"topic": topic, "say": say, "cites": f"{name}/1"} for topic, say in sentences]
    announced = decode(Announcement, {"items": items, "when": when}) if items else None
    marked = [topic for topic, _ in sentences] or ["现场环境"]
    return replace(
        shipped_pack("hebei"),
        id=name,
        clauses=(Clause(f"{name}/1", "av", "一", "rule"),),
        rules=(rule(clauses=[f"{name}/1"], kind="av", each="act", shows={"marked": {"all": marked}}),),
        announcements=(announced,) if announced else (),
        interruption_causes=tuple(InterruptionCause(cause, f"{name}/1") for cause in causes),
    )


# --- what the five regulations and the national law say ---------------------------------------------------------------


@pytest.mark.parametrize(("name", "act"), SAID)
def test_a_regulation_that_asks_for_an_opening_has_its_items_in_its_own_order(name: str, act: str) -> None:
    opening = opening_of([shipped_pack(name)], shipped_custom(), act=act)
    assert opening.demanded and tuple(line.topic for line in opening.lines) == SAID[name, act]
    assert all(len(line.clauses) == 1 and line.clauses[0].startswith(f"{name}/") for line in opening.lines)


@pytest.mark.parametrize("name", ["hebei", "zhuhui", "national"])
def test_where_a_text_asks_for_no_opening_custom_stands_in_without_a_clause(name: str) -> None:
    found = shipped_pack(name)
    opening = opening_of([found], shipped_custom(), act="现场检查")
    assert not opening.demanded and not any(line.clauses for line in opening.lines)
    assert [line.topic for line in opening.lines] == [*SIX, "告知音像记录"]
    spoken = {line.topic for line in opening.lines}
    assert not any(topics & spoken for one in found.rules for topics in marked_topics(one)), "no rule may judge custom"


@pytest.mark.parametrize("name", ["hebei", "lingchuan", "changzhi", "pengyang", "zhuhui"])
def test_each_regulation_names_its_causes_first_and_custom_follows_without_a_clause(name: str) -> None:
    causes = causes_of([shipped_pack(name)], shipped_custom())
    named = [one for one in causes if one.clauses]
    assert list(causes[: len(named)]) == named and len(named) >= 3
    assert {clause.partition("/")[0] for one in named for clause in one.clauses} == {name}
    assert [one.cause for one in causes] == list(dict.fromkeys(one.cause for one in causes))
    assert {"更换地点", "来电占用设备", "存储空间不足"} <= {one.cause for one in causes}


def test_every_sentence_that_is_shipped_can_be_filled_in_whole() -> None:
    known = {blank: "甲" for blank in BLANKS}
    packs = [shipped_pack(name) for name in ("lingchuan", "changzhi", "pengyang")]
    for line in opening_of(packs, shipped_custom(), act="现场检查").lines:
        assert not set("{}〔〕") & set(fill(line.say, known))


# --- several packs, and none ------------------------------------------------------------------------------------------


def test_of_several_packs_the_union_is_said_in_the_order_of_the_one_that_asks_for_more() -> None:
    short = pack("a", ("行为", "甲说行为。"), ("时间", "甲说时间。"))
    long = pack("b", ("时间", "乙说时间。"), ("地点", "乙说地点。"), ("事由", "乙说事由。"))
    assert opening_of([short, long], CUSTOM, act="询问").lines == (
        Line("时间", "乙说时间。", ("b/1", "a/1")),
        Line("地点", "乙说地点。", ("b/1",)),
        Line("事由", "乙说事由。", ("b/1",)),
        Line("行为", "甲说行为。", ("a/1",)),
    )


def test_of_two_that_ask_for_as_much_the_one_named_first_has_the_word() -> None:
    one, other = pack("a", ("时间", "甲。")), pack("b", ("时间", "乙。"))
    assert opening_of([other, one], CUSTOM, act="询问").lines == (Line("时间", "乙。", ("b/1", "a/1")),)


def test_an_announcement_is_for_the_acts_it_names() -> None:
    found = pack("a", ("行为", "甲。"), kind=["现场检查"])
    assert opening_of([found], CUSTOM, act="现场检查").demanded
    opening = opening_of([found], CUSTOM, act="询问")
    assert (opening.demanded, opening.lines) == (False, (Line("告知时间", "现在是{时间}。"),))


def test_an_announcement_may_hang_on_a_trait() -> None:
    found = pack("a", ("行为", "甲。"), traits="容易引发争议")
    assert opening_of([found], CUSTOM, act="询问", traits=("容易引发争议",)).demanded
    assert not opening_of([found], CUSTOM, act="询问").demanded


def test_causes_of_several_packs_stand_once_with_all_their_clauses() -> None:
    one, other = pack("a", causes=("天气", "故障")), pack("b", causes=("故障", "来电"))
    assert causes_of([one, other], CUSTOM) == (
        Cause("天气", ("a/1",)),
        Cause("故障", ("a/1", "b/1")),
        Cause("来电", ("b/1",)),
    )


def test_where_no_pack_names_a_cause_custom_names_its_own() -> None:
    assert causes_of([pack("a")], CUSTOM) == (Cause("设备故障"), Cause("来电"))


def test_a_blank_that_is_not_known_yet_stays_to_be_seen() -> None:
    assert fill("{机关}，现在是{时间}。", {"机关": "甲局", "时间": ""}) == "甲局，现在是〔时间〕。"


def test_custom_with_a_blank_that_nobody_can_fill_in_is_refused() -> None:
    with pytest.raises(BadInput, match="天气"):
        require_plain(Custom((CustomarySentence("告知天气", "今天{天气}。"),), (), ()))


# --- the linter -------------------------------------------------------------------------------------------------------


def faults(found: Pack) -> list[str]:
    register = frozenset(clause.id for clause in found.clauses)
    return [f"{one.path} {one.place}: {one.sentence}" for one in lint(found, register)]


def announced(items: list[dict[str, str]], **when: Any) -> tuple[Announcement, ...]:
    return (decode(Announcement, {"items": items, "when": when}),)


def test_a_pack_that_says_what_it_judges_has_no_faults() -> None:
    assert faults(pack("a", ("时间", "现在是{时间}。"), causes=("故障",))) == []


@pytest.mark.parametrize(
    ("item", "said"),
    [
        ({"topic": "时间", "say": "说。", "cites": "a/9"}, "announcements[0].items[0].cites 时间: cites a/9"),
        ({"topic": "时间", "say": "说。", "cites": ""}, "cites nothing"),
        ({"topic": "时间", "say": " ", "cites": "a/1"}, "announcements[0].items[0].say 时间: says nothing"),
        ({"topic": "时间", "say": "今天{天气}。", "cites": "a/1"}, "nobody can fill in “天气”"),
        ({"topic": "时间", "say": "现在{时间。", "cites": "a/1"}, "nobody can fill in “{”"),
        ({"topic": "地点", "say": "说。", "cites": "a/1"}, "no rule of a/1 judges that it was marked"),
    ],
)
def test_a_faulty_sentence_is_named_where_it_stands(item: dict[str, str], said: str) -> None:
    found = replace(pack("a", ("时间", "说。")), announcements=announced([item]))
    assert said in "\n".join(faults(found))


def test_other_faults_of_announcements_are_named() -> None:
    sound, twice = pack("a", ("时间", "说。")), [{"topic": "时间", "say": "说。", "cites": "a/1"}] * 2
    assert "announced twice" in "\n".join(faults(replace(sound, announcements=announced(twice))))
    assert "announces nothing" in "\n".join(faults(replace(sound, announcements=announced([]))))
    strange = replace(sound, announcements=announced(twice[:1], colour="红"))
    assert "announcements[0].when.colour a: act has no attribute “colour”" in "\n".join(faults(strange))


def test_a_rule_that_judges_what_nobody_is_told_to_say_is_a_fault() -> None:
    sound = pack("a", ("时间", "说。"), ("地点", "说。"))
    shorter = announced([{"topic": "时间", "say": "说。", "cites": "a/1"}])
    assert "rules[0].shows.marked t.rule: wants 地点 marked, which no announcement says" in "\n".join(
        faults(replace(sound, announcements=shorter))
    )


@pytest.mark.parametrize(
    ("causes", "said"),
    [
        ((InterruptionCause("故障", "a/9"),), "interruption_causes[0].cites 故障: cites a/9"),
        ((InterruptionCause(" ", "a/1"),), "names an empty cause"),
        ((InterruptionCause("故障", "a/1"),) * 2, "interruption_causes[1].cause 故障: this cause stands twice"),
    ],
)
def test_a_faulty_cause_is_named_where_it_stands(causes: tuple[InterruptionCause, ...], said: str) -> None:
    assert said in "\n".join(faults(replace(pack("a"), interruption_causes=causes)))


@pytest.mark.parametrize(
    "written",
    [
        {"items": [{"topic": "时间", "say": "说。"}]},
        {"items": [{"topic": "时间", "say": "说。", "cites": "a/1", "loud": True}]},
        {"items": [], "who": "执法人员"},
    ],
)
def test_a_missing_citation_and_an_unknown_key_are_refused(written: dict[str, Any]) -> None:
    with pytest.raises(BadInput, match=r"cites: is missing|unknown key"):
        decode(Announcement, written)
