"""`liuhen camera connect|list|disable|seal|clock`: let a camera system deliver here, see what it delivers, shut it out.

Also: take in what came of a transfer that never ended, and compare clocks.

Whoever can run this command on the server holds the data folder already; the event names the operating system's account.
The connection file holds a key: it is written readable by its owner only, and the key is kept nowhere else.
"""

import argparse
import os
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from liuhen.core.facts.clocks import say_ahead
from liuhen.core.kernel.errors import BadInput
from liuhen.core.kernel.moments import parse_instant, render_instant, say_instant
from liuhen.doors.cli.printing import print_json
from liuhen.doors.cli.site import start

_MOST = 1_000  # transfers that have fallen silent: more are no list for a person

if TYPE_CHECKING:
    from liuhen.flows.camera_arrivals import Delivery, Stuck, System
    from liuhen.flows.device_clocks import DeviceClock
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
    seal = actions.add_parser("seal", help="take in what came of a transfer that never ended")
    seal.add_argument("name", help="as `liuhen camera list` names it")
    seal.add_argument("--reason", required=True, help="why it is not waited for any longer")
    seal.add_argument("--system", help="id of the camera system, where several have a transfer of this name")
    seal.set_defaults(run=run_seal)
    clock = actions.add_parser(
        "clock", help="compare a device's clock with this machine's; without a device: how they stand"
    )
    clock.add_argument("device", nargs="?", help="its number on the register, or its id")
    shows = clock.add_mutually_exclusive_group()
    shows.add_argument("--shows", metavar="TIME", help="what it shows now, like 2026-03-02T09:12:05+08:00")
    shows.add_argument("--same", action="store_true", help="it shows the same as this machine")
    clock.set_defaults(run=run_clock)
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
    from liuhen.flows.camera_arrivals import list_deliveries, list_stuck, list_systems

    now = _occasion(given.agency)
    systems, deliveries = list_systems(now.actor), list_deliveries(now.actor)
    stuck = list_stuck(now.actor, at=now.at)
    if given.json:
        told: dict[str, Sequence[System | Delivery | Stuck]]
        told = {"systems": systems, "deliveries": deliveries, "stuck": stuck}
        print_json({word: [_plain(one) for one in found] for word, found in told.items()})
        return 0
    if not systems:
        print("还没有接入执法记录仪系统；用 liuhen camera connect 接入")
    for system in systems:
        _say_system(system)
    for delivery in deliveries:
        _say_delivery(delivery)
    for one in stuck:
        _say_stuck(one)
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


def run_seal(given: argparse.Namespace) -> int:
    """Seal what has come of a transfer; the worker takes it in."""
    start(given.data)
    from liuhen.flows.camera_sealing import seal_stuck

    here = _occasion(given.agency, "执法人员")
    system = given.system or _system_of(here, given.name)
    try:
        sealed = seal_stuck(here, system, given.name, reason=given.reason)
    except BadInput as refusal:
        raise BadInput("--reason", refusal.sentence) from None
    if given.json:
        print_json(_plain(sealed))
    else:
        print(f"已封口：{sealed.name}，{sealed.objects} 个文件；后台程序（liuhen worker）几秒内入库")
    return 0


def _system_of(here: "Occasion", name: str) -> str:
    """Give the one camera system that has a transfer of this name."""
    from liuhen.flows.camera_arrivals import list_stuck

    named = [one for one in list_stuck(here.actor, at=here.at, most=_MOST) if one.name == name]
    if len(named) == 1:
        return named[0].uid
    known = "、".join(f"{one.uid} ({one.system})" for one in named)
    remedy = f"several systems have it, say which by --system: {known}" if named else "see `liuhen camera list`"
    raise BadInput("NAME", f"“{name}” is not one transfer that has fallen silent; {remedy}")


def run_clock(given: argparse.Namespace) -> int:
    """Set down what a device's clock shows, or say how the clocks stand."""
    shown = parse_instant(given.shows, "--shows") if given.shows is not None else None
    if given.device is None and (shown is not None or given.same):
        raise BadInput("DEVICE", "name the device whose clock was read: its number on the register")
    if given.device is not None and shown is None and not given.same:
        raise BadInput("--shows", "say what the device shows, like 2026-03-02T09:12:05+08:00, or give --same")
    start(given.data)
    from liuhen.flows.device_clocks import list_clocks

    here = _occasion(given.agency, "执法人员")
    if given.device is None:
        clocks = list_clocks(here.actor, at=here.at)
        if given.json:
            print_json([_plain_clock(one) for one in clocks])
        else:
            print("\n".join(map(_said_clock, clocks)) or "本机关还没有登记设备")
        return 0
    return _compare(here, given.device, shown or here.at, given.json)


def _compare(here: "Occasion", name: str, shown: datetime, is_json: bool) -> int:
    from liuhen.flows.device_clocks import device_named
    from liuhen.flows.tend_recordings import check_clock

    device = device_named(here.actor, name)
    try:
        ahead = check_clock(here, device, shown)
    except BadInput as refusal:
        raise BadInput("--shows", refusal.sentence) from None
    if is_json:
        milliseconds = round(ahead.total_seconds() * 1000)
        print_json({"device": device, "ahead_ms": milliseconds, "checked_at": render_instant(here.at)})
    else:
        print(f"已记下：{name} 的时钟{say_ahead(ahead)}")
    return 0


def _plain_clock(one: "DeviceClock") -> dict[str, Any]:
    return {
        "device": one.uid,
        "name": one.name,
        "number": one.number,
        "ahead_ms": None if one.ahead is None else round(one.ahead.total_seconds() * 1000),
        "checked_at": None if one.checked_at is None else render_instant(one.checked_at),
        "due": one.due,
    }


def _said_clock(one: "DeviceClock") -> str:
    found = "从未比对" if one.ahead is None or one.checked_at is None else say_ahead(one.ahead)
    when = f"  {say_instant(one.checked_at)}" if one.checked_at else ""
    again = "，超过 30 天，请再比对" if one.due and one.checked_at else ""
    return f"{one.name} {one.number}  {found}{when}{again}"


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


def _occasion(agency: str | None, role: str = "系统管理员") -> "Occasion":
    from liuhen.doors.cli.operator import occasion_for

    return occasion_for(agency, role)


def _plain(one: "System | Delivery | Stuck") -> dict[str, Any]:
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


def _say_stuck(one: "Stuck") -> None:
    told = f"{one.device}，已收到 {one.objects} 个文件，{say_instant(one.silent_since)} 以后没有动静"
    print(f"没有传完  {say_instant(one.begun_at)}  {one.name}  {told}")
