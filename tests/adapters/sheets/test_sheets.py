"""What comes out of a workbook, and that what is written is read back as it was."""

import io
from datetime import datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from liuhen.adapters.sheets.reading import SheetCell, read_sheets
from liuhen.adapters.sheets.writing import SheetColumn, write_sheet
from tests.adapters.sheets.files import workbook

DAY = datetime(2026, 3, 2)  # noqa: DTZ001 a cell's time has no zone
COLUMNS = (SheetColumn("执法类别", 12), SheetColumn("执法事项", 24))


def _first(value: Any) -> SheetCell:
    return read_sheets(workbook([[value]]))[0].rows[0].cells[0]


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        ("现场检查", SheetCell("现场检查")),
        (2, SheetCell("2")),
        (2.0, SheetCell("2")),
        (2.5, SheetCell("2.5")),
        (True, SheetCell("是")),
        (DAY, SheetCell("2026-03-02")),
        (DAY.replace(hour=9, minute=10), SheetCell("2026-03-02 09:10")),
        ('=HYPERLINK("http://192.0.2.1")', SheetCell('=HYPERLINK("http://192.0.2.1")', "formula")),
        ("#REF!", SheetCell("#REF!", "fault")),
    ],
)
def test_a_value_is_written_as_a_person_would(value: Any, cell: SheetCell) -> None:
    assert _first(value) == cell


def test_rows_keep_their_numbers_and_empty_ones_are_left_out() -> None:
    rows: list[list[Any]] = [["清单"], [None], ["", None], [None, "x", " "]]
    sheet = read_sheets(workbook(rows))[0]
    assert [(row.number, len(row.cells)) for row in sheet.rows] == [(1, 1), (4, 2)]


def test_a_merged_category_is_that_of_every_row_beside_it() -> None:
    def merge(book: Any) -> None:
        book.active.merge_cells("A2:A4")
        book.active.merge_cells("A1:B1")

    rows: list[list[Any]] = [
        ["音像记录事项清单"],
        ["行政检查", "现场检查"],
        [None, "询问"],
        [None, None],
        ["行政强制", "查封"],
    ]
    sheet = read_sheets(workbook(rows, change=merge))[0]
    said = {row.number: [cell.text for cell in row.cells] for row in sheet.rows}
    assert said[1] == ["音像记录事项清单"]
    assert [said[2][0], said[3], said[4], said[5][0]] == ["行政检查", ["行政检查", "询问"], ["行政检查"], "行政强制"]


def test_sheets_are_named_and_hidden_ones_known() -> None:
    def hide(book: Any) -> None:
        book.create_sheet("说明").sheet_state = "hidden"

    assert [(sheet.title, sheet.hidden) for sheet in read_sheets(workbook([["x"]], change=hide))] == [
        ("Sheet", False),
        ("说明", True),
    ]


@pytest.mark.parametrize(
    "text", ["=1+1", "+86", "-1", "@SUM(A1)", "\t=1", "=cmd|' /C calc'!A0", "'x", "1", "2026-03-02"]
)
def test_no_text_becomes_anything_else(text: str) -> None:
    data = write_sheet("清单", COLUMNS, [[text, "x"]])
    cell = load_workbook(io.BytesIO(data)).active["A2"]
    assert (cell.value, cell.data_type, cell.number_format, bool(cell.quotePrefix)) == (text, "s", "@", True)
    assert read_sheets(data)[0].rows[1].cells[0] == SheetCell(text)


def test_control_characters_are_marked_and_break_nothing() -> None:
    sheet = read_sheets(write_sheet("清单", COLUMNS, [["a\x00b", "x"]]))[0]
    assert sheet.rows[1].cells[0].text == "a\ufffdb"


texts = st.text(
    st.characters(exclude_categories=("Cc", "Cs"), include_characters="\n"), min_size=1, max_size=40
).filter(lambda text: text.strip() != "")


@settings(max_examples=60, deadline=None, derandomize=True)
@given(st.lists(st.tuples(texts, texts), max_size=8))
def test_what_is_written_is_read_back(rows: list[tuple[str, str]]) -> None:
    (sheet,) = read_sheets(write_sheet("音像记录事项清单", COLUMNS, rows))
    assert [tuple(cell.text for cell in row.cells) for row in sheet.rows] == [("执法类别", "执法事项"), *rows]
    assert {cell.kind for row in sheet.rows for cell in row.cells} == {"text"}
