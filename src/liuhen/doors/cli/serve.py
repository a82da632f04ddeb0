"""`liuhen up`: serve the site with its worker; with --demo, set up the worked demonstration first."""

import argparse
import os
import shutil
import socket
import subprocess
import sys
from pathlib import Path

from liuhen.core.kernel.errors import BadInput
from liuhen.doors.cli.site import start
from liuhen.doors.worker.keeper import Keeper
from liuhen.doors.worker.stations import read_setting

_LAST_SECONDS = 10
_WORKERS = 2
_THREADS = 8


def register(words: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add `up`."""
    parser = words.add_parser("up", help="serve: web, worker, sealing")
    parser.add_argument("--demo", action="store_true", help="with the worked demonstration and its accounts")
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: this machine only)")
    parser.add_argument("--data", help="data folder (LIUHEN_DATA, else ./data)")
    parser.set_defaults(run=run)


def run(given: argparse.Namespace) -> int:
    """Prepare, start the worker, serve until interrupted."""
    _require_port(given.host, given.port)
    data = Path(given.data or os.environ.get("LIUHEN_DATA") or "data").expanduser().absolute()
    if given.demo:
        _prepare_demonstration(data)
    start(str(data))
    read_setting(os.environ.get("LIUHEN_WATCH", ""))  # refused here, before anything is served
    print(f"\n留痕已启动：http://{given.host}:{given.port}/", flush=True)
    if (data / "demonstration").exists():
        _show_accounts()
    worker = Keeper([sys.executable, "-m", "liuhen.doors.worker.main"])
    try:
        return _serve(given.host, given.port)
    finally:
        worker.end()


def _require_port(host: str, port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise BadInput("--port", f"{host}:{port} cannot be used ({error.strerror}); give another --port") from None


def _prepare_demonstration(data: Path) -> None:
    """Make the demonstration beside the data folder and move it into place whole, so that a kill leaves nothing half."""
    if (data / "demonstration").exists():
        return
    if data.exists() and any(item.name != "secret.key" for item in data.iterdir()):
        raise BadInput("--data", f"{data} holds other data; give an empty folder for the demonstration")
    draft = data.with_name(f".{data.name}.preparing")
    shutil.rmtree(draft, ignore_errors=True)
    print("正在准备演示案件（首次约一分钟）……", flush=True)
    surroundings = {**os.environ, "LIUHEN_DATA": str(draft)}
    for name in ("LIUHEN_DATABASE", "LIUHEN_VAULT", "LIUHEN_WITNESSES"):
        surroundings.pop(name, None)
    made = subprocess.run([sys.executable, "-m", "liuhen.doors.demonstration.prepare"], env=surroundings)
    if made.returncode:
        raise BadInput("--demo", "the demonstration could not be prepared; the lines above say why")
    # At most an unused secret key lies here, which nothing was signed with yet.
    shutil.rmtree(data, ignore_errors=True)
    data.parent.mkdir(parents=True, exist_ok=True)
    draft.rename(data)


def _show_accounts() -> None:
    from liuhen.flows.demonstration_accounts import PASSWORD, demonstration_accounts

    print(f"演示账号（密码均为 {PASSWORD}）：")
    for account in demonstration_accounts():
        print(f"  {account.username:<10} {account.name}  {account.roles}")
    print("按 Ctrl+C 停止。", flush=True)


def _serve(host: str, port: int) -> int:
    from granian.constants import Interfaces
    from granian.server import Server

    Server(
        "liuhen.site.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=_WORKERS,
        blocking_threads=_THREADS,
        log_access=False,
        # A worker that hangs on a connection must not keep the site from stopping; whatever is killed loses nothing acknowledged.
        workers_kill_timeout=_LAST_SECONDS,
    ).serve()
    return 0
