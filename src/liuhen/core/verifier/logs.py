"""How proofs travel: the series of a log's checkpoints, and the place of each event, one line each.

Invariant: what is parsed renders to the very same bytes. See docs/formats/package.md.
"""

import base64
import binascii
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from liuhen.core.kernel import canonical
from liuhen.core.kernel.errors import BadInput
from liuhen.core.verifier.layout import PROOFS


@dataclass(frozen=True, slots=True)
class SeriesEntry:
    """A checkpoint as packed: the cosigned note, its time stamp, and the consistency proof from the one before."""

    note: bytes
    timestamp: bytes | None
    consistency: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class ProofEntry:
    """Where an event stands: its log, its leaf index, and the inclusion proof to the last checkpoint of the series."""

    event: str
    origin: str
    index: int
    hashes: tuple[bytes, ...]


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode()


def render_series(entries: Iterable[SeriesEntry]) -> bytes:
    """Write a series of checkpoints, one line each, the smallest first."""
    return b"".join(
        canonical.render(
            {
                "note": entry.note.decode(),
                "timestamp": _text(entry.timestamp) if entry.timestamp else None,
                "consistency": [_text(item) for item in entry.consistency],
            }
        )
        + b"\n"
        for entry in entries
    )


def render_proofs(entries: Iterable[ProofEntry]) -> bytes:
    """Write inclusion proofs, one line each, in the order of the events."""
    return b"".join(
        canonical.render(
            {
                "event": entry.event,
                "origin": entry.origin,
                "index": entry.index,
                "hashes": [_text(item) for item in entry.hashes],
            }
        )
        + b"\n"
        for entry in entries
    )


def _lines(data: bytes, keys: set[str], place: str) -> Iterator[tuple[dict[str, Any], str]]:
    *lines, rest = data.split(b"\n")
    if rest or not lines:
        raise BadInput(place, "应逐行书写，每行以换行结束")
    for number, line in enumerate(lines, 1):
        here = f"{place} 第 {number} 行"
        value = canonical.parse(line, here)
        if not isinstance(value, dict) or set(value) != keys:
            raise BadInput(here, f"应有 {'、'.join(sorted(keys))}")
        yield value, here


def _hashes(value: Any, place: str) -> tuple[bytes, ...]:
    if not isinstance(value, list):
        raise BadInput(place, "应为列表")
    return tuple(_bytes(item, place) for item in value)


def _bytes(value: Any, place: str) -> bytes:
    try:
        return base64.b64decode(str(value), validate=True)
    except binascii.Error:
        raise BadInput(place, "不是 base64") from None


def parse_series(data: bytes, place: str) -> list[SeriesEntry]:
    """Read a series; raises BadInput."""
    return [
        SeriesEntry(
            str(value["note"]).encode(),
            _bytes(value["timestamp"], here) if value["timestamp"] is not None else None,
            _hashes(value["consistency"], here),
        )
        for value, here in _lines(data, {"note", "timestamp", "consistency"}, place)
    ]


def parse_proofs(data: bytes) -> list[ProofEntry]:
    """Read inclusion proofs; raises BadInput."""
    entries = []
    for value, here in _lines(data, {"event", "origin", "index", "hashes"}, PROOFS):
        if not isinstance(value["index"], int) or isinstance(value["index"], bool) or value["index"] < 0:
            raise BadInput(here, "index 应为不小于 0 的整数")
        hashes = _hashes(value["hashes"], here)
        entries.append(ProofEntry(str(value["event"]), str(value["origin"]), value["index"], hashes))
    return entries
