"""The verifier's report: findings with stable codes, one verdict of three, and what was checked.

Codes are never reused or renumbered; bag findings carry the codes of `core.bag.findings`.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Literal

Weight = Literal["failed", "indeterminate", "notice"]
Answer = Literal["passed", "failed", "indeterminate"]

CODES: dict[str, tuple[Weight, str]] = {
    "PKG-001": ("failed", "不是留痕归档包：缺少 {what}"),
    "PKG-002": ("failed", "包内文件 {what} 不能按格式读取：{why}"),
    "PKG-003": ("failed", "包内有不该有的文件，或者文件不在它应在的位置"),
    "PKG-004": ("failed", "容器残缺或被篡改，无法读取"),
    "PKG-005": ("failed", "核验步骤“{step}”遇到异常数据，无法完成：{why}"),
    "PKG-006": ("failed", "{what} 与记录和封签所说的不符"),
    "PKG-007": ("notice", "案件在打包时尚未归档；打包以后的记录不在包内"),
    "SEAL-001": ("failed", "封签不能按格式读取：{why}"),
    "SEAL-002": ("failed", "封签签名无效：{why}"),
    "SEAL-003": ("failed", "封签与 {what} 不符：该文件被改写过"),
    "SEAL-004": ("failed", "封签记载 {stream} 共 {expected} 条记录，包内有 {found} 条：记录被增删"),
    "SEAL-005": ("failed", "封签记载的打包时间 {packed} 与{what}不符"),
    "EVT-001": ("failed", "记录文件第 {line} 行不能按格式读取：{why}"),
    "EVT-002": ("failed", "记录 {event} 的内容与其承诺值（SHA-256）不符：内容被改写"),
    "EVT-003": ("failed", "记录 {event} 的内容与其承诺值（SM3）不符：内容被改写"),
    "EVT-004": ("failed", "记录流 {stream} 应有第 {expected} 条，出现的是第 {found} 条：记录被删除、插入、重复或调换"),
    "EVT-005": ("failed", "记录 {event} 属于机关 {agency}，不属于本包"),
    "EVT-006": ("indeterminate", "记录 {event} 的内容已销毁，其证明的事实无从核对"),
    "EVT-007": ("failed", "记录编号 {event} 出现两次"),
    "EVT-008": ("failed", "记录 {event} 声称发生于 {at}，晚于其登记时间 {recorded}"),
    "EVT-009": ("failed", "记录 {event} 不能产生效果：{why}"),
    "EVT-010": ("failed", "记录 {event} 是系统自身完成的，却声称发生于 {at}，早于其登记时间 {recorded}：时间被提前"),
    "EVT-011": ("failed", "包内缺少记录流 {stream}"),
    "EVT-012": ("failed", "记录流 {stream} 不属于本案"),
    "EVT-013": ("notice", "记录 {event} 声称发生于 {at}，补录于 {recorded}；发生时间是补录人所说，登记时间有存证"),
    "LOG-001": ("failed", "记录 {event} 没有存证证明"),
    "LOG-002": ("failed", "记录 {event} 不在它声称的存证位置（第 {index} 条）：{why}"),
    "LOG-003": ("failed", "存证检查点（{size} 条）不可信：{why}"),
    "LOG-004": ("failed", "存证检查点之间不一致（{old} 条 → {new} 条）：{why}"),
    "LOG-005": ("failed", "存证证明指向包内没有的记录 {event}，或者重复"),
    "LOG-006": ("failed", "登记时间与存证次序矛盾：记录 {event} 排在其后的记录却登记得更早"),
    "LOG-007": ("failed", "两条记录（{event}）占用同一存证位置"),
    "LOG-008": ("failed", "{what}的次序不是存证的次序"),
    "LOG-009": ("failed", "日志 {origin} 的检查点与本包的记录无关，或者重复"),
    "TIME-001": ("failed", "检查点（{size} 条）的时间戳无效：{why}"),
    "TIME-002": ("indeterminate", "检查点（{size} 条）没有时间戳"),
    "TIME-003": ("failed", "记录 {event} 声称登记于 {recorded}，而在 {bound} 尚未存证：时间被提前"),
    "TIME-004": ("failed", "记录 {event} 声称登记于 {recorded}，而在 {bound} 已经存证：时间被推后"),
    "TIME-005": ("failed", "检查点（{size} 条）的时间早于前一个检查点"),
    "TIME-006": (
        "indeterminate",
        "{count} 条记录自称登记于 {recorded}（{event}）以后，直到 {bound} 才有见证或者时间戳：登记时间无从证明",
    ),
    "TIME-007": (
        "notice",
        "{count} 条记录自称登记于 {recorded}（{event}）以后，一日之后（{bound}）才有见证或者时间戳：其间只有机关自己的记载",
    ),
    "FILE-001": ("failed", "记录 {event} 所指的文件“{name}”不在其位置，或者被替换"),
    "FILE-002": ("failed", "记录 {event} 所指的文件“{name}”与其 SM3 或大小不符"),
    "FILE-003": ("failed", "文书“{name}”的终稿不是在签名原文之后追加而成：签名后被改写"),
    "FILE-004": ("failed", "签名 {event} 所签的不是文书“{name}”的原文"),
    "ATT-001": ("failed", "记录 {event} 所列的音像附件“{name}”不在包内"),
    "ATT-002": ("failed", "记录 {event} 所列的音像附件“{name}”与记录不符：内容被改动"),
    "ATT-003": ("failed", "音像附件“{name}”（记录 {event}）的位置上是另一份文件“{other_name}”（记录 {other}）：被调换"),
    "ATT-004": ("failed", "记录 {event} 所列的音像附件“{name}”不在其位置，而在 {found}：被改名或者移动"),
    "ATT-005": ("failed", "音像附件中有一份文件，没有记录列出它"),
    "ATT-006": ("failed", "记录 {event} 截取的“{name}”所说的原件不是这段音像：被移花接木"),
    "ATT-007": ("failed", "记录 {event} 截取的“{name}”称取自第 {span} 秒，而这段音像长 {length} 秒"),
    "ATT-008": ("indeterminate", "记录 {event} 截取的“{name}”，其原件的入库记录已销毁，取自何处无从核对"),
    "ATT-009": ("failed", "记录 {event} 截取的“{name}”取自“{parent}”，而该原件不在包内"),
    "ATT-010": (
        "failed",
        "音像附件“{name}”（记录 {event}）的位置上是别处的文件“{other_name}”（记录 {other}）：不属于这段音像",
    ),
    "SIGN-001": ("failed", "文书“{name}”的电子印章无效：{why}"),
    "SIGN-002": ("failed", "文书“{name}”没有电子印章"),
    "SIGN-003": ("failed", "文书“{name}”盖章之后又被改动"),
    "SIGN-004": ("failed", "文书“{name}”的印章属于“{signer}”，不属于{agency}"),
    "SIGN-005": ("failed", "记录称文书“{name}”盖章于 {said}，印章的时间戳是 {stamped}"),
    "SIGN-006": ("indeterminate", "文书“{name}”的印章没有时间戳，盖章时间无从证明"),
    "SIGN-007": ("failed", "文书“{name}”的国密（SM2）签名无效：{why}"),
    "SIGN-008": ("failed", "文书“{name}”没有国密（SM2）签名，而盖章时机关已登记印章密钥"),
    "SIGN-009": ("failed", "文书“{name}”的国密（SM2）签名所用的密钥 {signer}… 盖章时不是机关登记的印章密钥"),
    "SIGN-010": ("failed", "文书“{name}”盖章所用的证书（{signer}）盖章时不是机关启用的印章证书"),
    "DOC-001": (
        "indeterminate",
        "手中的文件是《{name}》（{number}）盖章或者定稿以前的版本，不是最后签发的；最后签发的在 data/文书/",
    ),
    "DOC-002": (
        "indeterminate",
        "本包没有与手中的文件逐字节相同的文书（SHA-256 {sha256}…）：可能属于别的案件，也可能被改动过",
    ),
    "DOC-003": ("indeterminate", "本包没有核验码为 {code}、文号为 {number} 的文书；请核对后重试"),
    "DOC-004": ("failed", "手中的文件盖有“{signer}”的印章，而盖章之后内容被改动"),
    "LAW-001": ("failed", "包内没有立案时固定的规则包 {edition}，或者其内容被改动"),
    "LAW-002": ("failed", "包内的工作日历与机关采用的不符"),
    "LAW-003": ("indeterminate", "机关没有采用工作日历的记录，期限无从核对"),
    "STMT-001": ("failed", "合规说明与重新核算的结果不符：{what}"),
    "STMT-002": ("failed", "合规说明的条数与重新核算的结果不符：包内 {found} 条，应为 {expected} 条"),
    "CAT-001": ("failed", "卷内目录与记录不符：所列文书或音像、次序、名称或页数不同"),
    "TRUST-001": (
        "notice",
        "信任起点取自包内。请向机关或见证方核对密钥指纹 {fingerprint}，或用 --trust 提供可信的密钥文件",
    ),
    "TRUST-002": ("failed", "包内的密钥与给定的可信密钥不符：{what}"),
    "TRUST-003": ("notice", "日志没有见证方：不能排除机关向不同的人出示不同的日志"),
}


@dataclass(frozen=True, slots=True)
class Finding:
    """Something found: its code, the file it concerns, and the sentence for people."""

    code: str
    path: str
    message: str

    @property
    def weight(self) -> Weight:
        return CODES[self.code][0] if self.code in CODES else "failed"


def finding(code: str, path: str = "", /, **words: object) -> Finding:
    """Make a finding from the table; the sentence never stands at the place that found it."""
    return Finding(code, path, CODES[code][1].format(**words))


def shown(text: str) -> str:
    """Give text that a terminal shows as it is: a hostile name must not move the cursor, forge a line or turn the text."""
    return "".join(char if char.isprintable() else f"\\u{ord(char):04x}" for char in text)


@dataclass(slots=True)
class Report:
    """What the verifier says. `checked` counts what was really looked at, `about` says what package it was."""

    findings: list[Finding] = field(default_factory=list)
    checked: dict[str, int] = field(default_factory=dict)
    about: dict[str, str] = field(default_factory=dict)

    @property
    def verdict(self) -> Answer:
        """Failed when anything failed; indeterminate when something could not be judged; passed otherwise."""
        weights = {item.weight for item in self.findings}
        if "failed" in weights:
            return "failed"
        return "indeterminate" if "indeterminate" in weights else "passed"

    def add(self, findings: Iterable[Finding]) -> None:
        """Take in findings, in words that are safe to print."""
        self.findings.extend(Finding(item.code, shown(item.path), shown(item.message)) for item in findings)

    def tell(self, **about: str) -> None:
        """Say what package it is, in words that are safe to print."""
        self.about.update({key: shown(text) for key, text in about.items()})

    def count(self, what: str, number: int = 1) -> None:
        """Count something looked at."""
        self.checked[what] = self.checked.get(what, 0) + number

    def to_json(self) -> dict[str, Any]:
        """Give the stable shape of `liuhen verify --json`."""
        return {
            "verdict": self.verdict,
            "findings": [
                {"code": item.code, "path": item.path, "message": item.message, "weight": item.weight}
                for item in self.findings
            ],
            "checked": dict(self.checked),
            "about": dict(self.about),
        }
