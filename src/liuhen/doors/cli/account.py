"""`liuhen account add|password|roles|close|open|list`: the accounts of an agency.

A password is printed once and kept nowhere. The roll of the agency gets who joins, named by the operating system's account.
"""

import argparse
from dataclasses import asdict
from datetime import date
from typing import TYPE_CHECKING

from liuhen.core.kernel.errors import BadInput
from liuhen.doors.cli.printing import print_json
from liuhen.doors.cli.site import start

if TYPE_CHECKING:
    from liuhen.flows.occasion import Occasion


def register(words: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add `account`."""
    parser = words.add_parser("account", help="the accounts of an agency: add, password, roles, close, open, list")
    actions = parser.add_subparsers(dest="action", required=True)
    add = actions.add_parser("add", help="make an account and enter the person on the agency's roll")
    add.add_argument("user", help="the name to sign in by")
    add.add_argument("--name", required=True, help="the person's name, as it stands on documents")
    add.add_argument("--role", action="append", default=[], help="a role; may be repeated")
    add.add_argument("--title", default="", help="what the person is called at work")
    add.add_argument("--certificate", help="the number of the enforcement certificate (执法证)")
    add.add_argument("--from", dest="valid_from", help="its first day, such as 2026-01-01")
    add.add_argument("--until", dest="valid_until", help="its last day")
    roles = actions.add_parser("roles", help="give an account other roles")
    roles.add_argument("user")
    roles.add_argument("--role", action="append", default=[])
    for name, told in (("password", "a new password"), ("close", "shut an account"), ("open", "open it again")):
        actions.add_parser(name, help=told).add_argument("user")
    actions.add_parser("list", help="list the accounts")
    for action in actions.choices.values():
        action.add_argument("--agency", help="its id; may be left out where there is one agency")
        action.add_argument("--data", help="data folder (LIUHEN_DATA, else ./data)")
        action.add_argument("--json", action="store_true")
    parser.set_defaults(run=run)


def run(given: argparse.Namespace) -> int:
    """Do one of the actions."""
    start(given.data)
    from liuhen.doors.cli.operator import occasion_for
    from liuhen.flows import keep_accounts

    occasion = occasion_for(given.agency)
    if given.action == "list":
        return _list(given, occasion)
    password = None
    match given.action:
        case "add":
            days = _day(given.valid_from, "--from"), _day(given.valid_until, "--until")
            person = keep_accounts.NewPerson(
                given.user, given.name, tuple(given.role), given.title, given.certificate, *days
            )
            password = keep_accounts.add_account(occasion, person)
        case "password":
            password = keep_accounts.renew_password(occasion, given.user)
        case "roles":
            keep_accounts.change_roles(occasion, given.user, given.role)
        case _:
            keep_accounts.set_open(occasion, given.user, given.action == "open")
    if given.json:
        print_json({"user": given.user, "done": given.action, "password": password})
    elif password:
        print(f"{given.user} 的口令：{password}\n只显示这一次；请交给本人，登录后在“我的账号”里改")
    else:
        print({"roles": "角色已改", "close": "账号已停用", "open": "账号已启用"}[given.action])
    return 0


def _list(given: argparse.Namespace, occasion: "Occasion") -> int:
    from liuhen.flows.keep_accounts import accounts_of

    found = accounts_of(occasion)
    if given.json:
        print_json([asdict(one) for one in found])
    else:
        lines = (f"{one.username}  {one.name}  {'、'.join(one.roles)}{'' if one.open else '  已停用'}" for one in found)
        print("\n".join(lines) or "还没有账号")
    return 0


def _day(text: str | None, place: str) -> date | None:
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise BadInput(place, f"“{text}” is no day; write it as 2026-01-01") from None
