"""公开核验 of one document: was it issued here, is it unchanged, is its seal whole. Nobody needs an account for it.

Invariant: an answer holds no personal data; it says whose document of which kind and number was issued when, and nothing
of its content. What cannot be judged is said to be so, never guessed.
"""

from dataclasses import dataclass
from datetime import datetime

from liuhen.core.crypto.pdf_signatures import PdfSignature, check_pdf_signatures
from liuhen.core.crypto.pem import certificate_der
from liuhen.core.kernel.digests import Digests, digests_of
from liuhen.core.kernel.moments import local_day, say_day
from liuhen.core.verifier.report import Answer
from liuhen.flows.office import office
from liuhen.flows.reading import agency_name
from liuhen.records.index.models import DocumentRow


@dataclass(frozen=True, slots=True)
class Issued:
    """What may be said in public of a document that was issued here."""

    agency: str
    form: str
    number: str
    made_at: datetime
    sealed_at: datetime | None
    sha256: str
    voided_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class SealFound:
    """A seal of a PDF as judged: whole, and vouched for by an authority known here."""

    signer: str
    signed_at: datetime | None
    whole: bool
    known: bool
    reason: str


@dataclass(frozen=True, slots=True)
class DocumentAnswer:
    """The answer for one document, with what it rests on."""

    verdict: Answer
    reason: str
    issued: Issued | None
    seals: tuple[SealFound, ...]
    digests: Digests | None


def check_digest(sha256: str) -> DocumentAnswer:
    """Answer for a file known by its digest alone: the file itself never leaves the asker's machine."""
    row = DocumentRow.objects.filter(sha256=sha256).order_by("pk").first()
    return _looked_up(row, "与签发时逐字节相同", missing="没有摘要相同的文书")


def check_number(number: str, code: str) -> DocumentAnswer:
    """Answer for a number with the code printed beside it; either alone says nothing."""
    row = DocumentRow.objects.filter(code=code.strip().upper(), number=number.strip()).exclude(code="").first()
    found = "该文号的文书由下列机关签发；请再核对手中的文书与签发时是否一字不差"
    return _looked_up(row, found, missing="没有文号与核验码都相同的文书；请核对后重试")


def check_scanned(code: str) -> DocumentAnswer:
    """Answer for the code that a document's QR code holds: its 64 random bits are not guessed, and the answer names the number."""
    row = DocumentRow.objects.filter(code=code.strip().upper()).exclude(code="").first()
    found = "该核验码的文书由下列机关签发；请核对文号，并核对手中的文书与签发时是否一字不差"
    return _looked_up(row, found, missing="没有这个核验码的文书；请按文书上的文号和核验码查询")


def _looked_up(row: DocumentRow | None, found: str, *, missing: str) -> DocumentAnswer:
    """Answer by the register alone, without the file."""
    issued = _issued(row)
    if issued is not None and issued.voided_at is not None:
        return DocumentAnswer("failed", _void(issued.voided_at), issued, (), None)
    verdict: Answer = "indeterminate" if issued is None else "passed"
    return DocumentAnswer(verdict, missing if issued is None else found, issued, (), None)


def check_pdf(pdf: bytes) -> DocumentAnswer:
    """Answer for a whole PDF: looked up by digest, and its seals judged."""
    digests = digests_of(pdf)
    issued = _issued(DocumentRow.objects.filter(sha256=digests.sha256).order_by("pk").first())
    signatures = check_pdf_signatures(pdf, _roots())
    verdict, reason = _judge(issued, signatures)
    return DocumentAnswer(verdict, reason, issued, tuple(_seal(item) for item in signatures), digests)


def _judge(issued: Issued | None, signatures: list[PdfSignature]) -> tuple[Answer, str]:
    if any(not item.intact for item in signatures):
        return "failed", "盖章之后内容被改动"
    if signatures and not any(item.covers_whole_file for item in signatures):
        return "failed", "盖章之后又追加了内容"
    if issued is not None and issued.voided_at is not None:
        return "failed", _void(issued.voided_at)
    if issued is not None:
        return "passed", "与签发时逐字节相同"
    if any(item.ok for item in signatures):
        return "indeterminate", "印章完好，但本系统没有签发这份文件的记录"
    return "indeterminate", "本系统没有签发过这份文件：可能是别处的文书，也可能被改动过"


def _void(at: datetime) -> str:
    return f"这份文书已于 {say_day(local_day(at))}作废，不再有效；如有疑问，请与签发机关联系"


def _issued(row: DocumentRow | None) -> Issued | None:
    if row is None:
        return None
    return Issued(agency_name(row.agency), row.form, row.number, row.made_at, row.sealed_at, row.sha256, row.voided_at)


def _roots() -> list[bytes]:
    """Give the roots of the seals that were made here, as they lie in the data folder."""
    data = office().data
    test = [certificate_der(path.read_bytes()) for path in sorted(data.glob("authority/*/test-root.crt"))]
    return test + [path.read_bytes() for path in sorted(data.glob("seals/*/roots/*.der"))]


def _seal(item: PdfSignature) -> SealFound:
    return SealFound(item.signer, item.signed_at, item.intact, item.ok, item.reason)
