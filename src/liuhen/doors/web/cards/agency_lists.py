"""音像记录事项清单 as pages show it: a version with its history, a draft with its rows, and what publishing would change."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from django.urls import reverse

from liuhen.core.events.parts import ListEntry
from liuhen.doors.web.drafts import ListDraft
from liuhen.flows.adapt_lists import PublishedList, may_publish
from liuhen.flows.list_rows import (
    BY_FIELD,
    COLUMNS,
    Change,
    Difference,
    ListColumn,
    RowFault,
    cells_of,
    compare,
    counts,
    entry_faults,
    list_faults,
)
from liuhen.flows.occasion import Actor

_CHANGES: dict[Change, str] = {
    "added": "新增",
    "removed": "删去",
    "changed": "修改",
    "moved": "调整顺序",
    "same": "未变",
}


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell under its column; `was` is what stood there before, where that changed."""

    title: str
    text: str
    changed: bool = False
    was: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """A row; `number` counts from 1, `change` says what became of it against the version in force."""

    number: int
    cells: tuple[Cell, ...]
    change: str = ""
    label: str = ""
    faults: tuple[str, ...] = ()
    edit_url: str = ""
    first: bool = False
    last: bool = False


@dataclass(frozen=True, slots=True)
class VersionLine:
    """A version in the history."""

    version: str
    at: datetime
    by: str
    rows: int
    url: str
    export_url: str
    in_force: bool
    shown: bool


@dataclass(frozen=True, slots=True)
class ListPage:
    """A version in full, found rows first narrowed by `words`; `history` has the newest first."""

    shown: VersionLine | None
    rows: tuple[Row, ...]
    total: int
    words: str
    url: str
    history: tuple[VersionLine, ...]
    may_publish: bool
    titles: tuple[str, ...]
    has_draft: bool
    replaced_by: str


@dataclass(frozen=True, slots=True)
class Field:
    """A field of the form for one row."""

    name: str
    label: str
    value: str
    hint: str
    most: int
    needed: bool
    errors: tuple[str, ...]
    long: bool


@dataclass(frozen=True, slots=True)
class RowForm:
    """The form for one row; `place` is its place from 0, or “new”."""

    place: str
    heading: str
    fields: tuple[Field, ...]
    errors: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """What publishing would change: rows in the new order, then those that go; unchanged ones are only counted."""

    rows: tuple[Row, ...]
    summary: str
    unchanged: int

    @property
    def is_empty(self) -> bool:
        """Whether nothing would change."""
        return not self.rows


@dataclass(frozen=True, slots=True)
class DraftPage:
    """The draft with its rows, the form that stands open, and the rows that were taken out."""

    rows: tuple[Row, ...]
    removed: tuple[Row, ...]
    form: RowForm | None
    based_on: str
    based_id: str
    revision: int
    summary: str
    changed: bool
    stale: str
    imported_from: str
    titles: tuple[str, ...]
    categories: tuple[str, ...]
    problems: tuple[str, ...]


TITLES = tuple(column.title for column in COLUMNS)
_LONG = ("content",)


def list_page(
    actor: Actor, versions: Sequence[PublishedList], shown: PublishedList | None, *, words: str, has_draft: bool
) -> ListPage:
    """Give the page of one version; the first of `versions` is in force."""
    history = tuple(_version_line(one, one is shown, one is versions[0]) for one in versions)
    entries = shown.entries if shown else ()
    found = [(place, entry) for place, entry in enumerate(entries) if _says(entry, words)]
    line = next((one for one in history if one.shown), None)
    return ListPage(
        shown=line,
        rows=tuple(_row(place, entry) for place, entry in found),
        total=len(entries),
        words=words,
        url=reverse("lists") if line is None or line.in_force else line.url,
        history=history,
        may_publish=may_publish(actor),
        titles=TITLES,
        has_draft=has_draft,
        replaced_by="" if line is None or line.in_force else versions[0].version,
    )


def _says(entry: ListEntry, words: str) -> bool:
    said = "\n".join(cells_of(entry)).lower()
    return all(word in said for word in words.lower().split())


def _version_line(one: PublishedList, shown: bool, in_force: bool) -> VersionLine:
    return VersionLine(
        version=one.version,
        at=one.at,
        by=one.by,
        rows=len(one.entries),
        url=reverse("list-version", args=[one.id]),
        export_url=reverse("list-export", args=[one.id]),
        in_force=in_force,
        shown=shown,
    )


