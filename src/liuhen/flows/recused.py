"""Who may take no part in a case or in one approval: every act of investigation, review and approval asks here first.

Invariant: what happened before the decision may still be recorded after it; what happened after it may not.
"""

from collections.abc import Iterable
from datetime import datetime

from liuhen.core.approvals.recusal import recused_at
from liuhen.core.approvals.round import Round
from liuhen.core.approvals.taking import Barred
from liuhen.core.facts.model import CaseFacts
from liuhen.core.kernel.errors import LiuhenError


class Recused(LiuhenError):
    """Somebody who was recused would do something in the case."""


def recused_in(case: CaseFacts, at: datetime) -> frozenset[str]:
    """Give who may do nothing in a case at an instant."""
    return recused_at(case.recusals.values(), at)


def barred_in(case: CaseFacts, round_: Round, at: datetime) -> Barred:
    """Give who may not take a step of a round at an instant: who was recused, who made its document."""
    document = case.any_document(round_.document or "")
    return Barred(recused_in(case, at), frozenset({document.maker} if document else ()))


def require_not_recused(case: CaseFacts, people: Iterable[str], at: datetime) -> None:
    """Raise Recused where one of the people was recused by then."""
    out = recused_in(case, at).intersection(people)
    if out:
        names = "、".join(sorted({one.name for one in case.recusals.values() if one.person in out}))
        raise Recused(f"{names}已经决定回避，不能再参加本案的调查、审核和审批；请由其他人员办理")
