"""封口以后: a sealed recording of a camera system becomes recordings, with all that came beside them, exactly once.

Invariant: a container is finished in one transaction with everything said of its recordings, so that a process killed before
it does the same again and one killed after it does nothing; a clip taken in twice is one recording. No content is dropped:
what cannot be used is set aside with its reason.
"""

import hashlib
import json
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any

from liuhen.adapters.cameras.contents import LARGEST_BOOKMARK, LARGEST_TRACK, Bookmark, read_bookmark, read_track
from liuhen.adapters.cameras.encryption import DecryptionFailed
from liuhen.adapters.cameras.names import recording_id
from liuhen.core.events.custody import RecordingAccompanied
from liuhen.core.events.envelope import Stream
from liuhen.core.events.parts import FileRef
from liuhen.core.events.recording import RecordingLabelled, RecordingMarked
from liuhen.core.kernel.digests import Digests
from liuhen.core.kernel.errors import BadInput
from liuhen.core.kernel.moments import say_instant
from liuhen.flows.camera_categories import category_of
from liuhen.flows.camera_connection import Connection
from liuhen.flows.camera_contents import Break, Clip, Contents, breaks_of, take_apart
from liuhen.flows.camera_files import decrypted_file, passing_file, read_bytes
from liuhen.flows.camera_people import Wearing, wearing_of
from liuhen.flows.camera_storage import set_aside_bytes
from liuhen.flows.claims import Claims
from liuhen.flows.ingest import ingest_file
from liuhen.flows.occasion import Occasion
from liuhen.flows.office import office
from liuhen.flows.writing import write
from liuhen.records.cameras.models import CameraCategory, CameraContainer, CameraObject
from liuhen.records.index.models import CaseRow, RecordingRow
from liuhen.records.ledger.turn import turn

_JSON = "application/json"
_BOOKMARK = "书签"
_BREAK = "中断"
_LONGEST_WHOLE = 128


@dataclass(slots=True)
class _Findings:
    """What is to be said at the end: contents of recordings' streams, objects with their outcome, and doubts."""

    container: CameraContainer
    connection: Connection
    entries: list[tuple[str, Any]] = field(default_factory=list)
    outcomes: list[tuple[CameraObject, str, str, str]] = field(default_factory=list)
    doubts: list[str] = field(default_factory=list)
    aside: list[tuple[Digests, str, str, str]] = field(default_factory=list)

    def say(self, recording: str, content: Any) -> None:
        self.entries.append((recording, content))

    def keep(self, row: CameraObject, outcome: str, recording: str) -> None:
        self.outcomes.append((row, outcome, recording, ""))

    def set_aside(self, row: CameraObject, reason: str) -> None:
        self.outcomes.append((row, "quarantined", "", reason[:500]))
        name = f"{self.container.name}/{row.name}"
        self.aside.append((Digests(row.sha256, row.sm3, row.size), name, reason, row.media_type))


def finish_container(container: CameraContainer, at: datetime) -> int:
    """Make recordings of a sealed container; gives how many clips it had. Raises what storing and recording raise."""
    owner = container.connection
    connection = Connection(owner.pk, owner.uid, owner.label, owner.agency)
    wearing = wearing_of(container)
    contents = take_apart(container)
    found = _Findings(container, connection, doubts=[*container.doubts, *wearing.doubts])
    taken = {clip.part: uid for clip in contents.clips if (uid := _take_in(found, clip, wearing, at))}
    kept = Contents([clip for clip in contents.clips if clip.part in taken])
    _keep_keys(found, contents, taken)
    _mark(found, contents.bookmarks, kept, taken)
    _accompany(found, contents, kept, taken)
    for one in breaks_of(container, contents.clips):
        _note_break(found, one, taken)
    for row in contents.superseded:
        found.set_aside(row, "同一名称先后送来不同的内容，以后一份为准；这一份可能是中断的残段，请核对")
    _describe(found, taken, wearing)
    _settle(found, wearing, at)
    return len(contents.clips)


