"""Hand signatures set down on a document that was typeset without them.

Invariant: the hands are appended as one revision. The document people were shown, and whose digest they signed, is a
prefix of the result, byte for byte; the same hands on the same document give the same bytes, and it stays PDF/A-2b.
"""

import hashlib
import io
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from PIL import Image
from pyhanko.pdf_utils.generic import ArrayObject, DictionaryObject, IndirectObject, NameObject, StreamObject
from pyhanko.pdf_utils.images import pil_image
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader

from liuhen.adapters.signing.places import document_pages, fix_places, hand_places
from liuhen.adapters.signing.revisions import Revision
from liuhen.core.kernel.errors import BadInput

_MM = 72 / 25.4
# Room the forms leave over a signature line.
_WIDE, _TALL = 30 * _MM, 11 * _MM
_INDENT = 1 * _MM
# A drawn signature has a margin round its ink; sunk by this much, the ink stands on the line.
_SINK = 0.6 * _MM
# A print is pressed over the end of the name, so that neither can be exchanged without the other.
_PRINT_IN, _PRINT_WIDE = 19 * _MM, 10 * _MM
# The square beside a change.
_SQUARE = 7 * _MM
_MOST_PIXELS = 4_000_000


@dataclass(frozen=True, slots=True)
class _Spot:
    """Where a picture goes: a page, the lower left corner of its room, and the size of the room, in points."""

    page: int
    left: float
    bottom: float
    wide: float
    tall: float


# A signature line by its number from 0, the room for a print over it, or the square beside a change by its number from 1.
_Key = tuple[str, int]
_HAND, _FIX, _PRINT = "Hand", "Fix", "Print"


def stamp_hands(
    pdf: bytes,
    hands: Sequence[tuple[int, bytes]],
    fixes: Sequence[tuple[int, bytes]] = (),
    prints: Sequence[tuple[int, bytes]] = (),
) -> bytes:
    """Give the PDF with pictures of hands (signature number from 0, PNG) appended at their signature lines.

    `fixes` are the marks of whoever made a change (number of the change from 1, PNG), set into the squares beside the changes;
    `prints` are fingerprints over the end of a signature (its number from 0, PNG).
    Without either the PDF comes back as it was. A seal already there stays intact, but no longer covers the whole file.
    Raises BadInput for bytes that are no PDF, a number the document has no place for or that is given twice, and a
    picture that is no PNG.
    Spec: ISO 32000-1 7.5.6 (incremental updates), ISO 19005-2 6.2.10 (transparency).
    """
    kinds = ((_HAND, hands), (_FIX, fixes), (_PRINT, prints))
    given = [((kind, number), png) for kind, some in kinds for number, png in some]
    if not given:
        return pdf
    pictures = {key: _read(key, png) for key, png in given}
    if len(pictures) != len(given):
        raise BadInput("签名", "同一处签名给了两个笔迹；请只保留一个")
    occasion = "/".join(f"{_name(key)}:{hashlib.sha256(png).hexdigest()}" for key, png in sorted(given))
    try:
        revision = Revision(pdf, occasion)
        spots = _spots(revision.prev)
        pages = document_pages(revision.prev)
        _require_spots(pictures, spots)
        for page in sorted({spots[key].page for key in pictures}):
            here = {key: picture for key, picture in pictures.items() if spots[key].page == page}
            _append(revision, pages[page], here, spots)
        output = io.BytesIO()
        revision.write(output)  # type: ignore[no-untyped-call]
    except PdfError as error:
        raise BadInput("文书", f"不是可读的 PDF（{error}）；请重新生成文书后再签名") from error
    return output.getvalue()


def _spots(reader: PdfFileReader) -> dict[_Key, _Spot]:
    hands = {
        (_HAND, number): _Spot(place.page, place.left + _INDENT, place.line - _SINK, _WIDE, _TALL)
        for number, place in hand_places(reader).items()
    }
    prints = {
        (_PRINT, number): replace(spot, left=spot.left + _PRINT_IN, wide=_PRINT_WIDE)
        for (_, number), spot in hands.items()
    }
    fixes = {
        (_FIX, number): _Spot(place.page, place.left, place.line, _SQUARE, _SQUARE)
        for number, place in fix_places(reader).items()
    }
    return hands | fixes | prints


