"""The reel: the files of one recording in the order in which they play on, each with what the browser fetches of it.

Invariant: second n of a piece is second n of the original, whether the original or its copy plays. Addresses are made here alone:
those of a case where a case has the recording, else those of the recording by itself.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from django.urls import reverse

from liuhen.core.facts.model import Facts, Recording
from liuhen.flows.classified import is_closed
from liuhen.flows.occasion import Actor
from liuhen.flows.proxies import failures_of, preview_of, proxy_of, waveform_of

# What plays: the file itself, its copy; or nothing yet, or nothing ever.
State = Literal["original", "copy", "making", "failed"]
_LOOSE = {
    "play": "recording",
    "recording-bytes": "loose-bytes",
    "recording-copy": "loose-copy",
    "recording-preview": "loose-preview",
    "recording-waveform": "loose-waveform",
    "poster": "loose-poster",
    "mark": "loose-mark",
}
_FILMS = ("video", "audio")


@dataclass(frozen=True, slots=True)
class Sprite:
    """The preview picture as the browser reads it: tile n, along rows of `columns`, is second n × `interval`."""

    url: str
    interval: int
    columns: int
    tiles: int
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Piece:
    """A file of the reel; `length` in seconds, 0 where nobody knows; `reason` says why nothing plays."""

    uid: str
    title: str
    part: int | None
    kind: str
    state: State
    reason: str
    length: float
    source: str
    download: str
    poster: str
    mark_url: str
    waveform: str
    sprite: Sprite | None
    closed: bool

    @property
    def plays(self) -> bool:
        """Whether the browser has something to play."""
        return self.state in ("original", "copy")


def address(name: str, case: str, recording: str) -> str:
    """Give an address of a recording: within its case, or by itself where no case has it."""
    return reverse(name, args=[case, recording]) if case else reverse(_LOOSE[name], args=[recording])


def title_of(recording: Recording) -> str:
    """Give the name by which people know a recording."""
    return recording.original_name or (recording.file.name if recording.file else recording.uid)


def parts_of(facts: Facts, recording: Recording) -> tuple[Recording, ...]:
    """Give all files of the case that the device cut one recording into, in their order; itself where it is whole."""
    if recording.whole is None:
        return (recording,)
    found = [one for one in facts.recordings.values() if one.whole == recording.whole and one.act is not None]
    return tuple(sorted(found, key=lambda one: (one.part or 0, one.uid))) or (recording,)


def reel(actor: Actor, case: str, parts: Sequence[Recording]) -> tuple[Piece, ...]:
    """Give the pieces that can be seen or heard; a photo stands alone."""
    return tuple(piece for part in parts if (piece := _piece(actor, case, part)) is not None)


def _piece(actor: Actor, case: str, recording: Recording) -> Piece | None:
    media, uid = recording.media, recording.uid
    if recording.file is None or media is None:
        return None
    films = media.kind in _FILMS
    state, reason = _state(actor, recording)
    waveform = films and waveform_of(actor, uid) is not None
    return Piece(
        uid=uid,
        title=title_of(recording),
        part=recording.part,
        kind=media.kind,
        state=state,
        reason=reason,
        length=length_of(recording) if films else 0,
        source=address("recording-copy" if state == "copy" else "recording-bytes", case, uid),
        download=f"{address('recording-bytes', case, uid)}?download=1",
        poster=address("poster", case, uid),
        mark_url=address("mark", case, uid),
        waveform=address("recording-waveform", case, uid) if waveform else "",
        sprite=_sprite(actor, case, uid) if media.kind == "video" else None,
        closed=is_closed(recording.classification),
    )


def _state(actor: Actor, recording: Recording) -> tuple[State, str]:
    media = recording.media
    if media is None or media.playable:
        return "original", ""
    if media.kind not in _FILMS:
        return "copy", ""
    if proxy_of(actor, recording.uid) is not None:
        return "copy", ""
    failures = failures_of(actor, recording.uid)
    reason = next((failures[part] for part in ("proxy", "probe", "examination") if part in failures), "")
    return ("failed", reason) if reason else ("making", "")


def _sprite(actor: Actor, case: str, uid: str) -> Sprite | None:
    made = preview_of(actor, uid)
    if made is None:
        return None
    url = address("recording-preview", case, uid)
    return Sprite(url, made.interval, made.columns, made.tiles, made.width, made.height)


def length_of(recording: Recording) -> float:
    """Give how many seconds a recording plays: by its file, else by what was looked through, else by its times."""
    if recording.media is not None and recording.media.duration_ms:
        return recording.media.duration_ms / 1000
    if recording.examined is not None and recording.examined.length_ms:
        return recording.examined.length_ms / 1000
    if recording.started and recording.ended:
        return (recording.ended - recording.started).total_seconds()
    return 0.0


def whole_length(pieces: Iterable[Piece]) -> float:
    """Give how long the whole reel plays, in seconds."""
    return sum(piece.length for piece in pieces)
