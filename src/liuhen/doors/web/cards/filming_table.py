"""应录与实录 of an act as a table: which clause demands filming, of which interval, how much there is, and every gap.

Invariant: each row is measured by `coverage_of` with that clause's own tolerance and kinds of recording, as its verdict is; a gap
is said to a tenth of a second with what explains it, or with the form that does.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.urls import reverse

from liuhen.core.facts.coverage import MEDIA_NAMES, Coverage, Gap, Interval, coverage_of
from liuhen.core.facts.model import Act, Interruption
from liuhen.core.kernel.moments import SHANGHAI, render_instant
from liuhen.core.rules.model import FilmDemand, Rule, pack_of
from liuhen.doors.web.cards.compliance import finding_key
from liuhen.doors.web.cards.filming import CoverageBar, Film, coverage_bar, film
from liuhen.doors.web.cards.parts import ClauseChip, DocumentChip, clause_chip, document_chip, panel_url
from liuhen.doors.web.cards.player_reel import title_of
from liuhen.doors.web.cards.player_script import rules_on
from liuhen.doors.web.typography import say_second
from liuhen.flows.access import Permission, has
from liuhen.flows.occasion import Actor
from liuhen.flows.read_case import CaseReading


@dataclass(frozen=True, slots=True)
class DemandRow:
    """What one clause wants filmed, and what of it there is; `verdict` as the statement has it, empty where it is silent."""

    clause: ClauseChip
    title: str
    extent: str
    demanded: str
    filmed: str
    missing: str
    doubled: str
    gaps: int
    verdict: str
    url: str


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a stretch was not filmed: by voice at a second to which `url` leads, or by a document and who signed it."""

    cause: str
    manner: str
    place: str
    url: str
    document: DocumentChip | None
    span: str


@dataclass(frozen=True, slots=True)
class GapRow:
    """A gap; without an explanation, `stopped` and `resumed` are what the form sends (empty: filming did not go on)."""

    starts: str
    ends: str
    length: str
    explanation: Explanation | None
    stopped: str
    resumed: str
    key: str


@dataclass(frozen=True, slots=True)
class Choice:
    """Something to choose in a form."""

    value: str
    words: str


@dataclass(frozen=True, slots=True)
class ActFilming:
    """One act: its demands, its bar, its gaps, what is unknown, and what a gap can be explained with."""

    uid: str
    title: str
    url: str
    place: str
    when: str
    note: str
    demands: tuple[DemandRow, ...]
    bar: CoverageBar | None
    gaps: tuple[GapRow, ...]
    explanations: tuple[Explanation, ...]
    unknown: tuple[str, ...]
    films: tuple[Film, ...]
    may_explain: bool
    explain_url: str
    recordings: tuple[Choice, ...]
    documents: tuple[Choice, ...]
    back: str


def filming_of_case(reading: CaseReading, actor: Actor) -> tuple[ActFilming, ...]:
    """Give every act of a case, in the order in which they began."""
    acts = sorted(reading.facts.case.acts.values(), key=lambda act: (act.begun is None, act.begun, act.uid))
    return tuple(act_filming(reading, actor, act) for act in acts)


def act_filming(reading: CaseReading, actor: Actor, act: Act, back: str = "") -> ActFilming:
    """Give the table of an act; `back` is the recording whose page shows it, empty for the page of the case."""
    facts, rows, coverage = reading.facts, tuple(_demands(reading, act)), coverage_of(reading.facts, act)
    # Where nothing was filmed and no clause wants the whole course, there is no film that something could be missing of.
    gaps = coverage.gaps if act.recordings or any(row.missing for row in rows) else ()
    linked = [facts.recordings[uid] for uid in act.recordings if uid in facts.recordings]
    used = {gap.explained_by.uid for gap in gaps if gap.explained_by}
    others = [one for one in facts.case.interruptions.values() if one.act == act.uid and one.uid not in used]
    return ActFilming(
        uid=act.uid,
        title=act.kind,
        url=panel_url(reading.uid, "acts", act.uid),
        place=act.place,
        when=_say_when(act),
        note=_note(act, rows),
        demands=rows,
        bar=coverage_bar(facts, act),
        gaps=tuple(_gap_row(reading, act, gap, number) for number, gap in enumerate(gaps)),
        explanations=tuple(_explanation(reading, one) for one in others),
        unknown=tuple(title_of(one) for one in linked if one.uid in coverage.unknown),
        films=tuple(film(reading.uid, one) for one in linked),
        may_explain=has(actor, Permission.INVESTIGATE),
        explain_url=reverse("explain-gap", args=[reading.uid, act.uid]),
        recordings=tuple(Choice(one.uid, title_of(one)) for one in linked if _speaks(one.media)),
        documents=tuple(Choice(one.uid, _name(one.title, one.number)) for one in facts.case.documents.values()),
        back=back,
    )


def _speaks(media: object) -> bool:
    return getattr(media, "kind", "") in ("video", "audio")


def _name(title: str, number: str | None) -> str:
    return f"{title} {number}" if number else title


def open_gap(reading: CaseReading, act: Act, stopped: datetime) -> Gap | None:
    """Give the gap of an act that begins at a moment and that nobody explained; None where there is none (any more)."""
    found = (gap for gap in coverage_of(reading.facts, act).gaps if gap.explained_by is None)
    return next((gap for gap in found if gap.interval.start == stopped), None)


