"""Hands are appended where the form left room, touch nothing that was signed, and leave the document PDF/A."""

import asyncio
import io
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from asn1crypto import pem, x509
from PIL import Image
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import async_validate_pdf_signature
from pyhanko.sign.validation.status import PdfSignatureStatus
from pyhanko_certvalidator import ValidationContext

from liuhen.adapters.keys import authority
from liuhen.adapters.packfiles.documents import shipped_documents
from liuhen.adapters.signing.hands import stamp_hands
from liuhen.adapters.signing.places import HandPlace, hand_places, seal_place
from liuhen.adapters.signing.seals import PadesSeal
from liuhen.adapters.signing.signing_keys import FileKey
from liuhen.adapters.timestamps.dummy import DummyAuthority
from liuhen.adapters.typeset.handwriting import sample_strokes
from liuhen.adapters.typeset.strokes import draw
from liuhen.adapters.typeset.typesetter import Typesetter
from liuhen.core.kernel.errors import BadInput
from tests.adapters.signing.test_seals import AT
from tests.adapters.typeset.samples import AGENCY, full

# One type for each way of looking: hands and seals know pages, not types.
LOOKS = list({(kind.layout, kind.sealed): name for name, kind in shipped_documents().items()}.values())
NAMES = ["李喆", "欧阳建国", "王玥"]
# 30 mm and 11 mm in points: the room over a signature line.
WIDE, TALL = 85.0, 31.2
needs = {
    tool: pytest.mark.skipif(shutil.which(tool) is None, reason=f"{tool} is not installed")
    for tool in ("qpdf", "pdfsig", "pdftotext", "pdftoppm")
}


@pytest.fixture(scope="module")
def typesetter() -> Typesetter:
    return Typesetter(shipped_documents())


@pytest.fixture(scope="module")
def document(typesetter: Typesetter) -> bytes:
    return typesetter.render("查封（扣押）财物清单", unsigned())


@pytest.fixture(scope="module")
def stamped(document: bytes) -> bytes:
    return stamp_hands(document, hands())


@pytest.fixture(scope="module")
def trust(tmp_path_factory: pytest.TempPathFactory) -> authority.Authority:
    return authority.open_test_authority(tmp_path_factory.mktemp("keys"), AGENCY, AT)


@pytest.fixture(scope="module")
def seal(trust: authority.Authority) -> PadesSeal:
    tsa = DummyAuthority(trust.tsa.key_pem, trust.tsa.certificate_pem, trust.tsa.chain_pem)
    return PadesSeal(AGENCY, FileKey(trust.seal.key_pem, trust.seal.certificate_pem, trust.seal.chain_pem), tsa)


def unsigned(*signatures: dict[str, Any]) -> dict[str, Any]:
    """Give the full sample with signers who have not signed."""
    plain = [{"role": "在场人", "name": name} for name in NAMES]
    return full() | {"signatures": list(signatures) or plain}


def hands() -> list[tuple[int, bytes]]:
    return [(number, draw(sample_strokes(name))) for number, name in enumerate(NAMES)]


def block(width: int, height: int, mode: str = "LA") -> bytes:
    """Give a PNG of nothing but ink, so that its edges can be measured."""
    out = io.BytesIO()
    Image.new("LA", (width, height), (0, 255)).convert(mode).save(out, "PNG")
    return out.getvalue()


def places(pdf: bytes) -> dict[int, HandPlace]:
    return hand_places(PdfFileReader(io.BytesIO(pdf)))


def run(pdf: bytes, *command: str) -> bytes:
    return subprocess.run(command, input=pdf, capture_output=True, check=True).stdout


def drawn(pdf: pikepdf.Pdf) -> dict[str, pikepdf.Object]:
    """Give the pictures of hands on all pages by their name."""
    shelves: list[Any] = [page.Resources.get("/XObject", {}) for page in pdf.pages]
    return {name: image for shelf in shelves for name, image in shelf.items() if "Hand" in name}


def words_in(pdf: bytes, page: int, left: float, bottom: float, wide: float, tall: float) -> str:
    corner = ["-x", f"{left:.0f}", "-y", f"{842 - bottom - tall:.0f}", "-W", f"{wide:.0f}", "-H", f"{tall:.0f}"]
    return run(pdf, "pdftotext", "-f", str(page + 1), "-l", str(page + 1), *corner, "-", "-").decode().strip()


