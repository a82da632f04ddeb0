"""What programs send and get: the stable shapes of version 1, made from facts, readings and rows.

Invariant: a key keeps its name and meaning for as long as /api/v1/ is served; new keys may be added.
"""

from datetime import datetime
from typing import Annotated, Any

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

UID = r"^[0-9A-Za-z_-]{1,64}$"
RANDOM_ID = r"^[0-9a-f]{32}$"
Uid = Annotated[str, Field(pattern=UID)]
RandomId = Annotated[str, Field(pattern=RANDOM_ID, description="128 位随机数，32 位小写十六进制，由发送方生成")]


class Shape(BaseModel):
    """What all shapes share: they can be read off the attributes of a card."""

    model_config = ConfigDict(from_attributes=True)


class Me(Shape):
    """Who acts."""

    actor: str
    name: str
    agency: str
    roles: list[str]


class CaseLine(Shape):
    """A case as lists show it."""

    uid: str
    number: str
    register_number: str
    kind: str
    matter: str
    party: str
    stage: str
    registered_at: datetime
    unmet: int
    pending: int
    undetermined: int
    next_due: datetime | None
    next_step: str


class CaseList(Shape):
    """A page of cases; `total` counts to 1000 and `capped` says that there are more."""

    cases: list[CaseLine]
    total: int
    capped: bool
    next: str | None
    previous: str | None


class ActCard(Shape):
    """An act of a case."""

    uid: str
    kind: str
    place: str
    officers: list[str]
    traits: list[str]
    begun_at: datetime | None
    ended_at: datetime | None
    recordings: list[str]


class DocumentCard(Shape):
    """A document of a case, by its newest file."""

    uid: str
    form: str
    title: str
    number: str | None
    act: str | None
    made_at: datetime | None
    sealed_at: datetime | None
    sha256: str | None
    sm3: str | None


class Counts(Shape):
    """How many of each: verdicts by their answer, and what the case holds."""

    met: int
    unmet: int
    pending: int
    undetermined: int
    not_applicable: int
    events: int
    acts: int
    documents: int
    recordings: int


class SealCard(Shape):
    """How far the log is sealed: the place of the case's newest event, and what the checkpoint covers."""

    origin: str
    leaf: int
    size: int
    sealed_at: datetime | None
    cosigned: int
    stamped: bool


class CaseCard(Shape):
    """The facts of a case; `version` is what `after` of a batch refers to."""

    uid: str
    number: str | None
    register_number: str
    kind: str
    matter: str
    party: str | None
    stage: str
    version: int
    registered_at: datetime | None
    filed_at: datetime | None
    concluded_at: datetime | None
    archived_at: datetime | None
    packs: list[str]
    acts: list[ActCard]
    documents: list[DocumentCard]
    recordings: list[str]
    counts: Counts
    sealing: SealCard | None


class VerdictList(Shape):
    """The judgement of a case at an instant; a verdict has the shape of `liuhen assess --json`."""

    at: datetime
    verdicts: list[dict[str, Any]]


class EventCard(Shape):
    """An event: its header, and its content, null once it was lawfully destroyed."""

    header: dict[str, Any]
    content: dict[str, Any] | None


class EventList(Shape):
    """A page of a case's events; `next` is the `after` of the page that follows."""

    events: list[EventCard]
    version: int
    next: int | None


class EventIn(Shape):
    """An event as a device on site sends it."""

    model_config = ConfigDict(extra="forbid")

    id: RandomId
    type: str = Field(max_length=64)
    at: AwareDatetime = Field(description="发生时间，写明时区")
    content: dict[str, Any]
    recording: Uid | None = Field(None, description="音像标记所在的音像")


class BatchIn(Shape):
    """A batch of events in the order they happened."""

    model_config = ConfigDict(extra="forbid")

    events: list[EventIn] = Field(min_length=1, max_length=256)
    after: int | None = Field(None, ge=0, le=2**31 - 1, description="设备所知的案件版本；不在意他人记录的不写")


class AgencyEventIn(Shape):
    """An entry in the agency's registers."""

    model_config = ConfigDict(extra="forbid")

    id: RandomId
    type: str = Field(max_length=64)
    at: AwareDatetime = Field(description="发生时间，写明时区")
    content: dict[str, Any]


class AgencyBatchIn(Shape):
    """A batch of entries in the order they happened."""

    model_config = ConfigDict(extra="forbid")

    events: list[AgencyEventIn] = Field(min_length=1, max_length=256)
    after: int | None = Field(None, ge=0, le=2**31 - 1, description="所知的台账版本；不在意他人记录的不写")


class StandingEvent(Shape):
    """An event as it stands; `status` is recorded or known (an earlier call had recorded it)."""

    id: str
    stream: str
    seq: int
    type: str
    at: datetime
    recorded_at: datetime
    status: str


class BatchOut(Shape):
    """The batch as it stands, in the order it was sent."""

    case: str
    version: int
    events: list[StandingEvent]


class AgencyBatchOut(Shape):
    """The entries as they stand, in the order they were sent."""

    agency: str
    version: int
    events: list[StandingEvent]


class IngestRow(Shape):
    """What became of a file; the row of `liuhen ingest --json`."""

    path: str
    recording: str | None
    sha256: str
    sm3: str
    status: str
    reason: str | None


class RecordingCard(Shape):
    """A recording: what was filmed when, what the file is, and to which act it belongs."""

    uid: str
    name: str
    kind: str
    media_type: str
    size: int
    sha256: str
    sm3: str
    started_at: datetime | None
    ended_at: datetime | None
    stored_at: datetime | None
    duration_ms: int | None
    officer: str | None
    device: str | None
    clock_doubt: str | None
    case: str | None
    act: str | None
