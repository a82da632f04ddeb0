"""应录 against 实录 as bars: the demanded stretch, what was filmed, and each gap with its explanation.

Invariant: every length comes from `coverage_of`, the same sum that the rules and the verifier use.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from django.urls import reverse

from liuhen.core.facts.coverage import MEDIA_NAMES, Coverage, Gap, Interval, coverage_of
from liuhen.core.facts.model import Act, Facts, Recording
from liuhen.core.kernel.moments import SHANGHAI
from liuhen.doors.web.typography import say_length

WIDTH = 1000
Kind = Literal["filmed", "gap", "explained", "demanded", "here", "mark"]


@dataclass(frozen=True, slots=True)
class Stretch:
    """A piece of a bar in thousandths of its width, with what a pointer resting on it reads."""

    x: int
    width: int
    kind: Kind
    label: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Film:
    """A recording as a link to its player."""

    uid: str
    label: str
    kind: str
    started: str
    length: str
    url: str
    poster: str


@dataclass(frozen=True, slots=True)
class CoverageBar:
    """An act's bar with its words: demanded minutes, filmed share, what is missing and what was explained."""

    demanded: str
    share: str
    missing: str
    grade: Literal["whole", "explained", "broken", "unknown", "running"]
    stretches: tuple[Stretch, ...]


def film(case: str, recording: Recording) -> Film:
    """Give a recording as a link."""
    media = recording.media
    length = timedelta(milliseconds=media.duration_ms) if media and media.duration_ms else timedelta()
    started = f"{recording.started.astimezone(SHANGHAI):%H:%M}" if recording.started else "时间不明"
    kind = media.kind if media else ""
    return Film(
        uid=recording.uid,
        label=recording.original_name or (recording.file.name if recording.file else recording.uid),
        kind=MEDIA_NAMES.get(kind, "音像"),
        started=started,
        length=say_length(length) if length else "",
        url=reverse("play", args=[case, recording.uid]),
        poster=reverse("poster", args=[case, recording.uid]),
    )


def scale(bounds: Interval, at: datetime) -> int:
    """Give where a moment stands in a bar, in thousandths, held within it."""
    whole = bounds.length.total_seconds() or 1
    return max(0, min(WIDTH, round((at - bounds.start).total_seconds() / whole * WIDTH)))


def stretch(bounds: Interval, span: Interval, kind: Kind, label: str, url: str = "") -> Stretch:
    """Give a span as a piece of a bar; what is there at all is at least four thousandths wide, or nobody would see it."""
    x = scale(bounds, span.start)
    width = max(4, scale(bounds, span.end) - x)
    return Stretch(min(x, WIDTH - width), width, kind, label, url)


def say_span(span: timedelta) -> str:
    """Write a length to the second: what is missing of a film is counted in seconds, not in rounded minutes."""
    minutes, seconds = divmod(round(span.total_seconds()), 60)
    hours, minutes = divmod(minutes, 60)
    parts = ((hours, "小时"), (minutes, "分"), (seconds, "秒"))
    return " ".join(f"{number} {unit}" for number, unit in parts if number) or "0 秒"


def say_interval(span: Interval) -> str:
    """Write a stretch of one day: 09:12:05–09:40:00（27 分）."""
    start, end = span.start.astimezone(SHANGHAI), span.end.astimezone(SHANGHAI)
    return f"{start:%H:%M:%S}–{end:%H:%M:%S}（{say_span(span.length)}）"


def say_gap(gap: Gap) -> str:
    """Write a gap with what accounts for it."""
    why = gap.explained_by
    explained = f"已说明：{why.cause}（{why.manner}）" if why else "没有说明"
    return f"缺录 {say_interval(gap.interval)}，{explained}"


def coverage_bar(facts: Facts, act: Act) -> CoverageBar | None:
    """Give the bar of an act, or None where nothing was filmed and nothing can be measured."""
    coverage = coverage_of(facts, act)
    if not act.recordings or coverage.demanded is None:
        return None
    demanded = coverage.demanded
    filmed = [stretch(demanded, span, "filmed", f"实录 {say_interval(span)}") for span in coverage.filmed]
    gaps = [
        stretch(demanded, gap.interval, "explained" if gap.explained_by else "gap", say_gap(gap))
        for gap in coverage.gaps
    ]
    share = "" if coverage.share is None else f"{int(coverage.share * 100)}%"
    return CoverageBar(say_span(demanded.length), share, _missing(coverage.gaps), _grade(coverage), (*filmed, *gaps))


def _missing(gaps: Iterable[Gap]) -> str:
    found = list(gaps)
    if not found:
        return ""
    whole = sum((gap.interval.length for gap in found), timedelta())
    open_gaps = sum(gap.explained_by is None for gap in found)
    return f"缺 {say_span(whole)}，" + (f"{open_gaps} 处没有说明" if open_gaps else "已说明")


def _grade(coverage: Coverage) -> Literal["whole", "explained", "broken", "unknown"]:
    if coverage.unknown:
        return "unknown"
    if any(gap.explained_by is None for gap in coverage.gaps):
        return "broken"
    return "explained" if coverage.gaps else "whole"
