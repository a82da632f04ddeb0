"""What an officer on site may record directly: which types, and when each fits the case as it stands.

Invariant: a type that is not in the table needs a flow of its own (approval, decision, signature, service …) and is never
taken from a device; nothing that could not be shown or kept gets in.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from liuhen.core.events.case import ActBegun, ActEnded, CertificatesShown, InterruptionExplained, PartyTold
from liuhen.core.events.catalogue import event_type
from liuhen.core.events.envelope import Stream
from liuhen.core.events.recording import RecordingMarked
from liuhen.core.facts.model import Facts
from liuhen.core.kernel.codec import decode
from liuhen.core.kernel.errors import BadInput

_UID = re.compile(r"[0-9a-f]{32}")
_LONGEST_TEXT = 4000
_LONGEST_SECOND = Decimal(10**6)
IMPLAUSIBLE = "时间不可能正确；请校准设备时钟后重新记录"

# (field, sentence) pairs: what is wrong with a content on the case as it stands
Faults = Iterator[tuple[str, str]]
Check = Callable[[Facts, Any, datetime, str], Faults]


def is_plausible(moment: datetime) -> bool:
    """Say whether a device's clock can be right: none here ran before 2015, and 1970 is what an empty battery says."""
    return 2015 <= moment.year < 2200


def read_direct(
    name: str, data: Mapping[str, Any], recording: str | None, case_uid: str, place: str
) -> tuple[Stream, Any]:
    """Read a content that a device sent and give the stream it belongs to. Raises BadInput naming the field."""
    if name not in _CHECKS:
        raise BadInput(f"{place}.type", f"“{name}”不能由现场设备直接记录；可以直接记录的有 {'、'.join(_CHECKS)}")
    kind = event_type(name)
    _require_plain_texts(data, f"{place}.content")
    content: Any = decode(kind.content, data, f"{place}.content")
    if kind.stream == "case":
        if recording is not None:
            raise BadInput(f"{place}.recording", "只有音像标记才写 recording；请删去此项")
        return Stream("case", case_uid), content
    if recording is None:
        raise BadInput(f"{place}.recording", "音像标记应以 recording 写明标记哪一段音像")
    return Stream("recording", recording), content


def require_fitting(facts: Facts, name: str, content: Any, at: datetime, place: str, *, recording: str) -> None:
    """Raise BadInput when a content does not fit the case as it stands; `recording` is the uid of its stream."""
    for field, sentence in _CHECKS[name](facts, content, at, recording):
        raise BadInput(f"{place}.content.{field}" if field else place, sentence)


def _require_plain_texts(data: Any, place: str) -> None:
    """Refuse texts that people cannot read: blank ones, endless ones, and those with control characters."""
    if isinstance(data, str):
        if not data.strip():
            raise BadInput(place, "文字为空；没有内容的项目请不要发送")
        if len(data) > _LONGEST_TEXT:
            raise BadInput(place, f"文字超过 {_LONGEST_TEXT} 个字；请精简后重发")
        if any(unicodedata.category(char) in ("Cc", "Cs") and char not in "\n\t" for char in data):
            raise BadInput(place, "文字含有无法显示的控制字符；请删去后重发")
    elif isinstance(data, Mapping):
        for key, item in data.items():
            _require_plain_texts(item, f"{place}.{key}")
    elif isinstance(data, (list, tuple)):
        for index, item in enumerate(data):
            _require_plain_texts(item, f"{place}[{index}]")


def _begin(facts: Facts, said: ActBegun, at: datetime, recording: str) -> Faults:
    if not _UID.fullmatch(said.act):
        yield "act", "执法活动的编号应为 32 位小写十六进制随机数"
    if said.act in facts.case.acts:
        yield "act", "本案已有这项执法活动；新的活动请换用新编号"
    if not said.officers:
        yield "officers", "没有写明执法人员"
    for index, working in enumerate(said.officers):
        known = facts.agency.officers.get(working.officer)
        if known is None or (known.name, known.certificate) != (working.name, working.certificate):
            yield f"officers[{index}]", "与本机关名册上的姓名或者执法证号不一致；请更新设备上的人员名册后重发"


