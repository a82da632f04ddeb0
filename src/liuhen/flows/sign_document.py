"""文书签名盖章: signed by hand, refused, marked, completed, sealed; every version in the vault, none rewritten.

Invariant: what people signed (the bytes first made) is the beginning of every later version of the document, so a signature
event that names their digest can be checked from the last version alone. A place is signed once and refused once; after
completion nothing is signed or refused, and the seal comes after the hands.

Who may: whoever may INVESTIGATE the case sees to its documents, for the handling officers sit with the party and note a
refusal or a finger print; heads and legal reviewers also have their hands on documents, so they sign and complete, but sign
only where their own name stands. Sealing is for INVESTIGATE and APPROVE: an agency puts its seal on once the person in
charge has approved (that he did is judged by the packs), by the hands of the handler or of the office that he heads; there
is no role of a keeper of seals, and whoever pressed it stands in the record.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from liuhen.adapters.signing.hands import stamp_hands
from liuhen.adapters.signing.sm2 import sign_detached
from liuhen.adapters.typeset.prints import clean_print
from liuhen.adapters.typeset.strokes import draw
from liuhen.core.crypto.detached import MEDIA_TYPE
from liuhen.core.events.case import (
    DocumentCompleted,
    DocumentMarked,
    DocumentSealed,
    DocumentSigned,
    SignatureRefused,
)
from liuhen.core.events.catalogue import Event
from liuhen.core.events.parts import FileRef, SignerPlace
from liuhen.core.facts.model import Document, Facts
from liuhen.core.kernel import canonical
from liuhen.core.kernel.errors import LiuhenError
from liuhen.core.rules.evaluate import assess
from liuhen.core.rules.verdict import Verdict
from liuhen.flows.access import NotAllowed, Permission, case_for, has, may_any, require_any
from liuhen.flows.calendars import calendar_of
from liuhen.flows.ground import ground_of
from liuhen.flows.occasion import Actor, Occasion
from liuhen.flows.office import office
from liuhen.flows.read_case import CaseReading
from liuhen.flows.record_batch import CaseArchived
from liuhen.flows.seals import seal_of, seal_signer
from liuhen.flows.write_document import keep
from liuhen.flows.writing import write_case
from liuhen.records.ledger.append import hold
from liuhen.records.ledger.turn import turn

Strokes = Sequence[Sequence[Sequence[int]]]
HANDS = (Permission.INVESTIGATE, Permission.REVIEW, Permission.APPROVE)
SEALERS = (Permission.INVESTIGATE, Permission.APPROVE)


class DocumentUnknown(LiuhenError):
    """The case has no such document."""


class DocumentFinished(LiuhenError):
    """The document was completed or sealed; nothing can be added to it."""


class DocumentChanged(LiuhenError):
    """Somebody signed, completed or sealed the document while this was under way."""


class SignerUnknown(LiuhenError):
    """The document has no place for that signer."""


class PlaceDone(LiuhenError):
    """The place was signed already, or its refusal was set down already."""


class PlacesOpen(LiuhenError):
    """Places on the document are neither signed nor refused, or the document is not completed yet."""


class AlreadyMarked(LiuhenError):
    """The same mark of the same person was set down already."""


class ChangeUnknown(LiuhenError):
    """The document has no such change."""


class NotToBeSealed(LiuhenError):
    """Documents of this type bear no seal."""


@dataclass(frozen=True, slots=True)
class _Standing:
    facts: Facts
    events: tuple[Event, ...]
    document: Document
    file: FileRef


def is_sealed_type(document: Document) -> bool:
    """Say whether documents of this type bear the agency's seal."""
    kind = office().documents.get(document.form)
    return kind is not None and kind.sealed


def require_signable(facts: Facts) -> None:
    """Raise CaseArchived for a case whose documents are signed and sealed no more."""
    if facts.case.archived is not None:
        raise CaseArchived("案件已经归档，文书不能再签名、定稿或者盖章；确需补充的，请与档案管理员联系")


def require_unvoided(facts: Facts, document: str) -> None:
    """Raise DocumentFinished for a document that was voided: nothing is added to it any more."""
    voided = facts.case.voided_documents.get(document)
    if voided is not None:
        raise DocumentFinished(f"《{voided.title}》{voided.number or ''}已经作废，不能再签名、盖章或者送达")


def open_places(document: Document) -> tuple[SignerPlace, ...]:
    """Give the places that nobody has signed or refused, in their order."""
    done = {(one.role, one.name) for one in document.signatures} | {(role, name) for role, name, _ in document.refusals}
    return tuple(place for place in document.signers if (place.role, place.name) not in done)


