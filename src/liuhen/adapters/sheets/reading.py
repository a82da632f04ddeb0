"""Reading a workbook as texts: rows of cells with their numbers, nothing computed, nothing followed.

Invariant: a formula comes out as its own text, never as a result; what cannot be read is refused, never left out in silence.
"""

import io
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Literal

import openpyxl
from openpyxl.utils.cell import range_boundaries

from liuhen.adapters.sheets.guard import LAST_COLUMN, LAST_ROW, check_container
from liuhen.adapters.sheets.refusals import SheetRefused

MOST_SHEETS = 50
CellKind = Literal["text", "formula", "fault"]


@dataclass(frozen=True, slots=True)
class SheetCell:
    """A cell as text; a `formula` is its own text, a `fault` what the program showed instead of a value (#REF!)."""

    text: str
    kind: CellKind = "text"


@dataclass(frozen=True, slots=True)
class SheetRow:
    """A row that holds something: its number as the program shows it, and its cells up to the last that says something."""

    number: int
    cells: tuple[SheetCell, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet by its name; empty rows are left out."""

    title: str
    hidden: bool
    rows: tuple[SheetRow, ...]


_EMPTY = SheetCell("")
# What openpyxl raises for a container that is well-formed and yet no workbook: its own readers take everything on trust.
_UNREADABLE = (
    ArithmeticError,
    AttributeError,
    EOFError,
    LookupError,
    OSError,
    RuntimeError,
    SyntaxError,
    TypeError,
    ValueError,
    zipfile.BadZipFile,
    zlib.error,
)


def read_sheets(data: bytes) -> tuple[Sheet, ...]:
    """Read every sheet of an xlsx file. Raises SheetRefused."""
    checked = check_container(data)
    try:
        book = openpyxl.load_workbook(io.BytesIO(checked.data), read_only=True, data_only=False, keep_links=False)
        if len(book.worksheets) > MOST_SHEETS:
            raise SheetRefused(f"表格里有 {MOST_SHEETS} 张以上的工作表；请只留清单所在的一张后再导入")
        return tuple(_sheet(sheet, checked.merges) for sheet in book.worksheets)
    except _UNREADABLE:
        raise SheetRefused("xlsx 文件已经损坏，读不出来；请用表格软件打开修复，另存后再导入") from None


def _sheet(sheet: Any, merges: dict[str, tuple[str, ...]]) -> Sheet:
    sheet.reset_dimensions()  # what a sheet says of its own size may be wrong
    cells = sheet.iter_rows(max_row=LAST_ROW, max_col=LAST_COLUMN)
    rows = {number: [_cell(cell) for cell in row] for number, row in enumerate(cells, 1)}
    path = str(sheet._worksheet_path).lower().lstrip("/")
    _spread(rows, merges.get(path, ()))
    return Sheet(sheet.title, sheet.sheet_state != "visible", tuple(_filled(rows)))


def _cell(cell: Any) -> SheetCell:
    value = cell.value
    if value is None:
        return _EMPTY
    if cell.data_type == "e":
        return SheetCell(str(value), "fault")
    if cell.data_type == "f":
        # An array formula is an object that carries its text.
        return SheetCell(str(getattr(value, "text", value)), "formula")
    return SheetCell(_say(value))


def _say(value: Any) -> str:
    """Write a value as a person would type it; the look that a program gives to numbers is not followed."""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, datetime):
        whole_day = value.time() == time()
        return f"{value:%Y-%m-%d}" if whole_day else f"{value:%Y-%m-%d %H:%M}"
    if isinstance(value, (date, time, timedelta)):
        return str(value)
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    return str(value)


def _spread(rows: dict[int, list[SheetCell]], merges: Iterable[str]) -> None:
    """Give the text of a merged cell to every row it spans: a category that stands beside five rows is that of all five."""
    for merged in merges:
        left, top, right, bottom = range_boundaries(merged)
        if not (left and top and right and bottom) or left != right or top not in rows:
            continue
        cells = rows[top]
        said = cells[left - 1] if left <= len(cells) else _EMPTY
        for number in range(top + 1, min(bottom, LAST_ROW) + 1):
            below = rows.setdefault(number, [])
            below.extend([_EMPTY] * (left - len(below)))
            below[left - 1] = said


def _filled(rows: dict[int, list[SheetCell]]) -> Iterator[SheetRow]:
    for number in sorted(rows):
        cells = rows[number]
        while cells and not cells[-1].text.strip():
            cells.pop()
        if cells:
            yield SheetRow(number, tuple(cells))
