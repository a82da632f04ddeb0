"""Checking documents: what people signed, that later versions only append to it, whose seal it bears and since when."""

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime

from liuhen.core.crypto.detached import Verify, parse_detached
from liuhen.core.crypto.pdf_signatures import PdfSignature, TimeSource, check_pdf_signatures
from liuhen.core.facts.agency_model import AgencyFacts, SealCertificate, SealKey, short_key
from liuhen.core.facts.model import Document, Facts
from liuhen.core.kernel.digests import new_sm3
from liuhen.core.kernel.errors import BadInput
from liuhen.core.kernel.moments import say_instant
from liuhen.core.verifier.catalogue import final_file
from liuhen.core.verifier.layout import STATEMENT_PDF
from liuhen.core.verifier.report import Finding, finding
from liuhen.core.verifier.series import SKEW

Reader = Callable[[str], bytes]


def check_document(
    document: Document, agency: AgencyFacts, data: bytes, path: str, roots: Sequence[bytes]
) -> Iterator[Finding]:
    """Check a document's signatures, versions and seal from the bytes of its last version."""
    if document.file is None:
        return
    for signature in document.signatures:
        if signature.file_sha256 != document.file.sha256:
            yield finding("FILE-004", path, event=signature.event, name=document.title)
    yield from _check_prefixes(document, data, path)
    if document.sealed is not None:
        recorded = document.seal_recorded or document.sealed
        yield from check_seal(
            data, path, roots, name=document.title, agency=agency, at=document.sealed, recorded=recorded
        )
    elif document.facing == "出具":
        yield finding("SIGN-002", path, name=document.title)


def check_seal_signature(
    document: Document, keys: Mapping[str, SealKey], data: bytes, signature: bytes | None, path: str, verify: Verify
) -> Iterator[Finding]:
    """Check the detached signature beside a seal: by a key that the agency had registered when the sealing was recorded.

    Where such a key was in force the signature must be there: a seal is not weakened by leaving one of its two halves out.
    """
    if document.seal_recorded is None:
        return
    if signature is None:
        # One that events name and the package lacks is FILE-001.
        asked = any(one.must_sign(document.seal_recorded) for one in keys.values())
        if asked and document.seal_signature is None:
            yield finding("SIGN-008", path, name=document.title)
        return
    try:
        given = parse_detached(signature, path)
    except BadInput as refused:
        yield finding("SIGN-007", path, name=document.title, why=refused.sentence)
        return
    key = keys.get(given.public_key.hex())
    if key is None or not key.may_sign(document.seal_recorded):
        yield finding("SIGN-009", path, name=document.title, signer=short_key(given.public_key.hex()))
    if fault := given.fault(data, verify):
        yield finding("SIGN-007", path, name=document.title, why=fault)


def documents_with_paths(facts: Facts, paths: dict[str, str]) -> Iterator[tuple[Document, str]]:
    """Give each document that has a file in the package, with its path; FILE-001 has named the others."""
    for document in facts.case.documents.values():
        file = final_file(document)
        if file is not None and file.sha256 in paths:
            yield document, paths[file.sha256]


def _check_prefixes(document: Document, data: bytes, path: str) -> Iterator[Finding]:
    for version in (document.file, document.finished_file):
        if version is None:
            continue
        start = data[: version.size]
        if hashlib.sha256(start).hexdigest() != version.sha256 or new_sm3(start).hexdigest() != version.sm3:
            yield finding("FILE-003", path, name=document.title)
            return


def check_seal(
    data: bytes, path: str, roots: Sequence[bytes], *, name: str, agency: AgencyFacts, at: datetime, recorded: datetime
) -> Iterator[Finding]:
    """Check that a PDF bears the agency's seal over all of it, and that a time stamp says it was put on at `at`.

    `recorded` is when that was recorded: once the agency has adopted a certificate, the seal must be by the one then in force.
    """
    signatures = [item for item in check_pdf_signatures(data, roots) if not item.is_timestamp]
    if not signatures:
        yield finding("SIGN-002", path, name=name)
        return
    for signature in signatures:
        if not signature.ok:
            yield finding("SIGN-001", path, name=name, why=signature.reason)
    last = next((signature for signature in signatures if signature.covers_whole_file), None)
    if last is None:
        yield finding("SIGN-003", path, name=name)
    elif last.ok:
        yield from _check_holder(last, path, name, agency.name)
        yield from _check_adopted(last, path, name, agency.seal_certificates, recorded)
        yield from _check_moment(last, path, name, at)


def _check_holder(signature: PdfSignature, path: str, name: str, agency: str) -> Iterator[Finding]:
    subject = signature.certificate.subject if signature.certificate else b""
    if not agency or (agency.encode() not in subject and agency.encode("utf-16-be") not in subject):
        yield finding("SIGN-004", path, name=name, signer=signature.signer, agency=agency)


def _check_adopted(
    signature: PdfSignature, path: str, name: str, adopted: Sequence[SealCertificate], recorded: datetime
) -> Iterator[Finding]:
    """Without a certificate adopted by then there is nothing to hold the seal against but its root."""
    if not any(one.began_before(recorded) for one in adopted):
        return
    used = hashlib.sha256(signature.certificate.encoding).hexdigest() if signature.certificate else ""
    if not any(one.certificate == used and one.may_sign(recorded) for one in adopted):
        yield finding("SIGN-010", path, name=name, signer=signature.signer)


def _check_moment(signature: PdfSignature, path: str, name: str, at: datetime) -> Iterator[Finding]:
    if signature.signed_at is None or signature.time_source is not TimeSource.TIMESTAMP:
        yield finding("SIGN-006", path, name=name)
    elif abs(signature.signed_at - at) > SKEW:
        stamped = say_instant(signature.signed_at)
        if path == STATEMENT_PDF:
            yield finding("SEAL-005", path, packed=say_instant(at), what=f"合规说明书的时间戳 {stamped}")
        else:
            yield finding("SIGN-005", path, name=name, said=say_instant(at), stamped=stamped)
