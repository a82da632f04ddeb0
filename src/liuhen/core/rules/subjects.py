"""Subjects: what rules may judge, and the attributes and moments by which they may speak of it.

This is the whole vocabulary of `each`, `when`, `shows`, `by`, `from` and `to`; a pack that uses another word is refused.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from liuhen.core.facts import model
from liuhen.core.facts.model import Facts
from liuhen.core.kernel.moments import SHANGHAI
from liuhen.core.rules.conditions import Condition, Value
from liuhen.core.rules.verdict import SubjectRef

ReadValue = Callable[[Facts, Any], Value | None]
ReadMoment = Callable[[Facts, Any], datetime | None]


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """One kind of subject: how to list it, name it, and read its attributes and moments, each with a Chinese label."""

    label: str
    list: Callable[[Facts], Iterable[Any]]
    uid: Callable[[Any], str]
    name: Callable[[Facts, Any], str]
    attributes: Mapping[str, tuple[str, ReadValue]]
    moments: Mapping[str, tuple[str, ReadMoment]]


def _texts(items: Iterable[str]) -> frozenset[str]:
    return frozenset(items)


def signers(document: model.Document, role: str) -> list[str]:
    """Give the names of those who signed in a role, each person once: two officers may bear one name."""
    people = {item.officer or item.name: item.name for item in document.signatures if item.role == role}
    return sorted(people.values())


def _recordings(facts: Facts) -> list[model.Recording]:
    """Recordings in the order in which they were filmed, so that the order of reading streams changes nothing."""
    return sorted(
        facts.recordings.values(),
        key=lambda item: (item.started or item.stored or datetime.max.replace(tzinfo=SHANGHAI), item.uid),
    )


def _matters(facts: Facts, step: str, *results: str) -> frozenset[str]:
    """The matters in which a step of approval was given with one of these results."""
    return _texts(
        matter
        for matter, given in facts.case.approvals.items()
        if any(item.step and item.step.step == step and item.step.result in results for item in given)
    )


def _officers_with_certificate(facts: Facts, act: model.Act) -> int | None:
    """Count officers whose certificate, as entered on the agency's roll, was valid on the day of the act."""
    if act.begun is None:
        return None
    day = act.begun.date()
    valid = 0
    for working in act.officers:
        officer = facts.agency.officers.get(working.officer)
        if officer is None:
            return None
        started = officer.valid_from is None or officer.valid_from <= day
        current = officer.valid_until is None or day < officer.valid_until
        valid += officer.certificate == working.certificate and started and current
    return valid


def _discussion_signed(facts: Facts, _: Any) -> bool | None:
    """Whether everyone who took part in each collective discussion signed its record."""
    if not facts.case.discussions:
        return None
    for discussion in facts.case.discussions:
        document = facts.case.documents.get(discussion.document or "")
        names = {signature.name for signature in document.signatures} if document else set()
        if any(participant.name not in names for participant in discussion.participants):
            return False
    return True


def _receipt(facts: Facts, service: model.Service) -> model.Document | None:
    return facts.case.documents.get(service.receipt or "")


def _receipt_roles(facts: Facts, service: model.Service) -> frozenset[str]:
    receipt = _receipt(facts, service)
    return _texts(signature.role for signature in receipt.signatures) if receipt else frozenset()


def _receipt_fields(facts: Facts, service: model.Service) -> frozenset[str]:
    receipt = _receipt(facts, service)
    return _texts(label for label, text in receipt.fields.items() if text.strip()) if receipt else frozenset()


def _explaining_officers(facts: Facts, interruption: model.Interruption) -> int:
    document = facts.case.documents.get(interruption.document or "")
    return len(signers(document, "执法人员")) if document else 0


def _recording_topics(facts: Facts, act: model.Act) -> frozenset[str]:
    linked = (facts.recordings.get(uid) for uid in act.recordings)
    return _texts(mark.topic for recording in linked if recording for mark in recording.marks)


def _case_retention(facts: Facts, recording: model.Recording) -> str | None:
    kind = recording.media.kind if recording.media else ""
    retention = facts.agency.retentions.get(kind) or facts.agency.retentions.get("全部")
    return retention.period if retention else None


def _evidence_notes(_: Facts, item: model.EvidenceItem) -> frozenset[str]:
    said = item.item
    if said is None:
        return frozenset()
    notes = {
        "事项": said.matter,
        "时间": said.taken_at,
        "地点": said.place,
        "方式": said.manner,
        "执法人员": said.officers,
        "光盘": said.disc,
    }
    return _texts(label for label, noted in notes.items() if noted)


