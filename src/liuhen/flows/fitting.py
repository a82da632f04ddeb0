"""What a recorded event is held against: the case as it stands, who records, when it happened, and what that person may know.

Invariant: a recording that the person may not know of is answered like one that is not linked to the case.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from liuhen.core.facts.model import Facts, Recording
from liuhen.flows.occasion import Actor

_RANDOM_ID = re.compile(r"[0-9a-f]{32}")
_LONGEST_SECOND = Decimal(10**6)
_MOST_YUAN = Decimal(10**12)
_FEN = Decimal("0.01")
IMPLAUSIBLE = "时间不可能正确；请校准设备时钟后重新记录"


@dataclass(frozen=True, slots=True)
class Setting:
    """`recording` is the uid of a recording's stream; `recorders` gives who recorded an event, by the event's id."""

    facts: Facts
    at: datetime
    actor: Actor
    recording: str
    unseen: frozenset[str]
    recorders: Mapping[str, str]

    def linked(self, uid: str) -> Recording | None:
        """Give a recording of the case, None where there is none that the person may know of."""
        return None if uid in self.unseen else self.facts.recordings.get(uid)


# (field, sentence) pairs: what is wrong with a content on the case as it stands
Faults = Iterator[tuple[str, str]]
Check = Callable[[Setting, Any], Faults]


def is_plausible(moment: datetime) -> bool:
    """Say whether a device's clock can be right: none here ran before 2015, and 1970 is what an empty battery says."""
    return 2015 <= moment.year < 2200


def fresh_id(field: str, text: str, known: bool, what: str) -> Faults:
    """An id that the sender made: random, and not given out before."""
    if not _RANDOM_ID.fullmatch(text):
        yield field, f"{what}的编号应为 32 位小写十六进制随机数"
    if known:
        yield field, f"已有这个编号的{what}；新的{what}请换用新编号"


def some(field: str, said: tuple[str, ...], what: str) -> Faults:
    """A list that says something, and nothing twice."""
    if not said:
        yield field, f"没有写明{what}"
    if len(set(said)) < len(said):
        yield field, f"{what}有重复；请删去重复的"


def one_of(field: str, said: str, known: tuple[str, ...], what: str) -> Faults:
    """A word of a closed list."""
    if said not in known:
        yield field, f"{what}应为{'、'.join(known)}之一"


def yuan(amount: Decimal | None, field: str = "amount") -> Faults:
    """An amount of money, where one is given: more than nothing, and in whole fen."""
    if amount is None:
        return
    if not amount.is_finite() or not 0 < amount < _MOST_YUAN:
        yield field, "金额应为大于 0 的元数，如“12000.50”"
    elif amount != amount.quantize(_FEN):
        yield field, "金额最多写到分"


def begun_act(setting: Setting, act: str | None) -> Faults:
    """An act, where one is named, that had begun by then."""
    if act is None:
        return
    known = setting.facts.case.acts.get(act)
    if known is None:
        yield "act", "本案没有这项执法活动；请先记录活动开始"
    elif known.begun is not None and setting.at < known.begun:
        yield "act", "发生时间早于这项执法活动开始的时间；请核对设备时钟"


def running_act(setting: Setting, act: str) -> Faults:
    """An act that goes on."""
    yield from begun_act(setting, act)
    if setting.facts.case.acts[act].ended is not None:
        yield "act", "这项执法活动已经结束，不能再继续记录"


def known_document(setting: Setting, document: str | None) -> Faults:
    """A document, where one is named, of this case."""
    if document is not None and document not in setting.facts.case.documents:
        yield "document", "本案没有这份文书；请核对"


def known_recording(setting: Setting, recording: str | None) -> Faults:
    """A recording, where one is named, that is linked to this case."""
    if recording is not None and setting.linked(recording) is None:
        yield "recording", "这段音像没有关联本案；请先关联"


def not_before(setting: Setting, earlier: datetime | None, what: str) -> Faults:
    """The event's own time must not lie before what it answers to."""
    if earlier is not None and setting.at < earlier:
        yield "", f"发生时间早于{what}的时间；请核对"


def plausible(field: str, moment: datetime | None) -> Faults:
    """A time, where one is given, that a clock can have shown."""
    if moment is not None and not is_plausible(moment):
        yield field, IMPLAUSIBLE


def plausible_second(second: Decimal) -> Faults:
    """A second of a recording."""
    exponent = second.as_tuple().exponent
    # The exponent first: 1E+999999999 is a short text and an endless number.
    if not isinstance(exponent, int) or not -3 <= exponent <= 6 or not 0 <= second <= _LONGEST_SECOND:
        yield "second", "应为从音像开头起的秒数，最多三位小数，如“83.5”"
