"""Certificates for tests, made with `cryptography`: a root, an issuer below it, and whoever they certify."""

from datetime import UTC, datetime, timedelta
from functools import cache

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

SINCE, UNTIL = datetime(2025, 1, 1, tzinfo=UTC), datetime(2035, 1, 1, tzinfo=UTC)
NOW = datetime(2026, 3, 2, 9, 10, tzinfo=UTC)

PrivateKey = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey


@cache
def private_key(kind: str, owner: str) -> PrivateKey:
    """Give an owner's key, always the same within a run."""
    if kind == "rsa":
        return rsa.generate_private_key(65537, 2048)
    if kind == "ed25519":
        return ed25519.Ed25519PrivateKey.generate()
    return ec.generate_private_key(ec.SECP384R1() if kind == "p384" else ec.SECP256R1())


def name(text: str) -> x509.Name:
    parts = [x509.NameAttribute(NameOID.COUNTRY_NAME, "CN"), x509.NameAttribute(NameOID.COMMON_NAME, text)]
    return x509.Name(parts)


class Identity:
    """A key and its certificate."""

    def __init__(self, key: PrivateKey, certificate: x509.Certificate) -> None:
        self.key, self.certificate = key, certificate

    @property
    def der(self) -> bytes:
        return self.certificate.public_bytes(serialization.Encoding.DER)

    @property
    def pem(self) -> bytes:
        return self.certificate.public_bytes(serialization.Encoding.PEM)

    @property
    def key_pem(self) -> bytes:
        return self.key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )


def certify(
    owner: str,
    kind: str = "p256",
    issuer: Identity | None = None,
    *,
    authority: bool = False,
    path_length: int | None = None,
    timestamping: bool = False,
    key_usage: bool = True,
    since: datetime = SINCE,
    until: datetime = UNTIL,
    extra: x509.Extension[x509.UnrecognizedExtension] | None = None,
) -> Identity:
    """Certify an owner, by itself when no issuer is given."""
    key = private_key(kind, owner)
    signing = issuer.key if issuer else key
    builder = (
        x509.CertificateBuilder()
        .subject_name(name(owner))
        .issuer_name(issuer.certificate.subject if issuer else name(owner))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(since)
        .not_valid_after(until)
        .add_extension(x509.BasicConstraints(authority, path_length), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )
    if key_usage:
        builder = builder.add_extension(_usage(authority), critical=True)
    if timestamping:
        builder = builder.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), critical=True)
    if extra:
        builder = builder.add_extension(extra.value, extra.critical)
    hashing = None if isinstance(signing, ed25519.Ed25519PrivateKey) else hashes.SHA256()
    return Identity(key, builder.sign(signing, hashing))


def _usage(authority: bool) -> x509.KeyUsage:
    return x509.KeyUsage(not authority, not authority, False, False, False, authority, authority, False, False)


@cache
def root() -> Identity:
    return certify("Test Root", "p384", authority=True)


@cache
def issuer() -> Identity:
    return certify("Test Issuer", "rsa", root(), authority=True, path_length=0)


@cache
def signer(kind: str = "p256") -> Identity:
    return certify(f"灵川县财政局 {kind}", kind, issuer())


@cache
def stamper(kind: str = "rsa") -> Identity:
    return certify(f"Test TSA {kind}", kind, issuer(), timestamping=True)


DAY = timedelta(days=1)