def _name(key: _Key) -> str:
    """Name a picture within the page and the revision; a hand by its number alone in the revision, as ever."""
    return str(key[1]) if key[0] == _HAND else f"{key[0]}{key[1]}"


def _say(key: _Key) -> str:
    return f"第 {key[1]} 处更正" if key[0] == _FIX else f"第 {key[1] + 1} 处签名"


def _require_spots(pictures: dict[_Key, Image.Image], spots: dict[_Key, _Spot]) -> None:
    if strange := sorted(set(pictures) - set(spots)):
        known = sum(kind == strange[0][0] for kind, _ in spots)
        raise BadInput("签名", f"文书没有{_say(strange[0])}（共 {known} 处）；请核对签名人或重新生成文书")


def _read(key: _Key, png: bytes) -> Image.Image:
    """Read a PNG as grey or colour with alpha; an opaque one keeps its ground."""
    place = _say(key)
    try:
        picture = Image.open(io.BytesIO(png), formats=["PNG"])
        if picture.width * picture.height > _MOST_PIXELS:
            raise BadInput(place, f"笔迹图片超过 {_MOST_PIXELS} 像素；请重新签名")
        return picture.convert("LA" if picture.mode in ("1", "L", "LA") else "RGBA")
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError):
        raise BadInput(place, "笔迹不是可读的 PNG 图片；请重新签名") from None


def _append(
    revision: Revision, reference: IndirectObject, pictures: dict[_Key, Image.Image], spots: dict[_Key, _Spot]
) -> None:
    """Draw pictures over a page; what it drew before is shut into q … Q, so that its last state moves nothing."""
    page: Any = reference.get_object()  # type: ignore[no-untyped-call]
    resources = _inherited(page, "/Resources")
    drawings = _copy(resources, "/XObject")
    strokes = [b"Q"]
    for key, picture in sorted(pictures.items(), key=lambda item: item[0]):
        name = _free_name(drawings, key)
        drawings[NameObject(name)] = pil_image(picture, revision)
        strokes.append(_draw(name, picture, spots[key]))
    resources[NameObject("/XObject")] = drawings
    page[NameObject("/Resources")] = resources
    page[NameObject("/Contents")] = ArrayObject(
        [_stream(revision, b"q\n"), *_contents(page), _stream(revision, b"\n".join(strokes))]
    )
    revision.mark_update(reference)


def _contents(page: Any) -> list[Any]:
    if "/Contents" not in page:
        return []
    return list(page["/Contents"]) if isinstance(page["/Contents"], ArrayObject) else [page.raw_get("/Contents")]


def _inherited(page: Any, key: str) -> DictionaryObject:
    """Copy a dictionary that a page may take from the nodes above it. Spec: ISO 32000-1 7.7.3.4."""
    node = page
    while key not in node and "/Parent" in node:
        node = node["/Parent"]
    return _copy(node, key)


def _copy(node: Any, key: str) -> DictionaryObject:
    """Copy a dictionary, so that another page that shares it stays as it is."""
    # pyHanko's get() does not follow references; only [] does.
    found = node[key] if key in node else {}  # noqa: SIM401
    return DictionaryObject(found)  # type: ignore[no-untyped-call]


def _free_name(taken: DictionaryObject, key: _Key) -> str:
    name = f"/{key[0]}{key[1]}"
    while name in taken:
        name += "x"
    return name


def _draw(name: str, picture: Image.Image, spot: _Spot) -> bytes:
    """Scale a picture into its room, at the left of it. As an artifact: the structure tree knows no hand."""
    scale = min(spot.wide / picture.width, spot.tall / picture.height)
    wide, tall, left, bottom = picture.width * scale, picture.height * scale, spot.left, spot.bottom
    return f"/Artifact BMC q {wide:.3f} 0 0 {tall:.3f} {left:.3f} {bottom:.3f} cm {name} Do Q EMC".encode()


def _stream(revision: Revision, content: bytes) -> IndirectObject:
    return revision.add_object(StreamObject(stream_data=content))
