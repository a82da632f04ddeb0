"""Guards in the database itself: recorded rows can be added, never changed, replaced, deleted or truncated.

Invariant: the guards stand on every table of `GUARDED` on SQLite and on PostgreSQL alike; lifting them is possible only
for who may alter the schema, and what such a person changes is found by `liuhen ledger check`.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from django.db.backends.base.base import BaseDatabaseWrapper

# Table → the sets of columns that identify a row; an insert that meets one of them would replace what stands there.
GUARDED: Mapping[str, tuple[tuple[str, ...], ...]] = {
    "ledger_event": (("id",), ("stream", "seq"), ("origin", "leaf_index")),
    "ledger_content": (("event_id",),),
    "ledger_checkpoint": (("id",), ("origin", "size")),
    "ledger_attestation": (("id",),),
}
REFUSAL = "留痕账本只增不改：{table} 的记录不能修改、覆盖或删除，如需更正请追加新的记录"


def install(connection: BaseDatabaseWrapper) -> None:
    """Put the guards on all tables of the ledger."""
    _run(connection, _INSTALLERS[connection.vendor]())


def remove(connection: BaseDatabaseWrapper) -> None:
    """Take the guards away: for reversing the migration and for emptying a test database."""
    _run(connection, _REMOVERS[connection.vendor]())


@contextmanager
def lifted(connection: BaseDatabaseWrapper) -> Iterator[None]:
    """Take the guards away for the length of a block; only tests may ask for this."""
    remove(connection)
    try:
        yield
    finally:
        install(connection)


def _run(connection: BaseDatabaseWrapper, statements: list[str]) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def _sqlite_install() -> list[str]:
    statements = []
    for table, keys in GUARDED.items():
        refusal = f"SELECT RAISE(ABORT, '{REFUSAL.format(table=table)}')"
        for word in ("UPDATE", "DELETE"):
            statements.append(f"CREATE TRIGGER {table}_no_{word.lower()} BEFORE {word} ON {table} BEGIN {refusal}; END")
        # INSERT OR REPLACE deletes without firing the DELETE trigger, so the insert itself must look.
        twins = " OR ".join("(" + " AND ".join(f"{name} = NEW.{name}" for name in key) + ")" for key in keys)
        statements.append(
            f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} "
            f"WHEN EXISTS (SELECT 1 FROM {table} WHERE rowid = NEW.rowid OR {twins}) BEGIN {refusal}; END"
        )
    return statements


def _sqlite_remove() -> list[str]:
    return [
        f"DROP TRIGGER IF EXISTS {table}_no_{word}" for table in GUARDED for word in ("update", "delete", "replace")
    ]


def _postgres_install() -> list[str]:
    statements = [
        "CREATE OR REPLACE FUNCTION ledger_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ "
        f"BEGIN RAISE EXCEPTION '{REFUSAL.format(table='%')}', TG_TABLE_NAME "
        "USING ERRCODE = 'restrict_violation'; END $$"
    ]
    for table in GUARDED:
        statements.append(
            f"CREATE TRIGGER {table}_guard BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION ledger_refuse()"
        )
        statements.append(
            f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse()"
        )
    return statements


def _postgres_remove() -> list[str]:
    drops = [
        f"DROP TRIGGER IF EXISTS {table}_{word} ON {table}" for table in GUARDED for word in ("guard", "no_truncate")
    ]
    return [*drops, "DROP FUNCTION IF EXISTS ledger_refuse()"]


_INSTALLERS = {"sqlite": _sqlite_install, "postgresql": _postgres_install}
_REMOVERS = {"sqlite": _sqlite_remove, "postgresql": _postgres_remove}
