"""Refusals of signatures, certificates, timestamps and signed PDFs, each with a code that never changes its meaning.

Invariant: a code is never reused and never renumbered; 1xx is form, 2xx signature and trust, 3xx timestamps, 4xx PDFs.
"""

from enum import StrEnum

from liuhen.core.kernel.errors import BadInput


class Code(StrEnum):
    """What went wrong."""

    DER_FORM = "SIG-101"
    CERTIFICATE_FORM = "SIG-102"
    CMS_FORM = "SIG-103"
    ALGORITHM_UNKNOWN = "SIG-104"

    SIGNATURE_BAD = "SIG-201"
    CONTENT_DIFFERS = "SIG-202"
    SIGNER_MISSING = "SIG-203"
    ISSUER_UNKNOWN = "SIG-204"
    CERTIFICATE_OUT_OF_TIME = "SIG-205"
    CERTIFICATE_MISUSED = "SIG-206"
    TIME_MISSING = "SIG-207"

    TIMESTAMP_FORM = "SIG-301"
    TIMESTAMP_NOT_GRANTED = "SIG-302"
    TIMESTAMP_OF_OTHER = "SIG-303"

    PDF_RANGE = "SIG-401"


class SignatureRefused(BadInput):
    """Something that was signed cannot be relied on; `code` says why."""

    def __init__(self, code: Code, place: str, sentence: str) -> None:
        super().__init__(place, sentence)
        self.code = code
