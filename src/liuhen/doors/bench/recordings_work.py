"""`python -m liuhen.doors.bench.recordings_work TASK ...`: one task of the measuring, in a process of its own.

Prints one JSON object: what was measured, and the peak memory of this process in MB.
"""

import contextlib
import hashlib
import io
import json
import os
import resource
import sys
import time
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from liuhen.core.kernel.digests import new_sm3
from liuhen.core.kernel.moments import SHANGHAI
from liuhen.doors.bench.films import padded, small_film
from liuhen.doors.bench.row import timed
from liuhen.doors.cli.main import main as liuhen
from liuhen.doors.cli.site import start

_BLOCK = 4 << 20
_EACH = 64  # MiB of a file among many: a few minutes of film


def many(place: Path, mebibytes: int, rounds: int) -> dict[str, Any]:
    """Measure, turn by turn, both digests alone over fresh files on all cores, and taking the same files in; MiB/s."""
    start(str(place / "data"))
    from liuhen.adapters.station.pattern_file import read_patterns
    from liuhen.flows.ingest import Ingested
    from liuhen.flows.occasion import Actor, Occasion
    from liuhen.flows.station.crew import streams_here, together
    from liuhen.flows.station.found import Delivery, gather
    from liuhen.flows.station.reading import Reader
    from liuhen.flows.station.roll import roll_of
    from liuhen.flows.station.taking import take_in

    actor = Actor("bench", "测速", "bench", frozenset({"执法人员"}))
    reader = Reader(read_patterns(), roll_of("bench"), "bench", "命令行", place)

    def take(delivery: Delivery) -> tuple[Ingested, ...]:
        now = datetime.now(SHANGHAI)
        return take_in(delivery, reader.read(delivery), Occasion(actor, now, now))

    # What only the first file costs (loading, the database, the keys) is no part of the rate.
    first = place / "first"
    first.mkdir()
    small_film(first / "first.mp4")
    for delivery in gather([first / "first.mp4"]):
        take(delivery)
    film, cores = small_film(place / "film.mp4"), len(os.sched_getaffinity(0))
    each = min(_EACH, max(1, mebibytes // 4))
    count = max(2, mebibytes // each)
    found: dict[str, Any] = {"digest": [], "ingest": [], "by_cpu": [], "cores": cores}
    for turn in range(rounds):
        paths = [place / f"{turn}-{number}.mp4" for number in range(count)]
        for path in paths:
            padded(path, film, each << 20)
        os.sync()  # a card is not being written while it is read
        digest = timed(lambda paths=paths: list(together(paths, _digest, streams=cores)))  # type: ignore[misc]
        rows: list[Ingested] = []

        def take_all(paths: Sequence[Path] = paths, rows: list[Ingested] = rows) -> None:
            rows += [row for _, taken in together(gather(paths), take, streams=streams_here()) for row in taken]

        took = timed(take_all)
        if [row.status for row in rows] != ["stored"] * count:
            raise SystemExit("not every file became a recording")
        found["digest"].append(count * each / digest.wall)
        found["ingest"].append(count * each / took.wall)
        found["by_cpu"].append(count * each / took.cpu)
        for path in paths:
            path.unlink()
    return found


def _digest(path: Path) -> None:
    """Hash a file by SHA-256 and SM3 and do nothing else with it."""
    hashers, block = (hashlib.sha256(), new_sm3()), bytearray(_BLOCK)
    with path.open("rb", buffering=0) as file:
        while got := file.readinto(block):
            for hasher in hashers:
                hasher.update(memoryview(block)[:got])  # type: ignore[arg-type]


def ingest(data: Path, source: Path) -> dict[str, Any]:
    """Run `liuhen ingest` on a file or folder, as people do, and count the lines that say it is stored."""
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        took = timed(lambda: liuhen(["ingest", str(source), "--data", str(data)]))
    stored = sum(line.startswith("已入库") for line in said.getvalue().splitlines())
    return {"seconds": took.wall, "stored": stored}


def understand(film: Path, rounds: int) -> dict[str, Any]:
    """Measure probe and poster together, each time with the film out of the system's memory."""
    from liuhen.adapters.media.poster import poster
    from liuhen.adapters.media.probe import probe

    target, seconds = film.with_suffix(".jpg"), []
    for _ in range(rounds):
        _forget(film)
        began = time.perf_counter()
        probe(film)
        poster(film, target)
        seconds.append(time.perf_counter() - began)
    target.unlink()
    return {"seconds": seconds}


def _forget(path: Path) -> None:
    """Ask the system to keep nothing of a file in memory, where it can be asked."""
    with path.open("rb") as file:
        os.fsync(file.fileno())
        if hasattr(os, "posix_fadvise"):
            os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


def office(data: Path, film: Path) -> dict[str, Any]:
    """Prepare a data folder with the film in it and an officer who is signed in; gives where and as whom to ask for it."""
    start(str(data))
    from importlib import import_module

    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.urls import reverse

    from liuhen.flows.actors import actor_of, grant
    from liuhen.flows.establish_agency import establish_agency
    from liuhen.flows.ingest import ingest_file
    from liuhen.flows.occasion import Actor, Occasion
    from liuhen.records.people.models import User

    now = datetime.now(SHANGHAI)
    admin = Occasion(Actor("bench-admin", "管理员", "bench", frozenset({"系统管理员"})), now, now)
    establish_agency(admin, name="测速机关", short_name="测速", number_prefix="测", region="130000", packs=("hebei",))
    user = User.objects.create_user("bench", agency="bench", display_name="甲")
    grant(user, {"执法人员"})
    row = ingest_file(film, Occasion(actor_of(user), now, now))
    session = import_module(settings.SESSION_ENGINE).SessionStore()
    session[SESSION_KEY], session[BACKEND_SESSION_KEY] = str(user.pk), settings.AUTHENTICATION_BACKENDS[-1]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.save()
    return {
        "path": reverse("loose-bytes", args=[row.recording]),
        "cookie": f"{settings.SESSION_COOKIE_NAME}={session.session_key}",
        "size": film.stat().st_size,
    }


def peak() -> float:
    """Give the peak memory of this process in MB; not that of whoever started it, where the system tells them apart."""
    with contextlib.suppress(OSError, StopIteration):
        lines = Path("/proc/self/status").read_text().splitlines()
        return int(next(line for line in lines if line.startswith("VmHWM")).split()[1]) * 1024 / 1e6
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most / 1e6 if sys.platform == "darwin" else most * 1024 / 1e6


TASKS: dict[str, Callable[[list[str]], dict[str, Any]]] = {
    "many": lambda words: many(Path(words[0]), int(words[1]), int(words[2])),
    "ingest": lambda words: ingest(Path(words[0]), Path(words[1])),
    "understand": lambda words: understand(Path(words[0]), int(words[1])),
    "office": lambda words: office(Path(words[0]), Path(words[1])),
}


if __name__ == "__main__":
    measured = TASKS[sys.argv[1]](sys.argv[2:])
    print(json.dumps({**measured, "peak": peak()}))
