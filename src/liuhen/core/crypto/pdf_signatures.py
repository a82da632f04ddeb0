"""Signatures inside a PDF: who signed which bytes, and whether anything was added after (ISO 32000-2 12.8, PAdES).

Invariant: the file is only scanned, never rendered: what is judged is the byte range each signature states, which must
be everything but the signature itself. A signature that is intact but not trusted is told apart from a broken one.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from enum import StrEnum

from liuhen.core.crypto import rfc3161, schemes
from liuhen.core.crypto.cms import (
    TIMESTAMP_TOKEN,
    SignedData,
    SignerInfo,
    find_certificate,
    parse_signed_data,
    verify_signer,
)
from liuhen.core.crypto.refusals import Code, SignatureRefused
from liuhen.core.crypto.x509 import Certificate, build_chain, parse_certificate
from liuhen.core.kernel.moments import SHANGHAI

MOST_SIGNATURES = 200

_RANGE = re.compile(rb"/ByteRange\s*\[\s*(\d{1,12})\s+(\d{1,12})\s+(\d{1,12})\s+(\d{1,12})\s*\]")
_CONTENTS = re.compile(rb"<([0-9A-Fa-f\s]*)>")
_CLAIM = re.compile(rb"/M\s*\(([^()]{1,100})\)")
_OCTAL = re.compile(rb"\\([0-3]?[0-7]{1,2})")
_MOMENT = re.compile(rb"D:(\d{14})(?:Z|([+-])(\d\d)'(\d\d)?'?)")


class TimeSource(StrEnum):
    """Where the time of a signature comes from: an authority, the signer's word, or the caller."""

    TIMESTAMP = "timestamp"
    CLAIMED = "claimed"
    GIVEN = "given"


@dataclass(frozen=True, slots=True)
class PdfSignature:
    """One signature or document timestamp of a PDF, judged.

    `intact`: the bytes it covers are those that were signed. `ok`: intact, and the chain reaches a trusted root.
    `covers_whole_file` is True for the last signature only, unless something was appended after it: then for none.
    """

    signer: str
    signed_at: datetime | None
    time_source: TimeSource | None
    covers_whole_file: bool
    is_timestamp: bool
    intact: bool
    ok: bool
    code: Code | None
    reason: str
    certificate: Certificate | None
    byte_range: tuple[int, int, int, int]


@dataclass(frozen=True, slots=True)
class _Found:
    """A byte range as it stands, with what lies inside and around its gap."""

    byte_range: tuple[int, int, int, int]
    covered: bytes
    contents: bytes
    claimed_at: datetime | None
    reaches_end: bool


@dataclass(frozen=True, slots=True)
class _Trust:
    """What a judgement rests on: trusted roots, helpful certificates, and the moment to fall back on."""

    roots: Sequence[Certificate]
    others: Sequence[Certificate]
    at: datetime | None


@dataclass(slots=True)
class _Draft:
    """A judgement being made; it stops at the first refusal and keeps what is known by then."""

    byte_range: tuple[int, int, int, int]
    certificate: Certificate | None = None
    signed_at: datetime | None = None
    time_source: TimeSource | None = None
    covers_whole_file: bool = False
    is_timestamp: bool = False
    intact: bool = False

    def finish(self, error: SignatureRefused | None) -> PdfSignature:
        return PdfSignature(
            signer=self.certificate.common_name if self.certificate else "",
            signed_at=self.signed_at,
            time_source=self.time_source,
            covers_whole_file=self.covers_whole_file,
            is_timestamp=self.is_timestamp,
            intact=self.intact,
            ok=error is None,
            code=error.code if error else None,
            reason=str(error) if error else "",
            certificate=self.certificate,
            byte_range=self.byte_range,
        )


def check_pdf_signatures(
    pdf: bytes, roots: Sequence[bytes], others: Sequence[bytes] = (), at: datetime | None = None
) -> list[PdfSignature]:
    """Judge every signature of a PDF, in the order they were added; an unsigned PDF gives an empty list.

    `roots` and `others` are certificates in DER: trusted, and merely helpful. A signer's certificate must be valid at
    the time of the signature's own timestamp, else at the time the signer claims, else at the aware moment `at`.
    Raises SignatureRefused only for certificates given that cannot be read; faults of the PDF are in the list.
    """
    trust = _Trust([parse_certificate(item) for item in roots], [parse_certificate(item) for item in others], at)
    ranges = sorted(_ranges_of(pdf), key=lambda item: (item[2] + item[3], item))[:MOST_SIGNATURES]
    return [_judge(pdf, numbers, trust) for numbers in ranges]


