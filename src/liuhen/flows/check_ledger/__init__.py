"""Checking the whole ledger: replay every event and every checkpoint, and name whatever was changed behind the program's back.

Invariant: a clean report means that rows, contents, leaves, tiles and checkpoints tell one story. Changes to events that
were not sealed yet, made with everything about them recomputed, are beyond any check: seal often.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from liuhen.core.tlog.keys import PURE, Primitives, VerifierKey
from liuhen.core.tlog.reader import LogFiles, LogReader
from liuhen.core.tlog.tiles import CHECKPOINT_PATH
from liuhen.flows.check_ledger.findings import SENTENCES, Finding, found
from liuhen.flows.check_ledger.rows import Leaves, check_rows
from liuhen.flows.check_ledger.tree import check_published, check_tree
from liuhen.records.ledger import read, torn
from liuhen.records.ledger.snapshot import standing_still

__all__ = ["SENTENCES", "Finding", "FurtherCheck", "LogParts", "check", "found"]

FurtherCheck = Callable[[], Iterable[Finding]]


@dataclass(frozen=True, slots=True)
class LogParts:
    """What is needed to check one log: its files, the keys of the log (old ones too), the witnesses' keys."""

    files: LogFiles
    log_keys: Sequence[VerifierKey] = ()
    witness_keys: Sequence[VerifierKey] = ()


def check(
    parts_of: Callable[[str], LogParts], *, further: Iterable[FurtherCheck] = (), primitives: Primitives = PURE
) -> list[Finding]:
    """Check all logs; `parts_of` gives a log's files and keys by its origin. Empty means no difference.

    People may go on working meanwhile: all is compared as it stands at one moment.
    `further`: other rooms' checks that run afterwards, such as index rows against replayed facts (LEDGER-030).
    """
    # Published after it is kept: what is published now stands in every later moment of the database.
    published = {log.origin: parts_of(log.origin).files.read_file(CHECKPOINT_PATH) for log in read.logs()}
    with standing_still():
        return list(_findings(parts_of, published, further, primitives))


def _findings(
    parts_of: Callable[[str], LogParts],
    published: Mapping[str, bytes | None],
    further: Iterable[FurtherCheck],
    primitives: Primitives,
) -> Iterator[Finding]:
    for log in read.logs():
        parts = parts_of(log.origin)
        last = read.last_checkpoint(log.origin)
        yield from check_published(log.origin, published.get(log.origin), last)
        yield from check_tree(log, parts.files, parts.log_keys, parts.witness_keys, primitives)
        yield from check_rows(log, Leaves(LogReader(parts.files, 0 if last is None else last.size)))
    yield from _check_across_logs()
    for one in further:
        yield from one()


def _check_across_logs() -> Iterator[Finding]:
    for origin, event in torn.events_outside_logs():
        yield found("LEDGER-011", f"event:{event}", origin)
    for stream, seq in torn.gaps_in_streams():
        yield found("LEDGER-008", f"stream:{stream}", seq)
    for event in torn.events_out_of_order():
        yield found("LEDGER-013", f"event:{event}")
    for event in torn.contents_without_event():
        yield found("LEDGER-012", f"event:{event}")
