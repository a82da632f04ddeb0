"""清单导入: from the sheets of a workbook to the rows of a list, or to one sentence for every row that is not right.

Invariant: pure, and all or nothing: a list with a bad row is shown and compared, never taken; what is not taken from the
workbook (another sheet, a serial number, a formula's result) is said.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from liuhen.adapters.sheets.reading import Sheet, SheetCell, SheetRow
from liuhen.core.events.parts import ListEntry
from liuhen.core.kernel.errors import BadInput
from liuhen.flows.list_rows import COLUMNS, LIST, ListColumn, RowFault, cells_of, list_faults, read_entry

_BY_TITLE = {column.title: column for column in COLUMNS}
_TITLES = "、".join(_BY_TITLE)
_IGNORED = ("序号", "编号")
_HEAD_WITHIN = 10
_FEWEST_TITLES = 3
_BLANKS = re.compile(r"\s+")
_MOST_NOTES = 20


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row that is not right: its number in the sheet, and one sentence with column and remedy; 0 for the whole list."""

    number: int
    sentence: str


@dataclass(frozen=True, slots=True)
class ImportedList:
    """What a workbook holds: the rows, those that are not right, and what was left aside. `bad` empty: it may be taken."""

    sheet: str
    entries: tuple[ListEntry, ...]
    bad: tuple[BadRow, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Head:
    row: SheetRow
    columns: dict[int, ListColumn]


def read_list(sheets: Iterable[Sheet]) -> ImportedList:
    """Read the one sheet that holds a list. Raises BadInput where there is none, or its head is not right."""
    sheet, head, notes = _choose(tuple(sheets))
    numbers: list[int] = []
    entries: list[ListEntry] = []
    faults: dict[int, list[RowFault]] = {}
    for row in sheet.rows:
        if row.number <= head.row.number or _is_empty(row, head) or _is_head_again(row, head):
            continue
        entry, found = read_entry({column.field: _text(row, place) for place, column in head.columns.items()})
        found = (*_cell_faults(row, head), *found)
        if found:
            faults[row.number] = list(found)
        notes += _formulas(row, head)
        numbers.append(row.number)
        entries.append(entry)
    for place, fault in list_faults(entries, lambda place: f"第 {numbers[place]} 行"):
        faults.setdefault(0 if place is None else numbers[place], []).append(fault)
    return ImportedList(sheet.title, tuple(entries), tuple(_bad(faults)), tuple(_shortened(notes)))


def _bad(faults: dict[int, list[RowFault]]) -> Iterator[BadRow]:
    for number in sorted(faults):
        said = "；".join(dict.fromkeys(fault.say() for fault in faults[number]))
        yield BadRow(number, f"第 {number} 行{said}。" if number else f"{said}。")


def _shortened(notes: list[str]) -> list[str]:
    more = len(notes) - _MOST_NOTES
    return notes if more <= 0 else [*notes[:_MOST_NOTES], f"另有 {more} 处同类情况，请一并核对。"]


def _choose(sheets: tuple[Sheet, ...]) -> tuple[Sheet, _Head, list[str]]:
    """Choose the one visible sheet with a head; say which were left aside."""
    heads = [(sheet, row) for sheet in sheets if not sheet.hidden and (row := _head_row(sheet)) is not None]
    if not heads:
        raise BadInput("表头", f"没有找到表头，请在清单第一行写明各列的名称：{_TITLES}；也可以先导出一份作样表")
    if len(heads) > 1:
        names = "、".join(f"“{sheet.title}”" for sheet, _ in heads)
        raise BadInput("工作表", f"有 {len(heads)} 张工作表都像清单（{names}），请只留要导入的一张")
    chosen, row = heads[0]
    notes = [
        f"{'隐藏的' if sheet.hidden else ''}工作表“{sheet.title}”没有导入。"
        for sheet in sheets
        if sheet is not chosen and sheet.rows
    ]
    return chosen, _head(row), notes


def _head_row(sheet: Sheet) -> SheetRow | None:
    """Find the head among the first rows: a title or a note may stand above it."""
    for row in sheet.rows[:_HEAD_WITHIN]:
        if sum(_title(cell) in _BY_TITLE for cell in row.cells) >= _FEWEST_TITLES:
            return row
    return None


def _title(cell: SheetCell) -> str:
    return _BLANKS.sub("", cell.text)


def _head(row: SheetRow) -> _Head:
    columns: dict[int, ListColumn] = {}
    for place, cell in enumerate(row.cells):
        title = _title(cell)
        if not title or title in _IGNORED:
            continue
        if title not in _BY_TITLE:
            raise BadInput(
                "表头", f"第 {row.number} 行的“{title[:20]}”不是清单的列，请删去这一列或者改名；清单的列是{_TITLES}"
            )
        if _BY_TITLE[title] in columns.values():
            raise BadInput("表头", f"第 {row.number} 行有两列都叫“{title}”，请只留一列")
        columns[place] = _BY_TITLE[title]
    missing = [column.title for column in COLUMNS if column not in columns.values()]
    if missing:
        raise BadInput("表头", f"第 {row.number} 行缺少“{'”“'.join(missing)}”，请补上这些列（没有内容可以空着）")
    return _Head(row, columns)


def _text(row: SheetRow, place: int) -> str:
    return row.cells[place].text if place < len(row.cells) else ""


def _is_empty(row: SheetRow, head: _Head) -> bool:
    """Whether a row says nothing: at most its serial number."""
    ignored = {place for place, cell in enumerate(head.row.cells) if _title(cell) in _IGNORED}
    return not any(cell.text.strip() for place, cell in enumerate(row.cells) if place not in ignored)


def _is_head_again(row: SheetRow, head: _Head) -> bool:
    """Whether the head stands here once more, as on lists that were laid out page by page."""
    return all(_BLANKS.sub("", _text(row, place)) == column.title for place, column in head.columns.items())


def _cell_faults(row: SheetRow, head: _Head) -> Iterator[RowFault]:
    titled = {place for place, cell in enumerate(head.row.cells) if _title(cell)}
    for place, cell in enumerate(row.cells):
        column = head.columns.get(place)
        if column is not None and cell.kind == "fault":
            yield RowFault(column, f"是表格软件的错误值 {cell.text[:20]}，请改成文字")
        elif place not in titled and cell.text.strip():
            yield RowFault(
                None, f"在没有列名的第 {place + 1} 列写着“{cell.text.strip()[:20]}”，请移到清单的列里或者删去"
            )


def _formulas(row: SheetRow, head: _Head) -> list[str]:
    return [
        f"第 {row.number} 行“{column.title}”是公式，没有计算，按文字“{row.cells[place].text[:40]}”记入；要记结果，请先粘贴为数值。"
        for place, column in head.columns.items()
        if place < len(row.cells) and row.cells[place].kind == "formula"
    ]


def sheet_rows(entries: Sequence[ListEntry]) -> list[tuple[str, ...]]:
    """Give the rows as an export holds them."""
    return [cells_of(entry) for entry in entries]


def file_name(short_name: str, version: str) -> str:
    """Give the name under which a version is saved."""
    return f"{short_name}{LIST}（{version.replace(' ', '')}）.xlsx"
