"""`liuhen watch FOLDER`: take in what docking stations and memory cards put into a folder, as soon as it has come to rest.

Runs until it is stopped; with `--once` it takes what is at rest and ends, 1 if anything was set aside. Any kill is harmless.
"""

import argparse
import os
import signal
import sys
import time
from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from liuhen.core.kernel.errors import BadInput
from liuhen.core.kernel.moments import SHANGHAI
from liuhen.doors.cli.ingest import os_occasion, say, shown
from liuhen.doors.cli.patterns import patterns_of
from liuhen.doors.cli.printing import print_line
from liuhen.doors.cli.site import start

if TYPE_CHECKING:
    from liuhen.flows.ingest import Ingested
    from liuhen.flows.watch_folder import Watcher

_PAUSE = 2.0
_LONGEST = 86_400.0


def register(words: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add `watch`."""
    parser = words.add_parser("watch", help="watch a folder of a docking station or a card, and take recordings in")
    add_arguments(parser)
    parser.add_argument("--data", help="data folder (LIUHEN_DATA, else ./data)")
    parser.add_argument("--once", action="store_true", help="take what is at rest and end")
    parser.add_argument("--json", action="store_true", help="one JSON object a line, one line a file")
    parser.add_argument("--tied", action="store_true", help="end when whoever started this has ended")
    parser.set_defaults(run=run)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what says which folder is watched and how; the worker's setting uses the same words."""
    parser.add_argument("folder", metavar="FOLDER")
    parser.add_argument("--agency", help="agency id; needed when there are several")
    parser.add_argument(
        "--patterns", metavar="FILE", help="how file names are read (default: the common makers' forms)"
    )
    parser.add_argument(
        "--move-to", metavar="DONE", help="move into DONE/已入库 and DONE/已隔离 (default: leave in place)"
    )
    parser.add_argument("--still", type=_seconds, default=10.0, help="seconds a file must rest (default: 10)")
    parser.add_argument(
        "--patience",
        type=_seconds,
        default=600.0,
        help="seconds for what looks cut off or lacks its film (default: 600)",
    )


def run(given: argparse.Namespace) -> int:
    """Watch until told to stop; each file is acknowledged on its own line as soon as it stands."""
    parent = os.getppid() if given.tied else None
    tell = _say_json if given.json else say
    watcher = _watcher(given)
    # Without this the kernel's note that somebody writes to a file we look at would end the program.
    signal.signal(signal.SIGIO, signal.SIG_IGN)
    if given.once:
        return _once(watcher, given.still, tell)
    troubles: set[str] = set()
    while parent is None or os.getppid() == parent:
        for row in watcher.look(time.monotonic()):
            tell(row)
        troubles = _tell_new(watcher, troubles)
        time.sleep(min(_PAUSE, max(given.still / 2, 0.05)))
    return 0


def _watcher(given: argparse.Namespace) -> "Watcher":
    patterns = patterns_of(given.patterns)
    folder = Path(given.folder).absolute()
    done = Path(given.move_to).absolute() if given.move_to else None
    if folder.exists() and not folder.is_dir():
        raise BadInput("FOLDER", f"{folder} is no folder; name the folder into which the docking station writes")
    start(given.data)
    from liuhen.flows.station.crew import streams_here
    from liuhen.flows.station.moving import require_place
    from liuhen.flows.watch_folder import Watch, Watcher

    if done is not None:
        require_place(done, folder)
    times = {"settle": timedelta(seconds=given.still), "patience": timedelta(seconds=given.patience)}
    watch = Watch(folder, patterns, done, **times, streams=streams_here())
    return Watcher(watch, os_occasion(given.agency).actor, lambda: datetime.now(SHANGHAI))


def _once(watcher: "Watcher", still: float, tell: "Callable[[Ingested], None]") -> int:
    """Look, wait as long as a file must rest, and look again: what still moves then is left, and said so."""
    rows = []
    for row in watcher.look(time.monotonic()):
        rows.append(row)
        tell(row)
    time.sleep(still)
    for row in watcher.look(time.monotonic()):
        rows.append(row)
        tell(row)
    _tell_new(watcher, set())
    if watcher.last.waiting:
        print(f"liuhen: {watcher.last.waiting} 个文件还在变化或者不完整，这次没有取", file=sys.stderr)
    return 1 if any(row.status == "quarantined" for row in rows) else 0


def _say_json(row: "Ingested") -> None:
    print_line(asdict(shown(row)))


def _tell_new(watcher: "Watcher", before: set[str]) -> set[str]:
    now = set(watcher.last.troubles)
    for trouble in sorted(now - before):
        print(f"liuhen: {trouble}", file=sys.stderr, flush=True)
    return now


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = -1.0
    if not 0 <= seconds <= _LONGEST:
        raise argparse.ArgumentTypeError(f"“{text}” is no number of seconds from 0 to {_LONGEST:.0f}")
    return seconds