def seen(pdf: bytes, page: int) -> Image.Image:
    """Render a page to grey, one pixel a point."""
    shown = run(pdf, "pdftoppm", "-r", "72", "-gray", "-f", str(page + 1), "-l", str(page + 1), "-")
    return Image.open(io.BytesIO(shown))


def darkened(before: bytes, after: bytes, page: int) -> tuple[int, int, int, int] | None:
    """Give the box that changed on a page: left, top, right, bottom in pixels."""
    old, new = seen(before, page), seen(after, page)
    changes = [value != other for value, other in zip(old.tobytes(), new.tobytes(), strict=True)]
    return Image.frombytes("L", old.size, bytes(255 if change else 0 for change in changes)).getbbox()


def status(pdf: bytes, trust: authority.Authority) -> PdfSignatureStatus:
    root = x509.Certificate.load(pem.unarmor(trust.root_pem)[2])
    context = ValidationContext(trust_roots=[root], allow_fetching=False, moment=AT)
    signature = PdfFileReader(io.BytesIO(pdf)).embedded_signatures[0]
    return asyncio.run(async_validate_pdf_signature(signature, context, context))


def test_what_was_signed_is_the_beginning_of_the_result(document: bytes, stamped: bytes) -> None:
    assert stamped.startswith(document)
    assert len(stamped) > len(document)


def test_no_hands_leave_the_document_alone(document: bytes) -> None:
    assert stamp_hands(document, []) == document


def test_stamping_is_repeatable_in_any_order(document: bytes, stamped: bytes) -> None:
    assert stamp_hands(document, hands()) == stamped
    assert stamp_hands(document, hands()[::-1]) == stamped
    assert stamp_hands(document, hands()[:2]) != stamped


def test_the_document_stays_pdf_a(document: bytes, stamped: bytes) -> None:
    with pikepdf.open(io.BytesIO(stamped)) as pdf, pikepdf.open(io.BytesIO(document)) as before:
        assert pdf.open_metadata().pdfa_status == "2B"
        assert pdf.Root.Metadata.read_bytes() == before.Root.Metadata.read_bytes()
        assert "/OutputIntents" in pdf.Root
        images = drawn(pdf)
        assert list(images) == ["/Hand0", "/Hand1", "/Hand2"]
        assert all(image.SMask.ColorSpace == "/DeviceGray" for image in images.values())
        assert not any("/Interpolate" in image for image in images.values())
        assert pdf.trailer.ID[0] == before.trailer.ID[0]
        assert pdf.trailer.ID[1] != before.trailer.ID[1]


@needs["qpdf"]
def test_qpdf_agrees(seal: PadesSeal, stamped: bytes, tmp_path: Path) -> None:
    path = tmp_path / "stamped.pdf"
    for pdf in (stamped, stamp_hands(stamped, hands()), seal.apply(stamped, at=AT)):
        path.write_bytes(pdf)
        assert b"No syntax or stream encoding errors" in run(b"", "qpdf", "--check", str(path))


@pytest.mark.parametrize("form", LOOKS)
def test_every_form_has_a_place_for_every_hand(typesetter: Typesetter, form: str) -> None:
    pdf = typesetter.render(form, full() | {"signatures": [{"role": "在场人", "name": name} for name in NAMES * 5]})
    assert sorted(places(pdf)) == list(range(15))


@needs["pdftotext"]
@pytest.mark.parametrize("form", LOOKS)
def test_the_room_over_every_line_is_empty(typesetter: Typesetter, form: str) -> None:
    signers: list[dict[str, Any]] = [
        {"role": "在场人", "name": "李喆", "each_page": True},
        {"role": "一二三四五六七八", "name": "欧阳建国"},
        {"role": "一二三四五六七八九", "name": "欧阳建国"},
        {"role": "执" * 20, "name": "欧阳建国"},
        {"role": "执法机构" * 10, "name": "欧阳建国", "date": "2026-03-05T11:20:00+08:00"},
        {"role": "见证人", "name": "李" * 12},
        {"role": "见证人", "name": "李喆", "note": "拒绝签名"},
        {"role": "见证人", "name": "李喆"},
    ]
    pdf = typesetter.render(form, unsigned(*signers))
    found = places(pdf)
    for place in found.values():
        assert words_in(pdf, place.page, place.left + 3, place.line, WIDE, TALL - 1) == "", place
    # What surrounds the room is seen, so an empty room says something.
    first = found[0]
    assert "在场人" in words_in(pdf, first.page, first.left - 80, first.line - 4, 82, 20)


