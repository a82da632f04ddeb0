"""Several packs ask the same thing of an act: the stricter is found, for a reason, and nothing is lost."""

from dataclasses import replace
from typing import Any

import pytest

from liuhen.adapters.packfiles.packs import shipped_ids, shipped_pack
from liuhen.core.rules.asking import Demand, ask, words_of
from liuhen.core.rules.checklist import checklist, say_weighing
from liuhen.core.rules.model import Clause, Pack
from liuhen.core.rules.stricter import Ruling, strictest, weigh, weighed_json
from tests.core.rules.writing import rule


def pack(name: str, **written: Any) -> Pack:
    """A pack of one rule about the act 现场检查."""
    own = rule(
        **{"id": f"{name}.rule", "clauses": [f"{name}/1"], "each": "act", "when": {"kind": "现场检查"}, **written}
    )
    clauses = (Clause(f"{name}/1", "doc", "一", "rule"),)
    return replace(shipped_pack("hebei"), id=name, clauses=clauses, rules=(own,))


def demands(one: dict[str, Any], other: dict[str, Any]) -> list[Demand]:
    return ask([pack("p", **one), pack("q", **other)], act="现场检查")


def rulings(one: dict[str, Any], other: dict[str, Any]) -> list[Ruling]:
    return strictest(demands(one, other))


def stored(within: str, **more: Any) -> dict[str, Any]:
    return {
        "each": "case",
        "kind": "time",
        "when": {"act_kinds": "现场检查"},
        "time": {"start": "filed", "to": "decided", "within": within},
        **more,
    }


@pytest.mark.parametrize(
    ("strict", "loose", "why"),
    [
        ({"filmed": {"extent": "whole"}}, {"filmed": {"extent": "some"}}, "全程"),
        ({"filmed": {"extent": "whole"}}, {"filmed": {"extent": "whole", "tolerance_seconds": 30}}, "中断更短"),
        ({"filmed": {"extent": "some", "media": ["video"]}}, {"filmed": {"extent": "some"}}, "限定了记录的方式"),
        ({"document": {"forms": ["现场检查笔录"]}}, {"document": {"forms": ["现场检查笔录", "勘验笔录"]}}, "可选的文书更少"),
        ({"document": {"forms": ["表"], "fields": ["时间"]}}, {"document": {"forms": ["表"]}}, "项目更多"),
        ({"told": {"topics": ["陈述", "申辩"]}}, {"told": {"topics": ["陈述"]}}, "事项更多"),
        ({"told": {"topics": ["陈述"], "response": True}}, {"told": {"topics": ["陈述"]}}, "回应"),
        ({"shows": {"officers": {"least": 2}}}, {"shows": {"officers": {"least": 1}}}, "更具体"),
        ({"shows": {"officers": {"least": 1}}}, {"shows": {"officers": {"present": True}}}, "更具体"),
        ({"shows": {"marked": {"all": ["甲", "乙"]}}}, {"shows": {"marked": {"all": ["甲"]}}}, "更具体"),
        ({"filmed": {"extent": "some"}}, {"filmed": {"extent": "some"}, "level": "should"}, "应当"),
        (stored("24 小时"), stored("2 工作日"), "24 小时短于 2 工作日"),
        (stored("20 日"), stored("30 日"), "20 日短于 30 日"),
        (stored("30 日 不顺延"), stored("30 日"), "短于"),
        (stored("1 个月"), stored("1 年"), "短于"),
    ],
)  # fmt: skip
def test_the_stricter_prevails_whichever_pack_comes_first(
    strict: dict[str, Any], loose: dict[str, Any], why: str
) -> None:
    for first, second, winner in ((strict, loose, "p"), (loose, strict, "q")):
        (weighing,) = weigh(demands(first, second))
        assert (weighing.standing, weighing.one.pack) == ("stricter", winner)
        assert why in weighing.why
        (ruling,) = rulings(first, second)
        assert ruling.demand.pack == winner
        assert [demand.pack for demand in ruling.covers] == ["q" if winner == "p" else "p"]


def test_what_is_equal_is_asked_once_under_both_clauses() -> None:
    (ruling,) = rulings({"document": {"forms": ["表"]}}, {"document": {"forms": ["表"]}})
    assert (ruling.demand.clause, [demand.clause for demand in ruling.covers]) == ("p/1", ["q/1"])
    (section,) = [section for section in checklist([ruling]) if section.heading == "make"]
    assert section.items[0].clauses == ("p/1", "q/1")


