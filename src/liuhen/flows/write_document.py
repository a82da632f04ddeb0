"""文书: made from the facts of the case, signed by hand, completed, sealed; every version in the vault, none rewritten.

Invariant: what people signed (the bytes first made) is the beginning of every later version of the document, so a signature
event that names their digest can be checked from the last version alone.
"""

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction

from liuhen.adapters.signing.hands import stamp_hands
from liuhen.adapters.signing.pages import count_pages
from liuhen.adapters.typeset.strokes import draw
from liuhen.core.documents.model import DocumentType
from liuhen.core.events.case import (
    DocumentCompleted,
    DocumentMade,
    DocumentMarked,
    DocumentSealed,
    DocumentSigned,
    SignatureRefused,
)
from liuhen.core.events.parts import FileRef, SignerPlace
from liuhen.core.facts.model import Document, Facts
from liuhen.core.kernel import canonical
from liuhen.core.kernel.errors import LiuhenError
from liuhen.core.kernel.moments import local_day
from liuhen.flows.access import Permission, case_for
from liuhen.flows.ground import ground_of
from liuhen.flows.numbering import take_number
from liuhen.flows.occasion import Occasion
from liuhen.flows.office import office
from liuhen.flows.seals import seal_of
from liuhen.flows.writing import write_case

Strokes = Sequence[Sequence[Sequence[int]]]


class FormUnknown(LiuhenError):
    """No such form."""


class DocumentUnknown(LiuhenError):
    """The case has no such document."""


class DocumentFinished(LiuhenError):
    """The document was completed or sealed; nothing can be added to it."""


class SignerUnknown(LiuhenError):
    """The document has no place for that signer."""


@dataclass(frozen=True, slots=True)
class Content:
    """What a document says beyond what the case knows. `signers` are the places for hand signatures, in order.

    `fields` have lines of their own; `within` are texts by label that stand in the body already, recorded as fields all the same.
    """

    fields: Mapping[str, str] = field(default_factory=dict)
    within: Mapping[str, str] = field(default_factory=dict)
    body: tuple[str, ...] = ()
    questions: tuple[tuple[str, str], ...] = ()
    items: tuple[tuple[str, ...], ...] = ()
    item_heads: tuple[str, ...] = ()
    opinions: tuple[Mapping[str, str], ...] = ()
    notes: tuple[str, ...] = ()
    signers: tuple[SignerPlace, ...] = ()
    corrections: int = 0


def document_type(form: str) -> DocumentType:
    """Give a type of document that cases have. Raises FormUnknown, also for what only the volume is made of."""
    known = {name: kind for name, kind in office().documents.items() if kind.facing != "案卷"}
    if form not in known:
        raise FormUnknown(f"没有“{form}”这种文书；现有：{'、'.join(known)}")
    return known[form]


def make_document(
    case_uid: str, occasion: Occasion, *, form: str, content: Content, act: str | None = None, title: str | None = None
) -> str:
    """Typeset a document, keep it, and give its uid. Raises FormUnknown and the refusals of access."""
    kind = document_type(form)
    case_for(occasion.actor, case_uid)
    facts = ground_of(case_uid, occasion.actor.agency).facts
    uid = occasion.new_id()
    code = occasion.new_id()[:16].upper() if kind.facing == "出具" else None
    with transaction.atomic():
        number = _number(facts, kind.character, occasion) if kind.character else None
        pdf = office().typesetter.render(form, _drawn(facts, occasion, form, content, number, code))
        file = keep(pdf, f"{form}.pdf", "application/pdf")
        made = DocumentMade(
            document=uid,
            form=form,
            title=title or form,
            facing="内部" if kind.facing == "案卷" else kind.facing,
            file=file,
            pages=count_pages(pdf),
            made_on=local_day(occasion.at),
            number=number,
            act=act,
            fields={**content.fields, **content.within},
            corrections=content.corrections,
            signers=content.signers,
            code=code,
        )
        write_case(case_uid, occasion, made, after=facts.case.version)
    return uid


def draw_document(facts: Facts, occasion: Occasion, form: str, content: Content) -> bytes:
    """Draw a document that is not made yet: without a number, without a code."""
    return office().typesetter.render(form, _drawn(facts, occasion, form, content, None, None))


def _number(facts: Facts, character: str, occasion: Occasion) -> str:
    return take_number(occasion.actor.agency, facts.agency.number_prefix, character, occasion.at)


def _drawn(
    facts: Facts, occasion: Occasion, form: str, content: Content, number: str | None, code: str | None
) -> dict[str, Any]:
    data: dict[str, Any] = {
        "form": form,
        "title": form,
        "number": number or "",
        "agency": facts.agency.name,
        "case_number": facts.case.number or facts.case.register_number,
        "date": local_day(occasion.at).isoformat(),
        "party": facts.case.party.name if facts.case.party else "",
        "fields": [list(pair) for pair in content.fields.items()],
        "body": list(content.body),
        "questions": [list(pair) for pair in content.questions],
        "items": [list(row) for row in content.items],
        "item_heads": list(content.item_heads),
        "opinions": [dict(opinion) for opinion in content.opinions],
        "notes": list(content.notes),
        "signatures": [
            {"role": place.role, "name": place.name, "date": local_day(occasion.at).isoformat()}
            for place in content.signers
        ],
    }
    if code:
        data["verification"] = {"code": code, "text": "凭此码可在核验页面核对本文书"}
    return data


def keep(data: bytes, name: str, media_type: str) -> FileRef:
    """Put bytes into the vault and give the reference by which events name them."""
    stored = office().vault.store(io.BytesIO(data)).digests
    return FileRef(stored.sha256, stored.sm3, stored.size, name, media_type)


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
