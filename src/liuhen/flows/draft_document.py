"""拟制文书: a document of any type, begun with what the case knows, looked at before it is made, and made once.

Invariant: a preview leaves no trace and takes no number; what is made is what the preview showed, but for number and code.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from liuhen.core.documents.flowing import Ground, flowed
from liuhen.core.documents.model import DocumentType, stated, written
from liuhen.core.events.parts import SignerPlace, TextChange
from liuhen.core.facts.model import Act, Facts
from liuhen.core.kernel.errors import BadInput, LiuhenError
from liuhen.flows.check_wording import Wording, check_wording, require_said
from liuhen.flows.corrected_content import worded
from liuhen.flows.formats_in_force import Format
from liuhen.flows.keep_draft import DraftMade, Sheet, close_draft, require_writing, take_draft
from liuhen.flows.occasion import Occasion
from liuhen.flows.read_case import CaseReading
from liuhen.flows.write_document import Content, draw_ahead, draw_document, make_document, require_open_case
from liuhen.records.ledger.append import hold
from liuhen.records.ledger.turn import turn

# Whose name stands in a signer's place from the start.
_OFFICERS, _PARTY = frozenset({"执法人员", "送达人", "承办人"}), frozenset({"当事人", "受送达人"})


class ReadOutMeanwhile(LiuhenError):
    """Somebody began to read the draft out while it was about to be made."""


@dataclass(frozen=True, slots=True)
class Filled:
    """What a person filled in: texts by label, answers by question, rows of the table, who is to sign in which role.

    `read_out` is what was filled in when the document was read out to the party, where it was; `taken` the titles of the earlier
    documents that texts were taken from before anybody typed.
    """

    texts: Mapping[str, str] = field(default_factory=dict)
    questions: Sequence[tuple[str, str]] = ()
    items: Sequence[Sequence[str]] = ()
    signers: Sequence[tuple[str, str]] = ()
    more: Sequence[str] = ()
    read_out: "Filled | None" = None
    taken: Mapping[str, str] = field(default_factory=dict)


def begun(kind: DocumentType, facts: Facts, occasion: Occasion, act: Act | None) -> Filled:
    """Give what stands in a new document of this type before anybody types."""
    ground = Ground(facts, occasion.at, act)
    found = {item.label: flowed(item.fact, item.follows, ground, item.standing) for item in kind.fields}
    signers = [(spec.role, name) for spec in kind.signers for name in _names(spec.role, facts, occasion, act)]
    texts = {label: one.text for label, one in found.items()}
    return Filled(texts, signers=signers, taken={label: one.source for label, one in found.items() if one.source})


def _names(role: str, facts: Facts, occasion: Occasion, act: Act | None) -> list[str]:
    if role in _OFFICERS:
        return [one.name for one in act.officers] if act is not None else [occasion.actor.name]
    party = facts.case.party
    if role in _PARTY and party is not None:
        return [party.representative or party.name]
    return []


def preview_document(reading: CaseReading, occasion: Occasion, by: Format, filled: Filled) -> bytes:
    """Draw a document as it would be made, without number and code. Raises NotAllowed, CaseArchived, BadInput, LayoutRefused."""
    require_writing(occasion.actor)
    require_open_case(reading.facts)
    return draw_document(reading.facts, occasion, by, content_of(by.kind, filled))


def lacking(facts: Facts, occasion: Occasion, kind: DocumentType, filled: Filled) -> Wording:
    """Say what the law wants this document to state and it does not yet. Raises NotAllowed, BadInput."""
    return check_wording(facts, occasion, kind, content_of(kind, filled))


def write_document(
    facts: Facts,
    occasion: Occasion,
    sheet: Sheet,
    by: Format,
    filled: Filled,
    *,
    seen: int,
    said: Mapping[str, str],
    number: str | None = None,
) -> str:
    """Make a draft into a document and give its uid; asked again, it gives the same one.

    `by`: the format that the writer filled in. `facts` are those of the case as the writer sees it, by which the words are
    judged; `said` is every text that the writer sees, written on top of the version `seen` of the draft; `number`: the reserved
    one of a paper filled in offline.
    Raises NotAllowed, NotFound, CaseArchived, BadInput, Unsaid, NumberNotReserved, NumberUsed, LayoutRefused, and DraftMoved
    when somebody else wrote something since.
    """
    require_writing(occasion.actor)
    content = content_of(by.kind, filled)
    require_said(facts, occasion, by.kind, content)
    ahead = draw_ahead(sheet.case, occasion, form=by.kind.name, content=content, number=number, by=by)
    with turn():
        hold(occasion.actor.agency)
        try:
            row = take_draft(occasion, sheet, seen=seen, said=said)
        except DraftMade as made:
            return made.document
        if bool(row.read_out) != (filled.read_out is not None):
            raise ReadOutMeanwhile("刚才有人开始宣读核对这份草稿，本次没有制作；请刷新页面后再制作")
        document = make_document(
            sheet.case,
            occasion,
            form=by.kind.name,
            content=content,
            act=sheet.act or None,
            number=number,
            by=by,
            ahead=ahead,
        )
        close_draft(row, document)
    return document


def is_read_out(kind: DocumentType) -> bool:
    """Say whether documents of a type are read out to somebody who then signs that they say what was said."""
    return kind.facing == "取证" and bool(kind.signers)


def changes_of(kind: DocumentType, filled: Filled) -> tuple[TextChange, ...]:
    """Give what was changed since a document was read out. Raises BadInput."""
    content = content_of(kind, filled)
    return worded(content, content.earlier).changed


def content_of(kind: DocumentType, filled: Filled) -> Content:
    """Give what a document says, as its type orders what was filled in. Raises BadInput."""
    texts = {label: text.strip() for label, text in filled.texts.items() if text.strip()}
    shown = {item.label: texts[item.label] for item in kind.fields if item.label in texts and not item.within}
    within = {item.label: texts[item.label] for item in kind.fields if item.label in texts and item.within}
    within |= stated(kind, texts)
    signers = tuple(SignerPlace(role, name.strip()) for role, name in filled.signers if name.strip())
    if len(set(signers)) < len(signers):
        raise BadInput("signers", "同一个人以同一身份只签一次；请删去重复的签名人")
    return Content(
        fields=shown,
        within=within,
        body=(*written(kind, texts), *(text.strip() for text in filled.more if text.strip())),
        questions=tuple(
            (ask.strip(), answer.strip()) for ask, answer in filled.questions if ask.strip() and answer.strip()
        ),
        items=tuple(tuple(row) for row in filled.items),
        item_heads=kind.heads if filled.items else (),
        opinions=tuple({"role": role} for role in kind.opinions),
        notes=kind.notes,
        signers=signers,
        earlier=content_of(kind, filled.read_out) if filled.read_out else None,
    )
