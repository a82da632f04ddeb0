"""A watched folder, its watcher killed at random moments while files arrive: nothing is lost, and nothing is taken twice."""

import hashlib
import json
import random
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.adapters.media.specimens import Recipe, encode
from tests.crash.test_kill import ROUNDS, SEED, Program, program

__all__ = ["program"]


@dataclass
class Station:
    """A docking station that copies films with their companions into a folder, in pieces and with pauses."""

    folder: Path
    film: bytes
    chance: random.Random
    films: dict[str, str] = field(default_factory=dict)
    beside: dict[str, str] = field(default_factory=dict)
    broken: set[str] = field(default_factory=set)

    def deliver(self, count: int) -> None:
        """Copy so many films; every third has a companion, every seventh is no film."""
        for number in range(count):
            name = f"DSJ0117_012345_20260302_09{number // 60:02d}{number % 60:02d}_0001"
            content = self.film + b"\0\0\0\x0cfree" + number.to_bytes(4)
            if number % 7 == 6:
                content = b"PK\x03\x04" + number.to_bytes(4)
                self.broken.add(hashlib.sha256(content).hexdigest())
            else:
                self.films[name] = hashlib.sha256(content).hexdigest()
                if number % 3 == 0:
                    beside = f"警号：{number}\n".encode()
                    self.beside[name] = hashlib.sha256(beside).hexdigest()
                    (self.folder / f"{name}.txt").write_bytes(beside)
            self._copy(self.folder / f"{name}.mp4", content)

    def _copy(self, path: Path, content: bytes) -> None:
        cut = self.chance.randrange(1, len(content))
        with path.open("wb") as file:
            file.write(content[:cut])
            file.flush()
            time.sleep(self.chance.uniform(0, 0.05))
            file.write(content[cut:])
        time.sleep(self.chance.uniform(0, 0.1))


# The mark makes the runner repeat this on PostgreSQL; the program under test has a database of its own.
@pytest.mark.django_db
def test_a_watcher_killed_at_any_moment_loses_nothing_and_takes_nothing_twice(
    program: Program, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("dock")
    film = encode(tmp_path_factory.mktemp("film") / "film.mp4", Recipe(seconds=1.0)).read_bytes()
    chance = random.Random(SEED)
    station = Station(folder, film, random.Random(SEED + 1))
    arriving = threading.Thread(target=station.deliver, args=(2 * ROUNDS,))
    arriving.start()
    # On a busy machine a round may be killed before it acknowledged anything; then more rounds are played.
    for round_number in range(5 * ROUNDS):
        child = program.start(f"watch 60 {folder}")
        time.sleep(chance.uniform(0.1, 1.6))
        program.kill(child)
        program.finish()
        if round_number >= ROUNDS and program.watched:
            break
    arriving.join()
    acknowledged = list(program.watched)
    assert acknowledged, "no watcher lived long enough to take anything"
    until = time.monotonic() + 60
    while time.monotonic() < until and any(path.suffix for path in folder.iterdir() if path.is_file()):
        program.do(f"watch 2 {folder}")
    judged = json.loads(program.do("judge-watch"))
    _require_all(station, judged, acknowledged)
    assert [path.name for path in folder.iterdir() if path.is_file()] == []
    kept = {hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.rglob("*") if path.is_file()}
    assert kept == {*station.films.values(), *station.beside.values(), *station.broken}, (
        "a source was deleted or altered"
    )


def _require_all(
    station: Station, judged: dict[str, object], acknowledged: list[tuple[str, str, str | None, str]]
) -> None:
    rows = judged["rows"]
    assert isinstance(rows, dict)
    assert judged["findings"] == []
    assert set(rows) == set(station.films.values()) and judged["stored"] == len(rows)
    assert judged["aside"] == sorted(station.broken) and judged["set_aside"] == len(station.broken)
    for name, sha256 in station.films.items():
        assert rows[sha256]["whole"] == ["passed"]
        # A companion may come after its film was taken; either way it lies beside its recording, once.
        assert rows[sha256]["beside"] == [station.beside[name] for _ in range(name in station.beside)]
    uids = {row["uid"] for row in rows.values()}
    for name, status, recording, sha256 in acknowledged:
        assert sha256 in station.broken if status == "quarantined" else recording in uids, name
