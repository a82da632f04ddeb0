"""The verification of a whole package, step by step; a step that cannot be done says so and the others go on.

Invariant: never raises on any bytes; whatever cannot be read is a finding, and nothing unread counts as checked.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Protocol

from liuhen.core.bag.checking import examine_bag
from liuhen.core.bag.manifests import manifest_name
from liuhen.core.crypto.x509 import Certificate, parse_certificate
from liuhen.core.facts.fold import fold
from liuhen.core.facts.model import Facts
from liuhen.core.kernel.canonical import normal
from liuhen.core.kernel.digests import Digests
from liuhen.core.kernel.errors import LiuhenError
from liuhen.core.kernel.moments import say_instant
from liuhen.core.tlog.keys import PURE, Primitives
from liuhen.core.tlog.note import open_note, parse_note
from liuhen.core.tlog.policy import NO_QUORUM
from liuhen.core.verifier import layout
from liuhen.core.verifier.documents import check_document, check_seal, check_seal_signature, documents_with_paths
from liuhen.core.verifier.files import check_files, check_tags
from liuhen.core.verifier.law import check_catalogue, check_law, check_statement, judge, say_statement
from liuhen.core.verifier.logs import ProofEntry, parse_proofs, parse_series
from liuhen.core.verifier.places import agency_of, check_inclusion
from liuhen.core.verifier.presented import Presented, answer_presented
from liuhen.core.verifier.records import Records, check_records
from liuhen.core.verifier.report import Finding, Report, finding
from liuhen.core.verifier.seal import PackageSeal, parse_seal
from liuhen.core.verifier.series import SKEW, Anchor, check_series, require_all_kinds
from liuhen.core.verifier.trust import Trust, compare_trust, parse_trust

_LARGEST_PART = 1 << 30
_LONGEST_WHY = 300
Progress = Callable[[int], None]


class Readable(Protocol):
    """A file opened for reading in pieces."""

    def read(self, size: int, /) -> bytes: ...
    def close(self) -> None: ...


class Package(Protocol):
    """A package opened for reading: a folder, a zip file or a disc image."""

    def list_files(self) -> list[str]: ...
    def open(self, name: str, /) -> Readable: ...


@dataclass(slots=True)
class _Work:
    package: Package
    report: Report
    primitives: Primitives
    presented: Presented | None = None
    names: dict[str, str] = field(default_factory=dict)
    digests: dict[str, Digests] = field(default_factory=dict)
    trust: Trust | None = None
    roots: tuple[Certificate, ...] = ()

    @contextmanager
    def step(self, what: str) -> Iterator[None]:
        """Do a step; whatever stops it becomes a finding, so that no bytes can stop the verifier or hide in silence."""
        try:
            yield
        except LiuhenError as fault:
            self.report.add([finding("PKG-002", what, what=what, why=str(fault)[:_LONGEST_WHY])])
        except (
            Exception
        ) as fault:  # hostile bytes find errors that nobody thought of; they fail the package, not the program
            why = f"{type(fault).__name__} {fault}"[:_LONGEST_WHY]
            self.report.add([finding("PKG-005", what, step=what, why=why)])

    def read(self, name: str) -> bytes:
        """Read a file whole. Raises LiuhenError for one that is damaged or larger than anything Liuhen writes."""
        source = self.package.open(self.names.get(name, name))
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


def verify_package(
    package: Package,
    *,
    trust: Trust | None = None,
    presented: Presented | None = None,
    primitives: Primitives = PURE,
    progress: Progress | None = None,
) -> Report:
    """Verify a package. `trust`, obtained elsewhere, replaces what the package says of keys; without it a notice says so.

    `presented` is a document that somebody holds: the report then also says whether it was issued in this case, unchanged.
    """
    work = _Work(package, Report(), primitives, presented)
    report = work.report
    missing: list[str] = list(layout.REQUIRED)
    with work.step("容器"):
        work.names = {normal(name): name for name in reversed(package.list_files())}
        missing = [name for name in layout.REQUIRED if name not in work.names]
        examined = examine_bag(package.list_files, package.open, required=layout.ALGORITHMS, progress=progress)
        report.add(Finding(item.code, item.path, item.message) for item in examined.findings)
        work.digests = dict(examined.digests)
    report.add(finding("PKG-001", name, what=name) for name in missing)
    report.count("文件", len(work.digests))
    if missing:
        return report
    with work.step(layout.TRUST):
        own = parse_trust(work.read(layout.TRUST))
        report.add(compare_trust(own, trust))
        work.roots = tuple(parse_certificate(root) for root in (trust or own).roots)
        work.trust = trust or own
    seal = _check_seal(work, work.trust) if work.trust else None
    if seal is not None and work.trust is not None:
        _check_contents(work, work.trust, seal)
    return report


def _check_seal(work: _Work, trust: Trust) -> PackageSeal | None:
    if trust.policy.quorum == NO_QUORUM:
        work.report.add([finding("TRUST-003", layout.TRUST)])
    try:
        data = work.read(layout.SEAL)
        seal = parse_seal(parse_note(data, "封签").text)
    except (LiuhenError, OverflowError) as fault:
        work.report.add([finding("SEAL-001", layout.SEAL, why=str(fault)[:_LONGEST_WHY])])
        return None
    try:
        good = open_note(data, [line.key for line in trust.policy.logs], work.primitives).good
        own = [item for item in good if agency_of(item.key.name) == seal.agency]
        if not own:
            raise LiuhenError(f"签名人不是机关 {seal.agency} 的日志")
        require_all_kinds(own, trust.policy, own[0].key.name)
        work.report.count("封签签名", len(own))
    except LiuhenError as fault:
        work.report.add([finding("SEAL-002", layout.SEAL, why=str(fault))])
    work.report.add(_compare_digests(work, seal))
    work.report.tell(agency=seal.agency, case=seal.case, packed=say_instant(seal.packed_at))
    return seal


def _compare_digests(work: _Work, seal: PackageSeal) -> Iterator[Finding]:
    for algorithm, stated in (("sha256", seal.manifest_sha256), ("sm3", seal.manifest_sm3)):
        name = manifest_name(algorithm)
        found = work.digests.get(name)
        if found is None or getattr(found, algorithm) != stated:
            yield finding("SEAL-003", name, what=name)
    for name in sorted({*layout.SEALED_TAGS, *seal.tags}):
        found = work.digests.get(name)
        if found is None or seal.tags.get(name) != (found.sha256, found.sm3):
            yield finding("SEAL-003", name, what=name)


def _check_contents(work: _Work, trust: Trust, seal: PackageSeal) -> None:
    report = work.report
    records = Records()
    with work.step(layout.EVENTS):
        records = check_records(work.read(layout.EVENTS), seal)
        report.add(records.findings)
        report.count("记录", len(records.events))
    facts = _facts(work, records)
    _check_logs(work, trust, records, seal)
    with work.step("文件"):
        report.add(check_files(records.events, facts, work.digests))
        report.add(check_tags(seal, facts, work.digests))
    _check_documents(work, trust, facts, seal)
    if work.presented is not None:
        with work.step("手中的文书"):
            answer_presented(work.presented, facts, trust.roots, report)
    report.count("文书", len(facts.case.documents))
    report.count("音像", sum(recording.act is not None for recording in facts.recordings.values()))
    report.count("音像附件", sum(name.startswith(layout.COMPANIONS) for name in work.digests))
    _check_law(work, facts, seal)


def _facts(work: _Work, records: Records) -> Facts:
    """Fold the events; an event that has no effect is a finding, for nothing that a flow recorded ever lacks one."""
    facts = Facts()
    with work.step("记录"):
        facts = fold(records.events)
        destroyed = {event.id for event in records.events if event.content is None}
        for oddity in facts.oddities:
            event, _, why = oddity.partition(": ")
            if event not in destroyed:
                work.report.add([finding("EVT-009", layout.EVENTS, event=event, why=why)])
        if facts.case.archived is None:
            work.report.add([finding("PKG-007", layout.EVENTS)])
        number = facts.case.number or facts.case.register_number
        editions = (f"{pack.id} {pack.edition}（{pack.digest[:16]}）" for pack in facts.case.packs)
        work.report.tell(number=number, agency_name=facts.agency.name, editions="、".join(editions))
    return facts


def _check_logs(work: _Work, trust: Trust, records: Records, seal: PackageSeal) -> None:
    anchors: dict[str, list[Anchor]] = {}
    proofs: list[ProofEntry] | None = None
    with work.step(layout.PROOFS):
        proofs = parse_proofs(work.read(layout.PROOFS))
        work.report.count("存证证明", len(proofs))
    used = {proof.origin for proof in proofs or ()}
    for name in sorted(filter(layout.is_checkpoints, work.digests)):
        with work.step(name):
            points = parse_series(work.read(name), name)
            origin, found, wrong = check_series(points, trust.policy, work.roots, name, work.primitives)
            work.report.add(wrong)
            if origin in anchors or (origin and origin not in used):
                work.report.add([finding("LOG-009", name, origin=origin)])
            anchors.setdefault(origin, found)
            work.report.count("检查点", len(found))
    with work.step("存证"):
        pairs = zip(records.events, records.sealed, strict=True)
        entries = [(event.header, item.header_bytes) for event, item in pairs]
        work.report.add(check_inclusion(entries, proofs, anchors) if proofs is not None else ())
    latest = [anchor.latest for found in anchors.values() for anchor in found if anchor.latest]
    if latest and max(latest) > seal.packed_at + SKEW:
        what = f"其中检查点的见证时间 {say_instant(max(latest))} "
        work.report.add([finding("SEAL-005", layout.SEAL, packed=say_instant(seal.packed_at), what=what)])


def _check_documents(work: _Work, trust: Trust, facts: Facts, seal: PackageSeal) -> None:
    paths = {digests.sha256: name for name, digests in work.digests.items()}
    for document, path in documents_with_paths(facts, paths):
        with work.step(path):
            data = work.read(path)
            work.report.add(check_document(document, facts.agency, data, path, trust.roots))
            beside = document.seal_signature and paths.get(document.seal_signature.sha256)
            signature = work.read(beside) if beside else None
            keys, verify = facts.agency.seal_keys, work.primitives.sm2
            work.report.add(check_seal_signature(document, keys, data, signature, path, verify))
            work.report.count("国密签名", int(signature is not None))
    path = layout.STATEMENT_PDF
    with work.step(path):
        data, at = work.read(path), seal.packed_at
        found = check_seal(data, path, trust.roots, name="合规说明书", agency=facts.agency, at=at, recorded=at)
        work.report.add(found)


def _check_law(work: _Work, facts: Facts, seal: PackageSeal) -> None:
    with work.step("法律"):
        wanted = (name for name in work.digests if layout.is_edition(name) or name == layout.CALENDAR)
        law = check_law(facts, {name: work.read(name) for name in wanted})
        work.report.add(law.findings)
        verdicts = judge(facts, law, seal)
        if verdicts is not None:
            work.report.add(check_statement(facts, law, verdicts, work.read(layout.STATEMENT), seal))
            work.report.tell(statement=say_statement(verdicts))
            work.report.count("条款结论", len(verdicts))
    with work.step(layout.CATALOGUE):
        work.report.add(check_catalogue(facts, work.read(layout.CATALOGUE)))
