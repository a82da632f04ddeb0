"""Which layout draws which document type (文书类型), by its Chinese name.

Invariant: a type differs from another only in this table and in its data; the layouts know no type.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class Form:
    """One document type: the layout file that draws it, and whether it leaves a place for the agency's seal."""

    layout: str
    sealed: bool = False


FORMS: Mapping[str, Form] = MappingProxyType(
    {
        # internal approval forms (审批表)
        "案件来源登记表": Form("approval"),
        "立案审批表": Form("approval"),
        "查封扣押审批表": Form("approval"),
        "法制审核意见书": Form("approval"),
        "陈述申辩复核意见书": Form("approval"),
        "行政处罚决定审批表": Form("approval"),
        "罚款缴纳凭证登记": Form("approval"),
        "结案审批表": Form("approval"),
        # records made on the spot (笔录)
        "现场检查笔录": Form("record"),
        "询问笔录": Form("record"),
        "陈述申辩笔录": Form("record"),
        "集体讨论记录": Form("record"),
        # documents issued to the party
        "查封（扣押）决定书": Form("notice", sealed=True),
        "行政处罚事先告知书": Form("notice", sealed=True),
        "行政处罚决定书": Form("notice", sealed=True),
        "查封（扣押）财物清单": Form("listing", sealed=True),
        "送达回证": Form("receipt", sealed=True),
        # statements
        "案件调查终结报告": Form("inquiry"),
        "音像记录中断情况说明": Form("statement"),
        "音像记录说明": Form("listing"),
        "音像证据说明": Form("listing"),
        "合规说明书": Form("report", sealed=True),
        # the file itself
        "卷宗封面": Form("cover"),
        "卷内目录": Form("catalogue"),
        "备考表": Form("remarks"),
    }
)
