"""水印副本: of a restricted recording only a copy leaves through the web that says in every picture who took it, and when.

Invariant: a copy belongs to one person and one day; the work follows from the folders of the jobs, so a killed worker or copy is
begun anew, and what fails three times says so. Old copies are removed; the recording itself is never touched.
"""

import hashlib
import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings

from liuhen.core.events.custody import RecordingExtracted
from liuhen.core.kernel.moments import SHANGHAI
from liuhen.flows.access import recording_for
from liuhen.flows.child import Child, begin_child
from liuhen.flows.classified import is_closed, is_state_secret
from liuhen.flows.hand_out import HoldsStateSecrets
from liuhen.flows.mark_copy import FAILED, JOB, PICTURE, VIDEO
from liuhen.flows.occasion import Occasion
from liuhen.flows.office import office
from liuhen.records.index.models import RecordingRow

_TRIES = "tries"
_MOST_TRIES = 3
_KEPT = timedelta(days=2)
_LONGEST = 6 * 3600.0  # seconds for one copy
_STOPPED = "制作水印副本的程序多次异常退出，已停止重试；文件可能损坏，请人工查看"


@dataclass(frozen=True, slots=True)
class MarkedCopy:
    """A copy asked for: its file once it is `ready`, why it `failed`, or neither while it is being made."""

    name: str
    media_type: str
    ready: Path | None
    failed: str


def needs_mark(row: RecordingRow) -> bool:
    """Say whether a recording leaves only as a watermarked copy."""
    return is_closed(row.classification)


def marked_copy(occasion: Occasion, recording: str, taken: RecordingExtracted | None = None) -> MarkedCopy:
    """Ask for the copy of today, or look how far it is; of what was `taken` out of the recording, where that is named.

    Raises NotAllowed, NotFound, HoldsStateSecrets.
    """
    row = recording_for(occasion.actor, recording)
    if is_state_secret(row.classification):
        raise HoldsStateSecrets
    picture = row.kind == "photo" if taken is None else taken.kind == "截图"
    sha256, shown = (row.sha256, row.name) if taken is None else (taken.file.sha256, taken.file.name)
    folder = _folder(occasion, row, sha256)
    if not (folder / JOB).exists():
        _ask(folder, occasion, row, sha256, "photo" if picture else row.kind)
    target = folder / (PICTURE if picture else VIDEO)
    failed = (folder / FAILED).read_text(encoding="utf-8") if (folder / FAILED).exists() else ""
    name = f"{Path(shown).stem}_水印副本{target.suffix}"
    return MarkedCopy(name, "image/png" if picture else "video/mp4", target if target.exists() else None, failed)


def _folder(occasion: Occasion, row: RecordingRow, sha256: str) -> Path:
    day = occasion.at.astimezone(SHANGHAI)
    key = f"{sha256}\n{occasion.actor.uid}\n{day:%Y-%m-%d}\n{row.classification}"
    return _root() / hashlib.sha256(key.encode()).hexdigest()[:40]


def _root() -> Path:
    return office().data / "cache" / "marked"


def _ask(folder: Path, occasion: Occasion, row: RecordingRow, sha256: str, kind: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    words = f"{occasion.actor.name} {occasion.at.astimezone(SHANGHAI):%Y-%m-%d %H:%M} {row.classification}"
    job = {"sha256": sha256, "kind": kind, "words": words}
    part = folder / f"{JOB}.part"
    part.write_text(json.dumps(job, ensure_ascii=False), encoding="utf-8")
    part.replace(folder / JOB)


@dataclass(slots=True)
class _Desk:
    """What this worker is at: at most one copy."""

    work: Child | None = None


_DESK = _Desk()


def make_marked_copies(at: datetime) -> int:
    """Take the next step without waiting; gives how many copies came to an end."""
    done = 0
    if _DESK.work is not None:
        if not _DESK.work.is_over():
            return 0
        done, _DESK.work = 1, None
    _remove_old(at - _KEPT)
    folder = next(_open_jobs(), None)
    if folder is not None:
        _DESK.work = _begin(folder)
    return done


def _open_jobs() -> Iterator[Path]:
    """Give the jobs without an answer, the oldest first; one that failed too often is answered here."""
    jobs = sorted(_root().glob(f"*/{JOB}"), key=lambda job: job.stat().st_mtime) if _root().exists() else []
    for job in jobs:
        folder = job.parent
        if any((folder / name).exists() for name in (VIDEO, PICTURE, FAILED)):
            continue
        if _tries(folder) >= _MOST_TRIES:
            (folder / FAILED).write_text(_STOPPED, encoding="utf-8")
            continue
        yield folder


def _tries(folder: Path) -> int:
    marks = folder / _TRIES
    return marks.stat().st_size if marks.exists() else 0


def _begin(folder: Path) -> Child:
    with (folder / _TRIES).open("ab") as tries:  # counted before the work begins
        tries.write(b".")
    place = (str(settings.VAULT), str(office().data / "spool"), str(folder))
    return begin_child("liuhen.flows.mark_copy", *place, seconds=_LONGEST)


def _remove_old(before: datetime) -> None:
    for job in _root().glob(f"*/{JOB}") if _root().exists() else ():
        if job.stat().st_mtime < before.timestamp():
            shutil.rmtree(job.parent, ignore_errors=True)
