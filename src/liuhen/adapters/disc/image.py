"""Read a disc image: by the full names of UDF, else of Rock Ridge, else of Joliet.

Invariant: data is streamed; an image that is cut, looped or hostile raises DamagedPackage and never gives part of a file.
"""

import struct
from contextlib import AbstractContextManager
from io import BytesIO
from pathlib import Path
from types import TracebackType
from typing import Any, cast

from pycdlib import PyCdlib
from pycdlib.pycdlibexception import PyCdlibException

from liuhen.adapters.disc.reading import UNREADABLE as ENTRY_UNREADABLE
from liuhen.adapters.disc.reading import EntryReader, Source
from liuhen.adapters.disc.refusals import DamagedPackage, NotAPackage
from liuhen.core.bag.names import is_safe

_SECTOR = 2048
_DESCRIPTORS = 16 * _SECTOR
_RECOGNIZED = (b"CD001", b"BEA01", b"NSR02", b"NSR03")
_MOST_FILES = 1_000_000
_DEEPEST = 64

# A hostile image reaches the plain Python errors as well as the library's own.
UNREADABLE = (PyCdlibException, *ENTRY_UNREADABLE)


class _Guarded:
    """An entry whose library errors read as damage to whoever reads it."""

    def __init__(self, source: Source) -> None:
        self._source = source

    def read(self, size: int, /) -> bytes:
        try:
            return self._source.read(size)
        except PyCdlibException as error:
            raise ValueError(str(error)) from error

    def close(self) -> None:
        self._source.close()


def is_image(path: Path) -> bool:
    """Say whether a file begins as a disc image does; a folder or a missing file does not."""
    try:
        with path.open("rb") as image:
            image.seek(_DESCRIPTORS)
            return image.read(6)[1:] in _RECOGNIZED
    except OSError:
        return False


def open_image(path: Path) -> "DiscImage":
    """Open a disc image (or the device of a disc).

    Raises NotAPackage when it is none, DamagedPackage when it is cut or its structures make no sense.
    """
    if not is_image(path):
        raise NotAPackage(f"{path} 不是光盘映像；请给出 .iso 文件或光盘设备")
    _require_whole(path)
    disc = PyCdlib()
    try:
        disc.open(str(path))
    except UNREADABLE as error:
        raise DamagedPackage(f"{path} 的光盘结构无法读取（{error}）；映像已损坏，请重新取得") from error
    try:
        return DiscImage(path, disc)
    except BaseException:
        disc.close()
        raise


class DiscImage:
    """An opened image: what it holds, and one file at a time."""

    def __init__(self, path: Path, disc: PyCdlib) -> None:
        self._path = path
        self._disc = disc
        self._kind = _naming_of(path, disc)
        self._sizes = self._walk()

    def list_files(self) -> list[str]:
        """Give the names of all files, relative, with "/" between folders, sorted."""
        return sorted(self._sizes)

    def open(self, name: str) -> EntryReader:
        """Open a file for reading in pieces; raises DamagedPackage for a name that is not in the image."""
        if name not in self._sizes:
            raise DamagedPackage(f"{self._path} 中没有文件 {name}；请核对清单")
        try:
            if not self._sizes[name]:
                return EntryReader(BytesIO(), 0, name)  # an empty file has no place in the image
            handle = cast(AbstractContextManager[Source], self._disc.open_file_from_iso(**{self._kind: f"/{name}"}))
            return EntryReader(_Guarded(handle.__enter__()), self._sizes[name], name)
        except UNREADABLE as error:
            raise DamagedPackage(f"{self._path} 中的 {name} 无法打开（{error}）；映像已损坏，请重新取得") from error

    def close(self) -> None:
        """Release the image."""
        self._disc.close()

    def __enter__(self) -> "DiscImage":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _walk(self) -> dict[str, int]:
        sizes: dict[str, int] = {}
        folders = [""]
        try:
            while folders:
                folder = folders.pop()
                for record in self._disc.list_children(**{self._kind: f"/{folder}"}):
                    if record is None or record.is_dot() or record.is_dotdot():
                        continue
                    name = self._join(folder, _name_of(record, self._kind), len(sizes) + len(folders))
                    if record.is_dir():
                        folders.append(name)
                    elif name in sizes:
                        raise DamagedPackage(f"{self._path} 两次列出文件“{name}”；已拒绝打开")
                    else:
                        sizes[name] = record.get_data_length()
        except UNREADABLE as error:
            raise DamagedPackage(f"{self._path} 的目录无法读取（{error}）；映像已损坏，请重新取得") from error
        return sizes

    def _join(self, folder: str, child: str, seen: int) -> str:
        name = f"{folder}/{child}" if folder else child
        if not is_safe(name) or "/" in child:
            raise DamagedPackage(f"{self._path} 含有不安全的文件名“{name}”；已拒绝打开")
        if seen >= _MOST_FILES or name.count("/") >= _DEEPEST:
            raise DamagedPackage(f"{self._path} 的文件过多或层级过深，不可能是档案包；已拒绝打开")
        return name


def _name_of(record: Any, kind: str) -> str:
    """Give the full name of a directory entry in the tree it was read from."""
    raw: bytes
    if kind == "udf_path":
        raw, encoding = record.file_ident.fi, record.file_ident.encoding
    elif kind == "rr_path":
        raw, encoding = record.rock_ridge.name(), "utf-8"
    else:
        raw, encoding = record.file_identifier(), "utf-16-be"
    return raw.decode(encoding)


def _naming_of(path: Path, disc: PyCdlib) -> str:
    for kind, present in (
        ("udf_path", disc.has_udf()),
        ("rr_path", disc.has_rock_ridge()),
        ("joliet_path", disc.has_joliet()),
    ):
        if present:
            return kind
    raise NotAPackage(f"{path} 没有完整的文件名（UDF、Rock Ridge 或 Joliet）；请用原始映像核对")


def _require_whole(path: Path) -> None:
    """Compare the length with what the first volume descriptor announces (ECMA-119 8.4.8, 8.4.12)."""
    with path.open("rb") as image:
        image.seek(_DESCRIPTORS)
        head = image.read(_SECTOR)
        actual = image.seek(0, 2)
    if len(head) < _SECTOR:
        raise DamagedPackage(f"{path} 的开头就已残缺；映像不完整，请重新取得")
    if head[1:6] == b"CD001":
        (blocks,), (size,) = struct.unpack_from("<I", head, 80), struct.unpack_from("<H", head, 128)
        if actual < blocks * size:
            raise DamagedPackage(f"{path} 应有 {blocks * size} 字节，实有 {actual} 字节；映像不完整，请重新取得")
