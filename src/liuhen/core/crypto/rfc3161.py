"""Timestamps: an authority's dated word that a digest existed (RFC 3161).

Invariant: the authority's chain is judged at the time the token states, not now, so a token outlives its certificate.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from liuhen.core.crypto import der, schemes
from liuhen.core.crypto.cms import SignedData, parse_signed_data, verify_signer
from liuhen.core.crypto.refusals import Code, SignatureRefused
from liuhen.core.crypto.x509 import TIME_STAMPING, Certificate, build_chain
from liuhen.core.kernel.moments import SHANGHAI

TIMESTAMP_INFO = "1.2.840.113549.1.9.16.1.4"

_GRANTED = (0, 1)


@dataclass(frozen=True, slots=True)
class Timestamp:
    """What a token says, not yet checked: when (Asia/Shanghai), of which digest, under which serial and policy."""

    generated_at: datetime
    hash_name: str
    imprint: bytes
    serial: int
    policy: str
    nonce: int | None
    signed: SignedData


@dataclass(frozen=True, slots=True)
class VerifiedTimestamp:
    """A token that holds, with the authority's certificate first in its chain."""

    timestamp: Timestamp
    chain: tuple[Certificate, ...]

    @property
    def authority(self) -> str:
        return self.chain[0].common_name


def parse_timestamp(data: bytes, place: str = "timestamp", *, padded: bool = False) -> Timestamp:
    """Read a TimeStampResp or a bare TimeStampToken. Raises SignatureRefused, also when the request was not granted."""
    signed = parse_signed_data(_token_of(data, place, padded), place)
    if signed.content_type != TIMESTAMP_INFO or signed.content is None or len(signed.signers) != 1:
        raise SignatureRefused(Code.TIMESTAMP_FORM, place, "expected one authority's signed timestamp")
    reader = der.parse(signed.content, place).require(der.SEQUENCE).reader()
    if reader.take().integer() != 1:
        raise SignatureRefused(Code.TIMESTAMP_FORM, place, "only version 1 of a timestamp is known")
    policy, imprint = reader.take().oid(), reader.take(der.SEQUENCE).reader()
    hash_name, hashed = schemes.read_hash(imprint.take()), imprint.take(der.OCTET_STRING).content
    serial, generated_at = reader.take().integer(), reader.take(der.GENERALIZED_TIME).time()
    reader.take_if(der.SEQUENCE)
    reader.take_if(der.BOOLEAN)
    nonce = reader.take_if(der.INTEGER)
    if len(hashed) != len(schemes.digest(hash_name, b"")):
        raise SignatureRefused(Code.TIMESTAMP_FORM, place, "the digest in the timestamp has the wrong length")
    return Timestamp(
        generated_at.astimezone(SHANGHAI), hash_name, hashed, serial, policy, nonce.integer() if nonce else None, signed
    )


def _token_of(data: bytes, place: str, padded: bool) -> bytes:
    outer = (der.parse_padded if padded else der.parse)(data, place).require(der.SEQUENCE)
    reader = outer.reader()
    if reader.peek() != der.SEQUENCE:
        return outer.encoding
    status = reader.take().reader().take().integer()
    token = reader.take_if(der.SEQUENCE)
    if status not in _GRANTED or token is None:
        raise SignatureRefused(
            Code.TIMESTAMP_NOT_GRANTED, place, f"the authority refused the timestamp (status {status}); ask again"
        )
    return token.encoding


def verify_timestamp(
    data: bytes,
    digest: bytes,
    roots: Sequence[Certificate],
    others: Sequence[Certificate] = (),
    place: str = "timestamp",
    *,
    padded: bool = False,
) -> VerifiedTimestamp:
    """Require that a trusted authority timestamped this digest.

    `digest` is made with the token's own hash function (`parse_timestamp(...).hash_name`); `others` are intermediate
    certificates kept apart. Raises SignatureRefused. Spec: RFC 3161 section 2.2 to 2.4.2.
    """
    timestamp = parse_timestamp(data, place, padded=padded)
    if timestamp.imprint != digest:
        raise SignatureRefused(Code.TIMESTAMP_OF_OTHER, place, "the timestamp belongs to other bytes than these")
    signed = timestamp.signed
    certificate = verify_signer(signed, signed.signers[0], signed.content or b"")
    if certificate.purposes != (TIME_STAMPING,):
        raise SignatureRefused(
            Code.CERTIFICATE_MISUSED,
            certificate.common_name,
            "the signer's certificate is not one for timestamps alone",
        )
    chain = build_chain(certificate, [*signed.certificates, *others], roots, timestamp.generated_at)
    return VerifiedTimestamp(timestamp, chain)
