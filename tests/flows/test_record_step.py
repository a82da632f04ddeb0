"""办理登记: what fits and what is refused, sending twice, two people at once, a case that ended or was archived meanwhile."""

import threading
from collections.abc import Callable
from functools import partial
from typing import Any, Literal

import pytest
from django.db import connection, connections

from liuhen.core.events.case import ApprovalGiven
from liuhen.core.events.parts import Party, Source
from liuhen.core.kernel.errors import BadInput, LiuhenError
from liuhen.flows.access import NotAllowed, NotFound
from liuhen.flows.conclude import archive_case, conclude_case
from liuhen.flows.conduct_act import begin_act
from liuhen.flows.hear_and_decide import decide, discuss, review_legally
from liuhen.flows.occasion import Occasion, random_id
from liuhen.flows.open_case import (
    AlreadyFiled,
    NotApproved,
    NotToBeFiled,
    RegisteredOtherwise,
    file_case,
    register_case,
)
from liuhen.flows.record_batch import CaseArchived, record_batch
from liuhen.flows.record_step import STEPS, RecordedMeanwhile, record_step
from liuhen.flows.sent_batch import IdTaken, Sent
from liuhen.flows.writing import write_case
from liuhen.records.index.models import CaseRow
from tests.flows.handling_story import AGENCY, PEOPLE, STRANGER, Story, tell

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_folder(settings: Any, tmp_path: Any) -> None:
    settings.DATA, settings.VAULT = tmp_path, str(tmp_path / "vault")


def refused(act: Callable[[], object], words: str, field: str = "") -> None:
    """The refusal is of one field, or of the whole, and says this."""
    with pytest.raises(BadInput) as found:
        act()
    assert words in found.value.sentence
    assert found.value.place.removeprefix("events[0]").removeprefix(".content.") == field


def _decision(story: Story, document: str, minutes: float = 30, /, who: str = "officer", **more: Any) -> Any:
    said = {"decision": random_id(), "kind": "罚款", "summary": "罚款", "document": document} | more
    return story.step("decision-made", who, minutes, **said)


def test_from_the_complaint_to_the_end(db: None) -> None:
    story = tell()
    story.begin(6)
    story.step("party-told", "officer", 8, topics=["陈述", "申辩"], told="刘某", manner="口头", response="要陈述")
    story.step("statement-heard", "officer", 9, summary="首次违法")
    story.step("statement-reviewed", "officer", 10, outcome="维持", reviewer="某officer")
    reviewer = PEOPLE["reviewer"]
    review: dict[str, Any] = {"reviewer": reviewer.uid, "name": reviewer.name, "opinion": "合法", "passed": True}
    story.step("legal-review-given", "reviewer", 11, **review)
    held = [{"officer": PEOPLE[name].uid, "name": PEOPLE[name].name, "opinion": "同意"} for name in ("head", "officer")]
    story.step("discussion-held", "head", 12, participants=held, conclusion="一致同意")
    story.approve("行政处罚决定", 13)
    document = story.write("行政处罚决定书", 14)
    _decision(story, document, 15, amount="12000.00", correct_by="2099-01-01")
    story.step("concluded", "officer", 20, reason="履行完毕")
    case = story.facts.case
    assert case.number and case.concluded and case.statement_reviews and case.legal_reviews[0].passed
    (decision,) = case.decisions.values()
    assert (str(decision.amount), decision.document, len(case.discussions[0].participants)) == ("12000.00", document, 2)
    assert story.facts.oddities == [] and CaseRow.objects.get(uid=story.case).stage == "结案"


def test_a_form_sent_twice_is_one_step(db: None) -> None:
    story = tell()
    sent = Sent(random_id(), "case.statement-heard", story.on("officer", 8).at, {"summary": "首次违法"})
    first = record_step(story.case, story.on("officer", 8), sent)
    later = Sent(sent.id, sent.type, story.on("officer", 9).at, sent.content)
    again = record_step(story.case, story.on("officer", 9), later, seen=0)
    assert not first.events[0].known and again.events[0].known
    assert len(story.facts.case.statements) == 1
    with pytest.raises(IdTaken):
        record_step(story.case, story.on("officer", 9), Sent(sent.id, sent.type, sent.at, {"summary": "另一回事"}))
    with pytest.raises(IdTaken):
        record_step(story.case, story.on("second", 9), sent)


def test_the_end_can_be_sent_twice_though_nothing_ends_twice(db: None) -> None:
    story = tell()
    sent = Sent(random_id(), "case.concluded", story.on("officer", 8).at, {"reason": "完毕"})
    for _ in range(2):
        record_step(story.case, story.on("officer", 8), sent)
    refused(lambda: story.step("concluded", "officer", 9, reason="完毕"), "已经结案")


