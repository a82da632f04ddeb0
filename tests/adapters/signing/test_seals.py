"""A sealed document is whole, still PDF/A, sealed where the form left room, and any changed byte shows."""

import asyncio
import io
import shutil
import subprocess
from datetime import datetime
from pathlib import Path

import pikepdf
import pytest
from asn1crypto import pem, x509
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import async_validate_pdf_signature
from pyhanko.sign.validation.status import PdfSignatureStatus
from pyhanko_certvalidator import ValidationContext

from liuhen.adapters.keys import authority
from liuhen.adapters.packfiles.documents import shipped_documents
from liuhen.adapters.signing.picture import draw_seal
from liuhen.adapters.signing.places import seal_place
from liuhen.adapters.signing.seals import PadesSeal, SealNotApplied
from liuhen.adapters.signing.signing_keys import FileKey
from liuhen.adapters.timestamps.dummy import DummyAuthority
from liuhen.adapters.typeset.typesetter import Typesetter
from liuhen.core.kernel.moments import SHANGHAI
from tests.adapters.typeset.samples import AGENCY, bare, full

AT = datetime(2026, 3, 2, 11, 30, tzinfo=SHANGHAI)
needs_pdfsig = pytest.mark.skipif(shutil.which("pdfsig") is None, reason="pdfsig is not installed")


@pytest.fixture(scope="module")
def trust(tmp_path_factory: pytest.TempPathFactory) -> authority.Authority:
    return authority.open_test_authority(tmp_path_factory.mktemp("keys"), AGENCY, AT)


@pytest.fixture(scope="module")
def seal(trust: authority.Authority) -> PadesSeal:
    tsa = DummyAuthority(trust.tsa.key_pem, trust.tsa.certificate_pem, trust.tsa.chain_pem)
    return PadesSeal(AGENCY, FileKey(trust.seal.key_pem, trust.seal.certificate_pem, trust.seal.chain_pem), tsa)


@pytest.fixture(scope="module")
def document() -> bytes:
    return Typesetter(shipped_documents()).render("行政处罚决定书", full())


@pytest.fixture(scope="module")
def sealed(seal: PadesSeal, document: bytes) -> bytes:
    return seal.apply(document, at=AT)


def status(pdf: bytes, trust: authority.Authority, number: int = 0) -> PdfSignatureStatus:
    root = x509.Certificate.load(pem.unarmor(trust.root_pem)[2])
    context = ValidationContext(trust_roots=[root], allow_fetching=False, moment=AT)
    signature = PdfFileReader(io.BytesIO(pdf)).embedded_signatures[number]
    return asyncio.run(async_validate_pdf_signature(signature, context, context))


def pdfsig(pdf: bytes, folder: Path) -> str:
    path = folder / "sealed.pdf"
    path.write_bytes(pdf)
    return subprocess.run(["pdfsig", str(path)], capture_output=True).stdout.decode()


def test_a_seal_is_valid_and_carries_its_timestamp(sealed: bytes, trust: authority.Authority) -> None:
    found = status(sealed, trust)
    assert found.bottom_line
    assert found.signer_reported_dt == AT
    assert found.timestamp_validity is not None
    assert found.timestamp_validity.valid
    assert found.timestamp_validity.timestamp == AT


def test_the_document_is_appended_to_and_stays_pdf_a(document: bytes, sealed: bytes) -> None:
    assert sealed.startswith(document)
    with pikepdf.open(io.BytesIO(sealed)) as pdf:
        assert pdf.open_metadata().pdfa_status == "2B"
        widget = pdf.Root.AcroForm.Fields[0]
        assert int(widget.F) & 0b110 == 0b100  # printed, not hidden: ISO 19005-2 6.3.2
        assert "/NeedAppearances" not in pdf.Root.AcroForm
        assert "/Font" not in widget.AP.N.Resources
        with pikepdf.open(io.BytesIO(document)) as before:
            assert bytes(pdf.Root.Metadata.read_bytes()) == bytes(before.Root.Metadata.read_bytes())


def test_sealing_is_repeatable(seal: PadesSeal, document: bytes, sealed: bytes) -> None:
    assert seal.apply(document, at=AT) == sealed


@needs_pdfsig
def test_poppler_agrees(sealed: bytes, tmp_path: Path) -> None:
    said = pdfsig(sealed, tmp_path)
    assert "Signature is Valid" in said
    assert "Total document signed" in said
    assert "Not total" not in said
    assert "测试印章 TEST SEAL" in said


