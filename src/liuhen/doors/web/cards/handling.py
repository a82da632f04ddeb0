"""办理: the steps of a case by stage, the one that is next with its form, and every other that may be taken.

Invariant: a form is offered to who may send it, where nothing known forbids the step; the flow decides again.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.urls import reverse

from liuhen.core.facts.model import CaseFacts, Document
from liuhen.core.rules.verdict import Verdict
from liuhen.doors.web.cards.case import Header, case_header
from liuhen.doors.web.cards.compliance import FindingLine, finding_line
from liuhen.doors.web.cards.handling_options import known_before, options_of
from liuhen.doors.web.cards.parts import Action, panel_url
from liuhen.doors.web.handling_forms import StepForm
from liuhen.flows.access import Permission, may_any
from liuhen.flows.course_of_case import (
    BEGUN,
    CONCLUDED,
    DECIDED,
    FILED,
    REGISTERED,
    Course,
    StepOfCase,
    Taken,
    course_of,
    running_acts,
)
from liuhen.flows.fit_deciding import approved_at, matter_of_decision, needs_approval
from liuhen.flows.formats_in_force import shipped_types
from liuhen.flows.keep_draft import WRITERS
from liuhen.flows.occasion import Actor
from liuhen.flows.read_case import CaseReading
from liuhen.flows.record_step import STEPS as RECORDABLE


@dataclass(frozen=True, slots=True)
class TakenLine:
    """A step that was taken: when, by whom, what it says, where the record and its document are."""

    at: datetime
    who: str
    text: str
    url: str
    document: Action | None


@dataclass(frozen=True, slots=True)
class Approval:
    """How far the approval of a matter is, in words."""

    matter: str
    path: str
    given: bool


@dataclass(frozen=True, slots=True)
class StepCard:
    """A step in its stage. `url` leads to its form where the person may take it; `closed` says why nobody can."""

    key: str
    title: str
    state: str
    taken: tuple[TakenLine, ...]
    wanted: tuple[FindingLine, ...]
    approval: Approval | None
    url: str
    closed: str
    drafts: tuple[Action, ...]


@dataclass(frozen=True, slots=True)
class StageCard:
    """A stage: the steps taken or wanted, and the others that may be taken."""

    name: str
    steps: tuple[StepCard, ...]
    others: tuple[StepCard, ...]


@dataclass(frozen=True, slots=True)
class FormCard:
    """A step's form with all that stands beside it: what the packs want, documents that there are, those to be drafted."""

    step: StepCard
    form: StepForm | None
    url: str
    button: str
    documents: tuple[Action, ...]
    drafts: tuple[Action, ...]
    hint: str
    links: tuple[Action, ...]


@dataclass(frozen=True, slots=True)
class Next:
    """The one thing to do next; `waiting` says for whom or what it waits where this person cannot do it now."""

    card: FormCard
    why: str
    waiting: str
    beyond: FindingLine | None


@dataclass(frozen=True, slots=True)
class Handling:
    """The whole page."""

    header: Header
    next: Next | None
    stages: tuple[StageCard, ...]
    warnings: tuple[str, ...]


_STAGES = ("启动", "调查取证", "审查决定", "结案")
_MATTERS = {FILED: "立案", "case.started-urgently": "紧急启动", CONCLUDED: "结案"}
_BUTTONS = {
    FILED: "立案并取案号",
    DECIDED: "登记决定",
    CONCLUDED: "结案",
    BEGUN: "开始活动",
    "case.act-ended": "结束活动",
}
_WAITING = {
    Permission.INVESTIGATE: "由办案人员登记",
    Permission.REVIEW: "由法制审核人员登记",
    Permission.APPROVE: "由负责人登记",
}
_HINTS = {
    BEGUN: "在现场用手机记录的，请用“现场”页；这里登记在办公室进行的活动，或者补记。",
    "case.evidence-listed": "音像证据在该段音像播放页的“证据”里列示，不用在这里再登记。",
    DECIDED: "以后的送达和履行不在本页登记。",
    CONCLUDED: "归档期限从结案开始计算。",
}
# What a step says, by the fields of its content that say it.
_SAYING: Mapping[str, tuple[str, ...]] = {
    FILED: ("number",),
    "case.started-urgently": ("reason",),
    "case.urgent-start-reported": ("reported_to", "manner"),
    "case.start-declined": ("reason",),
    "case.recording-chosen": ("act_kind", "manners", "reason"),
    BEGUN: ("place", "officers"),
    "case.certificates-shown": ("shown_to",),
    "case.act-ended": ("outcome",),
    "case.situation-arose": ("situations", "ground"),
    "case.measure-ended": ("outcome",),
    "case.time-excluded": ("ground",),
    "case.term-extended": ("term", "until", "reason"),
    "case.party-told": ("topics", "told"),
    "case.statement-heard": ("summary",),
    "case.statement-waived": ("right", "manner"),
    "case.statement-reviewed": ("outcome",),
    "case.hearing-requested": ("person",),
    "case.legal-review-given": ("passed", "opinion"),
    "case.discussion-held": ("conclusion", "participants"),
    DECIDED: ("kind", "summary", "amount"),
    "case.transferred": ("to", "reason"),
    CONCLUDED: ("reason",),
}


