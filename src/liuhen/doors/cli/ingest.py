"""`liuhen ingest PATH... [--case N] [--json]`: take recordings in; 1 if any was set aside.

Whoever can run this command on the server holds the data folder already; the event names the operating system's account.
"""

import argparse
import getpass
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from liuhen.core.kernel.errors import BadInput
from liuhen.core.kernel.moments import SHANGHAI
from liuhen.doors.cli.printing import print_json
from liuhen.doors.cli.site import start

if TYPE_CHECKING:
    from liuhen.flows.ingest import Ingested
    from liuhen.flows.occasion import Occasion

_SAYING = {"stored": "已入库", "known": "此前已入库", "quarantined": "已隔离"}


def register(words: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add `ingest`."""
    parser = words.add_parser("ingest", help="take recordings in")
    parser.add_argument("paths", nargs="+", metavar="PATH", help="files, or folders whose files are all taken")
    parser.add_argument("--case", help="case number or id: link to the act whose time overlaps")
    parser.add_argument("--agency", help="agency id; needed when there are several")
    parser.add_argument("--data", help="data folder (LIUHEN_DATA, else ./data)")
    parser.add_argument("--json", action="store_true")
    parser.set_defaults(run=run)


def run(given: argparse.Namespace) -> int:
    """Ingest every file in turn; each is acknowledged on its own line as soon as it is safe."""
    paths = list(_files(given.paths))
    start(given.data)
    from liuhen.flows.claims import Claims
    from liuhen.flows.ingest import ingest_file, link_by_time

    occasion = _occasion(given.agency)
    case = _case_uid(given.case, occasion.actor.agency) if given.case else None
    rows: list[Ingested] = []
    for path in paths:
        now = datetime.now(SHANGHAI)
        moment = type(occasion)(occasion.actor, now, now)
        row = ingest_file(path, moment, Claims(way="命令行"), progress=_meter(path, quiet=given.json))
        rows.append(row)
        linked = link_by_time(case, moment, row.recording) if case and row.recording else None
        if not given.json:
            _say(row, linked if case else None)
    if given.json:
        print_json([asdict(row) for row in rows])
    return 1 if any(row.status == "quarantined" for row in rows) else 0


def _files(names: Iterable[str]) -> Iterator[Path]:
    for name in names:
        path = Path(name)
        if path.is_dir():
            yield from sorted(item for item in path.rglob("*") if item.is_file() and not item.is_symlink())
        elif path.is_file():
            yield path
        else:
            raise BadInput(name, "no such file or folder; check the path")


def _occasion(agency: str | None) -> "Occasion":
    from liuhen.flows.occasion import Actor, Occasion
    from liuhen.records.ledger import read

    known = sorted({log.agency for log in read.logs()})
    if agency is None and len(known) > 1:
        raise BadInput("--agency", f"there are several agencies; name one of {', '.join(known)}")
    if agency is not None and known and agency not in known:
        raise BadInput("--agency", f"no agency “{agency}”; there are {', '.join(known)}")
    account = getpass.getuser()
    actor = Actor(f"os:{account}", account, agency or (known[0] if known else "local"), frozenset({"执法人员"}))
    now = datetime.now(SHANGHAI)
    return Occasion(actor, now, now)


def _case_uid(number: str, agency: str) -> str:
    from liuhen.flows.ground import case_named

    found = case_named(agency, number)
    if found is None:
        raise BadInput("--case", f"no case “{number}” in this agency; give its number (案号) or id")
    return found


def _meter(path: Path, *, quiet: bool) -> Callable[[int], None] | None:
    """Show amount and share of a large file on a terminal; nothing for programs."""
    size = path.stat().st_size
    if quiet or size < 64 << 20 or not sys.stderr.isatty():
        return None

    def tell(done: int) -> None:
        print(f"\r  {path.name}  {done >> 20}/{size >> 20} MiB  {done * 100 // size}%", end="", file=sys.stderr)
        if done >= size:
            print(file=sys.stderr)

    return tell


def _say(row: "Ingested", linked: str | None) -> None:
    note = f"  {row.reason}" if row.reason else ""
    link = f"  关联：{linked}" if linked else ""
    print(f"{_SAYING[row.status]}  {row.path}  {row.sha256[:16]}{note}{link}")
