"""音像证据说明: what a recording that is used as evidence says of itself, asked by the packs, kept as an event, printed on paper.

Invariant: the printed page says what the events say and nothing else; what is noted again is a new event under the same id, so
that the earlier wording stays readable.
"""

from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from typing import Any

from liuhen.core.events.custody import RecordingExtracted
from liuhen.core.events.parts import Evidence, SignerPlace
from liuhen.core.facts.model import EvidenceItem, Facts, Mark, Recording
from liuhen.core.kernel.errors import BadInput, LiuhenError
from liuhen.core.kernel.moments import say_instant, say_span
from liuhen.core.rules.passport import Asked, asked_of_evidence
from liuhen.flows.access import NotFound, Permission, case_for, recording_for
from liuhen.flows.conclude import list_evidence
from liuhen.flows.ground import ground_of
from liuhen.flows.law import packs_of
from liuhen.flows.occasion import Occasion
from liuhen.flows.read_case import CaseReading
from liuhen.flows.write_document import Content, make_document
from liuhen.records.ledger.append import hold
from liuhen.records.ledger.turn import turn

KIND = "视听资料"
FORM = "音像证据说明"
_LONGEST_NOTE = 1000
_MOST_ROWS = 200


class NotDescribed(LiuhenError):
    """Nothing was noted yet that could be printed."""


@dataclass(frozen=True, slots=True)
class Notes:
    """What a person notes of a recording as evidence; an empty text notes nothing."""

    purpose: str
    matter: str = ""
    place: str = ""
    manner: str = ""
    maker: str = ""
    making_method: str = ""
    extractor: str = ""
    extracted_at: datetime | None = None
    description: str = ""
    location: str = ""
    disc: str = ""


@dataclass(frozen=True, slots=True)
class Passport:
    """A recording as evidence: what was noted, what each pack asks, its marked moments and what was taken out of it."""

    recording: Recording
    item: EvidenceItem | None
    asked: tuple[Asked, ...]
    marks: tuple[Mark, ...]
    extracts: tuple[RecordingExtracted, ...]

    @property
    def complete(self) -> bool:
        """Whether nothing is missing that a pack asks."""
        return self.item is not None and not any(asked.missing for asked in self.asked)


def passport_of(reading: CaseReading, recording: str) -> Passport | None:
    """Give the passport of a recording of the case; None for any other."""
    known = reading.facts.recordings.get(recording)
    if known is None or known.act is None:
        return None
    item = _listed(reading.facts, recording)
    marks = tuple(sorted(known.marks, key=lambda mark: mark.second))
    asked = asked_of_evidence(reading.packs, reading.facts, item)
    return Passport(known, item, asked, marks, tuple(known.extracts))


def proposed_notes(reading: CaseReading, passport: Passport) -> Notes:
    """Give what the form shows at first: what was noted, else what the events say already."""
    said, recording = passport.item.item if passport.item else None, passport.recording
    if said is not None:
        noted: dict[str, Any] = {field.name: getattr(said, field.name) for field in fields(Notes)}
        return Notes(**{name: value for name, value in noted.items() if value is not None})
    act = reading.facts.case.acts.get(recording.act or "")
    device = reading.facts.agency.devices.get(recording.device or "")
    maker = reading.names.get(recording.officer or "", "")
    method = f"用{device.name}（{device.number}）当场录制" if device else ""
    return Notes(
        purpose="",
        matter=act.kind if act else "",
        place=act.place if act else "",
        manner="执法记录仪摄像" if device else "",
        maker=maker,
        making_method=f"{method}，原文件未经剪辑，入库时计算 SHA-256 和 SM3" if method else "",
        location="本机关音像保管库（留痕系统）",
    )


def note_evidence(case_uid: str, occasion: Occasion, recording: str, notes: Notes) -> str:
    """Note what a recording proves and how it came to be; gives the id of the piece of evidence.

    Raises NotAllowed, NotFound, BadInput naming the field.
    """
    case_for(occasion.actor, case_uid, Permission.INVESTIGATE)
    recording_for(occasion.actor, recording, Permission.INVESTIGATE)
    _require_plain(notes)
    with turn():
        hold(occasion.actor.agency)
        facts = ground_of(case_uid, occasion.actor.agency).facts
        known = facts.recordings.get(recording)
        if known is None or known.act is None:
            raise NotFound("已关联本案的音像记录")
        if notes.extracted_at is not None and notes.extracted_at > occasion.at:
            raise BadInput("extracted_at", "提取时间晚于现在；请核对")
        item, act = _listed(facts, recording), facts.case.acts[known.act]
        uid = item.item.evidence if item and item.item else occasion.new_id()
        texts: dict[str, Any] = {field.name: getattr(notes, field.name) or None for field in fields(Notes)}
        officers = tuple(officer.name for officer in act.officers)
        said = Evidence(
            evidence=uid, kind=KIND, recording=recording, taken_at=known.started, officers=officers, **texts
        )
        list_evidence(case_uid, occasion, said)
    return uid


