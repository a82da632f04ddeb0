"""What two versions of a document type differ in, said piece by piece for whoever publishes or reads a version.

Invariant: two types that differ have at least one difference, and equal ones have none.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from difflib import SequenceMatcher

from liuhen.core.documents.model import DocumentType, FieldSpec

_LISTS = (("body", "固定文字"), ("questions", "问题"), ("notes", "附注"), ("heads", "表头"), ("opinions", "意见栏"))
_MORE = (("acts", "执法活动"), ("basis", "依据"))
_FIELD = (
    ("kind", "种类"),
    ("fact", "自动带入"),
    ("follows", "从前面的文书带入"),
    ("choices", "可选内容"),
    ("within", "写入正文"),
    ("hint", "提示"),
)


@dataclass(frozen=True, slots=True)
class Difference:
    """One difference: of what, what it was and what it is; empty for nothing."""

    what: str
    was: str
    now: str


def differences(was: DocumentType, now: DocumentType) -> tuple[Difference, ...]:
    """Give the differences from one version to another."""
    return (*_fields(was, now), *_lists(was, now), *_signers(was, now), *_states(was, now), *_rest(was, now))


def _fields(was: DocumentType, now: DocumentType) -> Iterator[Difference]:
    before, after = {item.label: item for item in was.fields}, {item.label: item for item in now.fields}
    for label, item in before.items():
        if label not in after:
            yield Difference(f"填写项“{label}”", say_field(item), "")
    for label, item in after.items():
        if label not in before:
            yield Difference(f"填写项“{label}”", "", say_field(item))
            continue
        for name, title in _FIELD:
            old, new = getattr(before[label], name), getattr(item, name)
            if old != new:
                yield Difference(f"填写项“{label}”的{title}", _say(old), _say(new))
    common = [label for label in before if label in after]
    if common != [label for label in after if label in before]:
        yield Difference("填写项的顺序", "、".join(before), "、".join(after))


def say_field(item: FieldSpec) -> str:
    """Say what a field is."""
    parts = [item.kind, f"自动带入 {item.fact}" if item.fact else "", "写入正文" if item.within else ""]
    return "，".join(part for part in parts if part)


def _say(value: object) -> str:
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, (tuple, list)):
        return "、".join(str(one) for one in value)
    return "" if value is None else str(value)


def _lists(was: DocumentType, now: DocumentType) -> Iterator[Difference]:
    for name, title in (*_LISTS, *_MORE):
        yield from _texts(title, getattr(was, name), getattr(now, name))


def _texts(title: str, was: Sequence[str], now: Sequence[str]) -> Iterator[Difference]:
    for tag, a, b, c, d in SequenceMatcher(a=list(was), b=list(now), autojunk=False).get_opcodes():
        if tag != "equal":
            place = f"第 {c + 1} 条" if d > c else f"原第 {a + 1} 条"
            yield Difference(f"{title}{place}", "\n".join(was[a:b]), "\n".join(now[c:d]))


def _signers(was: DocumentType, now: DocumentType) -> Iterator[Difference]:
    if was.signers != now.signers:
        yield Difference("签名人", _say_signers(was), _say_signers(now))


def _say_signers(kind: DocumentType) -> str:
    return "、".join(f"{one.role} {one.least} 人" for one in kind.signers)


def _states(was: DocumentType, now: DocumentType) -> Iterator[Difference]:
    for word in dict.fromkeys([*was.states, *now.states]):
        old, new = was.states.get(word), now.states.get(word)
        if old != new:
            yield Difference(f"法定内容“{word}”由谁写明", _say_by(old), _say_by(new))


def _say_by(labels: tuple[str, ...] | None) -> str:
    return "" if labels is None else "、".join(labels) or "固定文字"


_SAID = {"fields", "signers", "states", *(name for name, _ in (*_LISTS, *_MORE))}


def _rest(was: DocumentType, now: DocumentType) -> Iterator[Difference]:
    for field in fields(DocumentType):
        if field.name not in _SAID and getattr(was, field.name) != getattr(now, field.name):
            yield Difference(field.name, _say(getattr(was, field.name)), _say(getattr(now, field.name)))
