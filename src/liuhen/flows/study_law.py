"""Studying the law without a case of one's own: written cases judged, packs read, checked and proved, acts asked about.

Invariant: needs no data folder and no database; whoever has the program can check what it says about the law.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path

from liuhen.adapters.calendars.published import published_calendar
from liuhen.adapters.packfiles.packs import (
    load_pack,
    load_scenario,
    shipped_folder,
    shipped_ids,
    shipped_pack,
    worked_cases,
)
from liuhen.core.calendar.calendar import WorkCalendar
from liuhen.core.calendar.deadline import Deadline, deadline
from liuhen.core.calendar.periods import Hours, parse_period
from liuhen.core.events.scenario import Scenario
from liuhen.core.kernel.errors import BadInput
from liuhen.core.kernel.moments import day_start, parse_instant
from liuhen.core.rules.asking import Demand, ask, words_of
from liuhen.core.rules.lint import lint
from liuhen.core.rules.model import Pack
from liuhen.core.rules.proof import Standing, TriedCase, coverage, missing_answers
from liuhen.core.rules.scope import OutsideScope
from liuhen.core.rules.trial import Trial, try_scenario
from liuhen.core.rules.verdict import LABELS


@dataclass(frozen=True, slots=True)
class PackFault:
    """A fault of a pack: where it stands (file and line where known) and what mends it."""

    pack: str
    place: str
    sentence: str


def editions() -> list[Pack]:
    """Give every pack that comes with Liuhen."""
    return [shipped_pack(pack_id) for pack_id in shipped_ids()]


def edition(pack_id: str) -> Pack:
    """Give one of them. Raises BadInput listing the ids that exist."""
    return shipped_pack(pack_id)


@cache
def calendar() -> WorkCalendar:
    """Give the published work calendar."""
    return published_calendar()


def compute_deadline(start: str, within: str) -> Deadline:
    """Compute the end of a period. `start` is an instant with its offset or, for periods not in hours, a plain day.

    Raises BadInput.
    """
    period = parse_period(within, "--within")
    if not isinstance(period, Hours) and len(start) == len("2026-03-02"):
        try:
            return deadline(day_start(datetime.strptime(start, "%Y-%m-%d").date()), period, calendar())  # noqa: DTZ007
        except ValueError:
            raise BadInput("--from", f"“{start}” is not a day; write it like 2026-03-02") from None
    return deadline(parse_instant(start, "--from"), period, calendar())


def assess_file(path: Path, at: str | None) -> Trial:
    """Judge a written case at its own moment, or at another one. Raises BadInput with file and line, OutsideScope."""
    scenario = load_scenario(path)
    packs = [_named_pack(pack_id, str(path)) for pack_id in scenario.packs]
    if not packs:
        raise BadInput(str(path), "names no packs; write packs: [hebei]")
    return try_scenario(scenario, packs, calendar=calendar(), at=parse_instant(at, "--at") if at else None)


def _named_pack(pack_id: str, path: str) -> Pack:
    try:
        return shipped_pack(pack_id)
    except BadInput as fault:
        raise BadInput(f"{path}: packs", fault.sentence) from None


def ask_packs(pack_ids: list[str], act: str, traits: tuple[str, ...]) -> tuple[list[Demand], list[str]]:
    """List what packs demand of an act, and a note for every word that none of their rules knows. Raises BadInput."""
    packs = [shipped_pack(pack_id) for pack_id in pack_ids]
    kinds, marks = words_of(packs, "kind"), words_of(packs, "traits")
    notes = [f"没有规则提到“{act}”；规则提到的执法活动有{'、'.join(kinds)}"] if act not in kinds else []
    notes += [f"没有规则提到“{mark}”；规则提到的特征有{'、'.join(marks)}" for mark in traits if mark not in marks]
    return ask(packs, act=act, traits=traits), notes


def tried_cases(folder: Path, pack: Pack) -> list[TriedCase]:
    """Try every worked case of a pack's folder. Raises BadInput with file and line."""
    return [
        TriedCase(
            f"{pack.id}/{case.file.rsplit('/', 1)[-1].removesuffix('.yaml')}: {case.scenario.name}",
            case.scenario,
            try_scenario(case.scenario, _packs_of(case.scenario, folder, pack), calendar=calendar()),
        )
        for case in worked_cases(folder)
    ]


def _packs_of(scenario: Scenario, folder: Path, pack: Pack) -> list[Pack]:
    return [pack if name in (folder.name, pack.id) else shipped_pack(name) for name in scenario.packs]


def cover_pack(pack_id: str) -> list[Standing]:
    """Give the standing of every clause of a shipped pack. Raises BadInput."""
    pack = shipped_pack(pack_id)
    root = checkout()
    tried = tried_cases(shipped_folder() / pack_id, pack)
    # Outside a checkout the tests are not at hand: what a shipped pack names was there when it was released.
    return coverage(pack, tried, lambda proof: root is None or (root / proof).exists())


def checkout() -> Path | None:
    """Give the folder of the source checkout we run from, or None when installed elsewhere."""
    root = shipped_folder().parents[2]
    return root if (root / "pyproject.toml").is_file() and (root / "tests").is_dir() else None


def check_packs(path: Path | None) -> list[PackFault]:
    """Find every fault of one pack's folder, or of all shipped packs."""
    folders = [shipped_folder() / pack_id for pack_id in shipped_ids()] if path is None else [path]
    return [fault for folder in folders for fault in _check(folder)]


def _check(folder: Path) -> Iterator[PackFault]:
    try:
        pack = load_pack(folder)
    except BadInput as refusal:
        yield PackFault(folder.name, refusal.place, refusal.sentence)
        return
    if folder.resolve().name != pack.id:
        yield PackFault(pack.id, f"{folder.name}/pack.yaml", f"the folder must be called {pack.id}, as the id says")
    lines = _lines(folder)
    # The clauses of a pack are its own register; that a shipped pack answers the whole of it is for the tests to hold.
    faults = lint(pack, frozenset(clause.id for clause in pack.clauses))
    for fault in faults:
        yield PackFault(pack.id, lines.get(fault.place, folder.name), f"{fault.place}: {fault.sentence}")
    if not faults:
        yield from _case_faults(folder, pack, lines)


def _lines(folder: Path) -> dict[str, str]:
    """Find the file and line where each clause and rule begins, by the line that bears its id."""
    places: dict[str, str] = {}
    for file in (folder / "clauses.yaml", *sorted((folder / "rules").glob("*.yaml"))):
        shown = f"{folder.name}/{file.relative_to(folder).as_posix()}"
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
            start = line.lstrip("- {")
            if start.startswith("id:"):
                name = start.removeprefix("id:").split(",")[0].strip(" \"'")
                places.setdefault(name, f"{shown}:{number}")
    return places


def _case_faults(folder: Path, pack: Pack, lines: dict[str, str]) -> Iterator[PackFault]:
    try:
        tried = tried_cases(folder, pack)
    except BadInput as refusal:
        yield PackFault(pack.id, refusal.place, refusal.sentence)
        return
    except OutsideScope as refusal:
        yield PackFault(pack.id, f"{folder.name}/cases", str(refusal))
        return
    for case in tried:
        for difference in case.trial.differences:
            yield PackFault(pack.id, case.name, difference)
    for rule in pack.rules:
        missing = missing_answers(rule, tried)
        if missing:
            words = "、".join(LABELS[answer] for answer in LABELS if answer in missing)
            yield PackFault(pack.id, lines.get(rule.id, rule.id), f"{rule.id}: no worked case expects {words}; add one")
