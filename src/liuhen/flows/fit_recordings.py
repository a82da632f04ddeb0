"""When what is said of a recording itself fits: its labels, how long it is kept, where its copy lies, who may know of it."""

from liuhen.core.events import recording as happened
from liuhen.core.facts.model import Recording
from liuhen.core.rules.vocabulary.periods import years_of
from liuhen.flows.classified import CLASSIFICATIONS, OPEN
from liuhen.flows.fitting import Faults, Setting, not_before, one_of, plausible, some


def _stored(setting: Setting) -> Recording | None:
    return setting.linked(setting.recording)


def _after_storage(setting: Setting) -> Faults:
    known = _stored(setting)
    yield from not_before(setting, known.stored if known else None, "音像入库")


def label(setting: Setting, said: happened.RecordingLabelled) -> Faults:
    """At least one label."""
    if (said.case_number, said.party, said.handler) == (None, None, None):
        yield "", "没有写明案号、当事人或者承办人；请至少写一项"
    number = setting.facts.case.number or setting.facts.case.register_number
    if said.case_number not in (None, number, setting.facts.case.register_number):
        yield "case_number", f"音像关联的案件是{number}；请核对案号"
    yield from _after_storage(setting)


def keep(setting: Setting, said: happened.RecordingKept) -> Faults:
    """A term that can be read, for situations that are named."""
    if not years_of(said.period):
        yield "period", "看不出保存多长时间；请写成“永久”“长期”或者“10 年”"
    yield from some("situations", said.situations, "情形")
    yield from _after_storage(setting)


def place(setting: Setting, said: happened.RecordingPlaced) -> Faults:
    """A place where no such copy was noted yet."""
    known = _stored(setting)
    if known and any((one.carrier, one.place) == (said.carrier, said.place) for one in known.placings):
        yield "place", "已经记录这个位置的这份载体，不能重复记录"
    yield from plausible("made_at", said.made_at)
    if said.made_at is not None and said.made_at > setting.at:
        yield "made_at", "制作时间晚于入卷时间；请核对"
    yield from _after_storage(setting)


def classify(setting: Setting, said: happened.RecordingClassified) -> Faults:
    """Another classification than the present one; opening a closed recording needs its ground."""
    yield from one_of("classification", said.classification, CLASSIFICATIONS, "密级或者类别")
    known = _stored(setting)
    if known and known.classification == said.classification:
        yield "classification", f"这段音像已经定为{said.classification}，不能重复记录"
    if said.classification == OPEN:
        if known and known.classification is None:
            yield "classification", "这段音像没有定过密级或者类别，不用改为公开"
        if not said.basis:
            yield "basis", "改为公开应写明依据"
    yield from _after_storage(setting)
