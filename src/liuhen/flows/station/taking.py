"""采集入库: a delivery becomes a recording with everything that came beside it, once, however often it is tried.

Invariant: the film's own event stands before anything is said of what came with it; each companion and each mark is written
only where it does not stand yet, so a process killed between the two does the rest the next time, and two do no harm.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from typing import Any

from liuhen.adapters.station.ledger import KeyMoment, check_entry
from liuhen.core.events.custody import RecordingAccompanied
from liuhen.core.events.parts import FileRef
from liuhen.core.events.recording import RecordingMarked
from liuhen.core.facts.model import Recording
from liuhen.core.kernel.digests import Digests
from liuhen.flows.access import Permission, require
from liuhen.flows.camera_storage import set_aside_bytes
from liuhen.flows.claims import Claims
from liuhen.flows.ground import recording_facts
from liuhen.flows.ingest import Ingested, ingest_file
from liuhen.flows.occasion import Occasion
from liuhen.flows.office import office
from liuhen.flows.station.found import Delivery, open_plain
from liuhen.flows.station.reading import Companion, Told, shown_name
from liuhen.flows.writing import write_recording
from liuhen.records.ledger.append import hold
from liuhen.records.ledger.turn import turn

KEY_MOMENT = "重点标记"
LEDGER_KIND = "校验清单"
_TEXT = "text/plain"
_FOLLOWED = "随附于“{name}”，该文件已隔离，没有对应的音像记录；原件已保留，请一并处理"
_ALONE = "随附文件没有同名的录音录像；原件已保留，请核对是否漏拷了录像"
_BROKEN = "校验清单第 {line} 行与本文件接不上：设备可能为腾出空间删过文件，也可能文件被改动，请核对"


@dataclass(frozen=True, slots=True)
class _Beside:
    """A companion whose bytes are safe."""

    path: Path
    kind: str
    file: FileRef
    note: str | None


def take_in(
    delivery: Delivery,
    told: Told,
    occasion: Occasion,
    *,
    source: Path | None = None,
    progress: Callable[[int], None] | None = None,
) -> tuple[Ingested, ...]:
    """Take a delivery in and give what became of each of its files, the film first.

    `source` is by which name the film's bytes are read, where that is another than its own. Raises as `ingest_file`, and
    OSError when the folder vanished before everything was read.
    """
    row = ingest_file(source or delivery.film, occasion, told.claims, progress=progress)
    row = replace(row, path=str(delivery.film))
    beside = [_store(one) for one in told.companions]
    if row.status == "quarantined":
        return (row, *_follow(beside, occasion, _FOLLOWED.format(name=shown_name(delivery.film))))
    if row.recording is None:
        return (row,)  # closed to whoever delivers: nothing may be said of it here
    recording = row.recording
    accompany(recording, row.sha256, told, beside, occasion, ledger=delivery.ledger)
    doubts = [text for text in (row.reason if row.status == "stored" else None, *told.doubts) if text]
    if told.entry is not None and check_entry(told.entry, row.sha256) == "broken":
        doubts.append(_BROKEN.format(line=told.entry.line))
    if row.status == "stored" and doubts:
        row = replace(row, reason="；".join(doubts))
    return (row, *(_row(one, recording) for one in beside))


def accompany(
    recording: str,
    sha256: str,
    told: Told,
    beside: Sequence[_Beside],
    occasion: Occasion,
    *,
    ledger: Path | None,
) -> int:
    """Write what came beside a recording and does not stand there yet; gives how many events. Raises NotAllowed, OSError."""
    require(occasion.actor, Permission.INGEST)
    if not beside and not told.moments and told.entry is None:
        return 0
    listed = _ledger(told, sha256, ledger)
    with turn():
        hold(occasion.actor.agency)
        standing = recording_facts(recording)
        contents = [*_new_companions(standing, beside), *_new_ledger(standing, listed), *_new_marks(standing, told)]
        if contents:
            write_recording(recording, occasion, *contents)
    return len(contents)


def accompany_later(recording: str, companion: Companion, occasion: Occasion) -> Ingested:
    """Lay a companion beside a recording that was taken in before it came. Raises NotAllowed, OSError, DiskFull."""
    beside = _store(companion)
    accompany(recording, "", Told(Claims()), [beside], occasion, ledger=None)
    return _row(beside, recording)


def set_alone(companion: Companion, occasion: Occasion) -> Ingested:
    """Set a companion aside that has waited long for its film. Raises NotAllowed, OSError, DiskFull."""
    require(occasion.actor, Permission.INGEST)
    return _follow([_store(companion)], occasion, _ALONE)[0]


def _follow(beside: Sequence[_Beside], occasion: Occasion, reason: str) -> tuple[Ingested, ...]:
    for one in beside:
        digests = Digests(one.file.sha256, one.file.sm3, one.file.size)
        set_aside_bytes(occasion, digests, one.file.name, reason, one.file.media_type)
    return tuple(Ingested(str(one.path), None, one.file.sha256, one.file.sm3, "quarantined", reason) for one in beside)


def _row(one: _Beside, recording: str) -> Ingested:
    return Ingested(str(one.path), recording, one.file.sha256, one.file.sm3, "stored", f"随附文件：{one.kind}")


def _store(companion: Companion) -> _Beside:
    return _Beside(companion.path, companion.kind, _file(companion.path, companion.media_type), companion.note)


def _file(path: Path, media_type: str) -> FileRef:
    with open_plain(path) as source:
        digests = office().vault.store(source).digests
    return FileRef(digests.sha256, digests.sm3, digests.size, shown_name(path), media_type)


def _ledger(told: Told, sha256: str, path: Path | None) -> _Beside | None:
    if told.entry is None or path is None:
        return None
    sound = check_entry(told.entry, sha256) == "sound"
    note = f"第 {told.entry.line} 行校验相符" if sound else _BROKEN.format(line=told.entry.line)
    return _Beside(path, LEDGER_KIND, _file(path, _TEXT), note)


def _new_companions(standing: Recording, beside: Sequence[_Beside]) -> list[Any]:
    known = {(one.kind, one.file.sha256) for one in standing.companions}
    return [
        RecordingAccompanied(one.kind, one.file, one.note) for one in beside if (one.kind, one.file.sha256) not in known
    ]


def _new_ledger(standing: Recording, listed: _Beside | None) -> list[Any]:
    """A ledger grows with every file of its recorder: a recording keeps the first one that spoke of it."""
    if listed is None or any(one.kind == LEDGER_KIND for one in standing.companions):
        return []
    return [RecordingAccompanied(listed.kind, listed.file, listed.note)]


def _new_marks(standing: Recording, told: Told) -> list[Any]:
    known = {(mark.topic, mark.note) for mark in standing.marks}
    marks = [_mark(standing, moment) for moment in told.moments]
    return [mark for mark in marks if (mark.topic, mark.note) not in known]


def _mark(standing: Recording, moment: KeyMoment) -> RecordingMarked:
    """Set a moment down at its second; one that cannot lie within the recording stands at its start and says so.

    The recorder's own time stands in the note, so that a corrected start never makes a second mark of one moment.
    """
    said = f"设备时间 {moment.at:%Y-%m-%d %H:%M:%S}"
    note = f"{moment.note}（{said}）" if moment.note else said
    length = standing.media.duration_ms if standing.media else None
    if standing.started is not None:
        milliseconds = int((moment.at - standing.started).total_seconds() * 1000)
        if 0 <= milliseconds <= (length if length is not None else milliseconds):
            return RecordingMarked(Decimal(milliseconds) / 1000, KEY_MOMENT, note)
    return RecordingMarked(Decimal(0), KEY_MOMENT, f"{note}，不在本段录像之内")
