"""文书: made from the facts of the case, with its number where it is issued; its bytes are safe before an event speaks of them."""

import io
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings

from liuhen.adapters.signing.pages import count_pages
from liuhen.core.documents.model import DocumentType
from liuhen.core.events.case import (
    DocumentMade,
)
from liuhen.core.events.parts import FileRef, SignerPlace
from liuhen.core.facts.model import Facts
from liuhen.core.kernel.errors import BadInput
from liuhen.core.kernel.moments import local_day
from liuhen.flows.access import case_for
from liuhen.flows.corrected_content import Worded, worded
from liuhen.flows.formats_in_force import Format, format_of, layout_of
from liuhen.flows.ground import ground_of
from liuhen.flows.numbering import foresee_number, take_number
from liuhen.flows.occasion import Occasion
from liuhen.flows.office import office
from liuhen.flows.record_batch import CaseArchived
from liuhen.flows.recused import require_not_recused
from liuhen.flows.reserved_numbers import require_reserved
from liuhen.flows.writing import write_case
from liuhen.records.ledger.append import hold
from liuhen.records.ledger.turn import turn

_HOW_TO_CHECK = "凭文号和核验码可在公开核验页面核对本文书"


@dataclass(frozen=True, slots=True)
class Content:
    """What a document says beyond what the case knows. `signers` are the places for hand signatures, in order.

    `fields` have lines of their own; `within` are texts by label that stand in the body already, recorded as fields all the same.
    `earlier` is the content as it was read out to the party, where it was; what differs from it is shown as changed.
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
    earlier: "Content | None" = None


@dataclass(frozen=True, slots=True)
class Ahead:
    """A document drawn before the log is held, with all that it was drawn from: it is the document only if that still holds."""

    data: Mapping[str, Any]
    pdf: bytes
    code: str | None


def draw_ahead(
    case_uid: str,
    occasion: Occasion,
    *,
    form: str,
    content: Content,
    number: str | None = None,
    by: Format | None = None,
) -> Ahead:
    """Draw a document as it would be made now, so that nobody else waits for the drawing.

    An agency's own layout takes half a second, in which no one of the agency could record anything.
    Raises FormUnknown, BadInput, LayoutRefused, and the refusals of access.
    """
    case_for(occasion.actor, case_uid)
    used = by or format_of(occasion.actor.agency, form)
    facts = ground_of(case_uid, occasion.actor.agency).facts
    return _drawn(facts, occasion, used, form, content, worded(content, content.earlier), number)


def _drawn(
    facts: Facts,
    occasion: Occasion,
    used: Format,
    form: str,
    content: Content,
    words: Worded,
    number: str | None,
) -> Ahead:
    code = occasion.new_id()[:16].upper() if used.kind.facing == "出具" else None
    if number is None and used.kind.character:
        agency = facts.agency
        number = foresee_number(occasion.actor.agency, agency.number_prefix, used.kind.character, occasion.at)
    data = drawn_data(facts, occasion, form, content, words, number, code)
    return Ahead(data, render(used, data), code)


def make_document(
    case_uid: str,
    occasion: Occasion,
    *,
    form: str,
    content: Content,
    act: str | None = None,
    title: str | None = None,
    number: str | None = None,
    by: Format | None = None,
    ahead: Ahead | None = None,
) -> str:
    """Typeset a document, keep it, and give its uid.

    `by`: the format that its content was written by, without it the one in force. `number`: one that was reserved for forms
    used offline and stands on the paper; else the next of its series is taken. `ahead`: the same, drawn already by a caller that
    holds the log.
    Raises FormUnknown, CaseArchived, Recused, NumberNotReserved, NumberUsed, BadInput, LayoutRefused, and the refusals of access.
    """
    facts = _facts_to_write(case_uid, occasion, act)
    used = by or format_of(occasion.actor.agency, form)
    words, kind, uid = worded(content, content.earlier), used.kind, occasion.new_id()
    ahead = ahead or _drawn(facts, occasion, used, form, content, words, number)
    with turn():
        hold(occasion.actor.agency)
        number = _number(facts, kind, occasion, number)
        data = drawn_data(facts, occasion, form, content, words, number, ahead.code)
        # Another number, another state of the case: then it is drawn anew, and everybody waits for once.
        pdf = ahead.pdf if data == ahead.data else render(used, data)
        file = keep(pdf, f"{form}.pdf", "application/pdf")
        made = DocumentMade(
            document=uid,
            form=form,
            title=title or form,
            facing=kind.facing,
            file=file,
            pages=count_pages(pdf),
            made_on=local_day(occasion.at),
            number=number,
            act=act,
            fields={**content.fields, **content.within},
            corrections=len(words.changed) or content.corrections,
            signers=content.signers,
            code=ahead.code,
            template=used.name,
            changed=words.changed,
        )
        write_case(case_uid, occasion, made, after=facts.case.version)
    return uid


def require_open_case(facts: Facts) -> None:
    """Raise CaseArchived for a case that takes no new documents."""
    if facts.case.archived is not None:
        raise CaseArchived("案件已经归档，不能再制作文书；确需补充的，请与档案管理员联系")


def _facts_to_write(case_uid: str, occasion: Occasion, act: str | None) -> Facts:
    """Give the facts of a case that takes a document of this act by this person now."""
    case_for(occasion.actor, case_uid)
    facts = ground_of(case_uid, occasion.actor.agency).facts
    require_open_case(facts)
    require_not_recused(facts.case, (occasion.actor.uid,), occasion.at)
    if act is not None and act not in facts.case.acts:
        raise BadInput("act", "本案没有这项执法活动；请重新选择")
    return facts


def draw_document(facts: Facts, occasion: Occasion, by: Format, content: Content) -> bytes:
    """Draw a document that is not made yet: without a number, without a code. Raises BadInput, LayoutRefused."""
    words = worded(content, content.earlier)
    return render(by, drawn_data(facts, occasion, by.kind.name, content, words, None, None))


def render(by: Format, data: Mapping[str, Any]) -> bytes:
    """Draw data by the layout of a format. Raises BadInput, LayoutRefused."""
    layout = layout_of(by)
    if layout is None:
        return office().typesetter.render(by.kind.name, data)
    return office().typesetter.render_by(layout, by.kind.name, data)


def _number(facts: Facts, kind: DocumentType, occasion: Occasion, reserved: str | None) -> str | None:
    """Give the number of a document: the next, or the reserved one that its paper bears; the log is held."""
    if reserved:
        return require_reserved(occasion.actor.agency, kind, reserved).say()
    if not kind.character:
        return None
    return take_number(occasion.actor.agency, facts.agency.number_prefix, kind.character, occasion.at)


def drawn_data(
    facts: Facts,
    occasion: Occasion,
    form: str,
    content: Content,
    words: Worded,
    number: str | None,
    code: str | None,
) -> dict[str, Any]:
    """Give what a layout draws of a document; `words` are those of its content, as `worded` gives them."""
    data: dict[str, Any] = {
        "form": form,
        "title": form,
        "number": number or "",
        "agency": facts.agency.name,
        "case_number": facts.case.number or facts.case.register_number,
        "date": local_day(occasion.at).isoformat(),
        "party": facts.case.party.name if facts.case.party else "",
        **words.parts,
        "item_heads": list(content.item_heads),
        "opinions": [dict(opinion) for opinion in content.opinions],
        "notes": list(content.notes),
        "signatures": [
            {"role": place.role, "name": place.name, "date": local_day(occasion.at).isoformat()}
            for place in content.signers
        ],
    }
    if code:
        data["verification"] = {"code": code, "text": _HOW_TO_CHECK, "link": _link(number, code)}
    return data


def _link(number: str | None, code: str) -> str:
    """Give what the QR code holds: the page where anyone checks this document, else the words to type there."""
    if not number:
        return ""
    return f"{settings.CHECK_ADDRESS}?code={code}" if settings.CHECK_ADDRESS else f"文号 {number} 核验码 {code}"


def keep(data: bytes, name: str, media_type: str) -> FileRef:
    """Put bytes into the vault and give the reference by which events name them."""
    stored = office().vault.store(io.BytesIO(data)).digests
    return FileRef(stored.sha256, stored.sm3, stored.size, name, media_type)
