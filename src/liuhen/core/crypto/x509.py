"""Certificates, and chains of them up to a root one trusts (RFC 5280, the part that signatures here need).

Invariant: a chain holds only when every signature, name, validity at the stated moment, CA mark, path length and key
usage does; a critical extension not understood here breaks it. Revocation is judged apart, from evidence of the day.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from liuhen.core.crypto import der, schemes
from liuhen.core.crypto.refusals import Code, SignatureRefused
from liuhen.core.kernel.moments import SHANGHAI

LONGEST_CHAIN = 8
TIME_STAMPING = "1.3.6.1.5.5.7.3.8"

_COMMON_NAME = "2.5.4.3"
_KEY_IDENTIFIER, _KEY_USAGE, _CONSTRAINTS, _PURPOSES = "2.5.29.14", "2.5.29.15", "2.5.29.19", "2.5.29.37"
_UNDERSTOOD = {_KEY_IDENTIFIER, _KEY_USAGE, _CONSTRAINTS, _PURPOSES, "2.5.29.17", "2.5.29.32"}
_SIGNS_CERTIFICATES = 5


@dataclass(frozen=True, slots=True)
class Extension:
    """One extension, its value still in DER."""

    critical: bool
    value: bytes


@dataclass(frozen=True, slots=True)
class Certificate:
    """What a certificate says; `encoding` is the whole of it, `signed_part` what its issuer signed."""

    encoding: bytes
    signed_part: bytes
    serial: int
    issuer: bytes
    subject: bytes
    common_name: str
    not_before: datetime
    not_after: datetime
    public_key: schemes.PublicKey
    scheme: schemes.Scheme
    signature: bytes
    extensions: dict[str, Extension]

    @property
    def is_authority(self) -> bool:
        """Tell whether basicConstraints mark it as a CA."""
        return _constraints(self)[0]

    @property
    def purposes(self) -> tuple[str, ...]:
        """List the extended key usages; empty when there are none."""
        extension = self.extensions.get(_PURPOSES)
        return tuple(item.oid() for item in _value(extension).children()) if extension else ()

    @property
    def key_identifier(self) -> bytes | None:
        """Give the subject key identifier."""
        extension = self.extensions.get(_KEY_IDENTIFIER)
        return _value(extension).require(der.OCTET_STRING).content if extension else None

    def is_valid_at(self, at: datetime) -> bool:
        """Tell whether an aware moment lies in the period of validity, ends included."""
        return self.not_before <= at <= self.not_after


def _value(extension: Extension) -> der.Element:
    return der.parse(extension.value, "certificate extension")


def parse_certificate(data: bytes, place: str = "certificate") -> Certificate:
    """Read a certificate in DER. Raises SignatureRefused."""
    outer = der.parse(data, place).require(der.SEQUENCE).reader()
    signed, algorithm, signature = outer.take(der.SEQUENCE), outer.take(der.SEQUENCE), outer.take().bits()
    outer.finish()
    body = signed.reader()
    body.take_if(der.context(0))
    serial, stated = body.take().integer(), body.take(der.SEQUENCE)
    if stated.encoding != algorithm.encoding:
        raise SignatureRefused(Code.CERTIFICATE_FORM, place, "the two signature algorithms in the certificate differ")
    issuer, validity, subject = body.take(der.SEQUENCE), body.take(der.SEQUENCE).reader(), body.take(der.SEQUENCE)
    not_before, not_after = (validity.take().time().astimezone(SHANGHAI) for _ in range(2))
    key = schemes.read_public_key(body.take(der.SEQUENCE))
    body.take_if(0x81), body.take_if(0x82)  # unique identifiers, obsolete
    extensions = _read_extensions(body.take_if(der.context(3)), place)
    body.finish()
    return Certificate(
        data,
        signed.encoding,
        serial,
        issuer.encoding,
        subject.encoding,
        _common_name(subject),
        not_before,
        not_after,
        key,
        schemes.read_scheme(algorithm),
        signature,
        extensions,
    )


def _common_name(name: der.Element) -> str:
    found = ""
    for part in name.children():
        for pair in part.require(der.SET).children():
            reader = pair.require(der.SEQUENCE).reader()
            if reader.take().oid() == _COMMON_NAME:
                found = reader.take().text()
    return found


def _read_extensions(item: der.Element | None, place: str) -> dict[str, Extension]:
    extensions: dict[str, Extension] = {}
    for entry in item.reader().take(der.SEQUENCE).children() if item else ():
        reader = entry.require(der.SEQUENCE).reader()
        name, flag = reader.take().oid(), reader.take_if(der.BOOLEAN)
        if name in extensions:
            raise SignatureRefused(Code.CERTIFICATE_FORM, place, f"the extension {name} stands twice")
        extensions[name] = Extension(flag is not None and flag.boolean(), reader.take(der.OCTET_STRING).content)
        reader.finish()
    return extensions


def _constraints(certificate: Certificate) -> tuple[bool, int | None]:
    extension = certificate.extensions.get(_CONSTRAINTS)
    if extension is None:
        return False, None
    reader = _value(extension).require(der.SEQUENCE).reader()
    flag, length = reader.take_if(der.BOOLEAN), reader.take_if(der.INTEGER)
    return flag is not None and flag.boolean(), length.integer() if length else None


def _may_sign_certificates(certificate: Certificate) -> bool:
    extension = certificate.extensions.get(_KEY_USAGE)
    if extension is None:
        return True
    bits = _value(extension).require(der.BIT_STRING).content
    return len(bits) > 1 and bool(bits[1] >> (7 - _SIGNS_CERTIFICATES) & 1)


def is_signed_by(certificate: Certificate, issuer: Certificate) -> bool:
    """Tell whether names fit and the issuer's key made the signature."""
    fits = certificate.issuer == issuer.subject
    return fits and schemes.verify(
        issuer.public_key, certificate.scheme, certificate.signed_part, certificate.signature
    )


