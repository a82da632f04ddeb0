"""The rows of a 音像记录事项清单 as people write them: read, held against what a list must have, and compared.

Invariant: pure; a row is taken as it was meant or refused in one sentence that names row, column and remedy, and no row is
left out or mended in silence but for blanks at its ends.
"""

import re
import unicodedata
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from liuhen.core.events.parts import ListEntry
from liuhen.core.facts.agency_model import FILMING_LIST

LIST = FILMING_LIST
MOST_ROWS = 1000
MOST_LETTERS = 200_000


@dataclass(frozen=True, slots=True)
class ListColumn:
    """A column as bureaus keep it: its title, the field it fills, how long its text may be, and what is written there."""

    title: str
    field: str
    most: int
    needed: bool
    hint: str


COLUMNS = (
    ListColumn("执法类别", "category", 40, False, "行政处罚、行政检查、行政强制等"),
    ListColumn("执法事项", "matter", 200, True, "对什么执法，例如“烟花爆竹经营检查”"),
    ListColumn("记录环节", "link", 100, True, "哪个环节要记录，例如“现场检查”“留置送达”"),
    ListColumn("记录方式", "manner", 100, True, "照片、录音、摄像、全程摄像等"),
    ListColumn("记录开始时间", "starts", 200, False, "从什么时候开始，例如“到达现场”"),
    ListColumn("记录内容", "content", 1000, False, "要记录下来的内容"),
    ListColumn("记录结束时间", "ends", 200, False, "到什么时候为止，例如“离开现场”"),
    ListColumn("存储期限", "keep", 60, False, "例如“2 年”“30 年”“永久”“同案卷”"),
)
BY_FIELD = {column.field: column for column in COLUMNS}


@dataclass(frozen=True, slots=True)
class RowFault:
    """What is wrong with one column of a row, and the remedy; without a column, with the row or the list as a whole."""

    column: ListColumn | None
    sentence: str

    def say(self) -> str:
        """Write the fault for a page or a list of faults."""
        return f"“{self.column.title}”{self.sentence}" if self.column else self.sentence


def cells_of(entry: ListEntry) -> tuple[str, ...]:
    """Give the cells of a row in the order of the columns; what is not said is an empty text."""
    return tuple(getattr(entry, column.field) or "" for column in COLUMNS)


def read_entry(texts: Mapping[str, str]) -> tuple[ListEntry, tuple[RowFault, ...]]:
    """Read a row from texts by field; where there are faults the entry holds what was typed, to be shown again."""
    said = {column.field: clean(texts.get(column.field, "")) for column in COLUMNS}
    period = read_keep(said["keep"])
    if period is not None:
        said["keep"] = period
    entry = ListEntry(
        matter=said["matter"],
        link=said["link"],
        manner=said["manner"],
        content=said["content"] or None,
        starts=said["starts"] or None,
        ends=said["ends"] or None,
        keep=said["keep"] or None,
        category=said["category"] or None,
    )
    return entry, tuple(entry_faults(entry))


_INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u00ad"))
_BREAKS = re.compile(r"\r\n?|[\u2028\u2029\x0b\x0c\x85]")


def clean(text: str) -> str:
    """Bring a typed or pasted text to one spelling: NFC, plain line breaks, no blanks at the ends, nothing invisible."""
    plain = unicodedata.normalize("NFC", _BREAKS.sub("\n", text.translate(_INVISIBLE)))
    return "\n".join(line.strip() for line in plain.strip().split("\n"))


def entry_faults(entry: ListEntry) -> Iterator[RowFault]:
    """Find what is wrong with a row taken by itself."""
    for column, text in zip(COLUMNS, cells_of(entry), strict=True):
        if column.needed and not text:
            yield RowFault(column, f"没有填写，请写明{column.hint}")
        elif len(text) > column.most:
            yield RowFault(column, f"有 {len(text)} 个字，超过 {column.most} 个，请精简")
        elif any(_is_unfit(char) for char in text):
            yield RowFault(column, "含有看不见的控制字符，请删去后重新输入")
        elif text != clean(text):
            yield RowFault(column, "首尾有空白或者用了不规范的换行，请删去后重新输入")
        elif column.field == "keep" and text and read_keep(text) is None:
            yield RowFault(column, f"写的是“{text[:20]}”，看不出多长，请写成“2 年”“6 个月”“永久”或者“同案卷”")


def _is_unfit(char: str) -> bool:
    """Control and half characters, what is none in any alphabet, and marks that turn the direction of writing round.

    Characters that are not assigned yet are let in: rare 汉字 are added to Unicode faster than to any program.
    """
    kind = unicodedata.category(char)
    turning = kind == "Cf" and unicodedata.bidirectional(char) != "BN"
    return (kind in ("Cc", "Cs") and char != "\n") or turning or ord(char) & 0xFFFE == 0xFFFE


_DIGITS = {letter: number for number, letter in enumerate("零一二三四五六七八九")} | {"两": 2}
_UNITS = {"年": "年", "个月": "个月", "月": "个月", "日": "日", "天": "日"}
_KEEP = re.compile(
    r"(?P<least>不少于|至少|不低于|保存|保留)?\s*(?P<number>[0-9０-９]{1,4}|[一二两三四五六七八九十]{1,3})\s*(?P<unit>年|个月|月|日|天)"
    r"(?P<above>以上)?(?P<rest>\s*[（(，,；;。\n].*)?",
    re.DOTALL,
)
_OTHER_KEEPS = re.compile(
    r"(?P<word>永久|长期|(?:同|随|与|按照?)案卷(?:一致|相同|保管期限|保存期限|期限)?)(?P<rest>\s*[（(，,；;。\n].*)?",
    re.DOTALL,
)