def may_sign(actor: Actor, place: SignerPlace) -> bool:
    """Say whether an actor may hand the pen to this place: the handler to anybody, others to themselves."""
    own = place.name == actor.name and may_any(actor, HANDS)
    return own or has(actor, Permission.INVESTIGATE)


def foresee_refusal(reading: CaseReading, document: str, role: str, reason: str) -> tuple[Verdict, ...]:
    """Say how the rules of the case would judge a document after a refusal in a role: only what they would judge otherwise.

    Nothing is recorded, and the reading stays as it is.
    """
    facts, own = reading.facts, reading.facts.case.documents[document]
    calendar = calendar_of(facts.agency.calendar)

    def judged(one: Document) -> dict[tuple[str, str], Verdict]:
        case = replace(facts.case, documents={document: one})
        found = assess(reading.packs, replace(facts, case=case), calendar=calendar, at=reading.at)
        return {(item.clause, item.rule): item for item in found if item.subject.id == document}

    now = judged(own)
    then = judged(replace(own, refusals=[*own.refusals, (role, "", reason)]))
    return tuple(
        verdict
        for key, verdict in then.items()
        if key not in now or (now[key].verdict, now[key].because) != (verdict.verdict, verdict.because)
    )


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
    """Bind a hand signature to the digest of the document as made.

    `officer` is the account of the person who signed, by which rules tell two officers apart: the actor's own where his
    name stands, so that two officers who sign at one account remain two; who was present is the actor of the event.
    Raises NotAllowed, NotFound, CaseArchived, DocumentUnknown, DocumentFinished, SignerUnknown, PlaceDone, BadInput.
    """
    place = SignerPlace(role, name)
    _require_unsigned(_may_sign_at(case_uid, occasion, document, place), place)
    ink = canonical.render({"format": "liuhen-strokes/1", "strokes": strokes})
    image = draw([[list(point) for point in stroke] for stroke in strokes])
    kept = keep(ink, f"{name}笔迹.json", "application/json"), keep(image, f"{name}签名.png", "image/png")
    signer = officer or (occasion.actor.uid if name == occasion.actor.name else None)
    _bind(case_uid, occasion, DocumentSigned(document, "", role, name, *kept, signer))


def press_finger(
    case_uid: str, occasion: Occasion, *, document: str, role: str, name: str, picture: bytes, finger: str
) -> None:
    """捺指印: bind the fingerprint in a picture to the digest of the document as made.

    It stands for a signature where there is none, and is pressed over the signature where there is one (签名并捺印). The picture is
    kept as it was taken, beside the print that is drawn onto the document.
    Raises NotAllowed, NotFound, CaseArchived, DocumentUnknown, DocumentFinished, SignerUnknown, PlaceDone, BadInput.
    """
    place = SignerPlace(role, name)
    over = _has_bare_signature(_may_sign_at(case_uid, occasion, document, place).document, place)
    drawn = clean_print(picture, "指印")
    kept = keep(picture, f"{name}指印原图", drawn.media_type), keep(drawn.png, f"{name}指印.png", "image/png")
    if over:
        _press_over(case_uid, occasion, DocumentMarked(document, "签名处", "手印", name, None, *kept, role, finger))
        return
    signer = occasion.actor.uid if name == occasion.actor.name else None
    _bind(case_uid, occasion, DocumentSigned(document, "", role, name, *kept, signer, "捺指印", finger))


def takes_print(document: Document, place: SignerPlace) -> bool:
    """Say whether a fingerprint can be pressed at a place: in place of a signature, or over one that has none."""
    if document.finished_file is not None or document.sealed_file is not None or place not in document.signers:
        return False
    return document.signed_at(place.role, place.name) is None or _has_bare_signature(document, place)


def _has_bare_signature(document: Document, place: SignerPlace) -> bool:
    """Say whether somebody signed at a place by hand, and no print is over it yet."""
    signed = document.signed_at(place.role, place.name)
    return signed is not None and signed.manner == "签名" and not signed.print_sha256


def _may_sign_at(case_uid: str, occasion: Occasion, document: str, place: SignerPlace) -> _Standing:
    case_for(occasion.actor, case_uid)
    if not may_sign(occasion.actor, place):
        raise NotAllowed(occasion.actor, Permission.INVESTIGATE)
    there = _standing(case_uid, occasion, document)
    if not _has_bare_signature(there.document, place):
        _require_unsigned(there, place)
    return there


