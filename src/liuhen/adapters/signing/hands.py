"""Hand signatures set down on a document that was typeset without them.

Invariant: the hands are appended as one revision. The document people were shown, and whose digest they signed, is a
prefix of the result, byte for byte; the same hands on the same document give the same bytes, and it stays PDF/A-2b.
"""

import hashlib
import io
from collections.abc import Sequence
from typing import Any

from PIL import Image
from pyhanko.pdf_utils.generic import ArrayObject, DictionaryObject, IndirectObject, NameObject, StreamObject
from pyhanko.pdf_utils.images import pil_image
from pyhanko.pdf_utils.misc import PdfError

from liuhen.adapters.signing.places import HandPlace, document_pages, hand_places
from liuhen.adapters.signing.revisions import Revision
from liuhen.core.kernel.errors import BadInput

_MM = 72 / 25.4
# Room the forms leave over a signature line.
_WIDE, _TALL = 30 * _MM, 11 * _MM
_INDENT = 1 * _MM
# A drawn signature has a margin round its ink; sunk by this much, the ink stands on the line.
_SINK = 0.6 * _MM
_MOST_PIXELS = 4_000_000


def stamp_hands(pdf: bytes, hands: Sequence[tuple[int, bytes]]) -> bytes:
    """Give the PDF with pictures of hands (signature number from 0, PNG) appended at their signature lines.

    Without hands the PDF comes back as it was. A seal already there stays intact, but no longer covers the whole file.
    Raises BadInput for bytes that are no PDF, a number the document has no place for or that is given twice, and a
    picture that is no PNG.
    Spec: ISO 32000-1 7.5.6 (incremental updates), ISO 19005-2 6.2.10 (transparency).
    """
    if not hands:
        return pdf
    pictures = {number: _read(number, png) for number, png in hands}
    if len(pictures) != len(hands):
        raise BadInput("签名", "同一处签名给了两个笔迹；请只保留一个")
    occasion = "/".join(f"{number}:{hashlib.sha256(png).hexdigest()}" for number, png in sorted(hands))
    try:
        revision = Revision(pdf, occasion)
        places = hand_places(revision.prev)
        pages = document_pages(revision.prev)
        _require_places(pictures, places)
        for page in sorted({places[number].page for number in pictures}):
            here = {number: picture for number, picture in pictures.items() if places[number].page == page}
            _append(revision, pages[page], here, places)
        output = io.BytesIO()
        revision.write(output)  # type: ignore[no-untyped-call]
    except PdfError as error:
        raise BadInput("文书", f"不是可读的 PDF（{error}）；请重新生成文书后再签名") from error
    return output.getvalue()


def _require_places(pictures: dict[int, Image.Image], places: dict[int, HandPlace]) -> None:
    if strange := sorted(set(pictures) - set(places)):
        raise BadInput("签名", f"文书没有第 {strange[0] + 1} 处签名（共 {len(places)} 处）；请核对签名人或重新生成文书")


def _read(number: int, png: bytes) -> Image.Image:
    """Read a PNG as grey or colour with alpha; an opaque one keeps its ground."""
    place = f"第 {number + 1} 处签名"
    try:
        picture = Image.open(io.BytesIO(png), formats=["PNG"])
        if picture.width * picture.height > _MOST_PIXELS:
            raise BadInput(place, f"笔迹图片超过 {_MOST_PIXELS} 像素；请重新签名")
        return picture.convert("LA" if picture.mode in ("1", "L", "LA") else "RGBA")
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError):
        raise BadInput(place, "笔迹不是可读的 PNG 图片；请重新签名") from None


def _append(
    revision: Revision, reference: IndirectObject, pictures: dict[int, Image.Image], places: dict[int, HandPlace]
) -> None:
    """Draw pictures over a page; what it drew before is shut into q … Q, so that its last state moves nothing."""
    page: Any = reference.get_object()  # type: ignore[no-untyped-call]
    resources = _inherited(page, "/Resources")
    drawings = _copy(resources, "/XObject")
    strokes = [b"Q"]
    for number, picture in sorted(pictures.items()):
        name = _free_name(drawings, number)
        drawings[NameObject(name)] = pil_image(picture, revision)
        strokes.append(_draw(name, picture, places[number]))
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


def _free_name(taken: DictionaryObject, number: int) -> str:
    name = f"/Hand{number}"
    while name in taken:
        name += "x"
    return name


def _draw(name: str, picture: Image.Image, place: HandPlace) -> bytes:
    """Scale a picture into its room, at the left end of the line. As an artifact: the structure tree knows no hand."""
    scale = min(_WIDE / picture.width, _TALL / picture.height)
    wide, tall = picture.width * scale, picture.height * scale
    left, bottom = place.left + _INDENT, place.line - _SINK
    return f"/Artifact BMC q {wide:.3f} 0 0 {tall:.3f} {left:.3f} {bottom:.3f} cm {name} Do Q EMC".encode()


def _stream(revision: Revision, content: bytes) -> IndirectObject:
    return revision.add_object(StreamObject(stream_data=content))
