"""Rows of a list: read as meant or refused with column and remedy; compared row by row; versions numbered once."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liuhen.core.events.parts import ListEntry
from liuhen.flows.list_rows import (
    COLUMNS,
    MOST_LETTERS,
    MOST_ROWS,
    Difference,
    clean,
    compare,
    entry_faults,
    list_faults,
    next_version,
    read_entry,
    read_keep,
)

ENTRY = ListEntry("无证经营", "询问", "录音", "告知与问答", "告知权利", "核对签字", "2 年", "行政处罚")
WORDS = st.sampled_from(["甲", "乙", "丙"])
ENTRIES = st.builds(ListEntry, matter=WORDS, link=WORDS, manner=WORDS, category=st.none() | WORDS, keep=st.just("2 年"))


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("2年", "2 年"),
        ("两年", "2 年"),
        ("三十年", "30 年"),
        ("二十五年", "25 年"),
        ("１０年", "10 年"),
        ("6个月", "6 个月"),
        ("30天", "30 日"),
        ("不少于2年", "不少于 2 年"),
        ("2 年以上", "不少于 2 年"),
        ("永久", "永久"),
        ("长期", "长期"),
        ("与案卷一致", "同案卷"),
        ("2年（作为证据的永久保存）", "2 年（作为证据的永久保存）"),
    ],
)
def test_a_term_of_keeping_has_one_spelling(typed: str, kept: str) -> None:
    assert read_keep(typed) == kept
    assert read_keep(kept) == kept


@pytest.mark.parametrize("typed", ["", "很久", "0 年", "1-3年", "十十年", "年", "2", "2 周", "2年3个月"])
def test_what_says_no_term_is_none(typed: str) -> None:
    assert read_keep(typed) is None


def test_a_row_is_brought_to_one_spelling() -> None:
    entry, faults = read_entry(
        {"matter": "\u3000无证经营 ", "link": "询\u200b问", "manner": "录音\r\n摄像", "keep": "2年", "starts": "  "}
    )
    assert faults == ()
    assert entry == ListEntry("无证经营", "询问", "录音\n摄像", keep="2 年")


@pytest.mark.parametrize(
    ("field", "text", "word"),
    [
        ("matter", "", "没有填写，请写明"),
        ("link", "\ufeff", "没有填写，请写明"),
        ("manner", " ", "没有填写，请写明"),
        ("matter", "事" * 201, "有 201 个字，超过 200 个，请精简"),
        ("content", "a\x00b", "控制字符，请删去"),
        ("content", "abc\u202etxt", "控制字符，请删去"),
        ("content", "\ud800", "控制字符，请删去"),
        ("keep", "很久", "写的是“很久”，看不出多长，请写成"),
    ],
)
def test_a_fault_names_column_and_remedy(field: str, text: str, word: str) -> None:
    said = {column.field: getattr(ENTRY, column.field) or "" for column in COLUMNS}
    _, faults = read_entry({**said, field: text})
    assert [fault.column.field if fault.column else "" for fault in faults] == [field]
    assert word in faults[0].say() and faults[0].say().startswith("“")


def test_what_a_program_sends_unclean_is_named() -> None:
    assert [fault.say() for fault in entry_faults(replace(ENTRY, matter=" 无证经营"))] == [
        "“执法事项”首尾有空白或者用了不规范的换行，请删去后重新输入"
    ]


def test_rare_characters_are_let_in() -> None:
    assert read_entry({"matter": "𬭼厂检查\U0002ebf0", "link": "检查", "manner": "摄像"})[1] == ()


def test_a_list_as_a_whole() -> None:
    assert [place for place, _ in list_faults([])] == [None]
    assert [(place, fault.say()) for place, fault in list_faults([ENTRY, replace(ENTRY, link="勘验"), ENTRY])] == [
        (2, "与第 1 行完全相同，请删去其中一行")
    ]
    many = [replace(ENTRY, matter=f"事项{number}") for number in range(MOST_ROWS + 1)]
    assert "超过 1000 行" in next(fault.say() for _, fault in list_faults(many))
    long = [replace(ENTRY, matter=f"事项{number}", content="字" * 1000) for number in range(MOST_LETTERS // 1000)]
    assert "个字，超过" in next(fault.say() for _, fault in list_faults(long))


def test_differences_name_what_became_of_each_row() -> None:
    old = (ENTRY, replace(ENTRY, link="勘验"), replace(ENTRY, link="送达"))
    new = (replace(ENTRY, link="送达"), ENTRY, replace(ENTRY, link="勘验", keep="永久"), replace(ENTRY, link="查封"))
    assert compare(old, new) == (
        Difference("moved", 0, 2),
        Difference("same", 1, 0),
        Difference("changed", 2, 1, ("keep",)),
        Difference("added", 3, None),
    )
    assert compare(new, old)[-1] == Difference("removed", None, 3)


def test_a_category_put_in_is_a_change_and_no_new_row() -> None:
    assert compare((replace(ENTRY, category=None),), (ENTRY,)) == (Difference("changed", 0, 0, ("category",)),)


@given(st.lists(ENTRIES, max_size=12), st.lists(ENTRIES, max_size=12))
def test_every_row_is_accounted_for_once(old: list[ListEntry], new: list[ListEntry]) -> None:
    found = compare(old, new)
    assert [item.place for item in found if item.place is not None] == list(range(len(new)))
    was = sorted(item.was for item in found if item.was is not None)
    assert was == list(range(len(old)))
    for item in found:
        if item.place is not None and item.was is not None:
            assert (new[item.place] == old[item.was]) == (item.change in ("same", "moved"))
    assert all(item.change == "same" for item in compare(new, new))


@given(st.text(max_size=30))
def test_cleaning_twice_changes_nothing(text: str) -> None:
    assert clean(clean(text)) == clean(text)


def test_a_version_is_numbered_once() -> None:
    assert next_version([], 2026) == "2026 年第 1 版"
    assert next_version(["2026 年第 1 版", "2026 年第 2 版"], 2026) == "2026 年第 3 版"
    assert next_version(["2026 年第 3 版", "试行版"], 2026) == "2026 年第 2 版"
    assert next_version(["2026 年第 2 版"], 2026) == "2026 年第 3 版"
    assert next_version(["2026 年第 1 版"], 2027) == "2027 年第 1 版"
