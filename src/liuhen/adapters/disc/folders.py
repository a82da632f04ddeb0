"""Packages that the standard library can open: a folder, a zip file.

Invariant: a name that leads out of the package, a link, or an entry that would unpack without measure is refused; nothing is
unpacked to disk. Standard library only: this file travels in the stand-alone verifier.
"""

import os
import stat
import zipfile
from pathlib import Path
from types import TracebackType
from typing import Protocol

from liuhen.adapters.disc.reading import UNREADABLE, EntryReader
from liuhen.adapters.disc.refusals import DamagedPackage
from liuhen.core.bag.manifests import DECLARATION
from liuhen.core.bag.names import is_safe

_MOST_FILES = 1_000_000
_UTF8_NAME = 0x800
_ENCRYPTED = 0x1
_FREE_SIZE = 16 << 20  # an entry may unpack to this much whatever it was packed in
_LARGEST_RATIO = 200


class Container(Protocol):
    """A package opened for reading; close it, or use it as a context manager."""

    def list_files(self) -> list[str]: ...
    def open(self, name: str) -> EntryReader: ...
    def close(self) -> None: ...
    def __enter__(self) -> "Container": ...
    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...


class _Closing:
    def close(self) -> None:
        """Release what is held; a folder holds nothing."""

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


class FolderContainer(_Closing):
    """A package lying in a folder; links and special files in it are refused."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._names = frozenset(self._walk())

    def __enter__(self) -> "FolderContainer":
        return self

    def list_files(self) -> list[str]:
        """Give the names of all files, relative, with "/" between folders, sorted."""
        return sorted(self._names)

    def open(self, name: str) -> EntryReader:
        """Open a file for reading in pieces."""
        if name not in self._names:
            raise DamagedPackage(f"{self._folder} 中没有文件 {name}；请核对清单")
        source = (self._folder / name).open("rb")
        return EntryReader(source, os.fstat(source.fileno()).st_size, name)

    def _walk(self) -> list[str]:
        names = []
        for folder, folders, files in os.walk(self._folder, onerror=_refuse_unreadable):
            for item in (*folders, *files):
                path = Path(folder, item)
                mode = path.lstat().st_mode
                if not (stat.S_ISREG(mode) or stat.S_ISDIR(mode)):
                    raise DamagedPackage(f"{path} 是链接或特殊文件，不属于档案包；已拒绝打开")
            names += [Path(folder, file).relative_to(self._folder).as_posix() for file in files]
        return names


class ZipContainer(_Closing):
    """A package in a zip file, read in place."""

    def __init__(self, path: Path) -> None:
        self._path = path
        try:
            self._zip = zipfile.ZipFile(path)
        except UNREADABLE as error:
            raise DamagedPackage(f"{path} 无法读取（{error}）；zip 文件已损坏，请重新取得") from error
        try:
            self._entries = self._index()
        except BaseException:
            self._zip.close()
            raise

    def __enter__(self) -> "ZipContainer":
        return self

    def list_files(self) -> list[str]:
        """Give the names of all files, relative, with "/" between folders, sorted."""
        return sorted(self._entries)

    def open(self, name: str) -> EntryReader:
        """Open a file for reading in pieces; its checksum is compared at the end."""
        if name not in self._entries:
            raise DamagedPackage(f"{self._path} 中没有文件 {name}；请核对清单")
        entry = self._entries[name]
        try:
            return EntryReader(self._zip.open(entry), entry.file_size, name)
        except (*UNREADABLE, RuntimeError) as error:
            raise DamagedPackage(f"{self._path} 中的 {name} 无法打开（{error}）；请重新取得档案包") from error

    def close(self) -> None:
        """Release the zip file."""
        self._zip.close()

    def _index(self) -> dict[str, zipfile.ZipInfo]:
        entries: dict[str, zipfile.ZipInfo] = {}
        for entry in self._zip.infolist():
            name = _name_of(entry)
            if entry.is_dir():
                name = name.rstrip("/")
            if not is_safe(name) or name in entries or len(entries) >= _MOST_FILES:
                raise DamagedPackage(f"{self._path} 含有不安全或重复的路径“{name}”；已拒绝打开")
            if not entry.is_dir():
                self._require_plain(entry, name)
                entries[name] = entry
        if sum(entry.compress_size for entry in entries.values()) > self._path.stat().st_size:
            raise DamagedPackage(f"{self._path} 的条目互相重叠，是解压炸弹；已拒绝打开")
        return entries

    def _require_plain(self, entry: zipfile.ZipInfo, name: str) -> None:
        if entry.flag_bits & _ENCRYPTED:
            raise DamagedPackage(f"{self._path} 中的 {name} 加了密码；请先解密再核对")
        kind = stat.S_IFMT(entry.external_attr >> 16)
        if kind not in (0, stat.S_IFREG):
            raise DamagedPackage(f"{self._path} 中的 {name} 是链接或特殊文件；已拒绝打开")
        if entry.file_size > max(_FREE_SIZE, entry.compress_size * _LARGEST_RATIO):
            raise DamagedPackage(f"{self._path} 中的 {name} 解压后会异常膨胀，是解压炸弹；已拒绝打开")


class _Wrapped(_Closing):
    """A package inside the single folder that wraps it."""

    def __init__(self, inner: Container, prefix: str) -> None:
        self._inner = inner
        self._prefix = prefix

    def __enter__(self) -> "_Wrapped":
        return self

    def list_files(self) -> list[str]:
        return [name.removeprefix(self._prefix) for name in self._inner.list_files()]

    def open(self, name: str) -> EntryReader:
        return self._inner.open(self._prefix + name)

    def close(self) -> None:
        self._inner.close()


def rooted(container: Container) -> Container:
    """Look through a single wrapping folder, as zip programs make it, when the package lies directly in it."""
    names = container.list_files()
    tops = {name.partition("/")[0] for name in names}
    if len(tops) == 1 and f"{(top := tops.pop())}/{DECLARATION}" in names:
        return _Wrapped(container, f"{top}/")
    return container


def _name_of(entry: zipfile.ZipInfo) -> str:
    """Give the name; Windows Explorer writes Chinese names in GBK without saying so, and zipfile takes them for CP437."""
    if entry.flag_bits & _UTF8_NAME:
        return entry.filename
    try:
        return entry.filename.encode("cp437").decode("gb18030")
    except UnicodeError:
        return entry.filename


def _refuse_unreadable(error: OSError) -> None:
    raise DamagedPackage(f"{error.filename} 无法读取（{error.strerror}）；请核对访问权限") from error