@needs["pdftoppm"]
@pytest.mark.parametrize("form", ["现场检查笔录", "送达回证", "行政处罚决定书", "案件调查终结报告"])
def test_the_hand_stands_on_its_line_and_nowhere_else(typesetter: Typesetter, form: str) -> None:
    pdf = typesetter.render(form, unsigned())
    place = places(pdf)[1]
    box = darkened(pdf, stamp_hands(pdf, [(1, block(600, 100))]), place.page)
    assert box is not None
    left, top, right, bottom = box
    assert abs(left - place.left - 3) <= 2
    assert abs(right - left - WIDE) <= 2
    assert abs(842 - bottom - place.line) <= 3
    assert abs(bottom - top - WIDE / 6) <= 2  # no distortion
    tall = darkened(pdf, stamp_hands(pdf, [(1, block(100, 600))]), place.page)
    assert tall is not None
    assert abs(tall[3] - tall[1] - TALL) <= 2


@needs["pdftoppm"]
def test_the_transparent_ground_covers_nothing(document: bytes) -> None:
    empty = io.BytesIO()
    Image.new("LA", (300, 100), (0, 0)).save(empty, "PNG")
    assert darkened(document, stamp_hands(document, [(0, empty.getvalue())]), places(document)[0].page) is None


@needs["pdftoppm"]
@pytest.mark.parametrize("mode", ["RGB", "1", "P"])
def test_other_kinds_of_png_are_drawn_too(document: bytes, mode: str) -> None:
    after = stamp_hands(document, [(0, block(300, 100, mode))])
    assert darkened(document, after, places(document)[0].page) is not None


@needs["pdftoppm"]
def test_a_page_that_inherits_and_shares_is_stamped_alike(document: bytes) -> None:
    place = places(document)[0]
    with pikepdf.open(io.BytesIO(document)) as pdf:
        page = pdf.pages[place.page].obj
        page.Contents = pdf.make_indirect(pikepdf.Array([page.Contents]))
        page.Parent.Resources = page.Resources
        del page["/Resources"]
        out = io.BytesIO()
        pdf.save(out)
    shared = out.getvalue()
    hand = [(0, block(300, 100))]
    assert darkened(shared, stamp_hands(shared, hand), place.page) == darkened(
        document, stamp_hands(document, hand), place.page
    )
    assert darkened(document, stamp_hands(shared, hand), place.page) is not None


@pytest.mark.parametrize("form", [name for name in LOOKS if shipped_documents()[name].sealed])
def test_seal_and_hands_do_not_meet(typesetter: Typesetter, form: str) -> None:
    pdf = typesetter.render(form, unsigned())
    square = seal_place(PdfFileReader(io.BytesIO(pdf)))
    left, bottom, right, top = square.box
    for place in places(pdf).values():
        beside = place.left + WIDE < left or place.left > right
        assert place.page != square.page or beside or place.line > top or place.line + TALL < bottom, place


@needs["pdfsig"]
def test_a_seal_after_the_hands_covers_the_whole_document(
    seal: PadesSeal, document: bytes, stamped: bytes, trust: authority.Authority, tmp_path: Path
) -> None:
    sealed = seal.apply(stamped, at=AT)
    assert sealed.startswith(stamped)
    assert sealed.startswith(document)
    assert status(sealed, trust).bottom_line
    path = tmp_path / "sealed.pdf"
    path.write_bytes(sealed)
    said = subprocess.run(["pdfsig", str(path)], capture_output=True).stdout.decode()
    assert "Signature is Valid" in said
    assert "Total document signed" in said
    assert "Not total" not in said
    with pikepdf.open(path) as pdf:
        assert pdf.open_metadata().pdfa_status == "2B"


