"""A file that brings down whoever reads it: by any way in, three processes and no more; whoever was only being read is taken in."""

import hashlib
import json
import os
import signal
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from liuhen.adapters.media.facts import Unreadable
from liuhen.adapters.vault.port import DiskFull
from liuhen.core.kernel.moments import SHANGHAI
from liuhen.flows import crashes, ingest
from liuhen.flows.crashes import REASON, attempt, forget_old
from liuhen.flows.office import office
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


def _liuhen(tmp_path: Path, *words: str) -> "subprocess.CompletedProcess[str]":
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
    command = [sys.executable, "-m", "liuhen.doors.cli.main", *words, "--data", str(data)]
    return subprocess.run(command, env=surroundings, capture_output=True, text=True, timeout=300)


def _watch(tmp_path: Path, dock: Path) -> "subprocess.CompletedProcess[str]":
    return _liuhen(tmp_path, "watch", str(dock), "--once", "--still", "0.2", "--json", "--move-to", str(dock))


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
    assert list((tmp_path / "data" / "begun").iterdir()) == []


@pytest.mark.slow
def test_the_third_death_of_an_ingest_is_the_last(tmp_path: Path, film: bytes) -> None:
    path = tmp_path / "film.mp4"
    path.write_bytes(film + BOX)
    first = _liuhen(tmp_path, "ingest", str(path))
    assert first.returncode == -signal.SIGSEGV, first.stderr
    second = _liuhen(tmp_path, "ingest", str(path))
    assert "连续 3 次异常退出" in second.stdout, second.stdout + second.stderr
    assert len(set((tmp_path / "deaths").read_text().split())) == 3
    third = _liuhen(tmp_path, "ingest", str(path))
    assert "连续 3 次异常退出" in third.stdout and len((tmp_path / "deaths").read_text().split()) == 3
    assert list((tmp_path / "data" / "begun").iterdir()) == []


@pytest.fixture
def own_folder(settings: Any, tmp_path: Path) -> None:
    settings.DATA, settings.VAULT = tmp_path / "data", str(tmp_path / "vault")


def _leave(path: Path) -> Path:
    """Leave the note of a process that died while it read a file."""
    note = office().data / "begun" / hashlib.sha256(path.read_bytes()).hexdigest()
    note.parent.mkdir(parents=True, exist_ok=True)
    note.touch()
    return note


def _notes() -> int:
    return len(list((office().data / "begun").glob("*")))


@pytest.fixture
def trials(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """The files that processes of their own were made to look at."""
    tried: list[Path] = []
    sound = crashes._dies

    def dies(path: Path) -> bool:
        tried.append(path)
        return sound(path)

    monkeypatch.setattr(crashes, "_dies", dies)
    return tried


@pytest.mark.django_db
def test_who_was_only_being_read_when_the_power_went_is_taken_in(
    own_folder: None, dock: Path, trials: list[Path]
) -> None:
    for name in ("a.mp4", "b.mp4"):
        _leave(dock / name)
    rows = Desk(dock).settle()
    assert [row.status for row in rows] == ["stored"] * 3 and RecordingRow.objects.count() == 2
    assert len(trials) == 2 and _notes() == 0


@pytest.mark.django_db
def test_a_process_of_its_own_sees_the_very_file_that_is_held(
    own_folder: None, dock: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever the watcher calls it by: a trial that finds nothing would let every bad file pass."""
    _leave(dock / "b.mp4")
    hostile = dock.parent / "hostile"
    hostile.mkdir()
    (hostile / "sitecustomize.py").write_text(HOSTILE.replace("brings-down", "moov"))
    monkeypatch.setenv("PYTHONPATH", str(hostile))
    monkeypatch.setenv("DEATHS", str(dock.parent / "deaths"))
    rows = {Path(row.path).name: row for row in Desk(dock).settle()}
    assert (rows["a.mp4"].status, rows["b.mp4"].status) == ("stored", "quarantined")
    assert rows["b.mp4"].reason == REASON and len((dock.parent / "deaths").read_text().split()) == 2
    assert _notes() == 0


@pytest.mark.django_db
def test_what_is_no_film_is_set_aside_for_what_it_is(own_folder: None, dock: Path, trials: list[Path]) -> None:
    (dock / "c.mp4").write_bytes(b"PK\x03\x04")
    _leave(dock / "c.mp4")
    Desk(dock).settle()
    assert QuarantineRow.objects.get().reason != REASON
    assert len(trials) == 1 and _notes() == 0


@pytest.mark.django_db
def test_a_trial_that_ends_in_an_orderly_way_is_no_death(own_folder: None, tmp_path: Path) -> None:
    assert not crashes._dies(tmp_path / "is not there.mp4")


@pytest.mark.django_db
def test_a_changed_file_is_another_file(own_folder: None, dock: Path, trials: list[Path]) -> None:
    note = _leave(dock / "b.mp4")
    (dock / "b.mp4").write_bytes((dock / "b.mp4").read_bytes() + b"\0\0\0\x08free")
    assert [row.status for row in Desk(dock).settle()] == ["stored"] * 3
    assert trials == [] and note.exists()


@pytest.mark.django_db
def test_without_room_it_is_known_for_the_next_look(
    own_folder: None, dock: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What cannot be set aside now must not cost a process of ours again."""
    _leave(dock / "b.mp4")
    monkeypatch.setattr(crashes, "_dies", lambda path: True)
    full = True

    def set_aside(*arguments: Any, **more: Any) -> Any:
        if full:
            raise DiskFull(str(dock))
        return sound(*arguments, **more)

    sound = ingest.set_aside
    monkeypatch.setattr(ingest, "set_aside", set_aside)
    (dock / "a.mp4").unlink()
    (dock / "a.txt").unlink()
    desk = Desk(dock)
    assert desk.settle() == [] and desk.watcher.last.troubles and _notes() == 1
    full = False
    (row,) = desk.look()
    assert (row.status, row.reason) == ("quarantined", REASON) and _notes() == 0


@pytest.mark.django_db
def test_a_note_goes_however_the_reading_ends(own_folder: None, tmp_path: Path) -> None:
    for end in (Unreadable("不是录像"), DiskFull(str(tmp_path)), OSError("网络"), KeyboardInterrupt()):
        with pytest.raises(type(end)), attempt(tmp_path / "a.mp4", "a" * 64):
            assert _notes() == 1
            raise end
        assert _notes() == 0


@pytest.mark.django_db
def test_notes_of_files_that_never_came_back_go_after_a_season(own_folder: None, dock: Path) -> None:
    note, now = _leave(dock / "b.mp4"), datetime.now(SHANGHAI)
    assert forget_old(now + timedelta(days=89)) == 0 and note.exists()
    assert forget_old(now + timedelta(days=91)) == 1 and _notes() == 0
    assert forget_old(now) == 0