@pytest.mark.parametrize(
    ("one", "other", "why"),
    [
        # twenty working days may end before or after thirty days: the calendar of that month decides
        (stored("30 日"), stored("20 工作日"), "取决于节假日"),
        ({"document": {"forms": ["表"], "fields": ["时间"]}}, {"document": {"forms": ["表"], "fields": ["地点"]}}, "都要做到"),
        ({"told": {"topics": ["陈述", "申辩"]}}, {"told": {"topics": ["陈述"], "response": True}}, "各有更严之处"),
        # a stricter wish takes nothing away from a looser duty
        ({"filmed": {"extent": "some"}}, {"filmed": {"extent": "whole"}, "level": "should"}, "只是根据实际"),
    ],
)  # fmt: skip
def test_what_cannot_be_ranked_is_kept_side_by_side(one: dict[str, Any], other: dict[str, Any], why: str) -> None:
    (weighing,) = weigh(demands(one, other))
    assert weighing.standing == "both"
    assert why in weighing.why
    assert [ruling.covers for ruling in rulings(one, other)] == [(), ()]
    assert "都要做到" in say_weighing(weighing, weighing.one)


@pytest.mark.parametrize(
    ("strict", "loose"),
    [
        # one holds only sometimes, one is due earlier, one can be lifted: then the looser one is all that remains
        ({"filmed": {"extent": "whole"}, "when": {"kind": "现场检查", "party_present": True}}, {"filmed": {"extent": "some"}}),
        ({"filmed": {"extent": "whole"}, "by": "case.decided"}, {"filmed": {"extent": "some"}, "by": "ended"}),
        (
            {"filmed": {"extent": "whole"}, "unless": [{"cites": "p/1", "when": {"traits": "涉密"}, "why": "涉密的可以不拍"}]},
            {"filmed": {"extent": "some"}},
        ),
    ],
)  # fmt: skip
def test_the_looser_demand_stays_where_the_stricter_may_not_hold(strict: dict[str, Any], loose: dict[str, Any]) -> None:
    found = rulings(strict, loose)
    assert [ruling.demand.pack for ruling in found] == ["p", "q"]
    assert {weighing.standing for ruling in found for weighing in ruling.weighed} == {"stricter"}


def test_what_prevails_only_sometimes_says_when() -> None:
    sometimes = {"filmed": {"extent": "whole"}, "when": {"kind": "现场检查", "party_present": True}}
    (weighing,) = weigh(demands(sometimes, {"filmed": {"extent": "some"}}))
    assert weighing.when == ("当事人在场：是",)
    assert say_weighing(weighing, weighing.other).startswith("当事人在场：是时，p/1 更严")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"document": {"forms": ["甲"]}}, {"document": {"forms": ["乙"]}}),
        ({"told": {"topics": ["陈述"]}}, {"told": {"topics": ["回避"]}}),
        ({"shows": {"marked": "现场环境"}}, {"shows": {"marked": "重要物品"}}),
        ({"filmed": {"extent": "some"}}, {"document": {"forms": ["甲"]}}),
        (
            {"filmed": {"extent": "some"}, "when": {"kind": "现场检查", "party_present": True}},
            {"filmed": {"extent": "whole"}, "when": {"kind": "现场检查", "party_present": False}},
        ),
    ],
)
def test_different_things_are_not_weighed(one: dict[str, Any], other: dict[str, Any]) -> None:
    assert weigh(demands(one, other)) == []
    assert len(rulings(one, other)) == 2


def signed(form: str, **signer: Any) -> list[Any]:
    record = {
        "id": "t.record",
        "clauses": ["p/1"],
        "each": "act",
        "when": {"kind": "现场检查"},
        "document": {"forms": [form]},
    }
    return [
        rule(**record),
        rule(
            id="t.sign", clauses=["p/1"], each="document", when={"form": form}, signed=[{"role": "执法人员", **signer}]
        ),
    ]


