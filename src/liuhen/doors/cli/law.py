"""`liuhen assess`, `ask`, `deadline` and `packs`: the law at the command line, without a database."""

import argparse
import sys
from pathlib import Path

from liuhen.core.calendar.deadline import to_json as deadline_json
from liuhen.core.rules.asking import to_json as demand_json
from liuhen.core.rules.verdict import to_json as verdict_json
from liuhen.doors.cli import packs
from liuhen.doors.cli.law_pages import say_deadline, say_demands, say_verdicts
from liuhen.doors.cli.printing import print_json
from liuhen.flows.study_law import ask_packs, assess_file, compute_deadline

Words = argparse._SubParsersAction  # the type argparse gives to add_subparsers; it has no public name


def register(words: "Words[argparse.ArgumentParser]") -> None:
    """Add the four words."""
    parser = words.add_parser("deadline", help="compute a deadline and show its working")
    parser.add_argument("--from", dest="start", required=True, metavar="T", help="2026-03-02T09:10+08:00, or a day")
    parser.add_argument("--within", required=True, metavar="PERIOD", help="24 小时, 2 工作日, 30 日, 6 个月, 2 年")
    parser.add_argument("--json", action="store_true")
    parser.set_defaults(run=run_deadline)
    parser = words.add_parser("assess", help="judge a case written as a list of events")
    parser.add_argument("scenario", metavar="SCENARIO.yaml", help="see docs/formats/scenario.md")
    parser.add_argument("--at", metavar="T", help="judge as of this moment; what the file expects is then not compared")
    parser.add_argument("--json", action="store_true")
    parser.set_defaults(run=run_assess)
    parser = words.add_parser("ask", help="say what the law demands of an act before it begins")
    parser.add_argument("--pack", action="append", required=True, metavar="ID", help="may be given several times")
    parser.add_argument("--act", required=True, metavar="KIND", help="现场检查, 询问, 查封扣押 …")
    parser.add_argument("--trait", action="append", default=[], metavar="T", help="直接涉及生命健康 …; several times")
    parser.add_argument("--json", action="store_true")
    parser.set_defaults(run=run_ask)
    packs.register(words)


def run_deadline(given: argparse.Namespace) -> int:
    """Print a deadline with its working."""
    result = compute_deadline(given.start, given.within)
    if given.json:
        print_json(deadline_json(result))
    else:
        print(say_deadline(result))
    return 0


def run_assess(given: argparse.Namespace) -> int:
    """Print the verdicts; 1 when the file expects something else."""
    trial = assess_file(Path(given.scenario), given.at)
    for oddity in trial.oddities:
        print(f"注意 {oddity}", file=sys.stderr)
    if given.json:
        print_json([verdict_json(verdict) for verdict in trial.verdicts])
    else:
        print(say_verdicts(trial.verdicts))
    for difference in trial.differences:
        print(f"与预期不符 {difference}", file=sys.stderr)
    return 1 if trial.differences else 0


def run_ask(given: argparse.Namespace) -> int:
    """Print what the law demands of an act."""
    demands, notes = ask_packs(given.pack, given.act, tuple(given.trait))
    for note in notes:
        print(f"注意 {note}", file=sys.stderr)
    if given.json:
        print_json([demand_json(demand) for demand in demands])
    else:
        print(say_demands(demands))
    return 0
