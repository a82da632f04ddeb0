"""`liuhen demo --out DIR`: one whole case on real media, from a complaint to a disc, verified; no browser needed."""

import argparse
import os
import shutil
import tempfile
from pathlib import Path
from typing import Any

from liuhen.core.kernel.errors import BadInput
from liuhen.doors.cli.printing import print_json, teller
from liuhen.doors.cli.site import start


def register(words: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add `demo`."""
    parser = words.add_parser("demo", help="one whole case on real media, packed and verified")
    parser.add_argument("--out", required=True, help="folder for the package, the image and the exported log")
    parser.add_argument("--pack", default="hebei", help="the regulation to work under (hebei)")
    parser.add_argument("--json", action="store_true")
    parser.set_defaults(run=run)


def run(given: argparse.Namespace) -> int:
    """Play the story in a data folder of its own, leave its fruits in DIR, and print what was found."""
    out = Path(given.out).expanduser().absolute()
    _require_free(out)
    if given.pack != "hebei":
        raise BadInput("--pack", f"no demonstration is written for “{given.pack}”; there is hebei")
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".work-", dir=out) as work:
        # The demonstration never touches an installation's own database, vault or witnesses.
        for name in ("LIUHEN_DATABASE", "LIUHEN_VAULT", "LIUHEN_WITNESSES"):
            os.environ.pop(name, None)
        start(work)
        result = _perform(out, quiet=given.json)
    if given.json:
        print_json(result)
    else:
        print(_say(result))
    return 0 if result["verification"]["verdict"] == "passed" else 1


def _require_free(out: Path) -> None:
    if out.exists() and not out.is_dir():
        raise BadInput("--out", f"{out} is a file; give a folder")
    taken = [name.name for name in out.iterdir()] if out.is_dir() else []
    if taken:
        raise BadInput("--out", f"{out} is not empty (it holds {taken[0]}); give a new or empty folder")


def _perform(out: Path, *, quiet: bool) -> dict[str, Any]:
    # Imported here: these rooms need Django to be set up.
    from liuhen.doors.demonstration.outcome import perform

    tell = teller(quiet)
    result = perform(out, tell)
    shutil.rmtree(out / ".work", ignore_errors=True)
    return result


def _say(result: dict[str, Any]) -> str:
    unmet = [item for item in result["findings"] if item["verdict"] == "unmet"]
    lines = [
        f"案件 {result['case']}",
        f"归档包 {result['package']}",
        f"光盘映像 {result['image']}",
        f"日志 {result['log']}",
        f"核验 {result['verification']['verdict']}",
        f"不符合 {len(unmet)} 项：",
        *(f"  ✗ {item['clause']} {item['title']}：{item['because'][-1]}" for item in unmet),
    ]
    return "\n".join(lines)
