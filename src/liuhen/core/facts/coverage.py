"""应录 against 实录: what of an act's time was filmed, what is missing, and which gap was explained.

One computation for the rules, the player's bar and the report.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from liuhen.core.facts.model import Act, Facts, Interruption, Recording


@dataclass(frozen=True, slots=True)
class Interval:
    """A stretch of time, [start, end)."""

    start: datetime
    end: datetime

    @property
    def length(self) -> timedelta:
        return self.end - self.start


@dataclass(frozen=True, slots=True)
class Gap:
    """A stretch of an act that no recording covers; `explained_by` is the interruption that accounts for it.

    A hole that is explained in part is two gaps: five explained minutes do not excuse an hour.
    """

    interval: Interval
    explained_by: Interruption | None


@dataclass(frozen=True, slots=True)
class Coverage:
    """The demanded interval (None while the act has not ended), what was filmed in it, the gaps, and what is unknown."""

    demanded: Interval | None
    filmed: tuple[Interval, ...]
    gaps: tuple[Gap, ...]
    doubled: timedelta
    unknown: tuple[str, ...]

    @property
    def share(self) -> float | None:
        """The filmed share of the demanded interval, from 0 to 1; None where there is no interval to measure."""
        if self.demanded is None or not self.demanded.length:
            return None
        return sum((part.length for part in self.filmed), timedelta()) / self.demanded.length


FILMING_KINDS = frozenset({"video", "audio"})
MEDIA_NAMES = {"video": "录像", "audio": "录音", "photo": "照片"}

# People write down when filming stopped and resumed to the minute, and no two clocks agree to the second.
_WRITTEN_TO_THE = timedelta(minutes=1)


def coverage_of(
    facts: Facts, act: Act, tolerance: timedelta = timedelta(seconds=5), media: tuple[str, ...] = ()
) -> Coverage:
    """Measure how the recordings linked to an act cover its time; gaps up to `tolerance` do not count.

    A photo films no stretch of time: it neither covers nor leaves anything unknown. Where `media` names kinds of recording
    (a clause that demands video), the others are not looked at.
    """
    counted = FILMING_KINDS & frozenset(media) if media else FILMING_KINDS
    demanded = Interval(act.begun, act.ended) if act.begun and act.ended and act.ended >= act.begun else None
    spans: list[Interval] = []
    unknown: list[str] = []
    for uid in act.recordings:
        recording = facts.recordings.get(uid)
        if recording and recording.media and recording.media.kind not in counted:
            continue
        span = _span(recording) if recording else None
        if span is None:
            unknown.append(uid)
        else:
            spans.append(span)
    if demanded is None:
        return Coverage(None, tuple(_merge(spans)[0]), (), timedelta(), tuple(unknown))
    merged, doubled = _merge([clipped for span in spans if (clipped := _clip(span, demanded))])
    holes = _holes(demanded, merged)
    gaps = tuple(gap for hole in holes for gap in _gaps(facts, act, hole, holes) if gap.interval.length > tolerance)
    return Coverage(demanded, tuple(merged), gaps, doubled, tuple(unknown))


def _span(recording: Recording) -> Interval | None:
    if recording.started is None or recording.ended is None or recording.ended < recording.started:
        return None
    return Interval(recording.started, recording.ended)


def _clip(span: Interval, bounds: Interval) -> Interval | None:
    start, end = max(span.start, bounds.start), min(span.end, bounds.end)
    return Interval(start, end) if start < end else None


def _merge(spans: list[Interval]) -> tuple[list[Interval], timedelta]:
    merged: list[Interval] = []
    doubled = timedelta()
    for span in sorted(spans, key=lambda item: (item.start, item.end)):
        if merged and span.start <= merged[-1].end:
            doubled += min(span.end, merged[-1].end) - span.start
            merged[-1] = Interval(merged[-1].start, max(merged[-1].end, span.end))
        else:
            merged.append(span)
    return merged, doubled


def _holes(bounds: Interval, merged: list[Interval]) -> list[Interval]:
    holes: list[Interval] = []
    reached = bounds.start
    for span in merged:
        if span.start > reached:
            holes.append(Interval(reached, span.start))
        reached = max(reached, span.end)
    if reached < bounds.end:
        holes.append(Interval(reached, bounds.end))
    return holes


def _gaps(facts: Facts, act: Act, hole: Interval, holes: list[Interval]) -> list[Gap]:
    """Split a hole into what interruptions of the act account for and what nothing accounts for."""
    gaps: list[Gap] = []
    reached = hole.start
    for span, interruption in _explained(facts, act, hole, holes):
        if span.start > reached:
            gaps.append(Gap(Interval(reached, span.start), None))
        if span.end > reached:
            gaps.append(Gap(Interval(max(reached, span.start), span.end), interruption))
            reached = span.end
    if reached < hole.end:
        gaps.append(Gap(Interval(reached, hole.end), None))
    return gaps


def _explained(facts: Facts, act: Act, hole: Interval, holes: list[Interval]) -> list[tuple[Interval, Interruption]]:
    """Give the stretches of a hole that interruptions of this act account for, earliest first."""
    found = []
    for interruption in facts.case.interruptions.values():
        if interruption.act != act.uid or interruption.stopped is None:
            continue
        span = _accounted(interruption, interruption.stopped, hole, holes)
        if span is not None:
            found.append((span, interruption))
    return sorted(found, key=lambda item: (item[0].start, item[0].end))


def _accounted(interruption: Interruption, stopped: datetime, hole: Interval, holes: list[Interval]) -> Interval | None:
    """Give the part of a hole that an interruption speaks of; one that never resumed lasts to the end of its first hole."""
    until = interruption.resumed
    if until is None:
        first = next((other for other in holes if other.end > stopped), None)
        until = hole.end if first == hole else stopped
    if stopped >= hole.end or until + _WRITTEN_TO_THE <= hole.start:  # it speaks of another hole
        return None
    start = hole.start if stopped - hole.start <= _WRITTEN_TO_THE else stopped
    end = hole.end if hole.end - until <= _WRITTEN_TO_THE else until
    return Interval(start, end) if start < end else None
