"""文书草稿: what is being written is kept as it is typed; two people who write at once never overwrite each other.

Invariant: a text that somebody else changed since the writer last saw it is not replaced but told; a draft becomes one document
at most, however often it is asked for; nothing here is a record, and nothing here reaches the ledger.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from liuhen.core.kernel.errors import BadInput, LiuhenError
from liuhen.flows.access import NotFound, Permission, case_for, has, require_any
from liuhen.flows.actors import names_of
from liuhen.flows.occasion import Actor, Occasion
from liuhen.records.drafts.models import DraftRow
from liuhen.records.ledger.append import hold
from liuhen.records.ledger.turn import turn

WRITERS = (Permission.INVESTIGATE, Permission.REVIEW, Permission.APPROVE)
_MOST_DRAFTS = 60
_MOST_SIGNS = 200_000
_SOMEBODY = "另一人"


class DraftMoved(LiuhenError):
    """Somebody else changed texts of the draft that were about to be replaced: `texts`, as they stand at `version`."""

    def __init__(self, version: int, texts: Mapping[str, "Written"]) -> None:
        people = "、".join(sorted({one.by for one in texts.values()}))
        super().__init__(f"{people}刚才改了这份草稿的 {len(texts)} 处；请核对后再制作")
        self.version, self.texts = version, texts


class DraftMade(LiuhenError):
    """The draft has become a document."""

    def __init__(self, document: str) -> None:
        super().__init__("这份草稿已经制作成文书，不能再改；请在案件的文书中查看")
        self.document = document


@dataclass(frozen=True, slots=True)
class Sheet:
    """Which draft of which case: its uid, the code of its type, the act it is of (empty for none)."""

    draft: str
    case: str
    code: str
    act: str = ""


@dataclass(frozen=True, slots=True)
class Written:
    """A text as it stands, and who wrote it."""

    text: str
    by: str


@dataclass(frozen=True, slots=True)
class Draft:
    """An open draft. `by` and `texts` name people by their names; `mine` says that the reader may throw it away.

    `read_out` are the texts as they were read out to the party, None before.
    """

    sheet: Sheet
    texts: Mapping[str, Written]
    version: int
    by: str
    changed_at: datetime
    mine: bool
    read_out: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Saved:
    """What a save did: the version now, what others changed since the writer's version, and what was not replaced for that."""

    version: int
    news: Mapping[str, Written] = field(default_factory=dict)
    clashes: Mapping[str, Written] = field(default_factory=dict)


def require_writing(actor: Actor) -> None:
    """Raise NotAllowed unless the actor may draft documents."""
    require_any(actor, WRITERS)


def save_draft(occasion: Occasion, sheet: Sheet, *, seen: int, said: Mapping[str, str]) -> Saved:
    """Keep texts of a draft that were changed on top of the version `seen`; the first save begins the draft.

    Raises NotAllowed, NotFound, DraftMade, and BadInput for more drafts or longer texts than a case can hold.
    """
    _require_case(occasion.actor, sheet)
    with turn():
        hold(occasion.actor.agency)
        row = _row(occasion.actor, sheet)
        if row is None and not said:
            return Saved(0)
        row = row or _begin(occasion, sheet)
        if row.document:
            raise DraftMade(row.document)
        clashes = _moved(row, seen, said, occasion.actor.uid)
        news = {name: one for name, one in row.texts.items() if one["version"] > seen and name not in said}
        _write(row, occasion, sheet.act, {name: text for name, text in said.items() if name not in clashes})
        names = _names([row])
        return Saved(row.version, _with_names(news, names), _with_names(clashes, names))


def begin_reading(occasion: Occasion, sheet: Sheet, *, seen: int, said: Mapping[str, str]) -> None:
    """核对: keep what the draft says as it is now read out to the party; what is changed from here on is shown as changed.

    `said` is everything that the writer sees. A draft is read out once. Raises NotAllowed, NotFound, DraftMade, BadInput, and
    DraftMoved when somebody else wrote something since.
    """
    with turn():
        hold(occasion.actor.agency)
        row = take_draft(occasion, sheet, seen=seen, said=said)
        _write(row, occasion, sheet.act, said)
        if not row.read_out:
            row.read_out = dict(said)
            row.version += 1
            row.save()


def read_out_of(actor: Actor, sheet: Sheet) -> Mapping[str, str] | None:
    """Give the texts of a draft as they were read out; None where they were not, or where there is no such draft."""
    row = DraftRow.objects.filter(uid=sheet.draft, agency=actor.agency, case_uid=sheet.case, document="").first()
    return (row.read_out or None) if row is not None else None


def _write(row: DraftRow, occasion: Occasion, act: str, said: Mapping[str, str]) -> None:
    changed = {name: text for name, text in said.items() if row.texts.get(name, {}).get("text") != text}
    if not changed and act == row.act and row.pk is not None:
        return
    row.version += 1
    row.texts |= {
        name: {"text": text, "version": row.version, "by": occasion.actor.uid} for name, text in changed.items()
    }
    if sum(len(one["text"]) for one in row.texts.values()) > _MOST_SIGNS:
        raise BadInput("草稿", f"草稿的全部内容超过 {_MOST_SIGNS} 个字；请精简，或者分成几份文书")
    row.act, row.changed_by, row.changed_at = act, occasion.actor.uid, occasion.at
    row.save()


