"""What rules may say of the agency itself, of its equipment, and of problems found in it."""

from datetime import datetime

from liuhen.core.facts.agency_model import FILMING_LIST, AgencyFacts
from liuhen.core.facts.model import Facts
from liuhen.core.rules.vocabulary.words import Vocabulary, texts


def _itemised(_: Facts, agency: AgencyFacts) -> bool | None:
    """Whether every row of the list says matter, content, link and manner; None while no list was published."""
    published = agency.lists.get(FILMING_LIST)
    if published is None:
        return None
    return bool(published.entries) and all(
        entry.matter and entry.link and entry.manner and entry.content for entry in published.entries
    )


def _last_remote_backup(_: Facts, agency: AgencyFacts) -> datetime | None:
    return max((item.made for item in agency.backups.values() if item.remote and item.made), default=None)


def _unmaintained(_: Facts, agency: AgencyFacts) -> int:
    return sum(device.maintained is None for device in agency.devices.values())


AGENCY = Vocabulary(
    label="机关",
    list=lambda facts: [facts.agency],
    uid=lambda agency: agency.uid,
    name=lambda _, agency: agency.name,
    attributes={
        "level": ("机关层级", lambda _, agency: agency.level),
        "custodian": ("专门管理人员", lambda _, agency: agency.custodian),
        "lists": ("已公布清单指引", lambda _, agency: texts(agency.lists)),
        "list_itemised": ("清单写明事项、内容、环节、方式", _itemised),
        "retentions": ("已确定保存期限的类别", lambda _, agency: texts(agency.retentions)),
        "devices": ("登记设备数", lambda _, agency: len(agency.devices)),
        "device_features": (
            "设备特种功能",
            lambda _, agency: texts(feature for device in agency.devices.values() for feature in device.features),
        ),
        "devices_unmaintained": ("从未维护的设备数", _unmaintained),
        "rooms": ("已有场所", lambda _, agency: texts(agency.rooms.values())),
        "units": ("登记科室数", lambda _, agency: len(agency.units)),
        "funds": ("已列经费", lambda _, agency: texts(agency.funds)),
        "remote_backups": ("异地备份次数", lambda _, agency: sum(item.remote for item in agency.backups.values())),
        "backup_restored": (
            "备份已验证可恢复",
            lambda _, agency: any(item.passed for item in agency.backups.values()),
        ),
        "trainings": ("已办培训", lambda _, agency: texts(agency.trainings)),
        "figures_used": ("统计分析用于", lambda _, agency: texts(agency.figures_used)),
        "inspections": ("监督检查方式", lambda _, agency: texts(agency.inspections)),
        "appraisals": ("考评纳入", lambda _, agency: texts(agency.appraisals)),
        "formats": ("已有文书格式", lambda _, agency: texts(item.kind for item in agency.formats.values())),
        "problems": ("已发现问题的种类", lambda _, agency: texts(item.kind for item in agency.problems.values())),
    },
    moments={
        "remote_backup": ("最近一次异地备份", _last_remote_backup),
    },
)

DEVICE = Vocabulary(
    label="设备",
    list=lambda facts: facts.agency.devices.values(),
    uid=lambda device: device.uid,
    name=lambda _, device: f"{device.name} {device.number}",
    attributes={
        "kind": ("设备种类", lambda _, device: device.kind or None),
        "features": ("特种功能", lambda _, device: texts(device.features)),
        "maintained": ("已维护", lambda _, device: device.maintained is not None),
        "usable": ("可用", lambda _, device: device.usable),
    },
    moments={
        "registered": ("登记", lambda _, device: device.registered),
        "maintained": ("最近一次维护", lambda _, device: device.maintained),
    },
)

PROBLEM = Vocabulary(
    label="问题",
    list=lambda facts: facts.agency.problems.values(),
    uid=lambda problem: problem.uid,
    name=lambda _, problem: f"{problem.kind}：{problem.summary}",
    attributes={
        "kind": ("问题种类", lambda _, problem: problem.kind or None),
        "rectified": ("已整改", lambda _, problem: problem.rectified is not None),
        "answered_for": ("已追究责任", lambda _, problem: problem.answered_for is not None),
        "measures": ("处理措施", lambda _, problem: texts(problem.measures)),
        "in_case": ("见于案件", lambda _, problem: problem.case is not None),
    },
    moments={
        "found": ("发现", lambda _, problem: problem.found),
        "rectify_by": ("整改期限届满", lambda _, problem: problem.rectify_by),
        "rectified": ("整改", lambda _, problem: problem.rectified),
        "answered_for": ("追究责任", lambda _, problem: problem.answered_for),
    },
)
