"""What a case knows already, so that nobody types it twice: a closed list of facts by the names that document types use.

Invariant: pure and total; what the case does not say is an empty text, never a guess.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from liuhen.core.facts.model import Act, Document, Facts
from liuhen.core.kernel.moments import local_day, say_day, say_minute


@dataclass(frozen=True, slots=True)
class Ground:
    """What a document is written on: the facts, the act it is of, where it is of one, and now."""

    facts: Facts
    at: datetime
    act: Act | None = None


Read = Callable[[Ground], str | None]


def _party(name: str) -> Read:
    def read(ground: Ground) -> str | None:
        party = ground.facts.case.party
        return None if party is None else getattr(party, name)

    return read


def _begun(ground: Ground) -> str | None:
    act = ground.act
    if act is None or act.begun is None:
        return None
    return f"{say_minute(act.begun)}至 {say_minute(act.ended)}" if act.ended else say_minute(act.begun)


def _officers(ground: Ground) -> str | None:
    return None if ground.act is None else "、".join(one.name for one in ground.act.officers)


def _certificates(ground: Ground) -> str | None:
    if ground.act is None or not ground.act.officers:
        return None
    officers = ground.act.officers
    return "、".join(f"{one.name}（{one.certificate}）" for one in officers) + f"，共 {len(officers)} 人"


def _shown(ground: Ground) -> str | None:
    if ground.act is None:
        return None
    shown = [one.name for one in ground.act.officers if one.officer in ground.act.certificates_shown_by]
    return f"{'、'.join(shown)}已出示执法证件" if shown else None


def _evidence(ground: Ground) -> str:
    items = [one.item for one in ground.facts.case.items_of_evidence.values() if one.item is not None]
    return "；".join(f"{item.kind}（{item.purpose}）" for item in items)


def _latest(ground: Ground, *words: str) -> Document | None:
    found = [one for one in ground.facts.case.documents.values() if any(word in one.form for word in words)]
    return found[-1] if found else None


def _number_of(*words: str) -> Read:
    def read(ground: Ground) -> str | None:
        document = _latest(ground, *words)
        return None if document is None else document.number or document.title

    return read


def _day_of(*words: str) -> Read:
    def read(ground: Ground) -> str | None:
        document = _latest(ground, *words)
        return say_day(document.made_on) if document is not None and document.made_on is not None else None

    return read


PLACE = re.compile(r"\{([^{}]+)\}")

# Written in a type as `fact: 当事人.名称`.
FACTS: Mapping[str, Read] = {
    "案件.案号": lambda ground: ground.facts.case.number or ground.facts.case.register_number,
    "案件.登记号": lambda ground: ground.facts.case.register_number,
    "案件.案由": lambda ground: ground.facts.case.matter,
    "案件.类别": lambda ground: ground.facts.case.kind,
    "案件.启动方式": lambda ground: ground.facts.case.source.start if ground.facts.case.source else None,
    "案件.来源": lambda ground: ground.facts.case.source.manner if ground.facts.case.source else None,
    "案件.来源摘要": lambda ground: ground.facts.case.source.summary if ground.facts.case.source else None,
    "案件.立案日期": lambda ground: say_day(local_day(ground.facts.case.filed)) if ground.facts.case.filed else None,
    "案件.承办机构": lambda ground: ground.facts.case.unit,
    "案件.证据": _evidence,
    "当事人.名称": _party("name"),
    "当事人.类型": _party("kind"),
    "当事人.证件号码": _party("id_number"),
    "当事人.地址": _party("address"),
    "当事人.代表人": _party("representative"),
    "当事人.电话": _party("phone"),
    "活动.时间": _begun,
    "活动.地点": lambda ground: ground.act.place if ground.act else None,
    "活动.执法人员": _officers,
    "活动.执法证号": _certificates,
    "活动.出示证件": _shown,
    "机关.名称": lambda ground: ground.facts.agency.name,
    "机关.复议机关": lambda ground: ground.facts.agency.reconsideration,
    "机关.管辖法院": lambda ground: ground.facts.agency.court,
    "今天": lambda ground: say_day(local_day(ground.at)),
    "文书.立案审批表": _number_of("立案"),
    "文书.措施决定书": _number_of("查封（扣押）决定书", "冻结决定书", "查封决定书", "扣押决定书"),
    "文书.登记保存通知书": _number_of("先行登记保存"),
    "文书.告知书": _number_of("告知书"),
    "文书.决定书": _number_of("处罚决定书"),
    "文书.决定日期": _day_of("处罚决定书"),
    "文书.催告书": _number_of("催告书"),
}


@dataclass(frozen=True, slots=True)
class Flowed:
    """What stands in a field before anybody types, and the title of the document that it was taken from, where it was."""

    text: str
    source: str = ""


def flowed(fact: str | None, follows: Sequence[str], ground: Ground, standing: str | None = None) -> Flowed:
    """Give what the case says of a fact, else what the newest document of the first kind says that said something.

    Where neither says anything, it is the `standing` words with their facts in them, when all of these are known.
    """
    if text := known(fact, ground):
        return Flowed(text)
    newest = tuple(reversed(ground.facts.case.documents.values()))
    for named in follows:
        form, _, label = named.partition(".")
        for document in newest:
            if document.form == form and (text := document.fields.get(label, "").strip()):
                return Flowed(text, document.title)
    return Flowed(_standing(standing, ground) if standing else "")


def facts_in(standing: str) -> tuple[str, ...]:
    """Give the names in braces of standing words."""
    return tuple(PLACE.findall(standing))


def _standing(words: str, ground: Ground) -> str:
    said = {name: known(name, ground) for name in facts_in(words)}
    return PLACE.sub(lambda place: said[place[1]], words) if all(said.values()) else ""


def known(fact: str | None, ground: Ground) -> str:
    """Give what the case says of a fact, empty where it says nothing."""
    return (FACTS[fact](ground) or "") if fact is not None else ""