def _show(facts: Facts, said: CertificatesShown, at: datetime, recording: str) -> Faults:
    yield from _running(facts, said.act, at)
    if not said.officers:
        yield "officers", "没有写明出示证件的执法人员"
    working = {officer.officer for officer in facts.case.acts[said.act].officers}
    if set(said.officers) - working:
        yield "officers", "出示证件的人员没有参加这项执法活动；请核对"


def _tell(facts: Facts, said: PartyTold, at: datetime, recording: str) -> Faults:
    if not said.topics:
        yield "topics", "没有写明告知事项"
    if said.act is not None:
        yield from _begun(facts, said.act, at)
    yield from _document(facts, said.document)


def _end(facts: Facts, said: ActEnded, at: datetime, recording: str) -> Faults:
    yield from _running(facts, said.act, at)


def _explain(facts: Facts, said: InterruptionExplained, at: datetime, recording: str) -> Faults:
    yield from _begun(facts, said.act, at)
    if not _UID.fullmatch(said.interruption):
        yield "interruption", "中断的编号应为 32 位小写十六进制随机数"
    if said.interruption in facts.case.interruptions:
        yield "interruption", "本案已有这次中断的说明；新的中断请换用新编号"
    for field, moment in (("stopped_at", said.stopped_at), ("resumed_at", said.resumed_at)):
        if moment is not None and not is_plausible(moment):
            yield field, IMPLAUSIBLE
    if said.resumed_at is not None and said.resumed_at < said.stopped_at:
        yield "resumed_at", "恢复时间早于中断时间；请核对"
    if said.recording is not None and said.recording not in facts.recordings:
        yield "recording", "这段音像没有关联本案；请先关联"
    if said.second is not None:
        yield from _second(said.second)
    yield from _document(facts, said.document)


def _mark(facts: Facts, said: RecordingMarked, at: datetime, recording: str) -> Faults:
    known = facts.recordings.get(recording)
    if known is None:
        yield "", "这段音像没有关联本案；请先关联后再标记"
        return
    yield from _second(said.second)
    length = known.media.duration_ms if known.media else None
    if length is not None and said.second * 1000 > length:
        yield "second", "标记的时刻超出了音像的长度；请核对"


def _begun(facts: Facts, act: str, at: datetime) -> Faults:
    known = facts.case.acts.get(act)
    if known is None:
        yield "act", "本案没有这项执法活动；请先记录活动开始"
    elif known.begun is not None and at < known.begun:
        yield "act", "发生时间早于这项执法活动开始的时间；请核对设备时钟"


def _running(facts: Facts, act: str, at: datetime) -> Faults:
    yield from _begun(facts, act, at)
    if facts.case.acts[act].ended is not None:
        yield "act", "这项执法活动已经结束，不能再继续记录"


def _document(facts: Facts, document: str | None) -> Faults:
    if document is not None and document not in facts.case.documents:
        yield "document", "本案没有这份文书；请核对"


def _second(second: Decimal) -> Faults:
    exponent = second.as_tuple().exponent
    # The exponent first: 1E+999999999 is a short text and an endless number.
    if not isinstance(exponent, int) or not -3 <= exponent <= 6 or not 0 <= second <= _LONGEST_SECOND:
        yield "second", "应为从音像开头起的秒数，最多三位小数，如“83.5”"


_CHECKS: dict[str, Check] = {
    "case.act-begun": _begin,
    "case.certificates-shown": _show,
    "case.party-told": _tell,
    "case.act-ended": _end,
    "case.interruption-explained": _explain,
    "recording.marked": _mark,
}
DIRECT_TYPES = tuple(_CHECKS)
