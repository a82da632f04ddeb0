"""What whoever delivered a file says of it beside its bytes: by which way it came, who filmed it with what, and when.

Invariant: a claim never overrules the bytes in silence; where the two differ, the difference becomes a doubt for a person.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from liuhen.adapters.media.facts import MediaFacts
from liuhen.core.events.recording import RecordingMarked
from liuhen.core.kernel.moments import say_instant
from liuhen.flows.fitting import is_plausible

Way = Literal["命令行", "接口", "网页", "手机", "摄像机系统", "采集站"]
SaidBy = Literal["设备", "文件名", "人工"]

AHEAD = timedelta(minutes=5)  # how far a device's clock may run before ours without being called wrong
_APART = timedelta(minutes=5)
_UNKNOWN = "文件没有可信的拍摄时间，请人工核对后补录"
_AHEAD_OF_US = "文件记载的拍摄时间晚于入库时间，设备时钟有误，请人工核对后补录"
_TOO_EARLY = "记载的拍摄时间早于 2015 年，设备时钟没有校准，请人工核对后补录"


@dataclass(frozen=True, slots=True)
class Claims:
    """`whole` and `part` (from 1) place the file in a recording that the device cut into several; `marks` came with it.

    `started_at` and `ended_at` are what `said_by` states; `original_name` is the sender's name for the file.
    """

    way: Way | None = None
    device: str | None = None
    officer: str | None = None
    started_at: datetime | None = None
    ended_at: datetime | None = None
    said_by: SaidBy = "设备"
    whole: str | None = None
    part: int | None = None
    original_name: str | None = None
    marks: tuple[RecordingMarked, ...] = ()


@dataclass(frozen=True, slots=True)
class Filmed:
    """When it was filmed, as far as that can be believed, and what makes it doubtful."""

    started: datetime | None
    ended: datetime | None
    doubt: str | None = None


def filmed(media: MediaFacts, claims: Claims, received: datetime) -> Filmed:
    """Weigh what the bytes and the deliverer say of the time: the deliverer first, who knows the clock that was set.

    A time before 2015 or after `received` is no time: it is left out and the doubt says why.
    """
    said = claims.started_at or media.created_at
    if said is None:
        return Filmed(None, None, media.clock_doubt or _UNKNOWN)
    if not is_plausible(said):
        return Filmed(None, None, _TOO_EARLY)
    if said > received + AHEAD:
        return Filmed(None, None, _AHEAD_OF_US)
    return Filmed(said, _ended(said, media, claims), _difference(media, claims))


def _ended(started: datetime, media: MediaFacts, claims: Claims) -> datetime:
    if claims.started_at and claims.ended_at and claims.ended_at >= started:
        return claims.ended_at
    return started + (media.duration or timedelta())


def _difference(media: MediaFacts, claims: Claims) -> str | None:
    if claims.started_at is None:
        return media.clock_doubt
    if media.created_at is None or abs(media.created_at - claims.started_at) <= _APART:
        return None
    return (
        f"{claims.said_by}记载的拍摄时间是 {say_instant(claims.started_at)}，"
        f"文件内部写的是 {say_instant(media.created_at)}，两者不一致，请人工核对"
    )
