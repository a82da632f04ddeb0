"""Events of an agency: its people and certificates, equipment, lists, custodian, and files it had to set aside."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from liuhen.core.events.parts import FileRef, ListEntry

AccountChange = Literal["新建", "改角色", "换口令", "停用", "启用", "解除动态口令"]


@dataclass(frozen=True, slots=True)
class AgencyEstablished:
    """The agency joins: its full name, the character that stands for it in numbers (机关代字), its packs.

    `superior`: the uid of the agency above it, whose published formats it uses.
    """

    name: str
    short_name: str
    number_prefix: str
    region: str
    packs: tuple[str, ...]
    level: str | None = None
    superior: str | None = None


@dataclass(frozen=True, slots=True)
class SuperiorSet:
    """确定上级机关: another agency stands above this one from now on, or none; what it published holds here."""

    superior: str | None
    basis: str


@dataclass(frozen=True, slots=True)
class OfficerEnrolled:
    """A person joins the roll; `certificate` is the 执法证 number, absent for those who do not enforce."""

    officer: str
    name: str
    title: str
    certificate: str | None = None
    valid_from: date | None = None
    valid_until: date | None = None


@dataclass(frozen=True, slots=True)
class AccountChanged:
    """账号变动: what was done to the account of a person, by which others could act in that person's name.

    `roles`: those the account has after a change of them.
    """

    person: str
    name: str
    change: AccountChange
    roles: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DeviceRegistered:
    """Equipment joins the register."""

    device: str
    name: str
    kind: str
    number: str
    features: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CustodianAppointed:
    """专门人员: who keeps records and equipment."""

    name: str
    duties: str


@dataclass(frozen=True, slots=True)
class ListPublished:
    """音像记录事项清单 or 执法行为用语指引 in force from the event's `at`."""

    list: str
    version: str
    entries: tuple[ListEntry, ...] = ()


@dataclass(frozen=True, slots=True)
class RetentionSet:
    """The agency set, by its risk, how long and in what way a kind of recording is kept."""

    kind: str
    period: str
    way: str


@dataclass(frozen=True, slots=True)
class CalendarAdopted:
    """The working calendar by which terms are counted from now on; `file` is its canonical form, `version` its digest."""

    version: str
    file: FileRef
    years: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class SettingAdopted:
    """采用设置: where a pack leaves a value to be confirmed, the agency says which one holds for it, and on what basis."""

    pack: str
    setting: str
    value: str
    basis: str


@dataclass(frozen=True, slots=True)
class RedressNamed:
    """To whom a party applies for 行政复议 and at which court it sues: decisions of the agency tell it (行政处罚法 59)."""

    reconsideration: str
    court: str
    basis: str


@dataclass(frozen=True, slots=True)
class ArrivalQuarantined:
    """A file that could not become a recording: kept as it is, with the reason."""

    file: FileRef
    reason: str


@dataclass(frozen=True, slots=True)
class ArrivalSettled:
    """A file that was set aside is dealt with: `outcome` says how, `recording` what stands in its place where one does."""

    sha256: str
    outcome: str
    recording: str | None = None


@dataclass(frozen=True, slots=True)
class TransferClosed:
    """A person ended a camera's transfer that its system never sealed: `files` of `size` bytes had come and are taken in."""

    system: str
    transfer: str
    files: int
    size: int
    reason: str


@dataclass(frozen=True, slots=True)
class DeviceClockChecked:
    """What a device's clock showed at the event's `at`; `drift_ms` is how far it was ahead (negative: behind)."""

    device: str
    shown_at: datetime
    drift_ms: int
