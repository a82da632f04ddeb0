"""What was derived of a recording, for who may see it: the copy a browser plays, the preview, the waveform, what was found.

Invariant: derived files lie beside the data as a cache, never in the vault or the ledger; they are made by the worker alone, and
whoever asks before they are made gets None. Fetching is authorising here too.
"""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from liuhen.flows.access import recording_for
from liuhen.flows.derive import PROXY, SPRITE, STUDY, WAVEFORM
from liuhen.flows.occasion import Actor
from liuhen.flows.office import office


@dataclass(frozen=True, slots=True)
class Preview:
    """The preview picture and how to read it: tile n, along rows of `columns`, is second n × `interval`."""

    path: Path
    interval: int
    columns: int
    tiles: int
    width: int
    height: int


def folder_of(sha256: str) -> Path:
    """Give where the derived files of a recording lie."""
    return office().data / "cache" / "studies" / sha256


def study_of(sha256: str) -> dict[str, Any] | None:
    """Give what was found and made of a recording; None while the worker has not come to it."""
    try:
        study: dict[str, Any] = json.loads((folder_of(sha256) / STUDY).read_bytes())
    except (FileNotFoundError, ValueError):
        return None
    return study


def proxy_of(actor: Actor, recording: str) -> Path | None:
    """Give the copy that browsers play; None where none is needed or there is none yet. Raises NotAllowed, NotFound."""
    return _made(recording_for(actor, recording).sha256, PROXY)


def waveform_of(actor: Actor, recording: str) -> bytes | None:
    """Give at most 4,000 peaks of 0–255 over the whole length; None before they are made. Raises NotAllowed, NotFound."""
    made = _made(recording_for(actor, recording).sha256, WAVEFORM)
    return made.read_bytes() if made else None


def preview_of(actor: Actor, recording: str) -> Preview | None:
    """Give the preview picture; None for sound, and before it is made. Raises NotAllowed, NotFound."""
    sha256 = recording_for(actor, recording).sha256
    made, study = _made(sha256, SPRITE), study_of(sha256)
    return Preview(made, **study["sprite"]) if made and study and study.get("sprite") else None


def failures_of(actor: Actor, recording: str) -> dict[str, str]:
    """Give why parts could not be made, in Chinese, by part; empty when all went well. Raises NotAllowed, NotFound."""
    study = study_of(recording_for(actor, recording).sha256)
    return dict(study["failures"]) if study else {}


def _made(sha256: str, name: str) -> Path | None:
    path = folder_of(sha256) / name
    return path if path.exists() else None
