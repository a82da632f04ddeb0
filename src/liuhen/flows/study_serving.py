"""送达怎样办: the manners of service that bind a case, and how each of its issued documents stands.

Invariant: nothing is recorded here, and no manner is known by name: they are what the packs of the case say, and where these
say nothing of service, what the law that binds every agency says.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from liuhen.core.calendar.calendar import WorkCalendar
from liuhen.core.facts.model import Document, Facts
from liuhen.core.kernel.moments import local_day
from liuhen.core.rules.model import Pack
from liuhen.core.rules.serving import Manner, Standing, manners_of, standing_of
from liuhen.flows.calendars import calendar_of
from liuhen.flows.law import packs_of
from liuhen.flows.office import office
from liuhen.flows.read_case import CaseReading

ISSUED = "出具"


@dataclass(frozen=True, slots=True)
class ServingLaw:
    """What binds the service of a case: the packs that speak of it, the manners they know, the calendar.

    `borrowed`: no pack that the case pinned speaks of service; the law that binds every agency is asked instead.
    """

    packs: tuple[Pack, ...]
    manners: Mapping[str, Manner]
    calendar: WorkCalendar
    borrowed: bool

    def standing(self, facts: Facts, document: Document, at: datetime) -> Standing:
        """Say how a document of the case stands at an instant."""
        return standing_of(facts, document, self.manners, self.calendar, at)

    def to_serve(self, facts: Facts) -> tuple[Document, ...]:
        """Give the documents that are issued to somebody, the newest first; the public notice of another is none of them."""
        papers = {form for one in self.manners.values() for paper in one.serving.papers for form in paper.forms}
        documents = reversed(facts.case.documents.values())
        return tuple(one for one in documents if one.facing == ISSUED and one.form not in papers)


def serving_law(facts: Facts) -> ServingLaw:
    """Give what binds the service of a case."""
    pinned = packs_of(facts.case.packs)
    borrowed = not any(pack.serving for pack in pinned)
    packs = (*pinned, *_everywhere(facts)) if borrowed else pinned
    return ServingLaw(packs, manners_of(packs, facts.agency), calendar_of(facts.agency.calendar), borrowed)


def _everywhere(facts: Facts) -> tuple[Pack, ...]:
    """Give the law that binds every agency as it stood when the case was registered, else the newest."""
    found = [one.pack for one in office().shelf.editions() if one.pack.layer == "base" and one.pack.serving]
    day = local_day(facts.case.registered) if facts.case.registered else None
    then = [pack for pack in found if day is None or pack.is_in_force(day)]
    return tuple(then or found[-1:])


def still_to_serve(reading: CaseReading) -> int:
    """Count the issued documents of a case that do not count as served yet."""
    law = serving_law(reading.facts)
    standings = (law.standing(reading.facts, one, reading.at) for one in law.to_serve(reading.facts))
    return sum(one.state not in ("served", "ran-out") for one in standings)
