"""A format as one file: read as it was written, and refused when anything is missing, more, or changed."""

import io
import json
import zipfile
from dataclasses import replace

import pytest

from liuhen.adapters.packfiles.documents import line_of, read_document_type, shipped_documents, write_document_type
from liuhen.adapters.packfiles.format_file import FormatFile, read_format, write_format
from liuhen.core.documents.model import DocumentType
from liuhen.core.kernel.errors import BadInput

FILE = FormatFile("code: COR\n", b"#data.title", "安禾市局", 3)


@pytest.mark.parametrize("file", [FILE, replace(FILE, layout=None)])
def test_what_is_read_is_what_was_written(file: FormatFile) -> None:
    assert read_format(write_format(file)) == file
    assert write_format(file) == write_format(file)


def changed(**parts: bytes | None) -> bytes:
    with zipfile.ZipFile(io.BytesIO(write_format(FILE))) as archive:
        found: dict[str, bytes | None] = {name: archive.read(name) for name in archive.namelist()}
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in (found | parts).items():
            if data is not None:
                archive.writestr(name, data)
    return written.getvalue()


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "打不开"),
        (b"PK\x03\x04nothing", "打不开"),
        (write_format(FILE)[:-30], "打不开"),
        (changed(**{"格式.yaml": b"code: XXX\n"}), "与摘要不符"),
        (changed(**{"版式.typ": None}), "不完整"),
        (changed(**{"说明.json": None}), "应当只有"),
        (changed(**{"../外面.txt": b"x"}), "应当只有"),
        (changed(**{"说明.json": b"[]"}), "不认识"),
        (changed(**{"说明.json": b"{"}), "不认识"),
        (changed(**{"格式.yaml": b"a" * 2_000_000}), "展开后超过"),
        (changed(**{"说明.json": json.dumps({"format": "x/9", "sha256": {}}).encode()}), "不认识"),
    ],
)
def test_what_is_not_whole_is_refused(data: bytes, sentence: str) -> None:
    with pytest.raises(BadInput, match=sentence):
        read_format(data)


@pytest.mark.parametrize("kind", shipped_documents().values(), ids=lambda kind: kind.code)
def test_every_type_is_written_as_yaml_and_read_back(kind: DocumentType) -> None:
    assert read_document_type(write_document_type(kind), "格式.yaml") == kind


def test_a_place_has_its_line() -> None:
    text = write_document_type(shipped_documents()["责令改正通知书"])
    line = text.splitlines()[line_of(text, "fields[1].label") - 1]
    assert shipped_documents()["责令改正通知书"].fields[1].label in line
    assert line_of(text, "fields[1].nothing") == line_of(text, "fields[1]")
