"""A file that brings down whoever reads it: three processes, and no more; whoever was only standing beside is taken in."""

import hashlib
import json
import os
import signal
import subprocess
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from liuhen.adapters.vault.port import DiskFull
from liuhen.core.kernel.moments import SHANGHAI
from liuhen.flows import watch_folder
from liuhen.flows.office import office
from liuhen.flows.station import crashes, taking
from liuhen.flows.station.crashes import REASON, Crashes
from liuhen.flows.station.found import mark_of
from liuhen.records.index.models import QuarantineRow, RecordingRow
from tests.adapters.media.specimens import Recipe, encode
from tests.flows.station.test_watch_folder import Desk

BOX = b"\0\0\0\x13freebrings-down"

# Read by every Python that is started with it on its path, as a hostile film is read by FFmpeg in every process.
HOSTILE = """
import os, signal
import liuhen.adapters.media.timed as timed

sound = timed.probe_timed

def probe_timed(path, content):
    if b"brings-down" in path.read_bytes():
        with open(os.environ["DEATHS"], "a") as deaths:
            deaths.write(f"{os.getpid()}\\n")
        os.kill(os.getpid(), signal.SIGSEGV)
    return sound(path, content)

timed.probe_timed = probe_timed
"""


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return encode(tmp_path_factory.mktemp("film") / "film.mp4", Recipe(seconds=1.0)).read_bytes()


@pytest.fixture
def dock(tmp_path: Path, film: bytes) -> Path:
    folder = tmp_path / "dock"
    folder.mkdir()
    (folder / "a.mp4").write_bytes(film + BOX)
    (folder / "a.txt").write_text("警号：012345\n")
    (folder / "b.mp4").write_bytes(film)
    return folder


def _watch(tmp_path: Path, dock: Path) -> "subprocess.CompletedProcess[str]":
    hostile, data = tmp_path / "hostile", tmp_path / "data"
    hostile.mkdir(exist_ok=True)
    data.mkdir(exist_ok=True)
    (hostile / "sitecustomize.py").write_text(HOSTILE)
    surroundings = os.environ | {
        "PYTHONPATH": str(hostile),
        "DEATHS": str(tmp_path / "deaths"),
        "LIUHEN_DATABASE": f"sqlite:///{data / 'liuhen.sqlite3'}",
        "LIUHEN_VAULT": str(data / "vault"),
    }
    command = [sys.executable, "-m", "liuhen.doors.cli.main", "watch", str(dock), "--once", "--still", "0.2", "--json"]
    command += ["--data", str(data), "--move-to", str(dock)]
    return subprocess.run(command, env=surroundings, capture_output=True, text=True, timeout=300)


# The mark makes the runner repeat this on PostgreSQL; the program under test has a database of its own.
@pytest.mark.slow
def test_a_file_that_kills_three_processes_is_set_aside_and_none_is_killed_any_more(
    tmp_path: Path, dock: Path, film: bytes
) -> None:
    deaths, bad = tmp_path / "deaths", hashlib.sha256(film + BOX).hexdigest()
    first = _watch(tmp_path, dock)
    assert first.returncode == -signal.SIGSEGV and len(deaths.read_text().split()) == 1, first.stderr
    second = _watch(tmp_path, dock)
    rows = {Path(row["path"]).name: row for row in map(json.loads, (first.stdout + second.stdout).splitlines())}
    assert second.returncode == 1, second.stderr
    assert (rows["a.mp4"]["status"], rows["a.mp4"]["sha256"]) == ("quarantined", bad)
    assert rows["a.mp4"]["reason"] == REASON and "连续 3 次异常退出" in REASON
    assert rows["a.txt"]["status"] == "quarantined" and rows["b.mp4"]["status"] == "stored"
    assert len(set(deaths.read_text().split())) == 3, "the watcher, and two processes that were made for it"
    assert (dock / "已隔离" / "a.mp4").read_bytes() == film + BOX and (dock / "已入库" / "b.mp4").exists()
    kept = [path for path in (tmp_path / "data" / "vault").rglob("*") if path.is_file()]
    assert film + BOX in [path.read_bytes() for path in kept]
    (dock / "another-name.mp4").write_bytes(film + BOX)
    third = _watch(tmp_path, dock)
    assert json.loads(third.stdout)["status"] == "quarantined" and len(deaths.read_text().split()) == 3
    assert not list((tmp_path / "data" / "stations").glob("*.begun/*"))


@pytest.fixture
def own_folder(settings: Any, tmp_path: Path) -> None:
    settings.DATA, settings.VAULT = tmp_path / "data", str(tmp_path / "vault")


def _leave(dock: Path, name: str) -> None:
    """Leave the note of a process that died while it took a file in."""
    path, died = dock / name, "killed"
    with pytest.raises(BaseException, match=died), Crashes(office().data, dock).attempt(path, mark_of(path.stat())):
        raise BaseException(died)


def _notes() -> int:
    return len(list((office().data / "stations").glob("*.begun/*")))


@pytest.mark.django_db
def test_who_was_only_beside_it_when_a_process_died_is_taken_in(own_folder: None, dock: Path) -> None:
    for name in ("a.mp4", "b.mp4"):
        _leave(dock, name)
    assert _notes() == 2
    rows = Desk(dock).settle()
    assert [row.status for row in rows] == ["stored"] * 3 and RecordingRow.objects.count() == 2
    assert _notes() == 0


@pytest.mark.django_db
def test_what_is_no_film_is_set_aside_for_what_it_is(own_folder: None, dock: Path) -> None:
    (dock / "c.mp4").write_bytes(b"PK\x03\x04")
    _leave(dock, "c.mp4")
    Desk(dock).settle()
    assert QuarantineRow.objects.get().reason != REASON


@pytest.mark.django_db
def test_a_changed_file_is_another_file(own_folder: None, dock: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _leave(dock, "b.mp4")
    monkeypatch.setattr(crashes, "_dies", lambda path: pytest.fail(f"{path} was tried"))
    os.utime(dock / "b.mp4", (0, datetime(2026, 3, 2, tzinfo=SHANGHAI).timestamp()))
    assert [row.status for row in Desk(dock).settle()] == ["stored"] * 3


@pytest.mark.django_db
def test_without_room_it_is_known_for_the_next_look(
    own_folder: None, dock: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What cannot be set aside now must not cost a process again."""
    _leave(dock, "b.mp4")
    monkeypatch.setattr(crashes, "_dies", lambda path: True)
    full = True

    def set_aside(*arguments: Any, **more: Any) -> Any:
        if full:
            raise DiskFull(str(dock))
        return sound(*arguments, **more)

    sound = taking.set_film_aside
    monkeypatch.setattr(watch_folder, "set_film_aside", set_aside)
    (dock / "a.mp4").unlink()
    (dock / "a.txt").unlink()
    desk = Desk(dock)
    assert desk.settle() == [] and desk.watcher.last.troubles and _notes() == 1
    full = False
    (row,) = desk.look()
    assert (row.status, row.reason) == ("quarantined", REASON) and _notes() == 0


@pytest.mark.django_db
def test_an_orderly_refusal_leaves_no_note(own_folder: None, dock: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: Any, **__: Any) -> Any:
        raise DiskFull(str(dock))

    monkeypatch.setattr(watch_folder, "take_in", refuse)
    assert Desk(dock).settle() == [] and _notes() == 0
