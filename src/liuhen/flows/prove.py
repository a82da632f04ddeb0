"""Proofs for a package: where each event stands in the log, under which checkpoints, consistent one with the next."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from liuhen.core.events.envelope import Sealed
from liuhen.core.kernel.errors import LiuhenError
from liuhen.core.tlog.reader import LogReader
from liuhen.core.verifier.logs import ProofEntry, SeriesEntry
from liuhen.flows.keep_log import tiles_of
from liuhen.records.ledger import read
from liuhen.records.ledger.places import LogPlace, places_of


class NotSealedYet(LiuhenError):
    """An event is not under any checkpoint."""


@dataclass(frozen=True, slots=True)
class LogProofs:
    """What a package carries of one log."""

    origin: str
    series: tuple[SeriesEntry, ...]


def prove(sealed: Sequence[Sealed]) -> tuple[list[ProofEntry], list[LogProofs]]:
    """Prove a set of events. Raises NotSealedYet when some were recorded after the last checkpoint."""
    places = places_of(item.header.id for item in sealed)
    by_log: dict[str, list[int]] = defaultdict(list)
    for place in places.values():
        by_log[place.origin].append(place.index)
    logs = {origin: _series(origin, indexes) for origin, indexes in sorted(by_log.items())}
    readers = {origin: LogReader(tiles_of(origin), kept[-1].size) for origin, kept in logs.items()}
    entries = [_proof(item.header.id, places[item.header.id], readers) for item in sealed]
    return entries, [LogProofs(origin, _linked(kept)) for origin, kept in logs.items()]


def _proof(event: str, place: LogPlace, readers: dict[str, LogReader]) -> ProofEntry:
    hashes = readers[place.origin].prove_inclusion(place.index)
    return ProofEntry(event, place.origin, place.index, tuple(hashes))


def _series(origin: str, indexes: list[int]) -> list[read.KeptCheckpoint]:
    """Choose the checkpoints that bound the events in time: for each, the last without it and the first with it."""
    kept = list(read.checkpoints(origin))
    if not kept or kept[-1].size <= max(indexes):
        raise NotSealedYet(f"日志 {origin} 尚有记录未封存；请稍候片刻再打包，系统会自动封存")
    wanted = {len(kept) - 1}
    sizes = [item.size for item in kept]
    for index in indexes:
        first_with = next(number for number, size in enumerate(sizes) if size > index)
        wanted.add(first_with)
        if first_with:
            wanted.add(first_with - 1)
    return [kept[number] for number in sorted(wanted)]


def _linked(kept: list[read.KeptCheckpoint]) -> tuple[SeriesEntry, ...]:
    entries = []
    before = 0
    for item in kept:
        proof = LogReader(tiles_of(item.origin), item.size).prove_consistency(before) if before else []
        entries.append(SeriesEntry(item.cosigned_note.encode(), item.timestamp, tuple(proof)))
        before = item.size
    return tuple(entries)
