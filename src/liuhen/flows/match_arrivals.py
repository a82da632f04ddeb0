"""Matching recordings with acts: what the agency's acts of those hours are, which are proposed, and confirming the certain.

Invariant: proposals are computed anew from events whenever they are shown or confirmed; nothing is linked that is not
certain at that moment, unless a person chose it. Times that a device wrote are compared as its clock was found to be off; the
recorded times stay as they are.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q

from liuhen.core.events.catalogue import Event as Happened
from liuhen.core.events.parts import Location
from liuhen.core.facts.clocks import ahead_at
from liuhen.core.facts.fold import fold
from liuhen.core.facts.matching import NEAR, Proposal, Scene, Shot, propose
from liuhen.core.facts.model import Act, CaseFacts, Recording
from liuhen.flows.access import Permission, has, require
from liuhen.flows.classified import OPEN_WORDS
from liuhen.flows.device_clocks import checks_near, keeps_device_time
from liuhen.flows.ground import open_kept
from liuhen.flows.ingest import link_recording
from liuhen.flows.occasion import Actor, Occasion
from liuhen.records.index.models import CaseRow, RecordingRow
from liuhen.records.ledger.models import Event
from liuhen.records.ledger.read import sealed_events

# How long before a recording an act may have begun, and how many acts and proposals are looked at.
_BEGUN_WITHIN = timedelta(hours=13)
_MOST_ACTS = 40
_MOST_CASES = 60
_MOST_PROPOSALS = 5


@dataclass(frozen=True, slots=True)
class Candidate:
    """An act that a person can choose, as it is shown."""

    case: str
    act: str
    number: str
    party: str
    kind: str
    place: str
    begun: datetime | None
    ended: datetime | None
    proposal: Proposal | None = None


@dataclass(frozen=True, slots=True)
class Match:
    """A recording of no case, and the acts it may show, the likeliest first."""

    uid: str
    name: str
    kind: str
    size: int
    started_at: datetime | None
    ended_at: datetime | None
    stored_at: datetime
    officer: str
    device: str
    clock_doubt: str
    candidates: tuple[Candidate, ...]

    @property
    def certain(self) -> bool:
        """Whether the first proposal needs no second look."""
        return bool(self.candidates) and _is_certain(self.candidates[0])


def match_recordings(actor: Actor, rows: Sequence[RecordingRow], *, at: datetime) -> tuple[Match, ...]:
    """Give each recording with its proposals; those who may not see cases get none."""
    shots = _shots(actor.agency, rows) if has(actor, Permission.VIEW) else {}
    near = {uid: _cases_near(actor.agency, shot) for uid, shot in shots.items()}
    cases = _read_cases(actor.agency, [uid for found in near.values() for uid in found])
    filmed = _filmed(actor, cases.values())
    return tuple(
        _match(row, shots.get(row.uid), [cases[uid] for uid in near.get(row.uid, ()) if uid in cases], filmed, at)
        for row in rows
    )


def confirm_certain(occasion: Occasion, recordings: Sequence[str]) -> int:
    """Link those of the recordings whose match is certain now; gives how many. Raises NotAllowed."""
    require(occasion.actor, Permission.INVESTIGATE)
    rows = RecordingRow.objects.filter(agency=occasion.actor.agency, uid__in=list(recordings), case_uid="")
    done = 0
    for match in match_recordings(occasion.actor, list(rows), at=occasion.at):
        if match.certain:
            chosen = match.candidates[0]
            link_recording(chosen.case, occasion, recording=match.uid, act=chosen.act)
            done += 1
    return done


def acts_of_case(row: CaseRow) -> tuple[Candidate, ...]:
    """Give every act of a case, the latest first."""
    facts = _read_cases(row.agency, [row.uid])[row.uid]
    found = [_candidate(facts, act) for act in facts.acts.values()]
    return tuple(sorted(found, key=lambda one: str(one.begun), reverse=True))


def _is_certain(candidate: Candidate) -> bool:
    return candidate.proposal is not None and candidate.proposal.certain


def _shots(agency: str, rows: Sequence[RecordingRow]) -> dict[str, Shot]:
    """Give the recordings as matching looks at them, those that have a time."""
    timed = [row for row in rows if row.started_at is not None and row.ended_at is not None]
    checks = checks_near(agency, [row.started_at for row in timed if row.started_at and row.device])
    said = _recordings([row.uid for row in timed])
    found: dict[str, Shot] = {}
    for row in timed:
        assert row.started_at is not None and row.ended_at is not None  # chosen so
        recording = said.get(row.uid)
        keeps_time = recording is not None and keeps_device_time(recording)
        found[row.uid] = Shot(
            started=row.started_at,
            ended=row.ended_at,
            officer=row.officer or None,
            device=row.device or None,
            spot=recording.media.location if recording and recording.media else None,
            name=row.name,
            doubted=bool(row.clock_doubt),
            ahead=ahead_at(row.started_at, checks.get(row.device, ())) if keeps_time else timedelta(),
        )
    return found


def _cases_near(agency: str, shot: Shot) -> tuple[str, ...]:
    """Give the cases with an act that began at about the time of a recording."""
    started, ended = shot.span
    since = started - _BEGUN_WITHIN
    begun = Event.objects.filter(
        agency=agency, type="case.act-begun", recorded_at__gte=since, at__range=(since, ended + NEAR)
    )
    streams = begun.order_by("-at").values_list("stream", flat=True)[:_MOST_ACTS]
    return tuple(dict.fromkeys(stream.removeprefix("case:") for stream in streams))


def _read_cases(agency: str, uids: Iterable[str]) -> dict[str, CaseFacts]:
    """Fold cases by their own events alone: acts and officers need neither the agency's nor the recordings'."""
    wanted = list(dict.fromkeys(uids))[:_MOST_CASES]
    by_stream: dict[str, list[Happened]] = {}
    for item in sealed_events(*(f"case:{uid}" for uid in wanted)):
        event = open_kept(item, "")
        if event.header.agency == agency:
            by_stream.setdefault(event.header.stream, []).append(event)
    return {stream.removeprefix("case:"): fold(events).case for stream, events in by_stream.items()}


@dataclass(frozen=True, slots=True)
class _Filmed:
    """What is known of the recordings that acts have: with which devices they were made, and where."""

    devices: dict[str, frozenset[str]]
    spots: dict[str, tuple[Location, ...]]


def _filmed(actor: Actor, cases: Iterable[CaseFacts]) -> _Filmed:
    acts = {act.uid: act for case in cases for act in case.acts.values()}
    # A closed recording must not show through the proposals of others.
    rows = RecordingRow.objects.filter(Q(classification__in=OPEN_WORDS) | Q(officer=actor.uid), act_uid__in=list(acts))
    found = list(rows.values_list("uid", "act_uid", "device"))
    located = _spots([uid for uid, _, _ in found])
    return _Filmed(
        {act: frozenset(device for _, of, device in found if of == act and device) for act in acts},
        {act: tuple(located[uid] for uid, of, _ in found if of == act and uid in located) for act in acts},
    )


def _spots(recordings: Sequence[str]) -> dict[str, Location]:
    """Give where recordings say they were taken, those that say it."""
    found = _recordings(recordings)
    return {uid: one.media.location for uid, one in found.items() if one.media and one.media.location}


def _recordings(uids: Sequence[str]) -> Mapping[str, Recording]:
    if not uids:
        return {}
    return fold(open_kept(item, "") for item in sealed_events(*(f"recording:{uid}" for uid in uids))).recordings


def _match(row: RecordingRow, shot: Shot | None, cases: Sequence[CaseFacts], filmed: _Filmed, at: datetime) -> Match:
    acts = {(case.uid, act.uid): (case, act) for case in cases for act in case.acts.values() if act.begun is not None}
    scenes = [_scene(case, act, filmed) for case, act in acts.values()]
    proposals = propose(shot, scenes, at=at) if shot else ()
    chosen = tuple(_candidate(*acts[one.case, one.act], one) for one in proposals[:_MOST_PROPOSALS])
    return Match(
        uid=row.uid,
        name=row.name,
        kind=row.kind,
        size=row.size,
        started_at=row.started_at,
        ended_at=row.ended_at,
        stored_at=row.stored_at,
        officer=row.officer,
        device=row.device,
        clock_doubt=row.clock_doubt,
        candidates=chosen,
    )


def _scene(case: CaseFacts, act: Act, filmed: _Filmed) -> Scene:
    assert act.begun is not None  # chosen so
    return Scene(
        case=case.uid,
        act=act.uid,
        begun=act.begun,
        ended=act.ended,
        officers=frozenset(one.officer for one in act.officers),
        devices=filmed.devices.get(act.uid, frozenset()),
        spots=filmed.spots.get(act.uid, ()),
        place=act.place,
        numbers=tuple(number for number in (case.number, case.register_number) if number),
    )


def _candidate(case: CaseFacts, act: Act, proposal: Proposal | None = None) -> Candidate:
    return Candidate(
        case=case.uid,
        act=act.uid,
        number=case.number or case.register_number,
        party=case.party.name if case.party else "",
        kind=act.kind,
        place=act.place,
        begun=act.begun,
        ended=act.ended,
        proposal=proposal,
    )
