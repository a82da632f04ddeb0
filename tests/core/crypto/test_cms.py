"""CMS and RFC 3161 against the openssl program, `cryptography` and pyHanko."""

import asyncio
import hashlib
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest
from asn1crypto import keys, x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization.pkcs7 import PKCS7Options, PKCS7SignatureBuilder
from pyhanko.sign.timestamps import DummyTimeStamper

from liuhen.core.crypto.cms import parse_signed_data, verify_signer
from liuhen.core.crypto.refusals import Code, SignatureRefused
from liuhen.core.crypto.rfc3161 import parse_timestamp, verify_timestamp
from liuhen.core.crypto.x509 import Certificate, parse_certificate
from liuhen.core.kernel.moments import SHANGHAI
from tests.core.crypto.authority import DAY, NOW, Identity, certify, issuer, root, signer, stamper

CONTENT = "当场行政处罚决定书\n".encode() * 40
DIGEST = hashlib.sha256(CONTENT).digest()


def roots() -> list[Certificate]:
    return [parse_certificate(root().der)]


def verify(data: bytes, content: bytes = CONTENT) -> Certificate:
    signed = parse_signed_data(data)
    return verify_signer(signed, signed.signers[0], content)


def code_of(data: bytes, content: bytes = CONTENT) -> Code:
    with pytest.raises(SignatureRefused) as caught:
        verify(data, content)
    return caught.value.code


@pytest.mark.parametrize("options", [[PKCS7Options.DetachedSignature, PKCS7Options.Binary], [PKCS7Options.Binary]])
@pytest.mark.parametrize("hashing", [hashes.SHA256(), hashes.SHA384(), hashes.SHA512()], ids=lambda item: item.name)
@pytest.mark.parametrize("kind", ["rsa", "p256", "p384"])
def test_signatures_of_cryptography(kind: str, hashing: hashes.SHA256, options: list[PKCS7Options]) -> None:
    identity = signer(kind)
    assert isinstance(identity.key, (rsa.RSAPrivateKey, ec.EllipticCurvePrivateKey))
    builder = PKCS7SignatureBuilder().set_data(CONTENT).add_signer(identity.certificate, identity.key, hashing)
    data = builder.sign(serialization.Encoding.DER, options)
    assert verify(data).encoding == identity.der
    assert code_of(data, CONTENT + b"x") == Code.CONTENT_DIFFERS
    assert (parse_signed_data(data).content == CONTENT) == (len(options) == 1)


def test_pss_signatures_of_cryptography() -> None:
    identity = signer("rsa")
    assert isinstance(identity.key, rsa.RSAPrivateKey)
    scheme = padding.PSS(padding.MGF1(hashes.SHA256()), 32)
    builder = PKCS7SignatureBuilder().set_data(CONTENT)
    builder = builder.add_signer(identity.certificate, identity.key, hashes.SHA256(), rsa_padding=scheme)
    data = builder.sign(serialization.Encoding.DER, [PKCS7Options.DetachedSignature, PKCS7Options.Binary])
    assert verify(data).encoding == identity.der
    assert code_of(data, b"other") == Code.CONTENT_DIFFERS


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "content").write_bytes(CONTENT)
    people = {
        "root": root(),
        "issuer": issuer(),
        "rsa": signer("rsa"),
        "p256": signer("p256"),
        "ed25519": signer("ed25519"),
    }
    for label, identity in {**people, "tsa-rsa": stamper("rsa"), "tsa-p256": stamper("p256")}.items():
        (tmp_path / f"{label}.pem").write_bytes(identity.pem)
        (tmp_path / f"{label}.key").write_bytes(identity.key_pem)
    return tmp_path


def openssl(folder: Path, *words: str) -> None:
    subprocess.run(["openssl", *words], cwd=folder, check=True, capture_output=True)


@pytest.mark.parametrize("extra", [(), ("-cades",), ("-keyid",), ("-noattr",), ("-keyopt", "rsa_padding_mode:pss")])
def test_signatures_of_the_openssl_program(folder: Path, extra: tuple[str, ...]) -> None:
    words = ["cms", "-sign", "-binary", "-in", "content", "-signer", "rsa.pem", "-inkey", "rsa.key", "-md", "sha256"]
    openssl(folder, *words, "-outform", "DER", "-out", "signed", *extra)
    data = (folder / "signed").read_bytes()
    assert verify(data).encoding == signer("rsa").der
    assert code_of(data, CONTENT[:-1]) == (Code.SIGNATURE_BAD if extra == ("-noattr",) else Code.CONTENT_DIFFERS)


