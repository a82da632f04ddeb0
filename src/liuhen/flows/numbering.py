"""Numbers of cases and documents: 机关代字, 类型代字, 〔年〕, 序号, 号; taken in the transaction that uses them, so no gaps."""

from datetime import datetime

from django.db import transaction
from django.db.models import F

from liuhen.records.index.models import NumberSeries


def take_number(agency: str, prefix: str, character: str, at: datetime) -> str:
    """Take the next number of a series, such as 陵财罚〔2026〕3号; must run inside the transaction that uses it."""
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("a number is taken only inside the transaction that uses it, or it would leave a gap")
    series, _ = NumberSeries.objects.select_for_update().get_or_create(agency=agency, kind=character, year=at.year)
    NumberSeries.objects.filter(pk=series.pk).update(next=F("next") + 1)
    return f"{prefix}{character}〔{at.year}〕{series.next}号"
