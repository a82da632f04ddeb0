"""What a watched folder has given so far, by file: so that what stays where it lies is not read through at every look.

Invariant: only a memory. It is written after the events stand and never decides what stands: lost, torn or wrong, the files
are read again, and the ledger says that it knows them. Lines are appended whole, so several watchers may share it.
"""

import hashlib
import json
import os
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from liuhen.core.kernel.moments import render_instant
from liuhen.flows.ingest import Ingested
from liuhen.flows.station.found import Mark

_SPARE_LINES = 1000


@dataclass(frozen=True, slots=True)
class Remembered:
    """A file that was dealt with: its mark then, its SHA-256, what became of it, and the recording it belongs to."""

    mark: Mark
    sha256: str
    status: str
    recording: str | None


class Memory:
    """The memory of one folder, in `DATA/stations`."""

    def __init__(self, data: Path, folder: Path) -> None:
        name = hashlib.sha256(os.fsencode(folder.absolute())).hexdigest()[:24]
        self._path = data / "stations" / f"{name}.jsonl"
        self._path.parent.mkdir(parents=True, exist_ok=True)
        self._known: dict[str, Remembered] = {}
        self._stems: dict[str, str] = {}
        lines = self._load()
        if lines > 2 * len(self._known) + _SPARE_LINES:
            self._rewrite()

    def of(self, path: Path, mark: Mark) -> Remembered | None:
        """Give what became of a file, if it is still the same file."""
        known = self._known.get(str(path))
        return known if known is not None and known.mark == mark else None

    def recording_beside(self, companion: Path) -> str | None:
        """Give the recording of a film with the stem of a companion, taken in from the same folder before it."""
        return self._stems.get(_stem_key(companion.parent, companion.stem))

    def note(self, path: Path, mark: Mark, row: Ingested, at: datetime) -> None:
        """Remember what became of a file. Raises OSError when there is no room; nothing but time is lost then."""
        known = Remembered(mark, row.sha256, row.status, row.recording)
        self._keep(str(path), known)
        line = {"path": str(path), "at": render_instant(at), **asdict(known)}
        with self._path.open("ab") as file:
            # One write: a kill leaves a whole line or a torn last one, which reading passes over.
            file.write(json.dumps(line).encode("ascii") + b"\n")

    def recording_at(self, film: Path) -> str | None:
        """Give the recording of a film that was taken in from this path, wherever the film lies now."""
        known = self._known.get(str(film))
        return known.recording if known is not None else None

    def sha256_at(self, film: Path) -> str:
        """Give the SHA-256 of a film that was taken in from this path; empty for none."""
        known = self._known.get(str(film))
        return known.sha256 if known is not None else ""

    def _keep(self, path: str, known: Remembered) -> None:
        self._known[path] = known
        if known.recording is not None:
            film = Path(path)
            self._stems[_stem_key(film.parent, film.stem)] = known.recording
            self._stems[_stem_key(film.parent, film.name)] = known.recording

    def _load(self) -> int:
        try:
            lines = self._path.read_bytes().splitlines()
        except FileNotFoundError:
            return 0
        for line in lines:
            try:
                found: dict[str, Any] = json.loads(line)
                mark = Mark(**found["mark"])
                known = Remembered(mark, found["sha256"], found["status"], found["recording"])
                self._keep(str(found["path"]), known)
            except (ValueError, KeyError, TypeError):
                continue  # torn by a kill: its file is read again
        return len(lines)

    def _rewrite(self) -> None:
        """Leave out what was said again later; what another watcher adds meanwhile is at worst read again."""
        draft = self._path.with_name(f"{self._path.name}.{os.getpid()}.draft")
        with draft.open("wb") as file:
            for path, known in self._known.items():
                file.write(json.dumps({"path": path, **asdict(known)}).encode("ascii") + b"\n")
        draft.replace(self._path)


def _stem_key(folder: Path, stem: str) -> str:
    return str(folder / stem.casefold())
