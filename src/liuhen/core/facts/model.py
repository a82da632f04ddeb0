"""The facts of a case, of its recordings and of its agency, as the fold leaves them.

Every fact carries the ids of the events it rests on, so that a verdict can name its evidence. `None` means that no event
has said so yet, which a rule must report as undetermined or unmet, never as met.
"""

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from liuhen.core.approvals.recusal import Recusal
from liuhen.core.approvals.round import Round
from liuhen.core.events.case import ApprovalGiven
from liuhen.core.events.custody import (
    RecordingAccompanied,
    RecordingExamined,
    RecordingExtracted,
    RecordingTransferred,
)
from liuhen.core.events.measures import SurchargeDemanded, TermExtended, TimeExcluded
from liuhen.core.events.parts import (
    Edition,
    Evidence,
    FileRef,
    MediaSummary,
    Participant,
    Party,
    SignerPlace,
    Source,
    TextChange,
    WorkingOfficer,
)
from liuhen.core.events.recording import RecordingPlaced
from liuhen.core.facts.agency_model import AgencyFacts
from liuhen.core.facts.fact import Fact
from liuhen.core.facts.recomputed import Recomputed
from liuhen.core.facts.service_model import Attempt as Attempt
from liuhen.core.facts.service_model import Service as Service


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
    told: frozenset[str] = frozenset()
    outcome: str | None = None
    recordings: list[str] = field(default_factory=list)
    host: str | None = None
    measure_outcome: str | None = None
    measure_ended: datetime | None = None


@dataclass(slots=True)
class Signature:
    """A hand signature, or the fingerprint that stands for one, as recorded; `print_sha256` is of one pressed over a signature."""

    role: str
    name: str
    officer: str | None
    file_sha256: str
    image_sha256: str
    at: datetime
    event: str
    manner: str = "签名"
    print_sha256: str = ""


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
    maker: str = ""
    made_on: date | None = None
    sealed: datetime | None = None
    seal_recorded: datetime | None = None
    seal_signature: FileRef | None = None
    code: str | None = None
    template: str | None = None
    posted: datetime | None = None
    posted_because: str | None = None
    posted_on: str | None = None
    posted_proof: str | None = None
    signers: tuple[SignerPlace, ...] = ()
    signatures: list[Signature] = field(default_factory=list)
    refusals: list[tuple[str, str, str]] = field(default_factory=list)
    marks: set[str] = field(default_factory=set)
    changed: tuple[TextChange, ...] = ()
    marked_changes: dict[int, str] = field(default_factory=dict)
    voided: datetime | None = None
    voided_because: str | None = None
    voided_by: str | None = None

    def signed_at(self, role: str, name: str) -> Signature | None:
        """Give the signature at a place, None where nobody has signed there."""
        return next((one for one in self.signatures if (one.role, one.name) == (role, name)), None)


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
    reported: datetime | None = None


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
    correct_by: datetime | None = None
    verified: datetime | None = None
    correction: str | None = None
    payments: list[tuple[datetime, Decimal]] = field(default_factory=list)
    surcharges: list[SurchargeDemanded] = field(default_factory=list)
    redress_expired: datetime | None = None
    court_applied: datetime | None = None
    court: str | None = None


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
class Keeping:
    """A longer term that a situation gave a recording."""

    period: str
    situations: tuple[str, ...]
    ground: str


