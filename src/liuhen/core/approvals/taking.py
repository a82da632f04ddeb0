"""Who may take the next step of a round, and why not: the refusals of 审批, each with its code and a sentence.

Invariant: nobody agrees to what they proposed or drafted, neither in person nor by a delegation in either direction, and nobody
gives two different opinions in one round. Taking part in a discussion does not bar a head from the consent that follows it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal

from liuhen.core.approvals.chain import PROPOSAL
from liuhen.core.approvals.delegation import Delegation, is_in_force
from liuhen.core.approvals.round import Round, State, standing
from liuhen.core.events.parts import ChainStep

Code = Literal["closed", "order", "recused", "delegation", "authority", "own", "spoken"]


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why somebody may not take a step: a code for the program, a sentence for people."""

    code: Code
    sentence: str


@dataclass(frozen=True, slots=True)
class Taker:
    """Who would take a step on a day; `behalf` and `giver_roles` where it is in somebody else's place."""

    officer: str
    name: str
    roles: frozenset[str]
    day: date
    behalf: Delegation | None = None
    giver_roles: frozenset[str] = frozenset()

    @property
    def persons(self) -> frozenset[str]:
        """Those whose word it is: the taker, and whoever lent the authority."""
        return frozenset({self.officer} | ({self.behalf.giver} if self.behalf else set()))


@dataclass(frozen=True, slots=True)
class Barred:
    """Those who may not: `recused` in the whole case, `drafters` of the document that the round is about."""

    recused: frozenset[str] = frozenset()
    drafters: frozenset[str] = frozenset()


def refusal_of(round_: Round, taker: Taker, step: str, barred: Barred) -> Refusal | None:
    """Say why a person may not take a step now, or None where they may."""
    return next(_refusals(round_, taker, step, barred), None)


def _refusals(round_: Round, taker: Taker, name: str, barred: Barred) -> Iterator[Refusal]:
    state = standing(round_)
    if state.next is None:
        yield Refusal("closed", f"“{round_.matter}”的这次审批已经办结（{state.word}），不能再签署意见")
        return
    if name != state.next.name:
        yield Refusal("order", f"现在轮到“{state.next.name}”，还不能办理“{name}”；请刷新页面查看")
    if taker.persons & barred.recused:
        yield Refusal("recused", f"{taker.name}已经决定回避，不能在本案签署意见")
    yield from _without_authority(round_, taker, state, state.next, barred)
    yield from _own(round_, taker, state.next, barred)


def _without_authority(round_: Round, taker: Taker, state: State, step: ChainStep, barred: Barred) -> Iterator[Refusal]:
    if step.name == PROPOSAL and taker.officer != round_.proposer and round_.proposer not in barred.recused:
        yield Refusal("authority", f"“{round_.matter}”由{round_.name}提请；请由提请人修改后再报")
    if taker.behalf is not None:
        yield from _lent(round_, taker, taker.behalf, step)
    elif not may_take(step, taker.officer, taker.roles):
        yield Refusal("authority", f"{taker.name}不是“{step.name}”的办理人；请由{who_may(step)}办理")
    elif state.waiting and taker.officer not in state.waiting:
        yield Refusal("spoken", f"{taker.name}已在“{step.name}”中发表意见，不会重复记录")


def _lent(round_: Round, taker: Taker, lent: Delegation, step: ChainStep) -> Iterator[Refusal]:
    if lent.holder != taker.officer or not is_in_force(lent, round_.matter, taker.day):
        yield Refusal("delegation", f"{lent.giver_name}的委托不在有效期内，或者不包括“{round_.matter}”")
    elif step.way != "opinion" or step.name == PROPOSAL:
        yield Refusal("delegation", f"“{step.name}”应由本人办理，不能委托")
    elif not may_take(step, lent.giver, taker.giver_roles):
        yield Refusal("delegation", f"{lent.giver_name}不是“{step.name}”的办理人，不能委托他人办理")


def _own(round_: Round, taker: Taker, step: ChainStep, barred: Barred) -> Iterator[Refusal]:
    if step.name == PROPOSAL:
        return
    if taker.persons & proposers(round_):
        yield Refusal("own", f"本人提请的“{round_.matter}”，不能由本人{step.name}，也不能委托或者受托{step.name}")
    if taker.persons & barred.drafters:
        yield Refusal("own", f"本人起草的文书，不能由本人{step.name}，也不能委托或者受托{step.name}")
    if step.way != "discussion" and taker.persons & _elsewhere(round_, step):
        yield Refusal("own", f"{taker.name}已在本次审批的其他环节签署意见，不能再由本人{step.name}")


def proposers(round_: Round) -> frozenset[str]:
    """Give who put the round forward, at first and after a return."""
    return frozenset({round_.proposer, *(one.officer for one in round_.said if one.step == PROPOSAL)})


def _elsewhere(round_: Round, step: ChainStep) -> frozenset[str]:
    """Give who gave an opinion at another step; speaking in a discussion is not one."""
    talks = {one.name for one in round_.chain if one.way == "discussion"}
    return frozenset(one.officer for one in round_.said if one.step not in (step.name, *talks))


def barred_from(round_: Round, barred: Barred) -> frozenset[str]:
    """Give everybody who may not take the step that is next, whatever their role; empty for a round that is over."""
    step = standing(round_).next
    if step is None:
        return frozenset()
    if step.name == PROPOSAL:
        return barred.recused
    own = frozenset() if step.way == "discussion" else _elsewhere(round_, step)
    return barred.recused | barred.drafters | proposers(round_) | own


def may_take(step: ChainStep, officer: str, roles: frozenset[str]) -> bool:
    """Say whether a step is a person's to take: one of those it names, or where it names nobody, of its roles."""
    return officer in step.persons if step.persons else bool(roles & set(step.by))


def who_may(step: ChainStep) -> str:
    """Name the roles that take a step, for people."""
    return "写明的人员" if step.persons else "、".join(step.by)
