"""A row of the benchmarks, and the clock they share.

Invariant: a value is the median of its rounds, or, of what only computes, the best of them with the median beside; and what it
is compared with was measured in the same run, turn by turn with it, so that a busy machine slows both.
"""

import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from liuhen.core.kernel.errors import LiuhenError


class NotMeasured(LiuhenError):
    """What was to be measured did not do its work: a figure would be a lie."""


Better = Literal["higher", "lower"]


@dataclass(frozen=True, slots=True)
class Row:
    """What was measured. `goal` is what `ratio` should reach, or `value` where there is no ratio; None where it only informs.

    `against` is what was measured beside it, in the same unit, `compared_with` says what that is; `by_cpu` is the value per
    second of processor time, which other programs on the machine disturb less. `usual` is the median of rounds that only compute,
    where the value is the best of them.
    """

    name: str
    value: float
    unit: str
    against: float | None = None
    ratio: float | None = None
    goal: float | None = None
    better: Better = "higher"
    compared_with: str | None = None
    by_cpu: float | None = None
    usual: float | None = None
    rounds: tuple[float, ...] = ()

    @property
    def reached(self) -> bool | None:
        """Whether the goal was reached; None where there is none."""
        if self.goal is None:
            return None
        found = self.value if self.ratio is None else self.ratio
        return found >= self.goal if self.better == "higher" else found <= self.goal


@dataclass(frozen=True, slots=True)
class Timed:
    """Seconds by the wall and of this process's processor time."""

    wall: float
    cpu: float


@dataclass(frozen=True, slots=True)
class Size:
    """How much to measure: the full size is what is reported, the small one only proves that the measuring works."""

    mebibytes: int
    batches: int
    entries: int
    cases: int
    posts: int
    rounds: int


SIZES = {
    "full": Size(mebibytes=1024, batches=100, entries=262_144, cases=200, posts=32, rounds=3),
    "small": Size(mebibytes=4, batches=2, entries=600, cases=2, posts=2, rounds=1),
}


def timed(work: Callable[[], object]) -> Timed:
    """Run something once and give how long it took."""
    wall, cpu = time.perf_counter(), time.process_time()
    work()
    return Timed(time.perf_counter() - wall, time.process_time() - cpu)


def median(values: Sequence[float]) -> float:
    """Give the middle of several rounds."""
    return statistics.median(values)


def per_second(count: int, times: Sequence[Timed]) -> tuple[float, ...]:
    """Give the rate of every round."""
    return tuple(count / one.wall for one in times)


def per_cpu_second(count: int, times: Sequence[Timed]) -> float:
    """Give the rate by processor time, of the middle round."""
    return count / max(median([one.cpu for one in times]), 1e-9)
