"""The ground of a judgement: a case's events with those of its recordings and its agency, folded into facts."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from django.db.models import Q

from liuhen.core.calendar.calendar import WorkCalendar
from liuhen.core.events.catalogue import Event, open_sealed
from liuhen.core.events.envelope import Sealed
from liuhen.core.events.linking import linked_recordings
from liuhen.core.facts.fold import fold
from liuhen.core.facts.model import Facts, Recording
from liuhen.core.rules.evaluate import assess
from liuhen.core.rules.verdict import Verdict
from liuhen.flows.calendars import calendar_of, published_version
from liuhen.flows.law import packs_of
from liuhen.records.index.models import CaseRow
from liuhen.records.ledger.read import sealed_events

# The same bytes read the same for ever, and every act on a case reads the case again.
open_kept = lru_cache(maxsize=4096)(open_sealed)


@dataclass(frozen=True, slots=True)
class Ground:
    """The events a judgement rests on, as kept and as read, and the facts they add up to."""

    sealed: tuple[Sealed, ...]
    events: tuple[Event, ...]
    facts: Facts

    @property
    def calendar(self) -> WorkCalendar:
        """The calendar that terms are counted by: what the agency adopted last, else the published one."""
        return calendar_of(self.facts.agency.calendar)

    @property
    def calendar_version(self) -> str:
        """The digest that names this calendar."""
        return self.facts.agency.calendar or published_version()

    def judge(self, at: datetime, *, calendar: WorkCalendar | None = None) -> tuple[Verdict, ...]:
        """Judge the case by the editions it pinned; by another calendar only to compare with an earlier judgement."""
        return assess(packs_of(self.facts.case.packs), self.facts, calendar=calendar or self.calendar, at=at)

    def grown(self, sealed: Iterable[Sealed], contents: Mapping[str, Any]) -> "Ground":
        """Give the ground with events just recorded, whose contents, by event id, the caller has folded onto the facts.

        Judging again after a new event neither reads nor folds the case again.
        """
        news = tuple(sealed)
        events = (Event(item.header, contents[item.header.id]) for item in news)
        return Ground((*self.sealed, *news), (*self.events, *events), self.facts)


def ground_of(case_uid: str, agency: str) -> Ground:
    """Read everything a judgement of a case needs, in two queries: its own events, then its recordings' and agency's."""
    own = sealed_events(f"case:{case_uid}")
    own_events = [open_kept(item, f"case:{case_uid}") for item in own]
    linked = linked_recordings(event.content for event in own_events)
    others = sealed_events(f"agency:{agency}", *(f"recording:{uid}" for uid in linked))
    sealed = (*others, *own)
    events = (*(open_kept(item, "") for item in others), *own_events)
    return Ground(sealed, events, fold(events))


def agency_facts(agency: str) -> Facts:
    """Fold an agency's own stream; one that has no stream yet has its uid all the same."""
    facts = fold(open_kept(item, "") for item in sealed_events(f"agency:{agency}"))
    facts.agency.uid = agency
    return facts


def recording_facts(recording: str) -> Recording:
    """Fold a recording's own stream."""
    return fold(open_kept(item, "") for item in sealed_events(f"recording:{recording}")).recordings[recording]


def case_named(agency: str, name: str) -> str | None:
    """Give the uid of a case of an agency by its number (案号), register number or uid."""
    named = Q(number=name) | Q(register_number=name) | Q(uid=name)
    return CaseRow.objects.filter(named, agency=agency).values_list("uid", flat=True).first()
