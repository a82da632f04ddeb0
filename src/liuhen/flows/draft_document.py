"""拟制文书: a document of any type, begun with what the case knows, looked at before it is made, and made once.

Invariant: a preview leaves no trace and takes no number; what is made is what the preview showed, but for number and code.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from liuhen.core.documents.flowing import Ground, known
from liuhen.core.documents.model import DocumentType, written
from liuhen.core.events.parts import SignerPlace
from liuhen.core.facts.model import Act, Facts
from liuhen.core.kernel.errors import BadInput
from liuhen.flows.access import Permission, case_for, require_any
from liuhen.flows.ground import ground_of
from liuhen.flows.occasion import Actor, Occasion
from liuhen.flows.record_batch import CaseArchived
from liuhen.flows.write_document import Content, document_type, draw_document, make_document

WRITERS = (Permission.INVESTIGATE, Permission.REVIEW, Permission.APPROVE)
# Whose name stands in a signer's place from the start.
_OFFICERS, _PARTY = frozenset({"执法人员", "送达人", "承办人"}), frozenset({"当事人", "受送达人"})


@dataclass(frozen=True, slots=True)
class Filled:
    """What a person filled in: texts by label, answers by question, rows of the table, who is to sign in which role."""

    texts: Mapping[str, str] = field(default_factory=dict)
    questions: Sequence[tuple[str, str]] = ()
    items: Sequence[Sequence[str]] = ()
    signers: Sequence[tuple[str, str]] = ()
    more: Sequence[str] = ()


def begun(kind: DocumentType, facts: Facts, occasion: Occasion, act: Act | None) -> Filled:
    """Give what stands in a new document of this type before anybody types."""
    ground = Ground(facts, occasion.at, act)
    texts = {item.label: known(item.fact, ground) for item in kind.fields}
    signers = [(spec.role, name) for spec in kind.signers for name in _names(spec.role, facts, occasion, act)]
    return Filled(texts, tuple((question, "") for question in kind.questions), (), signers)


def _names(role: str, facts: Facts, occasion: Occasion, act: Act | None) -> list[str]:
    if role in _OFFICERS:
        return [one.name for one in act.officers] if act is not None else [occasion.actor.name]
    party = facts.case.party
    if role in _PARTY and party is not None:
        return [party.representative or party.name]
    return []


def preview_document(case_uid: str, occasion: Occasion, *, form: str, filled: Filled, act: str | None = None) -> bytes:
    """Draw a document as it would be made, without number and code. Raises NotAllowed, NotFound, FormUnknown, BadInput."""
    kind, facts = _open(case_uid, occasion, form, act)
    return draw_document(facts, occasion, form, _content(kind, filled))


def write_document(case_uid: str, occasion: Occasion, *, form: str, filled: Filled, act: str | None = None) -> str:
    """Make a document and give its uid. Raises NotAllowed, NotFound, FormUnknown, CaseArchived, BadInput."""
    kind, _ = _open(case_uid, occasion, form, act)
    return make_document(case_uid, occasion, form=form, content=_content(kind, filled), act=act)


def require_writing(actor: Actor) -> None:
    """Raise NotAllowed unless the actor may draft documents."""
    require_any(actor, WRITERS)


def _open(case_uid: str, occasion: Occasion, form: str, act: str | None) -> tuple[DocumentType, Facts]:
    require_writing(occasion.actor)
    kind = document_type(form)
    case_for(occasion.actor, case_uid)
    facts = ground_of(case_uid, occasion.actor.agency).facts
    if facts.case.archived is not None:
        raise CaseArchived("案件已经归档，不能再制作文书；确需补充的，请与档案管理员联系")
    if act is not None and act not in facts.case.acts:
        raise BadInput("act", "本案没有这项执法活动；请重新选择")
    return kind, facts


def _content(kind: DocumentType, filled: Filled) -> Content:
    texts = {label: text.strip() for label, text in filled.texts.items() if text.strip()}
    shown = {item.label: texts[item.label] for item in kind.fields if item.label in texts and not item.within}
    within = {item.label: texts[item.label] for item in kind.fields if item.label in texts and item.within}
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
    )