def test_hands_after_a_seal_leave_it_intact_and_show_as_later(
    seal: PadesSeal, document: bytes, trust: authority.Authority
) -> None:
    sealed = seal.apply(document, at=AT)
    later = stamp_hands(sealed, hands())
    assert later.startswith(sealed)
    found = status(later, trust)
    assert found.intact
    assert found.valid
    assert found.coverage is not None
    assert found.coverage.name == "ENTIRE_REVISION"  # not ENTIRE_FILE: what came later is no part of what was sealed


def test_a_second_round_keeps_the_first(document: bytes) -> None:
    first, second = hands()[:1], hands()[1:]
    twice = stamp_hands(stamp_hands(document, first), second)
    with pikepdf.open(io.BytesIO(twice)) as pdf:
        assert list(drawn(pdf)) == ["/Hand0", "/Hand1", "/Hand2"]
    again = stamp_hands(stamp_hands(document, first), first)
    with pikepdf.open(io.BytesIO(again)) as pdf:
        assert list(drawn(pdf)) == ["/Hand0", "/Hand0x"]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ([(3, block(9, 9))], "没有第 4 处签名（共 3 处）"),
        ([(-1, block(9, 9))], "没有第 0 处签名"),
        ([(0, block(9, 9)), (0, block(8, 8))], "两个笔迹"),
        ([(0, b"GIF89a")], "第 1 处签名.*PNG"),
        ([(0, block(9, 9)[:40])], "PNG"),
        ([(0, block(4000, 1001, "1"))], "像素"),
    ],
)
def test_what_cannot_be_set_down_is_refused(document: bytes, given: list[tuple[int, bytes]], said: str) -> None:
    with pytest.raises(BadInput, match=said):
        stamp_hands(document, given)


@pytest.mark.parametrize("junk", [b"", b"%PDF-1.7\n%%EOF", b"not a document"])
def test_what_is_no_document_is_refused(junk: bytes) -> None:
    with pytest.raises(BadInput, match="PDF"):
        stamp_hands(junk, hands())


def changed() -> dict[str, Any]:
    """Give the data of a record in which two answers were changed after it was read out."""
    runs = [["kept", "有", None], ["struck", "十五", None], ["added", "二十", 1], ["kept", "箱", None]]
    return {
        "date": "2026-03-02",
        "questions": [
            ["多少箱？", {"runs": runs}],
            ["有证吗？", {"runs": [["struck", "没有", None], ["added", "有", 2]]}],
        ],
        "signatures": [{"role": "被询问人", "name": "李喆"}],
    }


def test_what_was_struck_out_stays_to_be_read_and_each_change_takes_its_mark(typesetter: Typesetter) -> None:
    pdf = typesetter.render("询问笔录", changed())
    marks = [(1, block(8, 9)), (2, block(8, 9))]
    marked = stamp_hands(pdf, [(0, block(9, 9))], marks)
    assert marked.startswith(pdf) and marked == stamp_hands(pdf, [(0, block(9, 9))], marks)
    with pikepdf.open(io.BytesIO(marked)) as opened:
        names = set(opened.pages[0].resources["/XObject"].keys())
    assert {"/Hand0", "/Fix1", "/Fix2"} <= names
    if shutil.which("pdftotext"):
        text = subprocess.run(
            ["pdftotext", "-raw", "-", "-"], input=pdf, capture_output=True, check=True
        ).stdout.decode()
        assert "有十五二十箱" in "".join(text.split()), "both texts are there to be found"


def test_a_mark_beside_no_change_is_refused(typesetter: Typesetter) -> None:
    with pytest.raises(BadInput, match="没有第 3 处更正（共 2 处）"):
        stamp_hands(typesetter.render("询问笔录", changed()), [], [(3, block(8, 9))])


@pytest.mark.parametrize(
    "text",
    [
        {"runs": [["gone", "字", None]]},
        {"runs": [["kept", "字"]]},
        {"runs": [["added", "字", 0]]},
        {"runs": [["added", "字", True]]},
        {"runs": "字"},
        {"words": []},
        7.5,
    ],
)
def test_a_text_with_changes_of_another_shape_is_refused(typesetter: Typesetter, text: object) -> None:
    with pytest.raises(BadInput):
        typesetter.render("询问笔录", {"date": "2026-03-02", "questions": [["问", text]]})
