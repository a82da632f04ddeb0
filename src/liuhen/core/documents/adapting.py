"""Adapting a document type (文书格式): what an agency may change in a type, and what the law and the program hold fast.

Invariant: an adapted type can say everything that a rule asks of it and the type before could say; it is of the same code, faces
the same people and is numbered, signed and sealed no less.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from liuhen.core.documents.flowing import FACTS
from liuhen.core.documents.model import DocumentType, FieldSpec

MOST_FIELDS, MOST_TEXTS, LONGEST_LABEL, LONGEST_TEXT = 80, 120, 40, 2000
_PLACE = re.compile(r"\{([^{}]*)\}")
_FIXED: Mapping[str, str] = {
    "code": "代码",
    "name": "名称",
    "stage": "阶段",
    "layout": "版面",
    "facing": "对外、取证或者内部",
    "character": "类型代字",
    "sealed": "是否盖章",
    "of_volume": "是否卷宗用",
    "acts": "所属执法活动",
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a rule asks of a type: the item, and which clause asks for it, as people cite it."""

    item: str
    clause: str
    title: str


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with an adapted type: where (`fields[2].label`, `body[0]`), and a sentence for the clerk."""

    place: str
    sentence: str


def sayable(kind: DocumentType) -> frozenset[str]:
    """Give every item that a type has a place for, in the words of packs."""
    return frozenset(item.label for item in kind.fields) | frozenset(kind.states)


def faults_of(shipped: DocumentType, changed: DocumentType, wanted: Iterable[Wanted]) -> tuple[Fault, ...]:
    """Give everything wrong with a changed type, measured by the one that comes with Liuhen."""
    return (
        *_fixed(shipped, changed),
        *_fields(changed),
        *_texts(changed),
        *_places(changed),
        *_states(shipped, changed),
        *_signers(shipped, changed),
        *_lost(shipped, changed, wanted),
    )


def _fixed(shipped: DocumentType, changed: DocumentType) -> Iterator[Fault]:
    for name, label in _FIXED.items():
        if getattr(shipped, name) != getattr(changed, name):
            yield Fault(name, f"{label}不能改：规则、编号和印章靠它认文书；请改回“{_said(getattr(shipped, name))}”")
    missing = [step for step in shipped.opinions if step not in changed.opinions]
    if missing:
        yield Fault("opinions", f"审批意见栏少了{'、'.join(missing)}；请补回")


def _said(value: object) -> str:
    if isinstance(value, bool):
        return "是" if value else "否"
    return "、".join(value) if isinstance(value, tuple) else str(value)


def _fields(changed: DocumentType) -> Iterator[Fault]:
    if len(changed.fields) > MOST_FIELDS:
        yield Fault("fields", f"填写项超过 {MOST_FIELDS} 个；请合并")
    labels = [item.label for item in changed.fields]
    for place, item in enumerate(changed.fields):
        here = f"fields[{place}]"
        if not item.label.strip() or item.label != item.label.strip() or len(item.label) > LONGEST_LABEL:
            yield Fault(f"{here}.label", f"第 {place + 1} 项的名称应为 1 到 {LONGEST_LABEL} 个字，前后不留空格")
        if not item.label.isprintable() or set(item.label) & set("{}"):
            yield Fault(f"{here}.label", f"第 {place + 1} 项的名称含有花括号或者不能显示的字符；请删去")
        if item.label in labels[:place]:
            yield Fault(f"{here}.label", f"有两项都叫“{item.label}”；请各起各的名称")
        if item.fact is not None and item.fact not in FACTS:
            yield Fault(f"{here}.fact", f"“{item.label}”自动带入的“{item.fact}”不认识；可用的有 {'、'.join(FACTS)}")
        if item.within and not any(f"{{{item.label}}}" in text for text in changed.body):
            yield Fault(
                f"{here}.within",
                f"“{item.label}”写入正文，正文里却没有 {{{item.label}}}；请在正文中写上，或者改为单列一行",
            )


def _texts(changed: DocumentType) -> Iterator[Fault]:
    lists: tuple[tuple[str, str, Sequence[str]], ...] = (
        ("body", "固定文字", changed.body),
        ("questions", "问题", changed.questions),
        ("notes", "附注", changed.notes),
        ("heads", "表头", changed.heads),
        ("basis", "依据", changed.basis),
    )
    for name, label, texts in lists:
        if len(texts) > MOST_TEXTS:
            yield Fault(name, f"{label}超过 {MOST_TEXTS} 条；请精简")
        for place, text in enumerate(texts):
            if not text.strip() or len(text) > LONGEST_TEXT:
                yield Fault(f"{name}[{place}]", f"{label}第 {place + 1} 条应为 1 到 {LONGEST_TEXT} 个字")
            elif not text.replace("\n", "").isprintable():
                yield Fault(f"{name}[{place}]", f"{label}第 {place + 1} 条含有不能显示的字符；请删去后重写")


def _places(changed: DocumentType) -> Iterator[Fault]:
    labels = {item.label for item in changed.fields}
    for place, text in enumerate(changed.body):
        for name in _PLACE.findall(text):
            if name not in labels:
                yield Fault(
                    f"body[{place}]",
                    f"固定文字第 {place + 1} 段的 {{{name}}} 没有对应的填写项；请加上这一项，或者删去花括号",
                )


def _states(shipped: DocumentType, changed: DocumentType) -> Iterator[Fault]:
    labels = {item.label for item in changed.fields}
    for word, by in changed.states.items():
        here = f"states.{word}"
        for label in by:
            if label not in labels:
                yield Fault(here, f"“{word}”由“{label}”写明，却没有这一项；请加上，或者改由别的项写明")
        if word in labels:
            yield Fault(here, f"“{word}”本身就是填写项，不必再说明由谁写明；请删去这一条")
        if not by and (shipped.states.get(word) or word not in shipped.states):
            yield Fault(here, f"“{word}”要由填写项写明，不能改为由固定文字代替；请写明是哪一项")


def _signers(shipped: DocumentType, changed: DocumentType) -> Iterator[Fault]:
    roles = [one.role for one in changed.signers]
    for place, one in enumerate(changed.signers):
        if not one.role.strip() or len(one.role) > LONGEST_LABEL or roles.index(one.role) != place:
            yield Fault(f"signers[{place}]", "签名人的身份不能空着、过长或者重复")
        if not 0 <= one.least <= 20:
            yield Fault(f"signers[{place}]", f"{one.role or '签名人'}的人数应为 0 到 20；可签可不签的写 0")
    kept = {one.role: one.least for one in changed.signers}
    for before in shipped.signers:
        if before.role not in kept:
            yield Fault("signers", f"签名人少了{before.role}；请补回")
        elif kept[before.role] < before.least:
            yield Fault("signers", f"签名人不能少于内置格式：{before.role}不少于 {before.least} 人；请改回")


def _lost(shipped: DocumentType, changed: DocumentType, wanted: Iterable[Wanted]) -> Iterator[Fault]:
    before, now = sayable(shipped), sayable(changed)
    clauses: dict[str, list[str]] = {}
    for one in wanted:
        if one.item in before and one.item not in now:
            clauses.setdefault(one.item, []).append(f"{one.clause}（{one.title}）")
    for item, asking in clauses.items():
        yield Fault("fields", f"没有写明“{item}”的地方了，{'、'.join(dict.fromkeys(asking))}要求写明；请保留这一项")


def renamed(kind: DocumentType, names: Mapping[str, str]) -> DocumentType:
    """Give a type in which fields that were renamed are called by their new names in the body and in `states` too."""
    moved = {was: now for was, now in names.items() if was != now}
    if not moved:
        return kind

    def written(text: str) -> str:
        return _PLACE.sub(lambda found: f"{{{moved.get(found[1], found[1])}}}", text)

    return replace(
        kind,
        body=tuple(written(text) for text in kind.body),
        states={word: tuple(moved.get(label, label) for label in by) for word, by in kind.states.items()},
    )


def standing_words(kind: DocumentType) -> tuple[str, ...]:
    """Give what the standing words alone must say, because no field does: for whoever rewrites them."""
    return tuple(word for word, by in kind.states.items() if not by)


def sample_text(spec: FieldSpec) -> str:
    """Give a made-up text of a field, for a document on which a format is tried."""
    match spec.kind:
        case "日期":
            return "2026 年 3 月 2 日"
        case "时间":
            return "2026 年 3 月 2 日 10 时 05 分"
        case "金额":
            return "12000.00"
        case "多行":
            return f"（样例）这里是{spec.label}的内容，写得长一些，\n用来看换行和分页是否合适"
    if spec.fact == "当事人.名称":
        return SAMPLE_PARTY
    return spec.choices[0] if spec.choices else f"（样例）{spec.label}"


SAMPLE_PARTY = "样例商贸有限公司"