def test_what_somebody_recorded_meanwhile_is_told_first(db: None) -> None:
    story = tell()
    seen = story.facts.case.version
    story.step("party-told", "second", 8, topics=["陈述"], told="刘某", manner="口头")
    story.step("statement-heard", "officer", 8, seen=seen, summary="另一种登记不相干")
    with pytest.raises(RecordedMeanwhile) as news:
        story.step("statement-heard", "second", 9, seen=seen, summary="同一件事")
    assert "登记了“陈述申辩”" in str(news.value) and news.value.version == story.facts.case.version
    story.step("statement-heard", "second", 9, seen=news.value.version, summary="又说了一次")
    assert len(story.facts.case.statements) == 2


def test_archived_meanwhile(db: None) -> None:
    story = tell()
    conclude_case(story.case, story.on("officer", 8), reason="完毕", document=None)
    archive_case(story.case, story.on("archivist", 9), archive_number="A1", retention="10 年")
    for name in STEPS:
        with pytest.raises((CaseArchived, NotAllowed, BadInput)) as found:
            record_step(story.case, story.on("officer", 10), Sent(random_id(), name, story.on("officer", 10).at, {}))
        assert not isinstance(found.value, BadInput) or "content" in found.value.place, name
    with pytest.raises(CaseArchived):
        story.step("statement-heard", "officer", 10, summary="迟了")
    with pytest.raises(CaseArchived):
        file_case(story.case, story.on("officer", 10))
    with pytest.raises(CaseArchived):
        begin_act(story.case, story.on("officer", 10), kind="询问", place="x", officers=(PEOPLE["officer"].uid,))


def test_who_may_not(db: None) -> None:
    story = tell()
    for who in ("head", "reviewer", "archivist", "system"):
        with pytest.raises(NotAllowed):
            story.step("statement-heard", who, 8, summary="无权")
    with pytest.raises(NotAllowed):
        story.step("legal-review-given", "officer", 8, reviewer="x", name="x", opinion="合法", passed=True)
    with pytest.raises(NotAllowed):
        story.step("discussion-held", "officer", 8, participants=[], conclusion="x")
    at = story.on("officer", 8).at
    with pytest.raises(NotFound):
        record_step(story.case, Occasion(STRANGER, at, at), Sent(random_id(), "case.concluded", at, {"reason": "x"}))


def test_devices_still_send_none_of_it(db: None) -> None:
    story = tell()
    sent = Sent(random_id(), "case.decision-made", story.on("officer", 8).at, {})
    refused(lambda: record_batch(story.case, story.on("officer", 8), [sent]), "不能直接记录", ".type")
    refused(lambda: story.step("approval-given", "officer", 8), "不能直接记录", ".type")


def test_a_review_needs_what_it_reviews_and_comes_after_it(db: None) -> None:
    story = tell()
    refused(lambda: story.step("statement-reviewed", "officer", 8, outcome="维持"), "没有陈述申辩的记录")
    story.step("statement-heard", "officer", 9, summary="首次违法")
    refused(lambda: story.step("statement-reviewed", "officer", 8, outcome="维持"), "早于陈述申辩")


def test_who_investigated_does_not_review(db: None) -> None:
    story = tell()
    story.begin(6, "officer", "reviewer")
    with pytest.raises(BadInput, match="参加过本案调查"):
        review_legally(story.case, story.on("reviewer", 9), opinion="合法", passed=True, document=None)
    reviewer = PEOPLE["head"]
    said: dict[str, Any] = {"reviewer": reviewer.uid, "name": reviewer.name, "opinion": "合法", "passed": True}
    refused(lambda: story.step("legal-review-given", "reviewer", 9, **said), "审核人本人", "reviewer")


def test_a_council_is_of_several_people_of_the_roll(db: None) -> None:
    story = tell()
    head = {"officer": PEOPLE["head"].uid, "name": PEOPLE["head"].name, "opinion": "同意"}

    def hold(*people: dict[str, str]) -> Callable[[], object]:
        return lambda: story.step("discussion-held", "head", 8, participants=list(people), conclusion="同意")

    refused(hold(head), "不少于 2 人", "participants")
    refused(hold(head, head), "写了两次", "participants")
    refused(hold(head, head | {"officer": PEOPLE["officer"].uid}), "不在本机关名册", "participants")
    with pytest.raises(BadInput, match="不少于 2 人"):
        discuss(story.case, story.on("head", 8), participants=(), conclusion="同意", document=None)


