"""The bar: the act's clock with what had to be filmed, what was, every gap with its explanation, what was found in it and marked.

Invariant: one scale for everything on it, in seconds from its start. Where the times of filming are known it is the clock of the
act; where they are not, it is the reel played through, and it says no time of day.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from liuhen.core.facts.coverage import FILMING_KINDS, Interval, coverage_of
from liuhen.core.facts.model import Act, Facts, Recording
from liuhen.core.kernel.moments import SHANGHAI
from liuhen.doors.web.cards.filming import WIDTH, say_gap, say_interval
from liuhen.doors.web.cards.player_reel import Piece, address, length_of, title_of, whole_length
from liuhen.doors.web.typography import say_second

_NAMES = {
    "demanded": "应录",
    "here": "正在看",
    "filmed": "其他音像",
    "gap": "缺录，没有说明",
    "explained": "缺录，已说明",
    "tick": "标记",
    "found-silent": "静音",
    "found-black": "黑屏",
    "found-still": "静止",
    "found-broken": "断流",
    "found-voice": "人声",
}
_FOUND = {
    "静音": "found-silent",
    "黑屏": "found-black",
    "静止": "found-still",
    "断流": "found-broken",
    "人声": "found-voice",
}
_LEAST = 4  # thousandths: what is there at all must be seen
_TICK = 3


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of the bar: in thousandths for drawing, in seconds for the pointer; `url` leads to another recording."""

    x: int
    width: int
    kind: str
    label: str
    start: float
    end: float
    url: str = ""


@dataclass(frozen=True, slots=True)
class Ruler:
    """The bar. `offsets` places each piece of the reel, in seconds; `clock` is the second of the day at its start, if known."""

    starts: str
    ends: str
    whole: float
    clock: int | None
    offsets: tuple[float, ...]
    demanded: tuple[Part, ...]
    filmed: tuple[Part, ...]
    others: tuple[Part, ...]
    gaps: tuple[Part, ...]
    found: tuple[Part, ...]
    marks: tuple[Part, ...]
    legend: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class _Scale:
    """From seconds of the bar to thousandths of its width."""

    whole: float
    began: datetime | None

    def at(self, moment: datetime) -> float:
        return (moment - self.began).total_seconds() if self.began else 0.0

    def part(self, start: float, end: float, kind: str, label: str, url: str = "") -> Part:
        left, right = (max(0, min(WIDTH, round(second / (self.whole or 1) * WIDTH))) for second in (start, end))
        width = max(_TICK if kind == "tick" else _LEAST, right - left)
        return Part(min(left, WIDTH - width), width, kind, label, max(0.0, start), min(end, self.whole), url)

    def span(self, interval: Interval, kind: str, label: str, url: str = "") -> Part:
        return self.part(self.at(interval.start), self.at(interval.end), kind, label, url)


def ruler(
    case: str, facts: Facts | None, act: Act | None, parts: Sequence[Recording], pieces: Sequence[Piece]
) -> Ruler | None:
    """Lay the reel, and where there is one its act with all its recordings, on one bar; None where nothing plays."""
    known = {part.uid: part for part in parts}
    shown = [known[piece.uid] for piece in pieces if piece.kind in FILMING_KINDS]
    if not shown or not whole_length(pieces):
        return None
    spans = [span for part in shown if (span := _span(part)) is not None]
    if len(spans) < len(shown):
        return _by_reel(shown, pieces)
    return _by_clock(case, facts, act, shown, spans)


def _span(recording: Recording) -> Interval | None:
    if recording.started is None or recording.ended is None or recording.ended <= recording.started:
        return None
    return Interval(recording.started, recording.ended)


def _by_reel(shown: Sequence[Recording], pieces: Sequence[Piece]) -> Ruler:
    scale = _Scale(whole_length(pieces), None)
    offsets, reached = [], 0.0
    for piece in pieces:
        offsets.append(reached)
        reached += piece.length
    filmed = tuple(
        scale.part(offset, offset + piece.length, "here", piece.title)
        for offset, piece in zip(offsets, pieces, strict=True)
    )
    return _ruler(scale, ("0:00", say_second(scale.whole)), tuple(offsets), shown, filmed=filmed)


