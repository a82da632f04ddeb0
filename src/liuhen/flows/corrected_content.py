"""更正: what a document says, held against what was read out to the party, as the layouts draw it and as the event keeps it.

Invariant: changes are numbered in the order in which the document shows them, so that the mark set beside change n is the mark of
change n of the event.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest
from typing import Any, Protocol

from liuhen.core.documents.correcting import Text, changes, corrected, grouped
from liuhen.core.events.parts import TextChange


class Words(Protocol):
    """What of a document can be changed after it was read out."""

    @property
    def fields(self) -> Mapping[str, str]: ...
    @property
    def body(self) -> Sequence[str]: ...
    @property
    def questions(self) -> Sequence[tuple[str, str]]: ...
    @property
    def items(self) -> Sequence[Sequence[str]]: ...


@dataclass(slots=True)
class _Numbering:
    """Counts changes as they are come upon."""

    found: list[TextChange] = field(default_factory=list)

    def word(self, where: str, before: str, after: str) -> Any:
        """Give a text as the layouts take it, and note what was changed in it."""
        text = corrected(before, after)
        drawn = list(_runs(text, len(self.found)))
        self.found += [TextChange(where, change.was, change.now) for change in changes(text)]
        return after if isinstance(text, str) else {"runs": drawn}


def _runs(text: Text, so_far: int) -> Iterator[list[Any]]:
    if isinstance(text, str):
        return
    for change, group in grouped(text):
        so_far += change is not None
        for place, run in enumerate(group, 1):
            yield [run.kind, run.text, so_far if change is not None and place == len(group) else None]


@dataclass(frozen=True, slots=True)
class Worded:
    """Fields, paragraphs, questions and rows as the layouts take them, and the changes in their order."""

    parts: Mapping[str, list[Any]]
    changed: tuple[TextChange, ...]


def worded(content: Words, earlier: Words | None) -> Worded:
    """Give the words of a document, with what was changed since it was read out; nothing was where it was not read out."""
    before, numbering = earlier or content, _Numbering()
    labels = [*content.fields, *(label for label in before.fields if label not in content.fields)]
    fields = [
        [label, numbering.word(label, before.fields.get(label, ""), content.fields.get(label, ""))] for label in labels
    ]
    body = [
        numbering.word(f"正文第 {n} 段", was, now)
        for n, (was, now) in enumerate(zip_longest(before.body, content.body, fillvalue=""), 1)
    ]
    pairs = zip_longest(before.questions, content.questions, fillvalue=("", ""))
    questions = [
        [numbering.word(f"第 {n} 问", was[0], now[0]), numbering.word(f"第 {n} 答", was[1], now[1])]
        for n, (was, now) in enumerate(pairs, 1)
    ]
    items = list(_items(before.items, content.items, numbering))
    return Worded({"fields": fields, "body": body, "questions": questions, "items": items}, tuple(numbering.found))


def _items(
    before: Sequence[Sequence[str]], after: Sequence[Sequence[str]], numbering: _Numbering
) -> Iterator[list[Any]]:
    for row, (was, now) in enumerate(zip_longest(before, after, fillvalue=()), 1):
        yield [
            numbering.word(f"清单第 {row} 行第 {column} 列", one, other)
            for column, (one, other) in enumerate(zip_longest(was, now, fillvalue=""), 1)
        ]
