"""审查决定: statements heard and reviewed, legal review, collective discussion, the decision."""

from datetime import date
from decimal import Decimal

from liuhen.core.events.case import (
    DecisionMade,
    DecisionPerformed,
    DiscussionHeld,
    LegalReviewGiven,
    StatementHeard,
    StatementReviewed,
)
from liuhen.core.events.catalogue import encode_content
from liuhen.core.events.parts import Participant
from liuhen.core.facts.model import Facts
from liuhen.core.kernel.errors import LiuhenError
from liuhen.flows.access import Permission, case_for
from liuhen.flows.ground import ground_of
from liuhen.flows.occasion import Actor, Occasion
from liuhen.flows.record_batch import record_batch
from liuhen.flows.record_step import record_content
from liuhen.flows.recused import require_not_recused
from liuhen.flows.sent_batch import Sent


class ReviewerInvestigated(LiuhenError):
    """The legal reviewer took part in the investigation."""


def _facts(case_uid: str, occasion: Occasion, permission: Permission) -> Facts:
    case_for(occasion.actor, case_uid, permission)
    facts = ground_of(case_uid, occasion.actor.agency).facts
    require_not_recused(facts.case, (occasion.actor.uid,), occasion.at)
    return facts


def require_uninvolved(facts: Facts, reviewer: Actor) -> None:
    """Raise ReviewerInvestigated where a legal reviewer took part in an act of the case."""
    if facts.case.took_part(reviewer.uid):
        raise ReviewerInvestigated(f"{reviewer.name}参加过本案调查，不能担任本案的法制审核人员")


def hear_statement(case_uid: str, occasion: Occasion, *, summary: str, document: str | None) -> None:
    """陈述申辩: set down what the party said. Raises as `record_step`, here and below."""
    record_content(case_uid, occasion, StatementHeard(summary, document))


def review_statement(case_uid: str, occasion: Occasion, *, outcome: str, document: str | None) -> None:
    """复核: set down what the review of the party's facts, reasons and evidence found."""
    record_content(case_uid, occasion, StatementReviewed(outcome, document, occasion.actor.name))


def review_legally(case_uid: str, occasion: Occasion, *, opinion: str, passed: bool, document: str | None) -> None:
    """法制审核 by a reviewer who did not investigate."""
    content = LegalReviewGiven(occasion.actor.uid, occasion.actor.name, opinion, passed, document)
    record_content(case_uid, occasion, content)


def discuss(
    case_uid: str, occasion: Occasion, *, participants: tuple[Participant, ...], conclusion: str, document: str | None
) -> None:
    """集体讨论: set down who took part and what was concluded."""
    record_content(case_uid, occasion, DiscussionHeld(participants, conclusion, document))


def decide(
    case_uid: str,
    occasion: Occasion,
    *,
    kind: str,
    summary: str,
    document: str,
    amount: Decimal | None = None,
    correct_by: date | None = None,
) -> str:
    """作出决定 after the head approved; gives the decision's uid."""
    uid = occasion.new_id()
    record_content(case_uid, occasion, DecisionMade(uid, kind, summary, document, amount, correct_by))
    return uid


def perform_decision(
    case_uid: str,
    occasion: Occasion,
    *,
    decision: str,
    manner: str,
    document: str | None,
    amount: Decimal | None = None,
) -> None:
    """履行: set down that the party did what was decided."""
    name, data = encode_content(DecisionPerformed(decision, manner, document, amount))
    record_batch(case_uid, occasion, [Sent(occasion.new_id(), name, occasion.at, data)])