def _by_clock(
    case: str, facts: Facts | None, act: Act | None, shown: Sequence[Recording], spans: Sequence[Interval]
) -> Ruler:
    coverage = coverage_of(facts, act) if facts and act else None
    demanded = coverage.demanded if coverage else None
    others = list(_others(facts, act, shown)) if facts and act else []
    bounds = [*spans, *(span for _, span in others), *((demanded,) if demanded else ())]
    whole = Interval(min(span.start for span in bounds), max(span.end for span in bounds))
    scale = _Scale(whole.length.total_seconds(), whole.start)
    return _ruler(
        scale,
        (_clock(whole.start), _clock(whole.end)),
        tuple(scale.at(span.start) for span in spans),
        shown,
        demanded=(scale.span(demanded, "demanded", f"应录 {say_interval(demanded)}"),) if demanded else (),
        filmed=tuple(
            scale.span(span, "here", f"{title_of(one)} {say_interval(span)}")
            for one, span in zip(shown, spans, strict=True)
        ),
        others=tuple(
            scale.span(span, "filmed", f"{title_of(one)} {say_interval(span)}", address("play", case, one.uid))
            for one, span in others
        ),
        gaps=tuple(
            scale.span(gap.interval, "explained" if gap.explained_by else "gap", say_gap(gap))
            for gap in (coverage.gaps if coverage else ())
        ),
    )


def _ruler(
    scale: _Scale,
    ends: tuple[str, str],
    offsets: tuple[float, ...],
    shown: Sequence[Recording],
    *,
    demanded: tuple[Part, ...] = (),
    filmed: tuple[Part, ...] = (),
    others: tuple[Part, ...] = (),
    gaps: tuple[Part, ...] = (),
) -> Ruler:
    found = tuple(_found(scale, offsets, shown))
    marks = tuple(_marks(scale, offsets, shown))
    used = {part.kind for part in (*demanded, *filmed, *others, *gaps, *found, *marks)}
    local = scale.began.astimezone(SHANGHAI) if scale.began else None
    return Ruler(
        starts=ends[0],
        ends=ends[1],
        whole=scale.whole,
        clock=local.hour * 3600 + local.minute * 60 + local.second if local else None,
        offsets=offsets,
        demanded=demanded,
        filmed=filmed,
        others=others,
        gaps=gaps,
        found=found,
        marks=marks,
        legend=tuple((kind, name) for kind, name in _NAMES.items() if kind in used),
    )


def _clock(at: datetime) -> str:
    return f"{at.astimezone(SHANGHAI):%H:%M:%S}"


def _others(facts: Facts, act: Act, shown: Iterable[Recording]) -> Iterator[tuple[Recording, Interval]]:
    here = {one.uid for one in shown}
    for uid in act.recordings:
        one = facts.recordings.get(uid)
        span = _span(one) if one else None
        if one and span and uid not in here:
            yield one, span


def _found(scale: _Scale, offsets: Sequence[float], shown: Sequence[Recording]) -> Iterator[Part]:
    for offset, one in zip(offsets, shown, strict=True):
        for span in one.examined.spans if one.examined else ():
            start, end = float(span.start), min(float(span.end), length_of(one))
            label = f"{span.kind} {say_second(start)}–{say_second(end)}（{end - start:.1f} 秒）"
            yield scale.part(offset + start, offset + end, _FOUND.get(span.kind, "found-still"), label)


def _marks(scale: _Scale, offsets: Sequence[float], shown: Sequence[Recording]) -> Iterator[Part]:
    for offset, one in zip(offsets, shown, strict=True):
        for mark in one.marks:
            second = float(mark.second)
            yield scale.part(offset + second, offset + second, "tick", f"{say_second(second)} {mark.topic}")
