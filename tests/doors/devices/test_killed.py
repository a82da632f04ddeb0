"""The whole site killed with SIGKILL while a camera system delivers: what was acknowledged is there, once, after all."""

import hashlib
import http.client
import itertools
import json
import os
import random
import signal
import socket
import subprocess
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path

import pytest

from tests.doors.devices.conftest import STATED, introduce
from tests.doors.devices.controller import Controller, meta
from tests.doors.devices.test_served import _FOUND, _surroundings, _wait_for, liuhen

ROUNDS = int(os.environ.get("LIUHEN_CRASH_ROUNDS", "2"))
with socket.socket() as _free:  # the same one through every restart, and nobody else's
    _free.bind(("127.0.0.1", 0))
    _PORT = _free.getsockname()[1]
_JUDGE = """
import json
from liuhen.doors.cli.site import start; start()
from liuhen.flows.office import office
from liuhen.records.cameras.models import CameraContainer, CameraObject
from liuhen.records.index.models import RecordingRow, QuarantineRow
from liuhen.records.ledger.models import Event
print(json.dumps({
    "waiting": CameraContainer.objects.filter(kind="recording", finished_at=None).exclude(completed_at=None).count(),
    "held": [f"{row.container.name}/{row.name}/{row.sha256}" for row in CameraObject.objects.select_related("container")],
    "sound": all(office().vault.check(row.sha256).verdict == "passed" for row in CameraObject.objects.all()),
    "sealed": list(CameraContainer.objects.exclude(completed_at=None).values_list("name", flat=True)),
    "recordings": sorted(RecordingRow.objects.values_list("sha256", flat=True)),
    "stored": Event.objects.filter(type="recording.stored").count(),
    "marked": Event.objects.filter(type="recording.marked").count(),
}))
"""


class _Site:
    """The site as a process group, so that web workers and the sweeping worker die together."""

    def __init__(self, folder: Path) -> None:
        words = [sys.executable, "-m", "liuhen.doors.cli.main", "up", "--port", str(_PORT)]
        self._said = folder / f"said-{time.monotonic_ns()}"
        with self._said.open("wb") as said:
            self.process = subprocess.Popen(
                words, env=_surroundings(folder), stdout=said, stderr=said, start_new_session=True
            )
        _wait_for(self._answers)

    def _answers(self) -> bool:
        assert self.process.poll() is None, self._said.read_text("utf-8")
        return _answers()

    def kill(self) -> None:
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(10)


def _answers() -> bool:
    link = http.client.HTTPConnection("127.0.0.1", _PORT, timeout=5)
    try:
        link.request("GET", "/cameras/auth/v1.0")
        return link.getresponse().status == 401
    except OSError:
        return False
    finally:
        link.close()


class _Delivering(threading.Thread):
    """A controller that delivers recordings of one clip and one bookmark for ever, and notes what was acknowledged."""

    def __init__(self, file: Path, clip: bytes) -> None:
        super().__init__(daemon=True)
        self.system = Controller(json.loads(file.read_text("utf-8")), f"http://127.0.0.1:{_PORT}")
        self.clip, self.over = clip, threading.Event()
        self.kept: dict[str, str] = {}
        self.sealed: list[str] = []

    def run(self) -> None:
        for number in itertools.count():
            # A free box behind the film makes every clip another file.
            data = self.clip + (16).to_bytes(4, "big") + b"free" + number.to_bytes(8, "big")
            while not self.over.is_set() and not self._deliver(f"录像_{number}", data):
                time.sleep(0.2)
            if self.over.is_set():
                return

    def _deliver(self, name: str, data: bytes) -> bool:
        """Deliver one recording as far as it goes; a controller begins again where it broke."""
        try:
            if not self.system.token and self.system.sign_in().status != 200:
                return False
            if self.system.call("PUT", name, headers=meta("Container", **STATED)).status not in (201, 202, 400):
                return False
            for what, body in (("a.mp4", data), ("bookmark_1_1", name.encode())):
                if self.system.call("PUT", f"{name}/{what}", body).status != 201:
                    return False
                self.kept[f"{name}/{what}"] = hashlib.sha256(body).hexdigest()
            done = self.system.call("POST", name, headers=meta("Container", Status="Complete")).status == 204
        except (OSError, http.client.HTTPException):
            return False
        if done:
            self.sealed.append(name)
        return done


def _judge(folder: Path) -> dict[str, object]:
    done = subprocess.run(
        [sys.executable, "-c", _JUDGE], env=_surroundings(folder), capture_output=True, text=True, check=True
    )
    found: dict[str, object] = json.loads(done.stdout)
    return found


@pytest.mark.slow
def test_killed_at_random_nothing_acknowledged_is_lost_or_taken_twice(tmp_path: Path, clips: list[bytes]) -> None:
    chance, file = random.Random(2026), tmp_path / "connection.json"
    subprocess.run([sys.executable, "-c", _FOUND], env=_surroundings(tmp_path), check=True)
    liuhen(tmp_path, "camera", "connect", "柜", "--url", f"http://127.0.0.1:{_PORT}", "--out", str(file))
    site, delivering = _Site(tmp_path), _Delivering(file, clips[0])
    try:
        delivering.system.sign_in()
        introduce(delivering.system)
        delivering.start()
        for _ in range(ROUNDS):
            time.sleep(chance.uniform(2, 7))
            site.kill()
            site = _Site(tmp_path)
        delivering.over.set()
        delivering.join(60)
        _wait_for(lambda: _judge(tmp_path)["waiting"] == 0, 120)
    finally:
        site.kill()
    found = _judge(tmp_path)
    held, sealed = set(found["held"]), set(found["sealed"])  # type: ignore[call-overload]
    assert delivering.sealed and set(delivering.sealed) <= sealed
    assert {f"{place}/{sha256}" for place, sha256 in delivering.kept.items()} <= held and found["sound"]
    wanted = sorted(delivering.kept[f"{name}/a.mp4"] for name in sealed)
    assert found["recordings"] == wanted
    assert found["stored"] == found["marked"] == len(wanted)
