"""`liuhen verify PATH [--trust FILE] [--json]`: 0 passed, 1 failed, 2 indeterminate."""

import argparse
from pathlib import Path

from liuhen.adapters.disc.containers import open_container
from liuhen.adapters.disc.refusals import DamagedPackage
from liuhen.adapters.signing.ed25519 import verify_ed25519
from liuhen.adapters.signing.sm2 import verify_sm2
from liuhen.core.kernel.errors import BadInput
from liuhen.core.tlog.keys import Primitives
from liuhen.core.verifier.presented import Presented
from liuhen.core.verifier.report import Finding, Report
from liuhen.core.verifier.say import say_report
from liuhen.core.verifier.trust import Trust, parse_trust
from liuhen.core.verifier.verify import verify_package
from liuhen.doors.cli.printing import print_json

EXIT = {"passed": 0, "failed": 1, "indeterminate": 2}


def register(words: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add `verify`."""
    parser = words.add_parser("verify", help="verify a package: folder, zip or disc image")
    parser.add_argument("path")
    parser.add_argument("--trust", help="a trust file obtained from the agency or a witness")
    parser.add_argument("--document", help="a document in hand: say whether it was issued in this case, unchanged")
    parser.add_argument("--code", help="the checking code printed on a document in hand")
    parser.add_argument("--number", default="", help="the number printed on it, beside --code")
    parser.add_argument("--json", action="store_true")
    parser.set_defaults(run=run)


def run(given: argparse.Namespace) -> int:
    """Verify and print the report; a container that cannot be read is a failed verification, not misuse."""
    trust = _read_trust(given.trust) if given.trust else None
    report = _verify(Path(given.path), trust, _read_presented(given))
    if given.json:
        print_json(report.to_json())
    else:
        print(say_report(report))
    return EXIT[report.verdict]


def _verify(path: Path, trust: Trust | None, presented: Presented | None) -> Report:
    # Not through the flow: an offline check must not need a data folder or a database.
    try:
        with open_container(path) as package:
            primitives = Primitives(verify_ed25519, verify_sm2)
            return verify_package(package, trust=trust, presented=presented, primitives=primitives)
    except DamagedPackage as damage:
        return Report([Finding("PKG-004", str(path), str(damage))])


def _read_trust(path: str) -> Trust:
    try:
        return parse_trust(Path(path).read_bytes(), path)
    except OSError as error:
        raise BadInput(path, f"cannot be read ({error.strerror}); give the path of a trust.json") from None


def _read_presented(given: argparse.Namespace) -> Presented | None:
    if given.number and not given.code:
        raise BadInput("--number", "a number alone proves nothing; add --code with the checking code printed beside it")
    if not given.document:
        return Presented(code=given.code, number=given.number) if given.code else None
    try:
        return Presented(data=Path(given.document).read_bytes())
    except OSError as error:
        raise BadInput(given.document, f"cannot be read ({error.strerror}); give the path of the document") from None