def both_signed(one: dict[str, Any], other: dict[str, Any]) -> list[Demand]:
    packs = [
        replace(pack(name, document={"forms": ["表"]}), rules=tuple(signed("表", **signer)))
        for name, signer in (("p", one), ("q", other))
    ]
    return [demand for demand in ask(packs, act="现场检查") if demand.rule.signed]


def test_more_signers_prevail() -> None:
    (weighing,) = weigh(both_signed({"least": 1}, {"least": 2}))
    assert (weighing.one.pack, weighing.why) == ("q", "签名的人更多")


def test_a_refusal_that_needs_more_people_prevails_and_other_people_stand_beside() -> None:
    two = {"refused": {"role": "执法人员", "least": 2, "cites": "p/1"}}
    one = {"refused": {"role": "执法人员", "least": 1, "cites": "q/1"}}
    witness = {"refused": {"role": "见证人", "least": 1, "cites": "q/1"}}
    (weighing,) = weigh(both_signed(two, one))
    assert weighing.one.pack == "p" and "拒绝签名时" in weighing.why
    assert [item.standing for item in weigh(both_signed(two, witness))] == ["both"]
    (weighing,) = weigh(both_signed({}, witness))
    assert weighing.one.pack == "p"


def kept(*periods: str) -> dict[str, Any]:
    return {"kind": "keep", "each": "recording", "shows": {"retention": list(periods)}, "when": {}}


def both_kept(one: dict[str, Any], other: dict[str, Any]) -> list[Demand]:
    film = rule(
        id="t.film", clauses=["p/1"], each="act", when={"kind": "现场检查"}, kind="av", filmed={"extent": "some"}
    )
    packs = [
        replace(pack(name, **written), rules=(film, *pack(name, **written).rules))
        for name, written in (("p", one), ("q", other))
    ]
    return [demand for demand in ask(packs, act="现场检查") if demand.rule.kind == "keep"]


@pytest.mark.parametrize(
    ("long", "short"),
    [(("30 年",), ("2 年",)), (("永久",), ("30 年",)), (("30 年", "永久"), ("2 年", "30 年", "永久"))],
)
def test_the_longer_retention_prevails(long: tuple[str, ...], short: tuple[str, ...]) -> None:
    for first, second, winner in ((long, short, "p"), (short, long, "q")):
        (weighing,) = weigh(both_kept(kept(*first), kept(*second)))
        assert (weighing.standing, weighing.one.pack) == ("stricter", winner)


def test_a_retention_that_is_no_length_of_time_is_kept_beside() -> None:
    assert [item.standing for item in weigh(both_kept(kept("与案卷一致"), kept("2 年")))] == ["both"]


def test_three_packs_are_led_to_the_strictest_of_all() -> None:
    packs = [
        pack(name, filmed={"extent": "whole", "tolerance_seconds": seconds})
        for name, seconds in (("a", 30), ("b", 10), ("c", 5))
    ]
    (ruling,) = strictest(ask(packs, act="现场检查"))
    assert ruling.demand.pack == "c"
    assert {demand.pack for demand in ruling.covers} == {"a", "b"}


SHIPPED = [shipped_pack(pack_id) for pack_id in shipped_ids()]


@pytest.mark.parametrize("act", ["现场检查", "询问", "查封扣押", "留置送达", "听证"])
def test_of_all_shipped_packs_together_every_demand_is_asked_or_covered_once(act: str) -> None:
    asked = ask(SHIPPED, act=act, traits=tuple(words_of(SHIPPED, "traits")))
    found = strictest(asked)
    named = [id(demand) for ruling in found for demand in (ruling.demand, *ruling.covers)]
    assert sorted(named) == sorted(id(demand) for demand in asked)
    for ruling in found:
        for low in ruling.covers:
            assert low is not ruling.demand
            assert low.rule.each == ruling.demand.rule.each


def test_how_a_demand_stands_is_written_as_json() -> None:
    found = demands({"filmed": {"extent": "whole"}}, {"filmed": {"extent": "some"}})
    weighings = weigh(found)
    strict, loose = (weighed_json(demand, weighings) for demand in found)
    assert [item["clause"] for item in strict["stricter_than"]] == ["q/1"]
    assert [item["clause"] for item in loose["yields_to"]] == ["p/1"]
    assert strict["yields_to"] == loose["stricter_than"] == strict["same_as"] == strict["kept_beside"] == []
