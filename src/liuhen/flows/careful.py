"""Reading what a file says of itself, knowing that FFmpeg can be brought down by bytes made for it.

Invariant: a note by the file's digest lies in `DATA/begun` while it is read and goes when that ended, however it ended; so one that
is found tells of a process that died, and processes of their own look first. Whoever passes is taken in like any other (a power
cut is nobody's fault); who brings them down as well has done it three times and is read no more, whichever way it comes in.
"""

import contextlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from liuhen.adapters.media.facts import MediaFacts, Unreadable
from liuhen.adapters.media.probe import probe
from liuhen.flows.office import office
from liuhen.flows.station.crashes import REASON, brings_down


def read_carefully(path: Path, sha256: str) -> MediaFacts:
    """Probe a file. Raises Unreadable, also for one that brings down whoever reads it."""
    with _noted(sha256) as died_before:
        if died_before and brings_down(path):
            raise Unreadable(REASON)
        return probe(path)


@contextmanager
def _noted(sha256: str) -> Iterator[bool]:
    """Note that a file is being read, and give whether such a note was left by somebody who died over it."""
    note = office().data / "begun" / sha256
    died_before = note.exists()
    with contextlib.suppress(OSError):  # no room for a note: the file is read all the same
        note.parent.mkdir(parents=True, exist_ok=True)
        os.close(os.open(note, os.O_CREAT | os.O_WRONLY | os.O_CLOEXEC, 0o600))
    try:
        yield died_before
    finally:
        note.unlink(missing_ok=True)
