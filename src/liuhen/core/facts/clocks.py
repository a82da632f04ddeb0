"""Device clocks: what a comparison with ours tells of the times that a device wrote into its recordings.

Invariant: a recorded time is never altered; what is given is by how much it may be read as ahead, and only near a comparison.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

# The clock of a recorder wanders by up to two or three seconds a day: within a month the difference found is right to about
# a minute, which matching does not feel; later nobody knows whether the battery ran empty or somebody set the clock.
DRIFT_HOLDS = timedelta(days=30)
# A wrong time zone and a day mistaken are differences; what lies farther away is a clock that was reset, or a slip of the pen.
LARGEST_DRIFT = timedelta(days=2)
# Clocks are read to the second: less than this is agreement.
_AGREED = timedelta(seconds=1)
_UNITS = ((86400, "日"), (3600, "小时"), (60, "分"), (1, "秒"))


@dataclass(frozen=True, slots=True)
class ClockCheck:
    """A comparison: when it was made, by our clock, and how far the device's clock was ahead (negative: behind)."""

    at: datetime
    ahead: timedelta


def ahead_at(recorded: datetime, checks: Iterable[ClockCheck]) -> timedelta:
    """Give how far a device was ahead when it recorded a time; 0 where no comparison is near.

    Of the last comparison before it was made and the first one after it, the nearer one speaks: a clock that was compared, set
    right and compared again keeps, for what was filmed before, the difference that was found first.
    """
    near = [one for one in checks if abs(one.ahead) <= LARGEST_DRIFT and _away(recorded, one) <= DRIFT_HOLDS]
    before = max((one for one in near if recorded - one.ahead >= one.at), key=lambda one: one.at, default=None)
    after = min((one for one in near if recorded - one.ahead < one.at), key=lambda one: one.at, default=None)
    beside = [one for one in (before, after) if one is not None]
    best = min(beside, key=lambda one: _away(recorded, one)).ahead if beside else timedelta()
    return best if abs(best) >= _AGREED else timedelta()


def _away(recorded: datetime, check: ClockCheck) -> timedelta:
    return abs(recorded - check.ahead - check.at)


def say_ahead(ahead: timedelta) -> str:
    """Write how far a clock is ahead, to the second: 快 3 分 12 秒, 慢 45 秒; 一致 where it agrees."""
    seconds = int(abs(ahead).total_seconds())
    if not seconds:
        return "一致"
    parts: list[str] = []
    for length, unit in _UNITS:
        count, seconds = divmod(seconds, length)
        parts += [f"{count} {unit}"] if count else []
    return f"{'快' if ahead > timedelta() else '慢'} {' '.join(parts)}"
