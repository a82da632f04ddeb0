"""审批: from 承办 to 批准 with returns, reviews and discussions; who may not; delegations and recusals; and two at once."""

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connections

from liuhen.core.events.parts import ChainStep, Participant
from liuhen.core.kernel.errors import BadInput, LiuhenError
from liuhen.core.kernel.moments import local_day
from liuhen.flows.access import NotAllowed, NotFound
from liuhen.flows.approval_chains import chains_of, set_chain
from liuhen.flows.approval_rounds import (
    NotYours,
    Proposal,
    RoundOpen,
    RoundOver,
    SeenAnother,
    Word,
    request_approval,
    take_step,
    withdraw_round,
)
from liuhen.flows.approve import give_opinion
from liuhen.flows.check_index import check_index, rebuild_index
from liuhen.flows.conclude import archive_case, conclude_case
from liuhen.flows.conduct_act import begin_act
from liuhen.flows.delegate import DelegationOver, delegate_authority, end_delegation
from liuhen.flows.ground import agency_facts, ground_of
from liuhen.flows.hear_and_decide import ReviewerInvestigated, decide
from liuhen.flows.occasion import Occasion, random_id
from liuhen.flows.open_case import NotApproved, file_case
from liuhen.flows.record_batch import CaseArchived, record_batch
from liuhen.flows.recuse import OwnRecusal, RecusalDone, decide_recusal, raise_recusal
from liuhen.flows.recused import Recused
from liuhen.flows.sent_batch import Sent
from liuhen.flows.waiting_approvals import waiting_for
from liuhen.records.index.models import ApprovalRow
from liuhen.records.people.models import User
from tests.flows.approving import AGENCY, PEOPLE, STRANGER, Story, tell


@pytest.fixture
def story(db: None) -> Story:
    return tell()


def waiting(story: Story, name: str) -> list[tuple[str, str]]:
    page = waiting_for(PEOPLE[name], at=story.on(name).at)
    assert page.total == len(page.lines)
    return [(line.matter, line.step) for line in page.lines]


def lend(story: Story, giver: str, holder: str, *, first: int = 0, last: int = 0, matters: tuple[str, ...] = ()) -> str:
    occasion, uid = story.on(giver), random_id()
    day = local_day(occasion.at)
    delegate_authority(
        occasion,
        delegation=uid,
        holder=PEOPLE[holder].uid,
        first_day=day + timedelta(days=first),
        last_day=day + timedelta(days=last),
        ground="外出培训",
        matters=matters,
    )
    return uid


def recuse(story: Story, person: str, *, by: str = "wang", how: str = "当事人") -> str:
    uid = random_id()
    raise_recusal(
        story.case,
        story.on(by),
        recusal=uid,
        person=PEOPLE[person].uid,
        raised_by=how,  # type: ignore[arg-type]
        ground="与当事人是近亲属",
    )
    return uid


def sound(story: Story) -> None:
    """The rows say what the events say, before and after they are made anew."""
    assert [str(found) for found in check_index()] == []
    rows = sorted(ApprovalRow.objects.values_list("request", "step", "takers", "barred", "since"))
    rebuild_index()
    assert sorted(ApprovalRow.objects.values_list("request", "step", "takers", "barred", "since")) == rows
    assert [str(found) for found in check_index()] == []


def test_a_case_is_filed_when_the_chain_was_walked(story: Story) -> None:
    document = story.draft()
    story.request(document=document)
    with pytest.raises(NotApproved):
        file_case(story.case, story.on("li"))
    assert (waiting(story, "zhao"), waiting(story, "zhou"), waiting(story, "li")) == ([("立案", "审核")], [], [])
    story.say("zhao", "审核")
    assert (waiting(story, "zhao"), waiting(story, "zhou"), waiting(story, "sun")) == (
        [],
        [("立案", "批准")],
        [("立案", "批准")],
    )
    sound(story)
    story.say("zhou", "批准")
    assert story.state().word == "已批准" and waiting(story, "sun") == []
    assert file_case(story.case, story.on("li"))
    given = [item.step for item in story.facts.case.approvals["立案"] if item.step]
    assert [one.step for one in given] == ["承办", "审核", "批准"]
    assert {one.file_sha256 for one in given} == {story.facts.case.documents[document].file.sha256}  # type: ignore[union-attr]
    verdicts = ground_of(story.case, AGENCY).judge(story.on("li").at)
    (found,) = [item for item in verdicts if item.rule == "text.approval-complete"]
    assert found.verdict == "met"
    sound(story)


