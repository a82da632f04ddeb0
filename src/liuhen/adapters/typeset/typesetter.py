"""Renders a document type and its data to PDF/A-2b.

Invariant: byte-identical for the same form, data, fonts and typesetter version, in every process: the document date comes
from the data, fonts only from the installed package, and data travels as JSON, so typesetting signs in it stay signs.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
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
        document = json.dumps(drawn(form, self._types[form], data), ensure_ascii=False)
        day = read_day(data.get("date"), f"{form}.date")
        return self._compile(form, document, datetime(day.year, day.month, day.day, tzinfo=UTC))

    def render_by(self, layout: bytes, form: str, data: Mapping[str, object]) -> bytes:
        """Give the PDF of one document as an agency's own layout draws it. Raises BadInput, LayoutRefused."""
        return self.render_alike(layout, form, [data]).pdf

    def render_alike(self, layout: bytes, form: str, several: Sequence[Mapping[str, object]]) -> OwnDrawing:
        """Draw variants of one document by an own layout in one go, to see what each changes. Raises as `render_by`."""
        if form not in self._types:
            raise BadInput(form, f"no such document type; there are {'、'.join(self._types)}")
        texts = [json.dumps(drawn(form, self._types[form], data), ensure_ascii=False) for data in several]
        return draw_own(layout, texts, read_day(several[0].get("date"), f"{form}.date"))

    def _compile(self, form: str, document: str, moment: datetime) -> bytes:
        layout = self._layouts / f"{self._types[form].layout}.typ"
        with self._turn:
            try:
                pdf = self._engine.compile(
                    input=str(layout),
                    format="pdf",
                    sys_inputs={"document": document},
                    pdf_standards="a-2b",
                    timestamp=moment,
                )
            except typst.TypstError as error:
                raise DocumentNotDrawn(f"{form}: the document could not be drawn: {error.message}") from error
        if not isinstance(pdf, bytes):
            raise DocumentNotDrawn(f"{form}: the typesetter gave no document; report this as a fault of Liuhen")
        return pdf