def print_passport(case_uid: str, occasion: Occasion, recording: str) -> str:
    """Print what was noted as a document of the case, for the file; gives its uid. Raises NotDescribed, NotAllowed, NotFound."""
    case_for(occasion.actor, case_uid, Permission.INVESTIGATE)
    recording_for(occasion.actor, recording, Permission.INVESTIGATE)
    facts = ground_of(case_uid, occasion.actor.agency).facts
    item, known = _listed(facts, recording), facts.recordings.get(recording)
    if item is None or item.item is None or known is None or known.act is None:
        raise NotDescribed("还没有写明这段音像作为证据的说明；请先填写再打印")
    content = Content(
        fields=dict(_printed(known, item.item)),
        item_heads=("位置", "内容", "备注"),
        items=tuple(_rows(known)),
        notes=tuple(_remarks(facts, item)),
        signers=tuple(
            SignerPlace(role, name)
            for role, name in (("制作人", item.item.maker), ("提取人", item.item.extractor))
            if name
        ),
    )
    return make_document(case_uid, occasion, form=FORM, content=content, act=known.act)


def _listed(facts: Facts, recording: str) -> EvidenceItem | None:
    found = (item for item in facts.case.items_of_evidence.values() if item.item and item.item.recording == recording)
    return next(found, None)


def _require_plain(notes: Notes) -> None:
    if not notes.purpose.strip():
        raise BadInput("purpose", "没有写明证明对象；请写明这段音像证明什么")
    for field in fields(Notes):
        text = getattr(notes, field.name)
        if not isinstance(text, str):
            continue
        if len(text) > _LONGEST_NOTE:
            raise BadInput(field.name, f"文字超过 {_LONGEST_NOTE} 字；请精简，详细内容可另附文字稿")
        if not text.replace("\r", "").replace("\n", "").isprintable():
            raise BadInput(field.name, "文字含有无法显示的字符；请删去后重试")


def _printed(recording: Recording, said: Evidence) -> Iterator[tuple[str, str]]:
    """The fields of the page; what nobody noted is left out and told in the remarks."""
    file, media = recording.file, recording.media
    pairs: tuple[tuple[str, str | None], ...] = (
        ("证据种类", said.kind),
        ("证明对象", said.purpose),
        ("事项", said.matter),
        ("文件名", recording.original_name),
        ("起止时间", _span(recording)),
        ("时长", _length(media.duration_ms) if media and media.duration_ms else None),
        ("地点", said.place),
        ("方式", said.manner),
        ("执法人员", "、".join(said.officers)),
        ("制作人", said.maker),
        ("制作方法", said.making_method),
        ("提取人", said.extractor),
        ("提取时间", say_instant(said.extracted_at) if said.extracted_at else None),
        ("原件存放", said.location),
        ("光盘", said.disc),
        ("文字说明", said.description),
        ("入库时间", say_instant(recording.stored) if recording.stored else None),
        ("SHA-256", file.sha256 if file else None),
        ("SM3", file.sm3 if file else None),
    )
    return ((label, text) for label, text in pairs if text)


def _span(recording: Recording) -> str | None:
    if recording.started is None or recording.ended is None:
        return None
    return f"{say_instant(recording.started)} 至 {say_instant(recording.ended)}"


def _length(milliseconds: int) -> str:
    return say_span(timedelta(milliseconds=milliseconds))


def _rows(recording: Recording) -> Iterator[tuple[str, str, str]]:
    """Key moments and what was taken out, in the order of their seconds; the page ends somewhere, the events do not."""
    rows = [(mark.second, _place(float(mark.second)), mark.topic, mark.note or "") for mark in recording.marks]
    for taken in recording.extracts:
        until = f"—{_place(float(taken.to_second))}" if taken.to_second is not None else ""
        place = f"{_place(float(taken.from_second))}{until}"
        rows.append((taken.from_second, place, f"{taken.kind}：{taken.purpose}", f"SHA-256 {taken.file.sha256}"))
    return (row[1:] for row in sorted(rows)[:_MOST_ROWS])


def _place(second: float) -> str:
    minutes, seconds = divmod(second, 60)
    hours, minutes = divmod(int(minutes), 60)
    return f"{hours}:{minutes:02d}:{seconds:04.1f}"


def _remarks(facts: Facts, item: EvidenceItem) -> Iterator[str]:
    for asked in asked_of_evidence(packs_of(facts.case.packs), facts, item):
        if asked.missing:
            yield f"按{asked.pack}规则（{asked.clause}）尚未注明：{'、'.join(asked.missing)}。"
