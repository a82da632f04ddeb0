"""送达: how each issued document stands, what was tried, and the way in which it can be served with what packs want of it.

Invariant: no manner is known by name: which there are, which day counts and which fields a form has come from the packs.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django import forms
from django.urls import reverse

from liuhen.core.facts.model import Attempt, CaseFacts, Document, Service
from liuhen.core.kernel.moments import say_instant
from liuhen.core.rules.asking import Demand
from liuhen.core.rules.model import Rule, Serving
from liuhen.core.rules.serving import Effect, Manner, Standing, wanted_of
from liuhen.doors.web.cards.case import Header, case_header
from liuhen.doors.web.cards.compliance import ORDER, FindingLine, finding_line, findings_about, rule_of
from liuhen.doors.web.cards.parts import Action, ClauseChip, clause_chip, missing_signers, panel_url
from liuhen.doors.web.forms import MINUTE
from liuhen.doors.web.serving_forms import Ask, AttemptForm, Choices, NoticeForm, ServiceForm
from liuhen.flows.access import Permission, has
from liuhen.flows.occasion import Actor
from liuhen.flows.read_case import CaseReading
from liuhen.flows.study_serving import ServingLaw, serving_law, to_serve
from liuhen.flows.write_document import case_types

_WORDS = {
    "none": ("pending", "未送达"),
    "tried": ("unmet", "送达未成"),
    "waiting": ("pending", "等待回执"),
    "posted": ("pending", "公告中"),
    "ran-out": ("met", "公告期满，视为送达"),
    "served": ("met", "已送达"),
}
_RECEIPT = "receipt"
# Attributes and moments of the rules' vocabulary that speak of a document's service.
_OF_SERVICE = {"served", "served_publicly", "served_by", "posted_because", "attempted_by"}


@dataclass(frozen=True, slots=True)
class State:
    """How a document stands, in words: the mark beside it, the day, and the working."""

    key: str
    mark: str
    text: str
    day: str
    manner: str
    steps: tuple[str, ...]
    clauses: tuple[ClauseChip, ...]
    provisional: bool


@dataclass(frozen=True, slots=True)
class Row:
    """A document in the list; `asks` are findings that wait or are wrong."""

    title: str
    number: str
    url: str
    state: State
    tried: int
    unready: str
    asks: tuple[FindingLine, ...]


@dataclass(frozen=True, slots=True)
class ServingList:
    """The page of a case's issued documents; `left` is how many do not count as served."""

    header: Header
    rows: tuple[Row, ...]
    left: int
    borrowed: bool
    writing_url: str


@dataclass(frozen=True, slots=True)
class Made:
    """A service as it was recorded, and how packs judge it."""

    text: str
    at: str
    url: str
    day: str
    receipt_title: str
    receipt_url: str
    findings: tuple[FindingLine, ...]


@dataclass(frozen=True, slots=True)
class Tried:
    """An attempt in words."""

    at: str
    manner: str
    text: str
    number: str
    waits: bool
    settled: bool
    url: str


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


@dataclass(frozen=True, slots=True)
class ServingPage:
    """The page of one document."""

    header: Header
    document: str
    title: str
    number: str
    document_url: str
    state: State
    unready: str
    unready_url: str
    made: tuple[Made, ...]
    tried: tuple[Tried, ...]
    posted: str
    posted_because: str
    asks: tuple[FindingLine, ...]
    entering: Entering | None
    borrowed: bool
    archived: bool


def serving_actions(reading: CaseReading, document: Document) -> tuple[Action, ...]:
    """Give the way to the page of a document that is to be served, or was."""
    if document not in to_serve(reading.facts):
        return ()
    return (Action("送达", reverse("service-document", args=[reading.uid, document.uid])),)


def serving_list(reading: CaseReading, actor: Actor) -> ServingList:
    """Give the page of all issued documents of a case."""
    law, facts = serving_law(reading.facts), reading.facts
    rows = tuple(
        _row(reading, law, document, law.standing(facts, document, reading.at)) for document in to_serve(facts)
    )
    return ServingList(
        header=replace(case_header(reading, actor), next=None),
        rows=rows,
        left=sum(row.state.mark != "met" for row in rows),
        borrowed=law.borrowed,
        writing_url=reverse("draft-types", args=[reading.uid]),
    )


def _row(reading: CaseReading, law: ServingLaw, document: Document, standing: Standing) -> Row:
    return Row(
        title=document.title,
        number=document.number or "",
        url=reverse("service-document", args=[reading.uid, document.uid]),
        state=state_of(law, standing),
        tried=len(standing.attempts),
        unready=_unready(document),
        asks=tuple(_asks(reading, document)),
    )


def state_of(law: ServingLaw, standing: Standing) -> State:
    """Say how a document stands, in words."""
    mark, text = _WORDS[standing.state]
    effect = standing.effect
    served = standing.services[0].manner if standing.state == "served" else ""
    return State(
        key=standing.state,
        mark=mark,
        text=text,
        day=effect.day.isoformat() if effect else "",
        manner=served,
        steps=effect.steps if effect else (),
        clauses=_clauses(law, effect),
        provisional=effect.provisional if effect else False,
    )


def _clauses(law: ServingLaw, effect: Effect | None) -> tuple[ClauseChip, ...]:
    return tuple(clause_chip(law.packs, clause) for clause in effect.cites) if effect else ()


def _unready(document: Document) -> str:
    """Say what a document should have before it is brought to anybody."""
    kind = case_types().get(document.form)
    missing = missing_signers(document)
    if missing and document.finished_file is None:
        return f"还没有签名：{missing}"
    return "还没有盖章" if kind is not None and kind.sealed and document.sealed is None else ""