def test_no_decision_without_approval_or_against_the_review(db: None) -> None:
    story = tell()
    document = story.write("行政处罚决定书", 8)
    refused(lambda: _decision(story, document), "“行政处罚决定”审批")
    story.approve("行政处罚决定", 9)
    refused(lambda: _decision(story, document, 8.5), "早于批准")
    review_legally(story.case, story.on("reviewer", 10), opinion="证据不足", passed=False, document=None)
    refused(lambda: _decision(story, document), "法制审核没有通过")
    review_legally(story.case, story.on("reviewer", 11), opinion="可以", passed=True, document=None)
    _last_word(story, 12, "不同意")
    refused(lambda: _decision(story, document), "“行政处罚决定”审批")
    _last_word(story, 13, "同意")
    decide(story.case, story.on("head", 30), kind="罚款", summary="罚款", document=document)
    assert len(story.facts.case.decisions) == 1


def _last_word(story: Story, minutes: float, result: Literal["同意", "不同意"]) -> None:
    head = PEOPLE["head"]
    said = ApprovalGiven("行政处罚决定", "批准", head.uid, head.name, result, result)
    write_case(story.case, story.on("head", minutes), said)


def test_a_decision_has_a_document_of_its_own_and_a_possible_amount(db: None) -> None:
    story = tell()
    story.approve("行政处罚决定", 8)
    inner, document = story.write("案件调查终结报告", 9), story.write("行政处罚决定书", 9)
    refused(lambda: _decision(story, random_id()), "本案没有这份文书", "document")
    refused(lambda: _decision(story, inner), "不是出具给当事人的文书", "document")
    refused(lambda: _decision(story, document, 8.5), "早于制作")
    for amount in ("0", "-1", "10000000000000"):
        refused(lambda amount=amount: _decision(story, document, amount=amount), "大于 0", "amount")  # type: ignore[misc]
    refused(lambda: _decision(story, document, amount="0.001"), "写到分", "amount")
    refused(lambda: _decision(story, document, correct_by="2001-01-01"), "改正期限", "correct_by")
    refused(lambda: _decision(story, document, decision="1"), "32 位", "decision")
    _decision(story, document)
    refused(lambda: _decision(story, document), "已经是另一项决定的文书", "document")


def test_a_document_of_another_case_is_not_taken(db: None) -> None:
    story = tell()
    other = register_case(
        story.on("officer", 6),
        kind="行政处罚",
        matter="另一件",
        source=Source("依职权", "巡查", "巡查"),
        party=Party("乙", "个人"),
    )
    own, story.case = story.case, other
    document = story.write("陈述申辩笔录", 7)
    story.case = own
    refused(lambda: story.step("statement-heard", "officer", 8, summary="x", document=document), "没有这份", "document")
    refused(lambda: story.step("concluded", "officer", 8, reason="x", document=document), "没有这份", "document")


def test_on_the_spot_the_officers_decide(db: None) -> None:
    story = tell(traits=("当场处罚",), filed=False)
    document = story.write("当场行政处罚决定书", 8)
    _decision(story, document, 9, amount="200")
    assert len(story.facts.case.decisions) == 1


def test_a_licence_is_approved_as_a_licence(db: None) -> None:
    story = tell(kind="行政许可")
    document = story.write("行政许可决定书", 8)
    story.approve("行政处罚决定", 9)
    refused(lambda: _decision(story, document, kind="准予行政许可"), "“行政许可决定”审批")
    story.approve("行政许可决定", 10)
    _decision(story, document, kind="准予行政许可")


def test_nothing_is_decided_after_the_end_or_of_what_was_declined(db: None) -> None:
    story = tell(filed=False)
    story.step("start-declined", "officer", 5, reason="不属于管辖")
    document = story.write("不予行政处罚决定书", 6)
    refused(lambda: _decision(story, document), "不予立案")
    refused(lambda: story.step("statement-heard", "officer", 8, summary="x"), "不予立案")
    story.approve("立案", 9)
    with pytest.raises(NotToBeFiled):
        file_case(story.case, story.on("officer", 10))
    conclude_case(story.case, story.on("officer", 11), reason="不予立案", document=None)
    refused(lambda: story.step("statement-heard", "officer", 12, summary="x"), "已经结案")


def test_the_end_comes_after_what_was_decided(db: None) -> None:
    story = tell()
    story.approve("行政处罚决定", 8)
    _decision(story, story.write("行政处罚决定书", 9), 20)
    refused(lambda: story.step("concluded", "officer", 19, reason="完毕"), "早于作出决定")


