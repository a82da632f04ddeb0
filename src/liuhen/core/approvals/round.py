"""A round of approval (一次审批): what was put forward, the chain it runs on, what was said, and where that leaves it.

Invariant: the state follows from the chain and what was said alone, but for a withdrawal, which ends what is not over. A
round that was agreed to or refused stays so; what is
said at another step than the one that is next changes nothing. Who disagrees before the last step is heard and the round goes
on: the person in charge decides. A legal review that is not passed sends it back (处罚法 58), and a collective discussion that
concludes against it ends it (处罚法 57).
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from liuhen.core.approvals.chain import Chain
from liuhen.core.events.parts import ChainStep

Result = Literal["同意", "不同意", "退回"]
Word = Literal["进行中", "退回修改", "已批准", "不同意", "已撤回"]
OPEN: tuple[Word, ...] = ("进行中", "退回修改")


@dataclass(frozen=True, slots=True)
class Said:
    """What somebody said at a step; `concludes` where it is the conclusion of a discussion, which ends that step."""

    step: str
    officer: str
    name: str
    result: Result
    opinion: str
    at: datetime
    event: str
    reasons: str | None = None
    returned_to: str | None = None
    on_behalf_of: str | None = None
    document: str | None = None
    file_sha256: str | None = None
    concludes: bool = False


@dataclass(slots=True)
class Round:
    """A round as the case's events leave it; `document` is what the proposer put forward last, `withdrawal` who and why."""

    uid: str
    matter: str
    proposer: str
    name: str
    reasons: str
    chain: Chain
    opened: datetime
    document: str | None = None
    act: str | None = None
    withdrawn: datetime | None = None
    withdrawal: str = ""
    said: list[Said] = field(default_factory=list)
    evidence: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class State:
    """Where a round stands: in a word, at which step, who of its discussion has not spoken, and since when.

    `waiting` is empty for any other step, and for a discussion in which all have spoken: then its conclusion is next.
    """

    word: Word
    place: int
    next: ChainStep | None
    since: datetime
    waiting: tuple[str, ...] = ()

    @property
    def is_open(self) -> bool:
        """Whether somebody has still to say something."""
        return self.word in OPEN

    @property
    def concluding(self) -> bool:
        """Whether all members of a discussion have spoken and its conclusion is next."""
        return self.next is not None and self.next.way == "discussion" and not self.waiting


def state_of(chain: Chain, opened: datetime, said: Sequence[Said]) -> State:
    """Give the state that a round is in after what was said, in that order."""
    place, since, returned = 0, opened, False
    spoken: set[str] = set()
    for one in said:
        step = chain[place]
        if one.step != step.name:
            continue
        if step.way == "discussion" and not one.concludes:
            spoken.add(one.officer)
            continue
        spoken, since = set(), one.at
        if _ends(one, step, place == len(chain) - 1):
            return State("已批准" if one.result == "同意" else "不同意", place, None, since)
        place = _earlier(chain, place, one.returned_to) if one.result == "退回" else place + 1
        returned = one.result == "退回" and place == 0
    step = chain[place]
    waiting = tuple(one for one in step.persons if one not in spoken) if step.way == "discussion" else ()
    return State("退回修改" if returned else "进行中", place, step, since, waiting)


def _ends(one: Said, step: ChainStep, last: bool) -> bool:
    decides = last or (step.way == "discussion" and one.result == "不同意")
    return decides and one.result != "退回"


def _earlier(chain: Chain, place: int, name: str | None) -> int:
    """Give the place that a return goes to: the step it names where that is earlier, else the proposal."""
    return next((number for number, step in enumerate(chain[:place]) if step.name == name), 0)


def standing(round_: Round) -> State:
    """Give the state of a round; one that was over cannot be withdrawn."""
    state = state_of(round_.chain, round_.opened, round_.said)
    if round_.withdrawn is not None and state.is_open:
        return State("已撤回", state.place, None, round_.withdrawn)
    return state


def since_return(round_: Round) -> tuple[Said, ...]:
    """Give what was said that still counts: nothing that a return asks for again."""
    counted: list[Said] = []
    names = [step.name for step in round_.chain]
    for one in round_.said:
        counted.append(one)
        if one.result == "退回":
            place = _earlier(round_.chain, names.index(one.step) if one.step in names else 0, one.returned_to)
            kept = set(names[:place])
            counted = [earlier for earlier in counted if earlier.step in kept]
    return tuple(counted)
