"""加处罚款算出来是多少: from which day it counts and what it comes to by a day, before anybody demands it.

Invariant: nothing is recorded here; the day and the sum follow from the same terms and the same arithmetic by which a demand
is judged afterwards.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from liuhen.core.calendar.fines import FineBase
from liuhen.core.events.measures import SurchargeDemanded
from liuhen.core.facts.model import Decision
from liuhen.core.kernel.moments import local_day
from liuhen.core.rules.model import Rule
from liuhen.core.rules.verdict import rule_of
from liuhen.core.rules.vocabulary.hearings import daily_surcharge
from liuhen.flows.read_case import CaseReading


@dataclass(frozen=True, slots=True)
class Surcharge:
    """What could be demanded on top of a fine for the days from `first_day` to `last_day`, both included, in yuan."""

    first_day: date
    last_day: date
    amount: Decimal


def foresee_surcharge(reading: CaseReading, decision: Decision) -> Surcharge | None:
    """Give what could be demanded of a decision today; None where nothing is late, paid in full, or no rule sets a term.

    Where a part was paid, the smaller of the two readings of the law is taken: nobody is asked for too much.
    """
    late = _first_late_day(reading, decision)
    today = local_day(reading.at)
    if late is None or decision.amount is None or decision.amount <= 0 or late > today:
        return None
    demanded = [item.last_day for item in decision.surcharges]
    first = max([late, *(day + timedelta(days=1) for day in demanded)])
    if first > today:
        return None
    said = SurchargeDemanded(decision.uid, Decimal(0), first, today)
    grown = min(daily_surcharge(reading.facts, decision, said, base) for base in FineBase)
    rest = decision.amount - sum((item.amount for item in decision.surcharges), Decimal(0))
    amount = min(grown, rest)
    return Surcharge(first, today, amount) if amount > 0 else None


def _first_late_day(reading: CaseReading, decision: Decision) -> date | None:
    """Give the day after the term of payment, by the rules that wait for the payment of a decision: the latest of them."""
    of_it = (item for item in reading.verdicts if item.subject.id == decision.uid)
    dues = [item.due for item in of_it if item.due and _waits_for_payment(rule_of(reading.packs, item))]
    return local_day(max(dues)) if dues else None


def _waits_for_payment(rule: Rule | None) -> bool:
    return rule is not None and rule.time is not None and rule.time.to == "paid"
