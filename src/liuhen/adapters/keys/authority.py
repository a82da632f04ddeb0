"""The test authority: a root, an agency's seal certificate and a time-stamping certificate, for demonstration and tests.

Invariant: every certificate says TEST and 测试 in its name, so that nobody takes a demonstration for a real seal; made once
and used again, because documents sealed under it must go on verifying.
"""

from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from secrets import token_hex

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from liuhen.adapters.keys.folder import KeyExists, KeyFolder
from liuhen.core.kernel.errors import LiuhenError

_MAKER = "留痕测试 LIUHEN TEST"
_DESCRIPTION = x509.ObjectIdentifier("2.5.4.13")
# X.520 holds a name to 64 characters, some programs to 64 bytes.
_NAME_BYTES = 64

VALID_FROM = datetime(2025, 1, 1, tzinfo=UTC)
VALID_UNTIL = datetime(2045, 1, 1, tzinfo=UTC)


class OutsideValidity(LiuhenError):
    """The test certificates are not valid at the time asked for."""


@dataclass(frozen=True, slots=True)
class Credential:
    """A private key (PEM, PKCS #8), its certificate and the issuers above it, all PEM."""

    key_pem: bytes = field(repr=False)
    certificate_pem: bytes
    chain_pem: tuple[bytes, ...] = ()


@dataclass(frozen=True, slots=True)
class Authority:
    """The root that a verifier is told to trust, and what was issued under it."""

    root_pem: bytes
    seal: Credential
    tsa: Credential


def open_test_authority(folder: Path, agency_name: str, at: datetime) -> Authority:
    """Open the test authority kept in a folder, making what is absent: RSA-2048, valid 2025 to 2045.

    Raises OutsideValidity where `at` lies outside those years.
    """
    if not VALID_FROM <= at < VALID_UNTIL:
        raise OutsideValidity(f"the test certificates hold from 2025 to 2045 and not at {at:%Y-%m-%d}; use a real seal")
    root_key, root = _root(folder)
    chain = (root.public_bytes(serialization.Encoding.PEM),)
    place = f"test-seal-{sha256(agency_name.encode()).hexdigest()[:12]}"
    seal_name = _name(agency_name, "（测试印章 TEST SEAL）", agency_name)
    return Authority(
        root_pem=chain[0],
        seal=_issued(folder, place, seal_name, None, (root_key, root), chain),
        tsa=_issued(
            folder,
            "test-tsa",
            _name("测试时间戳", " TEST TSA", _MAKER),
            ExtendedKeyUsageOID.TIME_STAMPING,
            (root_key, root),
            chain,
        ),
    )


def _root(folder: Path) -> tuple[rsa.RSAPrivateKey, x509.Certificate]:
    key = _key(folder, "test-root")
    path = folder / "test-root.crt"
    if not path.exists():
        name = _name("留痕测试根证书", " LIUHEN TEST ROOT CA", _MAKER)
        builder = _unsigned(name, name, key, key).add_extension(x509.BasicConstraints(True, 0), critical=True)
        builder = builder.add_extension(_usage(authority=True), critical=True)
        _keep(path, builder.sign(key, hashes.SHA256()))
    return key, x509.load_pem_x509_certificate(path.read_bytes())


def _issued(
    folder: Path,
    place: str,
    name: x509.Name,
    purpose: x509.ObjectIdentifier | None,
    issuer: tuple[rsa.RSAPrivateKey, x509.Certificate],
    chain: tuple[bytes, ...],
) -> Credential:
    key, path = _key(folder, place), folder / f"{place}.crt"
    if not path.exists():
        builder = _unsigned(name, issuer[1].subject, key, issuer[0])
        builder = builder.add_extension(x509.BasicConstraints(False, None), critical=True)
        builder = builder.add_extension(_usage(authority=False), critical=True)
        if purpose is not None:
            builder = builder.add_extension(x509.ExtendedKeyUsage([purpose]), critical=True)
        _keep(path, builder.sign(issuer[0], hashes.SHA256()))
    return Credential(KeyFolder(folder).read_pem(place), path.read_bytes(), chain)


def _key(folder: Path, name: str) -> rsa.RSAPrivateKey:
    keys = KeyFolder(folder)
    if not keys.has(name):
        fresh = rsa.generate_private_key(public_exponent=65537, key_size=2048).private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        with suppress(KeyExists):  # another process was first: its key serves both
            keys.write_pem(name, fresh)
    key = serialization.load_pem_private_key(keys.read_pem(name), password=None)
    assert isinstance(key, rsa.RSAPrivateKey)
    return key


def _name(common: str, mark: str, organisation: str) -> x509.Name:
    """Name a certificate; what is too long is cut there and told in full in the description (X.520 2.5.4.13)."""
    pairs = [
        (NameOID.COUNTRY_NAME, "CN"),
        (NameOID.ORGANIZATION_NAME, _cut(organisation, _NAME_BYTES)),
        (NameOID.COMMON_NAME, _cut(common, _NAME_BYTES - len(mark.encode())) + mark),
    ]
    if pairs[1][1] != organisation:
        pairs.append((_DESCRIPTION, organisation))
    return x509.Name([x509.NameAttribute(oid, text) for oid, text in pairs])


def _cut(text: str, most: int) -> str:
    return text.encode()[:most].decode(errors="ignore")


def _unsigned(
    subject: x509.Name, issuer: x509.Name, key: rsa.RSAPrivateKey, signer: rsa.RSAPrivateKey
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder(subject_name=subject, issuer_name=issuer, public_key=key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(VALID_FROM)
        .not_valid_after(VALID_UNTIL)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key()), critical=False)
    )


def _usage(*, authority: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not authority,
        content_commitment=not authority,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=authority,
        crl_sign=authority,
        encipher_only=False,
        decipher_only=False,
    )


def _keep(path: Path, certificate: x509.Certificate) -> None:
    draft = path.with_suffix(f".{token_hex(4)}")
    draft.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    draft.replace(path)