def test_a_return_goes_to_the_proposer_with_a_new_document_and_everything_is_asked_again(story: Story) -> None:
    story.request(document=story.draft())
    story.say("zhao", "审核")
    story.say("zhou", "批准", "退回")
    assert story.state().word == "退回修改"
    assert (waiting(story, "li"), waiting(story, "zhou")) == ([("立案", "承办")], [])
    with pytest.raises(BadInput, match="请写明理由"):
        story.say("li", "承办")
    better = story.draft()
    story.say("li", "承办", document=better, reasons="补充了证据")
    assert story.round().document == better and waiting(story, "zhao") == [("立案", "审核")]
    story.say("zhao", "审核")
    story.say("sun", "批准")
    assert story.state().word == "已批准" and len(story.round().said) == 6
    sound(story)


def test_nobody_agrees_to_what_they_proposed_or_drafted_nor_out_of_order(story: Story) -> None:
    story.request("zhao", document=story.draft("sun"))
    with pytest.raises(NotYours, match="本人提请"):
        story.say("zhao", "审核")
    with pytest.raises(NotYours, match="轮到“审核”"):
        story.say("zhou", "批准")
    assert waiting(story, "zhao") == []
    with pytest.raises(RoundOpen):
        story.request("li")
    with pytest.raises(RoundOpen):
        give_opinion(story.case, story.on("zhou"), matter="立案", step="批准", opinion="同意")
    other = story.request("li", "结案", document=story.draft("sun"))
    story.say("zhao", "审核", uid=other)
    assert ("结案", "批准") in waiting(story, "zhou") and waiting(story, "sun") == []
    with pytest.raises(NotYours, match="起草"):
        story.say("sun", "批准", uid=other)


def test_an_opinion_is_bound_to_the_document_that_was_read(story: Story) -> None:
    story.request(document=story.draft())
    for seen in (None, "0" * 64):
        with pytest.raises(SeenAnother):
            story.say("zhao", "审核", seen=seen)
    with pytest.raises(BadInput, match="没有这份文书"):
        story.request(matter="结案", document="d" * 32)


def test_a_decision_is_reviewed_and_discussed_by_their_own_events(story: Story) -> None:
    story.request(matter="行政处罚决定", kept=("法制审核", "集体讨论"), talking=("sun", "zhou"))
    story.say("zhao", "审核")
    story.say("chen", "法制审核", "退回")
    assert story.state().word == "退回修改" and story.facts.case.legal_reviews[0].passed is False
    story.say("li", "承办", reasons="补正了程序")
    story.say("zhao", "审核")
    story.say("chen", "法制审核")
    assert story.facts.case.legal_reviews[1].passed and waiting(story, "han") == []
    story.say("sun", "集体讨论", "不同意")
    assert (waiting(story, "sun"), waiting(story, "zhou")) == ([], [("行政处罚决定", "集体讨论")])
    with pytest.raises(NotYours, match="已在"):
        story.say("sun", "集体讨论")
    story.say("zhou", "集体讨论")
    assert story.facts.case.discussions == [] and story.state().concluding
    sound(story)
    story.say("zhou", "集体讨论")
    (discussion,) = story.facts.case.discussions
    assert [(one.name, one.opinion[:3]) for one in discussion.participants] == [("sun", "不同意"), ("zhou", "同意：")]
    story.say("zhou", "批准")
    assert story.state().word == "已批准"
    decision = story.draft(form="行政处罚决定书")
    assert decide(story.case, story.on("zhou"), kind="罚款", summary="罚款", document=decision)
    sound(story)


