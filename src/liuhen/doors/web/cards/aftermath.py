"""决定以后: performance, putting right, what comes on top of a fine, urging, execution, objections, the court.

Invariant: which findings stand in which section follows from the words of the rules (their moments and attributes), never from
a rule's name; what is listed is read from the events themselves.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.urls import reverse

from liuhen.core.events.catalogue import BY_NAME, Event
from liuhen.core.facts.model import CaseFacts, Decision
from liuhen.core.kernel.moments import say_instant
from liuhen.core.rules.known_words import extendable_terms
from liuhen.core.rules.model import Rule
from liuhen.core.rules.verdict import Verdict, rule_of
from liuhen.doors.web.aftermath_forms import AFTERMATH, AftermathForm
from liuhen.doors.web.cards.case import Header, case_header
from liuhen.doors.web.cards.choices import acts_to_pick, documents_to_pick
from liuhen.doors.web.cards.compliance import ORDER, FindingLine, finding_line
from liuhen.doors.web.cards.parts import Action, Line, panel_url
from liuhen.doors.web.cards.serving import State, state_of
from liuhen.doors.web.register_forms import Options
from liuhen.flows.access import Permission, has
from liuhen.flows.direct_events import is_permitted
from liuhen.flows.foresee_surcharge import foresee_surcharge
from liuhen.flows.formats_in_force import shipped_types
from liuhen.flows.occasion import Actor
from liuhen.flows.read_case import CaseReading
from liuhen.flows.study_serving import serving_law

_DECISION = "decision"


@dataclass(frozen=True, slots=True)
class Section:
    """A group of acts: its events, its documents by code, and the words of rules that speak of it."""

    key: str
    title: str
    types: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()
    words: frozenset[str] = frozenset()
    subjects: frozenset[str] = frozenset()
    hint: str = ""


_SECTIONS = (
    Section(
        "performance",
        "履行",
        ("case.decision-performed", "case.term-extended"),
        ("PAY", "PAX"),
        frozenset({"paid", "performed"}),
    ),
    Section(
        "correction",
        "改正核查",
        ("case.correction-verified",),
        ("COR", "COK"),
        frozenset({"verified", "correct_by", "correction"}),
    ),
    Section(
        "surcharge",
        "加处罚款",
        ("case.surcharge-demanded",),
        (),
        frozenset({"surcharged_from", "surcharged_to", "surcharge_capped", "surcharge_bases"}),
    ),
    Section(
        "urging",
        "催告",
        (),
        ("URG",),
        frozenset({"case.urged"}),
        hint="制作催告书，盖章，送达；催告的期限自送达起算。",
    ),
    Section(
        "execution",
        "强制执行",
        (),
        ("ENF", "ENS", "ENR", "ENX"),
        frozenset({"executed"}),
        hint="执行在现场记录：谁、何时、怎样执行，同时摄录。",
    ),
    Section("things", "涉案物品处理", ("case.measure-ended",), ("DIS", "DIL"), frozenset({"measure_ended"})),
    Section(
        "objections",
        "异议",
        ("case.objection-raised", "case.objection-handled"),
        ("OBJ",),
        subjects=frozenset({"objection"}),
    ),
    Section(
        "court",
        "申请法院强制执行",
        ("case.redress-expired", "case.court-applied"),
        ("CRT",),
        frozenset({"court_applied", "redress_expired", "court"}),
    ),
)
_RESULTS = ("已改正", "部分改正", "未改正")
_EXECUTION = "execution"


@dataclass(frozen=True, slots=True)
class Entered:
    """An act as it was recorded."""

    label: str
    at: str
    url: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Paper:
    """A document that belongs to a section; `state` says how its service stands where it is issued."""

    title: str
    number: str
    url: str
    state: str
    mark: str
    service_url: str


@dataclass(frozen=True, slots=True)
class FormCard:
    """A form, `open` where it came back with what is wrong or is the next thing to do."""

    kind: str
    label: str
    form: AftermathForm
    open: bool
    hint: str = ""


@dataclass(frozen=True, slots=True)
class SectionCard:
    """A section of the page."""

    key: str
    title: str
    hint: str
    findings: tuple[FindingLine, ...]
    entered: tuple[Entered, ...]
    papers: tuple[Paper, ...]
    forms: tuple[FormCard, ...]
    actions: tuple[Action, ...]


@dataclass(frozen=True, slots=True)
class DecisionLine:
    """A decision with what became of it."""

    kind: str
    summary: str
    made: str
    amount: str
    served: str
    served_mark: str
    paid: str
    url: str
    service_url: str


@dataclass(frozen=True, slots=True)
class AftermathPage:
    """The whole page."""

    header: Header
    decisions: tuple[DecisionLine, ...]
    sections: tuple[SectionCard, ...]
    may: bool


def aftermath_page(reading: CaseReading, actor: Actor, returned: Mapping[str, AftermathForm]) -> AftermathPage:
    """Give the page; `returned` are forms that came back with what is wrong, by the name of their event."""
    case = reading.facts.case
    may = has(actor, Permission.INVESTIGATE) and case.archived is None
    findings, names, services = _findings_by_section(reading), _all_options(reading), _services(reading)
    now = _to_pick_now(case, names)
    return AftermathPage(
        header=replace(case_header(reading, actor), next=None),
        decisions=tuple(_decision(reading, one, services) for one in case.decisions.values()),
        sections=tuple(
            SectionCard(
                key=one.key,
                title=one.title,
                hint=one.hint,
                findings=findings.get(one.key, ()),
                entered=tuple(_entered(reading, names, one)),
                papers=tuple(_papers(reading, services, one)),
                forms=() if case.archived is not None else tuple(_forms(reading, actor, one, returned, now)),
                actions=() if case.archived is not None else tuple(_actions(reading, actor, one)),
            )
            for one in _SECTIONS
        ),
        may=may,
    )


def _services(reading: CaseReading) -> Mapping[str, State]:
    """Give how the service of every issued document stands, by document."""
    law = serving_law(reading.facts)
    documents = law.to_serve(reading.facts)
    return {one.uid: state_of(law, law.standing(reading.facts, one, reading.at)) for one in documents}


def section_of(name: str) -> str | None:
    """Give the key of the section that a type of event stands in, None for one that has no form here."""
    return next((one.key for one in _SECTIONS if name in one.types), None)


def aftermath_form(reading: CaseReading, name: str, data: Mapping[str, Any] | None = None) -> AftermathForm:
    """Give the form of a type of event, with what the case already knows."""
    return _form(reading, name, _to_pick_now(reading.facts.case, _all_options(reading)), data)


def _form(reading: CaseReading, name: str, options: Options, data: Mapping[str, Any] | None = None) -> AftermathForm:
    return AftermathForm(name, options, reading.at, _begun(reading, name, options), data)


def _forms(
    reading: CaseReading, actor: Actor, one: Section, returned: Mapping[str, AftermathForm], options: Options
) -> Iterator[FormCard]:
    for name in one.types:
        if is_permitted(actor, name) and _has_its_object(reading.facts.case, name):
            form = returned.get(name) or _form(reading, name, options)
            yield FormCard(name.partition(".")[2], BY_NAME[name].label, form, name in returned)


def _has_its_object(case: CaseFacts, name: str) -> bool:
    """Say whether the case has what an act is about: a decision, an objection that waits, an act."""
    needed = {entry.name for entry in AFTERMATH[name] if entry.needed and entry.typed == "pick"}
    waiting = any(one.handled is None for one in case.objections.values())
    there = {"decision": bool(case.decisions), "objection": waiting, "act": bool(case.acts)}
    return all(there.get(name, True) for name in needed)


def _actions(reading: CaseReading, actor: Actor, one: Section) -> Iterator[Action]:
    by_code = {kind.code: kind for kind in shipped_types().values()}
    for code in one.codes:
        if code in by_code and has(actor, Permission.INVESTIGATE):
            yield Action(f"拟制《{by_code[code].name}》", reverse("draft", args=[reading.uid, code]))
    if one.key == _EXECUTION and has(actor, Permission.INVESTIGATE):
        yield Action("行前须知", f"{reverse('before', args=[reading.uid])}?act={one.title}")
        yield Action("到现场记录", reverse("on-site", args=[reading.uid]))


def _papers(reading: CaseReading, services: Mapping[str, State], one: Section) -> Iterator[Paper]:
    names = {kind.name for kind in shipped_types().values() if kind.code in one.codes}
    for document in (one for one in reading.facts.case.documents.values() if one.form in names):
        state = services.get(document.uid)
        yield Paper(
            title=document.title,
            number=document.number or "",
            url=panel_url(reading.uid, "documents", document.uid),
            state=f"{state.text} {state.day}".strip() if state else "",
            mark=state.mark if state else "",
            service_url=reverse("service-document", args=[reading.uid, document.uid]) if state else "",
        )


def _entered(reading: CaseReading, names: Options, one: Section) -> Iterator[Entered]:
    for event in reading.events:
        if event.header.type in one.types:
            url = panel_url(reading.uid, "events", event.id)
            yield Entered(
                BY_NAME[event.header.type].label, say_instant(event.header.at), url, tuple(_lines(event, names))
            )


def _lines(event: Event, names: Options) -> Iterator[Line]:
    kind = BY_NAME[event.header.type]
    for entry in AFTERMATH[kind.name]:
        value = getattr(event.content, entry.name, None) if event.content is not None else "内容已依法销毁"
        if value not in (None, "") and entry.typed != "made":
            said = dict(names.get(entry.name, [])).get(str(value), str(value))
            yield Line(entry.label or kind.label, said)


def _decision(reading: CaseReading, one: Decision, services: Mapping[str, State]) -> DecisionLine:
    state = services.get(one.document)
    paid = sum(amount for _, amount in one.payments)
    return DecisionLine(
        kind=one.kind,
        summary=one.summary,
        made=say_instant(one.made) if one.made else "",
        amount=f"{one.amount:,} 元" if one.amount is not None else "",
        served=f"{state.text} {state.day}".strip() if state else "",
        served_mark=state.mark if state else "",
        paid=f"已缴 {paid:,} 元" if paid else "已履行" if one.performed else "",
        url=panel_url(reading.uid, "decisions", one.uid),
        service_url=reverse("service-document", args=[reading.uid, one.document]) if state else "",
    )


def _findings_by_section(reading: CaseReading) -> dict[str, tuple[FindingLine, ...]]:
    found: dict[str, list[Verdict]] = {}
    for verdict in reading.verdicts:
        if verdict.verdict == "not_applicable":
            continue
        key = _section_of_verdict(reading, verdict)
        if key is not None:
            found.setdefault(key, []).append(verdict)
    return {
        key: tuple(finding_line(reading, one) for one in sorted(items, key=lambda one: ORDER.index(one.verdict)))
        for key, items in found.items()
    }


def _section_of_verdict(reading: CaseReading, verdict: Verdict) -> str | None:
    by_subject = next((one.key for one in _SECTIONS if verdict.subject.kind in one.subjects), None)
    if by_subject is not None:
        return by_subject
    rule = rule_of(reading.packs, verdict)
    words = _words(rule) if rule is not None else frozenset()
    # The later stage is the one that a rule over two of them is about: 催告满十个工作日方可申请法院.
    return next((one.key for one in reversed(_SECTIONS) if words & one.words), None)


def _words(rule: Rule) -> frozenset[str]:
    """Give the moments and attributes by which a rule says what it wants."""
    shown = [test.attribute for test in rule.tests]
    terms = [rule.time.to, rule.time.start] if rule.time else []
    order = [rule.order.first, rule.order.then] if rule.order else []
    return frozenset({*shown, *terms, *order})


def _to_pick_now(case: CaseFacts, options: Options) -> Options:
    """Leave out what is over: objections that were handled."""
    waiting = {uid for uid, one in case.objections.items() if one.handled is None}
    return {**options, "objection": [pair for pair in options["objection"] if pair[0] in waiting]}


def _all_options(reading: CaseReading) -> Options:
    case, facts = reading.facts.case, reading.facts
    return {
        "decision": [(uid, _name(case, one)) for uid, one in case.decisions.items()],
        "objection": [(uid, f"{one.person}对{one.against}的异议") for uid, one in case.objections.items()],
        "document": documents_to_pick(reversed(case.documents.values())),
        "act": acts_to_pick(reversed(case.acts.values())),
        "recording": [(uid, one.original_name or uid) for uid, one in facts.recordings.items() if one.act],
        "result": [(word, word) for word in _RESULTS],
        "term": [(word, word) for word in extendable_terms(serving_law(facts).packs)],
    }


def _name(case: CaseFacts, one: Decision) -> str:
    document = case.documents.get(one.document)
    number = document.number if document else None
    return f"{one.kind}（{number or one.summary[:20]}）"


def _begun(reading: CaseReading, name: str, options: Options) -> dict[str, Any]:
    """Give what a form begins with: the only decision there is, the party, what a surcharge comes to by today."""
    case = reading.facts.case
    begun: dict[str, Any] = {
        field: options[field][0][0]
        for field in ("decision", "objection")
        if len(options.get(field, [])) == 1 and any(entry.name == field for entry in AFTERMATH[name])
    }
    if any(entry.name == "person" for entry in AFTERMATH[name]) and case.party:
        begun["person"] = case.party.name
    sole = case.decisions.get(str(begun.get(_DECISION)))
    if sole is not None and any(entry.name == "first_day" for entry in AFTERMATH[name]):
        late = foresee_surcharge(reading, sole)
        if late is not None:
            begun |= {"first_day": late.first_day, "last_day": late.last_day, "amount": late.amount}
    return begun
