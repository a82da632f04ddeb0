"""Scans: a photograph lies in its PDF byte for byte and upright, a PDF stays as it is, and what cannot be opened is refused."""

import io

import pikepdf
import pytest
from PIL import Image

from liuhen.adapters.signing.scans import MOST_BYTES, scan_to_pdf
from liuhen.core.kernel.errors import BadInput


def photograph(kind: str = "JPEG", mode: str = "RGB", turned: int = 1) -> bytes:
    data = io.BytesIO()
    exif = Image.Exif()
    exif[0x0112] = turned
    Image.new(mode, (400, 200), "white").save(data, kind, exif=exif)
    return data.getvalue()


@pytest.mark.parametrize(("turned", "angle"), [(1, 0), (3, 180), (6, 90), (8, 270)])
def test_a_jpeg_is_not_drawn_anew_and_stands_upright(turned: int, angle: int) -> None:
    jpeg = photograph(turned=turned)
    made = scan_to_pdf(jpeg)
    assert made.pages == 1 and jpeg in made.pdf
    with pikepdf.open(io.BytesIO(made.pdf)) as pdf:
        (page,) = pdf.pages
        assert page.obj.get("/Rotate", 0) == angle
        width, height = (float(side) for side in page.mediabox[2:])
        assert width == pytest.approx(595) and height == pytest.approx(297.5)
        scan = page.obj.Resources.XObject.Scan
        assert (int(scan.Width), int(scan.Height)) == (400, 200) and scan.read_raw_bytes() == jpeg
        assert pdf.check_pdf_syntax() == []


@pytest.mark.parametrize(
    ("kind", "mode"), [("JPEG", "L"), ("JPEG", "CMYK"), ("PNG", "RGB"), ("PNG", "RGBA"), ("PNG", "1")]
)
def test_other_photographs_become_a_page(kind: str, mode: str) -> None:
    with pikepdf.open(io.BytesIO(scan_to_pdf(photograph(kind, mode)).pdf)) as pdf:
        assert len(pdf.pages) == 1 and pdf.check_pdf_syntax() == []


def test_a_pdf_stays_as_it_is() -> None:
    data = io.BytesIO()
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.add_blank_page()
        pdf.save(data)
    assert scan_to_pdf(data.getvalue()) == (data.getvalue(), 2)


def test_a_pdf_with_a_password_is_refused() -> None:
    data = io.BytesIO()
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.save(data, encryption=pikepdf.Encryption(owner="a", user="b"))
    with pytest.raises(BadInput, match="打不开或者设有口令"):
        scan_to_pdf(data.getvalue())


@pytest.mark.parametrize("data", [b"", b"GIF89a", b"%PDF-1.7 nothing", photograph()[:300], photograph("PNG")[:60]])
def test_what_cannot_be_opened_is_refused(data: bytes) -> None:
    with pytest.raises(BadInput, match="扫描件"):
        scan_to_pdf(data)


def test_what_is_too_large_is_refused() -> None:
    with pytest.raises(BadInput, match="超过 20 MB"):
        scan_to_pdf(b"%PDF-" + b"0" * MOST_BYTES)
