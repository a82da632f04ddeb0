"""Reading a file's name by patterns tried in order: the first whose form fits and whose times exist in a calendar decides.

Invariant: pure: what a name says depends on the name and the patterns alone. What it does not say is None, never guessed.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from pathlib import PurePath

from liuhen.adapters.station.forms import Form
from liuhen.core.kernel.moments import SHANGHAI


@dataclass(frozen=True, slots=True)
class Pattern:
    """One way in which names are made. `zone`: where the clock stands that names the files.

    `parts`: `shared` when all files of one recording carry the start of the first, `own` when each carries its own and the
    number only counts files, `auto` when the names beside it tell. `first` is the number of a recording's first file.
    """

    name: str
    form: Form
    parts: str = "auto"
    first: int = 1
    zone: timezone = SHANGHAI
    examples: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NameRead:
    """What a name says. `whole` is what the files of one recording have in common, `part` counts from 1 within it."""

    pattern: Pattern
    device: str | None = None
    officer: str | None = None
    started: datetime | None = None
    ended: datetime | None = None
    whole: str | None = None
    part: int | None = None

    @property
    def certain_parts(self) -> bool:
        """Whether the number places the file in a recording without looking at the names beside it."""
        return self.part is not None and (self.part == 1 or self.pattern.parts == "shared")


def read_name(patterns: Sequence[Pattern], path: PurePath) -> NameRead | None:
    """Read a file's name (and as many folders above it as a pattern speaks of); None where no pattern fits."""
    for pattern in patterns:
        tail = _tail(path, pattern.form.depth)
        said = pattern.form.match(tail) if tail is not None else None
        if said is not None:
            read = _read(pattern, said, tail or "")
            if read is not None:
                return read
    return None


def _tail(path: PurePath, depth: int) -> str | None:
    if len(path.parts) <= depth:
        return None
    return "/".join((*path.parts[len(path.parts) - 1 - depth : -1], path.stem))


def _read(pattern: Pattern, said: dict[str, str], tail: str) -> NameRead | None:
    """Put the pieces together; None where they name a day or an hour that does not exist."""
    try:
        started = _started(said, pattern.zone)
        ended = _ended(said.get("until"), started, pattern.zone)
    except (ValueError, OverflowError):
        return None
    part = int(said["part"]) - pattern.first + 1 if "part" in said and pattern.parts != "own" else None
    if part is not None and part < 1:
        part = None
    return NameRead(
        pattern=pattern,
        device=said.get("device"),
        officer=said.get("officer"),
        started=started,
        ended=ended,
        whole=_whole(said, tail) if part is not None else None,
        part=part,
    )


def _whole(said: dict[str, str], tail: str) -> str:
    """Give what names the recording: the name without its number, or the stated pieces where the number stands within."""
    number = said["part"]
    if tail.endswith(number):
        return tail[: -len(number)].rstrip("_-. (")[-128:]
    return "_".join(said[name] for name in sorted(said) if name not in ("part", "until"))[:128]


def _started(said: dict[str, str], zone: timezone) -> datetime | None:
    if "epoch" in said:
        seconds, milliseconds = (
            divmod(int(said["epoch"]), 1000) if len(said["epoch"]) == 13 else (int(said["epoch"]), 0)
        )
        return (datetime.fromtimestamp(seconds, UTC) + timedelta(milliseconds=milliseconds)).astimezone(SHANGHAI)
    text = said.get("moment") or (said["date"] + said["time"] if "date" in said else "")
    return _moment(text, zone) if text else None


def _ended(text: str | None, started: datetime | None, zone: timezone) -> datetime | None:
    if text is None or started is None:
        return None
    digits = _digits(text)
    if len(digits) == 14:
        return _moment(digits, zone)
    begun = started.astimezone(zone)
    ended = begun.replace(hour=int(digits[:2]), minute=int(digits[2:4]), second=int(digits[4:]), microsecond=0)
    # A recording that ends at an earlier clock time ended after midnight.
    return (ended if ended >= begun else ended + timedelta(days=1)).astimezone(SHANGHAI)


def _moment(text: str, zone: timezone) -> datetime:
    return datetime.strptime(_digits(text), "%Y%m%d%H%M%S").replace(tzinfo=zone).astimezone(SHANGHAI)


def _digits(text: str) -> str:
    return "".join(char for char in text if char.isdigit())
