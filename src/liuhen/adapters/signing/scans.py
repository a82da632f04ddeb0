"""Scans of paper that came back (回执, 退件封面): a PDF as it is, a photograph drawn on one page of a PDF.

Invariant: what leaves here can be opened as a PDF, and a JPEG lies in it byte for byte as the camera made it; what cannot be
read is refused with what to do.
"""

import io
from typing import NamedTuple

from PIL import Image, UnidentifiedImageError
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader

from liuhen.core.kernel.errors import BadInput

MOST_BYTES = 20_000_000
_MOST_PIXELS = 60_000_000
_A4 = (595, 842)
_ORIENTATION = 0x0112
_TURNED = {3: 180, 6: 90, 8: 270}
_SPACES = {"L": "/DeviceGray", "RGB": "/DeviceRGB"}


class Scanned(NamedTuple):
    """A scan as a PDF, with its number of pages."""

    pdf: bytes
    pages: int


def scan_to_pdf(data: bytes) -> Scanned:
    """Give a scan as a PDF. Raises BadInput for what is too large, or neither a PDF nor a photograph."""
    if len(data) > MOST_BYTES:
        raise BadInput("scan", f"扫描件超过 {MOST_BYTES // 1_000_000} MB；请降低分辨率后重新上传")
    if not data.startswith(b"%PDF-"):
        return Scanned(_drawn(data), 1)
    try:
        reader = PdfFileReader(io.BytesIO(data), strict=False)
        pages = 0 if reader.encrypted else int(reader.root["/Pages"]["/Count"])
    except (PdfError, KeyError, ValueError, TypeError, IndexError, RecursionError):
        pages = 0
    if pages < 1:
        raise BadInput("scan", "扫描件打不开或者设有口令；请重新扫描成 PDF 或者照片后上传")
    return Scanned(data, pages)


def _drawn(data: bytes) -> bytes:
    try:
        with Image.open(io.BytesIO(data), formats=("JPEG", "PNG")) as image:
            if image.width * image.height > _MOST_PIXELS:
                raise BadInput("scan", "照片的像素太多；请缩小后重新上传")
            image.load()
            turned = _TURNED.get(image.getexif().get(_ORIENTATION, 1), 0)
            if image.format == "JPEG" and image.mode in _SPACES:
                return _page(data, image.size, _SPACES[image.mode], turned)
            drawn = io.BytesIO()
            image.convert("RGB").save(drawn, "JPEG", quality=92)
            return _page(drawn.getvalue(), image.size, _SPACES["RGB"], turned)
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        raise BadInput("scan", "扫描件应为完好的 PDF、JPG 或者 PNG；请换一种格式后重新上传") from None


def _page(jpeg: bytes, size: tuple[int, int], space: str, turned: int) -> bytes:
    """Write a PDF of one page that holds a JPEG, as large as fits on a sheet of A4."""
    scale = min(_A4[0] / size[0], _A4[1] / size[1])
    width, height = round(size[0] * scale, 2), round(size[1] * scale, 2)
    drawing = f"q {width} 0 0 {height} 0 0 cm /Scan Do Q".encode()
    image = f"/Type /XObject /Subtype /Image /Width {size[0]} /Height {size[1]} /ColorSpace {space}"
    objects = (
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {width} {height}] /Rotate {turned} ".encode()
        + b"/Resources << /XObject << /Scan 5 0 R >> >> /Contents 4 0 R >>",
        _stream("", drawing),
        _stream(f"{image} /BitsPerComponent 8 /Filter /DCTDecode ", jpeg),
    )
    return _written(objects)


def _stream(entries: str, data: bytes) -> bytes:
    return f"<< {entries}/Length {len(data)} >>\nstream\n".encode() + data + b"\nendstream"


def _written(objects: tuple[bytes, ...]) -> bytes:
    out, places = bytearray(b"%PDF-1.7\n%\xe7\x95\x99\xe7\x97\x95\n"), []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += f"{number} 0 obj\n".encode() + body + b"\nendobj\n"
    table = len(out)
    out += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode()
    out += b"".join(f"{place:010d} 00000 n \n".encode() for place in places)
    return bytes(out) + f"trailer\n<< /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{table}\n%%EOF\n".encode()
