"""The daily additional fine (加处罚款) of 行政处罚法 art. 72(1): 3% a day, never more than the fine itself.

Invariant: money is Decimal, rounded to the fen once, at the end.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from enum import Enum

from liuhen.core.calendar.exclusions import Exclusion, stopping
from liuhen.core.kernel.errors import BadInput

_FEN = Decimal("0.01")


class FineBase(Enum):
    """What the rate applies to after a part payment: the law does not say, so the pack chooses."""

    FULL_FINE = "full-fine"
    UNPAID_REST = "unpaid-rest"


@dataclass(frozen=True, slots=True)
class Payment:
    """Money received on a day; that day itself still counts as late."""

    day: date
    amount: Decimal

    def __post_init__(self) -> None:
        _require_positive(self.amount, "缴款金额")


@dataclass(frozen=True, slots=True)
class DailyFine:
    """An unpaid fine growing from its first late day; days inside an exclusion (复议, 诉讼) do not count (art. 73)."""

    principal: Decimal
    first_late_day: date
    rate: Decimal = Decimal("0.03")
    base: FineBase = FineBase.FULL_FINE
    payments: Sequence[Payment] = ()
    exclusions: Sequence[Exclusion] = ()

    def __post_init__(self) -> None:
        _require_positive(self.principal, "罚款数额")
        _require_positive(self.rate, "加处比例")

    def amount_on(self, day: date) -> Decimal:
        """Give the additional fine in yuan accrued by the end of a day, capped at the fine (行政强制法 art. 45)."""
        total, late = Decimal(0), self.first_late_day
        while late <= day and total < self.principal:
            unpaid = self._unpaid_before(late)
            if unpaid <= 0:
                break
            if stopping(self.exclusions, late) is None:
                total += self.rate * (self.principal if self.base is FineBase.FULL_FINE else unpaid)
            late += timedelta(days=1)
        return min(total, self.principal).quantize(_FEN, ROUND_HALF_UP)

    def _unpaid_before(self, day: date) -> Decimal:
        return self.principal - sum((paid.amount for paid in self.payments if paid.day < day), Decimal(0))


def _require_positive(amount: Decimal, place: str) -> None:
    if not amount.is_finite() or amount <= 0:
        raise BadInput(place, f"{amount} 应为大于 0 的数")
