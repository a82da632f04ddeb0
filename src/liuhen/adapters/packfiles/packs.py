"""Packs on disk: `pack.yaml`, `clauses.yaml`, `rules/*.yaml`, and the worked cases in `cases/*.yaml`."""

from collections.abc import Iterator
from dataclasses import dataclass
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
    return tuple(sorted(path.parent.name for path in shipped_folder().glob("*/pack.yaml")))


@cache
def shipped_pack(pack_id: str) -> Pack:
    """Load a shipped pack by id; raises BadInput listing the ids that exist."""
    if pack_id not in shipped_ids():
        raise BadInput("pack", f"no pack “{pack_id}”; there are {', '.join(shipped_ids())}")
    return load_pack(shipped_folder() / pack_id)


def load_pack(folder: Path) -> Pack:
    """Load a pack from its folder; raises BadInput with file and line at the first fault."""
    head = read_yaml(folder / "pack.yaml", f"{folder.name}/pack.yaml")
    clauses = read_yaml(folder / "clauses.yaml", f"{folder.name}/clauses.yaml")
    data = {**_mapping(head), "clauses": (), "rules": ()}
    try:
        frame = decode(Pack, data)
    except BadInput as fault:
        raise head.relocate(fault) from None
    fields = {name: getattr(frame, name) for name in Pack.__slots__}
    fields["clauses"] = tuple(_decode_list(Clause, clauses))
    fields["rules"] = tuple(rule for file in sorted((folder / "rules").glob("*.yaml")) for rule in _rules(file, folder))
    return Pack(**fields)


def _rules(file: Path, folder: Path) -> Iterator[Rule]:
    yield from _decode_list(Rule, read_yaml(file, f"{folder.name}/rules/{file.name}"))


def _mapping(located: Located) -> dict[str, Any]:
    if not isinstance(located.data, dict):
        raise BadInput(f"{located.file}:1", "expected keys with values")
    return located.data


def _decode_list(kind: type[Any], located: Located) -> Iterator[Any]:
    if not isinstance(located.data, list):
        raise BadInput(f"{located.file}:1", "expected a list: every entry begins with “- ”")
    for index, item in enumerate(located.data):
        try:
            yield decode(kind, item, f"[{index}]")
        except BadInput as fault:
            raise located.relocate(fault) from None


@dataclass(frozen=True, slots=True)
class WorkedCase:
    """A worked case and the file and line it stands at."""

    scenario: Scenario
    file: str
    line: int


def worked_cases(folder: Path) -> Iterator[WorkedCase]:
    """Read all worked cases of a pack. A file holds `given` (events shared by its cases) and `cases`."""
    for file in sorted((folder / "cases").glob("*.yaml")):
        located = read_yaml(file, f"{folder.name}/cases/{file.name}")
        data = _mapping(located)
        for key in data:
            if key not in ("given", "cases"):
                raise BadInput(f"{located.file}:{located.lines[key]}", f"unknown key “{key}”; write given and cases")
        for key, value in data.items():
            if not isinstance(value, list):
                raise BadInput(f"{located.file}:{located.lines[key]}", f"“{key}” is a list; begin each entry with “- ”")
        given = data.get("given") or []
        for index, case in enumerate(data.get("cases") or []):
            yield WorkedCase(
                _scenario(case, given, folder.name, located, f"cases[{index}]"),
                located.file,
                located.lines[f"cases[{index}]"],
            )


def _scenario(case: Any, given: list[Any], pack_id: str, located: Located, place: str) -> Scenario:
    data = dict(case) if isinstance(case, dict) else case
    if isinstance(data, dict):
        data["packs"] = data.get("packs", [pack_id])
        data["events"] = [*given, *(data.get("events") or [])]
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
