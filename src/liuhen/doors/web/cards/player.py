"""The player: a recording on the clock of its act, with the demanded stretch, what was filmed, gaps and marks on one bar."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.urls import reverse

from liuhen.core.facts.coverage import Interval, coverage_of
from liuhen.core.facts.model import Act, Facts, Recording
from liuhen.core.kernel.moments import SHANGHAI
from liuhen.core.rules.model import Pack
from liuhen.doors.web.cards.detail import Detail, recording_detail
from liuhen.doors.web.cards.filming import (
    CoverageBar,
    Stretch,
    coverage_bar,
    film,
    say_gap,
    say_interval,
    scale,
    stretch,
)
from liuhen.doors.web.cards.parts import DocumentChip, document_chip, panel_url
from liuhen.doors.web.typography import say_second
from liuhen.flows.access import Permission, has
from liuhen.flows.occasion import Actor
from liuhen.flows.read_case import CaseReading

_LEGEND = (
    ("demanded", "应录"),
    ("filmed", "实录"),
    ("here", "正在看"),
    ("gap", "缺录，没有说明"),
    ("explained", "缺录，已说明"),
    ("tick", "标记"),
)


@dataclass(frozen=True, slots=True)
class MarkLine:
    """A marked moment; `second` is what the player jumps to."""

    second: float
    place: str
    topic: str
    note: str


@dataclass(frozen=True, slots=True)
class Ruler:
    """The bar over the act's clock. Stretches are in thousandths; `start` and `whole` put the playing head on it."""

    starts: str
    ends: str
    demanded: Stretch | None
    filmed: tuple[Stretch, ...]
    gaps: tuple[Stretch, ...]
    marks: tuple[Stretch, ...]
    legend: tuple[tuple[str, str], ...]
    offset_seconds: float
    whole_seconds: float


@dataclass(frozen=True, slots=True)
class Player:
    """A recording ready to be played, and what was written around it."""

    uid: str
    case_uid: str
    title: str
    kind: str
    playable: bool
    act_title: str
    act_url: str
    source: str
    media_type: str
    poster: str
    ruler: Ruler | None
    bar: CoverageBar | None
    gap_lines: tuple[str, ...]
    marks: tuple[MarkLine, ...]
    documents: tuple[DocumentChip, ...]
    detail: Detail
    may_mark: bool
    mark_url: str
    topics: tuple[str, ...]


def player(reading: CaseReading, actor: Actor, uid: str) -> Player | None:
    """Give the player of a recording that is linked to the case; None for any other."""
    recording, detail = reading.facts.recordings.get(uid), recording_detail(reading, uid)
    act = reading.facts.case.acts.get(recording.act or "") if recording else None
    if recording is None or detail is None or act is None or recording.file is None:
        return None
    case, media = reading.facts.case, recording.media
    coverage = coverage_of(reading.facts, act)
    return Player(
        uid=uid,
        case_uid=reading.uid,
        title=detail.title,
        kind=media.kind if media else "",
        playable=media.playable if media else False,
        act_title=act.kind,
        act_url=panel_url(reading.uid, "acts", act.uid),
        source=reverse("recording-bytes", args=[reading.uid, uid]),
        media_type=recording.file.media_type,
        poster=film(reading.uid, recording).poster,
        ruler=_ruler(reading, act, recording),
        bar=coverage_bar(reading.facts, act),
        gap_lines=tuple(say_gap(gap) for gap in coverage.gaps),
        marks=tuple(_marks(recording)),
        documents=tuple(document_chip(case.uid, item) for item in case.documents.values() if item.act == act.uid),
        detail=detail,
        may_mark=has(actor, Permission.INVESTIGATE),
        mark_url=reverse("mark", args=[reading.uid, uid]),
        topics=tuple(dict.fromkeys(_topics(reading.packs))),
    )


def _marks(recording: Recording) -> Iterator[MarkLine]:
    for mark in sorted(recording.marks, key=lambda item: item.second):
        second = float(mark.second)
        yield MarkLine(second, say_second(second), mark.topic, mark.note or "")


def _topics(packs: tuple[Pack, ...]) -> Iterator[str]:
    """Give the words that the law in force asks to be told, as suggestions for marks."""
    for pack in packs:
        for rule in pack.rules:
            if rule.told:
                yield from rule.told.topics


def _ruler(reading: CaseReading, act: Act, recording: Recording) -> Ruler | None:
    """Lay the act and all its recordings on one clock; None where this recording's own times are unknown."""
    if recording.started is None or recording.ended is None or recording.ended <= recording.started:
        return None
    coverage = coverage_of(reading.facts, act)
    spans = list(_spans(reading.facts, act))
    edges = [moment for _, span in spans for moment in (span.start, span.end)]
    edges += [coverage.demanded.start, coverage.demanded.end] if coverage.demanded else []
    bounds = Interval(min(edges), max(edges))
    return Ruler(
        starts=_clock(bounds.start),
        ends=_clock(bounds.end),
        demanded=stretch(bounds, coverage.demanded, "demanded", f"应录 {say_interval(coverage.demanded)}")
        if coverage.demanded
        else None,
        filmed=tuple(_filmed(reading, bounds, recording, spans)),
        gaps=tuple(
            stretch(bounds, gap.interval, "explained" if gap.explained_by else "gap", say_gap(gap))
            for gap in coverage.gaps
        ),
        marks=tuple(_ticks(bounds, recording, recording.started)),
        legend=_LEGEND,
        offset_seconds=(recording.started - bounds.start).total_seconds(),
        whole_seconds=bounds.length.total_seconds(),
    )


def _clock(at: datetime) -> str:
    return f"{at.astimezone(SHANGHAI):%H:%M:%S}"


def _spans(facts: Facts, act: Act) -> Iterator[tuple[Recording, Interval]]:
    for uid in act.recordings:
        found = facts.recordings.get(uid)
        if found and found.started and found.ended and found.ended > found.started:
            yield found, Interval(found.started, found.ended)


def _filmed(
    reading: CaseReading, bounds: Interval, current: Recording, spans: list[tuple[Recording, Interval]]
) -> Iterator[Stretch]:
    for recording, span in spans:
        here = recording.uid == current.uid
        label = f"{film(reading.uid, recording).label} {say_interval(span)}"
        url = "" if here else film(reading.uid, recording).url
        yield stretch(bounds, span, "here" if here else "filmed", label, url)


def _ticks(bounds: Interval, recording: Recording, started: datetime) -> Iterator[Stretch]:
    for mark in recording.marks:
        x = scale(bounds, started + timedelta(seconds=float(mark.second)))
        yield Stretch(x, 3, "mark", f"{say_second(float(mark.second))} {mark.topic}")
