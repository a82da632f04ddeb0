"""送达, the forms: the manner that was chosen, with what packs want of it and what the case already knows.

Invariant: no manner is known by name: which there are, which day counts and which fields a form has come from the packs.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.urls import reverse

from liuhen.core.facts.model import CaseFacts, Document
from liuhen.core.kernel.moments import say_instant
from liuhen.core.rules.asking import Demand
from liuhen.core.rules.model import Serving
from liuhen.core.rules.serving import Manner, Standing, wanted_of
from liuhen.doors.web.cards.choices import acts_to_pick, documents_to_pick
from liuhen.doors.web.cards.parts import Action, ClauseChip, clause_chip
from liuhen.doors.web.forms import MINUTE
from liuhen.doors.web.serving_forms import Ask, AttemptForm, Choices, NoticeForm, ServiceForm
from liuhen.flows.formats_in_force import shipped_types
from liuhen.flows.read_case import CaseReading
from liuhen.flows.study_serving import ISSUED, ServingLaw

_RECEIPT = "receipt"
# What an attempt that waits for its receipt said already.
_OF_THE_ATTEMPT = ("recipient", "place", "reason", "agent", "post", "post_number")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What one rule wants of a service in this manner."""

    clause: ClauseChip
    title: str
    duties: tuple[str, ...]
    by: str


@dataclass(frozen=True, slots=True)
class Way:
    """A manner to choose."""

    manner: str
    day: str
    url: str
    picked: bool
    last: bool


@dataclass(frozen=True, slots=True)
class Entering:
    """The forms of the manner that was chosen, with what packs want and the documents that can be written for it."""

    ways: tuple[Way, ...]
    manner: str
    cites: tuple[ClauseChip, ...]
    wanted: tuple[Wanted, ...]
    writing: tuple[Action, ...]
    service: forms.Form | None
    notice: forms.Form | None
    attempt: forms.Form
    attempt_open: bool
    untried: bool
    waits_until: str


def entering(
    reading: CaseReading,
    law: ServingLaw,
    document: Document,
    standing: Standing,
    manner: str,
    returned: dict[str, forms.Form],
) -> Entering:
    """Give the forms of the chosen manner; `returned` are those that came back with what is wrong."""
    chosen = law.manners.get(manner) or _likely(law, standing)
    one, address = chosen.serving, reverse("service-document", args=[reading.uid, document.uid])
    wanted = wanted_of(law.packs, one.manner)
    runs = one.within is not None and standing.state == "posted"
    may_post = one.within is not None and document.posted is None
    fresh = ServiceForm(one, ask_of(reading, law, document, chosen))
    return Entering(
        ways=tuple(
            Way(name, item.serving.day, f"{address}?manner={name}", name == one.manner, item.serving.last)
            for name, item in law.manners.items()
        ),
        manner=one.manner,
        cites=tuple(clause_chip(law.packs, clause) for clause in one.cites),
        wanted=tuple(_wanted(law, demand) for demand in wanted),
        writing=tuple(_writing(reading, one)),
        service=returned.get("service") or (None if runs or may_post else fresh),
        notice=returned.get("notice") or (notice_form(reading, one, document, standing) if may_post else None),
        attempt=returned.get("attempt") or attempt_form(reading, law, one.manner),
        attempt_open="attempt" in returned,
        untried=one.last and not standing.attempts,
        waits_until=standing.effect.day.isoformat() if runs and standing.effect else "",
    )


def _likely(law: ServingLaw, standing: Standing) -> Manner:
    """Give the manner to begin with: the one that waits for its receipt or its end, else the first."""
    waiting = [one.manner for one in standing.attempts if one.result == "待回执" and one.settled is None]
    if standing.state in ("posted", "ran-out"):
        waiting = [name for name, one in law.manners.items() if one.serving.within is not None]
    return law.manners.get(waiting[-1] if waiting else "") or next(iter(law.manners.values()))


def _wanted(law: ServingLaw, demand: Demand) -> Wanted:
    return Wanted(
        clause=clause_chip(law.packs, demand.clause),
        title=demand.rule.title,
        duties=tuple(duty.text for duty in demand.duties),
        by=demand.by or "",
    )


def _writing(reading: CaseReading, one: Serving) -> Iterator[Action]:
    types = shipped_types()
    for form in dict.fromkeys(form for paper in one.papers for form in paper.forms):
        if form in types:
            yield Action(f"拟制《{form}》", reverse("draft", args=[reading.uid, types[form].code]))


