"""What can be wrong with a bag: stable codes, and the one table of their sentences.

Invariant: a code is never reused or renumbered; people script on them.
"""

from dataclasses import dataclass

NO_DECLARATION = "BAG-001"
BAD_DECLARATION = "BAG-002"
NO_MANIFEST = "BAG-003"
MISSING_FILE = "BAG-004"
UNLISTED_FILE = "BAG-005"
SHA256_DIFFERS = "BAG-006"
SM3_DIFFERS = "BAG-007"
MANIFESTS_DISAGREE = "BAG-008"
UNSAFE_PATH = "BAG-009"
LISTED_TWICE = "BAG-010"
BAD_LINE = "BAG-011"
TAG_DIFFERS = "BAG-012"
OXUM_DIFFERS = "BAG-013"
TAG_NOT_COVERED = "BAG-014"
UNREADABLE = "BAG-015"
UNKNOWN_ALGORITHM = "BAG-016"
OTHER_DIGEST_DIFFERS = "BAG-017"
SAME_NAME = "BAG-018"

SENTENCES = {
    NO_DECLARATION: "缺少 bagit.txt，这不是一个完整的档案包；请核对所给的位置，或重新取得该包",
    BAD_DECLARATION: "bagit.txt 第 {line} 行不合格式：{detail}；请重新取得该包",
    NO_MANIFEST: "缺少 {path}，无法核对该算法的摘要；请重新取得该包",
    MISSING_FILE: "清单 {detail} 所列的文件 {path} 不存在；包内缺少文件",
    UNLISTED_FILE: "文件 {path} 未列入任何清单；它不属于封装时的档案包",
    SHA256_DIFFERS: "文件 {path} 的 SHA-256 摘要与清单不符（{detail}）；内容在封装后已被改动或损坏",
    SM3_DIFFERS: "文件 {path} 的 SM3 摘要与清单不符（{detail}）；内容在封装后已被改动或损坏",
    MANIFESTS_DISAGREE: "文件 {path} 未列入 {detail}，却列入了另一算法的清单；各清单应列出相同的文件",
    UNSAFE_PATH: "清单 {path} 第 {line} 行的路径“{detail}”越出了应在的目录；已拒绝读取",
    LISTED_TWICE: "清单 {path} 第 {line} 行重复列出“{detail}”；每个文件只应列一次",
    BAD_LINE: "{path} 第 {line} 行不合格式：{detail}",
    TAG_DIFFERS: "标签文件 {path} 的摘要与清单不符（{detail}）；它在封装后已被改动或损坏",
    OXUM_DIFFERS: "bag-info.txt 所记的载荷总量与实际不符（{detail}）；文件有增减或被截断",
    TAG_NOT_COVERED: "标签文件 {path} 未列入 {detail}，无法证明它没有被改动",
    UNREADABLE: "文件 {path} 无法读取：{detail}",
    UNKNOWN_ALGORITHM: "清单 {path} 使用的摘要算法“{detail}”无法核对；请改用支持该算法的程序核对",
    OTHER_DIGEST_DIFFERS: "文件 {path} 的摘要与清单不符（{detail}）；内容在封装后已被改动或损坏",
    SAME_NAME: "包内有两个文件的名称在统一字形后同为 {path}；无法区分应核对哪一个",
}


@dataclass(frozen=True, slots=True)
class BagFinding:
    """One thing wrong with a bag: a code, the file it concerns, the line if there is one, and what was found."""

    code: str
    path: str
    line: int = 0
    detail: str = ""

    @property
    def message(self) -> str:
        """Give the sentence of this finding in Chinese."""
        return SENTENCES[self.code].format(path=self.path, line=self.line, detail=self.detail)