def _ranges_of(pdf: bytes) -> set[tuple[int, int, int, int]]:
    found = set()
    for match in _RANGE.finditer(pdf):
        start, before, after, rest = (int(number) for number in match.groups())
        found.add((start, before, after, rest))
    return found


def _judge(pdf: bytes, numbers: tuple[int, int, int, int], trust: _Trust) -> PdfSignature:
    draft = _Draft(numbers)
    try:
        found = _read_range(pdf, numbers)
        draft.covers_whole_file = found.reaches_end
        signed = parse_signed_data(found.contents, "PDF signature", padded=True)
        if signed.content_type == rfc3161.TIMESTAMP_INFO:
            _judge_timestamp(draft, found, trust)
        else:
            _judge_signature(draft, found, signed, trust)
    except SignatureRefused as error:
        return draft.finish(error)
    return draft.finish(None)


def _read_range(pdf: bytes, numbers: tuple[int, int, int, int]) -> _Found:
    start, before, after, rest = numbers
    end = after + rest
    gap = _CONTENTS.fullmatch(pdf[before:after]) if start == 0 < before < after < end <= len(pdf) else None
    if gap is None or not pdf[max(0, before - 40) : before].rstrip().endswith(b"/Contents"):
        raise SignatureRefused(
            Code.PDF_RANGE, "PDF signature", f"the byte range {list(numbers)} leaves out more than the signature itself"
        )
    digits = b"".join(gap.group(1).split())
    contents = bytes.fromhex((digits + b"0" * (len(digits) % 2)).decode("ascii"))
    around = pdf[max(0, pdf.rfind(b" obj", 0, before)) : before] + pdf[after : pdf.find(b"endobj", after)]
    return _Found(numbers, pdf[:before] + pdf[after:end], contents, _read_moment(around), end == len(pdf))


def _read_moment(dictionary: bytes) -> datetime | None:
    claim = _CLAIM.search(dictionary)
    match = _MOMENT.match(_OCTAL.sub(lambda octal: bytes([int(octal[1], 8)]), claim[1])) if claim else None
    if match is None:
        return None
    digits, sign, hours, minutes = match.groups()
    offset = timedelta(hours=int(hours or 0), minutes=int(minutes or 0))
    try:
        zone = timezone(-offset if sign == b"-" else offset)
        moment = datetime.strptime(digits.decode("ascii"), "%Y%m%d%H%M%S").replace(tzinfo=zone)
        return moment.astimezone(SHANGHAI)
    except (ValueError, OverflowError):
        return None  # an impossible claim is no claim


def _judge_timestamp(draft: _Draft, found: _Found, trust: _Trust) -> None:
    stamp = rfc3161.parse_timestamp(found.contents, "PDF timestamp", padded=True)
    draft.is_timestamp, draft.signed_at, draft.time_source = True, stamp.generated_at, TimeSource.TIMESTAMP
    signer = stamp.signed.signers[0]
    draft.certificate = find_certificate(stamp.signed, signer)
    verify_signer(stamp.signed, signer, stamp.signed.content or b"")
    covered = schemes.digest(stamp.hash_name, found.covered)
    draft.intact = covered == stamp.imprint
    rfc3161.verify_timestamp(found.contents, covered, trust.roots, trust.others, "PDF timestamp", padded=True)


def _judge_signature(draft: _Draft, found: _Found, signed: SignedData, trust: _Trust) -> None:
    if len(signed.signers) != 1 or signed.content is not None:
        raise SignatureRefused(Code.CMS_FORM, "PDF signature", "expected exactly one detached signature")
    signer = signed.signers[0]
    draft.certificate = certificate = find_certificate(signed, signer)
    verify_signer(signed, signer, found.covered)
    draft.intact = True
    draft.signed_at, draft.time_source = _time_of(found, signer, trust)
    build_chain(certificate, [*signed.certificates, *trust.others], trust.roots, draft.signed_at)


def _time_of(found: _Found, signer: SignerInfo, trust: _Trust) -> tuple[datetime, TimeSource]:
    token = signer.unsigned.get(TIMESTAMP_TOKEN)
    if token is not None:
        stamp = rfc3161.parse_timestamp(token.encoding, "signature timestamp")
        digest = schemes.digest(stamp.hash_name, signer.signature)
        rfc3161.verify_timestamp(token.encoding, digest, trust.roots, trust.others, "signature timestamp")
        return stamp.generated_at, TimeSource.TIMESTAMP
    claimed = signer.claimed_at or found.claimed_at
    if claimed is not None:
        return claimed, TimeSource.CLAIMED
    if trust.at is None:
        raise SignatureRefused(Code.TIME_MISSING, "PDF signature", "it states no time; give the time to judge it at")
    return trust.at, TimeSource.GIVEN