def _moved(row: DraftRow, seen: int, said: Mapping[str, str], writer: str) -> Mapping[str, Mapping[str, Any]]:
    """Give the texts that others changed since, and that would be replaced by something else.

    One's own are none: the answer to one's last save may have been lost on the way.
    """
    return {
        name: row.texts[name]
        for name, text in said.items()
        if name in row.texts
        and row.texts[name]["version"] > seen
        and row.texts[name]["by"] != writer
        and row.texts[name]["text"] != text
    }


def _begin(occasion: Occasion, sheet: Sheet) -> DraftRow:
    if DraftRow.objects.filter(case_uid=sheet.case, document="").count() >= _MOST_DRAFTS:
        raise BadInput("草稿", f"本案未完成的草稿已有 {_MOST_DRAFTS} 份；请先制作或者删除一些")
    who, at = occasion.actor, occasion.at
    return DraftRow(
        uid=sheet.draft,
        agency=who.agency,
        case_uid=sheet.case,
        code=sheet.code,
        act=sheet.act,
        begun_by=who.uid,
        begun_at=at,
        changed_by=who.uid,
        changed_at=at,
    )


def open_draft(actor: Actor, case_uid: str, draft: str) -> Draft:
    """Give an open draft of a case. Raises NotAllowed, NotFound, DraftMade."""
    require_writing(actor)
    case_for(actor, case_uid)
    row = DraftRow.objects.filter(uid=draft, agency=actor.agency, case_uid=case_uid).first()
    if row is None:
        raise NotFound("草稿")
    if row.document:
        raise DraftMade(row.document)
    return _draft(row, actor, _names([row]))


def drafts_of(actor: Actor, case_uid: str) -> Sequence[Draft]:
    """Give the open drafts of a case, the last changed first. Raises NotAllowed, NotFound."""
    require_writing(actor)
    case_for(actor, case_uid)
    found = DraftRow.objects.filter(case_uid=case_uid, agency=actor.agency, document="").order_by("-changed_at")
    rows = list(found[:_MOST_DRAFTS])
    names = _names(rows)
    return [_draft(row, actor, names) for row in rows]


def drop_draft(actor: Actor, case_uid: str, draft: str) -> None:
    """Throw an open draft away; only who began it may, or who approves. Raises NotAllowed, NotFound, DraftMade."""
    if not open_draft(actor, case_uid, draft).mine:
        raise NotFound("可以删除的草稿（只能删除自己起草的；他人的请由负责人删除）")
    DraftRow.objects.filter(uid=draft, agency=actor.agency, document="").delete()


def take_draft(occasion: Occasion, sheet: Sheet, *, seen: int, said: Mapping[str, str]) -> DraftRow:
    """Give the row of a draft that is about to become a document; the caller holds the agency's turn and calls `close_draft`.

    `said` is everything that the writer sees. Raises DraftMade, and DraftMoved when somebody else wrote something since.
    """
    _require_case(occasion.actor, sheet)
    row = _row(occasion.actor, sheet) or _begin(occasion, sheet)
    if row.document:
        raise DraftMade(row.document)
    moved = _moved(row, seen, said, occasion.actor.uid)
    if moved:
        raise DraftMoved(row.version, _with_names(moved, _names([row])))
    return row


def close_draft(row: DraftRow, document: str) -> None:
    """Note what a draft became; its texts stand in the document now."""
    row.document, row.texts, row.read_out = document, {}, {}
    row.save()


def _require_case(actor: Actor, sheet: Sheet) -> None:
    require_writing(actor)
    case_for(actor, sheet.case)


def _row(actor: Actor, sheet: Sheet) -> DraftRow | None:
    """Give the row; a name taken by another case or another type is no draft of ours."""
    row = DraftRow.objects.filter(uid=sheet.draft).first()
    if row is not None and (row.agency, row.case_uid, row.code) != (actor.agency, sheet.case, sheet.code):
        raise NotFound("草稿")
    return row


def _draft(row: DraftRow, actor: Actor, names: Mapping[str, str]) -> Draft:
    return Draft(
        sheet=Sheet(row.uid, row.case_uid, row.code, row.act),
        texts=_with_names(row.texts, names),
        version=row.version,
        by=names.get(row.changed_by, _SOMEBODY),
        changed_at=row.changed_at,
        mine=row.begun_by == actor.uid or has(actor, Permission.APPROVE),
        read_out=row.read_out or None,
    )


def _names(rows: Iterable[DraftRow]) -> Mapping[str, str]:
    """Give the names of all who wrote in some drafts."""
    actors = {row.changed_by for row in rows} | {one["by"] for row in rows for one in row.texts.values()}
    return names_of(actors)


def _with_names(texts: Mapping[str, Mapping[str, Any]], names: Mapping[str, str]) -> Mapping[str, Written]:
    return {name: Written(one["text"], names.get(one["by"], _SOMEBODY)) for name, one in texts.items()}
