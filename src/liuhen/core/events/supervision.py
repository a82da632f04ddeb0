"""Events of an agency's own housekeeping: equipment, rooms, backups, training, figures, inspections, and problems put right.

Law words (kinds of problem, measures, uses of figures) are text that packs know.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Literal

from liuhen.core.events.parts import FileRef


@dataclass(frozen=True, slots=True)
class UnitRegistered:
    """科室登记: a unit of the agency, its head, and what it enforces."""

    unit: str
    name: str
    head: str
    duties: str | None = None


@dataclass(frozen=True, slots=True)
class DeviceMaintained:
    """设备维护: upkeep, repair, setting of the clock, or the end of a device."""

    device: str
    work: Literal["维护", "检修", "校时", "报废", "报失"]
    outcome: str
    name: str
    usable: bool = True


@dataclass(frozen=True, slots=True)
class RoomRegistered:
    """场所登记: 询问室, 听证室, 办案区 …, and how it is equipped."""

    room: str
    name: str
    kind: str
    equipment: str | None = None


@dataclass(frozen=True, slots=True)
class FundsEntered:
    """经费登记: money of a year's budget for equipment, upkeep or management, in yuan."""

    year: int
    purpose: str
    amount: Decimal
    source: str | None = None


@dataclass(frozen=True, slots=True)
class BackupMade:
    """备份: a copy of the records was made; `remote` where it lies in another place (异地备份)."""

    backup: str
    place: str
    remote: bool
    covers: str
    sha256: str | None = None


@dataclass(frozen=True, slots=True)
class BackupRestored:
    """备份恢复演练: a backup was read back and held against the ledger."""

    backup: str
    passed: bool
    outcome: str


@dataclass(frozen=True, slots=True)
class TrainingHeld:
    """培训: what was taught, to how many."""

    topic: str
    participants: int
    teacher: str | None = None


@dataclass(frozen=True, slots=True)
class StatisticsMade:
    """统计分析: figures of a period and what they were used for (案卷评查, 执法监督, 评议考核, 舆情应对, 行政决策, 信用体系)."""

    period: str
    summary: str
    uses: tuple[str, ...]
    figures: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class InspectionHeld:
    """监督检查: who looked at how records are made and kept. `manner`: 现场检查, 案卷评查, 指导, 调阅 …"""

    inspection: str
    by: str
    manner: str
    units: tuple[str, ...]
    findings: str


@dataclass(frozen=True, slots=True)
class AppraisalMade:
    """考核评价: how units did in a period, and what it counts in (年终考评, 法治政府建设考评 …)."""

    period: str
    by: str
    counted_in: str
    results: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ProblemFound:
    """发现问题: a weak point or a breach: 薄弱环节, 未记录, 未归档, 未维护设备, 泄露, 毁损 …; `case` where it was found in one."""

    problem: str
    kind: str
    summary: str
    found_by: str
    responsible: str | None = None
    case: str | None = None
    inspection: str | None = None
    rectify_by: date | None = None


@dataclass(frozen=True, slots=True)
class ProblemRectified:
    """整改: what was done about a problem."""

    problem: str
    measures: str
    name: str


@dataclass(frozen=True, slots=True)
class AccountabilityDecided:
    """责任追究: the measure taken against whoever is responsible (限期改正, 书面检查, 通报批评, 离岗培训 …), and its clause."""

    problem: str
    measure: str
    persons: tuple[str, ...]
    decided_by: str
    basis: str


@dataclass(frozen=True, slots=True)
class FormatIssued:
    """文书格式、标准范本: a format in use from the event's `at`; `issued_by` the agency itself or one above it.

    `kind`: 文书范本, 案卷标准, 记录标准 …
    """

    format: str
    kind: str
    version: str
    issued_by: str
    matters: tuple[str, ...] = ()
    file: FileRef | None = None
