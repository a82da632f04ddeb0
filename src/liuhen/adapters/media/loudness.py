"""静音 and the waveform: how loud a recording is, tenth of a second by tenth of a second.

Invariant: every tenth of the recording gets exactly one measure, and a hole in the sound counts as silence; one byte per tenth
is all that is kept. Sound is measured as one channel at 8 kHz: what two channels cancel out, and what only dogs hear, is not.
"""

from array import array
from collections.abc import Iterator
from fractions import Fraction
from itertools import pairwise
from operator import mul

from av.audio.frame import AudioFrame
from av.audio.resampler import AudioResampler

from liuhen.adapters.media.examination import Stretch

RATE = 8_000
SILENCE_RMS = 33  # of 32 768: −60 dBFS, below the noise of a microphone that is switched on
SHORTEST_SILENCE = 20  # tenths of a second
MOST_BUCKETS = 4_000
_TENTH = RATE // 10
_LONGEST_HOLE = 31 * 24 * 36_000  # tenths: nothing longer is let in by the probe


class Loudness:
    """Takes decoded sound in the order of its stamps (seconds from the start); `peaks` and `silences` after `finish`."""

    def __init__(self) -> None:
        self.peaks = bytearray()
        self.silences: list[Stretch] = []
        self._resampler = AudioResampler(format="s16", layout="mono", rate=RATE)
        self._pending = array("h")
        self._given = 0  # samples placed so far
        self._silent_from: int | None = None

    def add(self, frame: AudioFrame, at: Fraction | None) -> None:
        """Measure a frame that sounds from `at`; where that leaves a hole, the hole is silent."""
        if at is not None and (hole := int(at * RATE) - self._given) > _TENTH:
            self._place(bytes(2 * min(hole, 4 * RATE)))
            self._skip(hole - min(hole, 4 * RATE))
        for samples in mono(self._resampler, frame):
            self._place(samples)

    def finish(self, length: Fraction) -> None:
        """Close the recording, `length` seconds long; sound that ended before is silent to the end."""
        if self._pending:
            self._measure(self._pending)
            self._pending = array("h")
        self._skip_tenths(round(length * 10) - len(self.peaks))
        self._end_silence(len(self.peaks))

    def _place(self, samples: bytes) -> None:
        self._pending.frombytes(samples)
        self._given += len(samples) // 2
        at = 0
        while len(self._pending) - at >= _TENTH:
            self._measure(self._pending[at : at + _TENTH])
            at += _TENTH
        del self._pending[:at]

    def _skip(self, samples: int) -> None:
        """Pass over a long hole without making its samples; what is pending stays with the sound before it."""
        if samples > 0:
            self._skip_tenths(samples // _TENTH)
            self._given += samples // _TENTH * _TENTH

    def _skip_tenths(self, count: int) -> None:
        if count > 0:
            self._note(quiet=True)
            self.peaks.extend(bytes(min(count, _LONGEST_HOLE)))

    def _measure(self, tenth: "array[int]") -> None:
        self._note(quiet=sum(map(mul, tenth, tenth)) < SILENCE_RMS**2 * len(tenth))
        self.peaks.append(min(255, max(max(tenth), -min(tenth)) >> 7))

    def _note(self, *, quiet: bool) -> None:
        now = len(self.peaks)
        if not quiet:
            self._end_silence(now)
        elif self._silent_from is None:
            self._silent_from = now

    def _end_silence(self, now: int) -> None:
        start, self._silent_from = self._silent_from, None
        if start is not None and now - start >= SHORTEST_SILENCE:
            self.silences.append((Fraction(start, 10), Fraction(now, 10)))


def mono(resampler: AudioResampler, frame: AudioFrame) -> Iterator[bytes]:
    """Give a frame's sound as the resampler makes it: 16-bit samples of one channel, as bytes."""
    # Stamps are kept by the callers: the resampler refuses frames whose stamps jump.
    frame.pts = None
    for made in resampler.resample(frame):
        yield bytes(made.planes[0])[: 2 * made.samples]


def buckets(peaks: bytes) -> bytes:
    """Give at most MOST_BUCKETS peaks for drawing, each the loudest of an equal share of the recording."""
    count = len(peaks)
    if count <= MOST_BUCKETS:
        return bytes(peaks)
    edges = [number * count // MOST_BUCKETS for number in range(MOST_BUCKETS + 1)]
    return bytes(max(peaks[start:end]) for start, end in pairwise(edges))
