"""Writing a workbook of one sheet: a head, and rows of texts.

Invariant: every cell is a text cell that is marked as such, so that no program takes “=…”, “+…” or “@…” for a formula, neither
on opening it nor after somebody edited the cell; what is read back is what was written.
"""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter

_AS_TEXT = "@"
_LINE = Side(style="thin", color="FFAAB3C0")
_BORDER = Border(left=_LINE, right=_LINE, top=_LINE, bottom=_LINE)


@dataclass(frozen=True, slots=True)
class SheetColumn:
    """A column: its title, and its width in characters of the program's standard font."""

    title: str
    width: int


def write_sheet(title: str, columns: Sequence[SheetColumn], rows: Sequence[Sequence[str]]) -> bytes:
    """Give an xlsx file with one sheet, ready to be printed: the head repeats on every page, nothing is cut off."""
    book = Workbook()
    sheet = book.active
    sheet.title = title
    for place, column in enumerate(columns, 1):
        sheet.column_dimensions[get_column_letter(place)].width = column.width
    for number, texts in enumerate([[column.title for column in columns], *rows], 1):
        for place, text in enumerate(texts, 1):
            _put(sheet.cell(number, place), text, head=number == 1)
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(columns))}{len(rows) + 1}"
    sheet.print_title_rows = "1:1"
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", "9"
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def _put(cell: Any, text: str, *, head: bool) -> None:
    # No form of ours lets control characters in; what came into the ledger by another way is marked, not lost.
    cell.value = ILLEGAL_CHARACTERS_RE.sub("\ufffd", text)
    cell.data_type = "s"
    cell.number_format = _AS_TEXT
    cell.quotePrefix = True
    cell.border = _BORDER
    cell.alignment = Alignment(wrap_text=True, vertical="center" if head else "top")
    if head:
        cell.font = Font(bold=True)
        cell.fill = PatternFill("solid", start_color="FFE9EEF6")
