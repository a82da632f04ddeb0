"""The import desk: uploads that wait for their file, recordings of no act yet with what is proposed, doubts and quarantine."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from liuhen.core.facts.coverage import MEDIA_NAMES
from liuhen.core.kernel.moments import say_span
from liuhen.flows.access import Permission, has
from liuhen.flows.match_arrivals import Candidate, Match
from liuhen.flows.occasion import Actor
from liuhen.flows.read_arrivals import Arrivals, Aside, Doubtful, Page, Roll
from liuhen.flows.resumable.arriving import Standing

_FULL = 100


@dataclass(frozen=True, slots=True)
class UnfinishedLine:
    """An upload that waits for the person to choose its file again."""

    uid: str
    name: str
    size: int
    offset: int
    sha256: str
    percent: int
    begun: datetime
    expires: datetime | None


@dataclass(frozen=True, slots=True)
class Choice:
    """An act to choose; `value` is what the form sends."""

    value: str
    words: str


@dataclass(frozen=True, slots=True)
class MatchLine:
    """A recording of no act yet; `best` is what one button confirms, `choices` what else can be chosen."""

    uid: str
    name: str
    kind: str
    size: int
    started: datetime | None
    length: str
    stored: datetime
    officer: str
    device: str
    certain: bool
    best: Choice | None
    place: str
    reasons: tuple[str, ...]
    doubts: tuple[str, ...]
    choices: tuple[Choice, ...]
    open: bool
    sought: str


@dataclass(frozen=True, slots=True)
class ListsCard:
    """The three lists with their cursors; `certain` names the recordings that one button accepts together."""

    unmatched: tuple[MatchLine, ...]
    unmatched_page: Page[Match]
    doubtful: tuple[Doubtful, ...]
    doubtful_page: Page[Doubtful]
    aside: tuple[Aside, ...]
    aside_page: Page[Aside]
    certain: tuple[str, ...]
    may_link: bool
    officers: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Sought:
    """A case that was asked for by its number, for one recording, with its acts."""

    recording: str = ""
    number: str = ""
    acts: tuple[Candidate, ...] = ()


def lists_card(actor: Actor, arrivals: Arrivals, roll: Roll, sought: Sought) -> ListsCard:
    """Say what the three lists show."""
    officers, devices = dict(roll.officers), dict(roll.devices)
    lines = tuple(_match_line(match, officers, devices, sought) for match in arrivals.unmatched.lines)
    may_link = has(actor, Permission.INVESTIGATE)
    return ListsCard(
        unmatched=lines,
        unmatched_page=arrivals.unmatched,
        doubtful=arrivals.doubtful.lines,
        doubtful_page=arrivals.doubtful,
        aside=arrivals.aside.lines,
        aside_page=arrivals.aside,
        certain=tuple(line.uid for line in lines if line.certain) if may_link else (),
        may_link=may_link,
        officers=officers,
    )


def _match_line(match: Match, officers: Mapping[str, str], devices: Mapping[str, str], sought: Sought) -> MatchLine:
    asked = sought.recording == match.uid
    best = match.candidates[0] if match.candidates else None
    proposal = best.proposal if best else None
    others = (*(sought.acts if asked else ()), *match.candidates)
    return MatchLine(
        uid=match.uid,
        name=match.name,
        kind=MEDIA_NAMES.get(match.kind, match.kind),
        size=match.size,
        started=match.started_at,
        length=_length(match),
        stored=match.stored_at,
        officer=officers.get(match.officer, match.officer),
        device=devices.get(match.device, match.device),
        certain=match.certain,
        best=_choice(best) if best else None,
        place=best.place if best else "",
        reasons=proposal.reasons if proposal else (),
        doubts=proposal.doubts if proposal else (),
        choices=tuple({one.value: one for one in map(_choice, others)}.values()),
        open=asked,
        sought=sought.number if asked else "",
    )


def _length(match: Match) -> str:
    if match.started_at is None or match.ended_at is None or match.started_at == match.ended_at:
        return ""
    return say_span(match.ended_at - match.started_at)


def _choice(candidate: Candidate) -> Choice:
    begun = f" {candidate.begun:%m-%d %H:%M}" if candidate.begun else ""
    words = " · ".join(filter(None, (candidate.number, candidate.party, candidate.kind + begun)))
    return Choice(f"{candidate.case}/{candidate.act}", words)


def unfinished_line(standing: Standing) -> UnfinishedLine:
    """Say how far an upload is that waits for its file."""
    announced = standing.upload.announced
    return UnfinishedLine(
        uid=standing.upload.uid,
        name=announced.name,
        size=announced.size,
        offset=standing.offset,
        sha256=announced.sha256 or "",
        percent=standing.offset * _FULL // announced.size if announced.size else _FULL,
        begun=standing.upload.begun_at,
        expires=standing.expires,
    )