def _press_over(case_uid: str, occasion: Occasion, mark: DocumentMarked) -> None:
    """Record a print over a signature, which is there and bears none yet."""
    place = SignerPlace(mark.role or "", mark.name)
    with turn():
        hold(occasion.actor.agency)
        there = _standing(case_uid, occasion, mark.document)
        _require_open(there.document)
        if not _has_bare_signature(there.document, place):
            raise PlaceDone(f"{mark.name}已经捺印，不会重复登记")
        write_case(case_uid, occasion, mark, after=there.facts.case.version)


def _bind(case_uid: str, occasion: Occasion, signed: DocumentSigned) -> None:
    """Record a signature, on the bytes as they stand, where its place is still open."""
    with turn():
        hold(occasion.actor.agency)
        there = _standing(case_uid, occasion, signed.document)
        _require_unsigned(there, SignerPlace(signed.role, signed.name))
        bound = replace(signed, file_sha256=there.file.sha256)
        write_case(case_uid, occasion, bound, after=there.facts.case.version)


def refuse_signature(case_uid: str, occasion: Occasion, *, document: str, role: str, name: str, reason: str) -> None:
    """拒签: set down who refused or could not sign and why; whoever comes round may still sign until completion.

    Raises NotAllowed, NotFound, CaseArchived, DocumentUnknown, DocumentFinished, SignerUnknown, PlaceDone.
    """
    case_for(occasion.actor, case_uid, Permission.INVESTIGATE)
    place = SignerPlace(role, name)
    with turn():
        hold(occasion.actor.agency)
        there = _standing(case_uid, occasion, document)
        _require_unsigned(there, place)
        if place not in open_places(there.document):
            raise PlaceDone(f"{role}{name}拒绝签名的情况已经登记，不会重复登记")
        write_case(case_uid, occasion, SignatureRefused(document, role, name, reason), after=there.facts.case.version)


def mark_change(case_uid: str, occasion: Occasion, *, document: str, change: int, name: str, picture: bytes) -> None:
    """更正处捺印: set the fingerprint in a picture beside a change, into which it is drawn on completion.

    Raises NotAllowed, NotFound, CaseArchived, DocumentUnknown, DocumentFinished, ChangeUnknown, AlreadyMarked, BadInput.
    """
    case_for(occasion.actor, case_uid, Permission.INVESTIGATE)
    _require_unmarked(_standing(case_uid, occasion, document), change)
    drawn = clean_print(picture, "更正处")
    kept = keep(picture, f"{name}更正处原图", drawn.media_type), keep(drawn.png, f"{name}更正处.png", "image/png")
    with turn():
        hold(occasion.actor.agency)
        there = _standing(case_uid, occasion, document)
        _require_unmarked(there, change)
        content = DocumentMarked(document, "更正处", "手印", name, change, *kept)
        write_case(case_uid, occasion, content, after=there.facts.case.version)


def _require_unmarked(there: _Standing, change: int) -> None:
    document = there.document
    _require_open(document)
    if not 1 <= change <= len(document.changed):
        raise ChangeUnknown(
            f"《{document.title}》没有第 {change} 处更正（共 {len(document.changed)} 处）；请刷新页面后重选"
        )
    if change in document.marked_changes:
        raise AlreadyMarked(f"第 {change} 处更正已经捺印，不会重复登记")


def mark_document(
    case_uid: str, occasion: Occasion, *, document: str, mark: Literal["骑缝", "更正处"], manner: str, name: str
) -> None:
    """骑缝 or 更正处: set down a finger print or stamp on the printed sheets, which may be printed after completion.

    Raises NotAllowed, NotFound, CaseArchived, DocumentUnknown, AlreadyMarked.
    """
    case_for(occasion.actor, case_uid, Permission.INVESTIGATE)
    content = DocumentMarked(document, mark, manner, name)
    with turn():
        hold(occasion.actor.agency)
        there = _standing(case_uid, occasion, document)
        if any(event.content == content for event in there.events):
            raise AlreadyMarked(f"{name}的{mark}{manner}已经登记，不会重复登记")
        write_case(case_uid, occasion, content, after=there.facts.case.version)


def complete_document(case_uid: str, occasion: Occasion, *, document: str, despite_open: bool = False) -> None:
    """定稿: append the drawn signatures to the bytes that were signed, and keep the result.

    `despite_open` is for telling what went wrong somewhere: no door completes a document with open places.
    Raises NotAllowed, NotFound, CaseArchived, DocumentUnknown, DocumentFinished, PlacesOpen, DocumentChanged.
    """
    case_for(occasion.actor, case_uid)
    require_any(occasion.actor, HANDS)
    there = _standing(case_uid, occasion, document)
    standing = there.document
    _require_open(standing)
    if (missing := open_places(standing)) and not despite_open:
        who = "、".join(f"{place.role}{place.name}" for place in missing)
        raise PlacesOpen(f"《{standing.title}》还有 {len(missing)} 处没有签名：{who}；请签名，或者登记拒签后再定稿")
    numbers = {(place.role, place.name): number for number, place in enumerate(standing.signers)}
    hands = [(numbers[signed.role, signed.name], _read(signed.image_sha256)) for signed in standing.signatures]
    marks = [(change, _read(image)) for change, image in sorted(standing.marked_changes.items()) if image]
    pressed = [one for one in standing.signatures if one.print_sha256]
    prints = [(numbers[one.role, one.name], _read(one.print_sha256)) for one in pressed]
    finished = keep(stamp_hands(_read(there.file.sha256), hands, marks, prints), there.file.name, there.file.media_type)
    _record(case_uid, occasion, there, DocumentCompleted(document, finished))


