"""`liuhen bench [NAME] [--json]`: the benchmarks, each against its goal, as measured on this machine in this run."""

import argparse
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path

from liuhen.core.kernel.errors import BadInput
from liuhen.doors.bench.row import SIZES, Row
from liuhen.doors.bench.run import BENCHMARKS, run
from liuhen.doors.cli.printing import print_json, teller


def register(words: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add `bench`."""
    told = "\n".join(f"  {name:<8} {sentence}" for name, (_, sentence) in BENCHMARKS.items())
    parser = words.add_parser(
        "bench", help="the benchmarks", epilog=told, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "name", nargs="?", choices=list(BENCHMARKS), metavar="NAME", help="one of those below; else all"
    )
    parser.add_argument("--size", choices=list(SIZES), default="full", help="small only proves that measuring works")
    parser.add_argument("--dir", default=".", help="on the disk to measure (default: here); nothing stays in it")
    parser.add_argument("--json", action="store_true")
    parser.set_defaults(run=measure)


def measure(given: argparse.Namespace) -> int:
    """Run one benchmark or all and print their rows; a goal that was missed is shown, not punished."""
    folder = Path(given.dir)
    if not folder.is_dir():
        raise BadInput("--dir", f"{folder} is no folder; name one on the disk to measure")
    tell = teller(given.json)
    rows: list[Row] = []
    for name in [given.name] if given.name else BENCHMARKS:
        tell(name)
        rows.extend(run([name], SIZES[given.size], folder.absolute()))
    if given.json:
        print_json([asdict(row) for row in rows])
    else:
        print("\n".join(_lines(rows)))
    return 0


def _lines(rows: Iterable[Row]) -> Iterable[str]:
    for row in rows:
        mark = {True: "✓", False: "✗", None: " "}[row.reached]
        ratio = f"  = {row.ratio:.2f} of {row.against:,.0f} ({row.compared_with})" if row.ratio is not None else ""
        sign = "≥" if row.better == "higher" else "≤"
        goal = f"  goal {sign} {row.goal:,g}" if row.goal is not None else ""
        cpu = f"  {row.by_cpu:,.0f} per CPU second" if row.by_cpu is not None else ""
        cpu += f"  best of {len(row.rounds)} rounds, usually {row.usual:,.0f}" if row.usual is not None else ""
        yield f"{mark} {row.name:<18} {row.value:>10,.0f} {row.unit:<9}{ratio}{goal}{cpu}"
