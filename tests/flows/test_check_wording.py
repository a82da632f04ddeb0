"""法定内容: what a document lacks is said while it is written, by the clause; what is issued is not made without it."""

from typing import Any

import pytest

from liuhen.adapters.packfiles.documents import shipped_documents
from liuhen.flows.access import NotAllowed
from liuhen.flows.check_wording import Remark, Unsaid
from liuhen.flows.draft_document import Filled, lacking, write_document
from liuhen.flows.formats_in_force import Format
from liuhen.flows.ground import ground_of
from liuhen.flows.keep_draft import Sheet
from liuhen.records.ledger.models import Event
from tests.flows.closing import AGENCY, Story, tell

pytestmark = pytest.mark.django_db
DECISION, RECORD = shipped_documents()["行政处罚决定书"], shipped_documents()["询问笔录"]
WHOLE = {
    "当事人": "恒达经营部",
    "地址": "东街 3 号",
    "违法事实": "超量储存",
    "证据": "现场检查笔录",
    "处罚依据": "条例第三十八条",
    "理由": "情节一般",
    "处罚种类": "罚款 3000 元",
    "履行方式和期限": "十五日内到银行缴纳",
    "救济途径和期限": "六十日内申请复议，六个月内起诉",
}


@pytest.fixture(autouse=True)
def own_folder(settings: Any, tmp_path: Any) -> None:
    settings.DATA, settings.VAULT = tmp_path, str(tmp_path / "vault")


@pytest.fixture
def story(db: None) -> Story:
    return tell(packs=("zhuhui", "national"))


def lacks(story: Story, texts: dict[str, str]) -> tuple[Remark, ...]:
    return lacking(ground_of(story.case, AGENCY).facts, story.on("registrar", 60), DECISION, Filled(texts)).remarks


def test_each_clause_names_the_fields_that_are_empty(story: Story) -> None:
    before = Event.objects.count()
    found = lacks(story, {"当事人": "恒达经营部", "违法事实": "超量储存", "证据": "笔录"})
    fields = {one.clause: one.fields for one in found}
    assert fields["zhuhui/21.1"] == ("地址",) and fields["zhuhui/21.3"] == ("处罚依据", "理由")
    assert "zhuhui/21.2" not in fields, "facts and evidence are there"
    assert set(fields["national/处罚59"]) == {"地址", "处罚种类", "处罚依据", "履行方式和期限", "救济途径和期限"}
    assert all(one.must for one in found) and Event.objects.count() == before


def test_nothing_is_missed_in_a_whole_decision(story: Story) -> None:
    found = lacking(ground_of(story.case, AGENCY).facts, story.on("registrar", 60), DECISION, Filled(WHOLE))
    assert found.is_asked and found.remarks == ()


def test_where_no_rule_asks_it_is_said(story: Story) -> None:
    kind = shipped_documents()["鉴定委托书"]
    assert not lacking(ground_of(story.case, AGENCY).facts, story.on("registrar", 60), kind, Filled({})).is_asked


@pytest.mark.parametrize("label", [label for label in WHOLE if label != "理由"])
def test_blanks_say_nothing(story: Story, label: str) -> None:
    assert any(label in one.fields for one in lacks(story, WHOLE | {label: "  "}))


def make(story: Story, kind: Any, texts: dict[str, str]) -> str:
    sheet = Sheet("d1", story.case, kind.code)
    facts = ground_of(story.case, AGENCY).facts
    return write_document(facts, story.on("registrar", 60), sheet, Format(kind), Filled(texts), seen=0, said={})


def test_what_is_issued_is_not_made_without_and_says_which_fields(story: Story) -> None:
    with pytest.raises(Unsaid, match=r"请填写：.*救济途径和期限"):
        make(story, DECISION, {"当事人": "恒达经营部"})
    assert ground_of(story.case, AGENCY).facts.case.documents == {}
    uid = make(story, DECISION, WHOLE)
    ground = ground_of(story.case, AGENCY)
    said = ground.facts.case.documents[uid].fields
    assert (said["处理结论"], said["救济期限"], said["执法机关名称"]) == (
        "罚款 3000 元",
        WHOLE["救济途径和期限"],
        "固定文字已载明",
    )
    verdicts = {one.rule: one.verdict for one in ground.judge(story.on("registrar", 61).at) if one.subject.id == uid}
    for rule in ("party", "facts", "basis", "outcome", "remedies"):
        assert verdicts[f"decision.states-{rule}"] == "met"


def test_what_is_written_on_site_may_be_completed_by_hand(db: None) -> None:
    story = tell(packs=("lingchuan",))
    at = story.on("registrar", 60)
    assert [one.clause for one in lacking(ground_of(story.case, AGENCY).facts, at, RECORD, Filled({})).remarks] == [
        "lingchuan/9"
    ]
    assert make(story, RECORD, {}) in ground_of(story.case, AGENCY).facts.case.documents


def test_who_may_not(story: Story) -> None:
    for who in ("archivist", "system"):
        with pytest.raises(NotAllowed):
            lacking(ground_of(story.case, AGENCY).facts, story.on(who, 60), DECISION, Filled({}))
