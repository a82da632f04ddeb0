"""What a vault promises, whatever disk or service stands behind it.

Invariant: an object is named by the SHA-256 of its bytes, becomes visible whole or not at all, is never overwritten, and
its SM3 and size are kept beside it from the first moment it can be read.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO, Literal, Protocol

from liuhen.core.kernel.digests import Digests
from liuhen.core.kernel.errors import BadInput, LiuhenError

Progress = Callable[[int], None]
"""Told the number of bytes taken in so far, from the thread that called `store`."""

_NAME = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Stored:
    """What `store` answers: the digests, and whether the object is new here (`fresh`) or was known already."""

    digests: Digests
    fresh: bool


@dataclass(frozen=True, slots=True)
class Fixity:
    """The outcome of re-hashing one object: what was promised (`kept`) against what the bytes say now (`found`)."""

    sha256: str
    kept: Digests | None
    found: Digests | None

    @property
    def verdict(self) -> Literal["passed", "failed"]:
        """Say `passed` only when the name, the kept digests and the bytes all agree."""
        agree = self.found is not None and self.found == self.kept and self.found.sha256 == self.sha256
        return "passed" if agree else "failed"

    @property
    def sentence(self) -> str:
        """Say in Chinese what was found, for the fixity report."""
        if self.verdict == "passed":
            return f"对象 {self.sha256} 完好：大小、SHA-256、SM3 与入库时一致。"
        if self.found is None:
            return f"对象 {self.sha256} 不在保管库中或无法读出，请从备份恢复并查明原因。"
        if self.kept is None:
            return f"对象 {self.sha256} 的摘要记录缺失或损坏，无法证明其未被改动，请与备份核对。"
        return f"对象 {self.sha256} 的内容与入库时不一致，已被改动或损坏，请从备份恢复并查明原因。"


class Vault(Protocol):
    """A place for bytes. Local disk and S3 keep the same promises, proved by the same contract tests."""

    def store(self, source: BinaryIO, *, expect: Digests | None = None, progress: Progress | None = None) -> Stored:
        """Take in a stream in one pass and name it by its digest.

        Raises DigestMismatch when `expect` is given and the bytes differ, DiskFull, VaultDamaged. Nothing stays behind then.
        """
        ...

    def open(self, sha256: str, start: int = 0, length: int | None = None) -> BinaryIO:
        """Open an object for reading, or `length` bytes of it from `start`; a range past the end is cut short.

        Raises ObjectMissing, BadInput for a malformed name or a negative range.
        """
        ...

    def stat(self, sha256: str) -> Digests | None:
        """Give the kept digests of an object, None when it is not here. Raises VaultDamaged when they cannot be read."""
        ...

    def iterate(self) -> Iterator[str]:
        """Give the SHA-256 names of all objects, in ascending order."""
        ...

    def check(self, sha256: str) -> Fixity:
        """Read an object again and recompute both digests; a lost or damaged object is a finding, not an exception."""
        ...

    def sweep(self, older_than: datetime) -> int:
        """Clear what killed writers left unfinished before `older_than`; give how many. Objects are never touched."""
        ...


class ObjectMissing(LiuhenError):
    """No object of this name is in the vault."""

    def __init__(self, sha256: str) -> None:
        super().__init__(f"保管库中没有摘要为 {sha256} 的对象，请核对摘要，或从备份恢复。")
        self.sha256 = sha256


class DigestMismatch(LiuhenError):
    """The bytes that arrived are not those that were announced."""

    def __init__(self, expected: Digests, found: Digests) -> None:
        super().__init__(
            f"收到的内容与声明的摘要不一致：声明 {expected.size} 字节、SHA-256 {expected.sha256}，"
            f"实收 {found.size} 字节、SHA-256 {found.sha256}；未入库，请重新传输。"
        )
        self.expected = expected
        self.found = found


class DiskFull(LiuhenError):
    """There is no room for the object; what had been written of it is removed."""

    def __init__(self, place: str) -> None:
        super().__init__(f"{place}：存储空间不足，本次内容未入库，已清除写入的部分；请扩容或清理后重试。")


class VaultDamaged(LiuhenError):
    """The vault's own records contradict each other or cannot be read; a person must look."""

    def __init__(self, sha256: str, what: str) -> None:
        super().__init__(f"保管库对象 {sha256}：{what}；请停止写入，与备份核对后处理。")
        self.sha256 = sha256


def require_name(sha256: str) -> str:
    """Give back a well-formed name. Raises BadInput otherwise, so that no name can ever become a path of its own."""
    if not _NAME.fullmatch(sha256):
        raise BadInput("sha256", f"“{sha256[:80]}”不是 64 位小写十六进制 SHA-256 摘要，请核对")
    return sha256


def require_range(start: int, length: int | None) -> None:
    """Raises BadInput for a range that no file can have."""
    if start < 0 or (length is not None and length < 0):
        raise BadInput("range", f"读取范围 start={start}, length={length} 无效，起点和长度都不能为负")


def require_expected(found: Digests, expect: Digests | None) -> None:
    """Raises DigestMismatch when the announced digests are not those of the bytes."""
    if expect is not None and found != expect:
        raise DigestMismatch(expect, found)
