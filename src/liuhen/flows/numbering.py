"""Numbers of cases and documents: 机关代字, 类型代字, 〔年〕, 序号, 号; taken in the transaction that uses them, so no gaps."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import F

from liuhen.records.index.models import NumberSeries


@dataclass(frozen=True, slots=True)
class FormKind:
    """What an agency settles for a form: whom it faces, and the character that stands for it in numbers, if it has one."""

    facing: str
    character: str = ""


# What issue 5 makes adaptable by each agency; the characters follow the habits in reference standards 2.4.
FORM_KINDS: dict[str, FormKind] = {
    "案件来源登记表": FormKind("内部"),
    "立案审批表": FormKind("内部"),
    "查封扣押审批表": FormKind("内部"),
    "案件调查终结报告": FormKind("内部"),
    "法制审核意见书": FormKind("内部"),
    "陈述申辩复核意见书": FormKind("内部"),
    "集体讨论记录": FormKind("内部"),
    "行政处罚决定审批表": FormKind("内部"),
    "罚款缴纳凭证登记": FormKind("内部"),
    "结案审批表": FormKind("内部"),
    "音像记录中断情况说明": FormKind("内部"),
    "音像记录说明": FormKind("内部"),
    "音像证据说明": FormKind("内部"),
    "现场检查笔录": FormKind("取证"),
    "询问笔录": FormKind("取证"),
    "陈述申辩笔录": FormKind("取证"),
    "查封（扣押）决定书": FormKind("出具", "查"),
    "查封（扣押）财物清单": FormKind("出具"),
    "行政处罚事先告知书": FormKind("出具", "告"),
    "行政处罚决定书": FormKind("出具", "罚"),
    "送达回证": FormKind("内部"),
}


def take_number(agency: str, prefix: str, character: str, at: datetime) -> str:
    """Take the next number of a series, such as 陵财罚〔2026〕3号; must run inside the transaction that uses it."""
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("a number is taken only inside the transaction that uses it, or it would leave a gap")
    series, _ = NumberSeries.objects.select_for_update().get_or_create(agency=agency, kind=character, year=at.year)
    NumberSeries.objects.filter(pk=series.pk).update(next=F("next") + 1)
    return f"{prefix}{character}〔{at.year}〕{series.next}号"
