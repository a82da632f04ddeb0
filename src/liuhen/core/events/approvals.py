"""Events of 审批 beyond its opinions: rounds opened on a chain, chains set, authority delegated, recusal raised and decided.

Law words (matters, names of steps, roles) are text that agencies and packs know; the code never branches on them.
"""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from liuhen.core.events.parts import ChainStep, Participant


@dataclass(frozen=True, slots=True)
class ApprovalChainSet:
    """设定审批流程: from the event's `at` on, rounds on the matter are opened on these steps; rounds under way keep theirs."""

    matter: str
    steps: tuple[ChainStep, ...]


@dataclass(frozen=True, slots=True)
class AuthorityDelegated:
    """委托审批: `giver` lets `holder` take steps in the giver's place, for these matters (none: all), from day to day."""

    delegation: str
    giver: str
    giver_name: str
    holder: str
    holder_name: str
    first_day: date
    last_day: date
    ground: str
    matters: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DelegationEnded:
    """终止委托审批: nothing more is done by this delegation from the event's `at` on."""

    delegation: str
    reason: str


@dataclass(frozen=True, slots=True)
class SigningProofSet:
    """设定签署身份确认: by what whoever signs an opinion must prove who they are, from the event's `at` on."""

    proof: str
    basis: str


@dataclass(frozen=True, slots=True)
class ApprovalRequested:
    """提请审批: a round is opened, with its proposer, reasons, and the chain as it stood, which later changes leave alone.

    `document` and `act` say what it is about; `file_sha256` is the document as it was put forward.
    """

    request: str
    matter: str
    proposer: str
    name: str
    reasons: str
    chain: tuple[ChainStep, ...]
    document: str | None = None
    file_sha256: str | None = None
    act: str | None = None


@dataclass(frozen=True, slots=True)
class ApprovalWithdrawn:
    """撤回审批: a round under way is given up, by its proposer or a head, with the reason; what was said stays on record."""

    request: str
    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class RecusalRaised:
    """提出回避: by the person himself, the party, or the agency, that a person should have nothing to do with the case."""

    recusal: str
    person: str
    name: str
    raised_by: Literal["本人", "当事人", "机关"]
    ground: str
    document: str | None = None


@dataclass(frozen=True, slots=True)
class RecusalDecided:
    """决定回避: by the head, or by the heads together where it is about one of them; work goes on until then (处罚法 43)."""

    recusal: str
    granted: bool
    manner: Literal["负责人决定", "集体讨论决定"]
    name: str
    reasons: str
    participants: tuple[Participant, ...] = ()