def test_evidence_names_what_it_is(db: None) -> None:
    story = tell()
    record, uid = story.write("现场检查笔录", 7), random_id()
    item = {"evidence": uid, "kind": "书证", "purpose": "证明超量", "document": record}
    story.step("evidence-listed", "officer", 8, evidence=item)
    story.step("evidence-listed", "officer", 9, evidence=item | {"purpose": "证明超量储存"})
    assert len(story.facts.case.items_of_evidence) == 1
    for changed, words, field in (
        ({"document": None}, "已有这个编号", "evidence"),
        ({"evidence": random_id(), "document": random_id()}, "没有这份文书", "document"),
        ({"evidence": random_id(), "recording": random_id()}, "没有关联本案", "recording"),
        ({"evidence": random_id(), "taken_at": "2999-01-01T00:00:00.000+08:00"}, "不可能正确", "taken_at"),
    ):
        said = {key: value for key, value in (item | changed).items() if value is not None}
        refused(lambda said=said: story.step("evidence-listed", "officer", 9, evidence=said), words, field)  # type: ignore[misc]


def test_filing_twice(db: None) -> None:
    story = tell(filed=False)
    with pytest.raises(NotApproved):
        file_case(story.case, story.on("officer", 4))
    story.approve("立案", 5)
    entry = random_id()
    number = file_case(story.case, story.on("officer", 6), entry=entry)
    assert file_case(story.case, story.on("officer", 7), entry=entry) == number
    with pytest.raises(AlreadyFiled):
        file_case(story.case, story.on("officer", 7), entry=random_id())
    assert story.facts.case.number == number


def _register(story: Story, uid: str, matter: str = "同一件", who: str = "officer", minutes: float = 6) -> str:
    return register_case(
        story.on(who, minutes),
        kind="行政处罚",
        matter=matter,
        source=Source("依职权", "举报", "举报", real_name=True, reporter="何某"),
        party=Party("甲", "个人"),
        unit="执法大队",
        entrusted_by="市局",
        uid=uid,
    )


def test_a_case_sent_twice_is_one_case(db: None) -> None:
    story, uid = tell(), random_id()
    before = CaseRow.objects.count()
    assert _register(story, uid) == _register(story, uid, minutes=7) == uid
    assert CaseRow.objects.count() == before + 1
    for other in ({"matter": "另一件"}, {"who": "second"}):
        with pytest.raises(RegisteredOtherwise):
            _register(story, uid, minutes=8, **other)
    first, second = CaseRow.objects.get(uid=story.case).register_number, CaseRow.objects.get(uid=uid).register_number
    assert (first[-3:], second[-3:]) == ("〕1号", "〕2号")
    third = _register(story, random_id(), minutes=9)
    assert CaseRow.objects.get(uid=third).register_number.endswith("〕3号"), "what was refused took no number"


@pytest.mark.parametrize(
    ("source", "party", "place"),
    [
        (Source("依职权", "举报", "举报", real_name=True), Party("甲", "个人"), "source.reporter"),
        (Source("依职权", "举报", " "), Party("甲", "个人"), "source.summary"),
        (Source("依职权", "举报", "举报"), Party("甲\x00", "个人"), "party.name"),
    ],
)
def test_what_cannot_be_registered(db: None, source: Source, party: Party, place: str) -> None:
    story = tell()
    with pytest.raises(BadInput) as found:
        register_case(story.on("officer", 6), kind="行政处罚", matter="x", source=source, party=party)
    assert found.value.place == place


@pytest.mark.django_db(transaction=True)
def test_two_people_at_once() -> None:
    """Ten hands, five forms: each form stands once, one decision for one document, one number for one case."""
    story = tell(filed=False)
    story.approve("立案", 3)
    story.approve("行政处罚决定", 4)
    document, entry, ids = story.write("行政处罚决定书", 5), random_id(), [random_id() for _ in range(3)]
    outcomes: list[object] = []

    def decide_it(event: str) -> object:
        at = story.on("officer", 9)
        content = {"decision": event, "kind": "罚款", "summary": "罚款", "document": document}
        return record_step(story.case, at, Sent(event, "case.decision-made", at.at, content))

    def run(act: Callable[[], object]) -> None:
        try:
            outcomes.append(act())
        except LiuhenError as fault:
            outcomes.append(fault)
        finally:
            connections.close_all()

    acts: list[Callable[[], object]] = [partial(decide_it, event) for event in ids * 2]
    acts += [lambda: file_case(story.case, story.on("officer", 8), entry=entry) for _ in range(4)]
    hands = [threading.Thread(target=run, args=(act,)) for act in acts]
    for hand in hands:
        hand.start()
    for hand in hands:
        hand.join()
    connection.close()
    facts = story.facts
    assert len(facts.case.decisions) == 1 and facts.case.number and not facts.oddities
    numbers = {outcome for outcome in outcomes if isinstance(outcome, str)}
    refusals = [outcome for outcome in outcomes if isinstance(outcome, LiuhenError)]
    assert numbers == {facts.case.number} and len(refusals) == 4, outcomes
    assert all("已经是另一项决定的文书" in str(fault) for fault in refusals)
    assert CaseRow.objects.get(uid=story.case, agency=AGENCY).number == facts.case.number
