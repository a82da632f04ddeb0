"""Renders a document type and its data to PDF/A-2b.

Invariant: byte-identical for the same form, data, fonts and typesetter version, in every process: the document date comes
from the data, fonts only from the installed package, and data travels as JSON, so typesetting signs in it stay signs.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from importlib.resources import files
from pathlib import Path
from threading import Lock

import typst

from liuhen.adapters.typeset.contract import drawn
from liuhen.adapters.typeset.dates import read_day
from liuhen.adapters.typeset.glyphs import font_folder
from liuhen.adapters.typeset.own_layout import OwnDrawing, draw_own
from liuhen.core.documents.model import DocumentType
from liuhen.core.kernel.errors import BadInput, LiuhenError


class DocumentNotDrawn(LiuhenError):
    """The layout could not draw data that kept the contract; the message carries what the typesetter said."""


class Typesetter:
    """One warm typesetting engine; threads take turns."""

    def __init__(self, types: Mapping[str, DocumentType]) -> None:
        self._types = types
        self._layouts = Path(str(files("liuhen.adapters.typeset").joinpath("forms")))
        self._turn = Lock()
        self._engine = typst.Compiler(
            root=self._layouts, font_paths=[str(font_folder())], ignore_system_fonts=True, sys_inputs={}
        )

    def render(self, form: str, data: Mapping[str, object]) -> bytes:
        """Give the PDF of one document; `form` is its Chinese type name, `data` keeps the contract in forms/README.md.

        Raises BadInput for an unknown form or data outside the contract, DocumentNotDrawn where the layout fails.
        """
        if form not in self._types:
            raise BadInput(form, f"no such document type; there are {'、'.join(self._types)}")
        document = drawn(form, self._types[form], data)
        day = read_day(data.get("date"), f"{form}.date")
        return self._compile(form, self._types[form].layout, document, day)

    def render_by(self, layout: bytes, form: str, data: Mapping[str, object]) -> bytes:
        """Give the PDF of one document as an agency's own layout draws it. Raises BadInput, LayoutRefused."""
        return self.render_alike(layout, form, [data]).pdf

    def render_alike(self, layout: bytes, form: str, several: Sequence[Mapping[str, object]]) -> OwnDrawing:
        """Draw variants of one document by an own layout in one go, to see what each changes. Raises as `render_by`."""
        if form not in self._types:
            raise BadInput(form, f"no such document type; there are {'、'.join(self._types)}")
        texts = [json.dumps(drawn(form, self._types[form], data), ensure_ascii=False) for data in several]
        return draw_own(layout, texts, read_day(several[0].get("date"), f"{form}.date"))

    def folios(self, first: int, count: int, day: date) -> bytes:
        """Give the page numbers from `first` on, each on an empty page, to be laid over the pages of a bound file."""
        data = {"first": first, "count": count, "date": [day.year, day.month, day.day]}
        return self._compile("页号", "folios", data, day)

    def _compile(self, form: str, name: str, document: Mapping[str, object], day: date) -> bytes:
        layout = self._layouts / f"{name}.typ"
        with self._turn:
            try:
                pdf = self._engine.compile(
                    input=str(layout),
                    format="pdf",
                    sys_inputs={"document": json.dumps(document, ensure_ascii=False)},
                    pdf_standards="a-2b",
                    timestamp=datetime(day.year, day.month, day.day, tzinfo=UTC),
                )
            except typst.TypstError as error:
                raise DocumentNotDrawn(f"{form}: the document could not be drawn: {error.message}") from error
        if not isinstance(pdf, bytes):
            raise DocumentNotDrawn(f"{form}: the typesetter gave no document; report this as a fault of Liuhen")
        return pdf
