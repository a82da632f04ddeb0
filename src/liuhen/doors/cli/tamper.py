"""`liuhen tamper [--out FILE] [--json]`: tell every lie to the verifier; 0 when each was met as its row says, 1 otherwise."""

import argparse
import os
import tempfile
from pathlib import Path

from liuhen.doors.cli.printing import print_json, teller
from liuhen.doors.cli.site import start


def register(words: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add `tamper`."""
    parser = words.add_parser("tamper", help="tell every lie to the verifier and see which are caught")
    parser.add_argument("--out", help="also write the table to this Markdown file (docs/tamper.md)")
    parser.add_argument("--json", action="store_true")
    parser.set_defaults(run=run)


def run(given: argparse.Namespace) -> int:
    """Make the case in a data folder of its own, run the suite, and print what was found."""
    with tempfile.TemporaryDirectory(prefix="liuhen-tamper-") as work:
        for name in ("LIUHEN_DATABASE", "LIUHEN_VAULT", "LIUHEN_WITNESSES", "LIUHEN_LOG_PREFIX"):
            os.environ.pop(name, None)
        start(f"{work}/data")
        # Imported here: these rooms need Django to be set up.
        from liuhen.doors.tamper.run import all_attacks
        from liuhen.doors.tamper.run import run as run_suite
        from liuhen.doors.tamper.specimen import make_specimen
        from liuhen.doors.tamper.table import render, to_json

        tell = teller(given.json)
        specimen = make_specimen(Path(work), tell)
        rows = list(run_suite(specimen, Path(work), all_attacks(), lambda _: None))
        tell(f"{len(rows)} attacks")
    if given.out:
        Path(given.out).write_text(render(rows), encoding="utf-8")
    if given.json:
        print_json(to_json(rows))
    else:
        for row in rows:
            mark = "ok" if row.as_expected else "!!"
            print(f"{mark} {row.outcome:<12} {row.attack.name:<32} {' '.join(row.found)}")
    return 0 if all(row.as_expected for row in rows) else 1
