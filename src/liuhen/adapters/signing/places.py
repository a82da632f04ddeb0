"""Where on a document the seal and the hands go.

Invariant: seal and hands land where the form left room for them, which it says by the named destinations "seal", "sign-<n>" and,
beside what was changed, "fix-<n>". A document without a seal place is sealed at the bottom right of its last page; a hand goes
nowhere else.
"""

import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from pyhanko.pdf_utils.generic import DictionaryObject, IndirectObject, PdfObject
from pyhanko.pdf_utils.reader import PdfFileReader

from liuhen.core.kernel.errors import BadInput

DESTINATION = "seal"
HAND_DESTINATION = "sign-"
FIX_DESTINATION = "fix-"
# 42 mm, the diameter of a county agency's seal, in points.
DIAMETER = 42 / 25.4 * 72
_MARGIN = 25 / 25.4 * 72


@dataclass(frozen=True, slots=True)
class Place:
    """A page, counted from 0, and the square on it: left, bottom, right, top in points from its lower left corner."""

    page: int
    box: tuple[int, int, int, int]


@dataclass(frozen=True, slots=True)
class HandPlace:
    """A page, counted from 0, and the left end of a signature line on it, in points from its lower left corner."""

    page: int
    left: float
    line: float


def seal_place(reader: PdfFileReader) -> Place:
    """Give the square for the next seal; each signature already there moves it one diameter to the left.

    Raises BadInput for a document without pages.
    """
    pages = document_pages(reader)
    if not pages:
        raise BadInput("document", "it has no pages; render it again")
    page, left, top = dict(_destinations(reader, pages)).get(DESTINATION) or _last(pages)
    left -= DIAMETER * len(reader.embedded_signatures)
    box = (max(left, 0.0), top - DIAMETER, max(left, 0.0) + DIAMETER, top)
    return Place(page, (round(box[0]), round(box[1]), round(box[2]), round(box[3])))


def hand_places(reader: PdfFileReader) -> dict[int, HandPlace]:
    """Give the signature lines of a document by the number of the signature, counted from 0."""
    return _numbered(reader, HAND_DESTINATION)


def fix_places(reader: PdfFileReader) -> dict[int, HandPlace]:
    """Give the squares beside the changes of a document by the number of the change, counted from 1; `line` is their foot."""
    return _numbered(reader, FIX_DESTINATION)


def _numbered(reader: PdfFileReader, prefix: str) -> dict[int, HandPlace]:
    found = _destinations(reader, document_pages(reader))
    return {
        int(name.removeprefix(prefix)): HandPlace(*spot)
        for name, spot in found
        if name.startswith(prefix) and name.removeprefix(prefix).isdecimal()
    }


def numbers_of_hands(pdf: bytes) -> frozenset[int]:
    """Give the numbers of the signatures for which a document leaves a line."""
    return frozenset(hand_places(PdfFileReader(io.BytesIO(pdf))))


def document_pages(reader: PdfFileReader) -> list[IndirectObject]:
    """Give the references to the pages of a document, in order."""
    return list(_pages(reader.root.raw_get("/Pages")))


def _destinations(reader: PdfFileReader, pages: list[IndirectObject]) -> Iterator[tuple[str, tuple[int, float, float]]]:
    numbers = [page.idnum for page in pages]
    for name, target in _leaves(_child(_child(reader.root, "/Names"), "/Dests")):
        spot = target["/D"] if isinstance(target, DictionaryObject) else target
        yield name, (numbers.index(spot.raw_get(0).idnum), float(spot[2]), float(spot[3]))


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
