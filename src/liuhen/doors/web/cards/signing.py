"""签名与盖章: what of a document is signed, what is next, and what the rules of the case ask for where somebody refuses."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from django import forms
from django.urls import reverse

from liuhen.core.events.case import DocumentMarked, DocumentSealed, SignatureRefused
from liuhen.core.events.parts import SignerPlace
from liuhen.core.facts.model import Document, Signature
from liuhen.core.kernel.moments import say_instant
from liuhen.core.rules.verdict import Verdict
from liuhen.doors.web.cards.case import Header, case_header
from liuhen.doors.web.cards.compliance import FindingLine, findings_about
from liuhen.doors.web.cards.parts import Action, ClauseChip, Line, clause_chip, panel_url
from liuhen.flows.access import Permission, has, may_any
from liuhen.flows.occasion import Actor
from liuhen.flows.read_case import CaseReading
from liuhen.flows.sign_document import (
    HANDS,
    SEALERS,
    foresee_refusal,
    is_sealed_type,
    may_sign,
    open_places,
    takes_print,
)

_ENDS = 8


@dataclass(frozen=True, slots=True)
class Asked:
    """What one rule would say after a refusal: its clause, its grounds, and what is left to do."""

    verdict: str
    clause: ClauseChip
    title: str
    because: str
    remedy: str


@dataclass(frozen=True, slots=True)
class PlaceForms:
    """The forms of open places by number: of a refusal, of a fingerprint, and of one beside a change."""

    refusals: Mapping[int, forms.Form]
    prints: Mapping[int, forms.Form]
    changes: Mapping[int, forms.Form]


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """A change made after the document was read out; `form` where a fingerprint can still be set beside it."""

    number: int
    where: str
    was: str
    now: str
    marked: bool
    url: str
    form: forms.Form | None
    opened: bool


@dataclass(frozen=True, slots=True)
class Place:
    """One place for a signature; `state` is open, signed or refused, `said` when and how, or why."""

    number: int
    role: str
    name: str
    state: str
    said: str
    is_next: bool
    may_sign: bool
    hand_url: str
    refusal_url: str
    refusal: forms.Form | None
    asked: tuple[Asked, ...]
    opened: bool
    print_url: str
    print: forms.Form | None
    pressing: bool


@dataclass(frozen=True, slots=True)
class Marking:
    """What was pressed on the printed sheets, and the form for more."""

    lines: tuple[Line, ...]
    form: forms.Form | None
    url: str
    opened: bool


@dataclass(frozen=True, slots=True)
class Step:
    """Completing or sealing: whether it is done, can be done now, and may be done by this person."""

    done: str
    ready: bool
    may: bool
    url: str


@dataclass(frozen=True, slots=True)
class SigningPage:
    """The whole page; `digest` are the ends of the SHA-256 of what is signed."""

    header: Header
    agency: str
    title: str
    number: str
    pages: int
    digest: tuple[str, str]
    sha256: str
    present: str
    pdf_url: str
    panel_url: str
    writing_url: str
    places: tuple[Place, ...]
    left: int
    changes: tuple[ChangeLine, ...]
    marking: Marking
    completing: Step
    sealing: Step | None
    findings: tuple[FindingLine, ...]
    finished: bool
    refused: bool


def signing_action(reading: CaseReading, document: Document) -> Action | None:
    """Give the way to the page of a document that is still to be signed, completed or sealed; else nothing."""
    if reading.facts.case.archived is not None:
        return None
    waits = bool(open_places(document)) and document.finished_file is None
    label = "下一步：签名" if waits else "下一步：定稿" if document.signers else "下一步：盖章"
    if document.finished_file is not None:
        label = "下一步：盖章"
    address = reverse("signing", args=[reading.uid, document.uid])
    return None if _is_finished(document) else Action(label, address, filled=True)


def _is_finished(document: Document) -> bool:
    if document.sealed_file is not None:
        return True
    return (document.finished_file is not None or not document.signers) and not is_sealed_type(document)


def signing_page(
    reading: CaseReading,
    actor: Actor,
    document: Document,
    given: PlaceForms,
    marking: forms.Form,
    shown: str = "",
) -> SigningPage:
    """Give the page; `given` are the forms of open places, `shown` the name of the form to stand open."""
    file = document.file
    sha256 = file.sha256 if file else ""
    places = tuple(_places(reading, actor, document, given, shown))
    handles = has(actor, Permission.INVESTIGATE)
    address = (reading.uid, document.uid)
    return SigningPage(
        header=replace(case_header(reading, actor), next=None),
        agency=reading.facts.agency.name,
        title=document.title,
        number=document.number or "",
        pages=document.pages,
        digest=(sha256[:_ENDS], sha256[-_ENDS:]),
        sha256=sha256,
        present=_present(reading, actor),
        pdf_url=reverse("document-file", args=address),
        panel_url=panel_url(reading.uid, "documents", document.uid),
        writing_url=reverse("draft-types", args=[reading.uid]),
        places=places,
        left=sum(place.state == "open" for place in places),
        changes=tuple(_changes(reading, document, given.changes if handles else {}, shown)),
        marking=Marking(
            lines=tuple(_marks(reading, document)),
            form=marking if handles else None,
            url=reverse("signing-mark", args=address),
            opened=shown == "mark",
        ),
        completing=_completing(actor, document, address),
        sealing=_sealing(reading, actor, document, address) if is_sealed_type(document) else None,
        findings=tuple(
            line for line in findings_about(reading, "document", document.uid) if line.verdict in ("unmet", "pending")
        ),
        finished=_is_finished(document),
        refused=bool(document.refusals),
    )


def _present(reading: CaseReading, actor: Actor) -> str:
    known = reading.facts.agency.officers.get(actor.uid)
    return f"{actor.name}（执法证号 {known.certificate}）" if known and known.certificate else actor.name


def _places(reading: CaseReading, actor: Actor, document: Document, given: PlaceForms, shown: str) -> Iterable[Place]:
    signed = {(one.role, one.name): one for one in document.signatures}
    refused = {(role, name): reason for role, name, reason in document.refusals}
    times = _refused_at(reading, document)
    still_open, closed = open_places(document), document.finished_file is not None
    asked = {role: _asked(reading, document, role) for role in {place.role for place in still_open}}
    first = next((place for place in still_open if may_sign(actor, place)), None)
    for number, place in enumerate(document.signers):
        key = (place.role, place.name)
        state, said = _state(signed.get(key), refused.get(key), times.get(key, ""))
        waits = place in still_open and not closed
        may = key not in signed and not closed and may_sign(actor, place)
        yield Place(
            number=number,
            role=place.role,
            name=place.name,
            state=state,
            said=said,
            is_next=waits and place == first,
            may_sign=may,
            hand_url=reverse("signing-hand", args=[reading.uid, document.uid, number]),
            refusal_url=reverse("signing-refusal", args=[reading.uid, document.uid, number]),
            refusal=given.refusals.get(number) if waits and has(actor, Permission.INVESTIGATE) else None,
            asked=asked.get(place.role, ()) if waits else (),
            opened=shown == f"refusal-{number}",
            print_url=reverse("signing-print", args=[reading.uid, document.uid, number]),
            print=given.prints.get(number) if may_sign(actor, place) and takes_print(document, place) else None,
            pressing=shown == f"print-{number}",
        )


def _state(signed: Signature | None, refused: str | None, refused_at: str) -> tuple[str, str]:
    if signed is not None:
        how = "，捺指印" if signed.manner == "捺指印" else "，并捺印" if signed.print_sha256 else ""
        return "signed", f"{say_instant(signed.at)}{how}"
    if refused is not None:
        return "refused", f"{refused}，{refused_at}" if refused_at else refused
    return "open", ""


def _refused_at(reading: CaseReading, document: Document) -> dict[tuple[str, str], str]:
    return {
        (said.role, said.name): say_instant(event.header.at)
        for event in reading.events
        if isinstance(said := event.content, SignatureRefused) and said.document == document.uid
    }


def _asked(reading: CaseReading, document: Document, role: str) -> tuple[Asked, ...]:
    foreseen = foresee_refusal(reading, document.uid, role, "写明的情形")
    return tuple(_asked_by(reading, verdict) for verdict in foreseen if verdict.verdict != "not_applicable")


def _asked_by(reading: CaseReading, verdict: Verdict) -> Asked:
    return Asked(
        verdict=verdict.verdict,
        clause=clause_chip(reading.packs, verdict.clause),
        title=verdict.title,
        because="；".join(verdict.because),
        remedy=(verdict.remedy or "") if verdict.verdict in ("unmet", "pending") else "",
    )


def _changes(
    reading: CaseReading, document: Document, given: Mapping[int, forms.Form], shown: str
) -> Iterable[ChangeLine]:
    closed = document.finished_file is not None or document.sealed_file is not None
    for number, change in enumerate(document.changed, 1):
        marked = number in document.marked_changes
        yield ChangeLine(
            number=number,
            where=change.where,
            was=change.was,
            now=change.now,
            marked=marked,
            url=reverse("signing-change", args=[reading.uid, document.uid, number]),
            form=None if marked or closed else given.get(number),
            opened=shown == f"change-{number}",
        )


def _marks(reading: CaseReading, document: Document) -> Iterable[Line]:
    for event in reading.events:
        said = event.content
        if isinstance(said, DocumentMarked) and said.document == document.uid:
            yield Line(said.mark, f"{said.name} {said.manner}，{say_instant(event.header.at)}")


def _completing(actor: Actor, document: Document, address: tuple[str, str]) -> Step:
    done = document.finished_file is not None
    return Step(
        done="已定稿" if done else "",
        ready=bool(document.signers) and not done and document.sealed_file is None and not open_places(document),
        may=may_any(actor, HANDS),
        url=reverse("signing-complete", args=address),
    )


def _sealing(reading: CaseReading, actor: Actor, document: Document, address: tuple[str, str]) -> Step:
    sealed = (
        f"{say_instant(event.header.at)}，{event.content.authority}"
        for event in reading.events
        if isinstance(event.content, DocumentSealed) and event.content.document == document.uid
    )
    return Step(
        done=next(sealed, ""),
        ready=document.sealed_file is None and (document.finished_file is not None or not document.signers),
        may=may_any(actor, SEALERS),
        url=reverse("signing-seal", args=address),
    )


def place_of(document: Document, number: int) -> SignerPlace | None:
    """Give the place of a number, as addresses name it."""
    return document.signers[number] if number < len(document.signers) else None
