"""音像入库: a file becomes a recording, is known already, or is set aside with its reason; never dropped.

Invariant: the bytes are safe in the vault before anything is recorded of them, and recorded before it is acknowledged;
killed at any moment, the same call does what is left to do.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Literal

from django.db import IntegrityError

from liuhen.adapters.media.facts import MediaFacts, Unreadable
from liuhen.adapters.media.probe import probe
from liuhen.core.events.agency import ArrivalQuarantined
from liuhen.core.events.case import RecordingLinked
from liuhen.core.events.custody import RecordingJoined
from liuhen.core.events.envelope import Stream
from liuhen.core.events.parts import FileRef, Location, MediaSummary
from liuhen.core.events.recording import RecordingLabelled, RecordingMarked, RecordingStored, StorageExplained
from liuhen.core.facts.clocks import ahead_at
from liuhen.core.kernel.canonical import normal
from liuhen.core.kernel.digests import Digests
from liuhen.core.kernel.errors import BadInput, LiuhenError
from liuhen.flows import crashes
from liuhen.flows.access import NotFound, Permission, case_for, may_know, recording_for, require
from liuhen.flows.claims import Claims, filmed
from liuhen.flows.device_clocks import checks_near, keeps_device_time
from liuhen.flows.fitting import IMPLAUSIBLE, is_plausible
from liuhen.flows.ground import ground_of, recording_facts
from liuhen.flows.indexing import link_recording_row, quarantine_row
from liuhen.flows.occasion import Occasion
from liuhen.flows.office import office
from liuhen.flows.writing import write, write_agency, write_recording
from liuhen.records.index.models import QuarantineRow, RecordingRow
from liuhen.records.ledger.append import hold
from liuhen.records.ledger.turn import turn


class FileMissing(LiuhenError):
    """The path given does not lead to a file that can be read."""


class ActUnknown(LiuhenError):
    """The case has no such act."""


@dataclass(frozen=True, slots=True)
class Ingested:
    """What became of a file."""

    path: str
    recording: str | None
    sha256: str
    sm3: str
    status: Literal["stored", "known", "quarantined"]
    reason: str | None = None


def ingest_file(
    path: Path,
    occasion: Occasion,
    claims: Claims | None = None,
    *,
    progress: Callable[[int], None] | None = None,
) -> Ingested:
    """Take a file in. Raises FileMissing, NotAllowed, and DiskFull when there is no room; nothing half-written stays."""
    require(occasion.actor, Permission.INGEST)
    try:
        with path.open("rb") as source:
            digests = office().vault.store(source, progress=progress).digests
    except (FileNotFoundError, IsADirectoryError, PermissionError) as error:
        raise FileMissing(f"{path}: 无法读取（{error.strerror}）；请检查路径和权限后重试") from None
    standing = _standing(path, occasion, digests)
    if standing is not None:
        return standing
    told = claims or Claims()
    try:
        with crashes.attempt(path, digests.sha256):
            media = probe(path)
    except Unreadable as fault:
        row = set_aside(path, occasion, digests, fault.reason, name=told.original_name)
        crashes.forget(digests.sha256)
        return row
    try:
        return _take_in(path, occasion, digests, media, told)
    except IntegrityError:  # the same bytes came in twice at once: one of the two is recorded
        standing = _standing(path, occasion, digests)
        if standing is None:
            raise
        return standing


def _standing(path: Path, occasion: Occasion, digests: Digests) -> Ingested | None:
    """Say what became of the same bytes before, if they came before."""
    known = RecordingRow.objects.filter(agency=occasion.actor.agency, sha256=digests.sha256).first()
    if known is not None:
        # Whoever holds the bytes learns that they are kept; of a closed recording nothing more.
        uid = known.uid if may_know(occasion.actor, known) else None
        return Ingested(str(path), uid, digests.sha256, digests.sm3, "known", "同一文件此前已经入库")
    # What was dealt with and comes again is looked at afresh: the fault may have been its sender's.
    aside = QuarantineRow.objects.filter(agency=occasion.actor.agency, sha256=digests.sha256, outcome="").first()
    if aside is not None:
        return Ingested(str(path), None, digests.sha256, digests.sm3, "quarantined", aside.reason)
    return None


def set_aside(path: Path, occasion: Occasion, digests: Digests, reason: str, *, name: str | None = None) -> Ingested:
    """Keep a file whose bytes are in the vault, with the sentence that says why it became no recording."""
    file = FileRef(digests.sha256, digests.sm3, digests.size, name or _shown(path), "application/octet-stream")
    with turn():
        hold(occasion.actor.agency)  # the same bytes came in twice at once: one entry asks for a look, not two
        standing = _standing(path, occasion, digests)
        if standing is not None:
            return standing
        sealed = write_agency(occasion, ArrivalQuarantined(file, reason))
        quarantine_row(sealed[0].header, file, reason)
    return Ingested(str(path), None, digests.sha256, digests.sm3, "quarantined", reason)


def _shown(path: Path) -> str:
    """Give the file's name in one spelling; bytes that are no text are shown as �."""
    return normal(path.name.encode("utf-8", "surrogateescape").decode("utf-8", "replace"))


def _take_in(path: Path, occasion: Occasion, digests: Digests, media: MediaFacts, claims: Claims) -> Ingested:
    when = filmed(media, claims, occasion.at)
    uid, name = occasion.new_id(), claims.original_name or _shown(path)
    stored = RecordingStored(
        file=FileRef(digests.sha256, digests.sm3, digests.size, name, _media_type(media)),
        media=_summary(media),
        started_at=when.started,
        ended_at=when.ended,
        officer=claims.officer,
        device=claims.device,
        original_name=name,
        clock_doubt=when.doubt,
        way=claims.way,
    )
    further: list[Any] = [*claims.marks]
    if claims.whole is not None and claims.part is not None:
        further.insert(0, RecordingJoined(claims.whole, claims.part, claims.said_by))
    write_recording(uid, occasion, stored, *further)
    return Ingested(str(path), uid, digests.sha256, digests.sm3, "stored", when.doubt)


