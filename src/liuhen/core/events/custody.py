"""Events of a recording after its bytes are safe: what came with it, what it shows, what was taken from it, who had it."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from liuhen.core.events.parts import FileRef, Span


@dataclass(frozen=True, slots=True)
class RecordingJoined:
    """The file is one part of a recording that the device cut into several: `part` counts from 1 within `whole`.

    `said_by`: 设备, 文件名 or 人工.
    """

    whole: str
    part: int
    said_by: str


@dataclass(frozen=True, slots=True)
class RecordingAccompanied:
    """What the device or the officer delivered beside the recording: 轨迹, 说明, 字幕, 密钥."""

    kind: str
    file: FileRef
    note: str | None = None


@dataclass(frozen=True, slots=True)
class RecordingExamined:
    """What a program found in sound and picture: 静音, 黑屏, 静止, 断流, 人声. `tool` names it with its version."""

    tool: str
    length_ms: int | None = None
    spans: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class RecordingExtracted:
    """A still or a clip was taken out of the recording; the parent is named by its digest, the place by its seconds.

    `exact`: false where the clip had to begin at an earlier key frame than was asked for.
    """

    item: str
    kind: str
    file: FileRef
    parent_sha256: str
    from_second: Decimal
    purpose: str
    to_second: Decimal | None = None
    maker: str | None = None
    exact: bool = True


@dataclass(frozen=True, slots=True)
class RecordingTimed:
    """校正时间: a person set down when it was really filmed, where the device's clock said nothing or was wrong."""

    started_at: datetime
    ended_at: datetime
    basis: str


@dataclass(frozen=True, slots=True)
class RecordingConsulted:
    """A recording that no case has yet was played, downloaded or copied: by whom is in the header, on what approval here."""

    manner: str
    purpose: str | None = None
    approval: str | None = None


@dataclass(frozen=True, slots=True)
class RecordingTransferred:
    """移交: a copy on a carrier was handed to another person or office."""

    to: str
    carrier: str
    purpose: str
    approval: str


@dataclass(frozen=True, slots=True)
class RecordingHeld:
    """暂缓处置: whatever its term says, it is not to be disposed of while `ground` (复议, 诉讼, 信访 …) lasts."""

    hold: str
    ground: str


@dataclass(frozen=True, slots=True)
class RecordingReleased:
    """A hold is over."""

    hold: str
    reason: str
