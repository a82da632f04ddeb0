"""Where on a document the seal goes.

Invariant: the seal lands where the form left room for it, which the form says by the named destination "seal"; a document
without one is sealed at the bottom right of its last page.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from pyhanko.pdf_utils.generic import DictionaryObject, IndirectObject, PdfObject
from pyhanko.pdf_utils.reader import PdfFileReader

from liuhen.core.kernel.errors import BadInput

DESTINATION = "seal"
# 42 mm, the diameter of a county agency's seal, in points.
DIAMETER = 42 / 25.4 * 72
_MARGIN = 25 / 25.4 * 72


@dataclass(frozen=True, slots=True)
class Place:
    """A page, counted from 0, and the square on it: left, bottom, right, top in points from the page's lower left corner."""

    page: int
    box: tuple[int, int, int, int]


def seal_place(reader: PdfFileReader) -> Place:
    """Give the square for the next seal; each signature already there moves it one diameter to the left.

    Raises BadInput for a document without pages.
    """
    pages = list(_pages(reader.root.raw_get("/Pages")))
    if not pages:
        raise BadInput("document", "it has no pages; render it again")
    page, left, top = _named(reader, pages) or _last(pages)
    left -= DIAMETER * len(reader.embedded_signatures)
    box = (max(left, 0.0), top - DIAMETER, max(left, 0.0) + DIAMETER, top)
    return Place(page, (round(box[0]), round(box[1]), round(box[2]), round(box[3])))


def _named(reader: PdfFileReader, pages: list[IndirectObject]) -> tuple[int, float, float] | None:
    names = _child(_child(reader.root, "/Names"), "/Dests")
    for name, target in _leaves(names):
        if name != DESTINATION:
            continue
        if isinstance(target, DictionaryObject):
            target = target["/D"]
        numbers = [page.idnum for page in pages]
        return numbers.index(target.raw_get(0).idnum), float(target[2]), float(target[3])
    return None


def _last(pages: list[IndirectObject]) -> tuple[int, float, float]:
    page: Any = pages[-1].get_object()  # type: ignore[no-untyped-call]
    while "/MediaBox" not in page:
        page = page["/Parent"]
    return len(pages) - 1, float(page["/MediaBox"][2]) - _MARGIN - DIAMETER, _MARGIN + DIAMETER


def _child(node: Any, key: str) -> Any:
    return node[key] if isinstance(node, DictionaryObject) and key in node else None


def _leaves(node: PdfObject | None) -> Iterator[tuple[str, Any]]:
    """Walk a name tree. Spec: ISO 32000-1 section 7.9.6."""
    names = _child(node, "/Names") or ()
    for n in range(0, len(names), 2):
        yield str(names[n]), names[n + 1]
    for kid in _child(node, "/Kids") or ():
        yield from _leaves(kid)


def _pages(reference: IndirectObject) -> Iterator[IndirectObject]:
    node: Any = reference.get_object()  # type: ignore[no-untyped-call]
    if "/Kids" not in node:
        yield reference
        return
    kids = node["/Kids"]
    for n in range(len(kids)):
        yield from _pages(kids.raw_get(n))
