"""A certification authority as an agency meets one: a root, an issuer, a seal, and time stamps under a root of their own.

The folder it fills is what an administrator lays into the data folder; docs/guide/seal.md tells of the same files.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from liuhen.adapters.timestamps.dummy import DummyAuthority
from tests.adapters.timestamps.serving import served

PrivateKey = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey
FROM, UNTIL = datetime(2020, 1, 1, tzinfo=UTC), datetime(2040, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Held:
    """A key with its certificate."""

    key: PrivateKey
    certificate: x509.Certificate

    @property
    def key_pem(self) -> bytes:
        """The key, PKCS #8 without a passphrase."""
        return self.locked(None)

    @property
    def certificate_pem(self) -> bytes:
        """The certificate."""
        return self.certificate.public_bytes(serialization.Encoding.PEM)

    def locked(self, passphrase: bytes | None) -> bytes:
        """The key, PKCS #8 under a passphrase."""
        lock = serialization.BestAvailableEncryption(passphrase) if passphrase else serialization.NoEncryption()
        return self.key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, lock)


@dataclass(frozen=True, slots=True)
class OwnAuthority:
    """What an agency was given: its seal, the issuer, the root; and the time-stamping authority under a root of its own."""

    root: Held
    issuer: Held
    seal: Held
    stamps_root: Held
    stamps: Held

    def issue(self, name: str, *, until: datetime = UNTIL, key: PrivateKey | None = None) -> Held:
        """Issue another seal to somebody."""
        return _issued(name, self.issuer, key=key, until=until)


def own_authority(agency: str) -> OwnAuthority:
    """Make the authority and the seal of an agency."""
    root = _root("示范电子认证根")
    issuer = _issued("示范电子认证有限公司", root, authority=True)
    stamps_root = _root("示范时间戳根")
    stamps = _issued("示范时间戳服务", stamps_root, purpose=ExtendedKeyUsageOID.TIME_STAMPING)
    return OwnAuthority(root, issuer, _issued(agency, issuer), stamps_root, stamps)


def lay_out(folder: Path, authority: OwnAuthority, address: str, *, seal: Held | None = None, key: str = "") -> Path:
    """Fill a folder with the seal's files and give the path of its seal.toml; `key` replaces the part that tells of the key."""
    folder.mkdir(parents=True, exist_ok=True)
    held = seal or authority.seal
    files = {
        "seal.crt": held.certificate_pem,
        "issuer.crt": authority.issuer.certificate_pem,
        "root.crt": authority.root.certificate_pem,
        "tsa-root.crt": authority.stamps_root.certificate_pem,
        "seal.key": held.key_pem,
    }
    for name, data in files.items():
        (folder / name).write_bytes(data)
        (folder / name).chmod(0o600)
    path = folder / "seal.toml"
    path.write_text(
        f"""certificate = "seal.crt"
issuers = ["issuer.crt"]
roots = ["root.crt"]

[timestamps]
address = "{address}"
roots = ["tsa-root.crt"]

[key]
{key or 'file = "seal.key"'}
""",
        encoding="utf-8",
    )
    return path


class Telling(Protocol):
    """Whatever tells the time at the authority."""

    @property
    def at(self) -> datetime:
        """Now."""
        ...


class Clock:
    """A time at the authority that stands until it is set."""

    def __init__(self, at: datetime) -> None:
        self.at = at


@contextmanager
def stamping(authority: OwnAuthority, clock: Telling) -> Iterator[str]:
    """Serve the time-stamping authority by a clock and give its address."""
    held = authority.stamps
    tsa = DummyAuthority(held.key_pem, held.certificate_pem, (authority.stamps_root.certificate_pem,))
    with served(lambda request: tsa.answer(request, at=clock.at)) as address:
        yield address


def _root(name: str) -> Held:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return Held(key, _certificate(name, key, name, key, authority=True, purpose=None, until=UNTIL))


def _issued(
    name: str,
    issuer: Held,
    *,
    authority: bool = False,
    purpose: x509.ObjectIdentifier | None = None,
    key: PrivateKey | None = None,
    until: datetime = UNTIL,
) -> Held:
    own = key or rsa.generate_private_key(public_exponent=65537, key_size=2048)
    above = str(issuer.certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)[0].value)
    return Held(own, _certificate(name, own, above, issuer.key, authority=authority, purpose=purpose, until=until))


def _certificate(
    subject: str,
    key: PrivateKey,
    issuer: str,
    signer: PrivateKey,
    *,
    authority: bool,
    purpose: x509.ObjectIdentifier | None,
    until: datetime,
) -> x509.Certificate:
    names = [x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, one)]) for one in (subject, issuer)]
    builder = (
        x509.CertificateBuilder(subject_name=names[0], issuer_name=names[1], public_key=key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(FROM)
        .not_valid_after(until)
        .add_extension(x509.BasicConstraints(authority, None), critical=True)
        .add_extension(
            x509.KeyUsage(not authority, not authority, False, False, False, authority, authority, False, False), True
        )
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key()), critical=False)
    )
    if purpose is not None:
        builder = builder.add_extension(x509.ExtendedKeyUsage([purpose]), critical=True)
    return builder.sign(signer, hashes.SHA256())
