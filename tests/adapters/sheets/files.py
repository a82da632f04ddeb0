"""Workbooks to try the door with: plain ones made by openpyxl, and containers changed part by part."""

import io
import zipfile
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from openpyxl import Workbook

SHEET = "xl/worksheets/sheet1.xml"
RELATIONS = "xl/worksheets/_rels/sheet1.xml.rels"


def workbook(rows: Sequence[Sequence[Any]], *, change: Callable[[Workbook], None] | None = None) -> bytes:
    """Save rows as the first sheet of a workbook."""
    book = Workbook()
    for row in rows:
        book.active.append(list(row))
    if change is not None:
        change(book)
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def with_parts(data: bytes, parts: Mapping[str, bytes | None]) -> bytes:
    """Give a container with some parts put in or (None) taken out."""
    written = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as old,
        zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for part in old.infolist():
            if part.filename not in parts:
                new.writestr(part, old.read(part))
        for name, content in parts.items():
            if content is not None:
                new.writestr(name, content)
    return written.getvalue()


def part_of(data: bytes, name: str) -> bytes:
    """Give one part of a container."""
    with zipfile.ZipFile(io.BytesIO(data)) as container:
        return container.read(name)
