"""Reading one case: its facts, its judgement now, and how far the ledger behind it is sealed.

Invariant: nobody gets a case that is not their agency's, nor a recording of it that is closed to them; what is shown is
folded from events, never taken from a row.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache

from django.conf import settings

from liuhen.core.events.catalogue import Event
from liuhen.core.facts.model import Facts
from liuhen.core.rules.model import Pack
from liuhen.core.rules.verdict import Verdict
from liuhen.flows.access import case_for, unseen_recordings
from liuhen.flows.actors import names_by_roll
from liuhen.flows.classified import is_state_secret
from liuhen.flows.closed import is_telling, told_alike, view_without
from liuhen.flows.ground import ground_of
from liuhen.flows.keep_log import is_demonstration, witnesses
from liuhen.flows.law import packs_of
from liuhen.flows.occasion import SYSTEM, SYSTEM_NAME, Actor
from liuhen.records.ledger import read


@dataclass(frozen=True, slots=True)
class Sealing:
    """How far the log is sealed: `leaf` is the place of the case's newest event, `size` what the checkpoint covers."""

    origin: str
    leaf: int
    size: int
    sealed_at: datetime | None
    cosigned: int
    witnesses: int
    stamped: bool

    @property
    def covers_all(self) -> bool:
        """Whether every event of the case is under the checkpoint."""
        return self.leaf < self.size


@dataclass(frozen=True, slots=True)
class CaseReading:
    """Everything that a page of one case may show to one person: without the recordings closed to that person.

    `names` gives the person behind an actor's opaque id. `secret` says that the case holds 国家秘密, to those who may know.
    """

    uid: str
    events: tuple[Event, ...]
    facts: Facts
    verdicts: tuple[Verdict, ...]
    packs: tuple[Pack, ...]
    names: Mapping[str, str]
    sealing: Sealing | None
    at: datetime
    secret: bool = False


def read_case(actor: Actor, uid: str, *, at: datetime) -> CaseReading:
    """Read a case of the actor's agency, judged as of `at`. Raises NotAllowed, NotFound."""
    row = case_for(actor, uid)
    ground, unseen = ground_of(row.uid, actor.agency), unseen_recordings(actor, row)
    own = [event for event in ground.events if event.header.stream == f"case:{row.uid}"]
    view, verdicts = view_without(ground, unseen), ground.judge(at)
    if unseen:
        verdicts = told_alike(verdicts, view.judge(at))
    actors = {event.header.actor for event in view.events}
    return CaseReading(
        uid=row.uid,
        events=tuple(event for event in view.events if not (unseen and is_telling(event))),
        facts=view.facts,
        verdicts=verdicts,
        packs=packs_of(view.facts.case.packs),
        names=names_by_roll(view.facts.agency.officers, actors) | {SYSTEM: SYSTEM_NAME},
        sealing=_sealing(own[-1].id),
        at=at,
        secret=any(is_state_secret(one.classification) for one in view.facts.recordings.values()),
    )


def _sealing(newest: str) -> Sealing | None:
    found = read.find_event(newest)
    if found is None:
        return None
    entry, origin = found
    kept = read.last_checkpoint(origin)
    return Sealing(
        origin=origin,
        leaf=entry.leaf_index,
        size=kept.size if kept else 0,
        sealed_at=kept.sealed_at if kept else None,
        cosigned=len(kept.cosigners) if kept else 0,
        witnesses=_asked(str(getattr(settings, "WITNESSES", "") or ""), is_demonstration()),
        stamped=kept is not None and kept.timestamp is not None,
    )


@cache
def _asked(configured: str, demonstration: bool) -> int:
    """Count the witnesses asked, once for each configuration: opening them for every page would open their files."""
    return len(witnesses(lambda: datetime.now(UTC)))  # only counted here: the clock stays unread
