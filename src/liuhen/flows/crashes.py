"""Files that a process died over: FFmpeg can be brought down by bytes made for it, and such a file must not do so for ever.

Invariant: a note by the file's digest lies in `DATA/begun` while what the file says of itself is read, and goes when that ended,
however it ended; so one that is found tells of a process that died (or of another one that reads the same bytes just now). Then
processes of their own look first: whoever passes is taken in like any other (a power cut is nobody's fault); who brings them down
as well has done it three times and is read no more, whichever way it comes in. That note stays until the file was set aside.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from pathlib import Path

from liuhen.adapters.media.facts import Unreadable
from liuhen.flows.child import begin_child
from liuhen.flows.office import office

MOST_CRASHES = 3
REASON = (
    f"读取这个文件时程序连续 {MOST_CRASHES} 次异常退出，已停止重试；文件可能已损坏或者经人为构造，"
    "原件已保留。请从原设备重新导出；仍然如此的，请交技术人员检查"
)
LONGEST = 900  # seconds that reading what a file says of itself may take
_FORGOTTEN = timedelta(days=90)  # after which the note of a file that never came back goes


@contextmanager
def attempt(path: Path, sha256: str) -> Iterator[None]:
    """Note that a file is being read. Raises Unreadable for one that brings down whoever reads it; `forget` it once set aside."""
    note = _note(sha256)
    if note.exists() and _brings_down(path):
        raise Unreadable(REASON)
    with suppress(OSError):  # no room for a note: the file is read all the same
        note.parent.mkdir(parents=True, exist_ok=True)
        note.touch(mode=0o600)
    try:
        yield
    finally:
        forget(sha256)


def forget(sha256: str) -> None:
    """Take the note of a file away."""
    _note(sha256).unlink(missing_ok=True)


def forget_old(at: datetime) -> int:
    """Take away the notes of files that never came back; gives how many."""
    place, until = office().data / "begun", (at - _FORGOTTEN).timestamp()
    old = [note for note in place.iterdir() if note.lstat().st_mtime < until] if place.is_dir() else []
    for note in old:
        note.unlink(missing_ok=True)
    return len(old)


def _note(sha256: str) -> Path:
    return office().data / "begun" / sha256


def _brings_down(path: Path) -> bool:
    """Say whether reading a file ends every process that is given it, after the one that died."""
    return all(_dies(path) for _ in range(MOST_CRASHES - 1))


def _dies(path: Path) -> bool:
    """Only a signal is a death: one that cannot open the file, or lacks memory, ended in an orderly way."""
    return begin_child("liuhen.flows.trial", os.fspath(path.absolute()), seconds=LONGEST).wait() < 0