def resumed_at(act: Act, gap: Gap) -> datetime | None:
    """Give when filming went on after a gap; None where it did not before the act ended."""
    return None if act.ended is not None and gap.interval.end >= act.ended else gap.interval.end


def _demands(reading: CaseReading, act: Act) -> Iterator[DemandRow]:
    judged = {(one.rule, pack_of(one.clause)): one for one in reading.verdicts if one.subject.id == act.uid}
    for rule in rules_on(reading, act):
        if rule.filmed is None:
            continue
        verdict = judged.get((rule.id, pack_of(rule.clauses[0])))
        yield _demand(reading, act, rule, rule.filmed, verdict.verdict if verdict else "")


def _demand(reading: CaseReading, act: Act, rule: Rule, wanted: FilmDemand, verdict: str) -> DemandRow:
    tolerance = timedelta(seconds=wanted.tolerance_seconds)
    coverage = coverage_of(reading.facts, act, tolerance, wanted.media)
    whole = wanted.extent == "whole"
    media = "或".join(MEDIA_NAMES.get(kind, kind) for kind in wanted.media)
    extent = "全程" if whole else "作音像记录"
    return DemandRow(
        clause=clause_chip(reading.packs, rule.clauses[0]),
        title=rule.title,
        extent=extent + (f"（{media}）" if media else "") + ("" if rule.level == "must" else "，视情况"),
        demanded=(say_exact(coverage.demanded) if coverage.demanded else "活动没有结束") if whole else "其中一段",
        filmed=say_tenths(_filmed(coverage)),
        missing=say_tenths(_sum(coverage.gaps)) if whole and coverage.demanded else "",
        doubled=say_tenths(coverage.doubled) if coverage.doubled else "",
        gaps=len(coverage.gaps) if whole else 0,
        verdict=verdict,
        url=panel_url(reading.uid, "findings", finding_key(rule.clauses[0], rule.id, act.uid)) if verdict else "",
    )


def _filmed(coverage: Coverage) -> timedelta:
    return sum((span.length for span in coverage.filmed), timedelta())


def _sum(gaps: tuple[Gap, ...]) -> timedelta:
    return sum((gap.interval.length for gap in gaps), timedelta())


def _say_when(act: Act) -> str:
    if act.begun is None:
        return "时间不明"
    if act.ended is None:
        return f"{act.begun.astimezone(SHANGHAI):%Y-%m-%d %H:%M:%S} 开始，没有结束"
    start, end = act.begun.astimezone(SHANGHAI), act.ended.astimezone(SHANGHAI)
    return f"{start:%Y-%m-%d %H:%M:%S}–{end:%H:%M:%S}"


def _note(act: Act, rows: tuple[DemandRow, ...]) -> str:
    if not rows:
        return (
            "现行规则没有要求这类活动作音像记录。" if not act.recordings else "规则没有要求拍摄，已关联的音像照样对照。"
        )
    return "" if act.recordings else "没有关联音像。"


def _gap_row(reading: CaseReading, act: Act, gap: Gap, number: int) -> GapRow:
    resumed = resumed_at(act, gap)
    return GapRow(
        starts=_tenth(gap.interval.start),
        ends=_tenth(gap.interval.end),
        length=say_tenths(gap.interval.length),
        explanation=_explanation(reading, gap.explained_by) if gap.explained_by else None,
        stopped=render_instant(gap.interval.start),
        resumed=render_instant(resumed) if resumed else "",
        key=f"{act.uid}-{number}",
    )


def _explanation(reading: CaseReading, why: Interruption) -> Explanation:
    document = reading.facts.case.documents.get(why.document or "")
    recording = reading.facts.recordings.get(why.recording or "")
    second = float(why.second) if why.second is not None else None
    located = recording is not None and second is not None
    until = _tenth(why.resumed) if why.resumed else "没有恢复"
    return Explanation(
        cause=why.cause,
        manner=why.manner,
        place=say_second(second) if second is not None else "",
        url=f"{reverse('play', args=[reading.uid, recording.uid])}#t={second:g}" if located and recording else "",
        document=document_chip(reading.uid, document) if document else None,
        span=f"{_tenth(why.stopped)}–{until}" if why.stopped else "",
    )


def _tenth(at: datetime) -> str:
    local = at.astimezone(SHANGHAI)
    return f"{local:%H:%M:%S}.{local.microsecond // 100_000}"


def say_exact(span: Interval) -> str:
    """Write a stretch of one day to a tenth of a second: 09:12:05.0–09:40:00.0（27 分 55.0 秒）."""
    return f"{_tenth(span.start)}–{_tenth(span.end)}（{say_tenths(span.length)}）"


def say_tenths(span: timedelta) -> str:
    """Write a length to a tenth of a second: 1 小时 5.0 秒, 27 分 55.0 秒."""
    tenths = round(span.total_seconds() * 10)
    minutes, rest = divmod(tenths, 600)
    hours, minutes = divmod(minutes, 60)
    parts = [f"{number} {unit}" for number, unit in ((hours, "小时"), (minutes, "分")) if number]
    return " ".join([*parts, f"{rest / 10:.1f} 秒"])
