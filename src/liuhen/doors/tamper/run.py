"""Running the suite: each lie on a fresh copy, each with its twin, and what was found.

Invariant: a lie counts as found only when the codes it expects are there and its twin, rebuilt in the same way, passes.
"""

import dataclasses
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from liuhen.core.verifier.report import CODES, Report
from liuhen.core.verifier.verify import verify_package
from liuhen.doors.tamper import (
    on_attachments,
    on_bytes,
    on_containers,
    on_documents,
    on_events,
    on_exported_log,
    on_files,
    on_law,
    on_lists,
    on_log,
    on_time,
    on_trust,
)
from liuhen.doors.tamper.attack import Attack, Attacker, untouched
from liuhen.doors.tamper.forgery import Forgery, InMemory
from liuhen.doors.tamper.insider import insider
from liuhen.doors.tamper.rebuild import relist, reseal, restate, retag
from liuhen.doors.tamper.specimen import Specimen
from liuhen.flows.keep_log import FAST

Outcome = Literal["refused", "undetermined", "told", "not found"]

_STEPS = {"state": restate, "list": relist, "seal": reseal, "tags": retag}
_MEANS: dict[Attacker, tuple[str, ...]] = {
    Attacker.PASSER_BY: (),
    Attacker.FORGER: ("list", "tags"),
    Attacker.INSIDER: ("list", "seal", "tags"),
    Attacker.STRANGER: ("list", "seal", "tags"),
}
_ALWAYS = {"TRUST-001"}


@dataclass(frozen=True, slots=True)
class Row:
    """What became of an attack: the codes found beyond the twin's, the outcome, and whether the twin passed."""

    attack: Attack
    found: tuple[str, ...]
    outcome: Outcome
    twin_passes: bool

    @property
    def as_expected(self) -> bool:
        """Say whether the lie was met as its author claims, for the reason claimed."""
        met = set(self.attack.expects) <= set(self.found)
        return self.twin_passes and met and (bool(self.attack.expects) or self.outcome == "not found")


def all_attacks() -> tuple[Attack, ...]:
    """Give every attack, in the order of the table."""
    rooms = (
        on_events,
        on_time,
        on_log,
        on_trust,
        on_documents,
        on_files,
        on_attachments,
        on_law,
        on_lists,
        on_bytes,
        on_containers,
        on_exported_log,
    )
    return tuple(attack for room in rooms for attack in room.attacks())


def run(specimen: Specimen, work: Path, chosen: Iterable[Attack], tell: Callable[[str], None]) -> Iterator[Row]:
    """Tell every lie and its twin; `work` is a folder for containers."""
    twins: dict[tuple[object, ...], Report] = {}
    for attack in chosen:
        tell(attack.name)
        key = (attack.attacker, attack.only, attack.also, attack.judge, attack.trusted, attack.truth)
        if key not in twins:
            twins[key] = _judge(dataclasses.replace(attack, lie=attack.truth, spoil=untouched), specimen, work)
        yield _row(attack, _judge(attack, specimen, work), twins[key])


def _judge(attack: Attack, specimen: Specimen, work: Path) -> Report:
    attesters = insider(specimen.origin)
    forgery = Forgery(specimen, attesters, dict(specimen.files), specimen.packed_at, specimen.case)
    attack.lie(forgery)
    steps = _MEANS[attack.attacker] if attack.only is None else attack.only
    if attack.also:
        steps = ("state", *steps)
    for step in steps:
        _STEPS[step](forgery)
    if attack.judge is not None:
        return attack.judge(forgery, work, attack.spoil)
    trust = specimen.trust if attack.trusted else None
    return verify_package(InMemory(forgery.files), trust=trust, primitives=FAST)


def _row(attack: Attack, report: Report, twin: Report) -> Row:
    usual = _ALWAYS | {item.code for item in twin.findings}
    found = {item.code for item in report.findings} - usual
    return Row(attack, tuple(sorted(found)), _outcome(report, found), twin.verdict == "passed")


def _outcome(report: Report, found: set[str]) -> Outcome:
    if report.verdict == "failed":
        return "refused"
    if report.verdict == "indeterminate":
        return "undetermined"
    return "told" if any(CODES[code][0] == "notice" for code in found) else "not found"
