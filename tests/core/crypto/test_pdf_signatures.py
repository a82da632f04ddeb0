"""Signed PDFs made with pyHanko: good ones pass, and every way of changing one is told apart."""

import io
from datetime import datetime
from functools import cache

import pytest
from asn1crypto import keys, x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization.pkcs7 import PKCS7Options, PKCS7SignatureBuilder
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields, signers
from pyhanko.sign.timestamps import DummyTimeStamper
from pyhanko_certvalidator.registry import SimpleCertificateStore

from liuhen.core.crypto.pdf_signatures import PdfSignature, TimeSource, check_pdf_signatures
from liuhen.core.crypto.refusals import Code
from tests.core.crypto.authority import DAY, NOW, SINCE, Identity, certify, issuer, root, signer, stamper


@cache
def page() -> bytes:
    """Give a small PDF of one empty page."""
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<<>>>>",
    ]
    data, places = b"%PDF-1.7\n", []
    for number, item in enumerate(objects, 1):
        places.append(len(data))
        data += b"%d 0 obj\n%s\nendobj\n" % (number, item)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    trailer = b"trailer\n<</Size 4/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % len(data)
    return data + b"xref\n0 4\n0000000000 65535 f \n" + table + trailer


def private(identity: Identity) -> keys.PrivateKeyInfo:
    return keys.PrivateKeyInfo.load(
        identity.key.private_bytes(
            serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )


def sign(
    pdf: bytes, who: Identity, field: str = "印章", *, stamped: bool = True, cades: bool = True, pss: bool = False
) -> bytes:
    """Sign as of NOW, with or without a timestamp of the test authority."""
    store = SimpleCertificateStore()  # type: ignore[no-untyped-call]
    store.register(x509.Certificate.load(issuer().der))
    maker = signers.SimpleSigner(x509.Certificate.load(who.der), private(who), store, prefer_pss=pss)
    subfilter = fields.SigSeedSubFilter.PADES if cades else fields.SigSeedSubFilter.ADOBE_PKCS7_DETACHED
    hash_name = "sha512" if "ed25519" in str(who.certificate.subject) else "sha256"
    metadata = signers.PdfSignatureMetadata(field_name=field, md_algorithm=hash_name, subfilter=subfilter)
    authority = DummyTimeStamper(
        x509.Certificate.load(stamper().der), private(stamper()), certs_to_embed=store, fixed_dt=NOW
    )
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    pdf_signer = signers.PdfSigner(metadata, maker, timestamper=authority if stamped else None)
    return bytes(pdf_signer.sign_pdf(writer).getvalue())


def judge(pdf: bytes, at: datetime | None = None) -> list[PdfSignature]:
    return check_pdf_signatures(pdf, [root().der], at=at)


@cache
def signed(kind: str = "p256") -> bytes:
    return sign(page(), signer(kind))


@pytest.mark.parametrize("kind", ["rsa", "p256", "p384", "ed25519"])
def test_a_signed_pdf_passes(kind: str) -> None:
    (only,) = judge(signed(kind))
    assert (only.ok, only.intact, only.covers_whole_file, only.reason, only.code) == (True, True, True, "", None)
    assert only.signer == f"灵川县财政局 {kind}"
    assert (only.signed_at, only.time_source, only.is_timestamp) == (NOW, TimeSource.TIMESTAMP, False)


def test_an_unsigned_pdf_has_no_signatures() -> None:
    assert judge(page()) == [] and judge(b"") == []


@pytest.mark.parametrize(("cades", "pss"), [(False, False), (True, True)])
def test_other_forms_pass(cades: bool, pss: bool) -> None:
    (only,) = judge(sign(page(), signer("rsa"), cades=cades, pss=pss))
    assert only.ok and only.covers_whole_file


def test_without_a_timestamp_the_claimed_time_serves() -> None:
    (only,) = judge(sign(page(), signer("p256"), stamped=False))
    assert only.ok and only.time_source is TimeSource.CLAIMED and only.signed_at is not None
    assert only.signed_at > NOW - 400 * DAY


def test_the_claimed_time_is_itself_signed() -> None:
    pdf = sign(page(), signer("p256"), stamped=False)
    (only,) = judge(pdf.replace(b"/M (D", b"/Q (D"))
    assert not only.ok and not only.intact


def test_two_signatures_and_a_document_timestamp() -> None:
    twice = sign(signed(), signer("rsa"), "second")
    stamping = signers.PdfTimeStamper(
        DummyTimeStamper(x509.Certificate.load(stamper().der), private(stamper()), fixed_dt=NOW + DAY)
    )
    thrice = stamping.timestamp_pdf(IncrementalPdfFileWriter(io.BytesIO(twice)), "sha256").getvalue()
    found = check_pdf_signatures(thrice, [root().der], [issuer().der])
    assert [item.ok for item in found] == [True, True, True]
    assert [item.covers_whole_file for item in found] == [False, False, True]
    assert [item.signer for item in found] == ["灵川县财政局 p256", "灵川县财政局 rsa", "Test TSA rsa"]
    assert [item.is_timestamp for item in found] == [False, False, True]
    assert found[2].signed_at == NOW + DAY
    changed = thrice.replace(b"/MediaBox[0 0 595", b"/MediaBox[0 0 596")
    assert [(item.ok, item.intact) for item in check_pdf_signatures(changed, [root().der], [issuer().der])] == [
        (False, False)
    ] * 3


def test_a_changed_page_breaks_the_signature() -> None:
    (only,) = judge(signed().replace(b"/MediaBox[0 0 595", b"/MediaBox[0 0 596"))
    assert (only.ok, only.intact, only.code) == (False, False, Code.CONTENT_DIFFERS)
    assert only.signer == "灵川县财政局 p256" and only.covers_whole_file


def test_appended_bytes_are_seen() -> None:
    (only,) = judge(signed() + b"\n% more")
    assert only.ok and not only.covers_whole_file


def test_a_signer_nobody_trusts_is_intact_but_not_ok() -> None:
    (only,) = judge(sign(page(), certify("stranger", "p256")))
    assert (only.ok, only.intact, only.code) == (False, True, Code.ISSUER_UNKNOWN)
    (none,) = check_pdf_signatures(signed(), [])
    assert none.intact and not none.ok and "root" in none.reason


def test_a_certificate_out_of_time_is_intact_but_not_ok() -> None:
    late = certify("late", "p256", issuer(), since=NOW + DAY)
    (only,) = judge(sign(page(), late))
    assert (only.ok, only.intact, only.code) == (False, True, Code.CERTIFICATE_OUT_OF_TIME)


def spoil(pdf: bytes, numbers: tuple[int, int, int, int]) -> bytes:
    """Write another byte range over the one that is there, without moving anything."""
    start = pdf.index(b"/ByteRange")
    end = pdf.index(b"]", start) + 1
    text = b"/ByteRange[%d %d %d %d" % numbers
    return pdf[:start] + text.ljust(end - start - 1) + b"]" + pdf[end:]


def test_a_byte_range_that_leaves_out_more_is_refused() -> None:
    pdf = signed()
    start, before, after, rest = judge(pdf)[0].byte_range
    assert judge(spoil(pdf, (start, before, after, rest)))[0].byte_range == (start, before, after, rest)
    for numbers in (
        (1, before - 1, after, rest),
        (start, before - 1, after, rest),
        (start, before, after + 1, rest - 1),
        (start, before, after, rest + 1),
        (start, before - 200, after, rest),
        (start, before, before, len(pdf) - before),
        (start, after, before, rest),
        (0, 0, 0, 0),
        (0, 10, 20, 30),
    ):
        (only,) = judge(spoil(pdf, numbers))
        assert (only.ok, only.intact, only.code) == (False, False, Code.PDF_RANGE), numbers
    (shorter,) = judge(spoil(pdf, (start, before, after, rest - 1)))
    assert not shorter.ok and not shorter.covers_whole_file


def test_a_damaged_or_padded_signature_is_refused() -> None:
    pdf = signed()
    _, before, after, _ = judge(pdf)[0].byte_range
    hidden = pdf[: after - 9] + b"DEADBEEF" + pdf[after - 1 :]
    assert judge(hidden)[0].code == Code.DER_FORM
    broken = pdf[: before + 1] + b"FF" + pdf[before + 3 :]
    assert judge(broken)[0].code == Code.DER_FORM
    not_hexadecimal = pdf[: before + 1] + b"zz" + pdf[before + 3 :]
    assert judge(not_hexadecimal)[0].code == Code.PDF_RANGE


def test_no_flipped_bit_of_the_covered_bytes_goes_unseen() -> None:
    pdf = signed()
    _, before, after, _ = judge(pdf)[0].byte_range
    for at in [*range(0, before, 97), *range(after, len(pdf), 13)]:
        changed = pdf[:at] + bytes([pdf[at] ^ 1]) + pdf[at + 1 :]
        assert not any(item.ok for item in judge(changed)), at


def test_a_signature_that_states_no_time_is_judged_at_the_given_one() -> None:
    opening = page() + b"7 0 obj\n<<\n/Contents "
    room, closing = 6000, b"\n/Type/Sig\n>>\nendobj\n%%EOF\n"
    after = len(opening) + room + 2
    ranged = b"\n/ByteRange [0 %d %d " % (len(opening), after)
    rest = len(ranged) + len(b"0000]") + len(closing)
    tail = ranged + b"%04d]" % rest + closing
    identity = signer("p256")
    assert isinstance(identity.key, ec.EllipticCurvePrivateKey)
    builder = PKCS7SignatureBuilder().set_data(opening + tail).add_signer(identity.certificate, identity.key, SHA256())
    builder = builder.add_certificate(issuer().certificate)
    options = [PKCS7Options.DetachedSignature, PKCS7Options.Binary, PKCS7Options.NoAttributes]
    cms = builder.sign(serialization.Encoding.DER, options)
    pdf = opening + b"<" + cms.hex().encode().ljust(room, b"0") + b">" + tail
    (undated,) = judge(pdf)
    assert (undated.ok, undated.intact, undated.code) == (False, True, Code.TIME_MISSING)
    (only,) = judge(pdf, at=NOW)
    assert only.ok and (only.signed_at, only.time_source) == (NOW, TimeSource.GIVEN)
    assert judge(pdf, at=SINCE - DAY)[0].code == Code.CERTIFICATE_OUT_OF_TIME