def _asks(reading: CaseReading, document: Document) -> Iterator[FindingLine]:
    """Give what packs still ask about a document's service: of itself, and of the decision that it is the document of."""
    decisions = {uid for uid, one in reading.facts.case.decisions.items() if one.document == document.uid}
    wanted = [
        item
        for item in reading.verdicts
        if item.verdict in ("unmet", "pending", "undetermined")
        and (item.subject.id in decisions or item.subject.id == document.uid)
        and (rule := rule_of(reading.packs, item)) is not None
        and _is_of_service(rule)
    ]
    for item in sorted(wanted, key=lambda item: ORDER.index(item.verdict)):
        yield finding_line(reading, item)


def _is_of_service(rule: Rule) -> bool:
    """Say whether a rule asks for a service or its term, by the words it uses."""
    asked = {test.attribute for test in rule.shows.tests} if rule.shows else set()
    return bool(asked & _OF_SERVICE) or (rule.time is not None and rule.time.to in _OF_SERVICE)


def serving_page(
    reading: CaseReading,
    actor: Actor,
    document: Document,
    manner: str,
    returned: dict[str, forms.Form],
) -> ServingPage:
    """Give the page of one document; `returned` are forms that came back with what is wrong, by service, notice, attempt."""
    law = serving_law(reading.facts)
    standing = law.standing(reading.facts, document, reading.at)
    archived = reading.facts.case.archived is not None
    may = has(actor, Permission.INVESTIGATE) and not archived
    entering = _entering(reading, law, document, standing, manner, returned) if may else None
    return ServingPage(
        header=replace(case_header(reading, actor), next=None),
        document=document.uid,
        title=document.title,
        number=document.number or "",
        document_url=panel_url(reading.uid, "documents", document.uid),
        state=state_of(law, standing),
        unready=_unready(document),
        unready_url=reverse("signing", args=[reading.uid, document.uid]) if may else "",
        made=tuple(_made(reading, one) for one in standing.services),
        tried=tuple(_tried(reading, one) for one in standing.attempts),
        posted=say_instant(document.posted) if document.posted else "",
        posted_because=document.posted_because or "",
        asks=tuple(_asks(reading, document)),
        entering=entering,
        borrowed=law.borrowed,
        archived=archived,
    )


def _made(reading: CaseReading, service: Service) -> Made:
    receipt = reading.facts.case.documents.get(service.receipt or "")
    who = f"，送达人 {service.server}" if service.server else ""
    witnessed = f"，见证人 {service.witness}" if service.witness else ""
    return Made(
        text=f"{service.manner}送达 {service.recipient}（{service.place}）{who}{witnessed}",
        at=say_instant(service.served) if service.served else "",
        url=panel_url(reading.uid, "services", service.uid),
        day=service.effective_on.isoformat() if service.effective_on else "",
        receipt_title=receipt.title if receipt else "",
        receipt_url=panel_url(reading.uid, "documents", receipt.uid) if receipt else "",
        findings=tuple(
            line for line in findings_about(reading, "service", service.uid) if line.verdict != "not_applicable"
        ),
    )


def _tried(reading: CaseReading, one: Attempt) -> Tried:
    sent = " ".join(part for part in (one.post, one.post_number) if part)
    who = "，".join(part for part in (one.recipient, one.place, one.agent) if part)
    return Tried(
        at=say_instant(one.tried) if one.tried else "",
        manner=one.manner,
        text="：".join(part for part in (who, one.reason) if part),
        number=sent,
        waits=one.result == "待回执",
        settled=one.settled is not None,
        url=panel_url(reading.uid, "events", one.evidence[0]),
    )


def _entering(
    reading: CaseReading,
    law: ServingLaw,
    document: Document,
    standing: Standing,
    manner: str,
    returned: dict[str, forms.Form],
) -> Entering:
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
    types = case_types()
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
    fields = _scan_fields(wanted_of(law.packs, one.manner), scan_forms)
    known = {"文书名称": document.title, "送达文书名称": document.title, "文号": document.number or ""}
    initial = _initial(case, document, one)
    if waiting:
        initial["attempt"] = waiting[-1][0]
        tried = case.attempts[waiting[-1][0]]
        known = {
            name: getattr(tried, name) for name in ("recipient", "place", "reason", "agent", "post", "post_number")
        }
        initial |= {name: text for name, text in known.items() if text}
    return Ask(papers, acts_of(case), waiting, scan_forms, fields, {k: v for k, v in known.items() if v}, initial)


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


def _documents(case: CaseFacts, forms_: tuple[str, ...]) -> Choices:
    found = [one for one in case.documents.values() if one.form in forms_]
    return [(one.uid, _named(one)) for one in reversed(found)]


def _named(document: Document) -> str:
    made = say_instant(document.made) if document.made else ""
    return " ".join(part for part in (document.title, document.number, made) if part)


def acts_of(case: CaseFacts) -> Choices:
    """Give the acts of a case to choose from, the newest first."""
    acts = reversed(case.acts.values())
    return [(one.uid, f"{one.kind} {say_instant(one.begun) if one.begun else ''} {one.place}".strip()) for one in acts]


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


def attempt_form(reading: CaseReading, law: ServingLaw, manner: str, data: Any = None) -> AttemptForm:
    """Give the form by which an attempt is entered."""
    case = reading.facts.case
    party = case.party
    initial = {
        "happened": _minute(reading.at),
        "manner": manner,
        "recipient": party.name if party else "",
        "place": (party.address if party else None) or "",
    }
    proofs = [(one.uid, _named(one)) for one in reversed(case.documents.values()) if one.facing != "出具"]
    names = [name for name, item in law.manners.items() if item.serving.within is None]
    return AttemptForm(names, acts_of(case), proofs, initial, data)


def _minute(at: datetime) -> str:
    return at.strftime(MINUTE)
