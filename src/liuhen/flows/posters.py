"""Posters: the still picture that stands for a recording, and the photograph in a form that browsers show.

Invariant: both are derived, made when they are first asked for, and live as a cache beside the data, never in vault or ledger.
"""

import contextlib
from pathlib import Path

from liuhen.adapters.media.facts import NoPicture, Unreadable
from liuhen.adapters.media.photo import browser_picture
from liuhen.adapters.media.poster import poster
from liuhen.flows.access import recording_for
from liuhen.flows.camera_files import passing_file
from liuhen.flows.occasion import Actor
from liuhen.flows.office import office


def poster_of(actor: Actor, recording: str) -> bytes | None:
    """Give the JPEG of a recording, or None for sound and for what cannot be drawn. Raises NotAllowed, NotFound."""
    row = recording_for(actor, recording)
    folder = office().data / "cache" / "posters"
    target, nothing = folder / f"{row.sha256}.jpg", folder / f"{row.sha256}.none"
    if nothing.exists():
        return None
    if not target.exists():
        folder.mkdir(parents=True, exist_ok=True)
        try:
            _draw(row.sha256, target)
        except (Unreadable, NoPicture):
            # Sound has no picture, and a damaged one was named at storage: the page shows a plain tile instead.
            nothing.touch()
            return None
    return target.read_bytes()


def picture_of(actor: Actor, recording: str) -> Path | None:
    """Give a photograph as a full-sized JPEG, or None for what is no photograph or cannot be drawn. Raises NotAllowed, NotFound."""
    row = recording_for(actor, recording)
    if row.kind != "photo":
        return None
    folder = office().data / "cache" / "pictures"
    target = folder / f"{row.sha256}.jpg"
    if not target.exists():
        folder.mkdir(parents=True, exist_ok=True)
        with passing_file(row.sha256) as path, contextlib.suppress(Unreadable):
            browser_picture(path, target)
    return target if target.exists() else None


def _draw(sha256: str, target: Path) -> None:
    with passing_file(sha256) as path:
        poster(path, target)
