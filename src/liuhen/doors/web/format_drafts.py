"""The draft of a format: what a person changed in a type and did not publish yet, kept with that person's session.

Invariant: a draft names the version it was made from and counts its own changes, so that a form from another window, or from before
somebody else published, changes nothing.
"""

from dataclasses import dataclass, replace

from django.http import HttpRequest

from liuhen.core.documents.definition import read_type, spell_type
from liuhen.core.documents.model import DocumentType
from liuhen.core.events.parts import FileRef
from liuhen.core.kernel.codec import decode, encode
from liuhen.core.kernel.errors import BadInput, LiuhenError
from liuhen.flows.formats_in_force import Format
from liuhen.flows.occasion import Actor

_KEY = "format-drafts"
_MOST = 5


class FormatDraftMoved(LiuhenError):
    """The form was made from another state of the draft than the one that stands."""


@dataclass(frozen=True, slots=True)
class FormatDraft:
    """`based_on` is the event of the format in force when the draft began (empty: the shipped one); `origin` whose file it is."""

    agency: str
    code: str
    based_on: str
    revision: int
    definition: str
    template: FileRef | None = None
    origin: str | None = None

    @property
    def kind(self) -> DocumentType:
        """The type as it was changed."""
        return read_type(self.definition)

    def changed(self, kind: DocumentType) -> "FormatDraft":
        """Give the draft after a change of the type."""
        return replace(self, revision=self.revision + 1, definition=spell_type(kind))

    def drawn_by(self, template: FileRef | None) -> "FormatDraft":
        """Give the draft with another layout, None for the one that comes with Liuhen."""
        return replace(self, revision=self.revision + 1, template=template)


def open_draft(request: HttpRequest, actor: Actor, standing: Format) -> FormatDraft:
    """Give the person's draft, or a fresh one that says what holds; nothing is kept yet."""
    kept = kept_draft(request, actor, standing.kind.code)
    if kept is not None:
        return kept
    definition = spell_type(standing.kind)
    return FormatDraft(actor.agency, standing.kind.code, standing.event, 0, definition, standing.template)


def kept_draft(request: HttpRequest, actor: Actor, code: str) -> FormatDraft | None:
    """Give the draft that the session holds, or None; one that this program cannot read is as good as none."""
    data = request.session.get(_KEY, {}).get(code)
    if data is None:
        return None
    try:
        draft = decode(FormatDraft, data)
        read_type(draft.definition)
    except BadInput:
        return None
    return draft if draft.agency == actor.agency and draft.code == code else None


def keep_draft(request: HttpRequest, draft: FormatDraft) -> None:
    """Put the draft into the session; of more than a few, the one begun first goes."""
    drafts = {code: data for code, data in request.session.get(_KEY, {}).items() if code != draft.code}
    for code in list(drafts)[: max(0, len(drafts) - _MOST + 1)]:
        del drafts[code]
    request.session[_KEY] = drafts | {draft.code: encode(draft)}


def drop_draft(request: HttpRequest, code: str) -> None:
    """Forget the draft."""
    request.session[_KEY] = {name: data for name, data in request.session.get(_KEY, {}).items() if name != code}


def require_current(request: HttpRequest, draft: FormatDraft) -> None:
    """Raise FormatDraftMoved unless the form was made from the draft as it stands."""
    if request.POST.get("revision") != str(draft.revision) or request.POST.get("based_on") != draft.based_on:
        raise FormatDraftMoved("草稿已在别的窗口改动或者发布，这一步没有保存；请返回修改页，刷新后再改。")
