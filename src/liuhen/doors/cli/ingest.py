"""`liuhen ingest PATH... [--case N] [--json]`: take recordings in; 1 if any was set aside.

Whoever can run this command on the server holds the data folder already; the event names the operating system's account.
`liuhen ingest patterns check FILE [NAME...]` checks a file of name patterns; `--explain` says what would be read and stops.
"""

import argparse
import getpass
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from liuhen.core.kernel.errors import BadInput
from liuhen.core.kernel.moments import SHANGHAI
from liuhen.doors.cli.patterns import check_file, explain, patterns_of
from liuhen.doors.cli.printing import print_json
from liuhen.doors.cli.site import start

if TYPE_CHECKING:
    from liuhen.flows.ingest import Ingested
    from liuhen.flows.occasion import Occasion
    from liuhen.flows.station.found import Delivery
    from liuhen.flows.station.reading import Reader

_SAYING = {"stored": "已入库", "known": "此前已入库", "quarantined": "已隔离"}


@dataclass(frozen=True, slots=True)
class _Work:
    """What is done with every delivery: by whom, read how, linked to which case, told on a terminal or not."""

    occasion: "Occasion"
    reader: "Reader"
    case: str | None
    metered: bool

    def do(self, delivery: "Delivery") -> "tuple[tuple[Ingested, ...], str | None]":
        """Take a delivery in; gives its rows and the act it was linked to. Raises as the flow."""
        from liuhen.flows.ingest import link_by_time
        from liuhen.flows.station.taking import take_in

        moment = _now(self.occasion)
        told = self.reader.read(delivery)
        rows = take_in(delivery, told, moment, progress=_meter(delivery.film) if self.metered else None)
        recording = rows[0].recording
        return rows, link_by_time(self.case, moment, recording) if self.case and recording else None


def register(words: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add `ingest`."""
    parser = words.add_parser("ingest", help="take recordings in", epilog=__doc__)
    parser.add_argument("paths", nargs="+", metavar="PATH", help="files, or folders whose files are all taken")
    parser.add_argument("--case", help="case number or id: link to the act whose time overlaps")
    parser.add_argument("--agency", help="agency id; needed when there are several")
    parser.add_argument(
        "--patterns", metavar="FILE", help="how file names are read (default: the common makers' forms)"
    )
    parser.add_argument(
        "--explain", action="store_true", help="only say what names and companions tell; take nothing in"
    )
    parser.add_argument("--data", help="data folder (LIUHEN_DATA, else ./data)")
    parser.add_argument("--json", action="store_true")
    parser.set_defaults(run=run)


def run(given: argparse.Namespace) -> int:
    """Ingest the files, several at once; each is acknowledged on its own line as soon as it is safe."""
    if given.paths[:2] == ["patterns", "check"]:
        return check_file(given.paths[2:], json=given.json)
    patterns = patterns_of(given.patterns)
    paths = list(dict.fromkeys(_files(given.paths)))
    start(given.data)
    from liuhen.flows.station.found import gather
    from liuhen.flows.station.reading import Reader
    from liuhen.flows.station.roll import roll_of

    occasion = os_occasion(given.agency)
    agency = occasion.actor.agency
    reader = Reader(patterns, roll_of(agency), agency, "命令行", Path())
    reader.expect(paths)
    deliveries = gather(paths)
    if given.explain:
        return explain(deliveries, reader, json=given.json)
    case = _case_uid(given.case, agency) if given.case else None
    # Meters of several files at once would write over each other.
    work = _Work(occasion, reader, case, metered=len(deliveries) == 1 and not given.json)
    rows: list[Ingested] = []
    for taken, linked in _take(deliveries, work):
        rows.extend(taken)
        for row in () if given.json else taken:
            say(row, linked if row is taken[0] else None)
    if given.json:
        order = {str(path): number for number, path in enumerate(paths)}
        print_json([asdict(shown(row)) for row in sorted(rows, key=lambda row: order[row.path])])
    return 1 if any(row.status == "quarantined" for row in rows) else 0


def _take(deliveries: "Sequence[Delivery]", work: _Work) -> "Iterator[tuple[tuple[Ingested, ...], str | None]]":
    from liuhen.flows.station.crew import streams_here, together

    for _, result in together(deliveries, work.do, streams=max(1, min(streams_here(), len(deliveries)))):
        yield result


def _files(names: Iterable[str]) -> Iterator[Path]:
    from liuhen.flows.station.found import find_files

    for name in names:
        path = Path(name)
        if path.is_dir():
            yield from (found for found, _ in find_files(path, trouble=_pass_over))
        elif path.is_file():
            yield path
        else:
            raise BadInput(name, "no such file or folder; check the path")


def _pass_over(path: Path, error: OSError) -> None:
    print(
        f"liuhen: {path}: cannot be read ({error.strerror}) and was passed over; check its permissions", file=sys.stderr
    )


def os_occasion(agency: str | None) -> "Occasion":
    """Give the operating system's account as an officer of the agency, now. Raises BadInput for an agency that is not there."""
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


def _now(occasion: "Occasion") -> "Occasion":
    now = datetime.now(SHANGHAI)
    return type(occasion)(occasion.actor, now, now)


def _case_uid(number: str, agency: str) -> str:
    from liuhen.flows.ground import case_named

    found = case_named(agency, number)
    if found is None:
        raise BadInput("--case", f"no case “{number}” in this agency; give its number (案号) or id")
    return found


def _meter(path: Path) -> Callable[[int], None] | None:
    """Show amount and share of a large file on a terminal; nothing for programs."""
    size = path.stat().st_size
    if size < 64 << 20 or not sys.stderr.isatty():
        return None

    def tell(done: int) -> None:
        print(f"\r  {path.name}  {done >> 20}/{size >> 20} MiB  {done * 100 // size}%", end="", file=sys.stderr)
        if done >= size:
            print(file=sys.stderr)

    return tell


def say(row: "Ingested", linked: str | None = None) -> None:
    """Acknowledge a file on a line of its own."""
    note = f"  {row.reason}" if row.reason else ""
    link = f"  关联：{linked}" if linked else ""
    print(f"{_SAYING[row.status]}  {shown(row).path}  {row.sha256[:16]}{note}{link}", flush=True)


def shown(row: "Ingested") -> "Ingested":
    """Give a row whose path can be printed: bytes of a name that are no text are shown as �."""
    return replace(row, path=row.path.encode("utf-8", "surrogateescape").decode("utf-8", "replace"))
