"""What the case knows stands in the document before anybody types."""

import pytest

from liuhen.core.documents.flowing import FACTS, Ground, known
from liuhen.core.facts.model import Facts
from tests.core.facts.story import MORNING, facts_of, inspection, registered

PARTY = {"name": "喆玥商行", "kind": "个体工商户", "address": "东街 3 号", "representative": "刘大勇"}


@pytest.mark.parametrize("fact", [name for name in FACTS if name != "今天"])
def test_a_case_that_says_nothing_gives_an_empty_text(fact: str) -> None:
    assert known(fact, Ground(Facts(), MORNING)) == ""


@pytest.mark.parametrize(
    ("fact", "text"),
    [
        ("案件.案号", "源1"),
        ("案件.案由", "涉嫌未按规定设置账簿"),
        ("案件.启动方式", "依职权"),
        ("当事人.名称", "喆玥商行"),
        ("当事人.地址", "东街 3 号"),
        ("当事人.电话", ""),
        ("活动.地点", "办公室"),
        ("活动.执法人员", "张敏、李强"),
        ("活动.执法证号", "张敏（冀01）、李强（冀02），共 2 人"),
        ("今天", "2026 年 3 月 2 日"),
    ],
)
def test_facts_flow_in(fact: str, text: str) -> None:
    facts = facts_of(registered(party=PARTY), *inspection())
    assert known(fact, Ground(facts, MORNING, facts.case.acts["x1"])) == text


def test_an_act_that_goes_on_has_its_beginning() -> None:
    facts = facts_of(registered(), *inspection(ended=None))
    assert known("活动.时间", Ground(facts, MORNING, facts.case.acts["x1"])) == "2026 年 3 月 2 日 9 时 00 分"


def test_a_field_without_a_fact_starts_empty() -> None:
    assert known(None, Ground(Facts(), MORNING)) == ""
