"""审批: a chain runs in its order, a return asks again, nobody agrees to what is their own; for every course it can take."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liuhen.core.approvals.chain import CONSENT, PROPOSAL, chain_faults, pin, pinned_faults
from liuhen.core.approvals.delegation import Delegation, is_in_force
from liuhen.core.approvals.recusal import Recusal, recused_at
from liuhen.core.approvals.round import Result, Round, Said, since_return, standing
from liuhen.core.approvals.taking import Barred, Taker, barred_from, may_take, refusal_of
from liuhen.core.events.parts import ChainStep
from liuhen.core.kernel.moments import SHANGHAI

START = datetime(2026, 3, 2, 9, 0, tzinfo=SHANGHAI)
DAY = START.date()
PLAIN = (
    ChainStep(PROPOSAL, ("执法人员",), reasons=True),
    ChainStep("审核", ("承办机构负责人",)),
    ChainStep(CONSENT, ("机关负责人",)),
)
WHOLE = (
    *PLAIN[:2],
    ChainStep("法制审核", ("法制审核人员",), way="review"),
    ChainStep("集体讨论", way="discussion", persons=("sun", "zhou")),
    PLAIN[2],
)
ROLES = {
    "li": "执法人员",
    "wang": "执法人员",
    "zhao": "承办机构负责人",
    "chen": "法制审核人员",
    "sun": "机关负责人",
    "zhou": "机关负责人",
}


def opened(chain: tuple[ChainStep, ...] = PLAIN, proposer: str = "li") -> Round:
    return Round("p1", "立案", proposer, proposer, "属实", chain, START)


def say(round_: Round, step: str, officer: str, result: Result = "同意", **more: object) -> None:
    at = START + timedelta(minutes=len(round_.said) + 1)
    said = Said(step, officer, officer, result, "意见", at, f"e{len(round_.said)}")
    round_.said.append(replace(said, **more))  # type: ignore[arg-type]


def taker(officer: str, behalf: Delegation | None = None, day: date = DAY) -> Taker:
    giver = frozenset({ROLES[behalf.giver]}) if behalf else frozenset[str]()
    return Taker(officer, officer, frozenset({ROLES[officer]}), day, behalf, giver)


def lent(giver: str = "zhou", holder: str = "sun", *matters: str, days: int = 1) -> Delegation:
    return Delegation("t1", giver, giver, holder, holder, DAY, DAY + timedelta(days=days), matters)


def code(round_: Round, who: Taker, step: str, barred: Barred | None = None) -> str | None:
    found = refusal_of(round_, who, step, barred or Barred())
    return found.code if found else None


def test_a_chain_from_proposal_to_consent() -> None:
    round_ = opened()
    for step, officer in ((PROPOSAL, "li"), ("审核", "zhao"), (CONSENT, "zhou")):
        state = standing(round_)
        assert state.next is not None and (state.word, state.next.name) == ("进行中", step)
        assert code(round_, taker(officer), step) is None
        say(round_, step, officer)
    state = standing(round_)
    assert (state.word, state.next, state.is_open) == ("已批准", None, False)
    assert code(round_, taker("sun"), CONSENT) == "closed"


def test_a_return_asks_again_for_everything_after_it() -> None:
    round_ = opened()
    say(round_, PROPOSAL, "li")
    say(round_, "审核", "zhao")
    say(round_, CONSENT, "zhou", "退回")
    state = standing(round_)
    assert state.next is not None and (state.word, state.next.name) == ("退回修改", PROPOSAL)
    assert since_return(round_) == ()
    say(round_, PROPOSAL, "li")
    state = standing(round_)
    assert state.next is not None and (state.word, state.next.name) == ("进行中", "审核")
    assert code(round_, taker("zhao"), "审核") is None and len(round_.said) == 4
    assert [one.step for one in since_return(round_)] == [PROPOSAL]


def test_a_return_may_name_an_earlier_step_but_never_a_later_one() -> None:
    round_ = opened()
    say(round_, PROPOSAL, "li")
    say(round_, "审核", "zhao")
    say(round_, CONSENT, "zhou", "退回", returned_to="审核")
    assert (standing(round_).word, standing(round_).place) == ("进行中", 1)
    assert [one.step for one in since_return(round_)] == [PROPOSAL]
    say(round_, "审核", "zhao", "退回", returned_to=CONSENT)
    assert (standing(round_).word, standing(round_).place) == ("退回修改", 0)
    assert since_return(round_) == ()


def test_a_reviewer_who_disagrees_leaves_it_to_the_head_and_the_head_ends_it() -> None:
    round_ = opened()
    say(round_, PROPOSAL, "li")
    say(round_, "审核", "zhao", "不同意")
    assert standing(round_).place == 2
    say(round_, CONSENT, "zhou", "不同意")
    assert standing(round_).word == "不同意"


def test_a_discussion_ends_when_all_have_spoken_and_it_was_concluded() -> None:
    round_ = opened(WHOLE)
    for step, officer in ((PROPOSAL, "li"), ("审核", "zhao"), ("法制审核", "chen")):
        say(round_, step, officer)
    assert standing(round_).waiting == ("sun", "zhou") and not standing(round_).concluding
    say(round_, "集体讨论", "zhou", "不同意")
    assert standing(round_).waiting == ("sun",)
    assert code(round_, taker("zhou"), "集体讨论") == "spoken"
    say(round_, "集体讨论", "sun")
    assert standing(round_).concluding and standing(round_).place == 3
    assert code(round_, taker("zhao"), "集体讨论") == "authority"
    say(round_, "集体讨论", "zhou", concludes=True)
    assert standing(round_).place == 4 and code(round_, taker("zhou"), CONSENT) is None


def test_a_discussion_that_concludes_against_it_ends_the_round() -> None:
    round_ = opened(WHOLE)
    for step, officer in ((PROPOSAL, "li"), ("审核", "zhao"), ("法制审核", "chen")):
        say(round_, step, officer)
    say(round_, "集体讨论", "zhou", "不同意", concludes=True)
    assert standing(round_).word == "不同意"


@pytest.mark.parametrize(("officer", "step", "why"), [("zhou", CONSENT, "order"), ("wang", "审核", "authority")])
def test_neither_out_of_order_nor_out_of_role(officer: str, step: str, why: str) -> None:
    round_ = opened()
    say(round_, PROPOSAL, "li")
    assert code(round_, taker(officer), step) == why


def test_nobody_agrees_to_what_is_their_own() -> None:
    round_ = opened(proposer="zhao")
    say(round_, PROPOSAL, "zhao")
    assert code(round_, taker("zhao"), "审核") == "own"
    fresh = opened()
    say(fresh, PROPOSAL, "li")
    assert code(fresh, taker("zhao"), "审核", Barred(drafters=frozenset({"zhao"}))) == "own"
    assert code(fresh, taker("zhao"), "审核", Barred(recused=frozenset({"zhao"}))) == "recused"


def test_one_person_gives_one_opinion_in_a_round() -> None:
    both = Taker("zhao", "zhao", frozenset({"承办机构负责人", "机关负责人"}), DAY)
    round_ = opened()
    say(round_, PROPOSAL, "li")
    say(round_, "审核", "zhao")
    assert code(round_, both, CONSENT) == "own"
    assert "zhao" in barred_from(round_, Barred())


def test_a_delegation_lends_what_the_giver_has_in_its_days_and_matters() -> None:
    round_ = opened()
    say(round_, PROPOSAL, "li")
    say(round_, "审核", "zhao")
    assert code(round_, taker("wang", lent(holder="wang")), CONSENT) is None
    for wrong in (
        lent(holder="wang", days=-1),
        lent("zhou", "wang", "结案"),
        lent(holder="chen"),
        replace(lent(holder="wang"), ended=START),
        lent("chen", "wang"),
    ):
        assert code(round_, taker("wang", wrong), CONSENT) == "delegation"


def test_a_delegation_helps_nobody_over_their_own_proposal_in_either_direction() -> None:
    mine, his = opened(proposer="wang"), opened(proposer="zhou")
    for round_ in (mine, his):
        say(round_, PROPOSAL, round_.proposer)
        say(round_, "审核", "zhao")
        assert code(round_, taker("wang", lent(holder="wang")), CONSENT) == "own"
    assert code(opened(proposer="wang"), taker("wang", lent("li", "wang")), PROPOSAL) == "delegation"


def test_a_return_is_answered_by_the_proposer_and_by_another_only_where_the_proposer_was_recused() -> None:
    round_ = opened()
    say(round_, PROPOSAL, "li")
    say(round_, "审核", "zhao", "退回")
    assert code(round_, taker("wang"), PROPOSAL) == "authority" and code(round_, taker("li"), PROPOSAL) is None
    out = Barred(recused=frozenset({"li"}))
    assert code(round_, taker("wang"), PROPOSAL, out) is None and code(round_, taker("li"), PROPOSAL, out) == "recused"


def test_a_withdrawn_round_is_over_and_one_that_is_over_is_not_withdrawn() -> None:
    round_ = opened()
    say(round_, PROPOSAL, "li")
    round_.withdrawn = START + timedelta(hours=1)
    assert (standing(round_).word, standing(round_).is_open) == ("已撤回", False)
    assert code(round_, taker("zhao"), "审核") == "closed"
    say(round_, "审核", "zhao")
    say(round_, CONSENT, "zhou")
    assert standing(round_).word == "已批准"


@given(st.integers(-3, 5), st.integers(0, 3))
def test_a_delegation_holds_on_both_its_days_and_between(day: int, length: int) -> None:
    assert is_in_force(lent(days=length), "立案", DAY + timedelta(days=day)) == (0 <= day <= length)


def _moves() -> st.SearchStrategy[list[tuple[str, str, Result, str, bool]]]:
    names = st.sampled_from([step.name for step in WHOLE])
    results: st.SearchStrategy[Result] = st.sampled_from(["同意", "同意", "不同意", "退回"])
    one = st.tuples(st.sampled_from(sorted(ROLES)), names, results, names, st.booleans())
    return st.lists(one, max_size=40)


def _play(round_: Round, moves: list[tuple[str, str, Result, str, bool]], check: Callable[[Round], None]) -> None:
    """Do what is allowed of some moves; where a step is tried by name, mostly it is the one that is next."""
    for officer, named, result, back, follow in moves:
        state = standing(round_)
        step = state.next.name if follow and state.next else named
        behalf = lent("zhou", officer) if not follow and officer != "zhou" else None
        if code(round_, taker(officer, behalf), step) is not None:
            continue
        concludes = state.concluding
        spoken: Result = "同意" if state.next and state.next.way == "discussion" and not concludes else result
        say(round_, step, officer, spoken, returned_to=back, concludes=concludes)
        check(round_)


@given(st.sampled_from(["li", "wang", "zhao", "zhou"]), st.sampled_from([PLAIN, WHOLE]), _moves())
def test_whatever_people_try_the_consent_is_never_of_who_proposed_it(
    proposer: str, chain: tuple[ChainStep, ...], moves: list[tuple[str, str, Result, str, bool]]
) -> None:
    round_ = opened(chain, proposer)
    say(round_, PROPOSAL, proposer)

    def check(now: Round) -> None:
        consents = [one for one in now.said if one.step == CONSENT]
        own = {one.officer for one in now.said if one.step == PROPOSAL}
        assert own.isdisjoint(one.officer for one in consents)
        if standing(now).word == "已批准":
            kept = [one for one in since_return(now) if one.result != "退回"]
            assert {one.step for one in kept} == {step.name for step in chain}
            assert [one.result for one in kept if one.step == CONSENT] == ["同意"]

    _play(round_, moves, check)


@given(st.sampled_from([PLAIN, WHOLE]), _moves())
def test_a_round_that_is_over_stays_so(
    chain: tuple[ChainStep, ...], moves: list[tuple[str, str, Result, str, bool]]
) -> None:
    round_ = opened(chain)
    over: list[str] = []

    def check(now: Round) -> None:
        if over:
            raise AssertionError("something was said after the end")
        if not standing(now).is_open:
            over.append(standing(now).word)

    _play(round_, moves, check)
    if over:
        for number, (officer, step, result, _, _) in enumerate(moves[:5]):
            say(round_, step, officer, result)
            assert standing(round_).word == over[0], number


@given(st.sampled_from([PLAIN, WHOLE]), _moves())
def test_who_is_barred_is_refused_and_who_is_not_and_may_is_let_in(
    chain: tuple[ChainStep, ...], moves: list[tuple[str, str, Result, str, bool]]
) -> None:
    round_ = opened(chain)
    _play(round_, moves, lambda _: None)
    state, barred = standing(round_), barred_from(round_, Barred())
    if state.next is None:
        return
    for officer in ROLES:
        may = may_take(state.next, officer, frozenset({ROLES[officer]})) and officer not in barred
        free = not state.waiting or officer in state.waiting
        free = free and (state.next.name != PROPOSAL or officer == round_.proposer)
        assert (code(round_, taker(officer), state.next.name) is None) == (may and free)


def test_a_chain_is_sound_and_pinned_with_what_was_chosen() -> None:
    assert list(chain_faults(PLAIN)) == list(chain_faults(WHOLE)) == []
    spare = replace(WHOLE[2], optional=True)
    open_ = replace(WHOLE[3], persons=())
    chain = (*WHOLE[:2], spare, open_, WHOLE[4])
    pinned = pin(chain, kept=frozenset(), persons={"集体讨论": ("sun", "zhou")})
    assert [step.name for step in pinned] == ["承办", "审核", "集体讨论", "批准"]
    assert pinned[2].persons == ("sun", "zhou")
    assert list(pinned_faults(pinned, "li")) == []
    assert len(list(pinned_faults(pinned, "sun"))) == 1
    assert len(list(pinned_faults(pin(chain, kept=frozenset({"法制审核"}), persons={}), "li"))) == 1


@pytest.mark.parametrize(
    ("steps", "word"),
    [
        ((), "2 至"),
        (PLAIN[1:], "承办"),
        (PLAIN[:2], "批准"),
        ((PLAIN[0], PLAIN[1], PLAIN[1], PLAIN[2]), "不止一次"),
        ((PLAIN[0], ChainStep("审核"), PLAIN[2]), "由谁办理"),
        ((replace(PLAIN[0], optional=True), PLAIN[2]), "不能省略"),
        ((PLAIN[0], ChainStep("讨论", way="discussion", persons=("a",)), PLAIN[2]), "至少有 2 人"),
        ((PLAIN[0], ChainStep("长" * 21, ("执法人员",)), PLAIN[2]), "1 至 20"),
        ((PLAIN[0], ChainStep("讨论", way="discussion", persons=("a", "a")), PLAIN[2]), "重复"),
    ],
)
def test_what_is_no_chain_is_refused_with_a_sentence(steps: tuple[ChainStep, ...], word: str) -> None:
    assert any(word in sentence for sentence in chain_faults(steps))


def test_only_a_granted_recusal_keeps_somebody_out_and_only_from_then_on() -> None:
    later = START + timedelta(hours=1)
    granted = Recusal("u1", "li", "li", "本人", "亲属", START, granted=True, decided=later)
    asked = Recusal("u2", "wang", "wang", "当事人", "亲属", START)
    denied = Recusal("u3", "zhao", "zhao", "当事人", "亲属", START, granted=False, decided=START)
    assert recused_at([granted, asked, denied], START) == frozenset()
    assert recused_at([granted, asked, denied], later) == {"li"}