@pytest.mark.parametrize("kind", ["p256"])
def test_a_changed_signature_is_refused(folder: Path, kind: str) -> None:
    words = ["cms", "-sign", "-binary", "-in", "content", "-signer", f"{kind}.pem", "-inkey", f"{kind}.key", "-cades"]
    openssl(folder, *words, "-outform", "DER", "-out", "signed")
    data = (folder / "signed").read_bytes()
    claimed = parse_signed_data(data).signers[0].claimed_at
    assert claimed is not None and claimed.tzinfo is SHANGHAI
    start = data.index(signer(kind).der) + len(signer(kind).der)  # behind the certificates lie the signed attributes
    accepted = 0
    for at in range(start, len(data)):
        changed = data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]
        try:
            verify(changed)
        except SignatureRefused:
            continue
        accepted += 1
    assert accepted <= 1  # the version number of the SignerInfo is all that nothing binds


def test_a_signature_whose_certificate_stayed_away_is_refused(folder: Path) -> None:
    words = ["cms", "-sign", "-binary", "-in", "content", "-signer", "rsa.pem", "-inkey", "rsa.key", "-nocerts"]
    openssl(folder, *words, "-outform", "DER", "-out", "signed")
    assert code_of((folder / "signed").read_bytes()) == Code.SIGNER_MISSING


def test_a_signature_by_sha1_is_refused(folder: Path) -> None:
    words = ["cms", "-sign", "-binary", "-in", "content", "-signer", "rsa.pem", "-inkey", "rsa.key", "-md", "sha1"]
    openssl(folder, *words, "-outform", "DER", "-out", "signed")
    assert code_of((folder / "signed").read_bytes()) == Code.ALGORITHM_UNKNOWN


def test_a_certificate_swapped_for_a_twin_is_refused(folder: Path) -> None:
    words = ["cms", "-sign", "-binary", "-in", "content", "-signer", "p256.pem", "-inkey", "p256.key", "-cades"]
    openssl(folder, *words, "-outform", "DER", "-out", "signed")
    signed = parse_signed_data((folder / "signed").read_bytes())
    made = signer("p256")
    twin = parse_certificate(certify("灵川县财政局 p256", "p256", issuer(), until=NOW + DAY).der)
    assert twin.public_key == parse_certificate(made.der).public_key
    item = signed.signers[0]
    from_twin = type(item)(
        twin.issuer, twin.serial, None, item.hash_name, item.attributes, item.signed_attributes, item.scheme,
        item.signature, item.unsigned,
    )  # fmt: skip
    with pytest.raises(SignatureRefused) as caught:
        verify_signer(type(signed)(signed.content_type, None, (twin,), (from_twin,)), from_twin, CONTENT)
    assert caught.value.code == Code.SIGNER_MISSING


CONFIGURATION = """[tsa]
serial = ./serial
default_policy = 1.2.3.4
digests = sha256, sha384, sha512, sm3
signer_digest = sha256
accuracy = secs:1, millisecs:500
ordering = yes
tsa_name = yes
ess_cert_id_alg = {ess}
"""


def stamp(folder: Path, kind: str, hash_name: str, ess: str = "sha256", *, certificates: bool = True) -> bytes:
    (folder / "tsa.cnf").write_text(CONFIGURATION.format(ess=ess))
    (folder / "serial").write_text("01\n")
    query = ["ts", "-query", "-data", "content", f"-{hash_name}", "-out", "query"]
    openssl(folder, *query, *(["-cert"] if certificates else []))
    openssl(folder, "ts", "-reply", "-queryfile", "query", "-config", "tsa.cnf", "-section", "tsa", "-signer",
            f"tsa-{kind}.pem", "-inkey", f"tsa-{kind}.key", "-chain", "issuer.pem", "-out", "reply")  # fmt: skip
    return (folder / "reply").read_bytes()


