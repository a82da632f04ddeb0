"""What rules may say of a recording."""

from datetime import datetime

from liuhen.core.facts import model
from liuhen.core.facts.model import Facts
from liuhen.core.kernel.moments import SHANGHAI
from liuhen.core.rules.vocabulary.periods import FOR_EVER, LONG_TERM, years_of
from liuhen.core.rules.vocabulary.words import Vocabulary, filled, texts


def _recordings(facts: Facts) -> list[model.Recording]:
    """Recordings in the order in which they were filmed, so that the order of reading streams changes nothing.

    One that the case linked by mistake and took out again is not judged with it.
    """
    return sorted(
        (item for item in facts.recordings.values() if item.unlinked is None),
        key=lambda item: (item.started or item.stored or datetime.max.replace(tzinfo=SHANGHAI), item.uid),
    )


def retention_of(facts: Facts, recording: model.Recording) -> str | None:
    """How long the agency keeps recordings of this kind."""
    kind = recording.media.kind if recording.media else ""
    retention = facts.agency.retentions.get(kind) or facts.agency.retentions.get("全部")
    return retention.period if retention else None


def _kept_years(facts: Facts, recording: model.Recording) -> int | None:
    """How long this recording is kept: the longest of the agency's term and of those that situations gave it."""
    terms = (years_of(retention_of(facts, recording)), *(years_of(item.period) for item in recording.keepings))
    return max((term for term in terms if term is not None), default=None)


def _as_long_as_file(facts: Facts, recording: model.Recording) -> bool | None:
    """Whether the recording is kept as long as the case file; None while neither says how long."""
    if "卷" in (retention_of(facts, recording) or ""):  # 与案卷保管期限一致
        return True
    own, file = _kept_years(facts, recording), years_of(facts.case.retention)
    return None if own is None or file is None else own >= file


def _at_least(facts: Facts, recording: model.Recording, years: int) -> bool | None:
    kept = _kept_years(facts, recording)
    return None if kept is None else kept >= years


def _is_evidence(facts: Facts, recording: model.Recording) -> bool:
    return any(item.item and item.item.recording == recording.uid for item in facts.case.items_of_evidence.values())


def _situations(facts: Facts, recording: model.Recording) -> frozenset[str]:
    """What the whole case, the act shown or the recording itself is marked with, and what it is kept for."""
    act = facts.case.acts.get(recording.act or "")
    own = (situation for item in recording.keepings for situation in item.situations)
    marked = facts.case.traits_of_recordings.get(recording.uid, ())
    return texts((*facts.case.traits_of_all, *(act.traits if act else ()), *marked, *own))


def carriers(_: Facts, recording: model.Recording) -> frozenset[str]:
    """On what its copies for the case file lie."""
    return texts(item.carrier for item in recording.placings)


def placing_notes(_: Facts, recording: model.Recording) -> frozenset[str]:
    """What was written down of the copy that was last put into the case file."""
    if not recording.placings:
        return frozenset()
    said = recording.placings[-1]
    return filled(
        位置=said.place,
        制作人=said.maker,
        制作方法=said.making_method,
        制作时间=said.made_at,
        证明对象=said.proves,
        文字说明=said.transcript,
    )


def _act_kind(facts: Facts, recording: model.Recording) -> str | None:
    act = facts.case.acts.get(recording.act or "")
    return act.kind if act else None


RECORDING = Vocabulary(
    label="音像记录",
    list=_recordings,
    uid=lambda recording: recording.uid,
    name=lambda _, recording: recording.original_name or recording.uid,
    attributes={
        "kind": ("类型", lambda _, recording: recording.media.kind if recording.media else None),
        "act_kind": ("所录执法活动", _act_kind),
        "case_kind": ("执法类别", lambda facts, _: facts.case.kind or None),
        "situations": ("所涉情形", _situations),
        "is_evidence": ("用作证据", _is_evidence),
        "storage_ground": ("未及时入库的原因", lambda _, recording: recording.storage_ground),
        "linked": ("已关联执法活动", lambda _, recording: recording.act is not None),
        "labels": ("标注", lambda _, recording: texts(recording.labels)),
        "classification": ("密级或涉密类别", lambda _, recording: recording.classification),
        "retention": ("保存期限", retention_of),
        "kept_years": ("保存年数", _kept_years),
        "kept_for_ever": ("永久保存", lambda facts, recording: _at_least(facts, recording, FOR_EVER)),
        "kept_long": ("长期或者永久保存", lambda facts, recording: _at_least(facts, recording, LONG_TERM)),
        "kept_as_file": ("保存期限不短于案卷", _as_long_as_file),
        "carriers": ("入卷载体", carriers),
        "placed_with": ("入卷时注明", placing_notes),
        "clock_doubt": ("时钟疑问", lambda _, recording: recording.clock_doubt),
    },
    moments={
        "started": ("音像开始", lambda _, recording: recording.started),
        "ended": ("音像结束", lambda _, recording: recording.ended),
        "stored": ("入库", lambda _, recording: recording.stored),
        "returned": ("返回机关", lambda _, recording: recording.returned),
        "labelled": ("标注", lambda _, recording: recording.labelled),
        "placed": ("入卷", lambda _, recording: recording.placed),
    },
)
