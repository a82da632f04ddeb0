"""Who was recused: the guard that every act of investigation, review and approval asks before it is recorded.

Invariant: what happened before the decision may still be recorded after it; what happened after it may not.
"""

from collections.abc import Iterable
from datetime import datetime

from liuhen.core.approvals.recusal import recused_at
from liuhen.core.facts.model import CaseFacts
from liuhen.core.kernel.errors import LiuhenError


class Recused(LiuhenError):
    """Somebody who was recused would do something in the case."""


def recused_in(case: CaseFacts, at: datetime) -> frozenset[str]:
    """Give who may do nothing in a case at an instant."""
    return recused_at(case.recusals.values(), at)


def require_not_recused(case: CaseFacts, people: Iterable[str], at: datetime) -> None:
    """Raise Recused where one of the people was recused by then."""
    out = recused_in(case, at).intersection(people)
    if out:
        names = "、".join(sorted({one.name for one in case.recusals.values() if one.person in out}))
        raise Recused(f"{names}已经决定回避，不能再参加本案的调查、审核和审批；请由其他人员办理")
