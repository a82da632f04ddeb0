"""Studying the law without a case of one's own: written cases judged and compared, packs proved, acts asked about.

Invariant: needs no data folder and no database; whoever has the program can check what it says about the law.
"""

from datetime import date, datetime
from functools import cache
from pathlib import Path

from liuhen.adapters.calendars.published import published_calendar
from liuhen.adapters.packfiles.custom import shipped_custom
from liuhen.adapters.packfiles.packs import load_scenario, shipped_folder, worked_cases
from liuhen.adapters.packfiles.shelf import Shelf, Shelved, shipped_shelf
from liuhen.core.calendar.calendar import WorkCalendar
from liuhen.core.calendar.deadline import Deadline, deadline
from liuhen.core.calendar.periods import Hours, parse_period
from liuhen.core.events.scenario import Scenario
from liuhen.core.kernel.errors import BadInput
from liuhen.core.kernel.moments import day_start, local_day, parse_instant
from liuhen.core.rules.announcing import Opening, opening_of
from liuhen.core.rules.asking import Demand, ask, words_of
from liuhen.core.rules.comparing import Judgements, compare_editions
from liuhen.core.rules.model import Pack
from liuhen.core.rules.proof import Standing, TriedCase, coverage
from liuhen.core.rules.trial import Trial, try_scenario

SHIPPED = shipped_shelf()


def editions(shelf: Shelf = SHIPPED) -> list[Pack]:
    """Give every edition of every pack at hand. Raises BadInput with file and line for one that is faulty."""
    return [item.pack for item in shelf.editions()]


def edition(name: str, shelf: Shelf = SHIPPED) -> Pack:
    """Give one by `id` (the newest edition) or `id@edition`. Raises BadInput listing the names that exist."""
    return shelf.named(name).pack


@cache
def calendar() -> WorkCalendar:
    """Give the published work calendar."""
    return published_calendar()


def compute_deadline(start: str, within: str, counted_by: WorkCalendar) -> Deadline:
    """Compute the end of a period. `start` is an instant with its offset or, for periods not in hours, a plain day.

    Raises BadInput.
    """
    period = parse_period(within, "--within")
    if not isinstance(period, Hours) and len(start) == len("2026-03-02"):
        try:
            return deadline(day_start(datetime.strptime(start, "%Y-%m-%d").date()), period, counted_by)  # noqa: DTZ007
        except ValueError:
            raise BadInput("--from", f"“{start}” is not a day; write it like 2026-03-02") from None
    return deadline(parse_instant(start, "--from"), period, counted_by)


def assess_file(path: Path, at: str | None, shelf: Shelf = SHIPPED) -> Trial:
    """Judge a written case at its own moment, or at another one, by the editions in force when it was registered.

    Raises BadInput with file and line, OutsideScope.
    """
    scenario = load_scenario(path)
    packs = [_named_pack(name, scenario, path, shelf) for name in scenario.packs]
    if not packs:
        raise BadInput(str(path), "names no packs; write packs: [hebei]")
    return try_scenario(scenario, packs, calendar=calendar(), at=parse_instant(at, "--at") if at else None)


def compare_file(path: Path, at: str | None, names: list[str], shelf: Shelf = SHIPPED) -> Judgements:
    """Judge a written case by each of the editions; a single one is compared with the edition that the case is under.

    Raises BadInput with file and line, OutsideScope.
    """
    scenario = load_scenario(path)
    packs = [_given_edition(name, shelf) for name in names]
    if len(packs) == 1:
        own = [name for name in scenario.packs if name.partition("@")[0] == packs[0].id]
        if not own:
            under = "、".join(scenario.packs)
            raise BadInput("--edition", f"{path} is judged by {under}; name the edition to compare with as well")
        packs.insert(0, _named_pack(own[0], scenario, path, shelf))
    moment = parse_instant(at, "--at") if at else None
    return compare_editions(scenario, packs, calendar=calendar(), at=moment)


