"""Checking the law and the statement: the pinned editions, the adopted calendar, and the verdicts recomputed from events."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from liuhen.core.calendar.calendar import WorkCalendar
from liuhen.core.calendar.calendar_data import from_data, version_of
from liuhen.core.facts.model import Facts
from liuhen.core.kernel import canonical
from liuhen.core.kernel.codec import decode
from liuhen.core.kernel.digests import sha256
from liuhen.core.kernel.errors import BadInput
from liuhen.core.rules.evaluate import assess
from liuhen.core.rules.model import Pack
from liuhen.core.rules.verdict import LABELS, Verdict
from liuhen.core.verifier.catalogue import catalogue_of
from liuhen.core.verifier.layout import CALENDAR, CATALOGUE, EDITION, STATEMENT
from liuhen.core.verifier.report import Finding, finding
from liuhen.core.verifier.seal import PackageSeal
from liuhen.core.verifier.statement import statement_of


@dataclass(slots=True)
class Law:
    """The law as the package carries it, as far as it could be trusted."""

    packs: tuple[Pack, ...] = ()
    calendar: WorkCalendar | None = None
    findings: list[Finding] = field(default_factory=list)


def check_law(facts: Facts, files: Mapping[str, bytes]) -> Law:
    """Read the editions that the case pinned and the calendar that the agency adopted."""
    law = Law()
    packs = []
    for edition in facts.case.packs:
        path = EDITION.format(id=edition.id, edition=edition.edition)
        data = files.get(path)
        if data is None or sha256(data) != edition.digest:
            law.findings.append(finding("LAW-001", path, edition=f"{edition.id} {edition.edition}"))
            continue
        packs.append(decode(Pack, canonical.parse(data, path), path))
    law.packs = tuple(packs)
    try:
        calendar = from_data(canonical.parse(files[CALENDAR], CALENDAR), CALENDAR)
    except BadInput as fault:
        law.findings.append(finding("PKG-002", CALENDAR, what=CALENDAR, why=str(fault)))
        return law
    if facts.agency.calendar is None:
        law.findings.append(finding("LAW-003", CALENDAR))
    elif f"sha256:{sha256(files[CALENDAR])}" != facts.agency.calendar:
        law.findings.append(finding("LAW-002", CALENDAR))
        return law
    law.calendar = calendar
    return law


def judge(facts: Facts, law: Law, seal: PackageSeal) -> tuple[Verdict, ...] | None:
    """Judge the case again from its events; None where LAW findings say why that cannot be done."""
    if law.calendar is None or len(law.packs) != len(facts.case.packs):
        return None
    return assess(law.packs, facts, calendar=law.calendar, at=seal.packed_at)


def check_statement(
    facts: Facts, law: Law, verdicts: tuple[Verdict, ...], data: bytes, seal: PackageSeal
) -> Iterator[Finding]:
    """Compare the statement with the verdicts computed anew, one by one."""
    if law.calendar is None:
        return
    computed = statement_of(facts.case, verdicts, at=seal.packed_at, calendar=version_of(law.calendar))
    if data == canonical.render(computed):
        return
    try:
        stated = canonical.parse(data, STATEMENT)
    except (BadInput, RecursionError) as fault:
        yield finding("PKG-002", STATEMENT, what=STATEMENT, why=str(fault))
        return
    yield from _compare(stated, computed)


def _compare(stated: Any, computed: dict[str, Any]) -> Iterator[Finding]:
    if not isinstance(stated, dict) or set(stated) != set(computed):
        yield finding("STMT-001", STATEMENT, what="项目不全或多出")
        return
    for key in computed:
        if key != "verdicts" and _differ(stated[key], computed[key]):
            yield finding("STMT-001", STATEMENT, what=f"{key} 不同")
    found, expected = stated["verdicts"], computed["verdicts"]
    if not isinstance(found, list) or len(found) != len(expected):
        number = len(found) if isinstance(found, list) else 0
        yield finding("STMT-002", STATEMENT, found=number, expected=len(expected))
        return
    for said, right in zip(found, expected, strict=True):
        if _differ(said, right):
            label = f"{right['clause']} {right['title']}（{right['subject']['label']}）"
            yield finding("STMT-001", STATEMENT, what=f"{label}应为 {right['verdict']}")


def _differ(one: Any, other: Any) -> bool:
    return canonical.render(one) != canonical.render(other)  # to Python 1 equals True, to a reader it does not


def check_catalogue(facts: Facts, data: bytes) -> Iterator[Finding]:
    """Compare the catalogue with the facts, byte by byte; that its files lie in their places is checked with all files."""
    if data != canonical.render(catalogue_of(facts)):
        yield finding("CAT-001", CATALOGUE)


def say_statement(verdicts: tuple[Verdict, ...]) -> str:
    """Count the verdicts computed anew in words, to hold against what the compliance statement shows in print."""
    counts = Counter(verdict.verdict for verdict in verdicts)
    return "，".join(f"{LABELS[name]} {counts[name]} 项" for name in LABELS if counts[name])
