"""When an entry in an agency's registers fits: units, equipment and its upkeep, rooms, funds, backups, training, formats."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from liuhen.core.events import agency as settled
from liuhen.core.events import supervision as happened
from liuhen.core.facts.agency_model import AgencyFacts
from liuhen.core.rules.vocabulary.periods import years_of
from liuhen.flows.fitting import some
from liuhen.flows.occasion import Actor

Faults = Iterator[tuple[str, str]]
ENDED = ("报废", "报失")
_MOST_YUAN = 10**12


@dataclass(frozen=True, slots=True)
class AgencySetting:
    """The agency as it stands, who records, when it happened; `inspections` and `formats` are what was entered by id."""

    agency: AgencyFacts
    at: datetime
    actor: Actor
    inspections: frozenset[str]
    formats: frozenset[tuple[str, str]]
    has_case: Callable[[str], bool]
    has_file: Callable[[str], bool]


AgencyCheck = Callable[[AgencySetting, Any], Faults]


def not_before(setting: AgencySetting, earlier: datetime | None, what: str) -> Faults:
    """The event's own time must not lie before what it answers to."""
    if earlier is not None and setting.at < earlier:
        yield "", f"发生时间早于{what}的时间；请核对"


def register_unit(setting: AgencySetting, said: happened.UnitRegistered) -> Faults:
    """A unit by its own code; entered again, it is brought up to date."""
    if any(name == said.name and unit != said.unit for unit, name in setting.agency.units.items()):
        yield "name", "已有同名的科室；更新登记请用原来的代号"


def register_device(setting: AgencySetting, said: settled.DeviceRegistered) -> Faults:
    """A device by its own code and number."""
    if said.device in setting.agency.devices:
        yield "device", "已有这个代号的设备；新的设备请换用新代号"
    if any(known.number == said.number for known in setting.agency.devices.values()):
        yield "number", "已有这个编号的设备；请核对"
    if said.features:
        yield from some("features", said.features, "特种功能")


def maintain_device(setting: AgencySetting, said: happened.DeviceMaintained) -> Faults:
    """Upkeep of a device on the register, until its end."""
    known = setting.agency.devices.get(said.device)
    if known is None:
        yield "device", "没有登记这台设备；请先登记设备"
        return
    if known.work in ENDED:
        yield "device", f"这台设备已经{known.work}，不能再记录维护"
    if said.work in ENDED and said.usable:
        yield "usable", f"{said.work}的设备不能再使用，usable 应为 false"
    yield from not_before(setting, known.registered, "设备登记")


def register_room(setting: AgencySetting, said: happened.RoomRegistered) -> Faults:
    """A room by its own code; entered again, it is brought up to date."""
    known = setting.agency.rooms.get(said.room)
    if known is not None and known != said.kind:
        yield "kind", f"这个代号登记的是{known}；另外的场所请换用新代号"


def enter_funds(setting: AgencySetting, said: happened.FundsEntered) -> Faults:
    """Money of a year that can be, in yuan and fen."""
    if not 2015 <= said.year <= setting.at.year + 1:
        yield "year", f"年度应在 2015 至 {setting.at.year + 1} 之间；请核对"
    # Stricter than `yuan`: of what is entered in a register its writing counts too, no 1E+11 and no 12000.500.
    exponent = said.amount.as_tuple().exponent
    if not isinstance(exponent, int) or not -2 <= exponent <= 9 or not 0 < said.amount <= _MOST_YUAN:
        yield "amount", "金额应为大于 0 的元数，最多两位小数，如“12000.50”"


def make_backup(setting: AgencySetting, said: happened.BackupMade) -> Faults:
    """A new backup; a digest, where one is given, is one."""
    if said.backup in setting.agency.backups:
        yield "backup", "已有这个代号的备份；新的备份请换用新代号"
    if said.sha256 is not None and not (len(said.sha256) == 64 and set(said.sha256) <= set("0123456789abcdef")):
        yield "sha256", "SHA-256 摘要应为 64 位小写十六进制"


def restore_backup(setting: AgencySetting, said: happened.BackupRestored) -> Faults:
    """A drill with a backup that was made."""
    known = setting.agency.backups.get(said.backup)
    if known is None:
        yield "backup", "没有登记这份备份；请先登记备份"
        return
    yield from not_before(setting, known.made, "备份")


def hold_training(setting: AgencySetting, said: happened.TrainingHeld) -> Faults:
    """A training that somebody attended."""
    if not 1 <= said.participants <= 100_000:
        yield "participants", "参加人数应为大于 0 的整数；请核对"


def issue_format(setting: AgencySetting, said: happened.FormatIssued) -> Faults:
    """A version that was not issued yet, with a file that is kept here."""
    if (said.format, said.version) in setting.formats:
        yield "version", "这个格式的这个版本已经发布，不能重复记录"
    if said.matters:
        yield from some("matters", said.matters, "适用的执法事项")
    if said.file is not None and not setting.has_file(said.file.sha256):
        yield "file", "库中没有摘要相同的文件；请先把格式文件入库，或者不写 file"


def appoint_custodian(setting: AgencySetting, said: settled.CustodianAppointed) -> Faults:
    """Somebody else than the present custodian."""
    if setting.agency.custodian == said.name:
        yield "name", "已经指定此人为专门管理人员，不能重复记录"


def set_retention(setting: AgencySetting, said: settled.RetentionSet) -> Faults:
    """A term that can be read."""
    if not years_of(said.period):
        yield "period", "看不出保存多长时间；请写成“永久”“长期”或者“2 年”"


def is_day_before(day: date | None, at: datetime) -> bool:
    """Say whether a day, where one is given, lies before that of an instant."""
    return day is not None and day < at.date()