def _given_edition(name: str, shelf: Shelf) -> Pack:
    try:
        return shelf.named(name).pack
    except BadInput as fault:
        raise BadInput("--edition", fault.sentence) from None


def _named_pack(name: str, scenario: Scenario, path: Path, shelf: Shelf) -> Pack:
    try:
        return shelf.named(name, _registered_on(scenario)).pack
    except BadInput as fault:
        raise BadInput(f"{path}: packs", fault.sentence) from None


def _registered_on(scenario: Scenario) -> date:
    """Give the day on which the law is looked up: that of the registration, else that of the judgement."""
    registered = (event.header.at for event in scenario.events if event.header.type == "case.registered")
    return local_day(next(registered, scenario.at))


def ask_packs(
    names: list[str], act: str, traits: tuple[str, ...], *, day: date | None = None, shelf: Shelf = SHIPPED
) -> tuple[list[Demand], list[str]]:
    """List what packs demand of an act on a day, and a note for every word that none of their rules knows.

    Raises BadInput.
    """
    packs = [shelf.named(name, day).pack for name in dict.fromkeys(names)]
    kinds, marks = words_of(packs, "kind"), words_of(packs, "traits")
    notes = [f"没有规则提到“{act}”；规则提到的执法活动有{'、'.join(kinds)}"] if act not in kinds else []
    notes += [f"没有规则提到“{mark}”；规则提到的特征有{'、'.join(marks)}" for mark in traits if mark not in marks]
    return ask(packs, act=act, traits=traits), notes


def announce_packs(
    names: list[str], act: str, traits: tuple[str, ...], *, day: date | None = None, shelf: Shelf = SHIPPED
) -> Opening:
    """Give what is read aloud before an act is filmed, by the packs on a day, else by custom. Raises BadInput."""
    packs = [shelf.named(name, day).pack for name in dict.fromkeys(names)]
    return opening_of(packs, shipped_custom(), act=act, traits=traits)


def tried_cases(folder: Path, pack: Pack, shelf: Shelf = SHIPPED) -> list[TriedCase]:
    """Try every worked case of a pack's folder. Raises BadInput with file and line."""
    return [
        TriedCase(
            f"{pack.id}/{case.file.rsplit('/', 1)[-1].removesuffix('.yaml')}: {case.scenario.name}",
            case.scenario,
            try_scenario(case.scenario, packs_of(case.scenario, folder, pack, shelf), calendar=calendar()),
        )
        for case in worked_cases(folder)
    ]


def packs_of(scenario: Scenario, folder: Path, pack: Pack, shelf: Shelf) -> list[Pack]:
    """Give the packs that a worked case is judged by: the one it belongs to, and any other it names. Raises BadInput."""
    own = (folder.name, pack.id, f"{pack.id}@{pack.edition}")
    day = _registered_on(scenario)
    return [pack if name in own else shelf.named(name, day).pack for name in scenario.packs]


def cover_pack(name: str, shelf: Shelf = SHIPPED) -> list[Standing]:
    """Give the standing of every clause of a pack. Raises BadInput."""
    shelved = shelf.named(name)
    return coverage(
        shelved.pack, tried_cases(shelved.folder, shelved.pack, shelf), lambda proof: _exists(proof, shelved)
    )


def _exists(proof: str, shelved: Shelved) -> bool:
    """Say whether a test is there that a clause names: beside the pack, in the checkout, or in what was released."""
    if shelved.folder.parent != shipped_folder() and (shelved.folder / proof).is_file():
        return True
    root = checkout()
    if root is not None:
        return (root / proof).exists()
    # Outside a checkout the tests are not at hand: what a shipped pack names was there when it was released.
    return any(proof in clause.proof for item in SHIPPED.editions() for clause in item.pack.clauses)


def checkout() -> Path | None:
    """Give the folder of the source checkout we run from, or None when installed elsewhere."""
    root = shipped_folder().parents[2]
    return root if (root / "pyproject.toml").is_file() and (root / "tests").is_dir() else None