def build_chain(
    certificate: Certificate, others: Sequence[Certificate], roots: Sequence[Certificate], at: datetime
) -> tuple[Certificate, ...]:
    """Find the chain from a certificate up to a trusted root, all of it valid at an aware moment.

    `others` are untrusted certificates that came along. Raises SignatureRefused with the first reason on the way.
    """
    chain = [certificate]
    while True:
        current = chain[-1]
        _require_usable(current, at)
        if any(current.encoding == root.encoding for root in roots):
            return tuple(chain)
        issuer = _find_issuer(current, [*roots, *others], chain)
        _require_authority(issuer, below=len(chain) - 1)
        chain.append(issuer)


def _find_issuer(certificate: Certificate, known: Sequence[Certificate], chain: Sequence[Certificate]) -> Certificate:
    if len(chain) < LONGEST_CHAIN:
        for candidate in known:
            if candidate not in chain and is_signed_by(certificate, candidate):
                return candidate
    raise SignatureRefused(
        Code.ISSUER_UNKNOWN,
        certificate.common_name,
        "no trusted root issued this certificate; add the root if you trust it",
    )


def _require_usable(certificate: Certificate, at: datetime) -> None:
    if not certificate.is_valid_at(at):
        raise SignatureRefused(
            Code.CERTIFICATE_OUT_OF_TIME,
            certificate.common_name,
            f"valid from {certificate.not_before.isoformat()} to {certificate.not_after.isoformat()}, "
            f"not at {at.astimezone(SHANGHAI).isoformat()}",
        )
    for name, extension in certificate.extensions.items():
        if extension.critical and name not in _UNDERSTOOD:
            raise SignatureRefused(
                Code.CERTIFICATE_MISUSED, certificate.common_name, f"the critical extension {name} is not understood"
            )


def _require_authority(issuer: Certificate, below: int) -> None:
    marked, length = _constraints(issuer)
    if not marked or not _may_sign_certificates(issuer) or (length is not None and below > length):
        raise SignatureRefused(
            Code.CERTIFICATE_MISUSED, issuer.common_name, "this certificate may not issue the one below it"
        )
