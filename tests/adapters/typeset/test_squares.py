"""QR codes are read off the printed page by another program, at the resolution of an office printer, and stay inside the foot."""

import io
import shutil
import subprocess
from pathlib import Path

import pytest
import zxingcpp
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from liuhen.adapters.packfiles.documents import shipped_documents
from liuhen.adapters.typeset.squares import draw_squares
from liuhen.adapters.typeset.typesetter import Typesetter
from liuhen.core.kernel.errors import BadInput
from tests.adapters.typeset.samples import full

LINKS = [
    "https://xzzf.example.gov.cn/check/?code=7F3A19C20B66AD41",
    "文号 （安）应急罚〔2026〕1234号 核验码 7F3A19C20B66AD41",
]
ISSUED = ["行政处罚决定书", "查封（扣押）财物清单", "送达回证", "行政处罚事先告知书"]


def read(picture: Image.Image) -> list[str]:
    return [one.text for one in zxingcpp.read_barcodes(picture)]


def with_quiet_zone(png: bytes) -> Image.Image:
    code = Image.open(io.BytesIO(png)).convert("L")
    sheet = Image.new("L", (code.width + 80, code.height + 80), 255)
    sheet.paste(code, (40, 40))
    return sheet


@settings(max_examples=25, deadline=None)
@given(
    number=st.text("安应急罚〔2026〕3号AZ-", min_size=1, max_size=20),
    code=st.text("0123456789ABCDEF", min_size=16, max_size=16),
)
def test_what_is_drawn_is_what_is_read(number: str, code: str) -> None:
    text = f"文号 {number} 核验码 {code}"
    png = draw_squares(text)
    assert read(with_quiet_zone(png)) == [text] and draw_squares(text) == png


def test_what_is_too_dense_is_refused() -> None:
    with pytest.raises(BadInput, match="300 bytes"):
        draw_squares("长" * 101)


@pytest.mark.skipif(shutil.which("pdftoppm") is None, reason="pdftoppm is not installed")
@pytest.mark.parametrize("link", LINKS, ids=["address", "words"])
@pytest.mark.parametrize("form", ISSUED)
def test_it_is_read_off_the_first_page_and_keeps_clear_of_the_edge(form: str, link: str, tmp_path: Path) -> None:
    data = full() | {"verification": {"code": "7F3A-19C2", "text": "核对说明庚", "link": link}}
    (tmp_path / "a.pdf").write_bytes(Typesetter(shipped_documents()).render(form, data))
    # 150 dots an inch, grey: a copy of a copy.
    subprocess.run(["pdftoppm", "-r", "150", "-gray", "-l", "1", tmp_path / "a.pdf", tmp_path / "page"], check=True)
    page = Image.open(next(tmp_path.glob("page*.pgm")))
    (found,) = zxingcpp.read_barcodes(page)
    assert found.text == link
    millimetre = page.height / 297
    lowest = max(found.position.bottom_left.y, found.position.bottom_right.y)
    assert page.height - lowest > 6 * millimetre
