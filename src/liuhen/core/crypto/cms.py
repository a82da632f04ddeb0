"""CMS SignedData: who signed which bytes (RFC 5652, as PAdES and RFC 3161 use it).

Invariant: a signature counts only when the signed attributes name the very content (its digest and type) and, where
they name the signer's certificate, that very certificate; unsigned attributes prove nothing by themselves.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from liuhen.core.crypto import der, schemes
from liuhen.core.crypto.refusals import Code, SignatureRefused
from liuhen.core.crypto.x509 import Certificate, parse_certificate
from liuhen.core.kernel.moments import SHANGHAI

DATA, SIGNED_DATA = "1.2.840.113549.1.7.1", "1.2.840.113549.1.7.2"
GM_DATA, GM_SIGNED_DATA = "1.2.156.10197.6.1.4.2.1", "1.2.156.10197.6.1.4.2.2"
TIMESTAMP_TOKEN = "1.2.840.113549.1.9.16.2.14"

_CONTENT_TYPE, _MESSAGE_DIGEST, _SIGNING_TIME = "1.2.840.113549.1.9.3", "1.2.840.113549.1.9.4", "1.2.840.113549.1.9.5"
_SIGNING_CERTIFICATE, _SIGNING_CERTIFICATE_V2 = "1.2.840.113549.1.9.16.2.12", "1.2.840.113549.1.9.16.2.47"
_SHA1 = "sha1"  # only to recognise a certificate by its RFC 2634 name, never to trust a signature

Attributes = Mapping[str, der.Element]


@dataclass(frozen=True, slots=True)
class SignerInfo:
    """One signature: how its certificate is found, what it signs, and how."""

    issuer: bytes | None
    serial: int | None
    key_identifier: bytes | None
    hash_name: str
    attributes: Attributes
    signed_attributes: bytes | None
    scheme: schemes.Scheme
    signature: bytes
    unsigned: Attributes

    @property
    def claimed_at(self) -> datetime | None:
        """Give the signing time the signer claims, in Asia/Shanghai."""
        item = self.attributes.get(_SIGNING_TIME)
        return item.time().astimezone(SHANGHAI) if item else None


@dataclass(frozen=True, slots=True)
class SignedData:
    """Signed content (None when it lies elsewhere) with certificates and signatures, none of them checked yet."""

    content_type: str
    content: bytes | None
    certificates: tuple[Certificate, ...]
    signers: tuple[SignerInfo, ...]


def parse_signed_data(data: bytes, place: str = "CMS", *, padded: bool = False) -> SignedData:
    """Read a ContentInfo that holds SignedData; `padded` allows zeros after it. Raises SignatureRefused."""
    outer = (der.parse_padded if padded else der.parse)(data, place).require(der.SEQUENCE).reader()
    if outer.take().oid() not in (SIGNED_DATA, GM_SIGNED_DATA):
        raise SignatureRefused(Code.CMS_FORM, place, "expected CMS signed data; this file holds something else")
    body = outer.take(der.context(0)).reader().take(der.SEQUENCE).reader()
    body.take().integer()
    body.take(der.SET)
    encapsulated = body.take(der.SEQUENCE).reader()
    content_type, wrapped = encapsulated.take().oid(), encapsulated.take_if(der.context(0))
    content = wrapped.reader().take(der.OCTET_STRING).content if wrapped else None
    certificates = _read_certificates(body.take_if(der.context(0)))
    body.take_if(der.context(1))
    signers = tuple(_read_signer(item) for item in body.take(der.SET).children())
    body.finish()
    return SignedData(content_type, content, certificates, signers)


def _read_certificates(item: der.Element | None) -> tuple[Certificate, ...]:
    found = item.children() if item else []
    return tuple(parse_certificate(part.encoding, part.place) for part in found if part.tag == der.SEQUENCE)


def _read_signer(item: der.Element) -> SignerInfo:
    reader = item.require(der.SEQUENCE).reader()
    reader.take().integer()
    issuer, serial, identifier = _read_identity(reader.take())
    hash_name = schemes.read_hash(reader.take())
    signed = reader.take_if(der.context(0))
    scheme, signature = schemes.read_scheme(reader.take()), reader.take(der.OCTET_STRING).content
    unsigned = reader.take_if(der.context(1))
    reader.finish()
    # The signature covers the attributes as a SET OF, though they travel under an implicit [0] (RFC 5652 section 5.4).
    encoded = bytes([der.SET]) + signed.encoding[1:] if signed else None
    attributes = _read_attributes(signed)
    return SignerInfo(
        issuer, serial, identifier, hash_name, attributes, encoded, scheme, signature, _read_attributes(unsigned)
    )


def _read_identity(item: der.Element) -> tuple[bytes | None, int | None, bytes | None]:
    if item.tag == 0x80:
        return None, None, item.content
    parts = item.require(der.SEQUENCE).reader()
    return parts.take(der.SEQUENCE).encoding, parts.take().integer(), None


def _read_attributes(item: der.Element | None) -> dict[str, der.Element]:
    attributes: dict[str, der.Element] = {}
    for entry in item.children() if item else ():
        reader = entry.require(der.SEQUENCE).reader()
        name, values = reader.take().oid(), reader.take(der.SET).children()
        reader.finish()
        if name in attributes or not values:
            raise SignatureRefused(Code.CMS_FORM, entry.place, f"the attribute {name} stands twice or is empty")
        attributes[name] = values[0]
    return attributes


def find_certificate(signed: SignedData, signer: SignerInfo) -> Certificate:
    """Find the signer's certificate among those that came along. Raises SignatureRefused."""
    for certificate in signed.certificates:
        by_name = certificate.issuer == signer.issuer and certificate.serial == signer.serial
        by_key = signer.key_identifier is not None and certificate.key_identifier == signer.key_identifier
        if by_name or by_key:
            return certificate
    raise SignatureRefused(Code.SIGNER_MISSING, "CMS", "the signer's certificate did not come along with the signature")


