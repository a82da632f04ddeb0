"""Docking stations beside the worker: the setting, a watcher that is kept alive, and none that outlives its worker."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from liuhen.core.kernel.errors import BadInput
from liuhen.doors.worker.stations import read_setting
from tests.adapters.media.specimens import Recipe, encode

_PATIENCE = 120.0


def test_the_setting_is_the_words_of_the_command() -> None:
    words = read_setting("/srv/dock --agency jin --move-to '/srv/a b' ; ; /srv/card --still 3")
    assert words == [("/srv/dock", "--agency", "jin", "--move-to", "/srv/a b"), ("/srv/card", "--still", "3")]
    assert read_setting("") == []


@pytest.mark.parametrize("setting", ["--agency jin", "/srv/dock --nonsense", "'/srv", "/srv/dock --still soon"])
def test_a_setting_that_cannot_be_used_is_named(setting: str) -> None:
    with pytest.raises(BadInput) as refusal:
        read_setting(setting)
    assert refusal.value.place == "LIUHEN_WATCH"


@pytest.fixture
def worker(tmp_path: Path) -> Iterator["subprocess.Popen[bytes]"]:
    dock = tmp_path / "dock"
    dock.mkdir()
    surroundings = os.environ | {
        "LIUHEN_DATA": str(tmp_path / "data"),
        "LIUHEN_DATABASE": f"sqlite:///{tmp_path / 'data' / 'liuhen.sqlite3'}",
        "LIUHEN_VAULT": str(tmp_path / "data" / "vault"),
        "LIUHEN_WATCH": f"{dock} --still 0.2 --move-to {dock}",
    }
    (tmp_path / "data").mkdir()
    with (tmp_path / "log").open("wb") as log:
        process = subprocess.Popen([sys.executable, "-m", "liuhen.doors.worker.main"], env=surroundings, stderr=log)
    try:
        yield process
    finally:
        for child in _watchers(process.pid):
            with contextlib.suppress(ProcessLookupError):  # it may just have come to its end
                os.kill(child, signal.SIGKILL)
        process.kill()
        process.wait()


def _until(true: Callable[[], object], log: Path) -> None:
    until = time.monotonic() + _PATIENCE
    while not true():
        assert time.monotonic() < until, log.read_text()
        time.sleep(0.1)


def _watchers(parent: int) -> list[int]:
    """Give the living `liuhen watch` processes that a process started."""
    found = []
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, ppid = status.read_text().rpartition(")")[2].split()[:2]
            words = (status.parent / "cmdline").read_bytes().split(b"\0")
        except OSError:
            continue  # it has just ended
        if int(ppid) == parent and state != "Z" and b"watch" in words:
            found.append(int(status.parent.name))
    return found


def _is_living(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


@pytest.mark.slow
def test_the_worker_watches_starts_again_what_died_and_leaves_nobody_behind(
    worker: "subprocess.Popen[bytes]", tmp_path: Path
) -> None:
    dock, log = tmp_path / "dock", tmp_path / "log"
    encode(dock / "a.mp4", Recipe(seconds=1.0))
    _until(lambda: (dock / "已入库" / "a.mp4").exists(), log)
    said = [json.loads(line) for line in log.read_text().splitlines() if line.startswith('{"path"')]
    assert [row["status"] for row in said] == ["stored"]
    (watcher,) = _watchers(worker.pid)
    os.kill(watcher, signal.SIGKILL)
    encode(dock / "b.mp4", Recipe(seconds=2.0))
    _until(lambda: (dock / "已入库" / "b.mp4").exists(), log)
    (watcher,) = _watchers(worker.pid)
    worker.send_signal(signal.SIGKILL)
    worker.wait()
    _until(lambda: not _is_living(watcher), log)