def ask_of(reading: CaseReading, law: ServingLaw, document: Document, manner: Manner) -> Ask:
    """Give what the form of a manner offers for a document of the case."""
    case, one = reading.facts.case, manner.serving
    papers = {paper.entry: _documents(case, paper.forms) for paper in one.papers}
    scan_forms = tuple(form for paper in one.papers if paper.entry == _RECEIPT for form in paper.forms)
    waiting = [
        (uid, f"{say_instant(tried.tried) if tried.tried else ''} {tried.manner} {tried.post_number or ''}".strip())
        for uid, tried in case.attempts.items()
        if tried.document == document.uid
        and tried.manner == one.manner
        and not tried.settled
        and tried.result == "待回执"
    ]
    wanted = wanted_of(law.packs, one.manner)
    fields, signers = _scan_fields(wanted, scan_forms), _signers(wanted) if scan_forms else ()
    known = {"文书名称": document.title, "送达文书名称": document.title, "文号": document.number or ""}
    initial = _initial(case, document, one)
    if waiting:
        initial["attempt"] = waiting[-1][0]
        tried = case.attempts[waiting[-1][0]]
        said = {name: getattr(tried, name) for name in _OF_THE_ATTEMPT}
        initial |= {name: text for name, text in said.items() if text}
    return Ask(
        papers,
        acts_to_pick(reversed(case.acts.values())),
        waiting,
        scan_forms,
        fields,
        signers,
        {k: v for k, v in known.items() if v},
        initial,
    )


def _initial(case: CaseFacts, document: Document, one: Serving) -> dict[str, Any]:
    party = case.party
    start: dict[str, Any] = {
        "recipient": party.name if party else "",
        "place": (party.address if party else None) or "",
    }
    if one.within is not None and document.posted is not None:
        start |= {"reason": document.posted_because or "", "carrier": document.posted_on or ""}
    return start


def _scan_fields(wanted: Sequence[Demand], forms_: tuple[str, ...]) -> tuple[str, ...]:
    """Give what packs want written on a receipt of these forms."""
    labels = dict.fromkeys(
        label
        for demand in wanted
        if demand.rule.document is not None and set(forms_) & set(demand.rule.document.forms)
        for label in demand.rule.document.fields
    )
    return tuple(labels)


def _signers(wanted: Sequence[Demand]) -> tuple[str, ...]:
    """Give the roles whose signatures packs look for on a receipt."""
    tests = [test for demand in wanted for test in demand.rule.tests if test.attribute == "receipt_signed_by"]
    return tuple(dict.fromkeys(str(role) for test in tests for role in test.operands))


def _documents(case: CaseFacts, forms_: tuple[str, ...]) -> Choices:
    return documents_to_pick(one for one in reversed(case.documents.values()) if one.form in forms_)


def notice_form(
    reading: CaseReading, one: Serving, document: Document, standing: Standing, data: Any = None
) -> NoticeForm:
    """Give the form by which a public notice is entered, with what was tried already written down as its course."""
    tried = "；".join(
        f"{say_instant(item.tried) if item.tried else ''} {item.manner}送达未成：{item.reason or '没有收回回执'}".strip()
        for item in standing.attempts
        if item.settled is None
    )
    forms_ = tuple(form for paper in one.papers for form in paper.forms)
    initial = {"happened": _minute(reading.at), "reason": tried}
    return NoticeForm(_documents(reading.facts.case, forms_), initial, data)


def attempt_form(
    reading: CaseReading, law: ServingLaw, manner: str, data: Any = None, files: Any = None
) -> AttemptForm:
    """Give the form by which an attempt is entered."""
    case = reading.facts.case
    party = case.party
    initial = {
        "happened": _minute(reading.at),
        "manner": manner,
        "recipient": party.name if party else "",
        "place": (party.address if party else None) or "",
    }
    proofs = documents_to_pick(one for one in reversed(case.documents.values()) if one.facing != ISSUED)
    names = {name: item.serving.failed for name, item in law.manners.items() if item.serving.within is None}
    return AttemptForm(names, acts_to_pick(reversed(case.acts.values())), proofs, initial, data, files)


def _minute(at: datetime) -> str:
    return at.strftime(MINUTE)