def test_a_discussion_that_concludes_against_it_ends_the_round(story: Story) -> None:
    story.request(matter="行政处罚决定", kept=("集体讨论",), talking=("sun", "zhou"))
    story.say("zhao", "审核")
    story.say("sun", "集体讨论", "不同意")
    story.say("zhou", "集体讨论", "不同意")
    story.say("sun", "集体讨论", "不同意")
    assert story.state().word == "不同意"
    with pytest.raises(NotYours, match="已经办结"):
        story.say("zhou", "批准")
    with pytest.raises(BadInput, match="须经机关负责人批准"):
        decide(story.case, story.on("zhou"), kind="罚款", summary="罚款", document=story.draft(form="行政处罚决定书"))


def test_a_discussion_needs_its_members_and_not_the_proposer(story: Story) -> None:
    for talking, word in (((), "至少选 2 人"), (("sun",), "至少选 2 人"), (("li", "sun"), "不能同时")):
        with pytest.raises(BadInput, match=word):
            story.request(matter="行政处罚决定", kept=("集体讨论",), talking=talking)


def test_who_investigated_reviews_nothing(story: Story) -> None:
    begin_act(
        story.case, story.on("li"), kind="现场检查", place="东街", officers=(PEOPLE["li"].uid, PEOPLE["wang"].uid)
    )
    both = User.objects.get(username=PEOPLE["wang"].uid)
    both.groups.add(User.objects.get(username=PEOPLE["chen"].uid).groups.get())
    story.request(matter="行政处罚决定", kept=("法制审核",))
    story.say("zhao", "审核")
    actor = PEOPLE["wang"].__class__(PEOPLE["wang"].uid, "wang", AGENCY, frozenset({"执法人员", "法制审核人员"}))
    occasion = story.on("wang").by(actor)
    with pytest.raises(ReviewerInvestigated):
        take_step(story.case, occasion, story.rounds[-1], Word("法制审核", "同意", "通过"))


def test_a_delegation_works_in_its_days_for_its_matters_and_until_it_is_ended(story: Story) -> None:
    uid = lend(story, "zhou", "zhao", matters=("结案",))
    other = lend(story, "zhou", "wang", first=1, last=2)
    lend(story, "zhou", "wang", first=1, last=2)
    story.request()
    story.say("zhao", "审核")
    assert waiting(story, "wang") == []
    for holder, behalf in (("zhao", uid), ("wang", other)):
        with pytest.raises(NotYours, match="委托"):
            story.say(holder, "批准", behalf=behalf)
    with pytest.raises(NotYours):
        story.say("wang", "批准", days=1)
    page = waiting_for(PEOPLE["wang"], at=story.on("wang", days=1).at)
    assert [(line.step, line.behalf) for line in page.lines] == [("批准", "zhou")]
    end_delegation(story.on("zhou", days=1), delegation=other, reason="回来了")
    with pytest.raises(DelegationOver):
        end_delegation(story.on("zhou", days=1), delegation=other, reason="回来了")
    with pytest.raises(NotYours, match="委托"):
        story.say("wang", "批准", behalf=other, days=1)
    with pytest.raises(NotFound):
        story.say("wang", "批准", behalf="0" * 32)
    third = list(agency_facts(AGENCY).agency.delegations)[-1]
    story.say("wang", "批准", behalf=third, days=1)
    assert story.round().said[-1].on_behalf_of == third and story.state().word == "已批准"


def test_a_delegate_never_agrees_to_their_own_proposal(story: Story) -> None:
    uid = lend(story, "zhou", "wang")
    story.request("wang")
    story.say("zhao", "审核")
    assert waiting(story, "wang") == []
    with pytest.raises(NotYours, match="本人提请"):
        story.say("wang", "批准", behalf=uid)