def seal_document(case_uid: str, occasion: Occasion, *, document: str) -> None:
    """加盖印章: append the agency's PAdES seal with its time stamp, and keep the result.

    Raises NotAllowed, NotFound, CaseArchived, DocumentUnknown, DocumentFinished, NotToBeSealed, PlacesOpen,
    DocumentChanged, SealOutOfForce, SealKeyElsewhere, SealNotStamped, DeviceUnusable, and OutsideValidity for a day that the
    test certificates do not cover.
    """
    case_for(occasion.actor, case_uid)
    require_any(occasion.actor, SEALERS)
    there = _standing(case_uid, occasion, document)
    facts, standing = there.facts, there.document
    if standing.sealed_file is not None:
        raise DocumentFinished(f"《{standing.title}》已经盖章，不能重复盖章")
    if not is_sealed_type(standing):
        raise NotToBeSealed(f"《{standing.title}》是不加盖印章的文书（{standing.form}）；需要盖章的请另行制作文书")
    if standing.signers and standing.finished_file is None:
        raise PlacesOpen(f"《{standing.title}》还没有定稿；请先签名、定稿，再盖章")
    seal, signer = seal_of(facts.agency, occasion.at), seal_signer(facts.agency)
    latest = standing.finished_file or there.file
    pdf = seal.apply(_read(latest.sha256), at=occasion.at)
    sealed, signature = keep(pdf, there.file.name, there.file.media_type), None
    if signer is not None:
        signature = keep(sign_detached(signer, pdf), f"{sealed.name}.sm2.json", MEDIA_TYPE)
    _record(case_uid, occasion, there, DocumentSealed(document, sealed, seal.authority, signature))


def _standing(case_uid: str, occasion: Occasion, uid: str) -> _Standing:
    ground = ground_of(case_uid, occasion.actor.agency)
    require_signable(ground.facts)
    require_unvoided(ground.facts, uid)
    document = ground.facts.case.documents.get(uid)
    if document is None or document.file is None:
        raise DocumentUnknown("本案没有这份文书；请刷新页面后重选")
    return _Standing(ground.facts, ground.events, document, document.file)


def _require_open(document: Document) -> None:
    if document.finished_file is not None or document.sealed_file is not None:
        raise DocumentFinished(f"《{document.title}》已经定稿，不能再签名；确需更正的，请另行制作文书")


def _require_unsigned(there: _Standing, place: SignerPlace) -> None:
    document = there.document
    _require_open(document)
    if place not in document.signers:
        raise SignerUnknown(f"《{document.title}》没有“{place.role} {place.name}”的签名处；请核对签名人")
    if any((one.role, one.name) == (place.role, place.name) for one in document.signatures):
        raise PlaceDone(f"{place.role}{place.name}已经签名，不会重复签名；请刷新页面查看")


def _record(case_uid: str, occasion: Occasion, seen: _Standing, content: Any) -> None:
    """Record what was made from a document as it was seen, unless it is another by now."""
    with turn():
        hold(occasion.actor.agency)
        now = _standing(case_uid, occasion, seen.document.uid)
        if _state(now) != _state(seen):
            raise DocumentChanged(f"《{now.document.title}》刚刚有人签名、定稿或者盖章，本次没有保存；请核对后重试")
        write_case(case_uid, occasion, content, after=now.facts.case.version)


def _state(there: _Standing) -> tuple[object, ...]:
    """Give what must not have moved: what happened to the document, and by which certificate and key the agency seals."""
    document, agency = there.document, there.facts.agency
    certificate, key = agency.seal_certificate, agency.seal_key
    prints = sum(bool(one.print_sha256) for one in document.signatures)
    counts = len(document.signatures), prints, len(document.refusals), len(document.marked_changes)
    return *counts, document.finished_file, document.sealed_file, certificate, key.key if key else None


def _read(sha256: str) -> bytes:
    with office().vault.open(sha256) as file:
        return file.read()
