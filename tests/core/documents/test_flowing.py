"""What the case knows stands in the document before anybody types."""

from typing import Any

import pytest

from liuhen.core.documents.flowing import FACTS, Ground, flowed, known
from liuhen.core.facts.model import Facts
from tests.core.facts.story import MORNING, facts_of, inspection, registered, told

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


def written(minute: float, document: str, form: str, **fields: str) -> dict[str, Any]:
    title = f"{form}（{document}）"
    return told(minute, "case.document-made", document=document, form=form, title=title, facing="内部", fields=fields)


FOLLOWS = ("决定审批表.违法事实", "告知书.违法事实", "终结报告.查明的事实")


@pytest.mark.parametrize(
    ("events", "said"),
    [
        ([], ("", "")),
        ([written(1, "d1", "终结报告", 查明的事实="一")], ("一", "终结报告（d1）")),
        (
            [written(1, "d1", "终结报告", 查明的事实="一"), written(2, "d2", "告知书", 违法事实="二")],
            ("二", "告知书（d2）"),
        ),
        (
            [written(1, "d1", "告知书", 违法事实="一"), written(2, "d2", "告知书", 违法事实="二")],
            ("二", "告知书（d2）"),
        ),
        ([written(1, "d1", "告知书", 违法事实="一"), written(2, "d2", "告知书", 违法事实=" ")], ("一", "告知书（d1）")),
        (
            [written(1, "d1", "告知书", 违法事实="一"), written(2, "d2", "终结报告", 查明的事实="二")],
            ("一", "告知书（d1）"),
        ),
    ],
)
def test_what_an_earlier_document_says_is_not_typed_again(events: list[dict[str, Any]], said: tuple[str, str]) -> None:
    facts = facts_of(registered(), *events)
    found = flowed(None, FOLLOWS, Ground(facts, MORNING))
    assert (found.text, found.source) == said


def test_what_the_case_itself_says_goes_before_earlier_documents() -> None:
    facts = facts_of(registered(), written(1, "d1", "告知书", 当事人="别人"))
    assert flowed("当事人.名称", ("告知书.当事人",), Ground(facts, MORNING)).text == "某公司"


def test_a_voided_document_says_nothing_more() -> None:
    voided = told(2, "case.document-voided", document="d1", by="孙立群", reason="写错")
    facts = facts_of(registered(), written(1, "d1", "告知书", 违法事实="一"), voided)
    assert flowed(None, FOLLOWS, Ground(facts, MORNING)).text == ""


STANDING = "向{机关.复议机关}申请行政复议，向{机关.管辖法院}提起行政诉讼。"
NAMED = {"type": "agency.redress-named", "reconsideration": "某县人民政府", "court": "某县人民法院", "basis": "意见"}


def test_standing_words_stand_where_nothing_else_does_and_all_their_facts_are_known() -> None:
    ground = Ground(facts_of(registered()), MORNING)
    assert flowed(None, (), ground, STANDING).text == ""
    named = told(1, NAMED["type"], **{name: said for name, said in NAMED.items() if name != "type"})
    ground = Ground(facts_of(registered(), named, written(2, "d1", "告知书", 违法事实="二")), MORNING)
    assert flowed(None, (), ground, STANDING).text == "向某县人民政府申请行政复议，向某县人民法院提起行政诉讼。"
    assert flowed(None, FOLLOWS, ground, STANDING).text == "二", "what an earlier document says goes before"
