"""What a check of the ledger can find: a stable code, the place, and a sentence in Chinese from one table.

Invariant: a code is never reused and never renumbered; the sentence may improve.
"""

from collections.abc import Mapping
from dataclasses import dataclass

SENTENCES: Mapping[str, str] = {
    "LEDGER-001": "事件头不是规范格式或已损坏({detail})，数据库中的这一行可能被改写",
    "LEDGER-002": "数据库列 {detail} 与事件头不一致，这一行被改写过",
    "LEDGER-003": "内容与事件头中的承诺值不符，内容或随机盐被改写过",
    "LEDGER-004": "内容缺失，且没有依法销毁的记录",
    "LEDGER-005": "内容不符合该类事件的格式({detail})",
    "LEDGER-006": "事件与日志中已封存的叶子不一致，封存之后被改写过(日志中的事件号为 {detail})",
    "LEDGER-007": "日志中有叶子而数据库中没有事件，事件被删除(日志中的事件号为 {detail})",
    "LEDGER-008": "卷宗中的序号不连续，缺少第 {detail} 条",
    "LEDGER-009": "事件超出日志已分配的位置({detail})，是绕过系统插入的",
    "LEDGER-010": "记录时间早于同一日志中的前一条({detail})，时间被改写或系统时钟曾被调回",
    "LEDGER-011": "事件的机关或年份与所在日志不符({detail})",
    "LEDGER-012": "内容没有对应的事件，事件被删除或内容是绕过系统插入的",
    "LEDGER-013": "卷宗中的先后与日志中的先后不一致",
    "LEDGER-014": "同一日志中的记录被分配到位置 {detail}，但数据库中没有事件，也尚未封存",
    "LEDGER-020": "日志文件有误：{detail}",
    "LEDGER-021": "日志文件算出的根与检查点不一致，日志文件或检查点被改写过",
    "LEDGER-022": "检查点的数据库列与检查点原文不一致({detail})",
    "LEDGER-023": "检查点没有可验证的日志签名({detail})",
    "LEDGER-024": "已发布的检查点文件与数据库不一致({detail})",
    "LEDGER-025": "见证签名无效({detail})",
    "LEDGER-026": "日志的计数({detail})小于已封存的长度，计数被改写或数据库恢复自旧备份",
    "LEDGER-027": "没有该日志的验证公钥，无法核对签名；请提供公钥后重新检查",
    "LEDGER-030": "索引与由事件重算的结果不一致({detail})",
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One difference: `path` names the event, log position or checkpoint it was found at."""

    code: str
    path: str
    message: str


def found(code: str, path: str, detail: object = "") -> Finding:
    """Say a finding by its code. Raises KeyError for a code that the table does not have."""
    return Finding(code, path, SENTENCES[code].format(detail=detail))
