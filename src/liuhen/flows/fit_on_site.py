"""When what officers note on site fits the case: an act begins, certificates are shown, people are told, filming breaks off."""

from liuhen.core.events.case import ActBegun, ActEnded, CertificatesShown, InterruptionExplained, PartyTold
from liuhen.core.events.recording import RecordingMarked
from liuhen.flows.fitting import (
    Faults,
    Setting,
    begun_act,
    fresh_id,
    known_document,
    known_recording,
    plausible,
    plausible_second,
    running_act,
    some,
)


def begin(setting: Setting, said: ActBegun) -> Faults:
    """An act of its own id, by officers as the roll has them."""
    facts = setting.facts
    yield from fresh_id("act", said.act, said.act in facts.case.acts, "执法活动")
    if not said.officers:
        yield "officers", "没有写明执法人员"
    for index, working in enumerate(said.officers):
        known = facts.agency.officers.get(working.officer)
        if known is None or (known.name, known.certificate) != (working.name, working.certificate):
            yield f"officers[{index}]", "与本机关名册上的姓名或者执法证号不一致；请更新设备上的人员名册后重发"


def show(setting: Setting, said: CertificatesShown) -> Faults:
    """Certificates of those who take part in an act that goes on."""
    yield from running_act(setting, said.act)
    yield from some("officers", said.officers, "出示证件的执法人员")
    working = {officer.officer for officer in setting.facts.case.acts[said.act].officers}
    if set(said.officers) - working:
        yield "officers", "出示证件的人员没有参加这项执法活动；请核对"


def tell(setting: Setting, said: PartyTold) -> Faults:
    """Something that was told, in an act or apart from any."""
    yield from some("topics", said.topics, "告知事项")
    yield from begun_act(setting, said.act)
    yield from known_document(setting, said.document)


def end(setting: Setting, said: ActEnded) -> Faults:
    """The end of an act that goes on."""
    yield from running_act(setting, said.act)


def explain(setting: Setting, said: InterruptionExplained) -> Faults:
    """A break of an act that had begun, explained once."""
    yield from begun_act(setting, said.act)
    known = said.interruption in setting.facts.case.interruptions
    yield from fresh_id("interruption", said.interruption, known, "中断")
    yield from plausible("stopped_at", said.stopped_at)
    yield from plausible("resumed_at", said.resumed_at)
    if said.resumed_at is not None and said.resumed_at < said.stopped_at:
        yield "resumed_at", "恢复时间早于中断时间；请核对"
    yield from known_recording(setting, said.recording)
    if said.second is not None:
        yield from plausible_second(said.second)
    yield from known_document(setting, said.document)


def mark(setting: Setting, said: RecordingMarked) -> Faults:
    """A second within a recording."""
    yield from plausible_second(said.second)
    known = setting.linked(setting.recording)
    length = known.media.duration_ms if known and known.media else None
    if length is not None and said.second * 1000 > length:
        yield "second", "标记的时刻超出了音像的长度；请核对"
