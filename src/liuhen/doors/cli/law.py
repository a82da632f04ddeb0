"""`liuhen assess`, `ask`, `deadline` and `packs`: the law at the command line, without a database."""

import argparse
import sys
from datetime import date, datetime
from pathlib import Path

from liuhen.core.calendar.deadline import to_json as deadline_json
from liuhen.core.kernel.errors import BadInput
from liuhen.core.kernel.moments import SHANGHAI
from liuhen.core.rules.asking import to_json as demand_json
from liuhen.core.rules.comparing import judgements_json
from liuhen.core.rules.stricter import strictest, weigh, weighed_json
from liuhen.core.rules.verdict import to_json as verdict_json
from liuhen.doors.cli import packs
from liuhen.doors.cli.asking_pages import say_rulings
from liuhen.doors.cli.law_pages import say_deadline, say_judgements, say_verdicts
from liuhen.doors.cli.printing import print_json
from liuhen.doors.cli.shelves import add_packs, shelf_of
from liuhen.flows.study_calendar import calendar_with
from liuhen.flows.study_law import announce_packs, ask_packs, assess_file, compare_file, compute_deadline

Words = argparse._SubParsersAction  # the type argparse gives to add_subparsers; it has no public name


def register(words: "Words[argparse.ArgumentParser]") -> None:
    """Add the four words."""
    parser = words.add_parser("deadline", help="compute a deadline and show its working")
    parser.add_argument("--from", dest="start", required=True, metavar="T", help="2026-03-02T09:10+08:00, or a day")
    parser.add_argument("--within", required=True, metavar="PERIOD", help="24 小时, 2 工作日, 30 日, 6 个月, 2 年")
    parser.add_argument("--calendar", type=Path, metavar="FILE", help="a calendar file, see docs/formats/calendar.md")
    parser.add_argument("--json", action="store_true")
    parser.set_defaults(run=run_deadline)
    parser = words.add_parser("assess", help="judge a case written as a list of events")
    parser.add_argument("scenario", metavar="SCENARIO.yaml", help="see docs/formats/scenario.md")
    parser.add_argument("--at", metavar="T", help="judge as of this moment; what the file expects is then not compared")
    parser.add_argument(
        "--edition",
        action="append",
        metavar="PACK@EDITION",
        help="show verdict by verdict what this edition would say; give two, or one to compare with that of the case",
    )
    add_packs(parser)
    parser.add_argument("--json", action="store_true")
    parser.set_defaults(run=run_assess)
    _register_ask(words)
    packs.register(words)


def _register_ask(words: "Words[argparse.ArgumentParser]") -> None:
    parser = words.add_parser("ask", help="say what the law demands of an act before it begins")
    parser.add_argument("--pack", action="append", required=True, metavar="ID", help="may be given several times")
    parser.add_argument("--act", required=True, metavar="KIND", help="现场检查, 询问, 查封扣押 …")
    parser.add_argument("--trait", action="append", default=[], metavar="T", help="直接涉及生命健康 …; several times")
    parser.add_argument("--on", metavar="DAY", help="the day of the act, which decides the edition; today if not given")
    add_packs(parser)
    parser.add_argument("--json", action="store_true")
    parser.set_defaults(run=run_ask)


def run_deadline(given: argparse.Namespace) -> int:
    """Print a deadline with its working."""
    result = compute_deadline(given.start, given.within, calendar_with(given.calendar))
    if given.json:
        print_json(deadline_json(result))
    else:
        print(say_deadline(result))
    return 0


def run_assess(given: argparse.Namespace) -> int:
    """Print the verdicts; 1 when the file expects something else."""
    if given.edition:
        return _compare(given)
    trial = assess_file(Path(given.scenario), given.at, shelf_of(given))
    for oddity in trial.oddities:
        print(f"注意 {oddity}", file=sys.stderr)
    if given.json:
        print_json([verdict_json(verdict) for verdict in trial.verdicts])
    else:
        print(say_verdicts(trial.verdicts))
    for difference in trial.differences:
        print(f"与预期不符 {difference}", file=sys.stderr)
    return 1 if trial.differences else 0


def _compare(given: argparse.Namespace) -> int:
    found = compare_file(Path(given.scenario), given.at, given.edition, shelf_of(given))
    for note in found.notes:
        print(f"注意 {note}", file=sys.stderr)
    if given.json:
        print_json(judgements_json(found))
    else:
        print(say_judgements(found))
    return 0


def run_ask(given: argparse.Namespace) -> int:
    """Print what the law demands of an act; of what several packs demand, the stricter, and why."""
    day = _day(given.on) if given.on else datetime.now(SHANGHAI).date()
    demands, notes = ask_packs(given.pack, given.act, tuple(given.trait), day=day, shelf=shelf_of(given))
    for note in notes:
        print(f"注意 {note}", file=sys.stderr)
    if given.json:
        weighings = weigh(demands)
        print_json([{**demand_json(demand), **weighed_json(demand, weighings)} for demand in demands])
    else:
        opening = announce_packs(given.pack, given.act, tuple(given.trait), day=day, shelf=shelf_of(given))
        print(say_rulings(strictest(demands), opening))
    return 0


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise BadInput("--on", f"“{text}” is not a day; write it like 2026-03-02") from None
