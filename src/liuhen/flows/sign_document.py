"""文书签名盖章: signed by hand, refused, marked, completed, sealed; every version in the vault, none rewritten.

Invariant: what people signed (the bytes first made) is the beginning of every later version of the document, so a signature
event that names their digest can be checked from the last version alone.
"""

from collections.abc import Sequence

from liuhen.adapters.signing.hands import stamp_hands
from liuhen.adapters.typeset.strokes import draw
from liuhen.core.events.case import (
    DocumentCompleted,
    DocumentMarked,
    DocumentSealed,
    DocumentSigned,
    SignatureRefused,
)
from liuhen.core.events.parts import FileRef, SignerPlace
from liuhen.core.facts.model import Document, Facts
from liuhen.core.kernel import canonical
from liuhen.core.kernel.errors import LiuhenError
from liuhen.flows.access import Permission, case_for
from liuhen.flows.ground import ground_of
from liuhen.flows.occasion import Occasion
from liuhen.flows.office import office
from liuhen.flows.seals import seal_of
from liuhen.flows.write_document import keep
from liuhen.flows.writing import write_case

Strokes = Sequence[Sequence[Sequence[int]]]


class DocumentUnknown(LiuhenError):
    """The case has no such document."""


class DocumentFinished(LiuhenError):
    """The document was completed or sealed; nothing can be added to it."""


class SignerUnknown(LiuhenError):
    """The document has no place for that signer."""


def _document(case_uid: str, occasion: Occasion, uid: str) -> tuple[Facts, Document, FileRef]:
    facts = ground_of(case_uid, occasion.actor.agency).facts
    document = facts.case.documents.get(uid)
    if document is None or document.file is None:
        raise DocumentUnknown("本案没有这份文书；请刷新页面后重选")
    return facts, document, document.file


def _require_open(document: Document) -> None:
    if document.finished_file is not None or document.sealed_file is not None:
        raise DocumentFinished(f"《{document.title}》已经定稿，不能再签名；确需更正的，请另行制作文书")


def sign_document(
    case_uid: str,
    occasion: Occasion,
    *,
    document: str,
    role: str,
    name: str,
    strokes: Strokes,
    officer: str | None = None,
) -> None:
    """Bind a hand signature to the digest of the document as made. Raises DocumentUnknown, DocumentFinished, SignerUnknown."""
    case_for(occasion.actor, case_uid)
    facts, standing, file = _document(case_uid, occasion, document)
    _require_open(standing)
    if SignerPlace(role, name) not in standing.signers:
        raise SignerUnknown(f"《{standing.title}》没有“{role} {name}”的签名处；请核对签名人")
    ink = canonical.render({"format": "liuhen-strokes/1", "strokes": strokes})
    signed = DocumentSigned(
        document=document,
        file_sha256=file.sha256,
        role=role,
        name=name,
        strokes=keep(ink, f"{name}笔迹.json", "application/json"),
        image=keep(draw([[list(point) for point in stroke] for stroke in strokes]), f"{name}签名.png", "image/png"),
        officer=officer,
    )
    write_case(case_uid, occasion, signed, after=facts.case.version)


def refuse_signature(case_uid: str, occasion: Occasion, *, document: str, role: str, name: str, reason: str) -> None:
    """拒签: set down who refused to sign and why."""
    case_for(occasion.actor, case_uid, Permission.INVESTIGATE)
    facts, standing, _ = _document(case_uid, occasion, document)
    _require_open(standing)
    write_case(case_uid, occasion, SignatureRefused(document, role, name, reason), after=facts.case.version)


def mark_document(case_uid: str, occasion: Occasion, *, document: str, mark: str, manner: str, name: str) -> None:
    """骑缝 or 更正处: set down a finger print or stamp."""
    case_for(occasion.actor, case_uid, Permission.INVESTIGATE)
    facts, _, _ = _document(case_uid, occasion, document)
    content = DocumentMarked(document, "骑缝" if mark == "骑缝" else "更正处", manner, name)
    write_case(case_uid, occasion, content, after=facts.case.version)


def complete_document(case_uid: str, occasion: Occasion, *, document: str) -> None:
    """定稿: append the drawn signatures to the bytes that were signed, and keep the result."""
    case_for(occasion.actor, case_uid)
    facts, standing, file = _document(case_uid, occasion, document)
    _require_open(standing)
    places = {(place.role, place.name): number for number, place in enumerate(standing.signers)}
    hands = [(places[signed.role, signed.name], _read(signed.image_sha256)) for signed in standing.signatures]
    finished = keep(stamp_hands(_read(file.sha256), hands), file.name, file.media_type)
    write_case(case_uid, occasion, DocumentCompleted(document, finished), after=facts.case.version)


def seal_document(case_uid: str, occasion: Occasion, *, document: str) -> None:
    """加盖印章: append the agency's PAdES seal with its time stamp, and keep the result."""
    case_for(occasion.actor, case_uid)
    facts, standing, file = _document(case_uid, occasion, document)
    if standing.sealed_file is not None:
        raise DocumentFinished(f"《{standing.title}》已经盖章，不能重复盖章")
    seal = seal_of(facts.agency.uid, facts.agency.name, occasion.at)
    latest = standing.finished_file or file
    sealed = keep(seal.apply(_read(latest.sha256), at=occasion.at), file.name, file.media_type)
    content = DocumentSealed(document, sealed, seal.authority)
    write_case(case_uid, occasion, content, after=facts.case.version)


def _read(sha256: str) -> bytes:
    with office().vault.open(sha256) as file:
        return file.read()