def _approval_name(approvals: tuple[str, list[model.Approval]]) -> str:
    return approvals[0]


_CASE_MOMENTS: dict[str, tuple[str, ReadMoment]] = {
    "registered": ("来源登记", lambda facts, _: facts.case.registered),
    "filed": ("立案", lambda facts, _: facts.case.filed),
    "decided": (
        "作出决定",
        lambda facts, _: min((item.made for item in facts.case.decisions.values() if item.made), default=None),
    ),
    "concluded": ("结案", lambda facts, _: facts.case.concluded),
    "archived": ("归档", lambda facts, _: facts.case.archived),
}

VOCABULARIES: dict[str, Vocabulary] = {
    "case": Vocabulary(
        label="案件",
        list=lambda facts: [facts.case],
        uid=lambda case: case.uid,
        name=lambda _, case: case.number or case.register_number,
        attributes={
            "kind": ("执法类别", lambda _, case: case.kind or None),
            "start": ("启动方式", lambda _, case: case.source.start if case.source else None),
            "traits": ("案件特征", lambda _, case: _texts(case.traits)),
            "act_kinds": ("执法活动种类", lambda _, case: _texts(act.kind for act in case.acts.values())),
            "matters_reviewed": ("已有审核意见的事项", lambda facts, _: _matters(facts, "审核", "同意", "不同意")),
            "matters_approved": ("已经批准的事项", lambda facts, _: _matters(facts, "批准", "同意")),
            "real_name": ("实名举报", lambda _, case: case.source.real_name if case.source else None),
            "decided": ("已作出决定", lambda _, case: bool(case.decisions)),
            "legally_reviewed": (
                "法制审核通过",
                lambda _, case: case.legal_reviews[-1].passed if case.legal_reviews else None,
            ),
            "discussed": ("集体讨论", lambda _, case: bool(case.discussions)),
            "discussion_signed": ("参加讨论人员全部签名", _discussion_signed),
            "statement_heard": ("陈述申辩已记录", lambda _, case: bool(case.statements)),
            "statement_reviewed": ("陈述申辩已复核", lambda _, case: bool(case.statement_reviews)),
            "decision_performed": (
                "决定已履行",
                lambda _, case: all(item.performed for item in case.decisions.values()) if case.decisions else None,
            ),
        },
        moments=_CASE_MOMENTS,
    ),
    "act": Vocabulary(
        label="执法活动",
        list=lambda facts: facts.case.acts.values(),
        uid=lambda act: act.uid,
        name=lambda _, act: act.kind,
        attributes={
            "kind": ("种类", lambda _, act: act.kind or None),
            "traits": ("特征", lambda _, act: _texts(act.traits)),
            "officers": ("执法人员人数", lambda _, act: len(act.officers)),
            "certified": ("持有效执法证的执法人员人数", _officers_with_certificate),
            "certificates_shown": (
                "全体执法人员出示证件",
                lambda _, act: bool(act.officers) and {o.officer for o in act.officers} <= act.certificates_shown_by,
            ),
            "party_present": ("当事人在场", lambda _, act: act.party_present),
            "recordings": ("关联音像份数", lambda _, act: len(act.recordings)),
            "marked": ("音像中已标记的内容", _recording_topics),
        },
        moments={
            "begun": ("活动开始", lambda _, act: act.begun),
            "ended": ("活动结束", lambda _, act: act.ended),
        },
    ),
    "document": Vocabulary(
        label="文书",
        list=lambda facts: facts.case.documents.values(),
        uid=lambda document: document.uid,
        name=lambda _, document: document.title,
        attributes={
            "form": ("文书种类", lambda _, document: document.form or None),
            "facing": ("文书性质", lambda _, document: document.facing or None),
            "pages": ("页数", lambda _, document: document.pages),
            "several_pages": ("多页", lambda _, document: document.pages > 1),
            "corrections": ("更改处数", lambda _, document: document.corrections),
            "corrected": ("有更改", lambda _, document: document.corrections > 0),
            "marks": ("捺印", lambda _, document: _texts(document.marks)),
            "sealed": ("已盖章", lambda _, document: document.sealed is not None),
            "dated": ("载明签发日期", lambda _, document: document.made_on is not None),
            "refused": ("有人拒签", lambda _, document: bool(document.refusals)),
            "filled": ("已填项目", lambda _, d: _texts(label for label, text in d.fields.items() if text.strip())),
        },
        moments={
            "made": ("制作", lambda _, document: document.made),
            "sealed": ("盖章", lambda _, document: document.sealed),
        },
    ),
    "approval": Vocabulary(
        label="审批",
        list=lambda facts: facts.case.approvals.items(),
        uid=_approval_name,
        name=lambda _, approval: f"{_approval_name(approval)}审批",
        attributes={
            "matter": ("审批事项", lambda _, approval: approval[0]),
            "steps": ("已有环节", lambda _, approval: _texts(item.step.step for item in approval[1] if item.step)),
        },
        moments={"last": ("最后一步", lambda _, approval: approval[1][-1].at)},
    ),
    "recording": Vocabulary(
        label="音像记录",
        list=_recordings,
        uid=lambda recording: recording.uid,
        name=lambda _, recording: recording.original_name or recording.uid,
        attributes={
            "kind": ("类型", lambda _, recording: recording.media.kind if recording.media else None),
            "storage_ground": ("未及时入库的原因", lambda _, recording: recording.storage_ground),
            "linked": ("已关联执法活动", lambda _, recording: recording.act is not None),
            "labels": ("标注", lambda _, recording: _texts(recording.labels)),
            "classification": ("密级或涉密类别", lambda _, recording: recording.classification),
            "retention": ("保存期限", _case_retention),
            "clock_doubt": ("时钟疑问", lambda _, recording: recording.clock_doubt),
        },
        moments={
            "started": ("音像开始", lambda _, recording: recording.started),
            "ended": ("音像结束", lambda _, recording: recording.ended),
            "stored": ("入库", lambda _, recording: recording.stored),
            "returned": ("返回机关", lambda _, recording: recording.returned),
        },
    ),
    "interruption": Vocabulary(
        label="音像中断",
        list=lambda facts: facts.case.interruptions.values(),
        uid=lambda interruption: interruption.uid,
        name=lambda facts, interruption: (
            f"{facts.case.acts[interruption.act].kind}音像中断" if interruption.act in facts.case.acts else "音像中断"
        ),
        attributes={
            "manner": ("说明方式", lambda _, interruption: interruption.manner or None),
            "cause": ("中断原因", lambda _, interruption: interruption.cause or None),
            "officers_signed": ("书面说明签名的执法人员人数", _explaining_officers),
            "voice_located": ("语音说明可定位", lambda _, interruption: interruption.second is not None),
        },
        moments={
            "stopped": ("中断", lambda _, interruption: interruption.stopped),
            "resumed": ("恢复", lambda _, interruption: interruption.resumed),
            "explained": ("说明", lambda _, interruption: interruption.explained),
        },
    ),
    "service": Vocabulary(
        label="送达",
        list=lambda facts: facts.case.services.values(),
        uid=lambda service: service.uid,
        name=lambda facts, service: (
            f"{service.manner}送达"
            + (f"《{facts.case.documents[service.document].form}》" if service.document in facts.case.documents else "")
        ),
        attributes={
            "manner": ("送达方式", lambda _, service: service.manner or None),
            "receipt": ("送达回证", lambda _, service: service.receipt),
            "receipt_signed_by": ("送达回证签名人", _receipt_roles),
            "receipt_states": ("送达回证载明", _receipt_fields),
            "reason": ("情况说明", lambda _, service: service.reason),
        },
        moments={"served": ("送达", lambda _, service: service.served)},
    ),
    "decision": Vocabulary(
        label="决定",
        list=lambda facts: facts.case.decisions.values(),
        uid=lambda decision: decision.uid,
        name=lambda _, decision: decision.kind,
        attributes={
            "kind": ("决定种类", lambda _, decision: decision.kind or None),
            "served": (
                "已送达",
                lambda facts, decision: any(s.document == decision.document for s in facts.case.services.values()),
            ),
            "performed": ("已履行", lambda _, decision: decision.performed is not None),
        },
        moments={
            "made": ("作出决定", lambda _, decision: decision.made),
            "performed": ("履行", lambda _, decision: decision.performed),
            "served": (
                "送达",
                lambda facts, decision: min(
                    (s.served for s in facts.case.services.values() if s.document == decision.document and s.served),
                    default=None,
                ),
            ),
        },
    ),
    "evidence": Vocabulary(
        label="证据",
        list=lambda facts: facts.case.items_of_evidence.values(),
        uid=lambda item: item.item.evidence if item.item else "",
        name=lambda _, item: f"{item.item.kind}（{item.item.purpose}）" if item.item else "证据",
        attributes={
            "kind": ("证据种类", lambda _, item: item.item.kind if item.item else None),
            "notes": ("已注明", _evidence_notes),
        },
        moments={"listed": ("列为证据", lambda _, item: item.at)},
    ),
    "agency": Vocabulary(
        label="机关",
        list=lambda facts: [facts.agency],
        uid=lambda agency: agency.uid,
        name=lambda _, agency: agency.name,
        attributes={
            "custodian": ("专门管理人员", lambda _, agency: agency.custodian),
            "lists": ("已公布清单指引", lambda _, agency: _texts(agency.lists)),
            "retentions": ("已确定保存期限的类别", lambda _, agency: _texts(agency.retentions)),
            "devices": ("登记设备数", lambda _, agency: len(agency.devices)),
        },
        moments={},
    ),
}


