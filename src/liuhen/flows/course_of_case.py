"""办理的经过: which steps of handling a case are taken, which one is next, and what the packs still want of each.

Invariant: read from facts, events and verdicts alone; a step is offered where nothing known forbids it, and the flow that
records it decides again.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from liuhen.core.events.catalogue import Event
from liuhen.core.facts.model import Act, CaseFacts, Document, Facts
from liuhen.core.rules.model import Pack, Rule
from liuhen.core.rules.verdict import Verdict, rule_of
from liuhen.flows.fit_deciding import ON_THE_SPOT, is_decision_approved, matter_of_decision
from liuhen.flows.open_case import AlreadyFiled, NotToBeFiled, is_start_approved, require_unfiled
from liuhen.flows.read_case import CaseReading
from liuhen.flows.record_batch import CaseArchived

REGISTERED, FILED, BEGUN, ENDED = "case.registered", "case.filed", "case.act-begun", "case.act-ended"
DECIDED, CONCLUDED = "case.decision-made", "case.concluded"


@dataclass(frozen=True, slots=True)
class Step:
    """A kind of step: the type of its event, what people call it, its stage, and the documents that go with it.

    `shown` are the attributes and moments by which rules speak of it.
    """

    name: str
    title: str
    stage: str
    forms: tuple[str, ...] = ()
    shown: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Taken:
    """A step that was taken."""

    event: Event
    who: str
    document: Document | None


@dataclass(frozen=True, slots=True)
class StepOfCase:
    """A step in this case: as often as it was taken, what the packs want of it still, and why it cannot be taken (again)."""

    step: Step
    taken: tuple[Taken, ...]
    wanted: tuple[Verdict, ...]
    documents: tuple[Document, ...]
    closed: str


@dataclass(frozen=True, slots=True)
class Course:
    """The steps in their order and the name of the next one, empty where nothing is left to do here; `why` it is that one."""

    steps: tuple[StepOfCase, ...]
    next: str
    why: str
    beyond: Verdict | None

    def of(self, name: str) -> StepOfCase:
        """Give a step by the type of its event; raises KeyError for one that handling does not know."""
        for one in self.steps:
            if one.step.name == name:
                return one
        raise KeyError(name)


STEPS: tuple[Step, ...] = (
    Step(REGISTERED, "案件来源登记", "启动", ("案件来源登记表",), ("registered", "received", "source_states")),
    Step("case.started-urgently", "紧急启动", "启动", ("程序启动审批表",), ("started_urgently",)),
    Step("case.urgent-start-reported", "紧急启动后报告", "启动", (), ("urgent_reported",)),
    Step(FILED, "立案", "启动", ("立案审批表", "程序启动审批表", "申请受理登记表"), ("filed", "started")),
    Step("case.start-declined", "不予立案", "启动", ("不予立案审批表",), ("start_declined", "declined")),
    Step("case.recording-chosen", "选定记录方式", "调查取证", (), ("manners_chosen",)),
    Step(BEGUN, "执法活动", "调查取证", (), ("act_kinds",)),
    Step("case.certificates-shown", "出示执法证件", "调查取证", (), ("certificates_shown",)),
    Step(ENDED, "结束执法活动", "调查取证", (), ("ended",)),
    Step("case.situation-arose", "情形认定", "调查取证"),
    Step(
        "case.measure-ended",
        "措施解除或者处理",
        "调查取证",
        ("解除查封（扣押）决定书", "解除冻结决定书"),
        ("measure_ended",),
    ),
    Step("case.evidence-listed", "证据列示", "调查取证", ("证据登记保存清单", "音像证据说明"), ("notes",)),
    Step("case.time-excluded", "不计入期限的时间", "调查取证", ("鉴定委托书",)),
    Step("case.term-extended", "延长期限", "调查取证", ("延长查封（扣押）期限决定书",), ("extended",)),
    Step(
        "case.party-told",
        "告知",
        "审查决定",
        ("行政处罚事先告知书", "行政处罚听证告知书", "权利告知书"),
        ("told_topics", "told_persons", "intent_told", "hearing_told"),
    ),
    Step("case.statement-heard", "陈述申辩", "审查决定", ("陈述申辩笔录",), ("statement_heard",)),
    Step("case.statement-waived", "放弃陈述申辩或者听证", "审查决定", (), ("waived_rights", "waiver_kept")),
    Step("case.statement-reviewed", "陈述申辩复核", "审查决定", ("陈述申辩复核意见书",), ("statement_reviewed",)),
    Step(
        "case.hearing-requested", "要求听证", "审查决定", ("听证通知书", "听证笔录", "听证报告"), ("hearing_requested",)
    ),
    Step("case.legal-review-given", "法制审核", "审查决定", ("法制审核意见书",), ("legally_reviewed",)),
    Step("case.discussion-held", "集体讨论", "审查决定", ("集体讨论记录",), ("discussed", "discussion_signed")),
    Step(
        DECIDED,
        "作出决定",
        "审查决定",
        (
            *("行政处罚决定审批表", "行政处罚决定书", "当场行政处罚决定书", "不予行政处罚决定书", "行政许可决定书"),
            *("行政征收决定书", "行政收费决定书", "行政确认决定书", "行政给付决定书", "责令改正通知书"),
        ),
        ("decided",),
    ),
    Step("case.transferred", "移送", "审查决定", ("移送公安机关函",), ("transferred_to",)),
    Step(CONCLUDED, "结案", "结案", ("结案审批表",), ("concluded",)),
)
BY_NAME: Mapping[str, Step] = {step.name: step for step in STEPS}
_OPEN = ("unmet", "pending")
_EXECUTION = ("service", "decision", "document", "case")
# What the packs want of these comes before the decision, in the order in which the law puts them.
_BEFORE_DECISION = (
    "case.urgent-start-reported",
    "case.measure-ended",
    "case.statement-reviewed",
    "case.party-told",
    "case.statement-heard",
    "case.legal-review-given",
    "case.discussion-held",
)


# What starts on an application is taken up (受理), not filed; it is the same step.
_ON_APPLICATION: Mapping[str, Step] = {
    FILED: replace(BY_NAME[FILED], title="受理", forms=("申请受理登记表", "程序启动审批表")),
    "case.start-declined": replace(BY_NAME["case.start-declined"], title="不予受理", forms=()),
}


def steps_for(case: CaseFacts) -> tuple[Step, ...]:
    """Give the steps as a case of this start calls them."""
    if not case.on_application:
        return STEPS
    return tuple(_ON_APPLICATION.get(step.name, step) for step in STEPS)


def course_of(reading: CaseReading) -> Course:
    """Say how far the handling of a case is."""
    facts = reading.facts
    wanted = _wanted(reading.packs, reading.verdicts)
    steps = tuple(
        StepOfCase(
            step=step,
            taken=tuple(_taken(reading, step)),
            wanted=wanted.get(step.name, ()),
            documents=tuple(one for one in facts.case.documents.values() if one.form in step.forms),
            closed=why_closed(facts, step.name),
        )
        for step in steps_for(facts.case)
    )
    name, why = _next({one.step.name: one for one in steps}, facts)
    beyond = None if name != CONCLUDED else _beyond(reading, wanted)
    return Course(steps, name, why, beyond)


def _taken(reading: CaseReading, step: Step) -> Iterator[Taken]:
    documents, own = reading.facts.case.documents, f"case:{reading.uid}"
    for event in reading.events:
        if event.header.type == step.name and event.header.stream == own:
            document = documents.get(getattr(event.content, "document", None) or "")
            yield Taken(event, reading.names.get(event.header.actor, "未登记的人员"), document)


def _wanted(packs: Iterable[Pack], verdicts: Iterable[Verdict]) -> dict[str, tuple[Verdict, ...]]:
    """Sort what is open by the steps that would answer it."""
    packs = tuple(packs)
    found: dict[str, list[Verdict]] = {}
    for verdict in verdicts:
        if verdict.verdict in _OPEN:
            rule = rule_of(packs, verdict)
            for name in steps_of(rule) if rule is not None else ():
                found.setdefault(name, []).append(verdict)
    return {name: tuple(sorted(some, key=_musts_first)) for name, some in found.items()}


def _musts_first(verdict: Verdict) -> tuple[bool, bool, str]:
    return verdict.level != "must", verdict.due is None, str(verdict.due)


def steps_of(rule: Rule) -> tuple[str, ...]:
    """Name the steps by which what a rule demands is done: by what it wants shown, told or made, and by when."""
    asked = {test.attribute for test in rule.tests}
    if rule.told is not None:
        asked.add("told_topics")
    if rule.time is not None:
        asked.add(rule.time.to)
    forms = set(rule.document.forms) if rule.document is not None else set()
    if rule.each not in ("case", "act", "evidence"):
        asked.clear()
    return tuple(step.name for step in STEPS if asked & set(step.shown) or forms & set(step.forms))


def why_closed(facts: Facts, name: str) -> str:
    """Say why a step cannot be taken (again) in this case, empty where it can."""
    case = facts.case
    if case.archived is not None:
        return "案件已经归档"
    if name == REGISTERED:
        return "案件已经登记"
    if name == FILED:
        return _why_not_filed(facts)
    if name in _CLOSED and (found := _CLOSED[name](case)):
        return found
    if case.concluded is not None and name not in ("case.evidence-listed", ENDED):
        return "案件已经结案"
    return ""


def _why_not_filed(facts: Facts) -> str:
    try:
        require_unfiled(facts)
    except (CaseArchived, AlreadyFiled, NotToBeFiled) as fault:
        return str(fault).partition("；")[0]
    return "" if is_start_approved(facts) else "还没有机关负责人的批准"


def _why_not_decided(case: CaseFacts) -> str:
    if case.declined is not None:
        return "案件已经不予立案"
    if not is_decision_approved(case):
        return f"“{matter_of_decision(case)}”还没有机关负责人的批准"
    if case.legal_reviews and case.legal_reviews[-1].passed is False:
        return "最近一次法制审核没有通过"
    return ""


def running_acts(case: CaseFacts) -> tuple[Act, ...]:
    """Give the acts that have not ended."""
    return tuple(act for act in case.acts.values() if act.ended is None)


_CLOSED: Mapping[str, Callable[[CaseFacts], str]] = {
    "case.started-urgently": lambda case: (
        "已经记录紧急启动"
        if case.urgent_start
        else "案件已经立案"
        if case.filed
        else "案件不予立案"
        if case.declined
        else ""
    ),
    "case.urgent-start-reported": lambda case: (
        "没有紧急启动的记录" if case.urgent_start is None else "已经报告" if case.urgent_reported else ""
    ),
    "case.start-declined": lambda case: (
        "已经记录不予立案" if case.declined else "案件已经启动" if case.filed or case.acts else ""
    ),
    ENDED: lambda case: "" if running_acts(case) else "没有正在进行的执法活动",
    "case.certificates-shown": lambda case: "" if running_acts(case) else "没有正在进行的执法活动",
    "case.measure-ended": lambda case: "" if case.acts else "还没有执法活动",
    "case.statement-reviewed": lambda case: "" if case.statements else "还没有陈述申辩的记录",
    DECIDED: _why_not_decided,
    CONCLUDED: lambda case: "案件已经结案" if case.concluded else "",
}


def _next(steps: Mapping[str, StepOfCase], facts: Facts) -> tuple[str, str]:
    """Choose the one thing to do next; the reason is empty where the order of things is reason enough."""
    case = facts.case
    if case.concluded is not None or case.archived is not None:
        return "", ""
    if case.declined is not None:
        return CONCLUDED, "已经不予立案"
    if case.urgent_start is not None and case.urgent_reported is None:
        return "case.urgent-start-reported", "紧急启动以后应当报告负责人"
    if running := running_acts(case):
        return ENDED, f"{running[0].kind}正在进行"
    if case.filed is None and not ON_THE_SPOT & set(case.traits) and case.kind != "行政检查":
        return FILED, ""
    if case.decisions:
        return CONCLUDED, ""
    return _towards_decision(steps, case) if case.acts else (BEGUN, "")


def _towards_decision(steps: Mapping[str, StepOfCase], case: CaseFacts) -> tuple[str, str]:
    if case.statements and not case.statement_reviews and _is_open(steps["case.statement-reviewed"]):
        return "case.statement-reviewed", "当事人的陈述申辩还没有复核"
    for name in _BEFORE_DECISION:
        one = steps[name]
        if one.taken or not _is_open(one) or not any(verdict.level == "must" for verdict in one.wanted):
            continue
        return name, one.wanted[0].title
    # An inspection may end with nothing decided; what it finds becomes a case of its own.
    return (CONCLUDED if case.kind == "行政检查" else DECIDED), ""


def _is_open(one: StepOfCase) -> bool:
    return not one.closed


def _beyond(reading: CaseReading, wanted: Mapping[str, Sequence[Verdict]]) -> Verdict | None:
    """Give what the packs still want before the case can end, and handling has no step for: service, performance …

    A term that has not begun to run waits for the end itself, as that of the archive does.
    """
    here = {verdict for some in wanted.values() for verdict in some}
    timed = {rule.id for pack in reading.packs for rule in pack.rules if rule.time is not None}
    open_ = [
        verdict
        for verdict in reading.verdicts
        if (verdict.verdict, verdict.level) == ("pending", "must")
        and verdict not in here
        and verdict.subject.kind in _EXECUTION
        and (verdict.due is not None or verdict.rule not in timed)
    ]
    return min(open_, key=lambda verdict: (verdict.due is None, str(verdict.due)), default=None)