def handling_page(reading: CaseReading, actor: Actor, course: Course) -> Handling:
    """Give the page of the handling of a case."""
    cards = {one.step.name: _card(reading, actor, one) for one in course.steps}
    return Handling(
        header=bare_header(reading, actor),
        next=_next(reading, actor, course),
        stages=tuple(_stage(name, course, cards) for name in _STAGES),
        warnings=tuple(_warnings(reading.facts.case)),
    )


def bare_header(reading: CaseReading, actor: Actor) -> Header:
    """Give the head of the case without its own next action: this page has one."""
    return replace(case_header(reading, actor), next=None)


def _stage(name: str, course: Course, cards: Mapping[str, StepCard]) -> StageCard:
    own = [cards[one.step.name] for one in course.steps if one.step.stage == name]
    shown = [card for card in own if card.taken or card.wanted or card.key == short(course.next)]
    others = [card for card in own if card not in shown and card.url]
    return StageCard(name, tuple(shown), tuple(others))


def short(name: str) -> str:
    """Give a step's name as addresses have it."""
    return name.partition(".")[2]


def _card(reading: CaseReading, actor: Actor, one: StepOfCase) -> StepCard:
    name = one.step.name
    open_ = not one.closed and may_take(actor, name)
    return StepCard(
        key=short(name),
        title=one.step.title,
        state="unmet" if _is_late(one) else "pending" if one.wanted else "met" if one.taken else "",
        taken=tuple(_taken(reading, taken) for taken in one.taken),
        wanted=tuple(finding_line(reading, verdict) for verdict in one.wanted),
        approval=_approval(reading.facts.case, name),
        url=reverse("handling-step", args=[reading.uid, short(name)]) if open_ else "",
        closed=one.closed,
        drafts=tuple(_drafts(reading, one)) if one.wanted else (),
    )


def _is_late(one: StepOfCase) -> bool:
    return any(verdict.verdict == "unmet" for verdict in one.wanted)


def may_take(actor: Actor, name: str) -> bool:
    """Say whether the actor may take a step, as far as roles go."""
    return may_any(actor, permissions_of(name))


def permissions_of(name: str) -> tuple[Permission, ...]:
    """Give the permissions of which one carries a step; none carries what is recorded elsewhere."""
    if name == FILED:
        return (Permission.INVESTIGATE,)
    return RECORDABLE[name].by if name in RECORDABLE else ()


def _taken(reading: CaseReading, taken: Taken) -> TakenLine:
    header, document = taken.event.header, taken.document
    return TakenLine(
        at=header.at,
        who=taken.who,
        text=_say(reading.facts.case, taken),
        url=panel_url(reading.uid, "events", header.id),
        document=_document(reading, document) if document is not None else None,
    )


def _document(reading: CaseReading, document: Document) -> Action:
    label = f"{document.title} {document.number}" if document.number else document.title
    return Action(label, panel_url(reading.uid, "documents", document.uid))


def _say(case: CaseFacts, taken: Taken) -> str:
    said: Any = taken.event.content
    name = taken.event.header.type
    if name == REGISTERED:
        return f"{said.register_number}，{said.source.manner}"
    if name == "case.evidence-listed":
        return f"{said.evidence.kind}，{said.evidence.purpose}"
    act = case.acts.get(getattr(said, "act", None) or "")
    parts = [act.kind] if act is not None else []
    parts += [_text(getattr(said, field)) for field in _SAYING[name]]
    return "，".join(part for part in parts if part)


def _text(value: Any) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "通过" if value else "不通过"
        case Decimal():
            return f"{value} 元"
        case tuple():
            return "、".join(one if isinstance(one, str) else one.name for one in value)
    return str(value)


def matter_of(case: CaseFacts, name: str) -> str:
    """Give the matter under which a step is approved, empty for steps that need no approval."""
    if name == DECIDED:
        return matter_of_decision(case) if needs_approval(case) else ""
    return _MATTERS.get(name, "")


