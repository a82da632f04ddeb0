"""断流: holes in the presentation stamps of one stream, told without decoding.

Invariant: memory is bounded however long the stream; a rate that changes slowly, as phones do in the dark, is not a hole.
"""

import heapq
from collections import deque
from fractions import Fraction

from liuhen.adapters.media.examination import Stretch

SMALLEST_GAP = Fraction(1, 10)  # seconds that are missing
_REORDER = 34  # more than any decoder holds back pictures (H.265 allows 16)
_RECENT = 31
_MOST_GAPS = 100_000
_TAIL = Fraction(1)  # sound and picture never end together to the frame


class Stamps:
    """The stamps of one stream in seconds, put in order; `gaps` after `finish`."""

    def __init__(self) -> None:
        self.gaps: list[Stretch] = []
        self.first: Fraction | None = None
        self.end = Fraction(0)
        self._waiting: list[Fraction] = []
        self._undecided: list[tuple[Fraction, Fraction]] = []
        self._recent: deque[Fraction] = deque(maxlen=_RECENT)
        self._last: Fraction | None = None

    def add(self, at: Fraction, duration: Fraction) -> None:
        """Note a packet that is shown from `at` for `duration` (0 where the container does not say)."""
        self.first = at if self.first is None else min(self.first, at)
        self.end = max(self.end, at + duration)
        heapq.heappush(self._waiting, at)
        if len(self._waiting) > _REORDER:
            self._step(heapq.heappop(self._waiting))

    def finish(self, length: Fraction) -> None:
        """Close the stream of a recording that is `length` seconds long: what lacks at both ends is a gap too."""
        while self._waiting:
            self._step(heapq.heappop(self._waiting))
        self._decide()
        if self.first is None:
            return
        if self.first >= _TAIL:
            self.gaps.insert(0, (Fraction(0), self.first))
        if length - self.end >= _TAIL:
            self.gaps.append((self.end, length))

    def _step(self, at: Fraction) -> None:
        last, self._last = self._last, at
        if last is None or at <= last:
            return
        if len(self._recent) < _RECENT:
            self._undecided.append((last, at))
            self._recent.append(at - last)
            if len(self._recent) == _RECENT:
                self._decide()
            return
        self._judge(last, at)
        self._recent.append(at - last)

    def _decide(self) -> None:
        """Judge the first intervals once there are enough of them to know what is usual."""
        for last, at in self._undecided:
            self._judge(last, at)
        self._undecided.clear()

    def _judge(self, last: Fraction, at: Fraction) -> None:
        usual = sorted(self._recent)[len(self._recent) // 2]
        missing = at - last - usual
        if missing >= max(SMALLEST_GAP, 2 * usual) and len(self.gaps) < _MOST_GAPS:
            self.gaps.append((last + usual, at))
