"""`liuhen camera connect|list|disable`: let a body-worn camera system deliver here, see what it delivers, shut it out.

Whoever can run this command on the server holds the data folder already; the event names the operating system's account.
The connection file holds a key: it is written readable by its owner only, and the key is kept nowhere else.
"""

import argparse
import getpass
import os
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from liuhen.core.kernel.errors import BadInput
from liuhen.core.kernel.moments import SHANGHAI, render_instant, say_instant
from liuhen.doors.cli.printing import print_json
from liuhen.doors.cli.site import start

if TYPE_CHECKING:
    from liuhen.flows.camera_arrivals import Delivery, System
    from liuhen.flows.occasion import Occasion


def register(words: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add `camera`."""
    parser = words.add_parser("camera", help="body-worn camera systems that deliver here")
    actions = parser.add_subparsers(dest="action", required=True)
    connect = actions.add_parser("connect", help="write a connection file for the camera system's manager")
    connect.add_argument("label", help="what this camera system is called here")
    connect.add_argument("--url", action="append", required=True, help="https://host[:port] as the cameras reach us")
    connect.add_argument("--out", required=True, help="where to write the connection file")
    connect.add_argument("--container", choices=("mp4", "mkv"), default="mp4", help="cannot be changed later")
    connect.add_argument("--encrypt", action="store_true", help="have content encrypted for us; cannot be undone")
    connect.add_argument("--certificate", action="append", default=[], help="certificate file of this site")
    connect.add_argument("--ntp", action="store_true", help="this host answers NTP: cameras take their time from it")
    connect.add_argument("--renew", action="store_true", help="a new key and file for a connection that stands")
    connect.set_defaults(run=run_connect)
    actions.add_parser("list", help="connections and what they delivered").set_defaults(run=run_list)
    disable = actions.add_parser("disable", help="shut a camera system out at once")
    disable.add_argument("label")
    disable.set_defaults(run=run_disable)
    for action in actions.choices.values():
        action.add_argument("--agency", help="agency id; needed when there are several")
        action.add_argument("--data", help="data folder (LIUHEN_DATA, else ./data)")
        action.add_argument("--json", action="store_true")


def run_connect(given: argparse.Namespace) -> int:
    """Make or renew a connection and write its file."""
    out = Path(given.out)
    if out.exists():
        raise BadInput("--out", f"{out} exists already; give a new name")
    certificates = tuple(_certificate(name) for name in given.certificate)
    start(given.data)
    from liuhen.flows.camera_connection import Terms, connect_cameras, renew_connection

    terms = Terms(tuple(given.url), given.container, given.encrypt, given.ntp, certificates)
    make = renew_connection if given.renew else connect_cameras
    _write_private(out, lambda: make(_occasion(given.agency), given.label, terms))
    if given.json:
        print_json({"label": given.label, "file": str(out), "encrypted": given.encrypt, "container": given.container})
    else:
        print(f"已写出连接文件 {out}\n内含密钥，只写这一次；请在记录仪管理软件中导入后妥善保管或者删除")
    return 0


def run_list(given: argparse.Namespace) -> int:
    """Show the connections, the users and cameras we cannot place, and the latest deliveries."""
    start(given.data)
    from liuhen.flows.camera_arrivals import list_deliveries, list_systems

    actor = _occasion(given.agency).actor
    systems, deliveries = list_systems(actor), list_deliveries(actor)
    if given.json:
        print_json({"systems": [_plain(one) for one in systems], "deliveries": [_plain(one) for one in deliveries]})
        return 0
    if not systems:
        print("还没有接入执法记录仪系统；用 liuhen camera connect 接入")
    for system in systems:
        _say_system(system)
    for delivery in deliveries:
        _say_delivery(delivery)
    return 0


def run_disable(given: argparse.Namespace) -> int:
    """Shut a camera system out."""
    start(given.data)
    from liuhen.flows.camera_connection import disable_connection

    disable_connection(_occasion(given.agency), given.label)
    if given.json:
        print_json({"label": given.label, "disabled": True})
    else:
        print(f"已停用“{given.label}”，其密钥和令牌立即失效；已送达的内容不受影响")
    return 0


def _certificate(name: str) -> bytes:
    try:
        return Path(name).read_bytes()
    except OSError as error:
        raise BadInput("--certificate", f"{name} cannot be read ({error.strerror}); check the path") from None


def _write_private(path: Path, make: Any) -> None:
    """Open the file before the connection is made: a place that cannot be written must not cost a key."""
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as error:
        raise BadInput("--out", f"{path} cannot be written ({error.strerror}); give another place") from None
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(make())
            file.flush()
            os.fsync(file.fileno())
    except BaseException:
        path.unlink(missing_ok=True)
        raise


def _occasion(agency: str | None) -> "Occasion":
    from liuhen.flows.occasion import Actor, Occasion
    from liuhen.records.ledger import read

    known = sorted({log.agency for log in read.logs()})
    if agency is None and len(known) != 1:
        raise BadInput("--agency", f"name one of the agencies: {', '.join(known) or 'there is none yet'}")
    if agency is not None and agency not in known:
        raise BadInput("--agency", f"no agency “{agency}”; there are {', '.join(known)}")
    account, now = getpass.getuser(), datetime.now(SHANGHAI)
    return Occasion(Actor(f"os:{account}", account, agency or known[0], frozenset({"系统管理员"})), now, now)


def _plain(one: "System | Delivery") -> dict[str, Any]:
    return {key: render_instant(value) if isinstance(value, datetime) else value for key, value in asdict(one).items()}


def _say_system(system: "System") -> None:
    seen = say_instant(system.seen_at) if system.seen_at else "从未"
    state = f"已停用 {say_instant(system.disabled_at)}" if system.disabled_at else f"最近联系 {seen}"
    print(f"{system.label}  {state}  接收中 {system.receiving}  待入库 {system.waiting}  已入库 {system.finished}")
    for what, entries in (("人员", system.users), ("记录仪", system.devices)):
        for entry in entries:
            if entry.uid is None:
                print(f"  未对应的{what}：{entry.name or '（无名称）'}  {entry.number or entry.ident}")


def _say_delivery(delivery: "Delivery") -> None:
    aside = f"  隔离 {delivery.quarantined}" if delivery.quarantined else ""
    print(f"{delivery.state}  {say_instant(delivery.started_at)}  {delivery.name}  {delivery.objects} 个文件{aside}")
    for line in (*delivery.doubts, *([delivery.fault] if delivery.fault else [])):
        print(f"  {line}")
