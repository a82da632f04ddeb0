"""`liuhen token LABEL --user U [--revoke]`: make or close the token with which a program acts as a person.

The token is printed once and kept nowhere. Whoever can run this command on the server holds the data folder already.
"""

import argparse
from datetime import datetime

from liuhen.core.kernel.moments import SHANGHAI
from liuhen.doors.cli.printing import print_json
from liuhen.doors.cli.site import start


def register(words: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add `token`."""
    parser = words.add_parser("token", help="make or revoke a token for the API")
    parser.add_argument("label", help="what the token is for, such as the name of a device")
    parser.add_argument("--user", required=True, help="the account whose roles the program gets")
    parser.add_argument("--revoke", action="store_true", help="close the token instead of making one")
    parser.add_argument("--data", help="data folder (LIUHEN_DATA, else ./data)")
    parser.add_argument("--json", action="store_true")
    parser.set_defaults(run=run)


def run(given: argparse.Namespace) -> int:
    """Make the token and print it, or revoke it."""
    start(given.data)
    from liuhen.flows.tokens import issue_token, revoke_token

    now = datetime.now(SHANGHAI)
    if given.revoke:
        revoke_token(given.user, label=given.label, at=now)
        text = None
    else:
        text = issue_token(given.user, label=given.label, at=now)
    if given.json:
        print_json({"user": given.user, "label": given.label, "token": text})
    elif text is None:
        print(f"已撤销 {given.user} 的令牌“{given.label}”")
    else:
        print(f"{text}\n只显示这一次；程序以 {given.user} 的身份和角色行事，停用时请撤销（--revoke）")
    return 0
