"""A whole file (卷宗) bound into one PDF/A-2b, with page numbers through it and a bookmark for every document.

Invariant: what is bound is a copy to read. Every page shows what it shows by itself, seals and signatures included, but no
signature is carried over: none could cover a page that now stands among others.
"""

import io
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import pikepdf
from pikepdf import Dictionary, Name, OutlineItem, Pdf

from liuhen.core.kernel.errors import BadInput

_FOLIO = Name("/LiuhenFolio")
# Draws page numbers from a first one: so many empty pages with a number each.
Folios = Callable[[int, int], bytes]


@dataclass(frozen=True, slots=True)
class Part:
    """A document to bind. `numbered`: its pages count in the file; covers and lists of contents do not."""

    title: str
    pdf: bytes
    numbered: bool = True


def bind(parts: Iterable[Part], title: str, folios: Folios) -> tuple[bytes, int]:
    """Bind documents in their order and give the PDF and how many numbered pages it has; `parts` are taken one by one.

    Raises BadInput naming the document that is no readable PDF.
    """
    with Pdf.new() as whole:
        marks: list[tuple[str, int]] = []
        numbered: list[int] = []
        for part in parts:
            first = len(whole.pages)
            _append(whole, part)
            marks.append((part.title, first))
            if part.numbered:
                numbered += range(first, len(whole.pages))
        _number(whole, numbered, folios)
        with whole.open_outline() as outline:
            outline.root.extend(OutlineItem(said, page) for said, page in marks)
        _declare(whole, title)
        output = io.BytesIO()
        whole.save(output, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
        return output.getvalue(), len(numbered)


def _append(whole: Pdf, part: Part) -> None:
    try:
        with Pdf.open(io.BytesIO(part.pdf)) as own:
            own.flatten_annotations("all")
            if "/OutputIntents" not in whole.Root and "/OutputIntents" in own.Root:
                whole.Root.OutputIntents = whole.copy_foreign(own.make_indirect(own.Root.OutputIntents))
            whole.pages.extend(own.pages)
    except pikepdf.PdfError as error:
        raise BadInput(part.title, f"不是可读的 PDF（{error}）；请重新生成这份文书后再装订") from error


def _number(whole: Pdf, numbered: list[int], folios: Folios) -> None:
    if not numbered:
        return
    with Pdf.open(io.BytesIO(folios(1, len(numbered)))) as numbers:
        for place, number in zip(numbered, numbers.pages, strict=True):
            page = whole.pages[place]
            # Under a name of our own, for the library's overlays have random ones.
            page.add_resource(whole.copy_foreign(number.as_form_xobject()), Name.XObject, _FOLIO)
            page.contents_add(b"q", prepend=True)
            page.contents_add(b"Q /Artifact BMC q %s Do Q EMC" % str(_FOLIO).encode())


def _declare(whole: Pdf, title: str) -> None:
    whole.Root.ViewerPreferences = Dictionary(DisplayDocTitle=True)
    whole.Root.PageMode = Name.UseOutlines
    with whole.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as metadata:
        metadata["dc:title"] = title
        metadata["pdfaid:part"] = "2"
        metadata["pdfaid:conformance"] = "B"
