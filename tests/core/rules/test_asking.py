"""What the law demands of an act before it begins: taken from the rules, and agreeing with what they judge afterwards."""

import json

import pytest

from liuhen.adapters.packfiles.packs import shipped_pack
from liuhen.core.kernel.moments import parse_instant
from liuhen.core.rules.asking import Demand, ask, to_json, words_of
from liuhen.core.rules.checklist import checklist
from liuhen.core.rules.evaluate import judge
from liuhen.core.rules.stricter import strictest
from tests.core.calendar.known import CALENDAR
from tests.core.facts.story import facts_of, inspection
from tests.core.rules.writing import LONG_AFTER

HEBEI = shipped_pack("hebei")
KINDS = words_of([HEBEI], "kind")
TRAITS = words_of([HEBEI], "traits")


def asked(kind: str, *traits: str) -> dict[str, Demand]:
    return {demand.rule.id: demand for demand in ask([HEBEI], act=kind, traits=traits)}


def test_an_inspection_wants_certificates_a_record_signatures_and_storage() -> None:
    found = asked("现场检查")
    assert [duty.text for duty in found["record.inspection"].duties] == ["《现场检查笔录》或《勘验笔录》"]
    assert found["record.inspection"].by == "活动结束前"
    assert "执法人员签名，不少于 2 人（hebei/15.2）" in found["text.party-signs"].duties[0].text
    assert "文书种类为现场检查笔录、勘验笔录" in found["text.party-signs"].when
    assert found["av.store-in-time"].duties[0].text == "音像结束后 24 小时内入库"
    assert found["av.store-in-time"].exemptions[0].clause == "hebei/24.2"
    assert "act.officers-show-certificates" in found
    assert "record.questioning" not in found
    assert "text.hearing-signed" not in found


def test_the_whole_course_is_asked_for_only_where_a_trait_demands_it() -> None:
    assert "av.whole-course" not in asked("现场检查")
    assert asked("现场检查", "直接涉及生命健康")["av.whole-course"].duties[0].what == "film"


def test_secrecy_lifts_filming_and_says_by_which_clause() -> None:
    lifted = asked("现场检查", "涉及国家秘密")["av.disputable-acts"].lifted
    assert lifted is not None
    assert lifted.clause == "hebei/25.2"
    assert asked("现场检查")["av.disputable-acts"].lifted is None


def test_leaving_a_document_brings_the_rules_of_its_receipt() -> None:
    found = asked("留置送达")
    assert "见证人" in " ".join(duty.text for duty in found["service.left"].duties)
    assert "service.receipt-complete" in found
    assert not {"service.posted", "service.announced", "service.entrusted"} & set(found)
    assert "service.left" not in asked("现场检查")


def test_a_hearing_wants_its_record_signed() -> None:
    assert "听证参加人签名，不少于 2 人" in asked("听证")["text.hearing-signed"].duties[0].text


@pytest.mark.parametrize("kind", KINDS)
def test_whatever_will_judge_the_act_is_asked_for_before_it(kind: str) -> None:
    """No surprise afterwards: each rule about acts that applies once the act is over was listed before it began."""
    for traits in ([], *([trait] for trait in TRAITS)):
        facts = facts_of(*inspection(kind=kind, traits=traits))
        moment = parse_instant(LONG_AFTER)
        judged = {
            verdict.rule
            for rule in HEBEI.rules
            if rule.each == "act"
            for verdict in judge(rule, facts, CALENDAR, moment)
            if verdict.verdict != "not_applicable"
        }
        assert judged <= set(asked(kind, *traits))


def test_every_demand_can_be_written_as_json() -> None:
    for kind in KINDS:
        for demand in ask([HEBEI], act=kind, traits=tuple(TRAITS)):
            shape = to_json(demand)
            assert json.loads(json.dumps(shape)) == shape
            assert shape["do"]
            assert shape["clause"].startswith("hebei/")


def test_the_words_that_rules_know_are_listed() -> None:
    assert "查封扣押" in KINDS
    assert "涉及国家秘密" in TRAITS


def texts(pack_id: str, act: str) -> dict[str, set[str]]:
    """What one pack asks of an act, by what has to be done."""
    found = checklist(strictest(ask([shipped_pack(pack_id)], act=act)))
    return {section.heading: {item.text for item in section.items} for section in found}


def test_an_inspection_reads_differently_under_zhuhui_and_under_pengyang() -> None:
    zhuhui, pengyang = texts("zhuhui", "现场检查"), texts("pengyang", "现场检查")
    # zhuhui/11.1: certificates are shown and noted; zhuhui/11.2 knows the 现场检查记录; zhuhui/14: the whole course, always
    assert "全体执法人员的执法证件" in zhuhui["bring"]
    assert "全体执法人员的执法证件" not in pengyang["bring"]
    assert any("《现场检查记录》" in text for text in zhuhui["make"])
    assert not any("《现场检查记录》" in text for text in pengyang["make"])
    # pengyang/9.int: who cannot go on filming reports to the head in writing; zhuhui/15.int asks for the reason only
    assert any("报告机构负责人" in text for text in pengyang["film"])
    assert not any("报告机构负责人" in text for text in zhuhui["film"])
    assert zhuhui["film"] != pengyang["film"]


def test_what_to_bring_follows_from_what_is_demanded() -> None:
    assert any(text.startswith("音像记录设备") for text in texts("zhuhui", "现场检查")["bring"])
    assert "空白的《询问笔录》" in texts("pengyang", "询问")["bring"]


def test_a_lifted_demand_is_not_on_the_list() -> None:
    secret = checklist(strictest(ask([HEBEI], act="现场检查", traits=("涉及国家秘密",))))
    plain = checklist(strictest(ask([HEBEI], act="现场检查")))
    rules = {clause for section in plain for item in section.items for clause in item.clauses}
    left = {clause for section in secret for item in section.items for clause in item.clauses}
    assert left < rules
