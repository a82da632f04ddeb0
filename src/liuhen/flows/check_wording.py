"""文书内容的法定事项: what the packs of a case would say of a document that is still being written.

Invariant: nothing is recorded; the document is judged as if it were made, signed and sealed now, so that what is left over is
missing in its words.
"""

from dataclasses import dataclass

from liuhen.core.documents.model import DocumentType
from liuhen.core.events.case import DocumentMade
from liuhen.core.events.catalogue import Event
from liuhen.core.events.envelope import Header
from liuhen.core.events.parts import FileRef
from liuhen.core.facts.fold import fold
from liuhen.core.facts.model import Facts
from liuhen.core.kernel.errors import LiuhenError
from liuhen.core.kernel.moments import local_day
from liuhen.core.rules.wording import judge_wording
from liuhen.flows.access import case_for
from liuhen.flows.ground import Ground, ground_of
from liuhen.flows.keep_draft import require_writing
from liuhen.flows.law import packs_of
from liuhen.flows.occasion import Occasion
from liuhen.flows.write_document import Content

_DRAFT = "draft"


class Unsaid(LiuhenError):
    """A document that is issued to the party lacks what a clause says it must state."""


@dataclass(frozen=True, slots=True)
class Remark:
    """What a document lacks: by which clause, in the words of the rule, and in which of its fields it would be said."""

    clause: str
    title: str
    fields: tuple[str, ...]
    must: bool


@dataclass(frozen=True, slots=True)
class Wording:
    """What the packs of a case say of a document's words: whether they want any at all, and what they miss."""

    is_asked: bool
    remarks: tuple[Remark, ...]

    @property
    def demands(self) -> tuple[Remark, ...]:
        """What a clause says it must state."""
        return tuple(one for one in self.remarks if one.must)


def check_wording(case_uid: str, occasion: Occasion, kind: DocumentType, content: Content) -> Wording:
    """Say what the packs of the case miss in a document. Raises NotAllowed, NotFound."""
    require_writing(occasion.actor)
    case_for(occasion.actor, case_uid)
    ground = ground_of(case_uid, occasion.actor.agency)
    facts = _as_if_made(ground, occasion, kind, content)
    packs = packs_of(facts.case.packs)
    found = list(judge_wording(packs, facts, _DRAFT, calendar=ground.calendar, at=occasion.at))
    remarks = (
        Remark(one.clause, one.title, _fields(kind, content, missing), must=one.level == "must")
        for one, missing in found
        if one.verdict != "met"
    )
    return Wording(bool(found), tuple(remarks))


def _fields(kind: DocumentType, content: Content, missing: tuple[str, ...]) -> tuple[str, ...]:
    """Give the fields in which missing items would be said: the empty ones of those that the type names for them."""
    said = {**content.fields, **content.within}
    places = (label for item in missing for label in kind.states.get(item, (item,)))
    return tuple(dict.fromkeys(label for label in places if label not in said))


def require_said(case_uid: str, occasion: Occasion, kind: DocumentType, content: Content) -> None:
    """Raise Unsaid for a document to be issued that lacks what a clause says it must state; others may be completed by hand."""
    if kind.facing != "出具":
        return
    missing = check_wording(case_uid, occasion, kind, content).demands
    if missing:
        fields = "、".join(dict.fromkeys(label for one in missing for label in one.fields))
        why = "；".join(dict.fromkeys(one.title for one in missing))
        raise Unsaid(f"对外出具的文书缺少法定内容，没有制作。请填写：{fields}（{why}）")


def _as_if_made(ground: Ground, occasion: Occasion, kind: DocumentType, content: Content) -> Facts:
    case = ground.facts.case
    made = DocumentMade(
        document=_DRAFT,
        form=kind.name,
        title=kind.name,
        facing=kind.facing,
        file=FileRef("0" * 64, "0" * 64, 0, kind.name, "application/pdf"),
        pages=1,
        made_on=local_day(occasion.at),
        fields={**content.fields, **content.within},
        signers=content.signers,
    )
    at, stream = occasion.at, f"case:{case.uid}"
    header = Header(
        "liuhen-event/1",
        _DRAFT,
        occasion.actor.agency,
        stream,
        case.version + 1,
        "case.document-made",
        at,
        at,
        "",
        "",
        "",
    )
    facts = fold([*ground.events, Event(header, made)])
    facts.case.documents[_DRAFT].sealed = at
    return facts