@pytest.mark.parametrize(
    ("giver", "holder", "last", "fault"),
    [
        ("li", "wang", 0, NotAllowed),
        ("zhou", "zhou", 0, BadInput),
        ("zhou", "an", 0, BadInput),
        ("zhou", "li", -1, BadInput),
    ],
)
def test_what_cannot_be_delegated(story: Story, giver: str, holder: str, last: int, fault: type[LiuhenError]) -> None:
    with pytest.raises(fault):
        lend(story, giver, holder, last=last)
    assert agency_facts(AGENCY).agency.delegations == {}


def test_only_the_giver_or_a_head_takes_a_delegation_back(story: Story) -> None:
    uid = lend(story, "sun", "zhao")
    with pytest.raises(NotAllowed):
        end_delegation(story.on("zhao"), delegation=uid, reason="试")
    end_delegation(story.on("zhou"), delegation=uid, reason="不再需要")
    assert agency_facts(AGENCY).agency.delegations[uid].end_reason == "不再需要"


SHORT = (ChainStep("承办", ("执法人员",), reasons=True), ChainStep("批准", ("机关负责人",)))


def test_a_chain_that_is_set_now_leaves_rounds_under_way_alone(story: Story) -> None:
    story.request()
    set_chain(story.on("zhou"), matter="立案", steps=SHORT)
    version = ground_of(story.case, AGENCY).facts.versions[f"agency:{AGENCY}"]
    set_chain(story.on("zhou"), matter="立案", steps=SHORT)
    assert ground_of(story.case, AGENCY).facts.versions[f"agency:{AGENCY}"] == version
    assert [step.name for step in story.round().chain] == ["承办", "审核", "批准"]
    story.say("zhao", "审核")
    story.say("zhou", "批准", "不同意")
    again = story.request()
    assert [step.name for step in story.round(again).chain] == ["承办", "批准"]
    assert next(iter(chains_of(agency_facts(AGENCY).agency))) == "立案"


@pytest.mark.parametrize("name", ["li", "zhao", "chen", "wu", "xu"])
def test_only_a_head_sets_a_chain(story: Story, name: str) -> None:
    with pytest.raises(NotAllowed):
        set_chain(story.on(name), matter="立案", steps=SHORT)


def test_to_approve_and_to_review_by_two_other_roles_makes_nobody_a_head(story: Story) -> None:
    both = replace(PEOPLE["zhao"], roles=frozenset({"承办机构负责人", "法制审核人员"}))
    with pytest.raises(NotAllowed, match="机关负责人决定"):
        set_chain(replace(story.on("zhao"), actor=both), matter="立案", steps=SHORT)


@pytest.mark.parametrize(
    ("steps", "word"),
    [
        ((SHORT[0],), "批准"),
        ((SHORT[0], ChainStep("批准", ("执法人员",))), "不能办理“批准”"),
        ((ChainStep("承办", ("法制审核人员",)), SHORT[1]), "不能办理“承办”"),
        ((SHORT[0], ChainStep("法制审核", ("机关负责人",), way="review"), SHORT[1]), "不能办理“法制审核”"),
        (
            (SHORT[0], ChainStep("会商", way="discussion", persons=("approving-an", "approving-sun")), SHORT[1]),
            "不能参加",
        ),
        ((SHORT[0], ChainStep("会商", way="discussion", persons=("nobody", "approving-sun")), SHORT[1]), "已不在"),
    ],
)
def test_a_chain_that_nobody_could_walk_is_refused(story: Story, steps: tuple[ChainStep, ...], word: str) -> None:
    with pytest.raises(BadInput, match=word):
        set_chain(story.on("zhou"), matter="立案", steps=steps)


