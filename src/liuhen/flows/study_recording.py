"""音像检测: recordings that nobody has looked through yet are examined, one at a time, and what was found is recorded.

Invariant: the work follows from state: a recording without its event is examined, one without its derived files has them made
again. Examining runs in a process of its own, so neither a hostile file nor a long one holds up or brings down the worker; what
fails three times is set aside with its reason. A recording gets one event, however often a worker is killed.
"""

import json
import os
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from pathlib import Path

from django.conf import settings

from liuhen.core.events.custody import RecordingExamined
from liuhen.core.events.parts import Span
from liuhen.flows.child import Child, begin_child
from liuhen.flows.derive import STUDY, TOOL
from liuhen.flows.occasion import Occasion, system_of
from liuhen.flows.office import office
from liuhen.flows.proxies import folder_of, study_of
from liuhen.flows.writing import write_recording
from liuhen.records.index.models import RecordingRow
from liuhen.records.ledger.append import hold
from liuhen.records.ledger.turn import turn

_PAGE = 200
_MOST_TRIES = 3
_LONGEST = 6 * 3600.0  # seconds for one recording; each part has a shorter limit of its own
_TRIES = "tries"
_STOPPED = "检测程序多次异常退出，已停止重试；文件可能损坏或经人为构造，请人工查看。"


@dataclass(slots=True)
class _Work:
    """The recording being worked on, and the process that does."""

    sha256: str
    child: Child


@dataclass(slots=True)
class _Desk:
    """What this worker is at: at most one recording, and how far it has looked for lost derived files."""

    work: _Work | None = None
    looked: int = 0


_DESK = _Desk()


def study_recordings(at: datetime) -> int:
    """Take the next step without waiting: record what is done, begin what is next; gives how many were recorded."""
    if _DESK.work is not None:
        if not _DESK.work.child.is_over():
            return 0
        _note_end(_DESK.work)
        _DESK.work = None
    done, following = _walk(at)
    following = following or _next_lost()
    if following is not None:
        _DESK.work = _begin(following)
    return done


def record_study(uid: str, at: datetime) -> bool:
    """Record what was found in a recording; False where that stands already, or nothing was found out."""
    row = RecordingRow.objects.filter(uid=uid).first()
    study = study_of(row.sha256) if row else None
    if row is None or study is None or "length" not in study:
        return False
    spans = tuple(Span(kind, Decimal(start), Decimal(end)) for kind, start, end in study["spans"])
    with turn():
        hold(row.agency)
        if RecordingRow.objects.filter(uid=uid, examined=True).exists():
            return False
        said = RecordingExamined(str(study["tool"]), int(Decimal(study["length"]) * 1000), spans)
        write_recording(uid, Occasion(system_of(row.agency), at, at), said)
    return True


def _walk(at: datetime) -> tuple[int, str | None]:
    """Go along what has no event: record what is studied, pass what failed, stop at what nobody has looked at."""
    rows = RecordingRow.objects.filter(examined=False).exclude(kind="photo").order_by("id")
    done = 0
    for uid, sha256 in rows.values_list("uid", "sha256").iterator():
        study = study_of(sha256)
        if study is None or done == _PAGE:
            return done, sha256 if study is None else None
        done += "length" in study and record_study(uid, at)
    return done, None


def _next_lost() -> str | None:
    """Look through the next page of what is examined for one whose derived files are gone; begin again after the last."""
    rows = RecordingRow.objects.filter(examined=True, id__gt=_DESK.looked).exclude(kind="photo").order_by("id")
    page = list(rows.values_list("id", "sha256")[:_PAGE])
    _DESK.looked = page[-1][0] if len(page) == _PAGE else 0
    return next((sha256 for _, sha256 in page if not (folder_of(sha256) / STUDY).exists()), None)


def _begin(sha256: str) -> _Work:
    folder = folder_of(sha256)
    folder.mkdir(parents=True, exist_ok=True)
    # Counted before the work begins: a file that brings down the whole worker is counted too.
    _put(folder / _TRIES, str(_tries(folder) + 1))
    command = (str(settings.VAULT), str(office().data / "spool"), sha256, str(folder))
    return _Work(sha256, begin_child("liuhen.flows.derive", *command, seconds=_LONGEST))


def _note_end(work: _Work) -> None:
    """After its last try, a recording that the process could not finish is set aside with the reason."""
    folder = folder_of(work.sha256)
    if study_of(work.sha256) is None and _tries(folder) >= _MOST_TRIES:
        failed = {"tool": TOOL, "failures": {"examination": _STOPPED}}
        _put(folder / STUDY, json.dumps(failed, ensure_ascii=False))


def _tries(folder: Path) -> int:
    try:
        return int((folder / _TRIES).read_text())
    except (FileNotFoundError, ValueError):
        return 0


def _put(target: Path, text: str) -> None:
    part = target.with_name(f"{target.name}.{os.getpid()}.part")
    part.write_text(text, encoding="utf-8")
    part.replace(target)
