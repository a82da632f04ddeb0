"""Recordings: many files at once, very many small ones, a very large one, seeking in a served film, an hour understood.

Everything that is measured for memory runs in a process of its own, so that its peak is that of the work and nothing else.
"""

import http.client
import json
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random
from typing import Any

from liuhen.doors.bench import ingest
from liuhen.doors.bench.films import long_film, numbered, small_film, sparse
from liuhen.doors.bench.row import NotMeasured, Row, Size, median
from liuhen.doors.bench.serving import PATIENCE, served, surroundings

_GIB = 1 << 30
_ASKED = 256 << 10  # what a browser asks for first after a jump
_ROOM = 1.1
# So much more than one stream takes in: of few files the end of a round, where streams wait for the last one, is too large a part.
_MANY = 3


@dataclass(frozen=True, slots=True)
class _Amount:
    """How much there is of everything: `large` in bytes, `film` in seconds."""

    files: int
    large: int
    film: int
    seeks: int


_FULL = _Amount(files=10_000, large=50 * _GIB, film=3600, seeks=300)
_SMALL = _Amount(files=20, large=64 << 20, film=8, seeks=5)


def measure(size: Size, folder: Path) -> list[Row]:
    """Give the rows of the goals for recordings. Raises NotMeasured, also where the disk has no room for the large file."""
    amount = _FULL if size.mebibytes >= 1024 else _SMALL
    _require_room(folder, amount)
    stream = next(row for row in ingest.measure(size, folder) if row.name == "ingest")
    with _place(folder) as place:
        film = small_film(place / "film.mp4")
        rows = [replace(stream, name="recordings-stream"), _many(place, size)]
        rows += _small_files(place, film, amount)
        rows += _large_file(place, film, amount)
        long_film(place / "long.mp4", amount.film)
        rows += [_understood(place / "long.mp4", size.rounds), *_seeking(place, amount)]
    return rows


def _require_room(folder: Path, amount: _Amount) -> None:
    free, needed = shutil.disk_usage(folder).free, int(amount.large * _ROOM)
    if free < needed:
        raise NotMeasured(
            f"--dir: a file of {amount.large / _GIB:.0f} GiB is kept in the vault for a while, which needs "
            f"{needed / _GIB:.0f} GiB of disk, and there are {free / _GIB:.0f}; name a folder on a larger disk"
        )


@contextmanager
def _place(folder: Path) -> Iterator[Path]:
    with tempfile.TemporaryDirectory(dir=folder) as place:
        yield Path(place)


def _work(task: str, *arguments: object) -> dict[str, Any]:
    """Run a task in a process of its own and read what it measured."""
    command = [sys.executable, "-m", "liuhen.doors.bench.recordings_work", task, *map(str, arguments)]
    done = subprocess.run(command, env=surroundings(), capture_output=True, text=True)
    if done.returncode:
        said = done.stderr.strip().splitlines() or ["it said nothing"]
        raise NotMeasured(f"--dir: “{task}” could not be measured: {said[-1]}")
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def _many(place: Path, size: Size) -> Row:
    with _place(place) as own:
        found = _work("many", own, _MANY * size.mebibytes, size.rounds)
    ratio = median([one / other for one, other in zip(found["ingest"], found["digest"], strict=True)])
    return Row(
        "recordings-many",
        median(found["ingest"]),
        "MiB/s",
        against=median(found["digest"]),
        ratio=ratio,
        goal=0.85,
        compared_with=f"both digests alone over the same files on {found['cores']} cores",
        by_cpu=median(found["by_cpu"]),
        rounds=tuple(found["ingest"]),
    )


def _small_files(place: Path, film: bytes, amount: _Amount) -> list[Row]:
    with _place(place) as own:
        card = own / "card"
        card.mkdir()
        for number in range(amount.files):
            (card / f"DSJ0117_012345_20260302_091205_{number:05d}.mp4").write_bytes(numbered(film, number))
        found = _work("ingest", own / "data", card)
    _require_stored(found, amount.files)
    return [
        Row("recordings-files", amount.files / found["seconds"], "files/s"),
        Row("recordings-files-memory", found["peak"], "MB", goal=300, better="lower"),
    ]


def _large_file(place: Path, film: bytes, amount: _Amount) -> list[Row]:
    with _place(place) as own:
        sparse(own / "large.mp4", film, amount.large)
        found = _work("ingest", own / "data", own / "large.mp4")
    _require_stored(found, 1)
    return [
        Row("recordings-large", amount.large / (1 << 20) / found["seconds"], "MiB/s"),
        Row("recordings-large-memory", found["peak"], "MB", goal=300, better="lower"),
    ]


def _require_stored(found: dict[str, Any], files: int) -> None:
    if found["stored"] != files:
        raise NotMeasured(f"of {files} files only {found['stored']} became recordings")


def _understood(film: Path, rounds: int) -> Row:
    """Probe and poster of a film that lies on the disk and not in memory."""
    took = [1000 * seconds for seconds in _work("understand", film, rounds)["seconds"]]
    return Row("recordings-understood", median(took), "ms", goal=5000, better="lower", rounds=tuple(took))


def _seeking(place: Path, amount: _Amount) -> list[Row]:
    """Jump about in a served film as a player does: a range from somewhere, on a connection that stays open."""
    with _place(place) as own:
        office = _work("office", own, place / "long.mp4")
        with served(own) as (port, _):
            times = _jump(port, office, amount.seeks)
    worst = statistics.quantiles(times, n=20)[-1]
    return [
        Row("recordings-seek", median(times), "ms", goal=50, better="lower"),
        Row("recordings-seek-p95", worst, "ms", goal=50, better="lower"),
    ]


def _jump(port: int, office: dict[str, Any], seeks: int) -> list[float]:
    """Give the milliseconds from each question to the last byte of its answer."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    chance, times = Random(4), []
    # The first plays leave their trace in the ledger and let every worker load what it loads once.
    for number in range(-8, seeks):
        start = chance.randrange(max(1, office["size"] - _ASKED))
        headers = {"Cookie": office["cookie"], "Range": f"bytes={start}-{start + _ASKED - 1}"}
        began = time.perf_counter()
        connection.request("GET", office["path"], headers=headers)
        answer = connection.getresponse()
        got = len(answer.read())
        took = (time.perf_counter() - began) * 1000
        if answer.status != 206 or got != min(_ASKED, office["size"] - start):
            raise NotMeasured(f"the server answered {answer.status} with {got} bytes")
        if number >= 0:
            times.append(took)
        cookie = answer.getheader("Set-Cookie")
        office["cookie"] = cookie.partition(";")[0] if cookie else office["cookie"]
    connection.close()
    return times
