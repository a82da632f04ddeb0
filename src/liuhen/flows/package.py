"""归档包: a case leaves as a bag that anyone can verify offline, and as a disc image of the same.

Invariant: a package appears under its name whole or not at all; what it holds was read back and verified before anybody is
told that it exists, and its making is an event of the case.
"""

import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from liuhen.adapters.disc.writing import write_image
from liuhen.adapters.standalone.archive import verifier_archive
from liuhen.core.bag.manifests import manifest_name
from liuhen.core.bag.writing import render_tag_files
from liuhen.core.calendar.calendar_data import to_data
from liuhen.core.events.case import PackageMade
from liuhen.core.facts.agency_model import AgencyFacts
from liuhen.core.kernel import canonical
from liuhen.core.kernel.digests import Digests, digests_of
from liuhen.core.kernel.errors import LiuhenError
from liuhen.core.rules.verdict import Verdict
from liuhen.core.tlog.note import sign_note
from liuhen.core.verifier import layout
from liuhen.core.verifier.catalogue import catalogue_of, plain_name
from liuhen.core.verifier.contents import info_of, volume_files
from liuhen.core.verifier.guide import GUIDE_TEXT
from liuhen.core.verifier.logs import render_proofs, render_series
from liuhen.core.verifier.records import render_event
from liuhen.core.verifier.report import Report
from liuhen.core.verifier.seal import PackageSeal
from liuhen.core.verifier.statement import statement_of
from liuhen.core.verifier.trust import Trust
from liuhen.flows import volume
from liuhen.flows.access import Permission, case_for
from liuhen.flows.ground import Ground, ground_of
from liuhen.flows.keep_calendar import record_calendar
from liuhen.flows.keep_log import log_signers, policy_of, seal_logs
from liuhen.flows.occasion import Occasion
from liuhen.flows.office import office
from liuhen.flows.prove import prove
from liuhen.flows.recompute_terms import recompute_case
from liuhen.flows.seals import roots_of
from liuhen.flows.verify import verify_path
from liuhen.flows.writing import write_case

Progress = Callable[[int, int], None]
_CHUNK = 1 << 20


class PackageUnsound(LiuhenError):
    """The package just built does not verify; it was not handed out."""


@dataclass(frozen=True, slots=True)
class Package:
    """What was built: the bag's folder, the disc image, the verification of both, and the verdicts it states."""

    folder: Path
    image: Path
    verification: Report
    image_verification: Report
    verdicts: tuple[Verdict, ...]
    manifest_sha256: str


@dataclass(slots=True)
class _Bag:
    """A bag being filled: payload and tag files with their digests, written as they come."""

    root: Path
    payload: dict[str, Digests] = field(default_factory=dict)
    tags: dict[str, Digests] = field(default_factory=dict)

    def put(self, name: str, data: bytes) -> None:
        """Write a file of the payload, or a tag file when it lies outside data/."""
        target = self.root / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)
        (self.payload if name.startswith("data/") else self.tags)[name] = digests_of(data)

    def copy(self, name: str, source: BinaryIO, digests: Digests) -> None:
        """Copy a file of the vault into the payload under its known digests."""
        target = self.root / name
        target.parent.mkdir(parents=True, exist_ok=True)
        with target.open("wb") as file, source:
            shutil.copyfileobj(source, file, _CHUNK)
        self.payload[name] = digests


def adopt_calendar(occasion: Occasion) -> None:
    """Record the published calendar as the agency's own, where it has adopted none yet."""
    record_calendar(occasion, office().calendar)


def build_package(case_uid: str, occasion: Occasion, target: Path, *, progress: Progress | None = None) -> Package:
    """Build, verify and record the package of a case in `target`.

    Raises NotAllowed, NotFound, NotSealedYet, and PackageUnsound when what was built does not verify.
    """
    case_for(occasion.actor, case_uid, Permission.VIEW)
    agency = occasion.actor.agency
    ground = ground_of(case_uid, agency)
    if ground.facts.agency.calendar is None:
        adopt_calendar(occasion)
    # What the sweep has not reached yet must not be missing from the trace that travels.
    recompute_case(case_uid, agency, occasion.recorded_at)
    ground = ground_of(case_uid, agency)
    seal_logs(agency, occasion.recorded_at)
    name = plain_name(ground.facts.case.number or ground.facts.case.register_number)
    folder, draft = target / name, target / f".{name}.draft"
    target.mkdir(parents=True, exist_ok=True)
    shutil.rmtree(draft, ignore_errors=True)
    try:
        verdicts, manifest = _fill(_Bag(draft), ground, occasion)
        image = _finish(draft, folder, occasion.recorded_at, progress)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    reports = verify_path(folder), verify_path(image)
    for report in reports:
        if report.verdict == "failed":
            raise PackageUnsound(f"归档包核验未通过，没有交付：{report.findings[0].message}")
    write_case(case_uid, occasion, PackageMade(manifest.sha256, manifest.sm3, "归档"))
    return Package(folder, image, *reports, verdicts, manifest.sha256)