@pytest.mark.parametrize("hash_name", ["sha256", "sha384", "sha512", "sm3"])
@pytest.mark.parametrize("kind", ["rsa", "p256"])
def test_timestamps_of_the_openssl_program(folder: Path, kind: str, hash_name: str) -> None:
    before = datetime.now(UTC).replace(microsecond=0)
    reply = stamp(folder, kind, hash_name)
    digest = hashlib.new(hash_name, CONTENT).digest()
    verified = verify_timestamp(reply, digest, roots())
    assert verified.timestamp.hash_name == hash_name and verified.authority == f"Test TSA {kind}"
    assert before <= verified.timestamp.generated_at <= datetime.now(UTC)
    assert verified.timestamp.generated_at.tzinfo is SHANGHAI
    assert [item.common_name for item in verified.chain][1:] == ["Test Issuer", "Test Root"]
    assert verified.timestamp.policy == "1.2.3.4" and verified.timestamp.nonce is not None


def refused(data: bytes, digest: bytes = DIGEST, trusted: list[Certificate] | None = None) -> Code:
    with pytest.raises(SignatureRefused) as caught:
        verify_timestamp(data, digest, roots() if trusted is None else trusted)
    return caught.value.code


def test_timestamps_that_prove_nothing_are_refused(folder: Path) -> None:
    reply = stamp(folder, "p256", "sha256", "sha1")
    assert verify_timestamp(reply, DIGEST, roots()).timestamp.serial == 2
    assert refused(reply, hashlib.sha256(b"other").digest()) == Code.TIMESTAMP_OF_OTHER
    assert refused(reply, trusted=[]) == Code.ISSUER_UNKNOWN
    assert refused(stamp(folder, "p256", "sha256", certificates=False)) == Code.SIGNER_MISSING
    info = parse_timestamp(reply).signed.content
    assert info is not None
    later = info.replace(b"Z", b"Z", 1)
    year = later.index(b"20", later.index(b"\x18\x0f")) + 3
    moved = reply.replace(info, info[:year] + bytes([info[year] ^ 1]) + info[year + 1 :])
    assert moved != reply and refused(moved) == Code.CONTENT_DIFFERS


def test_a_refusal_of_the_authority_is_said(folder: Path) -> None:
    rejection = bytes.fromhex("30053003020102")
    with pytest.raises(SignatureRefused) as caught:
        parse_timestamp(rejection)
    assert caught.value.code == Code.TIMESTAMP_NOT_GRANTED
    assert refused(bytes.fromhex("3000")) == Code.DER_FORM


def dummy(identity: Identity, at: datetime) -> bytes:
    certificate, key = (
        x509.Certificate.load(identity.der),
        keys.PrivateKeyInfo.load(
            identity.key.private_bytes(
                serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            )
        ),
    )
    authority = DummyTimeStamper(certificate, key, fixed_dt=at)
    return bytes(asyncio.run(authority.async_timestamp(DIGEST, "sha256")).dump())


def issued() -> list[Certificate]:
    return [parse_certificate(issuer().der)]


def test_bare_tokens_of_pyhanko() -> None:
    token = dummy(stamper(), NOW)
    verified = verify_timestamp(token, DIGEST, roots(), issued())
    assert verified.timestamp.generated_at == NOW and verified.authority == "Test TSA rsa"
    assert refused(token, b"x" * 32) == Code.TIMESTAMP_OF_OTHER


def test_the_chain_is_judged_at_the_time_of_the_token() -> None:
    short = certify("short TSA", "rsa", root(), timestamping=True, until=NOW)
    assert verify_timestamp(dummy(short, NOW - DAY), DIGEST, roots()).authority == "short TSA"
    assert refused(dummy(short, NOW + DAY)) == Code.CERTIFICATE_OUT_OF_TIME


def test_only_a_certificate_for_timestamps_makes_them() -> None:
    assert refused(dummy(certify("not a TSA", "rsa", root()), NOW)) == Code.CERTIFICATE_MISUSED


def test_a_signature_is_no_timestamp(folder: Path) -> None:
    words = ["cms", "-sign", "-binary", "-in", "content", "-signer", "rsa.pem", "-inkey", "rsa.key", "-nodetach"]
    openssl(folder, *words, "-outform", "DER", "-out", "signed")
    assert refused((folder / "signed").read_bytes()) == Code.TIMESTAMP_FORM