def _take_in(found: _Findings, clip: Clip, wearing: Wearing, at: datetime) -> str | None:
    """Take one clip in and give its recording; None when it was set aside."""
    claims = Claims(
        way="摄像机系统",
        device=wearing.device,
        officer=wearing.officer,
        started_at=clip.starts,
        ended_at=clip.ends,
        whole=whole_of(found.container),
        part=clip.part,
        original_name=clip.row.name,
    )
    occasion = Occasion(found.connection.actor, clip.row.received_at, at)
    try:
        with _plain(found, clip.row, clip.key) as path:
            row = ingest_file(path, occasion, claims)
    except DecryptionFailed as fault:
        found.set_aside(clip.row, str(fault))
        return None
    if row.status == "quarantined":
        found.outcomes.append((clip.row, "quarantined", "", row.reason or ""))
        found.doubts.append(f"片段 {clip.row.name} 已隔离：{row.reason}")
        return None
    uid = RecordingRow.objects.get(agency=found.connection.agency, sha256=row.sha256).uid
    found.keep(clip.row, row.status, uid)
    if clip.key is not None:
        found.say(uid, RecordingAccompanied("加密原件", _file(clip.row), f"密钥文件 {clip.key.name}"))
    return uid


def whole_of(container: CameraContainer) -> str:
    """Give what joins the clips of a container: its name, or for an outlandish one its beginning and a digest of it."""
    name = container.name
    return name if len(name) <= _LONGEST_WHOLE else f"{name[:63]}…{hashlib.sha256(name.encode()).hexdigest()}"


def _plain(found: _Findings, row: CameraObject, key: CameraObject | None) -> AbstractContextManager[Path]:
    if key is None:
        return passing_file(row.sha256)
    return decrypted_file(row.sha256, key.sha256, found.connection.uid)


def _keep_keys(found: _Findings, contents: Contents, taken: dict[int, str]) -> None:
    """Lay every key beside the recording it opens."""
    for key in contents.keys.values():
        opened = next((clip for clip in contents.clips if clip.key is key and clip.part in taken), None)
        tracked = any(contents.key_for(track.name) is key for track in contents.tracks)
        uid = taken[opened.part] if opened else next(iter(taken.values()), None) if tracked else None
        if uid is None:
            found.set_aside(key, "密钥文件没有对应的已入库片段；原件已保留，请核对")
        else:
            found.say(uid, RecordingAccompanied("密钥", _file(key)))
            found.keep(key, "kept", uid)


def _mark(found: _Findings, rows: list[CameraObject], kept: Contents, taken: dict[int, str]) -> None:
    """Set bookmarks down at their seconds; the first that names a case labels all recordings of the container."""
    labelled = False
    for row in rows:
        bookmark = read_bookmark(row.metadata, read_bytes(row.sha256, LARGEST_BOOKMARK))
        clip = kept.clip_at(bookmark.starts)
        if clip is None:
            found.set_aside(row, "书签没有对应的已入库片段；原件已保留，请核对")
            continue
        category = category_of(found.connection.agency, bookmark.category)
        topic = (category.name if category else bookmark.category_name) or _BOOKMARK
        second = clip.second_of(bookmark.starts)
        found.say(taken[clip.part], RecordingMarked(second, topic, _note(bookmark, category)))
        found.keep(row, "kept", taken[clip.part])
        if category is not None and not labelled:
            labelled = _label(found, category, taken)


def _note(bookmark: Bookmark, category: CameraCategory | None) -> str | None:
    unknown = f"类别编号 {bookmark.category} 不是本机关发布的" if bookmark.category and category is None else ""
    until = f"至 {say_instant(bookmark.ends)}" if bookmark.ends else ""
    return "；".join(part for part in (bookmark.text, until, *bookmark.tags, unknown) if part) or None


def _label(found: _Findings, category: CameraCategory, taken: dict[int, str]) -> bool:
    case = CaseRow.objects.filter(uid=category.case_uid, agency=found.connection.agency).first()
    if case is None:
        return False
    for uid in taken.values():
        found.say(uid, RecordingLabelled(case.number or case.register_number))
    return True


def _accompany(found: _Findings, contents: Contents, kept: Contents, taken: dict[int, str]) -> None:
    """Lay tracks beside the clip of the same id, and what we do not know beside the first clip."""
    for row in contents.tracks:
        clip = kept.clip_named(recording_id(row.name))
        if clip is None:
            found.set_aside(row, "定位轨迹没有对应的已入库片段；原件已保留，请核对")
            continue
        file, note = _track(found, row, contents.key_for(row.name))
        found.say(taken[clip.part], RecordingAccompanied("轨迹", file, note))
        found.keep(row, "kept", taken[clip.part])
    for row in contents.others:
        clip = kept.clip_at(None)
        if clip is None:
            found.set_aside(row, "随附文件没有对应的已入库片段；原件已保留，请核对")
        else:
            found.say(taken[clip.part], RecordingAccompanied("说明", _file(row), "摄像机系统送来的其他文件"))
            found.keep(row, "kept", taken[clip.part])


