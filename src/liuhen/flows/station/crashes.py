"""Files that a watcher died over: FFmpeg can be brought down by bytes made for it, and such a file must not do so for ever.

Invariant: a note lies beside the memory while a film is being taken in and goes when that ended, however it ended; so one that is
found tells of a process that died. Then processes of their own look at the file first: whoever passes is taken in like any
other (a power cut is nobody's fault), who brings them down as well has done it three times.
"""

import contextlib
import hashlib
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from liuhen.core.kernel.errors import LiuhenError
from liuhen.flows.child import begin_child
from liuhen.flows.station.found import Mark

MOST_CRASHES = 3
REASON = (
    f"读取这个文件时程序连续 {MOST_CRASHES} 次异常退出，已停止重试；文件可能已损坏或者经人为构造，"
    "原件已保留。请从原设备重新导出；仍然如此的，请交技术人员检查"
)
LONGEST = 900  # seconds that reading what a file says of itself may take
_FORGOTTEN = 90 * 86400.0  # seconds after which the note of a file that never came back goes


class Crashes:
    """The notes of one watched folder, in `DATA/stations`."""

    def __init__(self, data: Path, folder: Path) -> None:
        name = hashlib.sha256(os.fsencode(folder.absolute())).hexdigest()[:24]
        self._place = data / "stations" / f"{name}.begun"
        self._place.mkdir(parents=True, exist_ok=True)
        for note in self._place.iterdir():
            with contextlib.suppress(FileNotFoundError):  # another watcher clears away too
                if time.time() - note.stat().st_mtime > _FORGOTTEN:
                    note.unlink()

    @contextmanager
    def attempt(self, path: Path, mark: Mark) -> Iterator[None]:
        """Note that a film is being taken in; what is refused in an orderly way has ended as well."""
        with contextlib.suppress(OSError):  # no room for a note: the film is taken in all the same
            self._note(path, mark).touch()
        try:
            yield
        except (OSError, LiuhenError):
            self.forget(path, mark)
            raise
        self.forget(path, mark)

    def forget(self, path: Path, mark: Mark) -> None:
        """Take the note of a file away."""
        self._note(path, mark).unlink(missing_ok=True)

    def was_left(self, path: Path, mark: Mark) -> bool:
        """Say whether a process died over this very file; the caller holds the file, so it is none that still works."""
        return self._note(path, mark).exists()

    def brings_down(self, path: Path) -> bool:
        """Say whether reading a file ends every process that is given it, after the one that died."""
        return brings_down(path)

    def _note(self, path: Path, mark: Mark) -> Path:
        told = os.fsencode(path.absolute()) + f"\0{mark.size} {mark.modified} {mark.changed}".encode()
        return self._place / hashlib.sha256(told).hexdigest()


def brings_down(path: Path) -> bool:
    """Say whether reading a file ends every process that is given it, after the one that died."""
    return all(_dies(path) for _ in range(MOST_CRASHES - 1))


def _dies(path: Path) -> bool:
    return begin_child("liuhen.flows.station.trial", os.fspath(path.absolute()), seconds=LONGEST).wait() != 0
