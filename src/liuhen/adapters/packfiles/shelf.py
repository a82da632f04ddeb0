"""The shelf: the packs at hand, several editions of one pack side by side, those of the program and those of users.

Invariant: an edition is named `id` or `id@edition`, whatever its folder is called; the same edition in a later folder
stands in the place of the one before, so that a user can end the shipped edition of an order that was replaced.
"""

import os
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path

from liuhen.adapters.packfiles.packs import load_pack, shipped_folder
from liuhen.core.kernel.errors import BadInput
from liuhen.core.rules.model import Pack


@dataclass(frozen=True, slots=True)
class Shelved:
    """One edition and the folder it was read from."""

    pack: Pack
    folder: Path

    @property
    def name(self) -> str:
        """Give the full name of the edition, such as hebei@2019-12-01."""
        return f"{self.pack.id}@{self.pack.edition}"


@dataclass(frozen=True, slots=True)
class Shelf:
    """Folders of packs in the order in which they were given; each holds packs, or is one itself.

    `settled`: the editions as they were read once, so that nobody's editing changes or breaks the law of a running site.
    """

    roots: tuple[Path, ...]
    settled: tuple[Shelved, ...] = ()

    def settle(self) -> "Shelf":
        """Read everything now and keep it. Raises BadInput with file and line."""
        return Shelf(self.roots, self.editions())

    def editions(self) -> tuple[Shelved, ...]:
        """Give every edition, by id and first day in force. Raises BadInput with file and line for one that is faulty."""
        if self.settled:
            return self.settled
        found: dict[str, Shelved] = {}
        for root in self.roots:
            for folder in pack_folders(root):
                shelved = Shelved(_read(folder, _stamp(folder)), folder)
                found[shelved.name] = shelved
        return tuple(sorted(found.values(), key=lambda item: (item.pack.id, item.pack.in_force_from, item.name)))

    def named(self, name: str, day: date | None = None) -> Shelved:
        """Find `id@edition`, or the edition of `id` in force on a day; without a day the newest one.

        Where none is in force on the day, the one nearest before it, else the first: its scope then says the days.
        Raises BadInput listing the names that exist.
        """
        pack_id, _, edition = name.partition("@")
        found = [item for item in self.editions() if item.pack.id == pack_id]
        if edition:
            found = [item for item in found if item.pack.edition == edition]
        if not found:
            raise BadInput("pack", f"no pack “{name}”; there are {', '.join(self._names())}")
        if day is None or edition:
            return found[-1]
        begun = [item for item in found if item.pack.in_force_from <= day]
        return begun[-1] if begun else found[0]

    def _names(self) -> Iterable[str]:
        return dict.fromkeys(name for item in self.editions() for name in (item.pack.id, item.name))

    def __add__(self, roots: Iterable[Path]) -> "Shelf":
        return Shelf((*self.roots, *roots))


def shipped_shelf() -> Shelf:
    """Give the shelf of the packs that come with Liuhen."""
    return Shelf((shipped_folder(),))


def pack_folders(root: Path) -> list[Path]:
    """List the folders of packs at a place: itself, or those in it. Raises BadInput where there is none."""
    if (root / "pack.yaml").is_file():
        return [root]
    found = sorted(path.parent for path in root.glob("*/pack.yaml"))
    if not found:
        raise BadInput(str(root), "holds no pack; give the folder that has pack.yaml, or the folder of such folders")
    return found


def read_packs_setting(text: str) -> tuple[Path, ...]:
    """Read LIUHEN_PACKS: folders separated as in PATH. Raises BadInput naming one that holds no pack or a faulty one."""
    roots = tuple(Path(part).expanduser().absolute() for part in text.split(os.pathsep) if part.strip())
    for root in roots:
        try:
            Shelf((root,)).editions()
        except BadInput as fault:
            raise BadInput(f"LIUHEN_PACKS: {fault.place}", fault.sentence) from None
    return roots


def _stamp(folder: Path) -> int:
    """Give the time of the newest change, so that an edited pack is read again."""
    files = (folder / "pack.yaml", folder / "clauses.yaml", folder / "rules", *(folder / "rules").glob("*.yaml"))
    return max((file.stat().st_mtime_ns for file in files if file.exists()), default=0)


@lru_cache(maxsize=64)
def _read(folder: Path, stamp: int) -> Pack:
    return load_pack(folder)
