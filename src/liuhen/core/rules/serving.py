"""Serving documents: from when one counts as served, what a service lacks, and how a document stands at a moment.

Invariant: pure, and no manner is known here by name: which day counts, how long a notice runs and what must be there are the
pack's to say. A day that cannot be computed is said to be unknown, never guessed.
Cites: 民事诉讼法 art. 87-95, through 行政处罚法 art. 61 and 行政强制法 art. 38.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Literal

from liuhen.core.calendar.calendar import WorkCalendar
from liuhen.core.calendar.deadline import deadline
from liuhen.core.calendar.periods import parse_period
from liuhen.core.facts.agency_model import AgencyFacts
from liuhen.core.facts.model import Attempt, CaseFacts, Document, Facts, Service
from liuhen.core.kernel.moments import day_start, local_day, say_instant
from liuhen.core.rules.asking import Demand, ask
from liuhen.core.rules.model import Pack, Paper, Serving
from liuhen.core.rules.settings import serving_key, settle
from liuhen.core.rules.subjects import VOCABULARIES

# What a service may record beside the document, its manner, recipient, place and server, with what people call it.
FIELDS: Mapping[str, str] = {
    "receipt": "送达回证或者回执",
    "witness": "见证人",
    "reason": "事由",
    "act": "执法活动",
    "carrier": "公告载体",
    "post": "邮寄种类",
    "post_number": "邮寄单号",
    "left_at": "留置处所",
    "consent": "送达地址确认书",
    "agent": "代收人或者受托人",
}
State = Literal["none", "tried", "waiting", "posted", "ran-out", "served"]


@dataclass(frozen=True, slots=True)
class Manner:
    """A manner of service as it binds a case: with every setting in its place, and what is to be said of the settings."""

    serving: Serving
    pack: str
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Effect:
    """From when a document counts as served: the instant, its day, and the working with the clauses."""

    at: datetime
    steps: tuple[str, ...]
    cites: tuple[str, ...]
    provisional: bool = False

    @property
    def day(self) -> date:
        """The day on which it counts as served; terms run from the next."""
        return local_day(self.at)


@dataclass(frozen=True, slots=True)
class Standing:
    """How a document stands at a moment: `effect` is when it counts, or will count, as served."""

    state: State
    effect: Effect | None = None
    services: tuple[Service, ...] = ()
    attempts: tuple[Attempt, ...] = ()


def manners_of(packs: Iterable[Pack], agency: AgencyFacts) -> dict[str, Manner]:
    """Give the manners of service that packs know, in their order; of one that several know, the first pack's holds."""
    found: dict[str, Manner] = {}
    for pack in packs:
        law = settle(pack, agency.settings)
        for one in law.pack.serving:
            grounds = law.grounds.get(serving_key(one.manner))
            found.setdefault(one.manner, Manner(one, pack.id, grounds.lines if grounds else ()))
    return found


def effect_of(manner: Manner, from_: datetime, calendar: WorkCalendar) -> Effect:
    """Compute from when a document counts as served, from the moment that its manner counts from.

    Raises BadInput for a moment that no calendar reaches.
    """
    one = manner.serving
    if one.within is None:
        steps = (f"{one.day}：{local_day(from_)}，该日为送达日，此后的期限自次日起算",)
        return Effect(from_, steps, one.cites)
    term = deadline(from_, parse_period(one.within), calendar)
    last = f"{one.day}：{local_day(from_)}；经过 {one.within}，{local_day(term.due)} 零时起视为送达"
    return Effect(term.due, (*term.steps, last, *manner.notes), one.cites, term.provisional)


