"""送达: how each issued document stands, what was tried, and the way in which it can be served with what packs want of it.

Invariant: no manner is known by name: which there are, which day counts and which fields a form has come from the packs.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from django import forms
from django.urls import reverse

from liuhen.core.facts.model import Attempt, Document, Service
from liuhen.core.kernel.moments import say_instant
from liuhen.core.rules.model import Rule
from liuhen.core.rules.serving import Effect, Standing
from liuhen.core.rules.verdict import rule_of
from liuhen.doors.web.cards.case import Header, case_header
from liuhen.doors.web.cards.compliance import ORDER, FindingLine, finding_line, findings_about
from liuhen.doors.web.cards.parts import Action, ClauseChip, clause_chip, missing_signers, panel_url
from liuhen.doors.web.cards.serving_entering import Entering, entering
from liuhen.flows.access import Permission, has
from liuhen.flows.formats_in_force import shipped_types
from liuhen.flows.occasion import Actor
from liuhen.flows.read_case import CaseReading
from liuhen.flows.study_serving import ServingLaw, serving_law

_WORDS = {
    "none": ("pending", "未送达"),
    "tried": ("unmet", "送达未成"),
    "waiting": ("pending", "等待回执"),
    "posted": ("pending", "公告中"),
    "ran-out": ("met", "公告期满，视为送达"),
    "served": ("met", "已送达"),
}
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
    proofs: tuple[Action, ...]


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
    if document not in serving_law(reading.facts).to_serve(reading.facts):
        return ()
    return (Action("送达", reverse("service-document", args=[reading.uid, document.uid])),)


def serving_list(reading: CaseReading, actor: Actor) -> ServingList:
    """Give the page of all issued documents of a case."""
    law, facts = serving_law(reading.facts), reading.facts
    rows = tuple(
        _row(reading, law, document, law.standing(facts, document, reading.at)) for document in law.to_serve(facts)
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
    kind = shipped_types().get(document.form)
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
    forms_of = entering(reading, law, document, standing, manner, returned) if may else None
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
        entering=forms_of,
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
    documents = reading.facts.case.documents
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
        proofs=tuple(
            Action(documents[uid].title, panel_url(reading.uid, "documents", uid))
            for uid in one.proofs
            if uid in documents
        ),
    )
