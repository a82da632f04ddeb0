"""Packs on disk: `pack.yaml`, `clauses.yaml`, `rules/*.yaml`, and the worked cases in `cases/*.yaml`.

Invariant: every part of a pack knows the file and line it was read from; what cannot be read is refused with that place.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

from liuhen.adapters.packfiles.located import Located, read_yaml
from liuhen.core.events.scenario import Scenario, read_scenario
from liuhen.core.kernel.codec import decode
from liuhen.core.kernel.errors import BadInput
from liuhen.core.rules.model import Clause, Pack, Rule


def shipped_folder() -> Path:
    """Give the folder of the packs that come with Liuhen."""
    return Path(str(resources.files("liuhen") / "packs"))


def shipped_ids() -> tuple[str, ...]:
    """List the ids of the packs that come with Liuhen."""
    folders = (path.parent.name for path in shipped_folder().glob("*/pack.yaml"))
    return tuple(sorted({name.partition("@")[0] for name in folders}))


@cache
def shipped_pack(pack_id: str) -> Pack:
    """Load a shipped pack by id; raises BadInput listing the ids that exist."""
    if pack_id not in shipped_ids():
        raise BadInput("pack", f"no pack “{pack_id}”; there are {', '.join(shipped_ids())}")
    return load_pack(shipped_folder() / pack_id)


@dataclass(slots=True)
class Written:
    """A pack as it was written: what could be read of it, every refusal, and where each part stands.

    `pack` is None when anything was refused; `rules` are then those that could be read.
    """

    shown: str
    pack: Pack | None = None
    rules: list[Rule] = field(default_factory=list)
    refusals: list[BadInput] = field(default_factory=list)
    lines: dict[str, str] = field(default_factory=dict)

    def where(self, path: str) -> str:
        """Give file and line of a path in the pack (`rules[3].time.within`), or of the nearest part that encloses it."""
        while path and path not in self.lines:
            path = path[: max(path.rfind("."), path.rfind("["), 0)]
        return self.lines.get(path) or f"{self.shown}/pack.yaml:1"


def load_pack(folder: Path) -> Pack:
    """Load a pack from its folder; raises BadInput with file and line at the first fault."""
    written = read_pack(folder, folder.name)
    if written.pack is None:
        raise written.refusals[0]
    return written.pack


def read_pack(folder: Path, shown: str) -> Written:
    """Read all files of a pack and gather every refusal; files are named below `shown`."""
    written = Written(shown)
    frame = _read_head(written, folder)
    clauses = _read_entries(written, Clause, folder / "clauses.yaml", f"{shown}/clauses.yaml", "clauses", 0)
    for file in sorted((folder / "rules").glob("*.yaml")):
        first = len(written.rules)
        written.rules += _read_entries(written, Rule, file, f"{shown}/rules/{file.name}", "rules", first)
    if frame is not None and not written.refusals:
        fields = {name: getattr(frame, name) for name in Pack.__slots__}
        written.pack = Pack(**{**fields, "clauses": tuple(clauses), "rules": tuple(written.rules)})
    return written


def _read_head(written: Written, folder: Path) -> Pack | None:
    try:
        head = read_yaml(folder / "pack.yaml", f"{written.shown}/pack.yaml")
        written.lines.update({path: f"{head.file}:{line}" for path, line in head.lines.items()})
        data = _mapping(head)
    except BadInput as refusal:
        written.refusals.append(refusal)
        return None
    for own in ("clauses", "rules"):
        if own in data:
            said = f"unknown key “{own}”; {own} stand in {'clauses.yaml' if own == 'clauses' else 'rules/*.yaml'}"
            written.refusals.append(BadInput(f"{head.file}:{head.lines[own]}", said))
    try:
        return decode(Pack, {**data, "clauses": (), "rules": ()})
    except BadInput as fault:
        written.refusals.append(head.relocate(fault))
        return None


def _read_entries(written: Written, kind: type[Any], file: Path, shown: str, part: str, first: int) -> list[Any]:
    """Read the entries of a list file; `first` is the number of entries that stand in files before it."""
    try:
        located = read_yaml(file, shown)
        entries = _list(located)
    except BadInput as refusal:
        written.refusals.append(refusal)
        return []
    written.lines.setdefault(part, f"{shown}:1")
    found: list[Any] = []
    for index, item in enumerate(entries):
        try:
            found.append(decode(kind, item, f"[{index}]"))
        except BadInput as fault:
            written.refusals.append(located.relocate(fault))
            continue
        own, place = f"[{index}]", f"{part}[{first + len(found) - 1}]"
        for path, line in located.lines.items():
            if path == own or path.startswith((f"{own}.", f"{own}[")):
                written.lines[place + path[len(own) :]] = f"{shown}:{line}"
    return found


def _mapping(located: Located) -> dict[str, Any]:
    if not isinstance(located.data, dict):
        raise BadInput(f"{located.file}:1", "expected keys with values")
    return located.data


def _list(located: Located) -> list[Any]:
    if not isinstance(located.data, list):
        raise BadInput(f"{located.file}:1", "expected a list: every entry begins with “- ”")
    return located.data


@dataclass(frozen=True, slots=True)
class WorkedCase:
    """A worked case, the file and line it stands at, and the line of each of its expectations."""

    scenario: Scenario
    file: str
    line: int
    expected_at: tuple[int, ...] = ()


def worked_cases(folder: Path) -> Iterator[WorkedCase]:
    """Read all worked cases of a pack; raises BadInput with file and line at the first fault."""
    for item in read_cases(folder, folder.name, folder.name):
        if isinstance(item, BadInput):
            raise item
        yield item


def read_cases(folder: Path, shown: str, pack_name: str) -> Iterator[WorkedCase | BadInput]:
    """Read all worked cases of a pack, and a refusal for each that cannot be read.

    A file holds `given` (events shared by its cases) and `cases`; a case that names no packs is judged by `pack_name`.
    """
    for file in sorted((folder / "cases").glob("*.yaml")):
        try:
            located = read_yaml(file, f"{shown}/cases/{file.name}")
            data = _case_file(located)
        except BadInput as refusal:
            yield refusal
            continue
        for index, case in enumerate(data.get("cases") or []):
            yield _worked_case(case, data.get("given") or [], pack_name, located, f"cases[{index}]")


def _case_file(located: Located) -> dict[str, Any]:
    data = _mapping(located)
    for key, value in data.items():
        if key not in ("given", "cases"):
            raise BadInput(f"{located.file}:{located.lines[key]}", f"unknown key “{key}”; write given and cases")
        if not isinstance(value, list):
            raise BadInput(f"{located.file}:{located.lines[key]}", f"“{key}” is a list; begin each entry with “- ”")
    return data


def _worked_case(case: Any, given: list[Any], pack_name: str, located: Located, place: str) -> WorkedCase | BadInput:
    try:
        scenario = _scenario(case, given, pack_name, located, place)
    except BadInput as refusal:
        return refusal
    expected = tuple(located.lines[f"{place}.expect[{index}]"] for index in range(len(scenario.expect)))
    return WorkedCase(scenario, located.file, located.lines[place], expected)


def _scenario(case: Any, given: list[Any], pack_name: str, located: Located, place: str) -> Scenario:
    data = dict(case) if isinstance(case, dict) else case
    if isinstance(data, dict):
        data["packs"] = data.get("packs", [pack_name])
        own = data.get("events") or []
        if not isinstance(own, list):
            raise BadInput(
                f"{located.file}:{located.lines[f'{place}.events']}", "“events” is a list; begin each with “- ”"
            )
        data["events"] = [*given, *own]
    try:
        return read_scenario(data, place)
    except BadInput as fault:
        raise located.relocate(_shift(fault, place, len(given))) from None


def _shift(fault: BadInput, place: str, given: int) -> BadInput:
    """Count an event's index from the case's own list again, for the shared events stand before it."""
    mark = f"{place}.events["
    if not fault.place.startswith(mark):
        return fault
    index, _, rest = fault.place.removeprefix(mark).partition("]")
    own = int(index) - given
    if own < 0:
        return BadInput(f"given[{index}]{rest}", fault.sentence)
    return BadInput(f"{mark}{own}]{rest}", fault.sentence)


def load_scenario(path: Path) -> Scenario:
    """Read one scenario file; raises BadInput with file and line."""
    located = read_yaml(path)
    try:
        return read_scenario(located.data)
    except BadInput as fault:
        raise located.relocate(fault) from None
