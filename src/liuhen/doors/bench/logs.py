"""The log: appending in batches of 256 with every file synced and a checkpoint signed for each, and auditing it whole.

Entries have the size and form of real leaves: an event id and two digests.
"""

import secrets
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from liuhen.adapters.signing.ed25519 import Ed25519Signer
from liuhen.adapters.tiles.directory import TileDirectory
from liuhen.core.events.envelope import leaf_of
from liuhen.core.tlog.audit import audit
from liuhen.core.tlog.checkpoint import Checkpoint, TreeHead, sign_checkpoint
from liuhen.core.tlog.keys import KeyKind, VerifierKey
from liuhen.core.tlog.note import Signer
from liuhen.core.tlog.writer import LogStorage, LogWriter
from liuhen.doors.bench.row import NotMeasured, Row, Size, median, per_cpu_second, per_second, timed

_ORIGIN = "liuhen.example/bench/2026"
_BATCH = 256


class FilesInMemory:
    """A log's files by path, in memory: what is left of appending when no disk takes part."""

    def __init__(self) -> None:
        self._files: dict[str, bytes] = {}

    def read_file(self, path: str) -> bytes | None:
        """Give a file, or None."""
        return self._files.get(path)

    def write_file_atomic(self, path: str, data: bytes) -> None:
        """Keep a file."""
        self._files[path] = data

    def write_files_atomic(self, files: Sequence[tuple[str, bytes]]) -> None:
        """Keep several files."""
        self._files.update(files)

    def delete_file(self, path: str) -> None:
        """Forget a file."""
        with suppress(KeyError):
            del self._files[path]

    def list_files(self, folder: str) -> list[str]:
        """List the files right inside a folder."""
        return [path for path in self._files if path.startswith(folder) and "/" not in path[len(folder) :]]


def measure_append(size: Size, folder: Path) -> list[Row]:
    """Give entries appended per second, on disk and in memory, turn by turn."""
    entries, signer = _leaves(size.batches * _BATCH), _signer()
    on_disk, in_memory = [], []
    for _ in range(size.rounds):
        with tempfile.TemporaryDirectory(dir=folder) as place:
            directory = TileDirectory(Path(place))
            on_disk.append(timed(lambda files=directory: _grow(files, entries, signer)))  # type: ignore[misc]
        in_memory.append(timed(lambda: _grow(FilesInMemory(), entries, signer)))
    disk, memory = per_second(len(entries), on_disk), per_second(len(entries), in_memory)
    by_cpu = per_cpu_second(len(entries), on_disk)
    return [
        Row("append", median(disk), "entries/s", goal=25_000, by_cpu=by_cpu, rounds=disk),
        Row(
            "append-durability",
            median(disk),
            "entries/s",
            against=median(memory),
            ratio=median(disk) / median(memory),
            compared_with="the same batches and signatures without a disk",
            rounds=disk,
        ),
    ]


def measure_audit(size: Size, folder: Path) -> list[Row]:
    """Give entries audited per second: every entry hashed again, every tile compared, from files to the root."""
    entries, signer = _leaves(size.entries), _signer()
    with tempfile.TemporaryDirectory(dir=folder) as place:
        files = TileDirectory(Path(place))
        head = _grow(files, entries, signer, batch=4096)

        def check() -> None:
            report = audit(files, head)
            if not report.is_clean or report.entries != len(entries):
                raise NotMeasured("the audit of an untouched log is not clean")

        times = [timed(check) for _ in range(size.rounds)]
    rounds = per_second(len(entries), times)
    by_cpu = per_cpu_second(len(entries), times)
    return [Row("audit", median(rounds), "entries/s", goal=150_000, by_cpu=by_cpu, rounds=rounds)]


def _grow(files: LogStorage, entries: Sequence[bytes], signer: Signer, batch: int = _BATCH) -> TreeHead:
    """Append everything, with a signed and published checkpoint for every batch."""
    writer = LogWriter.open(files)
    for first in range(0, len(entries), batch):
        head = writer.append_batch(entries[first : first + batch], first=first)
        writer.publish(sign_checkpoint(Checkpoint(_ORIGIN, head.size, head.root), [signer]).render())
    return writer.head


def _leaves(count: int) -> list[bytes]:
    return [leaf_of(secrets.token_bytes(32), secrets.token_hex(16)) for _ in range(count)]


def _signer() -> Signer:
    sign = Ed25519Signer(secrets.token_bytes(32))
    return Signer(VerifierKey(_ORIGIN, KeyKind.ED25519, sign.public), sign)
