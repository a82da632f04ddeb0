"""What rules may say of an act and of a break in its filming."""

from liuhen.core.facts import model
from liuhen.core.facts.agency_model import FILMING_LIST
from liuhen.core.facts.model import Facts
from liuhen.core.rules.vocabulary import hearings
from liuhen.core.rules.vocabulary.documents import signers
from liuhen.core.rules.vocabulary.words import Vocabulary, media_kinds, texts


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


def _recording_topics(facts: Facts, act: model.Act) -> frozenset[str]:
    linked = (facts.recordings.get(uid) for uid in act.recordings)
    return texts(mark.topic for recording in linked if recording for mark in recording.marks)


def _listed(facts: Facts, act: model.Act) -> bool | None:
    """Whether the agency's list of what is filmed names this kind of act; None while no list was published."""
    published = facts.agency.lists.get(FILMING_LIST)
    if published is None:
        return None
    return any(act.kind in (entry.matter, entry.link) for entry in published.entries)


def _chosen(facts: Facts, act: model.Act) -> frozenset[str]:
    """The manners of recording chosen for this act, or for every act of its kind."""
    chosen = [choice for choice in facts.case.choices if act.uid == choice.act or act.kind == choice.act_kind]
    return texts(manner for choice in chosen for manner in choice.manners)


def _forms(facts: Facts, act: model.Act) -> frozenset[str]:
    return texts(document.form for document in facts.case.documents_of_acts.get(act.uid, ()))


def _told_before_end(facts: Facts, act: model.Act) -> frozenset[str]:
    """What was told in this act while it lasted: what somebody is told afterwards came too late to matter to them."""
    said = facts.case.told_in_acts.get(act.uid, ())
    in_time = (item for item in said if item.at and (act.ended is None or item.at <= act.ended))
    return texts(topic for item in in_time for topic in item.topics)


def _device_features(facts: Facts, act: model.Act) -> frozenset[str]:
    """The special features of the devices that filmed it."""
    linked = (facts.recordings.get(uid) for uid in act.recordings)
    devices = (facts.agency.devices.get(recording.device or "") for recording in linked if recording)
    return texts(feature for device in devices if device for feature in device.features)


ACT = Vocabulary(
    label="执法活动",
    list=lambda facts: facts.case.acts.values(),
    uid=lambda act: act.uid,
    name=lambda _, act: act.kind,
    attributes={
        "kind": ("种类", lambda _, act: act.kind or None),
        "case_kind": ("执法类别", lambda facts, _: facts.case.kind or None),
        "traits": ("特征", lambda _, act: texts(act.traits)),
        "officers": ("执法人员人数", lambda _, act: len(act.officers)),
        "certified": ("持有效执法证的执法人员人数", _officers_with_certificate),
        "certificates_shown": (
            "全体执法人员出示证件",
            lambda _, act: bool(act.officers) and {o.officer for o in act.officers} <= act.certificates_shown_by,
        ),
        "party_present": ("当事人在场", lambda _, act: act.party_present),
        "told_topics": ("活动中已告知的事项", lambda _, act: act.told),
        "told_before_end": ("活动结束前已告知的事项", _told_before_end),
        "listed": ("列入音像记录事项清单", _listed),
        "manners_chosen": ("选定的记录方式", _chosen),
        "forms": ("已有文书", _forms),
        "extended": ("已延长的期限", lambda facts, act: hearings.extended_terms(facts, act.uid)),
        "measure_outcome": ("措施的处理", lambda _, act: act.measure_outcome),
        "host_investigated": ("听证主持人参加过本案调查", hearings.host_investigated),
        "recordings": ("关联音像份数", lambda _, act: len(act.recordings)),
        "media": ("关联音像的类型", media_kinds),
        "device_features": ("所用设备的特种功能", _device_features),
        "marked": ("音像中已标记的内容", _recording_topics),
    },
    moments={
        "begun": ("活动开始", lambda _, act: act.begun),
        "ended": ("活动结束", lambda _, act: act.ended),
        "approved": ("负责人批准", hearings.approved),
        "measure_ended": ("措施解除或者处理", lambda _, act: act.measure_ended),
        "delivered": ("送达措施决定书", hearings.delivered),
        "notified": ("送达听证通知", hearings.hearing_notified),
    },
)


def _explaining_officers(facts: Facts, interruption: model.Interruption) -> int:
    document = facts.case.documents.get(interruption.document or "")
    return len(signers(document, "执法人员")) if document else 0


INTERRUPTION = Vocabulary(
    label="音像中断",
    list=lambda facts: facts.case.interruptions.values(),
    uid=lambda interruption: interruption.uid,
    name=lambda facts, interruption: (
        f"{facts.case.acts[interruption.act].kind}音像中断" if interruption.act in facts.case.acts else "音像中断"
    ),
    attributes={
        "manner": ("说明方式", lambda _, interruption: interruption.manner or None),
        "cause": ("中断原因", lambda _, interruption: interruption.cause or None),
        "resumed": ("已恢复记录", lambda _, interruption: interruption.resumed is not None),
        "written": (
            "有书面说明",
            lambda facts, interruption: (interruption.document or "") in facts.case.documents,
        ),
        "reported": ("已报告负责人", lambda _, interruption: interruption.reported is not None),
        "officers_signed": ("书面说明签名的执法人员人数", _explaining_officers),
        "voice_located": ("语音说明可定位", lambda _, interruption: interruption.second is not None),
    },
    moments={
        "stopped": ("中断", lambda _, interruption: interruption.stopped),
        "resumed": ("恢复", lambda _, interruption: interruption.resumed),
        "explained": ("说明", lambda _, interruption: interruption.explained),
        "reported": ("报告负责人", lambda _, interruption: interruption.reported),
    },
)