def _track(found: _Findings, row: CameraObject, key: CameraObject | None) -> tuple[FileRef, str]:
    """Give the track as a plain file, and what it is; one that cannot be read is kept as it came, and said so."""
    try:
        with _plain(found, row, key) as path:
            file = _file(row, _JSON) if key is None else _stored(path.open("rb"), row.name)
            with path.open("rb") as source:
                data = source.read(LARGEST_TRACK)
        points = read_track(data)
    except (DecryptionFailed, BadInput) as fault:
        found.doubts.append(f"{row.name}：{fault}")
        return _file(row), str(fault)
    return file, f"{len(points)} 个定位点"


def _note_break(found: _Findings, one: Break, taken: dict[int, str]) -> None:
    """Mark on the recording before (else the first one) that a piece is missing, and ask for the reason."""
    span = f"{say_clock(one.starts)} 至 {say_clock(one.ends)} 之间没有片段（{(one.ends - one.starts).total_seconds():.1f} 秒）"
    found.doubts.append(f"{_BREAK}：{span}，请补充中断原因说明")
    beside = taken.get(one.after.part) if one.after else next(iter(taken.values()), None)
    if beside is None:
        return
    second = one.after.second_of(one.starts) if one.after else Decimal(0)
    found.say(beside, RecordingMarked(second, _BREAK, f"{span}，请说明中断原因"))


def say_clock(moment: datetime) -> str:
    """Write a moment to the second."""
    return f"{say_instant(moment)[:16]}{moment:%:S}"


def _describe(found: _Findings, taken: dict[int, str], wearing: Wearing) -> None:
    """Keep what the camera system says of the recording as a file beside its first clip; without a clip, set it aside."""
    told = {"container": found.container.name, "metadata": found.container.metadata}
    data = json.dumps(told, ensure_ascii=False, sort_keys=True, indent=1).encode()
    file = _stored(BytesIO(data), f"{found.container.name}.json")
    first = next(iter(taken.values()), None)
    if first is not None:
        note = "；".join(found.doubts) or "摄像机系统所述的录制情况"
        found.say(first, RecordingAccompanied("说明", file, note))
        return
    ended = found.container.doubts[0] if found.container.doubts else "录音录像已标记完成"
    reason = f"{ended}；但没有任何可以入库的片段，请与摄像机系统核对"
    found.doubts.append(reason)
    found.aside.append((Digests(file.sha256, file.sm3, file.size), file.name, reason, _JSON))


def _settle(found: _Findings, wearing: Wearing, at: datetime) -> None:
    """Say everything and finish the container, in one transaction and only once."""
    sealed_at = found.container.completed_at or at
    occasion = Occasion(found.connection.actor, sealed_at, at)
    with turn():
        row = CameraContainer.objects.select_for_update().get(pk=found.container.pk)
        if row.finished_at is not None:
            return
        write(occasion, [(Stream("recording", uid), content) for uid, content in found.entries])
        for digests, name, reason, media_type in found.aside:
            set_aside_bytes(occasion, digests, name, reason, media_type)
        for one, outcome, recording, reason in found.outcomes:
            CameraObject.objects.filter(pk=one.pk).update(outcome=outcome, recording=recording, reason=reason[:500])
        row.officer, row.device = wearing.officer or "", wearing.device or ""
        row.doubts, row.fault, row.finished_at = found.doubts, "", at
        row.save(update_fields=["officer", "device", "doubts", "fault", "finished_at"])


def _file(row: CameraObject, media_type: str = "") -> FileRef:
    kind = media_type or row.media_type or "application/octet-stream"
    return FileRef(row.sha256, row.sm3, row.size, row.name, kind)


def _stored(source: Any, name: str) -> FileRef:
    with source:
        digests = office().vault.store(source).digests
    return FileRef(digests.sha256, digests.sm3, digests.size, name[-255:], _JSON)


def proposed_acts(agency: str, recording: str) -> tuple[tuple[str, str], ...]:
    """Give the cases and acts (or "") that bookmarks of a recording name: proposals for a person to confirm."""
    rows = CameraObject.objects.filter(recording=recording, container__connection__agency=agency, outcome="kept")
    named = (category_of(agency, row.metadata.get("categoryid", "")) for row in rows.order_by("name"))
    return tuple(dict.fromkeys((category.case_uid, category.act_uid) for category in named if category))