def _approval(case: CaseFacts, name: str) -> Approval | None:
    matter = matter_of(case, name)
    if name == FILED and (matter not in case.approvals):
        matter = next((other for other in ("受理", "程序启动") if other in case.approvals), _start(case))
    given = [item.step for item in case.approvals.get(matter, []) if item.step] if matter else []
    if not matter or (name == "case.started-urgently" and not case.urgent_start):
        return None
    path = " → ".join(f"{step.step} {step.name}（{step.result}）" for step in given)
    return Approval(matter, path, approved_at(case.approvals.get(matter, ())) is not None)


def _start(case: CaseFacts) -> str:
    return "受理" if case.on_application else "立案"


def _warnings(case: CaseFacts) -> Iterator[str]:
    if case.concluded is None:
        return
    for act in running_acts(case):
        yield f"案件已经结案，{act.kind}还没有结束；请登记结束。"


def _next(reading: CaseReading, actor: Actor, course: Course) -> Next | None:
    if not course.next:
        return None
    one = course.of(course.next)
    waiting = one.closed or _lacking(reading, course.next)
    if not waiting and not may_take(actor, course.next):
        waiting = "，或者".join(_WAITING[permission] for permission in permissions_of(course.next))
    form = None if waiting else step_form(reading, actor, one)
    beyond = finding_line(reading, course.beyond) if course.beyond else None
    return Next(form_card(reading, actor, one, form), course.why, waiting, beyond)


def _lacking(reading: CaseReading, name: str) -> str:
    """Say what of the case a step needs that is not there yet."""
    if name == DECIDED and not options_of(reading, again=False)["issued"]:
        return "还没有决定书；请先拟制"
    return ""


def step_form(reading: CaseReading, actor: Actor, one: StepOfCase, data: Mapping[str, Any] | None = None) -> StepForm:
    """Give the form of a step, filled with what the case knows or with what was sent."""
    again = data is not None and data.get("id") in {event.id for event in reading.events}
    return StepForm(
        one.step.name,
        options_of(reading, again=again),
        reading.at,
        seen=reading.facts.case.version,
        known=known_before(reading, actor, one),
        data=data,
    )


def form_card(reading: CaseReading, actor: Actor, one: StepOfCase, form: StepForm | None) -> FormCard:
    """Give a step's form with what stands beside it."""
    name = one.step.name
    return FormCard(
        step=_card(reading, actor, one),
        form=form,
        url=reverse("handling-step", args=[reading.uid, short(name)]),
        button=f"{one.step.title}并取案号" if name == FILED else _BUTTONS.get(name, f"登记{one.step.title}"),
        documents=tuple(_document(reading, document) for document in one.documents),
        drafts=tuple(_drafts(reading, one)),
        hint=_HINTS.get(name, ""),
        links=tuple(_links(reading, name)),
    )


def answering(reading: CaseReading, actor: Actor, verdict: Verdict) -> tuple[Action, ...]:
    """Give where a person can do what an open verdict asks for: the form of its step, or the document to be drafted."""
    if reading.facts.case.archived is not None or not may_any(actor, WRITERS):
        return ()
    found: list[Action] = []
    for one in course_of(reading).steps:
        if verdict in one.wanted:
            card = _card(reading, actor, one)
            found += [Action(f"登记{card.title}", card.url)] if card.url else []
            found += card.drafts
    return tuple(found)


def _links(reading: CaseReading, name: str) -> Iterator[Action]:
    if name == BEGUN:
        yield Action("行前须知", reverse("before", args=[reading.uid]))
        yield Action("现场", reverse("on-site", args=[reading.uid]))


def _drafts(reading: CaseReading, one: StepOfCase) -> Iterator[Action]:
    """Offer the documents of a step that the case does not have yet."""
    types, there = shipped_types(), {document.form for document in one.documents}
    lacking = [
        form for form in _of_kind(reading.facts.case.kind, one.step.forms) if form in types and form not in there
    ]
    # What is waited for comes first: the approval's own form, else the document that the step is made in.
    for form in sorted(lacking, key=lambda form: bool(one.closed) != ("审批" in form)):
        yield Action(f"拟制《{form}》", reverse("draft", args=[reading.uid, types[form].code]))


def _of_kind(kind: str, forms: Iterable[str]) -> Iterator[str]:
    """Leave out what is named after another kind of enforcement, such as 行政许可决定书 in a penalty."""
    for form in forms:
        if "行政" not in form or kind in form or form.startswith("责令") or kind == "行政检查":
            yield form
