"""What the ledger refuses, as nouns of the situation; the sentences are read by officers, so they are Chinese."""

from datetime import datetime

from liuhen.core.kernel.errors import LiuhenError
from liuhen.core.kernel.moments import say_instant


class StreamMoved(LiuhenError):
    """Somebody else recorded on the stream after the version this decision was based on."""

    def __init__(self, stream: str, expected: int, found: int) -> None:
        super().__init__(
            f"“{stream}” 在您办理期间已有新的记录(您看到第 {expected} 条，现为第 {found} 条)，"
            "本次操作未保存；请刷新页面，核对后重新提交。"
        )
        self.stream = stream
        self.expected = expected
        self.found = found


class ClockWrong(LiuhenError):
    """The system clock cannot be right: before 2015, or behind what the agency's log already holds."""

    def __init__(self, recorded_at: datetime, last: datetime | None) -> None:
        behind = f"账本中最近一条记录的时间是 {say_instant(last)}，时间不能倒流" if last is not None else None
        why = behind or "该时间早于 2015 年"
        super().__init__(
            f"系统时间为 {say_instant(recorded_at)}，{why}；本次操作未保存，请系统管理员校准服务器时钟后重试。"
        )
        self.recorded_at = recorded_at
        self.last = last


class HappenedLater(LiuhenError):
    """An event claims to have happened after the system learned of it."""

    def __init__(self, event: str, at: datetime, recorded_at: datetime) -> None:
        super().__init__(
            f"记录 {event} 的发生时间 {say_instant(at)} 晚于系统当前时间 {say_instant(recorded_at)}；"
            "尚未发生的事不能记录，请核对填写的时间。"
        )
        self.event = event
        self.at = at
        self.recorded_at = recorded_at


class AlreadyRecorded(LiuhenError):
    """An event of this id stands in the ledger already."""

    def __init__(self, event: str) -> None:
        super().__init__(f"记录 {event} 已在账本中，不会重复保存；如需更正请追加更正记录。")
        self.event = event


class NothingToCorrect(LiuhenError):
    """A correction names an event that does not stand in its stream."""

    def __init__(self, event: str, corrects: str) -> None:
        super().__init__(f"记录 {event} 要更正的记录 {corrects} 不在同一卷宗中；请从原记录处发起更正。")
        self.event = event
        self.corrects = corrects


class ForeignStream(LiuhenError):
    """A stream belongs to another agency than the one that wants to write on it."""

    def __init__(self, stream: str, owner: str, agency: str) -> None:
        super().__init__(f"“{stream}” 属于机关 {owner}，机关 {agency} 不能在其上记录；请由所属机关办理。")
        self.stream = stream
        self.owner = owner
        self.agency = agency
