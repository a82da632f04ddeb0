"""The facts of a case, of its recordings and of its agency, as the fold leaves them.

Every fact carries the ids of the events it rests on, so that a verdict can name its evidence. `None` means that no event
has said so yet, which a rule must report as undetermined or unmet, never as met.
"""

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from liuhen.core.events.agency import ArrivalQuarantined
from liuhen.core.events.case import ApprovalGiven
from liuhen.core.events.parts import (
    Edition,
    Evidence,
    FileRef,
    ListEntry,
    MediaSummary,
    Participant,
    Party,
    SignerPlace,
    Source,
    WorkingOfficer,
)


@dataclass(slots=True)
class Fact:
    """What all facts share: the events they rest on."""

    evidence: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Approval(Fact):
    """One step of an approval and the moment it was given."""

    step: ApprovalGiven | None = None
    at: datetime | None = None


@dataclass(slots=True)
class Act(Fact):
    """An act towards the party, with the recordings linked to it."""

    uid: str = ""
    kind: str = ""
    place: str = ""
    traits: tuple[str, ...] = ()
    officers: tuple[WorkingOfficer, ...] = ()
    party_present: bool | None = None
    begun: datetime | None = None
    ended: datetime | None = None
    certificates_shown_by: frozenset[str] = frozenset()
    outcome: str | None = None
    recordings: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Signature:
    """A hand signature as recorded."""

    role: str
    name: str
    officer: str | None
    file_sha256: str
    image_sha256: str
    at: datetime
    event: str


@dataclass(slots=True)
class Document(Fact):
    """A document with everything that happened to it."""

    uid: str = ""
    form: str = ""
    title: str = ""
    facing: str = ""
    number: str | None = None
    act: str | None = None
    pages: int = 0
    corrections: int = 0
    fields: dict[str, str] = field(default_factory=dict)
    file: FileRef | None = None
    finished_file: FileRef | None = None
    sealed_file: FileRef | None = None
    made: datetime | None = None
    made_on: date | None = None
    sealed: datetime | None = None
    code: str | None = None
    signers: tuple[SignerPlace, ...] = ()
    signatures: list[Signature] = field(default_factory=list)
    refusals: list[tuple[str, str, str]] = field(default_factory=list)
    marks: set[str] = field(default_factory=set)


@dataclass(slots=True)
class Told(Fact):
    """Someone was told something."""

    topics: tuple[str, ...] = ()
    told: str = ""
    manner: str = ""
    act: str | None = None
    response: str | None = None
    at: datetime | None = None


@dataclass(slots=True)
class Interruption(Fact):
    """A break in filming and its explanation."""

    uid: str = ""
    act: str = ""
    recording: str | None = None
    cause: str = ""
    manner: str = ""
    document: str | None = None
    second: Decimal | None = None
    stopped: datetime | None = None
    resumed: datetime | None = None
    explained: datetime | None = None


@dataclass(slots=True)
class Service(Fact):
    """A document served."""

    uid: str = ""
    document: str = ""
    manner: str = ""
    recipient: str = ""
    place: str = ""
    receipt: str | None = None
    server: str | None = None
    witness: str | None = None
    reason: str | None = None
    act: str | None = None
    served: datetime | None = None


@dataclass(slots=True)
class Decision(Fact):
    """A decision and its performance."""

    uid: str = ""
    kind: str = ""
    summary: str = ""
    document: str = ""
    amount: Decimal | None = None
    made: datetime | None = None
    performed: datetime | None = None


@dataclass(slots=True)
class Remark(Fact):
    """Something said or concluded at a moment, with the document that holds it."""

    text: str = ""
    document: str | None = None
    name: str | None = None
    passed: bool | None = None
    at: datetime | None = None
    participants: tuple[Participant, ...] = ()


@dataclass(slots=True)
class EvidenceItem(Fact):
    """An item of evidence."""

    item: Evidence | None = None
    at: datetime | None = None


@dataclass(slots=True)
class Mark:
    """A moment marked in a recording."""

    second: Decimal
    topic: str
    note: str | None
    event: str


