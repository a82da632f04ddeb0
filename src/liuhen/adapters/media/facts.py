"""What can be read off a recording or a photograph, and the refusal for one that cannot be read.

Invariant: measures are decimal text (no floating point reaches a ledger event), instants are aware, and what the device did
not say is None, never guessed.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from liuhen.core.kernel.errors import LiuhenError

Kind = Literal["video", "audio", "photo"]


@dataclass(frozen=True, slots=True)
class StreamFacts:
    """One stream: `fps` in frames per second as decimal text, `audio_rate` in Hz; sizes in pixels as coded."""

    kind: Kind
    codec: str
    width: int | None = None
    height: int | None = None
    fps: str | None = None
    audio_rate: int | None = None
    channels: int | None = None


@dataclass(frozen=True, slots=True)
class Location:
    """Degrees as decimal text, north and east positive, as the device wrote them (WGS 84 unless the maker says otherwise)."""

    lat: str
    lon: str


@dataclass(frozen=True, slots=True)
class MediaFacts:
    """What a file says. `clock_doubt` is a Chinese sentence when `created_at` is missing or must not be taken at its word."""

    container: str
    kind: Kind
    duration: timedelta | None
    created_at: datetime | None
    clock_doubt: str | None
    streams: tuple[StreamFacts, ...]
    location: Location | None
    make: str | None
    model: str | None
    playable_in_browser: bool


class Unreadable(LiuhenError):
    """The file is empty, broken, cut off or of no known type; `reason` is the Chinese sentence for the quarantine list."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class NoPicture(LiuhenError):
    """A sound recording has no poster frame."""

    def __init__(self) -> None:
        super().__init__("这是录音文件，没有画面可作封面。")
