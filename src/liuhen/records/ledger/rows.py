"""The rows of a ledger, asked for and written in statements of our own; every value is a parameter.

Every act waits for these few statements, and building their SQL anew each time took longer than the database takes to answer.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from functools import cache
from typing import Any, NamedTuple

from django.db import connection

from liuhen.core.kernel.moments import SHANGHAI
from liuhen.records.ledger.models import Content, Event


class EventRow(NamedTuple):
    """An event's columns, named as those of the table."""

    id: str
    agency: str
    stream: str
    seq: int
    type: str
    at: datetime
    recorded_at: datetime
    actor: str
    header: str
    origin: str
    leaf_index: int


class ContentRow(NamedTuple):
    """The columns of an event's content."""

    event_id: str
    salt: bytes
    content: str


def insert(events: Sequence[EventRow], contents: Sequence[ContentRow]) -> None:
    """Insert events with their contents, in this order. Raises IntegrityError when a place is taken."""
    spell = connection.ops.adapt_datetimefield_value
    with connection.cursor() as cursor:
        spelt = [(*row[:5], spell(row.at), spell(row.recorded_at), *row[7:]) for row in events]
        cursor.executemany(_statement(Event._meta.db_table, EventRow._fields), spelt)
        cursor.executemany(_statement(Content._meta.db_table, ContentRow._fields), contents)


@cache
def _statement(table: str, columns: tuple[str, ...]) -> str:
    names = ", ".join(f'"{column}"' for column in columns)
    return f'INSERT INTO "{table}" ({names}) VALUES ({", ".join(["%s"] * len(columns))})'


class LogRow(NamedTuple):
    """A log and the place its next event takes."""

    origin: str
    year: int
    next_index: int


def lock_logs(agency: str) -> list[LogRow]:
    """Lock an agency's logs until the transaction ends and give them, the oldest year first.

    On SQLite the transaction is IMMEDIATE and the lock is the whole database's; on PostgreSQL the rows are locked.
    """
    locking = " FOR UPDATE" if connection.features.has_select_for_update else ""
    reading = f"SELECT origin, year, next_index FROM ledger_log WHERE agency = %s ORDER BY year{locking}"
    return [LogRow(*row) for row in _rows(reading, [agency])]


def recorded_at(origin: str, leaf_index: int) -> datetime | None:
    """Give when the event at a place of a log was recorded, None where there is none."""
    found = _rows("SELECT recorded_at FROM ledger_event WHERE origin = %s AND leaf_index = %s", [origin, leaf_index])
    return _moment(found[0][0]) if found else None


def _moment(kept: object) -> datetime:
    """Read an instant as the database gives it: SQLite keeps text in UTC."""
    moment = kept if isinstance(kept, datetime) else datetime.fromisoformat(str(kept))
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(SHANGHAI)


def standing(streams: Sequence[str]) -> dict[str, tuple[int, str]]:
    """Give the version and the agency of each of these streams in which anything stands."""
    found = _rows(
        f"SELECT stream, MAX(seq), MAX(agency) FROM ledger_event WHERE stream IN ({_places(streams)}) GROUP BY stream",
        streams,
    )
    return {stream: (version, agency) for stream, version, agency in found}


def any_known(ids: Sequence[str]) -> str | None:
    """Give one of these event ids that stands already."""
    found = _rows(f"SELECT id FROM ledger_event WHERE id IN ({_places(ids)}) LIMIT 1", ids)
    return found[0][0] if found else None


def kept_in(streams: Sequence[str]) -> list[tuple[str, str | None, bytes | None]]:
    """Give header, content and salt of all events of these streams, merged in the order they were recorded."""
    return _rows(
        "SELECT e.header, c.content, c.salt FROM ledger_event e LEFT JOIN ledger_content c ON c.event_id = e.id"
        f" WHERE e.stream IN ({_places(streams)}) ORDER BY e.recorded_at, e.origin, e.leaf_index",
        streams,
    )


def advance(origin: str, next_index: int) -> None:
    """Set down which place of a log is free next."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE ledger_log SET next_index = %s WHERE origin = %s", [next_index, origin])


def _rows(question: str, values: Sequence[str | int]) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(question, values)
        return list(cursor.fetchall())


def _places(values: Sequence[str]) -> str:
    """Give as many places as there are values; with none the question finds nothing."""
    return ", ".join(["%s"] * len(values)) or "NULL"