_MEDIA_TYPES = {
    "mp4": "video/mp4",
    "mov": "video/quicktime",
    "3gp": "video/3gpp",
    "mkv": "video/x-matroska",
    "webm": "video/webm",
    "avi": "video/x-msvideo",
    "mpg": "video/mpeg",
    "ts": "video/mp2t",
    "m2ts": "video/mp2t",
    "ogg": "video/ogg",
    "wav": "audio/wav",
    "mp3": "audio/mpeg",
    "m4a": "audio/mp4",
    "aac": "audio/aac",
    "flac": "audio/flac",
    "amr": "audio/amr",
    "jpeg": "image/jpeg",
    "png": "image/png",
    "heic": "image/heic",
    "avif": "image/avif",
}
# The same containers with sound alone; MPEG streams and QuickTime have no name of their own for that.
_SOUND_TYPES = {
    "mp4": "audio/mp4",
    "3gp": "audio/3gpp",
    "mkv": "audio/x-matroska",
    "webm": "audio/webm",
    "ogg": "audio/ogg",
}


def _media_type(media: MediaFacts) -> str:
    sound = _SOUND_TYPES.get(media.container) if media.kind == "audio" else None
    return sound or _MEDIA_TYPES.get(media.container, "application/octet-stream")


def _summary(media: MediaFacts) -> MediaSummary:
    picture = next((stream for stream in media.streams if stream.width), None)
    return MediaSummary(
        kind=media.kind,
        container=media.container,
        duration_ms=int(media.duration.total_seconds() * 1000) if media.duration is not None else None,
        codecs=tuple(stream.codec for stream in media.streams),
        width=picture.width if picture else None,
        height=picture.height if picture else None,
        created_at=media.created_at,
        location=Location(media.location.lat, media.location.lon) if media.location else None,
        make=media.make,
        model=media.model,
        playable=media.playable_in_browser,
    )


def link_recording(case_uid: str, occasion: Occasion, *, recording: str, act: str) -> None:
    """Confirm that a recording shows an act, and label it with case, party and handler. Raises ActUnknown, NotFound."""
    case_for(occasion.actor, case_uid, Permission.INVESTIGATE)
    with turn():
        hold(occasion.actor.agency)  # two cases that reach for one recording at once: the second finds it taken
        _link(case_uid, occasion, recording, act)


def _link(case_uid: str, occasion: Occasion, recording: str, act: str) -> None:
    row = recording_for(occasion.actor, recording, Permission.INVESTIGATE)
    if row.case_uid and row.case_uid != case_uid:
        raise NotFound("可关联的音像记录（它已关联其他案件）")
    facts = ground_of(case_uid, occasion.actor.agency).facts
    if act not in facts.case.acts:
        raise ActUnknown("本案没有这项执法活动；请刷新页面后重选")
    labels = RecordingLabelled(
        facts.case.number or facts.case.register_number,
        facts.case.party.name if facts.case.party else None,
        occasion.actor.name,
    )
    case_stream = Stream("case", case_uid)
    entries = [(case_stream, RecordingLinked(recording, act)), (Stream("recording", recording), labels)]
    write(occasion, entries, after={str(case_stream): facts.case.version})
    link_recording_row(recording, case_uid, act)


def mark_recording(occasion: Occasion, recording: str, *marks: RecordingMarked) -> None:
    """Set down what can be seen or heard at which second."""
    recording_for(occasion.actor, recording, Permission.INVESTIGATE)
    write_recording(recording, occasion, *marks)


def explain_storage(occasion: Occasion, recording: str, *, ground: str, returned_at: datetime) -> None:
    """Set down why storing had to wait and when the officer was back (hebei/24.2).

    Raises NotAllowed, NotFound, and BadInput for a return that lies ahead or that no clock can have shown.
    """
    recording_for(occasion.actor, recording, Permission.INVESTIGATE)
    if not is_plausible(returned_at):
        raise BadInput("returned_at", IMPLAUSIBLE)
    if returned_at > occasion.at:
        raise BadInput("returned_at", "返回机关的时间晚于现在；请核对")
    write_recording(recording, occasion, StorageExplained(ground, returned_at))


def link_by_time(case_uid: str, occasion: Occasion, recording: str) -> str | None:
    """Link a recording to the act of a case whose time it overlaps most; gives the act's kind, or None for no overlap.

    Its times are read as its device's clock was found to be off, as for the proposals of matching; they stay as recorded.
    """
    row = recording_for(occasion.actor, recording)
    if row.case_uid or row.started_at is None or row.ended_at is None:
        return None
    ahead = _ahead(row, row.started_at)
    started, ended = row.started_at - ahead, row.ended_at - ahead
    acts = ground_of(case_uid, occasion.actor.agency).facts.case.acts.values()
    best, longest = None, timedelta()
    for act in acts:
        if act.begun is None:
            continue
        overlap = min(ended, act.ended or occasion.at) - max(started, act.begun)
        if overlap > longest:
            best, longest = act, overlap
    if best is None:
        return None
    link_recording(case_uid, occasion, recording=recording, act=best.uid)
    return best.kind


def _ahead(row: RecordingRow, started: datetime) -> timedelta:
    """Give how far its device's clock ran ahead; nothing where a person settled the time, or a phone's was set right."""
    said = recording_facts(row.uid)
    if not row.device or not keeps_device_time(said):
        return timedelta()
    return ahead_at(started, checks_near(row.agency, [started]).get(row.device, ()))
