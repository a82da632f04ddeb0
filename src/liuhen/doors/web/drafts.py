"""The draft of a list: what a person changed and did not publish yet, kept with that person's session and nowhere else.

Invariant: a draft names the version it was made from and counts its own changes, so that a form from another window, or from
before somebody else published, changes nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.http import HttpRequest

from liuhen.core.events.parts import ListEntry
from liuhen.core.kernel.codec import decode, encode
from liuhen.core.kernel.errors import BadInput, LiuhenError
from liuhen.flows.adapt_lists import PublishedList
from liuhen.flows.occasion import Actor

_KEY = "list-draft"


class DraftMoved(LiuhenError):
    """The form was made from another state of the draft than the one that stands."""


@dataclass(frozen=True, slots=True)
class ListDraft:
    """`based_on` is the id of the version in force when the draft began, `revision` counts the changes since.

    `aside` holds the rows that an import put in their place, until something else is changed.
    """

    agency: str
    based_on: str
    revision: int
    rows: tuple[ListEntry, ...]
    aside: tuple[ListEntry, ...] = ()
    imported_from: str | None = None

    def with_rows(self, rows: Sequence[ListEntry]) -> "ListDraft":
        """Give the draft after a change."""
        return replace(self, revision=self.revision + 1, rows=tuple(rows), aside=(), imported_from=None)

    def with_import(self, rows: Sequence[ListEntry], name: str) -> "ListDraft":
        """Give the draft after an import, which can be taken back."""
        return replace(self, revision=self.revision + 1, rows=tuple(rows), aside=self.rows, imported_from=name)

    def onto(self, newest: PublishedList) -> "ListDraft":
        """Give the draft as one that was made from a newer version; its rows stay, so the comparison shows what differs."""
        return replace(self, revision=self.revision + 1, based_on=newest.id, aside=(), imported_from=None)


def open_draft(request: HttpRequest, actor: Actor, newest: PublishedList | None) -> ListDraft:
    """Give the person's draft, or a fresh one that says what the version in force says; nothing is kept yet."""
    kept = kept_draft(request, actor)
    if kept is not None:
        return kept
    return ListDraft(actor.agency, newest.id if newest else "", 0, newest.entries if newest else ())


def kept_draft(request: HttpRequest, actor: Actor) -> ListDraft | None:
    """Give the draft that the session holds, or None; one that this program cannot read is as good as none."""
    data = request.session.get(_KEY)
    if data is None:
        return None
    try:
        draft = decode(ListDraft, data)
    except BadInput:
        return None
    return draft if draft.agency == actor.agency else None


def keep_draft(request: HttpRequest, draft: ListDraft) -> None:
    """Put the draft into the session."""
    request.session[_KEY] = encode(draft)


def drop_draft(request: HttpRequest) -> None:
    """Forget the draft."""
    request.session.pop(_KEY, None)


def require_current(request: HttpRequest, draft: ListDraft) -> None:
    """Raise DraftMoved unless the form was made from the draft as it stands."""
    if request.POST.get("revision") != str(draft.revision) or request.POST.get("based_on") != draft.based_on:
        raise DraftMoved("草稿已在别的窗口改动或者公布，这一步没有保存；请返回草稿页，刷新后再改。")
