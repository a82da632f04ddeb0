"""更正: what was changed in a record after it was read to the party, so that what is struck out stays to be read.

Invariant: the earlier text and the later one can both be taken out of the runs, character by character.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

Kind = Literal["kept", "struck", "added"]

# A stretch that stayed and is shorter than this, between two changes, is part of one change: people strike out words.
_SHORTEST_KEPT = 2
# Comparing takes as long as the lengths multiplied: beyond this, all between the first and the last change is one change.
_MOST_COMPARED = 4_000_000


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of text that stayed, was struck out, or was added."""

    kind: Kind
    text: str


@dataclass(frozen=True, slots=True)
class Change:
    """One place where a text was changed: what was struck out, and what stands instead; either may be empty."""

    was: str
    now: str


Text = str | tuple[Run, ...]


def corrected(before: str, after: str) -> Text:
    """Give a text with its changes in runs; a plain text where nothing was changed."""
    if before == after:
        return after
    return tuple(_runs(before, after))


def changes(text: Text) -> tuple[Change, ...]:
    """Give the places where a text was changed, in their order."""
    return () if isinstance(text, str) else tuple(change for change, _ in grouped(text) if change is not None)


def grouped(runs: Sequence[Run]) -> Iterator[tuple[Change | None, tuple[Run, ...]]]:
    """Give runs in groups: one that was kept, or all of one change with the change."""
    group: list[Run] = []
    for run in runs:
        if run.kind == "kept":
            if group:
                yield _change(group), tuple(group)
                group = []
            yield None, (run,)
        else:
            group.append(run)
    if group:
        yield _change(group), tuple(group)


def _change(group: Sequence[Run]) -> Change:
    return Change(*("".join(run.text for run in group if run.kind == kind) for kind in ("struck", "added")))


def _runs(before: str, after: str) -> Iterator[Run]:
    """Give the runs; what stands before the first change and after the last is not looked at twice."""
    start = _shared(before, after)
    stop = _shared(before[start:][::-1], after[start:][::-1])
    yield from _kept(before[:start])
    yield from _between(before[start : len(before) - stop], after[start : len(after) - stop])
    yield from _kept(before[len(before) - stop :] if stop else "")


def _shared(before: str, after: str) -> int:
    pairs = zip(before, after, strict=False)
    return next((n for n, (one, other) in enumerate(pairs) if one != other), min(len(before), len(after)))


def _kept(text: str) -> Iterator[Run]:
    if text:
        yield Run("kept", text)


def _between(before: str, after: str) -> Iterator[Run]:
    if len(before) * len(after) > _MOST_COMPARED:
        yield from _changed(before, after)
        return
    was = now = ""
    steps = SequenceMatcher(None, before, after, autojunk=False).get_opcodes()
    for number, (tag, start, stop, there, to) in enumerate(steps):
        inner = 0 < number < len(steps) - 1
        if tag == "equal" and not (inner and stop - start < _SHORTEST_KEPT):
            yield from _changed(was, now)
            was = now = ""
            yield Run("kept", before[start:stop])
        else:
            was, now = was + before[start:stop], now + after[there:to]
    yield from _changed(was, now)


def _changed(was: str, now: str) -> Iterator[Run]:
    if was:
        yield Run("struck", was)
    if now:
        yield Run("added", now)
