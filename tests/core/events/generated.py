"""Random but valid events of every type, made from the types themselves, with ids from small pools so that they meet."""

import dataclasses
import types
import typing
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, Literal, get_args, get_origin

from hypothesis import strategies as st

from liuhen.core.events.catalogue import BY_NAME, Event, EventType
from liuhen.core.events.envelope import EVENT_FORMAT, Header
from liuhen.core.kernel.canonical import normal
from liuhen.core.kernel.moments import SHANGHAI

POOLS: dict[str, tuple[str, ...]] = {
    "act": ("x1", "x2", "x3"),
    "document": ("d1", "d2", "d3"),
    "receipt": ("d1", "d2", "d3"),
    "recording": ("r1", "r2", "r3"),
    "decision": ("k1", "k2"),
    "service": ("s1", "s2"),
    "attempt": ("t1", "t2"),
    "interruption": ("i1", "i2"),
    "evidence": ("v1", "v2"),
    "officer": ("o1", "o2", "o3"),
    "kind": (
        "行政处罚",
        "现场检查",
        "询问",
        "听证",
        "查封扣押",
        "冻结",
        "强制执行",
        "行政许可",
        "罚款",
        "留置送达",
        "视听资料",
        "没收非法财物",
        "video",
        "photo",
    ),
    "matter": ("行政处罚决定", "立案", "结案"),
    "step": ("承办", "审核", "批准"),
    "form": (
        "询问笔录",
        "现场检查笔录",
        "听证笔录",
        "送达回证",
        "案件来源登记表",
        "集体讨论记录",
        "催告书",
        "听证通知书",
        "冻结决定书",
    ),
    "role": ("当事人", "执法人员", "送达人", "受送达人", "见证人", "听证参加人"),
    "manner": ("直接", "留置", "邮寄", "公告", "委托"),
    "ground": ("连续执法", "异地执法", "忘记了", "检测", "复议", "专家评审"),
    "term": ("查封扣押", "冻结", "行政许可决定", "缴纳罚款"),
    "pack": ("national", "hebei"),
    "setting": ("seizure-term", "surcharge-base", "penalty-term", "none-such"),
    "value": ("30 日", "7 工作日", "2 个月", "未缴余额", "随便"),
    "request": ("p1", "p2"),
    "recusal": ("u1", "u2"),
    "delegation": ("t1", "t2"),
    "host": ("o1", "o2", "o3"),
    "start": ("依职权", "依申请"),
    "name": ("张敏", "李强", "王伟"),
    "list": ("音像记录事项清单", "执法行为用语指引"),
}
_TOPICS = (
    "陈述",
    "申辩",
    "申请回避",
    "申请听证",
    "现场环境",
    "现场人员",
    "重要物品",
    "直接涉及重大财产权益",
    "涉及国家秘密",
)
_FIRST = datetime(2026, 1, 1, tzinfo=SHANGHAI)
_TEXT = st.text(max_size=6).map(normal).filter(lambda text: not any(0xD800 <= ord(char) <= 0xDFFF for char in text))


def instants(first: datetime = _FIRST, days: int = 200) -> st.SearchStrategy[datetime]:
    """Instants to the second; a few lie where a broken clock puts them."""
    usual = st.integers(0, days * 86400).map(lambda seconds: first + timedelta(seconds=seconds))
    broken = st.sampled_from(
        [datetime(year, 1, 1, tzinfo=SHANGHAI) for year in (1904, 1948, 1970, 2036, 2199, 2200, 9990)]
    )
    return st.one_of(usual, usual, usual, usual, broken)


def contents(kind: type) -> st.SearchStrategy[Any]:
    """Random values of a dataclass."""
    hints = typing.get_type_hints(kind)
    fields = {field.name: _values(field.name, hints[field.name]) for field in dataclasses.fields(kind)}
    return st.builds(kind, **fields)


def _values(name: str, hint: Any) -> st.SearchStrategy[Any]:
    origin, args = get_origin(hint), get_args(hint)
    if origin in (types.UnionType, typing.Union):
        inner = next(arg for arg in args if arg is not type(None))
        return st.one_of(st.none(), _values(name, inner))
    if origin is Literal:
        return st.sampled_from(args)
    if origin is tuple:
        item = st.sampled_from(_TOPICS) if args[0] is str and name != "officers" else _values(name, args[0])
        return st.lists(item, max_size=3).map(tuple)
    if str(origin).endswith("Mapping'>") or origin is Mapping:
        return st.dictionaries(st.sampled_from(_TOPICS), _TEXT, max_size=3)
    if dataclasses.is_dataclass(hint):
        return contents(typing.cast(type, hint))
    return _scalars(name, hint)


def _scalars(name: str, hint: Any) -> st.SearchStrategy[Any]:
    if hint is str:
        pool = POOLS.get("officer" if name == "officers" else name)
        return st.sampled_from(pool) if pool else _TEXT
    made: dict[Any, st.SearchStrategy[Any]] = {
        bool: st.booleans(),
        int: st.integers(0, 5),
        datetime: instants(),
        date: st.dates(date(2025, 1, 1), date(2027, 1, 1)),
        Decimal: st.decimals(0, 100000, places=2),
    }
    return made[hint]


def typed_contents() -> st.SearchStrategy[tuple[EventType, Any]]:
    """A type of the catalogue with a content of it."""
    return st.sampled_from(sorted(BY_NAME)).flatmap(
        lambda name: contents(BY_NAME[name].content).map(lambda content: (BY_NAME[name], content))
    )


@st.composite
def streams(draw: st.DrawFn, most: int = 25) -> list[list[Event]]:
    """Lines of events, one per stream; some contents have been destroyed."""
    lines: dict[str, list[Event]] = {}
    for index, (kind, content) in enumerate(draw(st.lists(typed_contents(), max_size=most))):
        stream = _stream(draw, kind)
        line = lines.setdefault(stream, [])
        header = _header(f"e{index}", stream, len(line) + 1, kind.name, draw(instants()))
        line.append(Event(header, None if draw(st.integers(0, 19)) == 0 else content))
    return list(lines.values())


def _stream(draw: st.DrawFn, kind: EventType) -> str:
    if kind.stream == "recording":
        return f"recording:{draw(st.sampled_from(POOLS['recording']))}"
    return "case:c1" if kind.stream == "case" else "agency:a1"


def _header(event: str, stream: str, seq: int, name: str, at: datetime) -> Header:
    return Header(EVENT_FORMAT, event, "a1", stream, seq, name, at, at, "p1", "0" * 64, "0" * 64)


@st.composite
def interleavings(draw: st.DrawFn, lines: list[list[Event]]) -> list[Event]:
    """One order of all events that keeps the order of each stream."""
    left = [list(line) for line in lines if line]
    merged: list[Event] = []
    while left:
        line = left[draw(st.integers(0, len(left) - 1))]
        merged.append(line.pop(0))
        left = [rest for rest in left if rest]
    return merged
