"""Events that only some cases have: an urgent start, a refusal to start, a situation that arises, an objection, a hand-over.

Law words (kinds of situation, manners) are text that packs know; the code never branches on them.
"""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class StartDeclined:
    """不予启动: a complaint, report or application was looked at and no case was started on it, and why."""

    reason: str
    document: str | None = None


@dataclass(frozen=True, slots=True)
class UrgentStart:
    """紧急启动: the procedure was started before it was approved; the event's `at` is the moment it started."""

    reason: str


@dataclass(frozen=True, slots=True)
class UrgentStartReported:
    """紧急启动后报告: the head was told of a procedure that was started before it was approved."""

    reported_to: str
    manner: str


@dataclass(frozen=True, slots=True)
class SituationArose:
    """情形认定: something that clauses attach a duty to came up during the case (阻碍执法, 群体性事件, 突发事件 …).

    The situation becomes a trait of the case. Where `act` or `recording` is named it speaks of that act or recording, else of
    all of them.
    """

    situations: tuple[str, ...]
    ground: str
    act: str | None = None
    recording: str | None = None


@dataclass(frozen=True, slots=True)
class RecordingChosen:
    """选定记录方式: how an act, or every act of a kind, is to be recorded, and why this way."""

    manners: tuple[str, ...]
    reason: str
    act: str | None = None
    act_kind: str | None = None


@dataclass(frozen=True, slots=True)
class StatementWaived:
    """放弃陈述申辩: the party gave up its right to be heard; `document` or `recording` keeps the evidence of it."""

    right: str
    manner: str
    document: str | None = None
    recording: str | None = None


@dataclass(frozen=True, slots=True)
class ObjectionRaised:
    """异议: the party or a third person objected to an act or to the execution; the event's `at` is when."""

    objection: str
    against: str
    person: str
    summary: str
    act: str | None = None
    document: str | None = None


@dataclass(frozen=True, slots=True)
class ObjectionHandled:
    """异议处理: what the agency did about an objection."""

    objection: str
    outcome: str
    document: str | None = None


@dataclass(frozen=True, slots=True)
class CorrectionVerified:
    """责令改正核查: whether what was ordered to be put right was put right."""

    decision: str
    result: Literal["已改正", "部分改正", "未改正"]
    document: str | None = None
    recording: str | None = None


@dataclass(frozen=True, slots=True)
class CaseTransferred:
    """移送: a matter was handed over to the police, to justice or to another agency."""

    to: str
    reason: str
    document: str | None = None


@dataclass(frozen=True, slots=True)
class AccessRequested:
    """申请查阅、复制、对外提供: who wants to see, copy or be given what of this case, and in what standing.

    `purpose`: 查阅, 复制, 对外提供, 公开发布. `standing`: 当事人, 利害关系人, 其他机关 …
    """

    access: str
    purpose: str
    applicant: str
    standing: str
    what: str
    document: str | None = None


@dataclass(frozen=True, slots=True)
class AccessDecided:
    """对查阅复制申请的决定: granted or not, by whom, on what basis (信息公开 …) and why."""

    access: str
    granted: bool
    step: str
    name: str
    basis: str
    reason: str | None = None
    document: str | None = None


@dataclass(frozen=True, slots=True)
class AccessGiven:
    """提供: a record was shown, copied or handed out; `access` names what allowed it."""

    access: str
    purpose: str
    to: str
    what: str
    manner: str
    carrier: str | None = None
