"""What a run of the demonstration leaves behind: package, image, exported log, trust file, and a table of verdicts."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from liuhen.core.rules.verdict import to_json
from liuhen.core.verifier import layout
from liuhen.core.verifier.statement import clause_table
from liuhen.doors.demonstration.cast import AGENCY, WU, Progress, Stage
from liuhen.doors.demonstration.story import PACKED_AT, perform_story
from liuhen.flows.export_log import export_log
from liuhen.flows.ground import ground_of
from liuhen.flows.keep_log import log_folder, seal_logs, tiles_of
from liuhen.flows.package import Package, build_package
from liuhen.records.ledger import read


def perform(out: Path, tell: Progress) -> dict[str, Any]:
    """Play the story, pack the case into `out`, export its log, and give what `liuhen demo --json` prints."""
    stage, footage = perform_story(tell)
    tell("制作归档包和光盘映像")
    occasion = stage.on(PACKED_AT, WU)
    package = build_package(stage.case, occasion, out)
    seal_logs(AGENCY, occasion.recorded_at)
    log = read.logs(AGENCY)[-1]
    export_log(log.origin, storage=tiles_of(log.origin), target=log_folder(out / "log"))
    (out / "trust.json").write_bytes((package.folder / layout.TRUST).read_bytes())
    findings = [to_json(verdict) for verdict in package.verdicts]
    return {
        "case": package.folder.name,
        "package": str(package.folder),
        "image": str(package.image),
        "log": str(out / "log"),
        "trust": str(out / "trust.json"),
        "verification": package.verification.to_json(),
        "image_verification": package.image_verification.to_json(),
        "findings": findings,
        "clauses": clause_table(findings),
        "footage": {item.path.name: item.origin for item in footage},
        "digests": dict(_stable(stage, package)),
    }


def _stable(stage: Stage, package: Package) -> Iterator[tuple[str, str]]:
    """Give the digests of everything that carries no key, signature or random number: equal on every run."""
    facts = ground_of(stage.case, AGENCY).facts
    for number, document in enumerate(facts.case.documents.values(), 1):
        if document.file is not None:
            yield f"{number:03d} {document.title}（签名前）", document.file.sha256
    for recording in facts.recordings.values():
        if recording.file is not None:
            yield recording.file.name, recording.file.sha256
    for edition in facts.case.packs:
        yield f"{edition.id}@{edition.edition}", edition.digest
    manifest = (package.folder / "manifest-sha256.txt").read_text(encoding="utf-8")
    for line in manifest.splitlines():
        digest, _, name = line.partition("  ")
        if name in (layout.STATEMENT, layout.CALENDAR):
            yield name, digest