@dataclass(slots=True)
class Subject:
    """One thing to be judged, with its facts at hand; it remembers what it was asked, for facts do not move meanwhile."""

    kind: str
    thing: Any
    facts: Facts
    ref: SubjectRef
    evidence: tuple[str, ...]
    _attributes: Mapping[str, tuple[str, ReadValue]] = field(repr=False, compare=False)
    _known: dict[str, Value | None] = field(default_factory=dict, init=False, repr=False, compare=False)

    @property
    def uid(self) -> str:
        return self.ref.id

    def value(self, attribute: str) -> Value | None:
        """Read an attribute; None when the facts do not say."""
        known = self._known
        if attribute in known:
            return known[attribute]
        value = known[attribute] = self._attributes[attribute][1](self.facts, self.thing)
        return value

    def moment(self, name: str) -> datetime | None:
        """Read a moment of the subject, or of the case when written `case.…`."""
        if name.startswith("case."):
            return _CASE_MOMENTS[name.removeprefix("case.")][1](self.facts, self.facts.case)
        return VOCABULARIES[self.kind].moments[name][1](self.facts, self.thing)


def attribute_label(kind: str, attribute: str) -> str:
    """Give what people call an attribute."""
    return VOCABULARIES[kind].attributes[attribute][0]


def moment_label(kind: str, name: str) -> str:
    """Give what people call a moment."""
    if name.startswith("case."):
        return _CASE_MOMENTS[name.removeprefix("case.")][0]
    return VOCABULARIES[kind].moments[name][0]


