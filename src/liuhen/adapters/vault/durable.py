"""Files that are on the disk when they say so.

Invariant: after `finish` the bytes survive a power cut, and an error of any earlier flush has been raised (the kernel reports
a lost write only once, so the report is kept). Flushing goes on beside writing; the last wait is then short.

Large blocks go to the disk past the system's memory, where system, file system and buffer allow it: copying a film of hours
through the page cache costs as much as hashing it, and drives everything else out of memory.
"""

import errno
import fcntl
import os
import threading
from pathlib import Path
from types import TracebackType

_FLUSH_EVERY = 32 * 1024 * 1024
# Smaller writes gain nothing from it. Sectors have 512 or 4096 bytes, and direct writes come in whole ones.
_DIRECT_FROM = 1024 * 1024
_SECTOR = 4096
_O_DIRECT: int = getattr(os, "O_DIRECT", 0)
_flush_data = getattr(os, "fdatasync", os.fsync)


class DurableFile:
    """A new file, written once from start to end, flushed as it grows."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        self._may_be_direct = _O_DIRECT != 0
        self._written = 0
        self._unflushed = 0
        self._wanted = threading.Event()
        self._ending = False
        self._failure: OSError | None = None
        self._flusher: threading.Thread | None = None

    def fileno(self) -> int:
        """Give the descriptor, for locking."""
        return self._descriptor

    def write(self, block: memoryview) -> None:
        """Append a block. Raises OSError as the system does."""
        past = self._write_direct(block)
        rest = block[past:]
        while rest:
            rest = rest[os.write(self._descriptor, rest) :]
        self._written += len(block)
        self._unflushed += len(block) - past
        if self._unflushed >= _FLUSH_EVERY:
            self._unflushed = 0
            self._flush_beside()
            if self._failure is not None:
                raise self._failure

    def _write_direct(self, block: memoryview) -> int:
        """Write what can go past the system's memory and give how much that was; what is left is for the ordinary way."""
        if not self._may_be_direct or len(block) < _DIRECT_FROM or self._written % _SECTOR:
            return 0
        whole, done = len(block) // _SECTOR * _SECTOR, 0
        try:
            self._set_direct(True)
            while done < whole:
                done += os.write(self._descriptor, block[done:whole])
        except OSError as refusal:
            if refusal.errno not in (errno.EINVAL, errno.EOPNOTSUPP):
                raise
            # This file system, or the place of this buffer in memory, does not allow it.
            self._may_be_direct = False
        finally:
            self._set_direct(False)
        return done

    def _set_direct(self, direct: bool) -> None:
        flags = fcntl.fcntl(self._descriptor, fcntl.F_GETFL)
        fcntl.fcntl(self._descriptor, fcntl.F_SETFL, flags | _O_DIRECT if direct else flags & ~_O_DIRECT)

    def finish(self) -> None:
        """Make the file read-only and wait until its bytes are on the disk. Raises OSError if any flush ever failed."""
        self._stop_flusher()
        if self._failure is not None:
            raise self._failure
        os.fchmod(self._descriptor, 0o444)
        os.fsync(self._descriptor)

    def __enter__(self) -> "DurableFile":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close and remove this name; what was published keeps its own link."""
        self._stop_flusher()
        os.close(self._descriptor)
        self.path.unlink(missing_ok=True)

    def _flush_beside(self) -> None:
        if self._flusher is None:
            self._flusher = threading.Thread(target=self._flush_on_demand, daemon=True)
            self._flusher.start()
        self._wanted.set()

    def _flush_on_demand(self) -> None:
        while self._wanted.wait():
            self._wanted.clear()
            if self._ending:
                return
            try:
                _flush_data(self._descriptor)
            except OSError as error:
                self._failure = error
                return

    def _stop_flusher(self) -> None:
        if self._flusher is not None:
            self._ending = True
            self._wanted.set()
            self._flusher.join()
            self._flusher = None


def flush_folder(folder: Path) -> None:
    """Make the names in a folder survive a power cut."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
