"""What lies in a folder, gathered into deliveries: a film with the companions of its name and the recorder's ledger.

Invariant: only regular files are ever found; links, devices, pipes and sockets are neither read nor followed. A name that is
no text in UTF-8 is a name like any other.
"""

import errno
import os
import stat
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from liuhen.adapters.station.companions import SUFFIXES
from liuhen.adapters.station.ledger import NAME as LEDGER

_DEEPEST = 40
_STILLS = (".jpg", ".jpeg", ".png")
# Written by whoever copies or keeps the folder, never by a recorder.
_PASSING = (".part", ".partial", ".tmp", ".temp", ".crdownload", ".download", ".filepart", ".swp", "~")
_HOUSEKEEPING = {
    "thumbs.db",
    "desktop.ini",
    "system volume information",
    "$recycle.bin",
    "lost+found",
    "lost.dir",
    "found.000",
}
Trouble = Callable[[Path, OSError], None]


@dataclass(frozen=True, slots=True)
class Mark:
    """By which a file is told from what stood under its name before: size in bytes, and nanoseconds of its two clocks.

    No inode: cards and shares number their files anew whenever they are mounted.
    """

    size: int
    modified: int
    changed: int


@dataclass(frozen=True, slots=True)
class Delivery:
    """A film (or whatever has no film), the companions that bear its name, and the ledger beside it."""

    film: Path
    companions: tuple[Path, ...] = ()
    ledger: Path | None = None


def mark_of(found: os.stat_result) -> Mark:
    """Give the mark of a file."""
    return Mark(found.st_size, found.st_mtime_ns, found.st_ctime_ns)


def open_plain(path: Path) -> BinaryIO:
    """Open a regular file for reading. Raises OSError for a link or a device that has taken its place, without touching it."""
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise OSError(errno.EINVAL, "not a regular file", str(path))
    return os.fdopen(descriptor, "rb")


def find_files(
    folder: Path, *, trouble: Trouble, skip: Iterable[Path] = (), everything: bool = True
) -> Iterator[tuple[Path, Mark]]:
    """Give the regular files under a folder in the order of their names; `trouble` hears of folders that cannot be read.

    Without `everything`, what copying programs and operating systems leave is passed over.
    """
    yield from _walk(folder, trouble, frozenset(skip), everything, _DEEPEST)


def _walk(
    folder: Path, trouble: Trouble, skip: frozenset[Path], everything: bool, left: int
) -> Iterator[tuple[Path, Mark]]:
    try:
        with os.scandir(folder) as entries:
            names = sorted(entry.name for entry in entries)
    except OSError as error:
        trouble(folder, error)
        return
    for name in names:
        path = folder / name
        if not everything and is_passing(name):
            continue
        try:
            found = path.lstat()
        except OSError as error:
            trouble(path, error)
            continue
        if stat.S_ISREG(found.st_mode):
            yield path, mark_of(found)
        elif stat.S_ISDIR(found.st_mode) and path not in skip and left:
            yield from _walk(path, trouble, skip, everything, left - 1)


def is_passing(name: str) -> bool:
    """Say whether a name is that of a copy under way or of an operating system's housekeeping."""
    folded = name.casefold()
    return folded.startswith((".", "~$")) or folded.endswith(_PASSING) or folded in _HOUSEKEEPING


def is_companion(path: Path) -> bool:
    """Say whether a file can only come with another: a companion by its suffix, or a ledger."""
    return path.suffix.casefold() in SUFFIXES or is_ledger(path)


def is_ledger(path: Path) -> bool:
    """Say whether a file is the ledger of a recorder."""
    return path.name.casefold() == LEDGER


def gather(files: Iterable[Path]) -> list[Delivery]:
    """Put films and what came with them together; what has no film is a delivery of its own, in the order of names."""
    by_folder: dict[Path, list[Path]] = defaultdict(list)
    for path in files:
        by_folder[path.parent].append(path)
    return [delivery for folder in by_folder.values() for delivery in _gather_folder(folder)]


def _gather_folder(files: list[Path]) -> Iterator[Delivery]:
    films = [path for path in files if not is_companion(path)]
    ledger = next((path for path in files if is_ledger(path)), None)
    # A still of the same name is beside the film, not instead of it.
    by_name: dict[str, Path] = {}
    for film in sorted(films, key=lambda path: (path.suffix.casefold() in _STILLS, path.name)):
        by_name.setdefault(film.name.casefold(), film)
        by_name.setdefault(film.stem.casefold(), film)
    beside: dict[Path, list[Path]] = defaultdict(list)
    alone: list[Path] = []
    for path in files:
        if is_companion(path) and path is not ledger:
            film_beside = by_name.get(path.stem.casefold())
            (beside[film_beside] if film_beside else alone).append(path)
    for film in films:
        yield Delivery(film, tuple(beside[film]), ledger)
    for path in alone:
        yield Delivery(path)
    if ledger is not None and not films:
        yield Delivery(ledger)
