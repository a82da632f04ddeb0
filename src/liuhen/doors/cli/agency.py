"""`liuhen agency UID --name … --prefix … --region … --pack …`: found an agency here. `liuhen agency --list`: those that stand.

Whoever can run this command on the server holds the data folder already; the event names the operating system's account.
"""

import argparse
import re

from liuhen.core.kernel.errors import BadInput
from liuhen.doors.cli.printing import print_json
from liuhen.doors.cli.site import start

_UID = re.compile(r"[a-z][a-z0-9-]{1,30}")


def register(words: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add `agency`."""
    parser = words.add_parser("agency", help="found an agency here, or list those that stand")
    parser.add_argument("uid", nargs="?", help="its id in every log for ever, such as ah-yj: letters, digits, hyphens")
    parser.add_argument("--name", help="its full name, such as 安禾县应急管理局")
    parser.add_argument("--short", help="what people call it; else the name")
    parser.add_argument("--prefix", help="the characters that stand for it in numbers (机关代字), such as 安应急")
    parser.add_argument("--region", help="the code of its region, six digits")
    parser.add_argument("--pack", action="append", default=[], help="the id of a pack it stands under; may be repeated")
    parser.add_argument("--level", choices=("省级", "市级", "县级"))
    parser.add_argument("--superior", help="the id of the agency above it, whose published formats it uses")
    parser.add_argument(
        "--basis", help="with --superior alone: put an agency that stands under another one, by whose word"
    )
    parser.add_argument("--list", action="store_true", help="list the agencies that stand")
    parser.add_argument("--data", help="data folder (LIUHEN_DATA, else ./data)")
    parser.add_argument("--json", action="store_true")
    parser.set_defaults(run=run)


def run(given: argparse.Namespace) -> int:
    """Found the agency, or list."""
    start(given.data)
    if given.list:
        return _list(given)
    if given.basis is not None:
        return _set_superior(given)
    _require_said(given)
    from liuhen.doors.cli.operator import occasion_of
    from liuhen.flows.establish_agency import establish_agency
    from liuhen.flows.ground import agency_facts
    from liuhen.flows.office import office
    from liuhen.flows.seal_keys import register_seal_key

    occasion = occasion_of(given.uid)
    for pack in given.pack:
        office().shelf.named(pack, occasion.at.date())
    if agency_facts(given.uid).agency.name:
        raise BadInput("uid", f"the agency {given.uid} stands already; choose another id")
    if given.superior and not agency_facts(given.superior).agency.name:
        raise BadInput("--superior", f"no agency “{given.superior}” stands here; found it first, or leave it out")
    establish_agency(
        occasion,
        name=given.name,
        short_name=given.short or given.name,
        number_prefix=given.prefix,
        region=given.region,
        packs=tuple(given.pack),
        level=given.level,
        superior=given.superior,
    )
    register_seal_key(occasion)
    if given.json:
        print_json({"agency": given.uid, "name": given.name, "packs": given.pack})
    else:
        print(
            f"已建档：{given.name}（{given.uid}），适用规则 {'、'.join(given.pack)}；接着用 liuhen account add 加人员"
        )
    return 0


def _set_superior(given: argparse.Namespace) -> int:
    from liuhen.doors.cli.operator import occasion_for
    from liuhen.flows.establish_agency import set_superior

    set_superior(occasion_for(given.uid), superior=given.superior or None, basis=given.basis)
    if given.json:
        print_json({"agency": given.uid, "superior": given.superior or None})
    else:
        print(f"{given.uid} 的上级机关：{given.superior or '没有'}")
    return 0


def _require_said(given: argparse.Namespace) -> None:
    if not given.uid or not _UID.fullmatch(given.uid):
        raise BadInput("uid", "give an id of 2 to 31 small letters, digits and hyphens, beginning with a letter")
    for name in ("name", "prefix", "region"):
        if not getattr(given, name):
            raise BadInput(f"--{name}", "is missing; an agency cannot be founded without it")
    if not re.fullmatch(r"[0-9]{6}", given.region):
        raise BadInput("--region", f"“{given.region}” is no code of a region; write six digits, such as 130000")
    if not given.pack:
        raise BadInput("--pack", "name at least one pack; `liuhen packs list` shows them")


def _list(given: argparse.Namespace) -> int:
    from liuhen.flows.ground import agency_facts
    from liuhen.records.ledger import read

    found = [agency_facts(uid).agency for uid in sorted({log.agency for log in read.logs()})]
    rows = [{"agency": one.uid, "name": one.name, "packs": list(one.packs), "superior": one.superior} for one in found]
    if given.json:
        print_json(rows)
    else:
        print(
            "\n".join(f"{row['agency']}  {row['name']}  {'、'.join(row['packs'] or [])}" for row in rows)
            or "还没有机关"
        )
    return 0
