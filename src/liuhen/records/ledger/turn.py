"""A turn to write: on SQLite, where one writes at a time, writers stand in line for it.

SQLite itself lets writers ask again after ever longer pauses, up to a tenth of a second, so that a busy database stands idle
most of the time. The line is only a courtesy: SQLite's own lock decides, and whoever never got a turn meets it.
"""

import fcntl
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from django.db import connection, transaction

_PATIENCE = 20.0
_PAUSE = 0.001


@contextmanager
def turn() -> Iterator[None]:
    """Hold a transaction that writes; inside one that is open already, a part of it."""
    if connection.vendor != "sqlite" or connection.in_atomic_block:
        with transaction.atomic():
            yield
        return
    with Path(f"{connection.settings_dict['NAME']}.turn").open("ab") as line:
        _stand_in(line)
        with transaction.atomic():
            yield


def _stand_in(line: IO[bytes]) -> None:
    until = time.monotonic() + _PATIENCE
    while time.monotonic() < until:
        try:
            fcntl.flock(line, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return
        except BlockingIOError:
            time.sleep(_PAUSE)
