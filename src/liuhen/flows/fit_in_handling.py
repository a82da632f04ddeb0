"""When what only some cases have fits the case: an urgent start, a situation, a waiver, an objection, a check, a hand-over."""

from liuhen.core.events import incidents as happened
from liuhen.flows.fitting import (
    Faults,
    Setting,
    begun_act,
    fresh_id,
    known_document,
    known_recording,
    not_before,
    some,
)


def decline(setting: Setting, said: happened.StartDeclined) -> Faults:
    """不予启动 of a case that was not started."""
    case = setting.facts.case
    if case.declined is not None:
        yield "", "本案已经记录不予启动，不能重复记录"
    if case.filed is not None or case.acts:
        yield "", "本案已经启动，不能记录不予启动；需要终止的请办理结案"
    yield from known_document(setting, said.document)


def start_urgently(setting: Setting, said: happened.UrgentStart) -> Faults:
    """紧急启动 once, and before the case was filed."""
    case = setting.facts.case
    if case.urgent_start is not None:
        yield "", "本案已经记录紧急启动，不能重复记录"
    if case.filed is not None and setting.at >= case.filed:
        yield "", "本案在此之前已经立案，不属于紧急启动；请核对发生时间"
    if case.declined is not None:
        yield "", "本案已经记录不予启动；请核对"


def report_urgent_start(setting: Setting, said: happened.UrgentStartReported) -> Faults:
    """The report of an urgent start, once and after it."""
    case = setting.facts.case
    if case.urgent_start is None:
        yield "", "本案没有紧急启动的记录；请先记录紧急启动"
    if case.urgent_reported is not None:
        yield "", "本案已经记录紧急启动后的报告，不能重复记录"
    yield from not_before(setting, case.urgent_start, "紧急启动")


def arise(setting: Setting, said: happened.SituationArose) -> Faults:
    """Situations of the case or of one act."""
    yield from some("situations", said.situations, "情形")
    yield from begun_act(setting, said.act)
    yield from known_recording(setting, said.recording)


def choose_recording(setting: Setting, said: happened.RecordingChosen) -> Faults:
    """A way of recording for one act or for a kind of acts, never for both."""
    yield from some("manners", said.manners, "记录方式")
    if (said.act is None) == (said.act_kind is None):
        yield "act", "请写明适用于哪项执法活动（act）或者哪一种执法活动（act_kind），只写其中一项"
    if said.act is not None and said.act not in setting.facts.case.acts:
        yield "act", "本案没有这项执法活动；活动开始前选定的，请写 act_kind"


def waive(setting: Setting, said: happened.StatementWaived) -> Faults:
    """A right that was not waived before, with the evidence that is named."""
    if said.right in setting.facts.case.waived_rights:
        yield "right", "已经记录放弃这项权利，不能重复记录"
    yield from known_document(setting, said.document)
    yield from known_recording(setting, said.recording)


def object_to(setting: Setting, said: happened.ObjectionRaised) -> Faults:
    """A new objection."""
    yield from fresh_id("objection", said.objection, said.objection in setting.facts.case.objections, "异议")
    yield from begun_act(setting, said.act)
    yield from known_document(setting, said.document)


def handle_objection(setting: Setting, said: happened.ObjectionHandled) -> Faults:
    """An objection that was raised, and handled by nobody yet."""
    known = setting.facts.case.objections.get(said.objection)
    if known is None:
        yield "objection", "本案没有这项异议；请先记录提出异议"
        return
    if known.handled is not None:
        yield "objection", "这项异议已经处理，不能重复记录"
    yield from not_before(setting, known.raised, "提出异议")
    yield from known_document(setting, said.document)


def verify_correction(setting: Setting, said: happened.CorrectionVerified) -> Faults:
    """A look at what was ordered, until it was found to be put right."""
    known = setting.facts.case.decisions.get(said.decision)
    if known is None:
        yield "decision", "本案没有这项决定；请核对"
        return
    if known.correction == "已改正":
        yield "decision", "这项决定已经核查为已改正，不能重复记录"
    yield from not_before(setting, known.made, "作出决定")
    yield from known_document(setting, said.document)
    yield from known_recording(setting, said.recording)


def transfer(setting: Setting, said: happened.CaseTransferred) -> Faults:
    """A hand-over, once to each."""
    if any(known.name == said.to for known in setting.facts.case.transfers):
        yield "to", "已经记录移送该机关，不能重复记录"
    yield from known_document(setting, said.document)
