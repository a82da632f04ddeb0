"""What examining a recording from end to end found: its length, and the stretches without sound, picture, motion or data.

Invariant: seconds count from the recording's own start as a player counts them, as decimals to 0.1; a stretch is [start, end).
"""

import time
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Literal

from liuhen.core.kernel.errors import LiuhenError

SpanKind = Literal["静音", "黑屏", "静止", "断流"]
MOST_SPANS = 1_000  # of one kind: a file made to be nothing but gaps must not make an event of a million

Stretch = tuple[Fraction, Fraction]


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of a recording and what it is."""

    kind: SpanKind
    start: Decimal
    end: Decimal


@dataclass(frozen=True, slots=True)
class Examination:
    """`length` in seconds; `spans` in the order of their start, of each kind the longest MOST_SPANS.

    `peaks` is the loudest sample of every tenth of a second, 0 to 255; empty for a recording without sound.
    """

    length: Decimal
    spans: tuple[Span, ...]
    peaks: bytes


class OutOfTime(LiuhenError):
    """Working on a file took longer than was allowed; `reason` is the Chinese sentence for people."""

    def __init__(self, seconds: float) -> None:
        self.reason = f"处理超过 {seconds:.0f} 秒仍未完成，已停止；请确认文件是否正常，必要时由人工查看。"
        super().__init__(self.reason)


class Budget:
    """How long a piece of work may still take; asked between packets, so that no file can hold a worker for ever."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._end = time.monotonic() + seconds

    def require(self) -> None:
        """Raises OutOfTime when the time is used up."""
        if time.monotonic() > self._end:
            raise OutOfTime(self._seconds)


def tenths(seconds: Fraction) -> Decimal:
    """Give seconds to 0.1, halves to even."""
    return Decimal(round(seconds * 10)) / 10


def spans_of(kind: SpanKind, stretches: list[Stretch]) -> list[Span]:
    """Give the longest MOST_SPANS stretches as spans, in order; one that is nothing to 0.1 s is left out."""
    kept = sorted(stretches, key=lambda stretch: stretch[0] - stretch[1])[:MOST_SPANS]
    spans = (Span(kind, tenths(start), tenths(end)) for start, end in sorted(kept))
    return [span for span in spans if span.end > span.start]