def lacking(manner: Manner, said: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    """Say what a service cannot stand without and does not have: field by field, in sentences for whoever fills it in."""
    one = manner.serving
    for name in one.must:
        if not said.get(name):
            yield name, f"{one.manner}送达应当写明{FIELDS[name]}；请补全后再记录"
    if one.ways and not any(all(said.get(name) for name in way) for way in one.ways):
        ways = "，或者".join("和".join(FIELDS[name] for name in way) for way in one.ways)
        yield one.ways[0][0], f"{one.manner}送达应当有{ways}；请补全其中一种"


def paper_faults(
    manner: Manner, documents: Mapping[str, Document], said: Mapping[str, object]
) -> Iterator[tuple[str, str]]:
    """Say what is wrong with the documents that a service rests on: another form, unsigned, or not saying what it must."""
    for paper in manner.serving.papers:
        document = documents.get(str(said.get(paper.entry) or ""))
        if document is None:
            continue
        if document.form not in paper.forms:
            wanted = "或者".join(f"《{form}》" for form in paper.forms)
            yield paper.entry, f"{FIELDS[paper.entry]}应当是{wanted}，《{document.title}》不是；请重新选择"
        elif paper.signed and not document.signatures:
            yield paper.entry, f"《{document.title}》还没有人签名；请当事人签名以后再送达"
        else:
            yield from _unsaid(paper, document)


def _unsaid(paper: Paper, document: Document) -> Iterator[tuple[str, str]]:
    for label, text in paper.says.items():
        if document.fields.get(label, "").strip() != text:
            yield paper.entry, f"《{document.title}》的“{label}”没有写明“{text}”；没有同意的，请改用其他方式送达"


def standing_of(
    facts: Facts, document: Document, manners: Mapping[str, Manner], calendar: WorkCalendar, at: datetime
) -> Standing:
    """Say how a document stands at an instant; a notice that has run out counts as served by itself."""
    case = facts.case
    services = tuple(sorted(_of(case, document), key=lambda one: (one.served is None, one.served or at)))
    attempts = tuple(one for one in case.attempts.values() if one.document == document.uid)
    counted = [one for one in services if one.served is not None and one.served <= at]
    if counted:
        return Standing("served", _recorded(counted[0], manners), services, attempts)
    effect = posted_effect(document, manners, calendar)
    if effect is not None:
        return Standing("posted" if at < effect.at else "ran-out", effect, services, attempts)
    if any(one.result == "待回执" and one.settled is None for one in attempts):
        return Standing("waiting", None, services, attempts)
    return Standing("tried" if attempts else "none", None, services, attempts)


def posted_effect(document: Document, manners: Mapping[str, Manner], calendar: WorkCalendar) -> Effect | None:
    """Give when a document that was posted as a public notice counts as served; None where none was or no pack says how."""
    public = next((one for one in manners.values() if one.serving.within is not None), None)
    if document.posted is None or public is None:
        return None
    return effect_of(public, document.posted, calendar)


def _of(case: CaseFacts, document: Document) -> Iterator[Service]:
    return (one for one in case.services.values() if one.document == document.uid)


def _recorded(service: Service, manners: Mapping[str, Manner]) -> Effect:
    """Give the effect as it was recorded; an older record, without its working, counts from its own moment."""
    assert service.served is not None  # the caller looked
    known = manners.get(service.manner)
    cites = known.serving.cites if known else ()
    steps = service.basis or (f"送达记录的时间：{say_instant(service.served)}（记录时没有推算）",)
    return Effect(service.served, tuple(steps), cites)


def first_instant(day: date, document: Document) -> datetime:
    """Give the instant at which a day without an hour counts: its first, or later that day the making of the document."""
    start = day_start(day)
    made = document.made
    return made if made is not None and start < made and local_day(made) == day else start


def wanted_of(packs: Sequence[Pack], manner: str) -> list[Demand]:
    """List what packs want of a service in a manner, and of the act by which it is made, in the order of their rules."""
    kind = f"{manner}{VOCABULARIES['service'].label}"
    return [one for one in ask(packs, act=kind) if one.rule.each == "service" or _of_this_act(one)]


def _of_this_act(demand: Demand) -> bool:
    tests = demand.rule.when.tests
    return demand.rule.each == "act" and any(test.attribute == "kind" for test in tests)


def texts_of(service: Service) -> dict[str, object]:
    """Give what a service says, by field."""
    return {item.name: getattr(service, item.name) for item in fields(service)}
