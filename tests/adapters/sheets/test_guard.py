"""What is not let in: each danger by its name, and damage anywhere in a file."""

import io
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from liuhen.adapters.sheets.guard import LARGEST_FILE, LARGEST_UNPACKED, MOST_PARTS, check_container
from liuhen.adapters.sheets.reading import read_sheets
from liuhen.adapters.sheets.refusals import SheetRefused
from tests.adapters.sheets.files import RELATIONS, SHEET, part_of, with_parts, workbook

PLAIN = workbook([["执法类别", "执法事项"], ["行政检查", "现场检查"]])
_RELATION = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" '
    'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/{}" Target="{}" TargetMode="External"/>'
    "</Relationships>"
)


@pytest.mark.parametrize(
    ("part", "word"),
    [
        ("xl/vbaProject.bin", "宏"),
        ("XL/VBAPROJECT.BIN", "宏"),
        ("xl\\vbaProject.bin", "宏"),
        ("xl/macrosheets/sheet1.xml", "宏"),
        ("xl/activeX/activeX1.xml", "控件"),
        ("xl/externalLinks/externalLink1.xml", "链接"),
        ("xl/embeddings/oleObject1.bin", "嵌有"),
        ("xl/connections.xml", "外部数据"),
        ("xl/queryTables/queryTable1.xml", "外部数据"),
    ],
)
def test_more_than_a_table_is_refused(part: str, word: str) -> None:
    with pytest.raises(SheetRefused, match=word):
        read_sheets(with_parts(PLAIN, {part: b"<x/>"}))


def test_a_macro_type_without_a_macro_part_is_refused() -> None:
    types = part_of(PLAIN, "[Content_Types].xml").replace(
        b"spreadsheetml.sheet.main+xml", b"spreadsheetml.sheet.macroEnabled.main+xml"
    ).replace(b"application/vnd.openxmlformats-officedocument", b"application/vnd.ms-excel")  # fmt: skip
    with pytest.raises(SheetRefused, match="宏"):
        read_sheets(with_parts(PLAIN, {"[Content_Types].xml": types}))


@pytest.mark.parametrize("kind", ["image", "attachedTemplate", "oleObject", "externalLinkPath"])
def test_what_would_be_fetched_from_outside_is_refused(kind: str) -> None:
    relation = _RELATION.format(kind, "http://192.0.2.1/x").encode()
    with pytest.raises(SheetRefused, match="链接了别的文件"):
        read_sheets(with_parts(PLAIN, {RELATIONS: relation}))


def test_a_hyperlink_in_a_cell_is_let_in_and_not_followed() -> None:
    relation = _RELATION.format("hyperlink", "http://192.0.2.1/x").encode()
    assert read_sheets(with_parts(PLAIN, {RELATIONS: relation}))[0].rows[1].cells[1].text == "现场检查"


def test_printer_settings_are_harmless() -> None:
    assert read_sheets(with_parts(PLAIN, {"xl/printerSettings/printerSettings1.bin": b"\0\1"}))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_document_type_is_refused_in_any_encoding(encoding: str) -> None:
    bomb = f'<?xml version="1.0" encoding="{encoding}"?><!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'.encode(encoding)
    with pytest.raises(SheetRefused, match="声明"):
        read_sheets(with_parts(PLAIN, {"xl/sharedStrings.xml": bomb}))


def test_a_bomb_is_refused_before_it_is_unpacked() -> None:
    bomb = with_parts(PLAIN, {SHEET: b" " * (LARGEST_UNPACKED + 1)})
    assert len(bomb) < 100_000
    with pytest.raises(SheetRefused, match="展开后过大"):
        check_container(bomb)


def test_a_part_that_understates_its_size_gives_no_more_than_it_claims() -> None:
    honest = with_parts(PLAIN, {SHEET: b"<a>" + b" " * 5_000_000 + b"</a>"})
    lying = honest.replace((5_000_007).to_bytes(4, "little"), (10).to_bytes(4, "little"))
    assert lying != honest
    with pytest.raises(SheetRefused, match="损坏"):
        check_container(lying)


def test_too_large_too_many_twice_too_deep() -> None:
    with pytest.raises(SheetRefused, match="MB"):
        check_container(PLAIN + b"\0" * LARGEST_FILE)
    with pytest.raises(SheetRefused, match="结构不正常"):
        check_container(with_parts(PLAIN, {f"xl/x{number}.xml": b"<x/>" for number in range(MOST_PARTS)}))
    with pytest.raises(SheetRefused, match="结构不正常"):
        check_container(with_parts(PLAIN, {SHEET.upper(): b"<x/>"}))
    with pytest.raises(SheetRefused, match="结构不正常"):
        check_container(with_parts(PLAIN, {"xl/theme/theme1.xml": b"<a>" * 300 + b"</a>" * 300}))


@pytest.mark.parametrize(
    ("data", "word"),
    [
        (b"", "不是 xlsx"),
        ("执法类别,执法事项".encode(), "不是 xlsx"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 512, "旧版 xls"),
        (b"PK\x03\x04" + b"\0" * 100, "损坏"),
        (PLAIN[:-200], "损坏"),
    ],
)
def test_other_files_are_named(data: bytes, word: str) -> None:
    with pytest.raises(SheetRefused, match=word):
        read_sheets(data)


def test_another_office_file_is_named() -> None:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as container:
        container.writestr("[Content_Types].xml", "<Types/>")
        container.writestr("word/document.xml", "<x/>")
    with pytest.raises(SheetRefused, match="不是 xlsx"):
        read_sheets(written.getvalue())


@pytest.mark.parametrize("place", ["A6000", "BM2"])
def test_what_lies_far_off_is_refused_and_not_left_out(place: str) -> None:
    def far(book: object) -> None:
        book.active[place] = "远处"  # type: ignore[attr-defined]

    with pytest.raises(SheetRefused, match="还有内容"):
        read_sheets(workbook([["执法事项"]], change=far))


@settings(max_examples=150, deadline=None, derandomize=True)
@given(st.data())
def test_damage_is_refused_in_one_sentence_or_does_no_harm(data: st.DataObject) -> None:
    with zipfile.ZipFile(io.BytesIO(PLAIN)) as container:
        names = [name for name in container.namelist() if not name.startswith("docProps/")]
    name = data.draw(st.sampled_from(names))
    part = bytearray(part_of(PLAIN, name))
    for _ in range(data.draw(st.integers(1, 4))):
        part[data.draw(st.integers(0, len(part) - 1))] = data.draw(st.integers(32, 126))
    try:
        sheets = read_sheets(with_parts(PLAIN, {name: bytes(part)}))
    except SheetRefused as refusal:
        assert str(refusal).endswith("再导入") or "xlsx" in str(refusal)
    else:
        assert all(row.cells for sheet in sheets for row in sheet.rows)
