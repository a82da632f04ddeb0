"""The player: a recording on the clock of its act, with the demanded stretch, what was filmed, gaps and marks on one bar."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

from django.urls import reverse

from liuhen.core.facts.model import Recording
from liuhen.core.kernel.moments import SHANGHAI
from liuhen.doors.web.cards.detail import Detail, recording_detail
from liuhen.doors.web.cards.filming_table import ActFilming, act_filming
from liuhen.doors.web.cards.parts import DocumentChip, Line, document_chip, filled_lines, panel_url
from liuhen.doors.web.cards.player_reel import Piece, parts_of, reel, title_of
from liuhen.doors.web.cards.player_ruler import Ruler, ruler
from liuhen.doors.web.cards.player_script import Script, bare_script, script
from liuhen.doors.web.cards.player_track import Track, track
from liuhen.doors.web.cards.recording_lines import place, times
from liuhen.doors.web.typography import say_second, size
from liuhen.flows.access import Permission, has
from liuhen.flows.match_arrivals import Candidate
from liuhen.flows.occasion import Actor
from liuhen.flows.read_case import CaseReading
from liuhen.flows.read_loose import LooseReading

_INPUT = "%Y-%m-%dT%H:%M:%S"
_MOST_FOUND = 40


@dataclass(frozen=True, slots=True)
class FoundLine:
    """What the examination found, at a second that can be jumped to."""

    kind: str
    piece: int
    second: float
    text: str


@dataclass(frozen=True, slots=True)
class Proposed:
    """An act that the recording may show; `value` is what one button sends."""

    value: str
    words: str
    place: str
    certain: bool
    reasons: tuple[str, ...]
    doubts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Tending:
    """What can be put right about the recording: its times as the form begins with them, and where the forms go."""

    started: str
    ended: str
    time_url: str
    unlink_url: str


@dataclass(frozen=True, slots=True)
class Player:
    """A recording ready to be played, and what was written around it.

    `piece` is the file whose page this is, at `at` in the reel; `wire` is what the script of the page reads; `watermark` the
    viewer's name where a closed recording is shown.
    """

    uid: str
    case_uid: str
    title: str
    part: str
    act_title: str
    act_url: str
    piece: Piece
    pieces: tuple[Piece, ...]
    ruler: Ruler | None
    script: Script
    track: Track | None
    found: tuple[FoundLine, ...]
    more_found: int
    filming: ActFilming | None
    documents: tuple[DocumentChip, ...]
    detail: Detail
    doubt: str
    timed_by: str
    tending: Tending | None
    watermark: str
    wire: dict[str, Any]
    proposals: tuple[Proposed, ...] = ()


def player(reading: CaseReading, actor: Actor, uid: str) -> Player | None:
    """Give the player of a recording that is linked to the case; None for any other."""
    recording, detail = reading.facts.recordings.get(uid), recording_detail(reading, uid)
    act = reading.facts.case.acts.get(recording.act or "") if recording else None
    if recording is None or detail is None or act is None:
        return None
    parts = parts_of(reading.facts, recording)
    pieces = reel(actor, reading.uid, parts)
    piece = next((one for one in pieces if one.uid == uid), None)
    if piece is None:
        return None
    case, shown = reading.facts.case, _shown(parts, pieces)
    bar = ruler(reading.uid, reading.facts, act, shown, pieces)
    way = track(actor, shown)
    return Player(
        uid=uid,
        case_uid=reading.uid,
        title=detail.title,
        part=_say_part(recording, pieces),
        act_title=act.kind,
        act_url=panel_url(reading.uid, "acts", act.uid),
        piece=piece,
        pieces=pieces,
        ruler=bar,
        script=script(reading, actor, act, shown, uid),
        track=way,
        found=tuple(_found(shown))[:_MOST_FOUND],
        more_found=max(0, sum(1 for _ in _found(shown)) - _MOST_FOUND),
        filming=act_filming(reading, actor, act, uid),
        documents=tuple(document_chip(case.uid, item) for item in case.documents.values() if item.act == act.uid),
        detail=detail,
        doubt=recording.clock_doubt or "",
        timed_by=recording.timed_by or "",
        tending=_tending(actor, recording, None if case.archived else reading.uid),
        watermark=_watermark(actor, pieces),
        wire=_wire(piece, pieces, bar, way),
    )


def loose_player(reading: LooseReading, actor: Actor) -> Player | None:
    """Give the player of a recording that no case has, with the acts it may show; None for one without bytes."""
    recording = reading.recording
    pieces = reel(actor, "", reading.parts)
    piece = next((one for one in pieces if one.uid == recording.uid), None)
    if piece is None:
        return None
    shown = _shown(reading.parts, pieces)
    bar, way = ruler("", None, None, shown, pieces), track(actor, shown)
    return Player(
        uid=recording.uid,
        case_uid="",
        title=title_of(recording),
        part=_say_part(recording, pieces),
        act_title="",
        act_url="",
        piece=piece,
        pieces=pieces,
        ruler=bar,
        script=bare_script(actor, shown, recording.uid),
        track=way,
        found=tuple(_found(shown))[:_MOST_FOUND],
        more_found=max(0, sum(1 for _ in _found(shown)) - _MOST_FOUND),
        filming=None,
        documents=(),
        detail=Detail("音像记录", title_of(recording), tuple(_loose_lines(reading))),
        doubt=recording.clock_doubt or "",
        timed_by=recording.timed_by or "",
        tending=_tending(actor, recording, None),
        watermark=_watermark(actor, pieces),
        wire=_wire(piece, pieces, bar, way),
        proposals=tuple(_proposed(one) for one in (reading.match.candidates if reading.match else ())),
    )


def _shown(parts: tuple[Recording, ...], pieces: tuple[Piece, ...]) -> tuple[Recording, ...]:
    known = {part.uid: part for part in parts}
    return tuple(known[piece.uid] for piece in pieces)


def _say_part(recording: Recording, pieces: tuple[Piece, ...]) -> str:
    if recording.part is None:
        return ""
    return f"第 {recording.part} 段" + (f"，与其余 {len(pieces) - 1} 段连续播放" if len(pieces) > 1 else "")


def _found(shown: tuple[Recording, ...]) -> Iterator[FoundLine]:
    for number, one in enumerate(shown):
        for span in one.examined.spans if one.examined else ():
            start, end = float(span.start), float(span.end)
            yield FoundLine(span.kind, number, start, f"{say_second(start)}–{say_second(end)}（{end - start:.1f} 秒）")


def _tending(actor: Actor, recording: Recording, case: str | None) -> Tending | None:
    """Give the forms to who may investigate; a link can be undone while there is a case that is not in the archive."""
    if not has(actor, Permission.INVESTIGATE):
        return None
    started, ended = (
        f"{moment.astimezone(SHANGHAI):{_INPUT}}" if moment else "" for moment in (recording.started, recording.ended)
    )
    unlink = reverse("unlink", args=[case, recording.uid]) if case else ""
    return Tending(started, ended, reverse("retime", args=[recording.uid]), unlink)


def _watermark(actor: Actor, pieces: tuple[Piece, ...]) -> str:
    return actor.name if any(piece.closed for piece in pieces) else ""


def _wire(piece: Piece, pieces: tuple[Piece, ...], bar: Ruler | None, way: Track | None) -> dict[str, Any]:
    """Give what the page's script reads, as plain values."""
    lines = (*bar.filmed, *bar.others, *bar.gaps, *bar.found, *bar.demanded) if bar else ()
    return {
        "at": pieces.index(piece),
        "pieces": [
            {
                "source": one.source if one.plays else "",
                "title": one.title,
                "length": one.length,
                "offset": bar.offsets[number] if bar else 0,
                "mark": one.mark_url,
                "uid": one.uid,
                "poster": one.poster if one.kind == "video" else "",
                "waveform": one.waveform,
                "sprite": asdict(one.sprite) if one.sprite else None,
            }
            for number, one in enumerate(pieces)
        ],
        "whole": bar.whole if bar else 0,
        "clock": bar.clock if bar else None,
        "stretches": [[part.start, part.end, part.kind, part.label, part.url] for part in lines],
        "dots": [[dot.piece, dot.second, dot.x, dot.y] for dot in way.dots] if way else [],
    }


def _loose_lines(reading: LooseReading) -> Iterator[Line]:
    one, agency = reading.recording, reading.agency
    device, officer = agency.devices.get(one.device or ""), agency.officers.get(one.officer or "")
    yield from times(one)
    yield from filled_lines(
        ("设备", f"{device.name} {device.number}" if device else one.device),
        ("拍摄人", officer.name if officer else one.officer),
        ("拍摄地点", place(one)),
    )
    if one.file:
        yield Line("SHA-256", one.file.sha256, code=True)
        yield Line("SM3", one.file.sm3, code=True)
        yield Line("大小", size(one.file.size))


def _proposed(candidate: Candidate) -> Proposed:
    begun = f" {candidate.begun.astimezone(SHANGHAI):%m-%d %H:%M}" if candidate.begun else ""
    proposal = candidate.proposal
    return Proposed(
        value=f"{candidate.case}/{candidate.act}",
        words=" · ".join(filter(None, (candidate.number, candidate.party, candidate.kind + begun))),
        place=candidate.place,
        certain=proposal.certain if proposal else False,
        reasons=proposal.reasons if proposal else (),
        doubts=proposal.doubts if proposal else (),
    )