@dataclass(slots=True)
class Recording(Fact):
    """A recording: bytes, what was filmed when, when it was stored, and what was marked in it.

    `linking` holds the events of the case that linked it: apart from `evidence`, which its own stream fills, so that the
    order in which the two streams are read changes nothing. `unlinked` says why a case that had linked it took it out again;
    `whole` and `part` place it in a recording that the device cut into several files; `holds` gives the ground by the hold.
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
    labelled: datetime | None = None
    keepings: list[Keeping] = field(default_factory=list)
    placings: list[RecordingPlaced] = field(default_factory=list)
    placed: datetime | None = None
    act: str | None = None
    linking: list[str] = field(default_factory=list)
    unlinked: str | None = None
    way: str | None = None
    whole: str | None = None
    part: int | None = None
    timed_by: str | None = None
    companions: list[RecordingAccompanied] = field(default_factory=list)
    examined: RecordingExamined | None = None
    extracts: list[RecordingExtracted] = field(default_factory=list)
    transfers: list[RecordingTransferred] = field(default_factory=list)
    holds: dict[str, str] = field(default_factory=dict)
    consultations: int = 0


@dataclass(slots=True)
class Objection(Fact):
    """An objection to an act or to the execution, and what became of it."""

    uid: str = ""
    against: str = ""
    person: str = ""
    summary: str = ""
    act: str | None = None
    document: str | None = None
    outcome: str | None = None
    raised: datetime | None = None
    handled: datetime | None = None


@dataclass(slots=True)
class Access(Fact):
    """A request to see, copy or be given records of the case: asked, decided, given, each only where it happened."""

    uid: str = ""
    purpose: str = ""
    applicant: str = ""
    standing: str = ""
    what: str = ""
    granted: bool | None = None
    step: str | None = None
    basis: str | None = None
    reason: str | None = None
    manner: str | None = None
    requested: datetime | None = None
    decided: datetime | None = None
    given: datetime | None = None


@dataclass(slots=True)
class Extension(Fact):
    """A term that was extended, and when that was decided."""

    said: TermExtended | None = None
    decided: datetime | None = None


@dataclass(slots=True)
class Excluded(Fact):
    """An interval that stops the clock of some terms."""

    said: TimeExcluded | None = None


@dataclass(slots=True)
class Choice(Fact):
    """How an act, or every act of a kind, is to be recorded."""

    manners: tuple[str, ...] = ()
    act: str | None = None
    act_kind: str | None = None


@dataclass(slots=True)
class CaseFacts(Fact):
    """A case after its events; `version` is the number of events of its own stream that were folded.

    `voided_documents` count no more and stand nowhere else.
    `documents_of_acts` and `told_in_acts` are the same facts by the act's uid: a large case is asked for them act by act.
    """

    uid: str = ""
    version: int = 0
    register_number: str = ""
    number: str | None = None
    kind: str = ""
    matter: str = ""
    traits: tuple[str, ...] = ()
    traits_of_all: tuple[str, ...] = ()
    traits_of_recordings: dict[str, tuple[str, ...]] = field(default_factory=dict)
    source: Source | None = None
    party: Party | None = None
    packs: tuple[Edition, ...] = ()
    registered: datetime | None = None
    filed: datetime | None = None
    concluded: datetime | None = None
    archived: datetime | None = None
    archive_number: str | None = None
    handed_over_by: str | None = None
    retention: str | None = None
    unit: str | None = None
    entrusted_by: str | None = None
    declined: Remark | None = None
    urgent_start: datetime | None = None
    urgent_reported: datetime | None = None
    waivers: list[Remark] = field(default_factory=list)
    waived_rights: set[str] = field(default_factory=set)
    transfers: list[Remark] = field(default_factory=list)
    choices: list[Choice] = field(default_factory=list)
    extensions: list[Extension] = field(default_factory=list)
    excluded: list[Excluded] = field(default_factory=list)
    hearing_requests: list[Remark] = field(default_factory=list)
    objections: dict[str, Objection] = field(default_factory=dict)
    accesses: dict[str, Access] = field(default_factory=dict)
    approvals: dict[str, list[Approval]] = field(default_factory=dict)
    rounds: dict[str, Round] = field(default_factory=dict)
    recusals: dict[str, Recusal] = field(default_factory=dict)
    acts: dict[str, Act] = field(default_factory=dict)
    documents: dict[str, Document] = field(default_factory=dict)
    documents_of_acts: dict[str, list[Document]] = field(default_factory=dict)
    voided_documents: dict[str, Document] = field(default_factory=dict)
    told: list[Told] = field(default_factory=list)
    told_in_acts: dict[str, list[Told]] = field(default_factory=dict)
    interruptions: dict[str, Interruption] = field(default_factory=dict)
    statements: list[Remark] = field(default_factory=list)
    statement_reviews: list[Remark] = field(default_factory=list)
    legal_reviews: list[Remark] = field(default_factory=list)
    discussions: list[Remark] = field(default_factory=list)
    decisions: dict[str, Decision] = field(default_factory=dict)
    services: dict[str, Service] = field(default_factory=dict)
    attempts: dict[str, Attempt] = field(default_factory=dict)
    items_of_evidence: dict[str, EvidenceItem] = field(default_factory=dict)
    recomputed: list[Recomputed] = field(default_factory=list)
    consultations: int = 0
    packages: list[str] = field(default_factory=list)

    def enter_document(self, document: Document) -> None:
        """Take a document in under its uid and its act; one of the same uid gives way."""
        replaced = self.documents.get(document.uid)
        if replaced is not None and replaced.act is not None:
            self.documents_of_acts[replaced.act].remove(replaced)
        self.documents[document.uid] = document
        if document.act is not None:
            self.documents_of_acts.setdefault(document.act, []).append(document)

    def took_part(self, person: str) -> bool:
        """Say whether somebody was an officer of an act of the case."""
        return any(one.officer == person for act in self.acts.values() for one in act.officers)

    @property
    def on_application(self) -> bool:
        """Whether somebody applied for it (依申请); without a word of that the agency acts by itself (依职权)."""
        return self.source is not None and self.source.start == "依申请"

    def any_document(self, uid: str) -> Document | None:
        """Give a document whether it counts or was voided."""
        return self.documents.get(uid) or self.voided_documents.get(uid)

    def set_aside(self, uid: str) -> Document:
        """Take a document out of those that count, and keep it among the voided. Raises KeyError where there is none."""
        document = self.documents.pop(uid)
        if document.act is not None:
            self.documents_of_acts[document.act].remove(document)
        self.voided_documents[uid] = document
        return document

    def enter_telling(self, telling: Told) -> None:
        """Take in that somebody was told something, under its act."""
        self.told.append(telling)
        if telling.act is not None:
            self.told_in_acts.setdefault(telling.act, []).append(telling)

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
