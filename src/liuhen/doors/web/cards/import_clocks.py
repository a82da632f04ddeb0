"""设备时钟比对 on the import desk: the devices whose clocks should be compared, and what the last comparison found."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from liuhen.core.facts.clocks import say_ahead
from liuhen.flows.device_clocks import DeviceClock

# More lines than these would push what has arrived out of sight.
_SHOWN = 6


@dataclass(frozen=True, slots=True)
class ClockLine:
    """A device and what its last comparison found."""

    uid: str
    name: str
    checked: datetime | None
    found: str
    due: bool


@dataclass(frozen=True, slots=True)
class ClocksCard:
    """`first` are shown at once, `rest` on demand, `due` of them should be compared; `now` is our clock."""

    first: tuple[ClockLine, ...]
    rest: tuple[ClockLine, ...]
    due: int
    now: datetime

    @property
    def all(self) -> tuple[ClockLine, ...]:
        """Every device, for choosing."""
        return self.first + self.rest


def clocks_card(clocks: Sequence[DeviceClock], now: datetime) -> ClocksCard:
    """Say what the panel shows."""
    lines = tuple(_line(one) for one in clocks)
    return ClocksCard(lines[:_SHOWN], lines[_SHOWN:], sum(one.due for one in lines), now)


def _line(one: DeviceClock) -> ClockLine:
    if one.ahead is None:
        found = "从未比对"
    else:
        found = f"{say_ahead(one.ahead)}（超过 30 天，请再比对）" if one.due else say_ahead(one.ahead)
    return ClockLine(one.uid, f"{one.name} {one.number}".strip(), one.checked_at, found, one.due)