def knows_moment(kind: str, name: str) -> bool:
    """Say whether a rule about this kind of subject may speak of this moment."""
    if name.startswith("case."):
        return name.removeprefix("case.") in _CASE_MOMENTS
    return name in VOCABULARIES[kind].moments


class Subjects:
    """The subjects of one kind in the order in which they came to be, found by an attribute without asking each of them."""

    def __init__(self, facts: Facts, kind: str) -> None:
        self.all = [subject_of(facts, kind, thing) for thing in VOCABULARIES[kind].list(facts)]
        self._places: dict[str, dict[Value | None, list[int]]] = {}

    def __bool__(self) -> bool:
        return bool(self.all)

    def that_may_fit(self, condition: Condition) -> list[Subject]:
        """Leave out what one test of the condition surely rules out; each of the others is still to be asked."""
        narrowing = condition.narrowing
        if narrowing is None or len(self.all) < _FEW:
            return self.all
        places = self._placed(narrowing.attribute)
        found = [*places.get(None, ()), *(place for value in narrowing.wanted for place in places.get(value, ()))]
        return [self.all[place] for place in sorted(set(found))]

    def _placed(self, attribute: str) -> dict[Value | None, list[int]]:
        if attribute not in self._places:
            places = self._places[attribute] = {}
            for place, subject in enumerate(self.all):
                value = subject.value(attribute)
                for single in value if isinstance(value, frozenset) else (value,):
                    places.setdefault(single, []).append(place)
        return self._places[attribute]


# An index pays from a handful of subjects on.
_FEW = 4


def subject_of(facts: Facts, kind: str, thing: Any) -> Subject:
    """Make a subject of one thing of the facts."""
    words = VOCABULARIES[kind]
    ref = SubjectRef(kind, words.uid(thing), words.name(facts, thing))
    return Subject(kind, thing, facts, ref, evidence_of(kind, thing), words.attributes)


def evidence_of(kind: str, thing: Any) -> tuple[str, ...]:
    """Give the events a thing rests on."""
    if kind == "approval":
        return tuple(event for item in thing[1] for event in item.evidence)
    if kind == "recording":
        return (*thing.evidence, *thing.linking)
    return tuple(thing.evidence)
