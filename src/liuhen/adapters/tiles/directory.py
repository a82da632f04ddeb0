"""A log's files in a local directory.

Invariant: a file is whole or absent: bytes go to a temporary file, are synced, renamed into place, and the directory is
synced, before a write returns. Network file systems that do not keep these promises are not for logs.
"""

import fcntl
import os
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

from liuhen.core.kernel.errors import LiuhenError
from liuhen.core.tlog.tiles import CHECKPOINT_PATH, parse_path

_MOST_OPEN = 64


class LogInUse(LiuhenError):
    """Another process is writing this log."""


class TileDirectory:
    """The files of one log under `root`, laid out as they are served."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._known: set[Path] = set()

    def read_file(self, path: str) -> bytes | None:
        """Read a file; None when there is none. Raises Malformed for a path that no log has."""
        try:
            with open(self._place(path), "rb") as file:
                return file.read()
        except (FileNotFoundError, NotADirectoryError):
            return None

    def write_file_atomic(self, path: str, data: bytes) -> None:
        """Write a file so that it survives a power cut once this returns. Raises Malformed, OSError."""
        self.write_files_atomic([(path, data)])

    def write_files_atomic(self, files: Sequence[tuple[str, bytes]]) -> None:
        """Write files so that all survive a power cut once this returns. Raises Malformed, OSError.

        All bytes are written before the first sync, and all renames done before the first directory sync, so that a
        journalling file system settles a whole batch in about two commits.
        """
        targets = [(self._place(path), data) for path, data in files]
        folders = dict.fromkeys(target.parent for target, _ in targets)
        for folder in folders:
            self._require_folder(folder)
        for start in range(0, len(targets), _MOST_OPEN):
            _replace_all(targets[start : start + _MOST_OPEN])
        for folder in folders:
            _sync_folder(folder)

    def delete_file(self, path: str) -> None:
        """Remove a file; none is no error. An emptied folder of partial tiles goes with it."""
        target = self._place(path)
        target.unlink(missing_ok=True)
        if target.parent.name.endswith(".p"):
            try:
                target.parent.rmdir()
            except OSError:
                return  # other partials are still there
            self._known.discard(target.parent)

    def list_files(self, folder: str) -> list[str]:
        """List the tile files right inside a folder, which is given with its slash."""
        place = self._root / folder
        parse_path(f"{folder}1" if folder.endswith(".p/") else f"{folder}000")
        try:
            names = sorted(os.listdir(place))
        except (FileNotFoundError, NotADirectoryError):
            return []
        return [f"{folder}{name}" for name in names if not name.startswith(".") and (place / name).is_file()]

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Hold the log for one writer. Raises LogInUse when another process holds it."""
        self._require_folder(self._root)
        with open(self._root / ".lock", "ab") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise LogInUse(f"{self._root}: another process is writing this log; stop it first") from None
            yield

    def _place(self, path: str) -> Path:
        if path != CHECKPOINT_PATH:
            parse_path(path)
        return self._root / path

    def _require_folder(self, folder: Path) -> None:
        if folder in self._known and folder.is_dir():
            return
        missing = [folder]
        while not missing[-1].parent.is_dir():
            missing.append(missing[-1].parent)
        for place in reversed(missing):
            place.mkdir(exist_ok=True)
            _sync_folder(place.parent)
        self._known.add(folder)


def _replace_all(targets: list[tuple[Path, bytes]]) -> None:
    renames = [(target.with_name(f".{target.name}.new"), target) for target, _ in targets]
    try:
        with ExitStack() as opened:
            files = [opened.enter_context(open(temporary, "wb")) for temporary, _ in renames]
            for file, (_, data) in zip(files, targets, strict=True):
                file.write(data)
                file.flush()
            for file in files:
                os.fsync(file.fileno())
        for temporary, target in renames:
            os.replace(temporary, target)
    except BaseException:
        for temporary, _ in renames:
            temporary.unlink(missing_ok=True)
        raise


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
