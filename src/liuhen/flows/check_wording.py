"""文书内容的法定事项: what the packs of a case would say of a document that is still being written.

Invariant: nothing is recorded; the document is judged as if it were made, signed and sealed now, so that what is left over is
missing in its words.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from liuhen.core.documents.model import DocumentType
from liuhen.core.facts.model import Document, Facts
from liuhen.core.kernel.errors import LiuhenError
from liuhen.core.kernel.moments import local_day
from liuhen.core.rules.wording import judge_wording
from liuhen.flows.calendars import calendar_of
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


def check_wording(facts: Facts, occasion: Occasion, kind: DocumentType, content: Content) -> Wording:
    """Say what the packs of a case, which is left as it is, miss in a document. Raises NotAllowed."""
    require_writing(occasion.actor)
    supposed, calendar = _as_if_made(facts, occasion.at, kind, content), calendar_of(facts.agency.calendar)
    found = list(judge_wording(packs_of(facts.case.packs), supposed, _DRAFT, calendar=calendar, at=occasion.at))
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


def require_said(facts: Facts, occasion: Occasion, kind: DocumentType, content: Content) -> None:
    """Raise Unsaid for a document to be issued that lacks what a clause says it must state; others may be completed by hand."""
    if kind.facing != "出具":
        return
    missing = check_wording(facts, occasion, kind, content).demands
    if missing:
        fields = "、".join(dict.fromkeys(label for one in missing for label in one.fields))
        why = "；".join(dict.fromkeys(one.title for one in missing))
        raise Unsaid(f"对外出具的文书缺少法定内容，没有制作。请填写：{fields}（{why}）")


def _as_if_made(facts: Facts, at: datetime, kind: DocumentType, content: Content) -> Facts:
    document = Document(
        uid=_DRAFT,
        form=kind.name,
        title=kind.name,
        facing=kind.facing,
        pages=1,
        fields={**content.fields, **content.within},
        signers=content.signers,
        made=at,
        made_on=local_day(at),
        sealed=at,
    )
    return replace(facts, case=replace(facts.case, documents={**facts.case.documents, _DRAFT: document}))
