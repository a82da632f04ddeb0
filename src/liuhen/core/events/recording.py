"""Events of a recording: it exists before anybody knows its case."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from liuhen.core.events.parts import FileRef, MediaSummary


@dataclass(frozen=True, slots=True)
class RecordingStored:
    """The bytes are safely in the agency's store. The event's `at` is the moment of storage.

    `started_at` and `ended_at` bound what was filmed, by the device's clock; `clock_doubt` says why it may be wrong.
    `way` says how it came in: 命令行, 接口, 网页, 手机, 摄像机系统 or 采集站.
    """

    file: FileRef
    media: MediaSummary
    started_at: datetime | None = None
    ended_at: datetime | None = None
    officer: str | None = None
    device: str | None = None
    original_name: str | None = None
    clock_doubt: str | None = None
    way: str | None = None


@dataclass(frozen=True, slots=True)
class RecordingLabelled:
    """Labels put on at storage: 案号, 当事人, 承办人."""

    case_number: str | None = None
    party: str | None = None
    handler: str | None = None


@dataclass(frozen=True, slots=True)
class RecordingMarked:
    """A moment of the recording: an item of the announcement, key content, or a bookmark. `second` counts from its start."""

    second: Decimal
    topic: str
    note: str | None = None


@dataclass(frozen=True, slots=True)
class StorageExplained:
    """Why storing had to wait: the ground (连续执法, 异地执法 …) and the return to the agency's office."""

    ground: str
    returned_at: datetime


@dataclass(frozen=True, slots=True)
class RecordingKept:
    """延长或者永久保存: a situation makes this recording be kept longer than its kind; the longest term wins.

    `period`: 永久, 长期 or a length such as 十年 or 10 年. `situations` name what the clause attaches it to.
    """

    period: str
    situations: tuple[str, ...]
    ground: str


@dataclass(frozen=True, slots=True)
class RecordingPlaced:
    """音像入卷: where a case's copy of the recording lies. `carrier`: 光盘, U盘, 硬盘, or 存储位置 for a written location."""

    carrier: str
    place: str
    maker: str | None = None
    making_method: str | None = None
    made_at: datetime | None = None
    proves: str | None = None
    transcript: str | None = None


@dataclass(frozen=True, slots=True)
class RecordingClassified:
    """国家秘密, 商业秘密, 个人隐私: who may even know that it exists."""

    classification: str
    basis: str | None = None
