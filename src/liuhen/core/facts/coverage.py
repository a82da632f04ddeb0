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
    """A stretch of an act that no recording covers; `explained_by` is the interruption that accounts for it."""

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


def coverage_of(facts: Facts, act: Act, tolerance: timedelta = timedelta(seconds=5)) -> Coverage:
    """Measure how the recordings linked to an act cover its time; gaps up to `tolerance` do not count."""
    demanded = Interval(act.begun, act.ended) if act.begun and act.ended and act.ended >= act.begun else None
    spans: list[Interval] = []
    unknown: list[str] = []
    for uid in act.recordings:
        recording = facts.recordings.get(uid)
        span = _span(recording) if recording else None
        if span is None:
            unknown.append(uid)
        else:
            spans.append(span)
    if demanded is None:
        return Coverage(None, tuple(_merge(spans)[0]), (), timedelta(), tuple(unknown))
    merged, doubled = _merge([clipped for span in spans if (clipped := _clip(span, demanded))])
    gaps = tuple(
        Gap(hole, _explanation(facts, act, hole)) for hole in _holes(demanded, merged) if hole.length > tolerance
    )
    return Coverage(demanded, tuple(merged), gaps, doubled, tuple(unknown))


def _span(recording: Recording) -> Interval | None:
    if recording.media is not None and recording.media.kind not in FILMING_KINDS:
        return None if recording.started is None else Interval(recording.started, recording.started)
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


def _explanation(facts: Facts, act: Act, hole: Interval) -> Interruption | None:
    """Give the interruption of this act whose stretch touches the hole."""
    for interruption in facts.case.interruptions.values():
        if interruption.act != act.uid or interruption.stopped is None:
            continue
        until = interruption.resumed or hole.end
        if interruption.stopped < hole.end and until > hole.start:
            return interruption
    return None
