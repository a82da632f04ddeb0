"""The facts of an agency: its people, equipment, lists, formats, backups, inspections and problems, as the fold leaves them."""

from dataclasses import dataclass, field
from datetime import date, datetime

from liuhen.core.approvals.chain import Chain
from liuhen.core.approvals.delegation import Delegation
from liuhen.core.approvals.proofs import BY_PASSWORD
from liuhen.core.events.agency import ArrivalQuarantined, ArrivalSettled, TransferClosed
from liuhen.core.events.formats import DocumentTypeAdopted
from liuhen.core.events.parts import ListEntry
from liuhen.core.facts.fact import Fact

# The list under which an agency publishes what is filmed; published lists are known by name.
FILMING_LIST = "音像记录事项清单"


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
class Device(Fact):
    """Equipment on the register and how it is kept up."""

    uid: str = ""
    name: str = ""
    kind: str = ""
    number: str = ""
    features: tuple[str, ...] = ()
    registered: datetime | None = None
    maintained: datetime | None = None
    work: str | None = None
    usable: bool = True
    drift_ms: int | None = None
    clock_checked: datetime | None = None


@dataclass(slots=True)
class Backup(Fact):
    """A copy of the records and whether it could be read back."""

    uid: str = ""
    place: str = ""
    remote: bool = False
    made: datetime | None = None
    restored: datetime | None = None
    passed: bool | None = None


def short_key(key: str) -> str:
    """Give the sixteen digits of a public key in hexadecimal by which people call it."""
    return key[2:18]


@dataclass(slots=True)
class SealPart(Fact):
    """What the agency seals by; `registered` and `retired` are when that was recorded, not when it is said to be."""

    registered: datetime | None = None
    retired: datetime | None = None

    def may_sign(self, moment: datetime) -> bool:
        """Say whether what was recorded at a moment can have been signed by it, the moments of its ends included."""
        begun = self.registered is not None and self.registered <= moment
        return begun and (self.retired is None or moment <= self.retired)

    def began_before(self, moment: datetime) -> bool:
        """Say whether it came into force before a moment beyond doubt, whatever became of it."""
        return self.registered is not None and self.registered < moment

    def must_sign(self, moment: datetime) -> bool:
        """Say whether it was in force at a moment beyond doubt, the moments of its ends left out."""
        return self.began_before(moment) and (self.retired is None or moment < self.retired)


@dataclass(slots=True)
class SealKey(SealPart):
    """A public SM2 key of the agency's seal, 04‖X‖Y in hexadecimal."""

    key: str = ""
    authority: str = ""

    @property
    def short(self) -> str:
        """The sixteen digits by which people call the key."""
        return short_key(self.key)


@dataclass(slots=True)
class SealCertificate(SealPart):
    """A certificate under which the agency seals, by its SHA-256; `roots` (DER, base64) vouch for it and for its time stamps."""

    certificate: str = ""
    subject: str = ""
    issuer: str = ""
    valid_until: datetime | None = None
    kept: str = ""
    timestamps: str = ""
    roots: tuple[str, ...] = ()


@dataclass(slots=True)
class Problem(Fact):
    """A weak point or a breach, what was done about it and who answered for it."""

    uid: str = ""
    kind: str = ""
    summary: str = ""
    case: str | None = None
    rectify_by: datetime | None = None
    measures: tuple[str, ...] = ()
    found: datetime | None = None
    rectified: datetime | None = None
    answered_for: datetime | None = None


@dataclass(slots=True)
class Format(Fact):
    """A format of documents or files that is in use."""

    name: str = ""
    kind: str = ""
    version: str = ""
    issued_by: str = ""


@dataclass(slots=True)
class Setting(Fact):
    """The value that the agency adopted where a pack leaves one to be confirmed."""

    value: str = ""
    basis: str = ""
    adopted: datetime | None = None


@dataclass(slots=True)
class AdoptedType(Fact):
    """The agency's own version of a type of document, and when it was learned."""

    said: DocumentTypeAdopted | None = None
    recorded: datetime | None = None


@dataclass(slots=True)
class NumberBlock(Fact):
    """Numbers of one series set aside for a holder; `unused` are void since the block was returned."""

    uid: str = ""
    form: str = ""
    character: str = ""
    year: int = 0
    first: int = 0
    last: int = 0
    holder: str = ""
    reason: str = ""
    reserved: datetime | None = None
    returned: datetime | None = None
    returned_because: str | None = None
    unused: tuple[int, ...] = ()


@dataclass(slots=True)
class AgencyFacts(Fact):
    """An agency as it stands after its events; `latest` names the last event of each type of its housekeeping."""

    uid: str = ""
    name: str = ""
    short_name: str = ""
    number_prefix: str = ""
    region: str = ""
    packs: tuple[str, ...] = ()
    officers: dict[str, Officer] = field(default_factory=dict)
    level: str | None = None
    devices: dict[str, Device] = field(default_factory=dict)
    custodian: str | None = None
    custodian_evidence: list[str] = field(default_factory=list)
    lists: dict[str, Publication] = field(default_factory=dict)
    retentions: dict[str, Retention] = field(default_factory=dict)
    calendar: str | None = None
    quarantined: list[ArrivalQuarantined] = field(default_factory=list)
    settled: dict[str, ArrivalSettled] = field(default_factory=dict)
    transfers_closed: dict[tuple[str, str], TransferClosed] = field(default_factory=dict)
    units: dict[str, str] = field(default_factory=dict)
    rooms: dict[str, str] = field(default_factory=dict)
    funds: set[str] = field(default_factory=set)
    backups: dict[str, Backup] = field(default_factory=dict)
    trainings: set[str] = field(default_factory=set)
    figures_used: set[str] = field(default_factory=set)
    inspections: set[str] = field(default_factory=set)
    appraisals: set[str] = field(default_factory=set)
    problems: dict[str, Problem] = field(default_factory=dict)
    formats: dict[str, Format] = field(default_factory=dict)
    settings: dict[tuple[str, str], Setting] = field(default_factory=dict)
    blocks: dict[str, NumberBlock] = field(default_factory=dict)
    seal_keys: dict[str, SealKey] = field(default_factory=dict)
    seal_certificates: list[SealCertificate] = field(default_factory=list)
    signing_proof: str = BY_PASSWORD
    signing_proof_basis: str = ""
    adopted_types: dict[str, AdoptedType] = field(default_factory=dict)
    superior: str | None = None
    reconsideration: str = ""
    court: str = ""
    chains: dict[str, Chain] = field(default_factory=dict)
    delegations: dict[str, Delegation] = field(default_factory=dict)
    latest: dict[str, str] = field(default_factory=dict)

    @property
    def seal_key(self) -> SealKey | None:
        """The key by which the agency's seal signs now: the newest that was not retired."""
        return next((one for one in reversed(self.seal_keys.values()) if one.retired is None), None)

    @property
    def seal_certificate(self) -> SealCertificate | None:
        """The certificate under which the agency seals now: the last adopted, unless it was withdrawn."""
        return next((one for one in self.seal_certificates[-1:] if one.retired is None), None)
