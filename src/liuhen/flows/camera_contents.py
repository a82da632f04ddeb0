"""What a sealed recording of a camera system holds: its clips in time, and beside them keys, bookmarks, tracks and the rest.

Invariant: every object of the container is in exactly one of the lists, so that nothing acknowledged is forgotten.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal

from liuhen.adapters.cameras.metadata import moment_of
from liuhen.adapters.cameras.names import kind_of_object, parse_recording_name, recording_id, start_in_name
from liuhen.records.cameras.models import CameraContainer, CameraObject

_SEAM = timedelta(seconds=1)  # clips of one recording follow each other this closely


@dataclass(slots=True)
class Clip:
    """A clip: when it was filmed by the camera's clock, the key it is encrypted with, and its place among the clips."""

    row: CameraObject
    starts: datetime | None
    ends: datetime | None
    key: CameraObject | None = None
    part: int = 0

    def second_of(self, moment: datetime | None) -> Decimal:
        """Give the second of the clip at which a moment falls, 0 where that cannot be said."""
        if moment is None or self.starts is None or moment <= self.starts:
            return Decimal(0)
        until = min(moment, self.ends) if self.ends else moment
        return Decimal(round((until - self.starts) / timedelta(milliseconds=1))) / 1000


@dataclass(frozen=True, slots=True)
class Break:
    """A piece of the time line for which no clip came: after `clip` where `clip` is not None, else before the first one."""

    after: Clip | None
    starts: datetime
    ends: datetime


@dataclass(slots=True)
class Contents:
    """A container taken apart; `superseded` are contents that another one of the same name came after."""

    clips: list[Clip] = field(default_factory=list)
    keys: dict[str, CameraObject] = field(default_factory=dict)
    bookmarks: list[CameraObject] = field(default_factory=list)
    tracks: list[CameraObject] = field(default_factory=list)
    others: list[CameraObject] = field(default_factory=list)
    superseded: list[CameraObject] = field(default_factory=list)

    def key_for(self, name: str) -> CameraObject | None:
        """Give the key of a content: `<stem>.key` or `<name>.key`, as the vendor's own files have both."""
        return self.keys.get(f"{name}.key".lower()) or self.keys.get(f"{name.rpartition('.')[0]}.key".lower())

    def clip_at(self, moment: datetime | None) -> Clip | None:
        """Give the last clip that began at or before a moment, else the first one."""
        begun = [clip for clip in self.clips if moment and clip.starts and clip.starts <= moment]
        return begun[-1] if begun else next(iter(self.clips), None)

    def clip_named(self, ident: str) -> Clip | None:
        """Give the clip with a recording id, else the first one."""
        named = (clip for clip in self.clips if ident and recording_id(clip.row.name) == ident)
        return next(named, None) or next(iter(self.clips), None)


def take_apart(container: CameraContainer) -> Contents:
    """Sort a container's objects: clips by time and name, the rest by kind."""
    contents = Contents()
    for row in container.objects_in.order_by("name", "pk"):
        kind = kind_of_object(row.name, row.metadata)
        if not row.current:
            contents.superseded.append(row)
        elif kind == "clip":
            contents.clips.append(_clip(row))
        elif kind == "key":
            contents.keys[row.name.lower()] = row
        else:
            {"bookmark": contents.bookmarks, "track": contents.tracks, "other": contents.others}[kind].append(row)
    _order(contents)
    return contents


def breaks_of(container: CameraContainer, clips: list[Clip]) -> list[Break]:
    """Find where clips are missing in the time between the recording's own start and stop."""
    timed = [clip for clip in clips if clip.starts and clip.ends]
    if len(timed) != len(clips) or not clips:
        return []  # with a clip of unknown time nothing can be said to be missing
    found: list[Break] = []
    last: Clip | None = None
    reached = moment_of(container.metadata, "starttime")
    for clip in timed:
        if reached and clip.starts and clip.starts - reached > _SEAM:
            found.append(Break(last, reached, clip.starts))
        if reached is None or (clip.ends and clip.ends > reached):
            reached, last = clip.ends, clip
        last = last or clip
    stop = moment_of(container.metadata, "stoptime")
    if stop and reached and stop - reached > _SEAM:
        found.append(Break(last, reached, stop))
    return found


def worn_by(container: CameraContainer) -> tuple[str, str]:
    """Give the user's id and the camera's serial number as the container states them, by metadata, else by its name."""
    named = parse_recording_name(container.name)
    user = container.metadata.get("userid") or (named.user if named else "")
    serial = container.metadata.get("bwcserialnumber") or (named.serial if named else "")
    return user.strip(), serial.strip()


def _clip(row: CameraObject) -> Clip:
    starts = moment_of(row.metadata, "starttime") or start_in_name(row.name)
    ends = moment_of(row.metadata, "stoptime")
    return Clip(row, starts, ends if starts and ends and ends >= starts else None)


def _order(contents: Contents) -> None:
    contents.clips.sort(
        key=lambda clip: (clip.starts is None, clip.starts.isoformat() if clip.starts else "", clip.row.name)
    )
    for part, clip in enumerate(contents.clips, 1):
        clip.part, clip.key = part, contents.key_for(clip.row.name)
