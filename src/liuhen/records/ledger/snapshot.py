"""Reading while others write: one moment of the database, for who compares many rows with each other.

Without it a row read early and a row read late tell of two moments, and an honest ledger in use looks torn.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction


@contextmanager
def standing_still() -> Iterator[None]:
    """See the database as it stands now until the block ends, without keeping anybody from writing; nothing is written in it.

    Inside a transaction that is open already, that transaction decides what is seen.
    """
    if connection.in_atomic_block:
        yield
    elif connection.vendor == "sqlite":
        yield from _on_sqlite()
    else:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            yield


def _on_sqlite() -> Iterator[None]:
    """Django's own transactions take the lock for writing; this one only reads, from its first SELECT on."""
    with connection.cursor() as cursor:
        cursor.execute("BEGIN DEFERRED")
        cursor.execute("SELECT COUNT(*) FROM sqlite_schema")
        cursor.fetchall()
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("ROLLBACK")
