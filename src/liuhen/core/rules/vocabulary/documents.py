"""What rules may say of a document, an approval and an item of evidence."""

from datetime import datetime

from liuhen.core.facts import model
from liuhen.core.facts.model import Facts
from liuhen.core.rules.vocabulary import hearings
from liuhen.core.rules.vocabulary.recordings import carriers, placing_notes
from liuhen.core.rules.vocabulary.services import tried_by
from liuhen.core.rules.vocabulary.words import Vocabulary, filled, media_kinds, texts


def signers(document: model.Document, role: str) -> list[str]:
    """Give the names of those who signed in a role, each person once: two officers may bear one name."""
    people = {item.officer or item.name: item.name for item in document.signatures if item.role == role}
    return sorted(people.values())


def _unsigned(_: Facts, document: model.Document) -> frozenset[str]:
    """The roles of places on the document that nobody signed and for which no refusal was noted."""
    done = {item.role for item in document.signatures} | {role for role, _, _ in document.refusals}
    return texts(place.role for place in document.signers if place.role not in done)


def _first_service(facts: Facts, document: model.Document) -> datetime | None:
    return min(
        (item.served for item in facts.case.services.values() if item.document == document.uid and item.served),
        default=None,
    )


def _last_signature(_: Facts, document: model.Document) -> datetime | None:
    return max((item.at for item in document.signatures), default=None)


DOCUMENT = Vocabulary(
    label="文书",
    list=lambda facts: facts.case.documents.values(),
    uid=lambda document: document.uid,
    name=lambda _, document: document.title,
    attributes={
        "form": ("文书种类", lambda _, document: document.form or None),
        "facing": ("文书性质", lambda _, document: document.facing or None),
        "case_kind": ("执法类别", lambda facts, _: facts.case.kind or None),
        "number": ("文号", lambda _, document: document.number),
        "template": ("所用格式", lambda _, document: document.template),
        "pages": ("页数", lambda _, document: document.pages),
        "several_pages": ("多页", lambda _, document: document.pages > 1),
        "corrections": ("更改处数", lambda _, document: document.corrections),
        "corrected": ("有更改", lambda _, document: document.corrections > 0),
        "marks": ("捺印", lambda _, document: texts(document.marks)),
        "sealed": ("已盖章", lambda _, document: document.sealed is not None),
        "dated": ("载明签发日期", lambda _, document: document.made_on is not None),
        "signed_by": ("签名人", lambda _, document: texts(item.role for item in document.signatures)),
        "refused": ("有人拒签", lambda _, document: bool(document.refusals)),
        "unsigned": ("未签名之处", _unsigned),
        "served": ("已送达", lambda facts, document: _first_service(facts, document) is not None),
        "media": (
            "所属执法活动的音像类型",
            lambda facts, document: media_kinds(facts, facts.case.acts.get(document.act or "")),
        ),
        "served_by": (
            "已用的送达方式",
            lambda facts, d: texts(s.manner for s in facts.case.services.values() if s.document == d.uid and s.manner),
        ),
        "attempted_by": ("公告以前试过的送达方式", lambda facts, d: tried_by(facts, d.uid, d.posted)),
        "posted": ("已发布送达公告", lambda _, document: document.posted is not None),
        "posted_because": ("公告送达的原因和经过", lambda _, document: document.posted_because),
        "filled": ("已填项目", lambda _, d: texts(label for label, text in d.fields.items() if text.strip())),
    },
    moments={
        "made": ("制作", lambda _, document: document.made),
        "signed": ("签名", _last_signature),
        "sealed": ("盖章", lambda _, document: document.sealed),
        "served": ("送达", _first_service),
        "posted": ("发布送达公告", lambda _, document: document.posted),
        "served_publicly": ("公告视为送达", hearings.served_publicly),
    },
)


def _approval_name(approvals: tuple[str, list[model.Approval]]) -> str:
    return approvals[0]


APPROVAL = Vocabulary(
    label="审批",
    list=lambda facts: facts.case.approvals.items(),
    uid=_approval_name,
    name=lambda _, approval: f"{_approval_name(approval)}审批",
    attributes={
        "matter": ("审批事项", lambda _, approval: approval[0]),
        "steps": ("已有环节", lambda _, approval: texts(item.step.step for item in approval[1] if item.step)),
    },
    moments={"last": ("最后一步", lambda _, approval: approval[1][-1].at)},
)


def evidence_notes(_: Facts, item: model.EvidenceItem) -> frozenset[str]:
    """What was noted of a piece of evidence."""
    said = item.item
    if said is None:
        return frozenset()
    return filled(
        事项=said.matter,
        时间=said.taken_at,
        地点=said.place,
        方式=said.manner,
        执法人员=said.officers,
        光盘=said.disc,
        制作人=said.maker,
        提取人=said.extractor,
        提取时间=said.extracted_at,
        制作方法=said.making_method,
        证明对象=said.purpose,
        文字说明=said.description,
        存储位置=said.location,
    )


def _recording_of(facts: Facts, item: model.EvidenceItem) -> model.Recording:
    """The recording that is the evidence; an empty one where there is none, of which nothing was written down."""
    uid = (item.item.recording if item.item else None) or ""
    return facts.recordings.get(uid) or model.Recording()


EVIDENCE = Vocabulary(
    label="证据",
    list=lambda facts: facts.case.items_of_evidence.values(),
    uid=lambda item: item.item.evidence if item.item else "",
    name=lambda _, item: f"{item.item.kind}（{item.item.purpose}）" if item.item else "证据",
    attributes={
        "kind": ("证据种类", lambda _, item: item.item.kind if item.item else None),
        "is_recording": ("为音像记录", lambda _, item: bool(item.item and item.item.recording)),
        "notes": ("已注明", evidence_notes),
        "carriers": ("音像入卷载体", lambda facts, item: carriers(facts, _recording_of(facts, item))),
        "placed_with": ("音像入卷时注明", lambda facts, item: placing_notes(facts, _recording_of(facts, item))),
    },
    moments={"listed": ("列为证据", lambda _, item: item.at)},
)
