"""The daily fine of 3%: the published vector, its cap, stoppages and part payments."""

from datetime import date
from decimal import Decimal

import pytest

from liuhen.core.calendar.exclusions import Exclusion
from liuhen.core.calendar.fines import DailyFine, FineBase, Payment
from liuhen.core.kernel.errors import BadInput
from tests.core.calendar.known import at

FIRST = date(2026, 10, 9)
FINE = DailyFine(Decimal(10_000), FIRST)


@pytest.mark.parametrize(
    ("day", "amount"),
    [
        ("2026-10-08", "0.00"),
        ("2026-10-09", "300.00"),
        ("2026-10-20", "3600.00"),
        ("2026-11-10", "9900.00"),
        ("2026-11-11", "10000.00"),
        ("2030-01-01", "10000.00"),
    ],
)
def test_published_vector(day: str, amount: str) -> None:
    assert str(FINE.amount_on(date.fromisoformat(day))) == amount


def test_days_of_review_do_not_count() -> None:
    review = Exclusion(at("2026-10-11"), at("2026-10-21"), "行政复议（复议受理通知书〔2026〕8号）")
    fine = DailyFine(Decimal(10_000), FIRST, exclusions=(review,))
    assert fine.amount_on(date(2026, 10, 11)) == 900
    assert fine.amount_on(date(2026, 10, 21)) == 900
    assert fine.amount_on(date(2026, 10, 22)) == 1200


@pytest.mark.parametrize(("base", "amount"), [(FineBase.FULL_FINE, "1200.00"), (FineBase.UNPAID_REST, "840.00")])
def test_part_payment_by_either_reading(base: FineBase, amount: str) -> None:
    fine = DailyFine(Decimal(10_000), FIRST, base=base, payments=(Payment(date(2026, 10, 10), Decimal(6_000)),))
    assert str(fine.amount_on(date(2026, 10, 12))) == amount


def test_a_fine_paid_in_full_stops_growing_after_that_day() -> None:
    fine = DailyFine(Decimal(10_000), FIRST, payments=(Payment(date(2026, 10, 10), Decimal(10_000)),))
    assert fine.amount_on(date(2026, 12, 1)) == 600


def test_the_fen_is_rounded_once() -> None:
    assert str(DailyFine(Decimal("33.33"), FIRST).amount_on(FIRST)) == "1.00"


@pytest.mark.parametrize("amount", ["0", "-1", "NaN", "Infinity"])
def test_impossible_amounts_are_refused(amount: str) -> None:
    with pytest.raises(BadInput):
        DailyFine(Decimal(amount), FIRST)
    with pytest.raises(BadInput):
        Payment(FIRST, Decimal(amount))
