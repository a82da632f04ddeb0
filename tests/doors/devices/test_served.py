"""`liuhen camera` and `liuhen up` as users run them: connect, deliver over the real web server, and the worker does the rest."""

import hashlib
import json
import os
import socket
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.doors.devices.conftest import CONTAINER, STATED, introduce, named, when
from tests.doors.devices.controller import Controller, meta

_FOUND = (
    "from liuhen.doors.cli.site import start; start(); from tests.doors.devices.conftest import found; found('here')"
)


def liuhen(folder: Path, *words: str, code: int = 0) -> str:
    """Run a command and give what it said."""
    done = subprocess.run(
        [sys.executable, "-m", "liuhen.doors.cli.main", *words],
        env=_surroundings(folder),
        capture_output=True,
        text=True,
    )
    assert done.returncode == code, done.stderr
    return done.stdout if code == 0 else done.stderr


def _surroundings(folder: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("LIUHEN_")}
    return {**kept, "LIUHEN_DATA": str(folder / "data")}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An installation of its own, on SQLite, with one agency."""
    place = tmp_path_factory.mktemp("installation")
    subprocess.run([sys.executable, "-c", _FOUND], env=_surroundings(place), check=True)
    return place


@pytest.fixture(scope="module")
def address(folder: Path) -> Iterator[str]:
    """The installation, served."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    words = [sys.executable, "-m", "liuhen.doors.cli.main", "up", "--port", str(port)]
    served = subprocess.Popen(words, env=_surroundings(folder), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _wait_for(lambda: not socket.socket().connect_ex(("127.0.0.1", port)))
        yield f"http://127.0.0.1:{port}"
    finally:
        served.terminate()
        served.wait(20)


def _wait_for(happened: Any, seconds: float = 180) -> None:
    until = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < until, "it did not happen in time"
        time.sleep(0.5)


@pytest.mark.slow
def test_from_the_connection_file_to_the_recording(folder: Path, address: str, clips: list[bytes]) -> None:
    file = folder / "connection.json"
    told = json.loads(liuhen(folder, "camera", "connect", "一号柜", "--url", address, "--out", str(file), "--json"))
    assert told["label"] == "一号柜" and stat.S_IMODE(file.stat().st_mode) == 0o600
    assert "exists already" in liuhen(folder, "camera", "connect", "二", "--url", address, "--out", str(file), code=2)
    system = Controller(json.loads(file.read_text("utf-8")), address)
    assert system.sign_in().status == 200
    introduce(system)
    assert system.call("PUT", CONTAINER, headers=meta("Container", **STATED)).status == 201
    place = f"{CONTAINER}/{named(0)}"
    # Under a web server that takes chunks apart, a cut cannot be told from an end: the retry is what counts.
    system.cut(place, clips[0][:900], len(clips[0]))
    system.cut(place, clips[0][:900], len(clips[0]), chunked=True)
    pieces = (clips[0][at : at + 1000] for at in range(0, len(clips[0]), 1000))
    answer = system.call("PUT", place, pieces, meta("Object", Starttimeiso=when(0), Stoptimeiso=when(2)))
    assert answer.status == 201 and answer.headers["etag"] == hashlib.md5(clips[0]).hexdigest()
    held = system.call("HEAD", place)
    assert (held.status, held.headers["content-length"]) == (200, str(len(clips[0])))
    assert system.call("POST", CONTAINER, headers=meta("Container", Status="Complete")).status == 204
    _wait_for(lambda: _deliveries(folder)[0]["state"] == "已入库")
    (delivery,) = _deliveries(folder)
    assert (delivery["officer"], delivery["device"], delivery["doubts"]) == ("officer-li", "camera-7", [])
    assert "已入库 1" in liuhen(folder, "camera", "list")
    assert "已停用" in liuhen(folder, "camera", "disable", "一号柜")
    assert system.call("HEAD", CONTAINER).status == 401
    assert "没有名为" in liuhen(folder, "camera", "disable", "一号柜", code=2)


def _deliveries(folder: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(liuhen(folder, "camera", "list", "--json"))["deliveries"]
    return found


@pytest.mark.slow
def test_a_bad_place_or_certificate_costs_no_connection(folder: Path, tmp_path: Path) -> None:
    words = ("camera", "connect", "三号柜", "--url", "https://liuhen.example")
    assert "--out" in liuhen(folder, *words, "--out", str(tmp_path / "none" / "a.json"), code=2)
    assert "--certificate" in liuhen(folder, *words, "--out", str(tmp_path / "a"), "--certificate", "none.pem", code=2)
    assert "--url" in liuhen(folder, *words[:3], "--url", "liuhen.example", "--out", str(tmp_path / "b.json"), code=2)
    assert list(tmp_path.iterdir()) == []
    listed = json.loads(liuhen(folder, "camera", "list", "--json"))["systems"]
    assert "三号柜" not in [system["label"] for system in listed]
