"""A witness's memory: which logs it knows, and the largest tree it cosigned for each.

Invariant: a tree head is compared and stored in one IMMEDIATE transaction, on disk (synchronous FULL) before it returns.
A log is never removed: whoever forgets a log would one day cosign another history of it; it can only be blocked.
"""

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from liuhen.core.kernel.errors import LiuhenError
from liuhen.core.tlog.checkpoint import TreeHead
from liuhen.core.tlog.keys import VerifierKey, parse_verifier_key

_SCHEMA = """
CREATE TABLE IF NOT EXISTS log (
  origin TEXT PRIMARY KEY, origin_sha256 TEXT NOT NULL UNIQUE, blocked INTEGER NOT NULL DEFAULT 0,
  size INTEGER, root BLOB, note BLOB);
CREATE TABLE IF NOT EXISTS log_key (origin TEXT NOT NULL, vkey TEXT NOT NULL, PRIMARY KEY (origin, vkey));
CREATE TRIGGER IF NOT EXISTS log_stays BEFORE DELETE ON log
  BEGIN SELECT RAISE(ABORT, 'a witness never forgets a log; block it'); END;
CREATE TRIGGER IF NOT EXISTS log_grows BEFORE UPDATE OF size ON log WHEN NEW.size IS NULL OR NEW.size < OLD.size
  BEGIN SELECT RAISE(ABORT, 'a witness never goes back'); END;
"""


class NotALogKey(LiuhenError):
    """A key that signs no checkpoints was offered as a log's key."""

    def __init__(self, name: str) -> None:
        super().__init__(f"the key of {name} is a witness's; give the log's own verifier key (kind Ed25519 or SM2)")


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a judgement inside the transaction decided: the tree head to store with its note, or nothing."""

    head: TreeHead | None
    note: bytes


class WitnessState:
    """The memory kept in one SQLite file; safe for many threads and processes."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._path = path
        with closing(self._connect()) as connection:
            connection.executescript(_SCHEMA)

    def trust(self, key: VerifierKey, origin_sha256: str) -> None:
        """Know a log by a key named like its origin; a second key of the same origin is added. Raises NotALogKey."""
        if not key.kind.signs_notes:
            raise NotALogKey(key.name)
        with self._transaction() as connection:
            connection.execute(
                "INSERT INTO log (origin, origin_sha256) VALUES (?, ?) ON CONFLICT DO NOTHING",
                (key.name, origin_sha256),
            )
            connection.execute("INSERT OR IGNORE INTO log_key VALUES (?, ?)", (key.name, key.render()))

    def block(self, origin: str) -> None:
        """Stop cosigning a log, without forgetting it."""
        with self._transaction() as connection:
            connection.execute("UPDATE log SET blocked = 1 WHERE origin = ?", (origin,))

    def keys_of(self, origin: str) -> Sequence[VerifierKey]:
        """Give the keys trusted for a log; none when it is unknown or blocked."""
        query = (
            "SELECT vkey FROM log_key JOIN log USING (origin) WHERE origin = ? AND NOT blocked ORDER BY log_key.rowid"
        )
        with closing(self._connect()) as connection:
            return [parse_verifier_key(vkey) for (vkey,) in connection.execute(query, (origin,))]

    def logs(self) -> list[tuple[str, int]]:
        """Give every log with the size last cosigned, 0 for none."""
        with closing(self._connect()) as connection:
            return list(connection.execute("SELECT origin, coalesce(size, 0) FROM log ORDER BY origin"))

    def latest(self, origin_sha256: str) -> bytes | None:
        """Give the latest checkpoint cosigned for the log whose origin has this SHA-256, or None."""
        with closing(self._connect()) as connection:
            row = connection.execute("SELECT note FROM log WHERE origin_sha256 = ?", (origin_sha256,)).fetchone()
        return None if row is None or row[0] is None else bytes(row[0])

    def advance(self, origin: str, judge: Callable[[TreeHead | None], Verdict]) -> None:
        """Let `judge` see the head last cosigned and store what it decides, in one step nobody can come between."""
        with self._transaction() as connection:
            row = connection.execute("SELECT size, root FROM log WHERE origin = ?", (origin,)).fetchone()
            stored = None if row is None or row[0] is None else TreeHead(row[0], bytes(row[1]))
            verdict = judge(stored)
            if verdict.head is not None:
                connection.execute(
                    "UPDATE log SET size = ?, root = ?, note = ? WHERE origin = ?",
                    (verdict.head.size, verdict.head.root, verdict.note, origin),
                )

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        with closing(self._connect()) as connection:
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
            except BaseException:
                connection.execute("ROLLBACK")
                raise
            connection.execute("COMMIT")

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self._path, timeout=20, isolation_level=None)
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")
        return connection
