"""Where events stand in their logs."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from liuhen.records.ledger.models import Event

_CHUNK = 500


@dataclass(frozen=True, slots=True)
class LogPlace:
    """The log of an event and its leaf index."""

    origin: str
    index: int


def places_of(event_ids: Iterable[str]) -> dict[str, LogPlace]:
    """Give the place of each event, a few hundred in one query."""
    found: dict[str, LogPlace] = {}
    for chunk in _chunks(list(event_ids)):
        rows = Event.objects.filter(pk__in=chunk).values_list("id", "origin", "leaf_index")
        found.update({event: LogPlace(origin, index) for event, origin, index in rows})
    return found


def _chunks(ids: list[str]) -> Iterator[list[str]]:
    for start in range(0, len(ids), _CHUNK):
        yield ids[start : start + _CHUNK]
