"""The document types that come with Liuhen, and what is refused on disk, with file and line."""

from pathlib import Path

import pytest

from liuhen.adapters.packfiles.documents import read_documents, shipped_documents
from liuhen.core.kernel.errors import BadInput

# The types of reference standards 2.2, by code.
CORE = [
    "SRC",
    "FIL",
    "INA",
    "INN",
    "SIT",
    "ASK",
    "SAM",
    "REG",
    "MEA",
    "ENT",
    "COR",
    "REP",
    "REV",
    "NOT",
    "DEF",
    "HEA",
    "COL",
    "APP",
    "DEC",
    "DEL",
    "PAY",
    "URG",
    "TRF",
    "DIS",
    "CLO",
    "AVR",
]
# What clauses.tsv and the issue name, by name.
NAMED = [
    "立案审批表",
    "不予立案审批表",
    "勘验笔录",
    "调取证据通知书",
    "证据登记保存清单",
    "抽样取证通知书",
    "抽样取证清单",
    "先行登记保存证据处理决定书",
    "查封（扣押）决定书",
    "延长查封（扣押）期限决定书",
    "解除查封（扣押）决定书",
    "冻结决定书",
    "解除冻结决定书",
    "鉴定委托书",
    "权利告知书",
    "陈述申辩复核意见书",
    "行政处罚听证告知书",
    "听证通知书",
    "听证笔录",
    "听证报告",
    "专家论证意见",
    "不予行政处罚决定书",
    "当场行政处罚决定书",
    "送达公告",
    "整改复查记录",
    "催告书",
    "行政强制执行决定书",
    "代履行决定书",
    "强制执行申请书",
    "没收（涉案）物品处理清单",
    "音像记录中断情况说明",
    "拒绝签名情况说明",
    "卷宗封面",
    "卷内目录",
    "备考表",
]


def test_every_type_that_the_law_and_the_issue_name_is_there() -> None:
    types = shipped_documents()
    assert set(CORE) <= {kind.code for kind in types.values()}
    assert set(NAMED) <= types.keys()
    assert len(types) >= 45


def test_what_is_issued_to_the_party_bears_the_seal_and_a_number_of_its_own() -> None:
    issued = [kind for kind in shipped_documents().values() if kind.facing == "出具" and kind.layout == "notice"]
    assert [kind.name for kind in issued if not kind.sealed or not kind.character] == []


def test_what_is_written_on_site_is_signed_by_two_officers() -> None:
    records = [kind for kind in shipped_documents().values() if kind.layout == "record" and kind.facing == "取证"]
    officers = {kind.name: {sign.role: sign.least for sign in kind.signers}.get("执法人员", 0) for kind in records}
    assert {name for name, count in officers.items() if count < 2} == {"听证笔录"}, (
        "who investigates does not keep that one"
    )


@pytest.mark.parametrize(
    ("text", "place", "word"),
    [
        ("types: 1\n", "a.yaml:1", "list of document types"),
        ("kinds: []\n", "a.yaml:1", "list of document types"),
        (
            "types:\n  - {code: A, name: 甲, stage: 启动, layout: notice, facing: 出具}\n"
            "  - {code: B, name: 乙, stage: 启动, layout: poster, facing: 出具}\n",
            "a.yaml:3",
            "poster",
        ),
        (
            "types:\n  - code: A\n    name: 甲\n    stage: 启动\n    layout: notice\n    facing: 出具\n    font: 宋体\n",
            "a.yaml:7",
            "unknown key",
        ),
    ],
)
def test_a_fault_is_named_with_its_line(tmp_path: Path, text: str, place: str, word: str) -> None:
    (tmp_path / "a.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(BadInput) as refused:
        read_documents(tmp_path)
    assert refused.value.place == place and word in str(refused.value)
