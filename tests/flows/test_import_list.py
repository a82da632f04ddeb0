"""A workbook becomes a list, or one sentence for every row that is not right; what is left aside is said."""

from typing import Any

import pytest

from liuhen.adapters.sheets.reading import read_sheets
from liuhen.core.kernel.errors import BadInput
from liuhen.flows.import_list import ImportedList, read_list
from liuhen.flows.list_rows import COLUMNS
from tests.adapters.sheets.files import workbook

TITLES = [column.title for column in COLUMNS]
GOOD = ["行政检查", "经营检查", "现场检查", "摄像", "到达现场", "现场环境", "离开现场", "2 年"]


def _read(*rows: Any, **more: Any) -> ImportedList:
    return read_list(read_sheets(workbook(rows, **more)))


def test_columns_in_any_order_under_a_title_with_serial_numbers() -> None:
    head = ["序号", *reversed(TITLES)]
    head[3] = "记录\n内容"
    found = _read(
        ["某某局音像记录事项清单（2026）"],
        [],
        head,
        [1, *reversed(GOOD)],
        head,
        [2],
        [3, *reversed([*GOOD[:7], "永久"])],
    )
    assert (found.bad, found.notes, [entry.keep for entry in found.entries]) == ((), (), ["2 年", "永久"])
    assert found.entries[0].category == "行政检查" and found.entries[0].ends == "离开现场"


def test_a_merged_category_counts_for_its_rows() -> None:
    def merge(book: Any) -> None:
        book.active.merge_cells("A2:A3")

    found = _read(TITLES, GOOD, [None, "另一事项", *GOOD[2:]], change=merge)
    assert [entry.category for entry in found.entries] == ["行政检查", "行政检查"]


def test_one_sentence_for_each_bad_row() -> None:
    found = _read(
        TITLES,
        GOOD,
        ["行政检查", "", "送达", "", "", "", "", "很久"],
        GOOD,
        ["行政检查", "事项", "送达", "#REF!", "", "", "", ""],
        [*GOOD[:2], "复查", *GOOD[3:], "多出来的"],
    )
    assert [row.number for row in found.bad] == [3, 4, 5, 6]
    said = [row.sentence for row in found.bad]
    assert (
        said[0].startswith("第 3 行“执法事项”没有填写，请写明") and said[0].count("。") == 1 and "“记录方式”" in said[0]
    )
    assert said[1] == "第 4 行与第 2 行完全相同，请删去其中一行。"
    assert "“记录方式”是表格软件的错误值 #REF!，请改成文字" in said[2]
    assert "在没有列名的第 9 列写着“多出来的”" in said[3]


def test_formulas_are_text_and_said_to_be() -> None:
    found = _read(TITLES, ["行政检查", "=A1&B1", *GOOD[2:]])
    assert (found.bad, found.entries[0].matter) == ((), "=A1&B1")
    assert found.notes[0].startswith("第 2 行“执法事项”是公式，没有计算")


def test_many_notes_are_summed_up() -> None:
    found = _read(TITLES, *(["行政检查", f"=A{number}", *GOOD[2:]] for number in range(40)))
    assert len(found.notes) == 21 and found.notes[-1].startswith("另有 20 处")


def test_other_sheets_are_said_to_be_left_aside() -> None:
    def more(book: Any) -> None:
        book.create_sheet("说明")["A1"] = "填写说明"
        hidden = book.create_sheet("旧清单")
        hidden.append(TITLES)
        hidden.sheet_state = "hidden"
        book.create_sheet("空表")

    assert _read(TITLES, GOOD, change=more).notes == ("工作表“说明”没有导入。", "隐藏的工作表“旧清单”没有导入。")


@pytest.mark.parametrize(
    ("rows", "word"),
    [
        ([["甲"], ["乙"]], "没有找到表头"),
        ([TITLES[:-1], GOOD[:-1]], "缺少“存储期限”"),
        ([[*TITLES, "备注"], GOOD], "“备注”不是清单的列"),
        ([[*TITLES, TITLES[0]], GOOD], "有两列都叫“执法类别”"),
    ],
)
def test_a_head_that_is_not_right_is_named(rows: list[list[str]], word: str) -> None:
    with pytest.raises(BadInput, match=word):
        _read(*rows)


def test_two_lists_in_one_workbook_are_not_guessed_at() -> None:
    def twice(book: Any) -> None:
        book.create_sheet("又一张").append(TITLES)

    with pytest.raises(BadInput, match="都像清单"):
        _read(TITLES, GOOD, change=twice)


def test_a_list_without_rows_is_refused() -> None:
    assert [row.sentence for row in _read(TITLES).bad] == ["清单里一行也没有，请至少写一行。"]
