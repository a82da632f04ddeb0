"""Numbers of cases and documents: taken from their series in the transaction that uses them, so no gaps."""

from datetime import datetime

from django.db import transaction

from liuhen.core.documents.numbers import Number
from liuhen.core.kernel.moments import SHANGHAI
from liuhen.records.index.models import NumberSeries


def take_number(agency: str, prefix: str, character: str, at: datetime) -> str:
    """Take the next number of a series, such as 陵财罚〔2026〕3号; must run inside the transaction that uses it."""
    return take_numbers(agency, prefix, character, at, 1)[0].say()


def foresee_number(agency: str, prefix: str, character: str, at: datetime) -> str:
    """Give the number that would be taken now; whoever uses it must look again where it is taken."""
    year = at.astimezone(SHANGHAI).year
    found = NumberSeries.objects.filter(agency=agency, kind=character, year=year).values_list("next", flat=True).first()
    return Number(prefix, character, year, found or 1).say()


def take_numbers(agency: str, prefix: str, character: str, at: datetime, count: int) -> tuple[Number, ...]:
    """Take the next `count` numbers of a series, without others between them; inside the transaction that uses them."""
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("a number is taken only inside the transaction that uses it, or it would leave a gap")
    year = at.astimezone(SHANGHAI).year
    series, _ = NumberSeries.objects.select_for_update().get_or_create(agency=agency, kind=character, year=year)
    first = series.next
    series.next = first + count
    series.save(update_fields=["next"])
    return tuple(Number(prefix, character, year, first + place) for place in range(count))