def read_keep(text: str) -> str | None:
    """Give a term of keeping in one spelling (“2 年”, “不少于 30 年”, “永久”), with its remark; None where it says no term."""
    if other := _OTHER_KEEPS.fullmatch(text):
        word = "同案卷" if "案卷" in other["word"] else other["word"]
        return word + (other["rest"] or "")
    found = _KEEP.fullmatch(text)
    number = _number(found["number"]) if found else 0
    if found is None or number == 0:
        return None
    least = "不少于 " if found["above"] or found["least"] in ("不少于", "至少", "不低于") else ""
    return f"{least}{number} {_UNITS[found['unit']]}{found['rest'] or ''}"


def _number(text: str) -> int:
    """Read 30, 三十, 十五, 二十五; 0 for what is no such number."""
    if text.isdecimal():
        return int(text)
    tens, ten, ones = text.rpartition("十")
    if (tens and tens not in _DIGITS) or (ones and ones not in _DIGITS):
        return 0
    return (_DIGITS.get(tens, 1) * 10 if ten else 0) + _DIGITS.get(ones, 0)


def _item(place: int) -> str:
    return f"第 {place + 1} 行"


def list_faults(
    entries: Sequence[ListEntry], called: Callable[[int], str] = _item
) -> Iterator[tuple[int | None, RowFault]]:
    """Find what is wrong with a list as a whole, with the place of the row (from 0) where it is one row's.

    `called` says what people call the row at a place.
    """
    if not entries:
        yield None, RowFault(None, "清单里一行也没有，请至少写一行")
    if len(entries) > MOST_ROWS:
        yield None, RowFault(None, f"清单有 {len(entries)} 行，超过 {MOST_ROWS} 行，请按科室或者执法类别合并事项")
    letters = sum(len(text) for entry in entries for text in cells_of(entry))
    if letters > MOST_LETTERS:
        yield None, RowFault(None, f"清单共 {letters} 个字，超过 {MOST_LETTERS} 个，请精简“记录内容”")
    seen: dict[tuple[str, ...], int] = {}
    for place, entry in enumerate(entries):
        first = seen.setdefault(cells_of(entry), place)
        if first != place:
            yield place, RowFault(None, f"与{called(first)}完全相同，请删去其中一行")


Change = Literal["added", "removed", "changed", "moved", "same"]


@dataclass(frozen=True, slots=True)
class Difference:
    """What became of a row: `place` in the new list and `was` in the old one (from 0); `fields` are those that changed."""

    change: Change
    place: int | None
    was: int | None
    fields: tuple[str, ...] = ()


def compare(old: Sequence[ListEntry], new: Sequence[ListEntry]) -> tuple[Difference, ...]:
    """Say of every row of the new list where it comes from, in its order, then which old rows are gone.

    A row is the same row when it says the same; else when category, matter and link agree; else when matter and link do.
    """
    pairs = _pairs(old, new)
    steady = _steady([pairs[place] for place in sorted(pairs)])
    found = [_difference(place, pairs.get(place), old, new, steady) for place in range(len(new))]
    kept = set(pairs.values())
    return (*found, *(Difference("removed", None, was) for was in range(len(old)) if was not in kept))


def _pairs(old: Sequence[ListEntry], new: Sequence[ListEntry]) -> dict[int, int]:
    """Find for each new row the old one it was; earlier rows first, and the closest likeness first."""
    pairs: dict[int, int] = {}
    free = set(range(len(old)))
    for likeness in (("category", "matter", "link", "manner", "starts", "content", "ends", "keep"), *_LIKENESSES):
        waiting: dict[tuple[str | None, ...], list[int]] = {}
        for was in sorted(free, reverse=True):
            waiting.setdefault(_key(old[was], likeness), []).append(was)
        for place, entry in enumerate(new):
            if place not in pairs and (found := waiting.get(_key(entry, likeness))):
                pairs[place] = found.pop()
                free.discard(pairs[place])
    return pairs


_LIKENESSES = (("category", "matter", "link"), ("matter", "link"))


def _key(entry: ListEntry, fields: tuple[str, ...]) -> tuple[str | None, ...]:
    return tuple(getattr(entry, field) for field in fields)


def _steady(order: Sequence[int]) -> frozenset[int]:
    """Give the old places that kept their order: a longest rising run, so that moving one row counts as one move."""
    ends: list[int] = []  # of the runs of each length, the one that ends lowest
    before: dict[int, int | None] = {}
    for was in order:
        length = bisect_left(ends, was)
        before[was] = ends[length - 1] if length else None
        ends[length : length + 1] = [was]
    run: set[int] = set()
    last = ends[-1] if ends else None
    while last is not None:
        run.add(last)
        last = before[last]
    return frozenset(run)


def _difference(
    place: int, was: int | None, old: Sequence[ListEntry], new: Sequence[ListEntry], steady: frozenset[int]
) -> Difference:
    if was is None:
        return Difference("added", place, None)
    fields = tuple(
        column.field for column in COLUMNS if getattr(old[was], column.field) != getattr(new[place], column.field)
    )
    change: Change = "changed" if fields else "same" if was in steady else "moved"
    return Difference(change, place, was, fields)


def counts(differences: Iterable[Difference]) -> Mapping[str, int]:
    """Count the differences by their kind."""
    return Counter(item.change for item in differences)


def next_version(taken: Iterable[str], year: int) -> str:
    """Give the number of the next version of a year: 2026 年第 2 版; a number is never given twice."""
    known = set(taken)
    number = 1 + sum(version.startswith(f"{year} 年第 ") for version in known)
    while f"{year} 年第 {number} 版" in known:
        number += 1
    return f"{year} 年第 {number} 版"
