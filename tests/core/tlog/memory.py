"""Log files kept in memory, and a storage that fails when told to."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from liuhen.core.tlog.checkpoint import EMPTY_TREE, TreeHead
from liuhen.core.tlog.writer import LogWriter


class Crash(Exception):
    """The power went."""


@dataclass
class MemoryFiles:
    """Files by path; after `fuse` changes (writes and deletions) every further one crashes."""

    files: dict[str, bytes] = field(default_factory=dict)
    fuse: int | None = None
    changes: int = 0

    def read_file(self, path: str) -> bytes | None:
        return self.files.get(path)

    def write_file_atomic(self, path: str, data: bytes) -> None:
        self._burn()
        self.files[path] = data

    def write_files_atomic(self, files: Sequence[tuple[str, bytes]]) -> None:
        for path, data in files:
            self.write_file_atomic(path, data)

    def delete_file(self, path: str) -> None:
        self._burn()
        self.files.pop(path, None)

    def list_files(self, folder: str) -> list[str]:
        return sorted(path for path in self.files if path.startswith(folder) and "/" not in path[len(folder) :])

    def _burn(self) -> None:
        if self.fuse is not None and self.changes >= self.fuse:
            raise Crash
        self.changes += 1


def grow(files: MemoryFiles, entries: Sequence[bytes], batch: int, start: TreeHead = EMPTY_TREE) -> TreeHead:
    """Append entries[start.size:] in batches."""
    writer = LogWriter.open(files, start)
    for first in range(start.size, len(entries), batch):
        writer.append_batch(entries[first : first + batch], first=first)
    return writer.head


def numbered(count: int) -> list[bytes]:
    """Give `count` different entries."""
    return [f"entry {number}".encode() for number in range(count)]