def test_whoever_was_recused_does_nothing_more_in_the_case(story: Story) -> None:
    uid = recuse(story, "li")
    begin_act(
        story.case, story.on("li"), kind="现场检查", place="东街", officers=(PEOPLE["li"].uid, PEOPLE["wang"].uid)
    )
    with pytest.raises(RecusalDone):
        recuse(story, "li")
    decide_recusal(story.case, story.on("zhou"), recusal=uid, granted=True, reasons="确为近亲属")
    with pytest.raises(RecusalDone):
        decide_recusal(story.case, story.on("sun"), recusal=uid, granted=False, reasons="再议")
    officers = (PEOPLE["li"].uid, PEOPLE["wang"].uid)
    with pytest.raises(Recused):
        begin_act(story.case, story.on("wang"), kind="询问", place="东街", officers=officers)
    with pytest.raises(Recused):
        story.request("li")
    with pytest.raises(Recused):
        story.draft("li")
    with pytest.raises(Recused):
        give_opinion(story.case, story.on("li"), matter="立案", step="承办", opinion="建议")
    with pytest.raises(Recused):
        _send(story, "li", story.on("li"))
    _send(story, "li", story.on("li", days=-0.1))  # before the decision, sent after it
    _send(story, "wang", story.on("wang"))


def _send(story: Story, name: str, when: Occasion) -> None:
    now = story.on(name, days=0.2)
    content = {"topics": ["音像记录"], "told": "刘某", "manner": "口头"}
    record_batch(story.case, now, [Sent(random_id(), "case.party-told", when.at, content)])


def test_a_recused_head_is_passed_over_everywhere(story: Story) -> None:
    story.request()
    story.say("zhao", "审核")
    uid = recuse(story, "zhou")
    with pytest.raises(OwnRecusal):
        decide_recusal(story.case, story.on("zhou"), recusal=uid, granted=False, reasons="没有关系")
    voices = tuple(Participant(PEOPLE[name].uid, name, "应当回避") for name in ("sun", "han"))
    for wrong in ((), voices[:1], (*voices, Participant(PEOPLE["zhou"].uid, "zhou", "不用"))):
        with pytest.raises(BadInput, match="集体讨论"):
            decide_recusal(
                story.case, story.on("sun"), recusal=uid, granted=True, reasons="应当回避", participants=wrong
            )
    decide_recusal(story.case, story.on("sun"), recusal=uid, granted=True, reasons="应当回避", participants=voices)
    assert story.facts.case.recusals[uid].manner == "集体讨论决定"
    assert (waiting(story, "zhou"), waiting(story, "sun")) == ([], [("立案", "批准")])
    with pytest.raises(NotYours, match="回避"):
        story.say("zhou", "批准")
    lent = lend(story, "zhou", "wang")
    with pytest.raises(NotYours, match="回避"):
        story.say("wang", "批准", behalf=lent)
    assert waiting(story, "wang") == []
    story.say("sun", "批准")
    sound(story)


def test_who_raises_and_decides_recusal(story: Story) -> None:
    with pytest.raises(BadInput, match="本人"):
        recuse(story, "li", by="wang", how="本人")
    with pytest.raises(NotAllowed):
        recuse(story, "li", by="wu")
    uid = recuse(story, "li", by="li", how="本人")
    with pytest.raises(NotAllowed):
        decide_recusal(story.case, story.on("zhao"), recusal=uid, granted=True, reasons="是")
    with pytest.raises(NotFound):
        decide_recusal(story.case, story.on("zhou"), recusal="0" * 32, granted=True, reasons="是")
    decide_recusal(story.case, story.on("zhou"), recusal=uid, granted=False, reasons="不影响公正")
    story.request("li")


def test_nobody_of_another_agency_and_no_administrator_has_anything_to_do_with_it(story: Story) -> None:
    story.request()
    for actor in (STRANGER, PEOPLE["xu"]):
        occasion = story.on("li").by(actor)
        acts: tuple[Callable[[], object], ...] = (
            lambda at=occasion: request_approval(story.case, at, random_id(), Proposal("结案", "建议", "清楚")),  # type: ignore[misc]
            lambda at=occasion: take_step(story.case, at, story.rounds[0], Word("审核", "同意", "同意")),  # type: ignore[misc]
            lambda at=occasion: raise_recusal(  # type: ignore[misc]
                story.case, at, recusal=random_id(), person="approving-li", raised_by="机关", ground="亲属"
            ),
        )
        for act in acts:
            with pytest.raises((NotAllowed, NotFound)):
                act()
    assert waiting_for(STRANGER, at=story.on("li").at).total == 0


