"""`liuhen factor --reset USER`: take away the second factor of an account whose telephone was lost.

Whoever can run this command on the server holds the data folder already; who asked for it is for the agency to check first.
"""

import argparse

from liuhen.doors.cli.printing import print_json
from liuhen.doors.cli.site import start


def register(words: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add `factor`."""
    parser = words.add_parser("factor", help="take away the second factor of an account whose telephone was lost")
    parser.add_argument(
        "--reset", required=True, metavar="USER", help="the account; its owner binds a new one afterwards"
    )
    parser.add_argument("--data", help="data folder (LIUHEN_DATA, else ./data)")
    parser.add_argument("--json", action="store_true")
    parser.set_defaults(run=run)


def run(given: argparse.Namespace) -> int:
    """Take the factor away and say whether there was one."""
    start(given.data)
    from liuhen.doors.cli.operator import occasion_of
    from liuhen.flows.keep_accounts import free_of_factor
    from liuhen.flows.second_factor import agency_of_account

    removed = free_of_factor(occasion_of(agency_of_account(given.reset)), given.reset)
    if given.json:
        print_json({"user": given.reset, "removed": removed})
    else:
        print(f"{given.reset} 的动态口令{'已解除，请本人重新绑定' if removed else '本来就没有绑定'}")
    return 0