@pytest.mark.skipif(shutil.which("qpdf") is None, reason="qpdf is not installed")
def test_qpdf_agrees(sealed: bytes, tmp_path: Path) -> None:
    path = tmp_path / "sealed.pdf"
    path.write_bytes(sealed)
    said = subprocess.run(["qpdf", "--check", str(path)], capture_output=True, check=True).stdout
    assert b"No syntax or stream encoding errors" in said


@needs_pdfsig
def test_a_flipped_byte_shows(sealed: bytes, document: bytes, trust: authority.Authority, tmp_path: Path) -> None:
    torn = bytearray(sealed)
    torn[document.index(b"/CreationDate") + 20] ^= 1
    assert not status(bytes(torn), trust).bottom_line
    assert "Digest Mismatch" in pdfsig(bytes(torn), tmp_path)


def test_what_is_added_after_the_seal_shows(sealed: bytes, trust: authority.Authority) -> None:
    with pikepdf.open(io.BytesIO(sealed)) as pdf:
        pdf.pages[0].Contents = pdf.make_stream(b"")
        out = io.BytesIO()
        pdf.save(out)
    assert not status(out.getvalue(), trust).bottom_line


def test_a_second_seal_leaves_the_first_valid(seal: PadesSeal, sealed: bytes, trust: authority.Authority) -> None:
    twice = seal.apply(sealed, at=AT, field="联合印章")
    assert twice.startswith(sealed)
    assert status(twice, trust, 0).bottom_line
    assert status(twice, trust, 1).bottom_line
    with pikepdf.open(io.BytesIO(twice)) as pdf:
        boxes = [[int(number) for number in field.Rect] for field in pdf.Root.AcroForm.Fields]
    assert boxes[1][2] <= boxes[0][0] + 1  # beside, not over


def test_a_field_is_signed_once(seal: PadesSeal, sealed: bytes) -> None:
    with pytest.raises(SealNotApplied, match="name another field"):
        seal.apply(sealed, at=AT)


@pytest.mark.parametrize("junk", [b"", b"%PDF-1.7\n%%EOF", b"not a document"])
def test_a_damaged_document_is_refused(seal: PadesSeal, junk: bytes) -> None:
    with pytest.raises(SealNotApplied):
        seal.apply(junk, at=AT)


def test_a_torn_document_is_refused(seal: PadesSeal, document: bytes) -> None:
    with pytest.raises(SealNotApplied):
        seal.apply(document[: len(document) // 2], at=AT)


@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="pdftotext is not installed")
def test_the_seal_stands_over_the_date_on_its_page(document: bytes) -> None:
    place = seal_place(PdfFileReader(io.BytesIO(document)))
    with pikepdf.open(io.BytesIO(document)) as pdf:
        assert place.page == len(pdf.pages) - 1
    left, bottom, right, top = place.box
    assert (right - left, top - bottom) == (119, 119)  # 42 mm
    page, corner = str(place.page + 1), ["-x", str(left), "-y", str(842 - top), "-W", "119", "-H", "119"]
    command = ["pdftotext", "-f", page, "-l", page, *corner, "-", "-"]
    text = subprocess.run(command, input=document, capture_output=True, check=True).stdout.decode()
    assert "年3月2" in "".join(text.split())


def test_without_a_seal_place_the_last_corner_serves() -> None:
    pdf = Typesetter(shipped_documents()).render("立案审批表", bare())
    assert seal_place(PdfFileReader(io.BytesIO(pdf))).box == (405, 71, 524, 190)


def test_the_picture_says_that_it_is_a_test() -> None:
    assert draw_seal(AGENCY).tobytes() == draw_seal(AGENCY, "测试印章").tobytes()
    assert draw_seal(AGENCY).tobytes() != draw_seal(AGENCY, "").tobytes()
    assert draw_seal(AGENCY).tobytes() != draw_seal("长治市民族宗教事务局").tobytes()


@pytest.mark.parametrize("agency", ["局", "长治市上党区民族宗教事务局和文化市场综合行政执法大队联合专用", "某局" * 30])
def test_a_short_or_very_long_name_still_makes_a_seal(agency: str) -> None:
    alpha = draw_seal(agency).getchannel("A")
    assert alpha.getextrema() == (0, 229)
    assert alpha.getpixel((0, 0)) == 0
