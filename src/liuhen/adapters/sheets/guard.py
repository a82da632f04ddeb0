"""The guard at the door of spreadsheets: what is in the container, before any library opens it.

Invariant: nothing gets past that holds a program, a link to another file, a document type declaration, or more bytes than
`LARGEST_UNPACKED` once unpacked; nothing is unpacked to disk, and no size that a file claims for itself is trusted unread.
Spec: ECMA-376 parts 1 and 2 (Office Open XML, Open Packaging Conventions).
"""

import io
import re
import zipfile
import zlib
from dataclasses import dataclass, field
from typing import Any
from xml.parsers import expat

from liuhen.adapters.sheets.refusals import SheetRefused

LARGEST_FILE = 2_000_000
LARGEST_UNPACKED = 30_000_000
MOST_PARTS = 300
LAST_ROW = 5000
LAST_COLUMN = 64
MOST_MERGES = 5000
_DEEPEST = 200
_OLD_OR_LOCKED = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_PACKED = b"PK\x03\x04"

# What a part is called, and why a workbook that has it is refused. The names of parts are compared without their case.
_UNWANTED: tuple[tuple[str, str], ...] = (
    (
        r"vbaproject|/vba|/macrosheets/|/activex|/customui",
        "含有宏或者控件，请在表格软件里另存为不带宏的“Excel 工作簿（.xlsx）”",
    ),
    (r"/externallinks/", "链接了别的文件，请在“数据—编辑链接”里断开链接，保存后再导入"),
    (r"/embeddings/|\.bin$", "嵌有别的文件，请删去后保存再导入"),
    (r"/connections\.xml$|/querytables/", "连接了外部数据，请删去连接，把内容粘贴为数值后再导入"),
)
_HARMLESS = re.compile(r"/printersettings/printersettings\d+\.bin$")
_PICTURES = re.compile(r"/xl/media/[^/]+$|/docprops/thumbnail\.\w+$")
_MACRO_TYPES = ("macroenabled", "vbaproject", "ms-excel.sheet.binary")
_RELATIONSHIP, _MERGE, _ROW, _CELL, _VALUES = "Relationship", "mergeCell", "row", "c", ("v", "is", "f")


@dataclass(frozen=True, slots=True)
class Checked:
    """A container that may be opened: its bytes, and the merged ranges (A2:A5) of each part that is a sheet."""

    data: bytes
    merges: dict[str, tuple[str, ...]]


def check_container(data: bytes) -> Checked:
    """Look through a container. Raises SheetRefused."""
    if len(data) > LARGEST_FILE:
        raise SheetRefused(f"文件超过 {LARGEST_FILE // 1_000_000} MB，不像是一份清单；请只留清单一张工作表后再导入")
    if data.startswith(_OLD_OR_LOCKED):
        raise SheetRefused("这是旧版 xls 表格，或者加了打开密码；请去掉密码，另存为“Excel 工作簿（.xlsx）”后再导入")
    if not data.startswith(_PACKED):
        raise SheetRefused("这不是 xlsx 表格；请用表格软件打开，另存为“Excel 工作簿（.xlsx）”后再导入")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as container:
            return Checked(data, _look_through(container))
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError, OSError):
        raise SheetRefused("xlsx 文件已经损坏，读不出来；请用表格软件打开修复，另存后再导入") from None


def _look_through(container: zipfile.ZipFile) -> dict[str, tuple[str, ...]]:
    parts = container.infolist()
    names = [f"/{part.filename.replace(chr(92), '/').lower().lstrip('/')}" for part in parts]
    if len(parts) > MOST_PARTS or len(set(names)) < len(names):
        raise SheetRefused("xlsx 文件的内部结构不正常；请把清单复制到一张新表格里，另存后再导入")
    if "/[content_types].xml" not in names or not any(name.startswith("/xl/workbook.") for name in names):
        raise SheetRefused("这个文件不是 xlsx 表格；请用表格软件打开，另存为“Excel 工作簿（.xlsx）”后再导入")
    for name in names:
        _require_wanted(name)
    # ZipFile gives no more bytes of a part than its header claims, so the claims can be added up beforehand.
    if sum(part.file_size for part in parts) > LARGEST_UNPACKED:
        raise SheetRefused("xlsx 文件展开后过大，不像是一份清单；请把清单复制到一张新表格里，另存后再导入")
    merges: dict[str, tuple[str, ...]] = {}
    for part, name in zip(parts, names, strict=True):
        if not part.is_dir() and not _PICTURES.search(name) and not _HARMLESS.search(name):
            found = _read_part(container.read(part))
            if found:
                merges[name.lstrip("/")] = found
    return merges


