"""`liuhen calendar show|check`: the published work calendar, and a calendar file before it is imported."""

import argparse
import sys
from itertools import groupby
from pathlib import Path
from typing import Any

from liuhen.core.calendar.calendar import WorkCalendar, YearNotice
from liuhen.core.calendar.calendar_data import to_data, version_of
from liuhen.core.calendar.working import say_day
from liuhen.doors.cli.printing import print_json
from liuhen.flows.study_calendar import calendar_with, check_file, of_year


def register(words: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the word and what can be done with it."""
    parser = words.add_parser("calendar", help="the work calendar: show it, check a file of it")
    doings = parser.add_subparsers(dest="doing", required=True)
    show = doings.add_parser("show", help="show the published calendar; --json gives the form that files have")
    show.add_argument("--year", type=int, metavar="Y", help="this year only")
    show.add_argument("--file", type=Path, metavar="FILE", help="with the years of a calendar file laid over it")
    show.add_argument("--json", action="store_true")
    show.set_defaults(run=run_show)
    check = doings.add_parser("check", help="say every mistake in a calendar file; see docs/formats/calendar.md")
    check.add_argument("file", type=Path, metavar="FILE")
    check.add_argument("--json", action="store_true")
    check.set_defaults(run=run_check)


def run_show(given: argparse.Namespace) -> int:
    """Print the calendar."""
    calendar = calendar_with(given.file)
    if given.year is not None:
        calendar = of_year(calendar, given.year)
    if given.json:
        print_json(to_data(calendar))
    else:
        print("\n\n".join([*map(_say_notice, calendar.notices), *_say_regional(calendar)]))
        print(f"\n摘要 {version_of(calendar)}")
    return 0


def run_check(given: argparse.Namespace) -> int:
    """Print the mistakes and doubts of a file; 1 when there are mistakes."""
    entry = check_file(given.file)
    if given.json:
        found: dict[str, Any] = {
            "file": str(given.file),
            "years": list(entry.years),
            "mistakes": [{"place": one.place, "sentence": one.sentence} for one in entry.mistakes],
            "doubts": list(entry.doubts),
        }
        print_json(found)
        return 1 if entry.mistakes else 0
    for one in entry.mistakes:
        print(f"错误 {one.place}：{one.sentence}" if one.place else f"错误 {one.sentence}", file=sys.stderr)
    for doubt in entry.doubts:
        print(f"疑点 {doubt}", file=sys.stderr)
    if not entry.mistakes:
        print(f"可以导入：{'、'.join(str(year) for year in entry.years)} 年，地方休息日 {len(entry.regional or ())} 天")
    return 1 if entry.mistakes else 0


def _say_notice(notice: YearNotice) -> str:
    lines = [f"{notice.year} 年（依据：{notice.source}）"]
    for name, group in groupby(notice.days_off, key=lambda rest: rest.name):
        days = [rest.day for rest in group]
        until = f" 至 {say_day(days[-1])}" if len(days) > 1 else ""
        lines.append(f"  放假 {name} {say_day(days[0])}{until}，共 {len(days)} 天")
    lines += [f"  上班 {say_day(day)}" for day in notice.make_up_days]
    return "\n".join(lines)


def _say_regional(calendar: WorkCalendar) -> list[str]:
    if not calendar.regional:
        return []
    return ["\n".join(f"地方休息 {say_day(rest.day)} {rest.name}（{rest.source}）" for rest in calendar.regional)]
