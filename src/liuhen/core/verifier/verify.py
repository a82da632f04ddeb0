"""The verification of a whole package, step by step; a step that cannot be done says so and the others go on.

Invariant: never raises on any bytes; whatever cannot be read is a finding, and nothing unread counts as checked.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from liuhen.core.bag.checking import examine_bag
from liuhen.core.bag.manifests import manifest_name
from liuhen.core.crypto.x509 import Certificate, parse_certificate
from liuhen.core.facts.fold import fold
from liuhen.core.facts.model import Facts
from liuhen.core.kernel.digests import Digests
from liuhen.core.kernel.errors import LiuhenError
from liuhen.core.kernel.moments import say_instant
from liuhen.core.tlog.keys import PURE, Primitives
from liuhen.core.tlog.note import open_note, parse_note
from liuhen.core.verifier import layout
from liuhen.core.verifier.files import Readable, check_documents, check_files
from liuhen.core.verifier.law import check_catalogue, check_law, check_statement
from liuhen.core.verifier.logs import Anchor, check_inclusion, check_series, parse_proofs, parse_series
from liuhen.core.verifier.records import Records, check_records
from liuhen.core.verifier.report import Finding, Report, finding
from liuhen.core.verifier.seal import PackageSeal, parse_seal
from liuhen.core.verifier.trust import Trust, parse_trust

_LARGEST_PART = 1 << 30
Progress = Callable[[int], None]


class Package(Protocol):
    """A package opened for reading: a folder, a zip file or a disc image."""

    def list_files(self) -> list[str]: ...
    def open(self, name: str, /) -> Readable: ...


@dataclass(slots=True)
class _Work:
    package: Package
    report: Report
    digests: dict[str, Digests]
    trust: Trust
    roots: tuple[Certificate, ...]
    primitives: Primitives


def verify_package(
    package: Package, *, trust: Trust | None = None, primitives: Primitives = PURE, progress: Progress | None = None
) -> Report:
    """Verify a package. `trust`, obtained elsewhere, replaces what the package says of keys; without it a notice says so."""
    report = Report()
    names = set(package.list_files())
    missing = [name for name in layout.REQUIRED if name not in names]
    report.add(finding("PKG-001", name, what=name) for name in missing)
    examined = examine_bag(package.list_files, package.open, required=("sha256", "sm3"), progress=progress)
    report.add(Finding(item.code, item.path, item.message) for item in examined.findings)
    report.count("文件", len(examined.digests))
    if missing:
        return report
    try:
        own = parse_trust(_read(package, layout.TRUST))
        roots = tuple(parse_certificate(root) for root in (trust or own).roots)
    except LiuhenError as fault:
        report.add([finding("PKG-002", layout.TRUST, what=layout.TRUST, why=str(fault))])
        return report
    report.add(_compare_trust(own, trust))
    work = _Work(package, report, dict(examined.digests), trust or own, roots, primitives)
    seal = _check_seal(work)
    if seal is not None:
        _check_contents(work, seal)
    return report


def _read(package: Package, name: str) -> bytes:
    source = package.open(name)
    try:
        pieces, size = [], 0
        while piece := source.read(1 << 20):
            size += len(piece)
            if size > _LARGEST_PART:
                raise LiuhenError(f"{name} 超过 1 GiB，不是留痕写出的文件")
            pieces.append(piece)
        return b"".join(pieces)
    finally:
        source.close()


def _compare_trust(own: Trust, given: Trust | None) -> list[Finding]:
    if given is None:
        return [finding("TRUST-001", layout.TRUST, fingerprint=own.fingerprint)]
    if own.render() == given.render():
        return []
    keys = {line.key.identity for line in given.policy.logs}
    if any(line.key.identity not in keys for line in own.policy.logs):
        return [finding("TRUST-002", layout.TRUST, what="日志密钥不同")]
    if {line.key.identity for line in own.policy.witnesses} - {line.key.identity for line in given.policy.witnesses}:
        return [finding("TRUST-002", layout.TRUST, what="见证方密钥不同")]
    if set(own.roots) - set(given.roots):
        return [finding("TRUST-002", layout.TRUST, what="印章或时间戳的根证书不同")]
    return []


def _check_seal(work: _Work) -> PackageSeal | None:
    try:
        data = _read(work.package, layout.SEAL)
        seal = parse_seal(parse_note(data, "封签").text)
    except LiuhenError as fault:
        work.report.add([finding("SEAL-001", layout.SEAL, why=str(fault))])
        return None
    try:
        good = open_note(data, [line.key for line in work.trust.policy.logs], work.primitives).good
        own = [item for item in good if item.key.name.rsplit("/", 2)[-2] == seal.agency]
        if not own:
            raise LiuhenError(f"签名人不是机关 {seal.agency} 的日志")
        work.report.count("封签签名", len(own))
    except LiuhenError as fault:
        work.report.add([finding("SEAL-002", layout.SEAL, why=str(fault))])
    for algorithm, stated in (("sha256", seal.manifest_sha256), ("sm3", seal.manifest_sm3)):
        name = manifest_name(algorithm)
        found = work.digests.get(name)
        if found is None or getattr(found, algorithm) != stated:
            work.report.add([finding("SEAL-003", name, what=name)])
    work.report.about.update(agency=seal.agency, case=seal.case, packed=say_instant(seal.packed_at))
    return seal


def _check_contents(work: _Work, seal: PackageSeal) -> None:
    records = check_records(_read(work.package, layout.EVENTS), seal)
    work.report.add(records.findings)
    work.report.count("记录", len(records.events))
    facts = _facts(work, records, seal)
    _check_logs(work, records)
    work.report.add(check_files(records.events, facts, work.digests))
    paths = {digests.sha256: name for name, digests in work.digests.items()}
    work.report.add(check_documents(facts, paths, work.package.open, work.trust.roots))
    work.report.count("文书", len(facts.case.documents))
    work.report.count("音像", sum(recording.act is not None for recording in facts.recordings.values()))
    wanted = (name for name in work.digests if layout.is_edition(name) or name == layout.CALENDAR)
    law = check_law(facts, {name: _read(work.package, name) for name in wanted})
    work.report.add(law.findings)
    work.report.add(check_statement(facts, law, _read(work.package, layout.STATEMENT), seal))
    digests = {name: item.sha256 for name, item in work.digests.items()}
    work.report.add(check_catalogue(facts, _read(work.package, layout.CATALOGUE), digests))


def _facts(work: _Work, records: Records, seal: PackageSeal) -> Facts:
    """Fold the events; an event that has no effect is a finding, for nothing that a flow recorded ever lacks one."""
    facts = fold(records.events)
    destroyed = {event.id for event in records.events if event.content is None}
    for oddity in facts.oddities:
        event, _, why = oddity.partition(": ")
        if event not in destroyed:
            work.report.add([finding("EVT-009", layout.EVENTS, event=event, why=why)])
    number = facts.case.number or facts.case.register_number
    work.report.about.update(number=number, agency_name=facts.agency.name)
    if facts.case.uid != seal.case:
        work.report.add([finding("SEAL-004", layout.EVENTS, stream=f"case:{seal.case}", expected="?", found=0)])
    return facts


def _check_logs(work: _Work, records: Records) -> None:
    anchors: dict[str, list[Anchor]] = {}
    for name in sorted(filter(layout.is_checkpoints, work.digests)):
        try:
            entries = parse_series(_read(work.package, name), name)
        except LiuhenError as fault:
            work.report.add([finding("PKG-002", name, what=name, why=str(fault))])
            continue
        origin, found, wrong = check_series(entries, work.trust.policy, work.roots, name, work.primitives)
        work.report.add(wrong)
        anchors[origin] = found
        work.report.count("检查点", len(found))
    try:
        proofs = parse_proofs(_read(work.package, layout.PROOFS))
    except LiuhenError as fault:
        work.report.add([finding("PKG-002", layout.PROOFS, what=layout.PROOFS, why=str(fault))])
        return
    work.report.add(check_inclusion(records.sealed, proofs, anchors))
    work.report.count("存证证明", len(proofs))