def _require_wanted(name: str) -> None:
    if _HARMLESS.search(name):
        return
    for pattern, sentence in _UNWANTED:
        if re.search(pattern, name):
            raise SheetRefused(f"表格{sentence}")


@dataclass(slots=True)
class _Part:
    """What is noticed while one part is read."""

    merges: list[str] = field(default_factory=list)
    depth: int = 0
    row: int = 0
    column: int = 0

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self.depth += 1
        if self.depth > _DEEPEST:
            raise SheetRefused("xlsx 文件的内部结构不正常；请把清单复制到一张新表格里，另存后再导入")
        name = tag.rpartition(":")[2]
        if name == _RELATIONSHIP:
            _require_inside(attributes)
        elif name in ("Override", "Default"):
            _require_plain_type(attributes)
        elif name == _MERGE and len(self.merges) < MOST_MERGES:
            self.merges.append(attributes.get("ref", ""))
        elif name == _ROW:
            self.row, self.column = _number(attributes.get("r"), self.row + 1), 0
        elif name == _CELL:
            self.column = _column(attributes.get("r", ""), self.column + 1)
        elif name in _VALUES:
            _require_within(self.row, self.column)

    def end(self, tag: str) -> None:
        self.depth -= 1


def _number(text: str | None, otherwise: int) -> int:
    return int(text) if text and text.isascii() and text.isdecimal() and len(text) < 10 else otherwise


def _column(place: str, otherwise: int) -> int:
    """Give the column of a place such as AB12, counted from 1."""
    letters = place.rstrip("0123456789")
    if not (letters.isascii() and letters.isalpha() and len(letters) < 8):
        return otherwise
    column = 0
    for letter in letters.upper():
        column = column * 26 + ord(letter) - ord("A") + 1
    return column


def _require_within(row: int, column: int) -> None:
    """What lies outside is refused, so that nothing of a sheet is left out in silence."""
    if row > LAST_ROW:
        raise SheetRefused(f"第 {row} 行还有内容，超过 {LAST_ROW} 行的表格不能导入；请删去清单以外的行后再导入")
    if column > LAST_COLUMN:
        raise SheetRefused(f"第 {column} 列还有内容，超过 {LAST_COLUMN} 列的表格不能导入；请删去清单以外的列后再导入")


def _require_inside(attributes: dict[str, str]) -> None:
    """A hyperlink may lead outside (it is never followed); whatever else does would bring another file in."""
    kind = attributes.get("Type", "").rpartition("/")[2]
    if attributes.get("TargetMode", "").lower() == "external" and kind != "hyperlink":
        raise SheetRefused("表格链接了别的文件，请在“数据—编辑链接”里断开链接，保存后再导入")


def _require_plain_type(attributes: dict[str, str]) -> None:
    kind = attributes.get("ContentType", "").lower()
    if any(word in kind for word in _MACRO_TYPES):
        raise SheetRefused("表格含有宏，请在表格软件里另存为不带宏的“Excel 工作簿（.xlsx）”")


def _read_part(data: bytes) -> tuple[str, ...]:
    part = _Part()
    parser = expat.ParserCreate()
    parser.StartElementHandler = part.start
    parser.EndElementHandler = part.end
    parser.StartDoctypeDeclHandler = _refuse_declaration
    try:
        parser.Parse(data, True)
    except expat.ExpatError:
        raise SheetRefused("xlsx 文件已经损坏，读不出来；请用表格软件打开修复，另存后再导入") from None
    return tuple(part.merges)


def _refuse_declaration(*_: Any) -> None:
    raise SheetRefused("xlsx 文件里有不应出现的声明，可能不是表格软件保存的；请用表格软件打开，另存后再导入")