def verify_signer(signed: SignedData, signer: SignerInfo, content: bytes) -> Certificate:
    """Require that a signer signed this content, and give the certificate that says who it is; trust is judged apart.

    Raises SignatureRefused. Spec: RFC 5652 sections 5.4 and 5.6, RFC 5035 for the named certificate.
    """
    certificate = find_certificate(signed, signer)
    message = content
    if signer.signed_attributes is not None:
        _require_content(signed, signer, content)
        _require_named(signer, certificate)
        message = signer.signed_attributes
    elif signed.content_type not in (DATA, GM_DATA):
        raise SignatureRefused(Code.CMS_FORM, certificate.common_name, "content of this type needs signed attributes")
    if not schemes.verify(certificate.public_key, signer.scheme, message, signer.signature, signer.hash_name):
        raise SignatureRefused(Code.SIGNATURE_BAD, certificate.common_name, "the signature is bad; do not rely on it")
    return certificate


def _require_content(signed: SignedData, signer: SignerInfo, content: bytes) -> None:
    kind, stated = signer.attributes.get(_CONTENT_TYPE), signer.attributes.get(_MESSAGE_DIGEST)
    if kind is None or stated is None or kind.oid() != signed.content_type:
        raise SignatureRefused(Code.CMS_FORM, "CMS", "the signed attributes must name content type and digest")
    if stated.require(der.OCTET_STRING).content != schemes.digest(signer.hash_name, content):
        raise SignatureRefused(
            Code.CONTENT_DIFFERS, "CMS", "the bytes are not those that were signed; they were changed"
        )


def _require_named(signer: SignerInfo, certificate: Certificate) -> None:
    for name in (_SIGNING_CERTIFICATE_V2, _SIGNING_CERTIFICATE):
        if (item := signer.attributes.get(name)) is None:
            continue
        reader = item.reader().take(der.SEQUENCE).reader().take(der.SEQUENCE).reader()
        hash_name = _SHA1 if name == _SIGNING_CERTIFICATE else "sha256"
        if (stated := reader.take_if(der.SEQUENCE)) is not None:
            hash_name = schemes.read_hash(stated)
        expected = (
            hashlib.sha1(certificate.encoding, usedforsecurity=False).digest()
            if hash_name == _SHA1
            else schemes.digest(hash_name, certificate.encoding)
        )
        if reader.take(der.OCTET_STRING).content != expected:
            raise SignatureRefused(
                Code.SIGNER_MISSING, certificate.common_name, "the signature names another certificate than this one"
            )