def _row(place: int, entry: ListEntry, difference: Difference | None = None, old: Sequence[ListEntry] = ()) -> Row:
    """Give a row; with a difference, every cell says what stood there before where that changed."""
    was = old[difference.was] if difference is not None and difference.was is not None else None
    changed = difference.fields if difference is not None else ()
    before = cells_of(was) if was is not None else ("",) * len(COLUMNS)
    cells = tuple(
        Cell(column.title, text, column.field in changed, said if column.field in changed else "")
        for column, text, said in zip(COLUMNS, cells_of(entry), before, strict=True)
    )
    change = difference.change if difference is not None else "same"
    return Row(place + 1, cells, change, _CHANGES[change], tuple(fault.say() for fault in entry_faults(entry)))


def comparison(old: Sequence[ListEntry], new: Sequence[ListEntry]) -> Comparison:
    """Give what publishing `new` in the place of `old` would change."""
    differences = compare(old, new)
    rows = tuple(_compared(item, old, new) for item in differences if item.change != "same")
    return Comparison(rows, summary(differences), sum(item.change == "same" for item in differences))


def _compared(item: Difference, old: Sequence[ListEntry], new: Sequence[ListEntry]) -> Row:
    if item.place is not None:
        return _row(item.place, new[item.place], item, old)
    assert item.was is not None  # a difference has one of the two places
    return _row(item.was, old[item.was], Difference("removed", None, None))


def summary(differences: Sequence[Difference]) -> str:
    """Write how much would change."""
    found = counts(differences)
    parts = [f"{_CHANGES[kind]} {found[kind]} 行" for kind in _CHANGES if kind != "same" and found.get(kind)]
    return "，".join(parts) if parts else "与现行清单相同"


def draft_page(
    draft: ListDraft,
    base: PublishedList | None,
    newest: PublishedList | None,
    *,
    form: RowForm | None,
    categories: tuple[str, ...],
) -> DraftPage:
    """Give the page of a draft; `base` is the version it was made from, `newest` the one in force now."""
    old = base.entries if base else ()
    differences = compare(old, draft.rows)
    rows = tuple(
        _in_draft(_row(item.place, draft.rows[item.place], item, old), len(draft.rows))
        for item in differences
        if item.place is not None
    )
    moved = (newest.id if newest else "") != draft.based_on
    return DraftPage(
        rows=rows,
        removed=tuple(_compared(item, old, draft.rows) for item in differences if item.change == "removed"),
        form=form,
        based_on=base.version if base else "",
        based_id=draft.based_on,
        revision=draft.revision,
        summary=summary(differences),
        changed=any(item.change != "same" for item in differences),
        stale=f"{newest.by}公布了{newest.version}" if moved and newest else "",
        imported_from=draft.imported_from or "",
        titles=TITLES,
        categories=categories,
        problems=problems(draft.rows),
    )


def problems(rows: Sequence[ListEntry]) -> tuple[str, ...]:
    """Say what keeps a list from being published, one sentence a row."""
    own = [(place, fault.say()) for place, entry in enumerate(rows) for fault in entry_faults(entry)]
    whole = [(place, fault.say()) for place, fault in list_faults(rows)]
    said = (said if place is None else f"第 {place + 1} 行{said}" for place, said in (*own, *whole))
    return tuple(f"{one}。" for one in said)


def _in_draft(row: Row, total: int) -> Row:
    return Row(
        number=row.number,
        cells=row.cells,
        change=row.change,
        label=row.label,
        faults=row.faults,
        edit_url=f"{reverse('list-draft')}?{urlencode({'row': row.number - 1})}#row-form",
        first=row.number == 1,
        last=row.number == total,
    )


def row_form(entry: ListEntry | None, place: int | None, faults: Sequence[RowFault] = ()) -> RowForm:
    """Give the form for a row, filled with what is known or was typed."""
    values = cells_of(entry) if entry else ("",) * len(COLUMNS)
    fields = tuple(_field(column, value, faults) for column, value in zip(COLUMNS, values, strict=True))
    return RowForm(
        place="new" if place is None else str(place),
        heading="新增一行" if place is None else f"修改第 {place + 1} 行",
        fields=fields,
        errors=tuple((f"id-{fault.column.field}" if fault.column else "", f"{fault.say()}。") for fault in faults),
    )


def _field(column: ListColumn, value: str, faults: Sequence[RowFault]) -> Field:
    return Field(
        name=column.field,
        label=column.title,
        value=value,
        hint=BY_FIELD[column.field].hint,
        most=column.most,
        needed=column.needed,
        errors=tuple(f"{fault.say()}。" for fault in faults if fault.column == column),
        long=column.field in _LONG,
    )