@dataclass(slots=True)
class Recording(Fact):
    """A recording: bytes, what was filmed when, when it was stored, and what was marked in it.

    `linking` holds the events of the case that linked it: apart from `evidence`, which its own stream fills, so that the
    order in which the two streams are read changes nothing.
    """

    uid: str = ""
    file: FileRef | None = None
    media: MediaSummary | None = None
    started: datetime | None = None
    ended: datetime | None = None
    stored: datetime | None = None
    returned: datetime | None = None
    storage_ground: str | None = None
    officer: str | None = None
    device: str | None = None
    original_name: str | None = None
    clock_doubt: str | None = None
    classification: str | None = None
    labels: dict[str, str] = field(default_factory=dict)
    marks: list[Mark] = field(default_factory=list)
    act: str | None = None
    linking: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Officer(Fact):
    """A person on the agency's roll."""

    uid: str = ""
    name: str = ""
    title: str = ""
    certificate: str | None = None
    valid_from: date | None = None
    valid_until: date | None = None


@dataclass(slots=True)
class Publication(Fact):
    """A list or guide that the agency published."""

    version: str = ""
    at: datetime | None = None
    entries: tuple[ListEntry, ...] = ()


@dataclass(slots=True)
class Retention(Fact):
    """How long a kind of recording is kept, as the agency set it."""

    period: str = ""
    way: str = ""


@dataclass(slots=True)
class AgencyFacts(Fact):
    """An agency as it stands after its events."""

    uid: str = ""
    name: str = ""
    short_name: str = ""
    number_prefix: str = ""
    region: str = ""
    packs: tuple[str, ...] = ()
    officers: dict[str, Officer] = field(default_factory=dict)
    devices: dict[str, str] = field(default_factory=dict)
    custodian: str | None = None
    custodian_evidence: list[str] = field(default_factory=list)
    lists: dict[str, Publication] = field(default_factory=dict)
    retentions: dict[str, Retention] = field(default_factory=dict)
    calendar: str | None = None
    quarantined: list[ArrivalQuarantined] = field(default_factory=list)


@dataclass(slots=True)
class CaseFacts(Fact):
    """A case after its events; `version` is the number of events of its own stream that were folded."""

    uid: str = ""
    version: int = 0
    register_number: str = ""
    number: str | None = None
    kind: str = ""
    matter: str = ""
    traits: tuple[str, ...] = ()
    source: Source | None = None
    party: Party | None = None
    packs: tuple[Edition, ...] = ()
    registered: datetime | None = None
    filed: datetime | None = None
    concluded: datetime | None = None
    archived: datetime | None = None
    archive_number: str | None = None
    retention: str | None = None
    approvals: dict[str, list[Approval]] = field(default_factory=dict)
    acts: dict[str, Act] = field(default_factory=dict)
    documents: dict[str, Document] = field(default_factory=dict)
    told: list[Told] = field(default_factory=list)
    interruptions: dict[str, Interruption] = field(default_factory=dict)
    statements: list[Remark] = field(default_factory=list)
    statement_reviews: list[Remark] = field(default_factory=list)
    legal_reviews: list[Remark] = field(default_factory=list)
    discussions: list[Remark] = field(default_factory=list)
    decisions: dict[str, Decision] = field(default_factory=dict)
    services: dict[str, Service] = field(default_factory=dict)
    items_of_evidence: dict[str, EvidenceItem] = field(default_factory=dict)
    consultations: int = 0
    packages: list[str] = field(default_factory=list)

    @property
    def stage(self) -> str:
        """The stage in the words of the regulations: 启动, 调查取证, 审查决定, 送达执行, 结案, 归档."""
        if self.archived:
            return "归档"
        if self.concluded:
            return "结案"
        if self.decisions:
            return "送达执行"
        if self.legal_reviews or self.discussions:
            return "审查决定"
        return "调查取证" if self.filed else "启动"


@dataclass(slots=True)
class Facts:
    """A judgement's whole ground: the case, the recordings linked to it, and the agency; and what could not be folded."""

    case: CaseFacts = field(default_factory=CaseFacts)
    recordings: dict[str, Recording] = field(default_factory=dict)
    agency: AgencyFacts = field(default_factory=AgencyFacts)
    oddities: list[str] = field(default_factory=list)
    versions: dict[str, int] = field(default_factory=dict)
