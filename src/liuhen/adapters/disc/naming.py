"""The three names a file has on a disc: a number for ISO 9660, a short one for Joliet, the full one for Rock Ridge and UDF.

Invariant: UDF and Rock Ridge keep the full name; what cannot keep it there is refused before anything is written.
Spec: ECMA-119; Joliet (UCS-2, 64 bytes as pycdlib counts them); OSTA UDF 2.60 section 2.3.4.2.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count

from liuhen.adapters.disc.refusals import ImageRefused
from liuhen.core.bag.names import is_safe

_JOLIET_BYTES = 64
_JOLIET_FORBIDDEN = re.compile(r"[*/:;?\\\x00-\x1f\U00010000-\U0010ffff]")
_UDF_CHARACTERS = 126
_ROCK_RIDGE_BYTES = 250
_DEEPEST = 7


@dataclass(frozen=True, slots=True)
class DiscPaths:
    """Where one file or folder lies in each tree of the image, and its Rock Ridge name."""

    iso: str
    joliet: str
    udf: str
    rock_ridge: str


@dataclass(slots=True)
class DiscFolder:
    """A folder being laid out: it hands out names that no sibling has."""

    paths: DiscPaths
    depth: int = 0
    _numbers: Iterator[int] = field(default_factory=lambda: count(1))
    _taken: set[str] = field(default_factory=set)

    def child(self, name: str, *, folder: bool) -> DiscPaths:
        """Name a child in every tree; raises ImageRefused for a name UDF or Rock Ridge cannot hold in full."""
        _require_holdable(f"{self.paths.udf}/{name}", name, self.depth + folder)
        number = next(self._numbers)
        return DiscPaths(
            iso=f"{self.paths.iso}/{f'D{number:07d}' if folder else f'F{number:07d}.;1'}",
            joliet=f"{self.paths.joliet}/{self._short(name)}",
            udf=f"{self.paths.udf}/{name}",
            rock_ridge=name,
        )

    def _short(self, name: str) -> str:
        clean = _JOLIET_FORBIDDEN.sub("_", name)
        stem, dot, ending = clean.rpartition(".")
        ending = dot + ending if stem and len((dot + ending).encode()) <= 12 else ""
        stem = clean[: len(clean) - len(ending)]
        for number in count():
            mark = f"~{number}" if number else ""
            short = _cut(stem, _JOLIET_BYTES - len((mark + ending).encode())) + mark + ending
            if (short == clean or mark) and short.casefold() not in self._taken:
                self._taken.add(short.casefold())
                return short
        raise AssertionError("count() does not end")


def root() -> DiscFolder:
    """Give the top folder of an image."""
    return DiscFolder(DiscPaths("", "", "", ""))


def _cut(text: str, size: int) -> str:
    return text.encode()[:size].decode(errors="ignore")


def _require_holdable(path: str, name: str, depth: int) -> None:
    if len(name.encode("utf-16-be", "surrogatepass")) > 2 * _UDF_CHARACTERS:
        raise ImageRefused(f"{path}：文件名超过光盘允许的 {_UDF_CHARACTERS} 个字符；请缩短文件名后重试")
    if len(name.encode("utf-8", "surrogatepass")) > _ROCK_RIDGE_BYTES:
        raise ImageRefused(f"{path}：文件名超过 {_ROCK_RIDGE_BYTES} 字节，光盘无法完整保存；请缩短文件名后重试")
    if not is_safe(name) or any(ord(char) < 32 for char in name):
        raise ImageRefused(f"{path!r}：文件名含有光盘或其他系统不能接受的字符（如反斜杠、换行）；请改名后重试")
    if any(0xD800 <= ord(char) <= 0xDFFF for char in name):
        raise ImageRefused(f"{path!r}：文件名不是有效的 UTF-8 文字；请改名后重试")
    if depth > _DEEPEST:
        raise ImageRefused(f"{path}：目录层级超过光盘允许的 {_DEEPEST} 层；请减少层级后重试")
