"""A real server for a benchmark: `liuhen up` on a data folder that the benchmark prepared, in a session of its own.

Invariant: whatever happens while it is measured, the server and everything it started is gone afterwards.
"""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from liuhen.doors.bench.row import NotMeasured

PATIENCE = 300.0


def surroundings() -> dict[str, str]:
    """Give the environment without what this installation's own settings say."""
    own = {name: value for name, value in os.environ.items() if not name.startswith("LIUHEN_")}
    return own | {"DJANGO_SETTINGS_MODULE": "liuhen.site.settings"}


@contextmanager
def served(folder: Path) -> Iterator[tuple[int, int]]:
    """Serve a data folder; gives the port and the session. Raises NotMeasured when the server does not come up."""
    port = _free_port()
    command = [sys.executable, "-m", "liuhen.doors.cli.main", "up", "--data", str(folder), "--port", str(port)]
    with (folder / "server.log").open("w") as log:
        server = subprocess.Popen(command, env=surroundings(), stdout=log, stderr=log, start_new_session=True)
    try:
        _await(port, server, folder / "server.log")
        yield port, server.pid
    finally:
        _stop(server)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _await(port: int, server: "subprocess.Popen[bytes]", log: Path) -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until and server.poll() is None:
        try:
            with socket.create_connection(("127.0.0.1", port), 1):
                return
        except OSError:
            time.sleep(0.2)
    raise NotMeasured(f"the server did not come up; it said: {log.read_text()[-500:]}")


def _stop(server: "subprocess.Popen[bytes]") -> None:
    """Stop the server with everything it started: its session is its own."""
    try:
        os.killpg(server.pid, signal.SIGTERM)
        server.wait(15)
    except subprocess.TimeoutExpired:
        os.killpg(server.pid, signal.SIGKILL)
        server.wait()
    except ProcessLookupError:
        server.wait()
