"""Docking stations beside the worker: for every folder that LIUHEN_WATCH names, a `liuhen watch` of its own is kept alive.

Invariant: a watcher is a process apart, so neither a long film nor a hostile one holds up or brings down the worker; one that
died is started again, and all end with the worker, however it ends.
"""

import argparse
import shlex
import subprocess
import sys
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import NoReturn

from liuhen.core.kernel.errors import BadInput
from liuhen.doors.cli.watch import add_arguments

_PAUSE = timedelta(seconds=10)
_PLACE = "LIUHEN_WATCH"


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        """Refuse a setting that cannot be used."""
        raise BadInput(
            _PLACE, f"{message}; write it like /srv/dock --agency ID --move-to /srv/dock, folders apart by “;”"
        )


@dataclass(slots=True)
class _Station:
    """One folder's watcher, and when it was last started."""

    arguments: tuple[str, ...]
    process: "subprocess.Popen[bytes] | None" = None
    started: datetime | None = None


@dataclass(slots=True)
class Stations:
    """The folders under watch."""

    _stations: list[_Station] = field(default_factory=list)

    @classmethod
    def read(cls, setting: str) -> "Stations":
        """Read the setting: the words of `liuhen watch` for each folder, folders apart by “;”. Raises BadInput."""
        return cls([_Station(words) for words in read_setting(setting)])

    def keep_watching(self, at: datetime) -> int:
        """Start what is not running; gives how many were started."""
        started = 0
        for station in self._stations:
            running = station.process is not None and station.process.poll() is None
            if running or (station.started is not None and at - station.started < _PAUSE):
                continue
            command = [sys.executable, "-m", "liuhen.doors.cli.main", "watch", *station.arguments, "--json", "--tied"]
            # Beside the worker's own lines: one stream of JSON for whoever reads the logs.
            station.process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=sys.stderr.fileno())
            station.started = at
            started += 1
        return started

    def stop(self) -> None:
        """End all watchers; killed at any moment, they do what is left when they are next started."""
        for station in self._stations:
            if station.process is not None:
                station.process.kill()
                station.process.wait()


def read_setting(setting: str) -> list[tuple[str, ...]]:
    """Give the words for each folder. Raises BadInput naming the variable."""
    parser = _Parser(prog="liuhen watch", add_help=False)
    add_arguments(parser)
    found: list[tuple[str, ...]] = []
    for text in setting.split(";"):
        try:
            words = shlex.split(text)
        except ValueError as fault:
            raise BadInput(_PLACE, f"“{text.strip()}” cannot be read ({fault}); close the quotation mark") from None
        if words:
            parser.parse_args(words)
            found.append(tuple(words))
    return found
