"""检查规则包: every fault of packs with file, line and remedy, so that a jurist can mend them one by one.

Invariant: a pack without faults has been read whole, and every one of its worked cases has been judged as it expects.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from liuhen.adapters.packfiles.packs import WorkedCase, Written, load_pack, read_cases, read_pack
from liuhen.adapters.packfiles.shelf import Shelf, pack_folders
from liuhen.core.events.case import DocumentMade
from liuhen.core.kernel.errors import BadInput
from liuhen.core.rules.expectations import differences
from liuhen.core.rules.fault import Fault
from liuhen.core.rules.lint import lint, lint_rules, overlap_faults
from liuhen.core.rules.model import Pack
from liuhen.core.rules.proof import TriedCase, missing_answers
from liuhen.core.rules.scope import OutsideScope
from liuhen.core.rules.trial import try_scenario
from liuhen.core.rules.verdict import LABELS
from liuhen.flows.study_law import SHIPPED, calendar, packs_of


@dataclass(frozen=True, slots=True)
class PackFault:
    """A fault of a pack: `place` is file and line, the sentence says what is wrong and what mends it."""

    pack: str
    place: str
    sentence: str


def check_packs(path: Path | None, shelf: Shelf = SHIPPED) -> list[PackFault]:
    """Find every fault of one pack's folder, of a folder of packs, or of everything on the shelf."""
    roots = shelf.roots if path is None else (path,)
    folders = [folder for root in roots for folder in _folders(root)]
    return list(dict.fromkeys(fault for folder in folders for fault in _check(folder, shelf)))


def _folders(root: Path) -> list[Path]:
    try:
        return pack_folders(root)
    except BadInput:
        return [root]  # then its missing files are the fault


def _check(folder: Path, shelf: Shelf) -> Iterator[PackFault]:
    written = read_pack(folder, _shown(folder))
    name = written.pack.id if written.pack else folder.name
    yield from (PackFault(name, refusal.place, refusal.sentence) for refusal in written.refusals)
    if written.pack is None:
        yield from _told(name, written, lint_rules(written.rules))
        return
    pack = written.pack
    cases = list(read_cases(folder, written.shown, pack.id))
    readable = [case for case in cases if isinstance(case, WorkedCase)]
    yield from (PackFault(name, case.place, case.sentence) for case in cases if isinstance(case, BadInput))
    # The clauses of a pack are its own register; that a shipped pack answers the whole of it is for the tests to hold.
    register = frozenset(clause.id for clause in pack.clauses)
    faults = lint(pack, register, _known_forms(pack, readable))
    yield from _told(name, written, faults)
    yield from _told(name, written, _edition_faults(pack, folder, shelf))
    if not faults:  # a rule with an unknown word cannot be tried, and one fault is better told than all that follow
        yield from _case_faults(folder, pack, written, readable, shelf, whole=len(readable) == len(cases))


def _shown(folder: Path) -> str:
    """Give the path as an editor started here can open it."""
    try:
        return str(folder.resolve().relative_to(Path.cwd())) if folder.is_absolute() else str(folder)
    except ValueError:
        return str(folder)


def _told(name: str, written: Written, faults: Iterable[Fault]) -> Iterator[PackFault]:
    for fault in faults:
        yield PackFault(name, written.where(fault.path), f"{fault.place}: {fault.sentence}")


def _known_forms(pack: Pack, cases: Iterable[WorkedCase]) -> frozenset[str]:
    """Gather what documents are called: by the other packs, and by the worked cases that make them."""
    others = (item.pack for item in SHIPPED.editions() if item.pack.id != pack.id)
    named = {form for other in others for rule in other.rules if rule.document for form in rule.document.forms}
    made = (event.content for case in cases for event in case.scenario.events)
    return frozenset(named | {content.form for content in made if isinstance(content, DocumentMade)})


def _edition_faults(pack: Pack, folder: Path, shelf: Shelf) -> Iterator[Fault]:
    others = {item.name: item.pack for item in shelf.editions()}
    for sibling in folder.resolve().parent.glob("*/pack.yaml"):
        if sibling.parent != folder.resolve():
            try:
                other = load_pack(sibling.parent)
            except BadInput:  # named when it is checked itself
                continue
            others[f"{other.id}@{other.edition}"] = other
            if (other.id, other.edition) == (pack.id, pack.edition):
                said = f"edition {pack.edition} stands in {sibling.parent.name} too; keep one, or name another edition"
                yield Fault(f"{pack.id}@{pack.edition}", said, "edition")
    yield from overlap_faults(pack, others.values())


def _case_faults(
    folder: Path, pack: Pack, written: Written, cases: Iterable[WorkedCase], shelf: Shelf, *, whole: bool
) -> Iterator[PackFault]:
    """Try every worked case; `whole` says that all could be read, so that a missing one is known to be missing."""
    tried: list[TriedCase] = []
    for case in cases:
        try:
            packs = packs_of(case.scenario, folder, pack, shelf)
            trial = try_scenario(case.scenario, packs, calendar=calendar())
        except (BadInput, OutsideScope) as refusal:
            yield PackFault(pack.id, f"{case.file}:{case.line}", f"{case.scenario.name}: {refusal}")
            continue
        tried.append(TriedCase(case.scenario.name, case.scenario, trial))
        for item, line in zip(case.scenario.expect, case.expected_at, strict=True):
            for sentence in differences((item,), trial.verdicts):
                yield PackFault(pack.id, f"{case.file}:{line}", f"{case.scenario.name}: {sentence}")
    for index, rule in enumerate(pack.rules):
        missing = missing_answers(rule, tried) if whole else set()
        if missing:
            words = "、".join(LABELS[answer] for answer in LABELS if answer in missing)
            said = f"{rule.id}: no worked case expects {words}; add one"
            yield PackFault(pack.id, written.where(f"rules[{index}]"), said)
