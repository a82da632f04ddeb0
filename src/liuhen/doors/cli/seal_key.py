"""`liuhen seal-key list|register|retire`: the SM2 key by which an agency's seal signs beside its PAdES signature."""

import argparse
from typing import TYPE_CHECKING

from liuhen.doors.cli.printing import print_json
from liuhen.doors.cli.site import start

if TYPE_CHECKING:
    from liuhen.flows.occasion import Occasion


def register(words: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add `seal-key`."""
    parser = words.add_parser("seal-key", help="the SM2 keys of an agency's seal: list, register, retire")
    actions = parser.add_subparsers(dest="action", required=True)
    actions.add_parser("list", help="list the keys with their days")
    actions.add_parser("register", help="make a key; everything sealed from then on is signed by it too")
    retire = actions.add_parser("retire", help="take the key out of force; what it signed stays signed")
    retire.add_argument("key", help="the key, or the sixteen digits by which it is listed")
    retire.add_argument("--reason", required=True, help="why, such as 密钥遗失")
    for action in actions.choices.values():
        action.add_argument("--agency", help="its id; may be left out where there is one agency")
        action.add_argument("--data", help="data folder (LIUHEN_DATA, else ./data)")
        action.add_argument("--json", action="store_true")
    parser.set_defaults(run=run)


def run(given: argparse.Namespace) -> int:
    """Do one of the actions, and list the keys as they stand after it."""
    start(given.data)
    from liuhen.doors.cli.operator import occasion_for
    from liuhen.flows.seal_keys import register_seal_key, retire_seal_key

    occasion = occasion_for(given.agency)
    if given.action == "register":
        register_seal_key(occasion)
    elif given.action == "retire":
        retire_seal_key(occasion, key=given.key, reason=given.reason)
    _list(given, occasion)
    return 0


def _list(given: argparse.Namespace, occasion: "Occasion") -> None:
    from liuhen.core.kernel.moments import say_instant
    from liuhen.flows.seal_keys import seal_keys_of

    keys = seal_keys_of(occasion)
    if given.json:
        rows = [
            {
                "key": one.key,
                "authority": one.authority,
                "registered": one.registered.isoformat() if one.registered else None,
                "retired": one.retired.isoformat() if one.retired else None,
            }
            for one in keys
        ]
        print_json(rows)
        return
    for one in keys:
        registered = say_instant(one.registered) if one.registered else ""
        standing = f"{say_instant(one.retired)} 停用" if one.retired else "使用中"
        print(f"{one.short}  {registered} 登记  {standing}  {one.authority}")
    if not keys:
        print("还没有登记印章密钥；盖章只有 PAdES 签名，没有国密签名")
