"""Checks a timestamp response against the digest it should prove.

Invariant: certificates are judged at the time the stamp was made, not today: a stamp outlives its certificate.
"""

from collections.abc import Sequence
from datetime import UTC, datetime

from cryptography import x509
from rfc3161_client import TimeStampResponse, VerificationError, VerifierBuilder, decode_timestamp_response

from liuhen.adapters.timestamps.port import TimestampRefused


def check_timestamp(
    response: bytes, digest_sha256: bytes, *, roots_pem: Sequence[bytes], nonce: int | None = None
) -> datetime:
    """Give the time (UTC) that a response proves for a digest, trusting only the given roots.

    Raises TimestampRefused for another digest, nonce or root, a bad signature, or bytes that are no response.
    """
    decoded = read_response(response)
    builder = VerifierBuilder(nonce=nonce)
    for pem in roots_pem:
        for root in x509.load_pem_x509_certificates(pem):
            builder = builder.add_root_certificate(root)
    try:
        builder.build().verify(decoded, digest_sha256)
    except (VerificationError, ValueError) as error:
        raise TimestampRefused(f"the timestamp does not hold: {error}; get a new one or another root") from error
    return decoded.tst_info.gen_time.astimezone(UTC)


def read_response(response: bytes) -> TimeStampResponse:
    """Decode a granted response. Raises TimestampRefused with the authority's own words where it refused."""
    try:
        decoded = decode_timestamp_response(response)
    except ValueError as error:
        raise TimestampRefused(
            f"not a timestamp response (RFC 3161): {error}; check the authority's address"
        ) from error
    if decoded.status not in (0, 1):
        words = "; ".join(decoded.status_string) or "no reason given"
        raise TimestampRefused(f"the authority refused (status {decoded.status}): {words}")
    return decoded
