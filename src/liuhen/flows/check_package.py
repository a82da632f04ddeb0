"""公开核验 of a package: the stand-alone verifier's judgement, with this installation's own keys as the point of trust.

Invariant: the package of an agency kept here is held against the keys kept here; of any other, the report says that its
keys come from the package itself.
"""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from liuhen.adapters.disc.containers import Container, open_container
from liuhen.core.kernel.errors import LiuhenError
from liuhen.core.tlog.note import parse_note
from liuhen.core.verifier import layout
from liuhen.core.verifier.report import Report
from liuhen.core.verifier.seal import parse_seal
from liuhen.core.verifier.trust import Trust
from liuhen.core.verifier.verify import verify_package
from liuhen.flows.ground import agency_facts
from liuhen.flows.keep_log import FAST
from liuhen.flows.package import trust_of
from liuhen.records.ledger import read

_LARGEST_SEAL = 1 << 20


@dataclass(frozen=True, slots=True)
class PackageAnswer:
    """The verifier's report, and the witnesses that its checkpoints were held against; none where trust is the package's own."""

    report: Report
    witnesses: tuple[str, ...]


def check_package(path: Path, *, at: datetime) -> PackageAnswer:
    """Verify the zip file or disc image at a path. Raises NotAPackage, DamagedPackage."""
    with open_container(path) as package:
        trust = _trust(package, at)
        report = verify_package(package, trust=trust, primitives=FAST)
    return PackageAnswer(report, tuple(line.name for line in trust.policy.witnesses) if trust else ())


def _trust(package: Container, at: datetime) -> Trust | None:
    """Give this installation's trust for the agency that the seal names; None for agencies that are not kept here."""
    if layout.SEAL not in package.list_files():
        return None
    source = package.open(layout.SEAL)
    try:
        agency = parse_seal(parse_note(source.read(_LARGEST_SEAL), "封签").text).agency
    except LiuhenError:
        return None  # an unreadable seal is a finding of the verifier, which reads it again
    finally:
        source.close()
    origins = [log.origin for log in read.logs(agency)]
    return trust_of(agency_facts(agency).agency, origins, at) if origins else None