def _fill(bag: _Bag, ground: Ground, occasion: Occasion) -> tuple[tuple[Verdict, ...], Digests]:
    at = occasion.recorded_at
    facts = ground.facts
    verdicts = ground.judge(at)
    catalogue = catalogue_of(facts)
    _put_files(bag, ground)
    _put_proofs(bag, ground, at)
    _put_law(bag, ground)
    statement = statement_of(facts.case, verdicts, at=at, calendar=ground.calendar_version)
    bag.put(layout.STATEMENT, canonical.render(statement))
    bag.put(layout.CATALOGUE, canonical.render(catalogue))
    drawn = (
        volume.cover(facts, at),
        volume.contents(facts, catalogue, at),
        volume.remarks(facts, at, occasion.actor.name),
        volume.sealed(facts, volume.compliance(facts, verdicts, at), at),
    )
    for name, pdf in zip(layout.GENERATED, drawn, strict=True):
        bag.put(name, pdf)
    bag.put(layout.VERIFIER, verifier_archive())
    bag.put(layout.GUIDE, GUIDE_TEXT.encode())
    return verdicts, _close(bag, ground, at)


def _put_files(bag: _Bag, ground: Ground) -> None:
    for name, (_, file) in volume_files(ground.events, ground.facts).items():
        bag.copy(name, office().vault.open(file.sha256), Digests(file.sha256, file.sm3, file.size))


def _put_proofs(bag: _Bag, ground: Ground, at: datetime) -> None:
    bag.put(layout.EVENTS, b"".join(render_event(item) for item in ground.sealed))
    entries, logs = prove(ground.sealed)
    bag.put(layout.PROOFS, render_proofs(entries))
    for number, log in enumerate(logs, 1):
        bag.put(layout.CHECKPOINTS.format(number=number), render_series(log.series))
    trust = trust_of(ground.facts.agency, [log.origin for log in logs], at)
    bag.put(layout.TRUST, trust.render())


def trust_of(agency: AgencyFacts, origins: list[str], at: datetime) -> Trust:
    """Give what a verifier may trust for logs of an agency of this installation."""
    return Trust(policy_of(origins, lambda: at), roots_of(agency, at))


def _put_law(bag: _Bag, ground: Ground) -> None:
    for edition in ground.facts.case.packs:
        with office().vault.open(edition.digest) as file:
            bag.put(layout.EDITION.format(id=edition.id, edition=edition.edition), file.read())
    bag.put(layout.CALENDAR, canonical.render(to_data(ground.calendar)))


def _close(bag: _Bag, ground: Ground, at: datetime) -> Digests:
    """Write the manifests, the seal over them, and the tag manifests over all of it."""
    facts = ground.facts
    payload = sorted(bag.payload.items())
    info = info_of(facts, at)
    first = {name: digests_of(data) for name, data in render_tag_files(payload, info).items()} | bag.tags
    manifest = first[manifest_name("sha256")]
    lengths: dict[str, int] = {}
    for event in ground.events:
        lengths[event.header.stream] = max(lengths.get(event.header.stream, 0), event.header.seq)
    seal = PackageSeal(
        agency=facts.agency.uid,
        case=facts.case.uid,
        packed_at=at,
        manifest_sha256=manifest.sha256,
        manifest_sm3=first[manifest_name("sm3")].sm3,
        tags={name: (first[name].sha256, first[name].sm3) for name in layout.SEALED_TAGS},
        streams=lengths,
    )
    origin = prove_origin(ground)
    bag.put(layout.SEAL, sign_note(seal.render(), log_signers(origin)).render())
    for name, data in render_tag_files(payload, info, sorted(bag.tags.items())).items():
        (bag.root / name).write_bytes(data)
    return manifest


def prove_origin(ground: Ground) -> str:
    """Give the log whose keys seal the package: the one that holds the newest event."""
    newest = ground.sealed[-1].header.id
    entries, _ = prove([item for item in ground.sealed if item.header.id == newest])
    return entries[0].origin


def _finish(draft: Path, folder: Path, at: datetime, progress: Progress | None) -> Path:
    image = folder.with_name(f"{folder.name}.iso")
    write_image(draft, image, label="留痕归档包", at=at, progress=progress)
    if folder.exists():
        shutil.rmtree(folder)
    draft.rename(folder)
    return image