def test_an_archived_case_takes_no_more_opinions_and_waits_for_nobody(story: Story) -> None:
    story.request()
    conclude_case(story.case, story.on("li"), reason="执行完毕", document=None)
    archive_case(story.case, story.on("wu"), archive_number="A1", retention="10 年")
    with pytest.raises(CaseArchived):
        story.say("zhao", "审核")
    with pytest.raises(CaseArchived):
        story.request(matter="结案")
    with pytest.raises(CaseArchived):
        recuse(story, "li")
    assert waiting(story, "zhao") == []
    sound(story)


def test_what_is_sent_twice_stands_once(story: Story) -> None:
    uid = random_id()
    for _ in range(2):
        story.request(uid=uid)
    assert len(story.facts.case.approvals["立案"]) == 1
    story.say("zhao", "审核")
    with pytest.raises(NotYours):
        story.say("zhao", "审核")
    assert len(story.facts.case.approvals["立案"]) == 2


def test_the_list_goes_on_page_by_page(story: Story) -> None:
    for matter in ("立案", "结案", "查封扣押"):
        story.request(matter=matter)
    seen, cursor = [], ""
    for _ in range(3):
        page = waiting_for(PEOPLE["zhao"], at=story.on("zhao").at, cursor=cursor, limit=1)
        assert page.total == 3
        seen += [line.matter for line in page.lines]
        cursor = page.next
    assert (seen, cursor) == (["立案", "结案", "查封扣押"], "")
    for bad in ("xx", "MSAx", "MSAyMDI2LTAxLTAx", "MSAwMDAxLTAxLTAxVDAwOjAwOjAwKzA4OjAw"):
        with pytest.raises(BadInput):
            waiting_for(PEOPLE["zhao"], at=story.on("zhao").at, cursor=bad)


def test_a_round_that_cannot_go_on_is_withdrawn_and_opened_anew(story: Story) -> None:
    uid = story.request(matter="行政处罚决定", kept=("集体讨论",), talking=("sun", "zhou"))
    story.say("zhao", "审核")
    with pytest.raises(NotAllowed):
        withdraw_round(story.case, story.on("zhao"), uid, "试")
    with pytest.raises(BadInput):
        withdraw_round(story.case, story.on("li"), uid, " ")
    withdraw_round(story.case, story.on("li"), uid, "周局外出，换人参加")
    assert (story.state().word, waiting(story, "sun")) == ("已撤回", [])
    with pytest.raises(RoundOver):
        withdraw_round(story.case, story.on("zhou"), uid, "再撤")
    with pytest.raises(NotYours):
        story.say("sun", "集体讨论")
    story.request(matter="行政处罚决定", kept=("集体讨论",), talking=("sun", "han"))
    withdraw_round(story.case, story.on("zhou"), story.rounds[-1], "提请人调离")
    sound(story)


@pytest.mark.django_db(transaction=True)
def test_of_two_heads_at_once_one_stands() -> None:
    story = tell()
    story.request()
    story.say("zhao", "审核")
    answers: list[str] = []
    ready = threading.Barrier(2)

    def approve(occasion: Occasion) -> None:
        try:
            ready.wait(10)
            take_step(story.case, occasion, story.rounds[-1], Word("批准", "同意", "同意"))
            answers.append("stands")
        except NotYours as refused:
            answers.append(refused.code)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=approve, args=(story.on(name),)) for name in ("sun", "zhou")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(answers) == ["closed", "stands"]
    assert [item.step.step for item in story.facts.case.approvals["立案"] if item.step].count("批准") == 1
