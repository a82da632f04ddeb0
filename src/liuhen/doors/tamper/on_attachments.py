"""Lies about what came with a recording or was taken out of it: the files, and the events that say where they come from."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

from liuhen.core.events.catalogue import open_sealed
from liuhen.core.events.custody import RecordingExtracted
from liuhen.core.events.envelope import Header, Sealed
from liuhen.core.verifier.layout import COMPANIONS, RECORDINGS, SIGNATURES
from liuhen.doors.tamper.attack import About, Attack, Attacker, Lie
from liuhen.doors.tamper.forgery import Forgery, head
from liuhen.doors.tamper.touching import append, copy, cut, drop, exchange, place_over, rename, touch

_STILL, _CLIP, _TRACK = "检查_DSJ-0301_0.500秒.png", "检查_DSJ-0301_0.000-1.000秒.mp4", "检查_DSJ-0301.gpx"
_OTHER_STILL, _OTHER_NOTE = "复查_DSJ-0301_0.500秒.png", "复查_DSJ-0301.txt"
_FILM = f"{RECORDINGS}001 检查_DSJ-0301.mp4"
_PASSER: dict[str, object] = {"only": (), "attacker": Attacker.PASSER_BY}
_PARENT_GONE = (
    "The recording's own storage is disposed of as well: its extracts then prove nothing, and the report says so"
)


def attacks() -> tuple[Attack, ...]:
    """Give the lies about attachments."""
    return (
        *_files("still", _STILL, 9000),
        *_files("clip", _CLIP, 9000),
        *_files("track", _TRACK, 20),
        *_places(),
        *_origins(),
    )


_ARTEFACTS = {"still": "still from a recording", "clip": "clip from a recording", "track": "companion of a recording"}


def _files(prefix: str, name: str, at: int) -> tuple[Attack, ...]:
    """What is done to one file, and the other files that it is exchanged for: of its own recording, and of another."""
    lie = About(_ARTEFACTS[prefix], prefix).lie
    near, far = (_TRACK, _OTHER_NOTE) if prefix == "still" else (_STILL, _OTHER_STILL)
    return (
        lie("touched", "edit", "a byte is changed", touch(name, at), "ATT-002"),
        lie(
            "touched-bare",
            "edit",
            "the same by somebody who leaves the lists alone",
            touch(name, at),
            "BAG-006",
            "BAG-007",
            "ATT-002",
            **_PASSER,
        ),
        lie("longer", "insert", "bytes are added", append(name), "ATT-002"),
        lie("cut", "cut", "the end of the file is missing", cut(name), "ATT-002"),
        lie("gone", "delete", "the file is left out", drop(name), "ATT-001"),
        lie("gone-bare", "delete", "the same by a passer-by", drop(name), "BAG-004", "ATT-001", **_PASSER),
        lie("added", "insert", "a file is added that no event lists", _stranger(name), "ATT-005"),
        lie("renamed", "reorder", "it lies under another name", _renamed(name, COMPANIONS), "ATT-004"),
        lie("exchanged", "swap", "two of one recording exchange their places", exchange(name, near), "ATT-003"),
        lie("foreign", "swap", "that of another recording takes its place", place_over(name, far), "ATT-010"),
        lie(
            "disposed",
            "delete",
            "its event's content and the file are left out as if disposed of",
            _dispose(name),
            "EVT-006",
            also=True,
        ),
        lie(
            "disposed-kept",
            "insert",
            "its event's content is left out, the file is still there",
            _dispose(name, keep=True),
            "EVT-006",
            "ATT-005",
            also=True,
        ),
    )


def _stranger(name: str) -> Lie:
    def lie(forgery: Forgery) -> None:
        copy(name, f"{COMPANIONS}another {name}")(forgery)
        append(f"{COMPANIONS}another {name}")(forgery)

    return lie


def _renamed(name: str, folder: str) -> Lie:
    return rename(name, f"{folder}another.{name.rpartition('.')[2]}")


def _dispose(name: str, *, keep: bool = False) -> Lie:
    def lie(forgery: Forgery) -> None:
        forgery.events = [
            Sealed(item.header_bytes, None, None) if _names(item, name) else item for item in forgery.events
        ]
        if not keep:
            drop(name)(forgery)

    return lie


def _names(item: Sealed, name: str) -> bool:
    content = open_sealed(item).content
    return getattr(getattr(content, "file", None), "name", None) == name


def _places() -> tuple[Attack, ...]:
    lie = About(_ARTEFACTS["still"], "still").lie
    return (
        lie(
            "moved",
            "reorder",
            "it lies among the signatures",
            _renamed(_STILL, SIGNATURES),
            "ATT-004",
            "PKG-003",
        ),
        lie("copied", "insert", "a copy lies beside it", copy(_STILL, f"{COMPANIONS}copy.png"), "ATT-005"),
        lie(
            "parent-gone",
            "delete",
            "the recording that it was taken from is left out",
            drop(_FILM),
            "FILE-001",
            "ATT-009",
        ),
        lie(
            "parent-disposed",
            "delete",
            "the content of the recording's storage and its file are left out as if disposed of",
            _dispose_parent,
            "EVT-006",
            "ATT-008",
            also=True,
            remark=_PARENT_GONE,
        ),
    )


def _dispose_parent(forgery: Forgery) -> None:
    stored = open_sealed(next(item for item in forgery.events if _names(item, "检查_DSJ-0301.mp4")))

    def own(header: Header) -> bool:
        return header.id == stored.id

    forgery.events = [Sealed(item.header_bytes, None, None) if own(head(item)) else item for item in forgery.events]
    drop(_FILM)(forgery)
    rename(f"{RECORDINGS}002 复查_DSJ-0301.mp4", f"{RECORDINGS}001 复查_DSJ-0301.mp4")(forgery)


def _origins() -> tuple[Attack, ...]:
    """What an insider has the log attest today of an item's origin."""
    still, clip = About(_ARTEFACTS["still"], "still").lie, About(_ARTEFACTS["clip"], "clip", also=True).lie
    return (
        still(
            "origin",
            "edit",
            "a still says that it was taken from other bytes",
            _taken(parent_sha256="0" * 64),
            "ATT-006",
            also=True,
            truth=_taken(),
        ),
        still(
            "other-parent",
            "swap",
            "a still of the other recording is entered as one of this",
            _taken_of_other,
            "ATT-006",
            also=True,
            truth=_taken(),
        ),
        clip(
            "later",
            "back-date",
            "a clip says that it shows an hour that was not filmed",
            _taken(to_second=Decimal(3600)),
            "ATT-007",
            truth=_taken(),
        ),
        clip(
            "backwards",
            "reorder",
            "a clip ends before it begins",
            _taken(from_second=Decimal(2), to_second=Decimal(0)),
            "ATT-007",
            truth=_taken(),
        ),
        clip(
            "before",
            "back-date",
            "a clip begins before the recording",
            _taken(from_second=Decimal(-9)),
            "ATT-007",
            truth=_taken(),
        ),
    )


def _taken(**changes: object) -> Lie:
    """Record a clip anew, as somebody with the log at hand may at any time; without changes that is honest."""

    def lie(forgery: Forgery) -> None:
        _enter(forgery, _CLIP, lambda said: replace(said, item="anew", **changes))  # type: ignore[arg-type]

    return lie


def _taken_of_other(forgery: Forgery) -> None:
    other = _said(forgery, _OTHER_STILL)[1]
    _enter(forgery, _STILL, lambda _: replace(other, item="anew"))


def _enter(forgery: Forgery, name: str, change: Callable[[RecordingExtracted], RecordingExtracted]) -> None:
    stream, said = _said(forgery, name)
    forgery.append(forgery.seal_event(stream, change(said), at=forgery.now, recorded_at=forgery.now))


def _said(forgery: Forgery, name: str) -> tuple[str, RecordingExtracted]:
    event = open_sealed(next(item for item in forgery.events if _names(item, name)))
    assert isinstance(event.content, RecordingExtracted)
    return event.header.stream, event.content
