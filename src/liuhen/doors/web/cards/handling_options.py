"""办理, what can be chosen: documents, acts and decisions of the case, people of the roll, and the words of its packs first.

Invariant: a word of a pack stands before those of custom, so that what a rule turns on is what people find first.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from liuhen.core.facts.agency_model import FILMING_LIST, Officer
from liuhen.core.facts.model import CaseFacts
from liuhen.core.kernel.moments import local_day
from liuhen.core.rules.known_words import Asked, excluded_grounds, extendable_terms, known_words, topics_told
from liuhen.core.rules.model import Pack
from liuhen.doors.web.cards.choices import acts_to_pick, documents_to_pick
from liuhen.doors.web.handling_contents import PASSED
from liuhen.doors.web.handling_forms import Choices, Options
from liuhen.flows.course_of_case import StepOfCase, running_acts
from liuhen.flows.occasion import Actor
from liuhen.flows.read_case import CaseReading

# Words of custom, behind those of the packs.
_CUSTOM: Mapping[str, tuple[str, ...]] = {
    "reporting": ("电话", "当面", "书面", "即时通讯"),
    "manners": ("文字记录", "照相", "录音", "录像"),
    "outcome": ("解除", "退还", "没收", "销毁", "拍卖、变卖", "移送", "转为查封扣押"),
    # 行政处罚法 46.
    "evidence": ("书证", "物证", "视听资料", "电子数据", "证人证言", "当事人的陈述", "鉴定意见", "勘验笔录、现场笔录"),
    "ground": ("检测", "检验", "检疫", "鉴定", "听证", "专家评审", "复议", "诉讼"),
    "topic": ("拟作出的决定", "陈述", "申辩", "申请回避", "申请听证"),
    "telling": ("口头", "书面", "电话"),
    "right": ("陈述申辩", "听证"),
    "waiving": ("书面声明", "当场口头表示", "逾期没有提出"),
    "police": ("公安机关", "司法机关", "监察机关"),
    "ending": (
        "决定已经履行完毕",
        "不予行政处罚",
        "违法事实不成立",
        "移送其他机关",
        "不予立案",
        "检查未发现问题",
        "终止调查",
    ),
    "passed": (PASSED, "不通过"),
}
# What rules ask by these attributes is offered under these names.
_ASKED: Mapping[str, tuple[Asked, ...]] = {
    "manners": (("act", "manners_chosen"), ("case", "manners_chosen")),
    "kind": (("act", "kind"),),
    "trait": (("act", "traits"),),
    "situation": (("case", "traits"), ("act", "traits"), ("recording", "situations"), ("decision", "case_traits")),
    "outcome": (("act", "measure_outcome"),),
    "right": (("case", "waived_rights"),),
    "police": (("case", "transferred_to"),),
}
# What may be decided, by the kind of enforcement; 行政处罚法 9 and 33 for penalties.
_DECISIONS: Mapping[str, tuple[str, ...]] = {
    "行政处罚": (
        *("罚款", "警告", "通报批评", "没收违法所得", "没收非法财物", "责令停产停业", "暂扣许可证件", "吊销许可证件"),
        *("不予行政处罚", "责令改正"),
    ),
    "行政许可": ("准予行政许可", "不予行政许可"),
    "行政检查": ("责令改正", "责令限期改正"),
    "行政强制": ("查封扣押", "冻结", "加处罚款", "代履行"),
}
_LONGEST = 40


def options_of(reading: CaseReading, *, again: bool) -> Options:
    """Give everything that forms of this case may offer.

    `again`: the form was recorded already and is sent once more, so what it used up is still there to be read.
    """
    packs = reading.packs
    case, agency = reading.facts.case, reading.facts.agency
    words = {name: [item.word for item in known_words(packs, *asked)] for name, asked in _ASKED.items()}
    words["term"], words["topic"] = list(extendable_terms(packs)), list(topics_told(packs))
    words["ground"] = list(excluded_grounds(packs))
    listed = agency.lists.get(FILMING_LIST)
    words["kind"] += [entry.matter for entry in listed.entries] if listed else []
    words["deciding"] = [*_DECISIONS.get(case.kind, ()), *_decided_words(packs, case)]
    offered: dict[str, Choices] = {
        name: _choices((*words.get(name, ()), *_CUSTOM.get(name, ()))) for name in (*words, *_CUSTOM)
    }
    documents = list(reversed(case.documents.values()))
    used = set() if again else {decision.document for decision in case.decisions.values()}
    issued = [one for one in documents if one.facing == "出具" and one.uid not in used]
    return offered | {
        "document": documents_to_pick(documents),
        "issued": documents_to_pick(sorted(issued, key=lambda one: "决定书" not in one.form)),
        "act": acts_to_pick(reversed(case.acts.values())),
        "running": acts_to_pick(case.acts.values() if again else running_acts(case)),
        "decision": [(uid, f"{one.kind}：{one.summary[:_LONGEST]}") for uid, one in case.decisions.items()],
        "officer": [_officer(one) for one in agency.officers.values() if is_certified(one, local_day(reading.at))],
        "member": [(one.uid, one.name) for one in agency.officers.values()],
    }


def _decided_words(packs: Iterable[Pack], case: CaseFacts) -> list[str]:
    """Give the decisions that rules know, without those that custom has under another kind of enforcement."""
    elsewhere = {word for kind, words in _DECISIONS.items() if kind != case.kind for word in words}
    return [item.word for item in known_words(packs, ("decision", "kind")) if item.word not in elsewhere]


def _choices(words: Iterable[str]) -> Choices:
    return [(word, word) for word in dict.fromkeys(words)]


def _officer(one: Officer) -> tuple[str, str]:
    return one.uid, f"{one.name}（{one.certificate}）"


def is_certified(one: Officer, day: date) -> bool:
    """Say whether an officer's certificate is valid on a day."""
    begun = one.valid_from is None or one.valid_from <= day
    return one.certificate is not None and begun and (one.valid_until is None or day <= one.valid_until)


def known_before(reading: CaseReading, actor: Actor, one: StepOfCase) -> dict[str, Any]:
    """Give what the case says already and nobody has to type: the newest document that fits, the party, who works on it."""
    case, name = reading.facts.case, one.step.name
    party = case.party
    person = (party.representative or party.name) if party else ""
    known: dict[str, Any] = {}
    running = running_acts(case)
    if running and name in ("case.act-ended", "case.certificates-shown"):
        known["act"] = running[-1].uid
    used = {decision.document for decision in case.decisions.values()}
    fitting = [document for document in one.documents if document.uid not in used]
    if name == "case.decision-made":
        fitting = [document for document in fitting if document.facing == "出具"]
    if fitting:
        known["document"] = fitting[-1].uid
    match name:
        case "case.act-begun":
            known |= {"place": party.address or "" if party else "", "officers": _crew(reading, actor)}
        case "case.certificates-shown":
            known["shown_to"] = person
        case "case.party-told":
            known["told"] = person
        case "case.hearing-requested":
            known["person"] = party.name if party else ""
        case "case.concluded" if case.declined is not None:
            known["reason"] = "不予立案"
    return known


def _crew(reading: CaseReading, actor: Actor) -> list[str]:
    """Give who worked on the case last, else the person at the desk where that is an officer."""
    acts = list(reading.facts.case.acts.values())
    return [one.officer for one in acts[-1].officers] if acts else [actor.uid]
