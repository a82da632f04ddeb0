"""One file of a container, read in pieces.

Invariant: the reader gives exactly the bytes its container announced; fewer, or an error of the container's library, is a
DamagedPackage, never a quiet end of file.
"""

import struct
import zipfile
import zlib
from types import TracebackType
from typing import Protocol

from liuhen.adapters.disc.refusals import DamagedPackage

# What libraries raise on bytes they did not expect. Standard library only: this file travels in the stand-alone verifier.
UNREADABLE = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    LookupError,
    ValueError,
    TypeError,
    AttributeError,
    NotImplementedError,
    RecursionError,
    OverflowError,
)


class Source(Protocol):
    """What a library gives for an opened entry."""

    def read(self, size: int, /) -> bytes: ...
    def close(self) -> None: ...


class EntryReader:
    """An open entry of a container; use it as a context manager or close it."""

    def __init__(self, source: Source, size: int, name: str) -> None:
        self._source = source
        self._left = size
        self._name = name

    def read(self, size: int = -1, /) -> bytes:
        """Give up to `size` bytes (all that is left when negative), b"" at the end.

        Raises DamagedPackage when the container ends early or its checksum fails.
        """
        wanted = self._left if size < 0 else min(size, self._left)
        if not wanted:
            self._check_end()
            return b""
        try:
            data = self._source.read(wanted)
        except UNREADABLE as error:
            raise DamagedPackage(f"文件 {self._name} 无法读取（{error}）；该包已损坏，请重新取得") from error
        if not data:
            raise DamagedPackage(f"文件 {self._name} 缺少末尾 {self._left} 字节；该包不完整，请重新取得")
        self._left -= len(data)
        return data

    def close(self) -> None:
        """Release the entry."""
        self._source.close()

    def __enter__(self) -> "EntryReader":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _check_end(self) -> None:
        """Let the library look at the end: a zip checks its checksum only there."""
        try:
            more = self._source.read(1)
        except UNREADABLE as error:
            raise DamagedPackage(f"文件 {self._name} 校验失败（{error}）；该包已损坏，请重新取得") from error
        if more:
            raise DamagedPackage(f"文件 {self._name} 比目录所记的长；该包已损坏或被伪造，请重新取得")
