"""Whether a file has come to rest: nobody has written to it for a while, nobody on this machine has it open for writing,
and its own structure does not say that the rest is still missing.

Invariant: a file is judged by what was seen of it, never by its clock alone: copying programs carry old times along.
"""

import fcntl
import os
import signal
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from liuhen.adapters.media.contents import detect
from liuhen.adapters.media.facts import Unreadable
from liuhen.adapters.media.wholeness import require_whole
from liuhen.core.kernel.errors import LiuhenError
from liuhen.flows.station.found import Mark, mark_of, open_plain

_HEAD = 64


class StillMoving(LiuhenError):
    """The file is being written, or another watcher has it: it is left for a later look."""


@dataclass(frozen=True, slots=True)
class _Seen:
    mark: Mark
    since: float


class Stillness:
    """What was seen of the files of a folder, look by look."""

    def __init__(self) -> None:
        self._seen: dict[Path, _Seen] = {}

    def look(self, files: Iterable[tuple[Path, Mark]], tick: float) -> None:
        """Note how the files stand at `tick` (seconds of a clock that only goes forward); what is gone is forgotten."""
        self._seen = {path: self._noted(path, mark, tick) for path, mark in files}

    def _noted(self, path: Path, mark: Mark, tick: float) -> _Seen:
        known = self._seen.get(path)
        return known if known is not None and known.mark == mark else _Seen(mark, tick)

    def still_for(self, path: Path, tick: float) -> float:
        """Give for how many seconds a file has stood unchanged before our eyes."""
        return tick - self._seen[path].since

    def mark(self, path: Path) -> Mark:
        """Give how a file was last seen."""
        return self._seen[path].mark


def is_unfinished(path: Path) -> bool:
    """Say whether a file looks like one whose rest is still to come: empty, zeros at its front, or cut off by its structure."""
    try:
        with open_plain(path) as file:
            head = file.read(_HEAD)
        if not head.strip(b"\0"):
            return True
        require_whole(path, detect(path))
    except Unreadable:
        return _has_known_type(path)
    except OSError:
        return True
    return False


def _has_known_type(path: Path) -> bool:
    """A file of no type we know will not become one by waiting."""
    try:
        detect(path)
    except Unreadable:
        return False
    return True


@contextmanager
def held(path: Path, seen: Mark) -> Iterator[BinaryIO]:
    """Hold a file that has come to rest against other watchers. Raises StillMoving, and OSError when it is gone."""
    with open_plain(path) as file:
        if mark_of(os.fstat(file.fileno())) != seen:
            raise StillMoving(f"{path.name}：文件又有变化，稍后再取")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise StillMoving(f"{path.name}：另一个采集程序正在处理") from None
        except OSError:
            pass  # a file system without locks: the ledger alone then keeps two watchers from taking it twice
        if _is_being_written(file):
            raise StillMoving(f"{path.name}：有程序正在写入，稍后再取")
        yield file


def require_unchanged(file: BinaryIO, seen: Mark) -> None:
    """Raise StillMoving when a held file has been written to since it was seen at rest."""
    if mark_of(os.fstat(file.fileno())) != seen:
        raise StillMoving(f"{file.name}：读取时文件又有变化，稍后再取")


def readable_name(file: BinaryIO, path: Path) -> Path:
    """Give a name that leads us and our children to the held file, whatever may since stand at its path; else the path."""
    own = Path(f"/proc/{os.getpid()}/fd/{file.fileno()}")
    return own if own.exists() else path


def _is_being_written(file: BinaryIO) -> bool:
    """Ask the kernel for a read lease, which it only gives on a file that nobody has open for writing (Linux, own files).

    Whoever breaks a lease in the moment it is held makes the kernel send SIGIO, which kills a program that does not ignore it.
    """
    if not hasattr(fcntl, "F_SETLEASE") or signal.getsignal(signal.SIGIO) is not signal.SIG_IGN:
        return False
    try:
        fcntl.fcntl(file, fcntl.F_SETLEASE, fcntl.F_RDLCK)
    except BlockingIOError:
        return True
    except OSError:
        return False  # another's file, or a file system without leases
    fcntl.fcntl(file, fcntl.F_SETLEASE, fcntl.F_UNLCK)
    return False
