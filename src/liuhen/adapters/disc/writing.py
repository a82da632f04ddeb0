"""Write a folder as a disc image: ISO 9660 for old readers, Joliet for Windows, Rock Ridge and UDF with the full names.

Invariant: the image appears whole or not at all, file data is streamed, and the same folder, label and moment give the same
bytes. Nothing of the machine (clock, zone, owner, file times) gets in.
"""

import errno
import os
import shutil
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

from pycdlib import PyCdlib
from pycdlib.pycdlibexception import PyCdlibException

from liuhen.adapters.disc.naming import DiscFolder, DiscPaths, root
from liuhen.adapters.disc.refusals import ImageRefused
from liuhen.adapters.disc.stamping import stamp, stamp_written

_FILE_MODE = 0o100444
_FOLDER_MODE = 0o040555
_BLOCK = 1 << 20
_LARGEST_LABEL = 15
_OVERHEAD = 1 << 20
_OVERHEAD_A_FILE = 8 << 10
_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)

Progress = Callable[[int, int], None]


def write_image(folder: Path, image_path: Path, *, label: str, at: datetime, progress: Progress | None = None) -> None:
    """Write `folder` as a disc image at `image_path`, replacing an image already there.

    `label`: the volume name, at most 15 characters; `at`: the moment every date of the image carries; `progress` is told
    (bytes done, bytes in all). Raises ImageRefused for a name, tree or date the disc cannot hold, or a full disk.
    """
    if not folder.is_dir():
        raise ImageRefused(f"{folder} 不是文件夹；请给出要刻录的档案包文件夹")
    if not 1 <= len(label) <= _LARGEST_LABEL or any(ord(char) < 32 or ord(char) > 0xFFFF for char in label):
        raise ImageRefused(f"光盘卷标“{label}”应为 1 至 {_LARGEST_LABEL} 个字符，不含控制字符和生僻扩展字；请缩短卷标")
    if at.tzinfo is None or not 1970 <= at.year <= 2155:
        raise ImageRefused(f"光盘日期 {at} 应带时区，并在 1970 至 2155 年之间；请核对时间")
    image = PyCdlib()
    image.new(interchange_level=3, joliet=3, rock_ridge="1.09", udf="2.60", vol_ident=_ascii(label))
    try:
        names, size = _lay_out(image, folder)
        _require_room(image_path.parent, size)
        stamp(image, label, at, "\n".join([label, *names]))
        _write_whole(image, image_path, at, progress)
    except PyCdlibException as error:
        raise ImageRefused(f"{folder} 无法写成光盘映像（{error}）；请核对文件名和目录层级") from error
    finally:
        image.close()


def _ascii(label: str) -> str:
    """Give what ISO 9660 can hold of a label: capitals, digits and underscores; a Chinese one lives in UDF and Joliet."""
    kept = "".join(char if char.isascii() and char.isalnum() else "_" for char in label.upper()).strip("_")
    return kept or "LIUHEN"


def _lay_out(image: PyCdlib, folder: Path) -> tuple[list[str], int]:
    """Enter every folder and file, in sorted order; give their paths and the bytes they will need."""
    names: list[str] = []
    size = _OVERHEAD
    for path, paths in _tree(folder, root()):
        names.append(paths.udf)
        size += _OVERHEAD_A_FILE
        if path.is_dir():
            image.add_directory(
                paths.iso,
                rr_name=paths.rock_ridge,
                joliet_path=paths.joliet,
                udf_path=paths.udf,
                file_mode=_FOLDER_MODE,
            )
        else:
            size += path.stat().st_size
            image.add_file(
                str(path),
                paths.iso,
                rr_name=paths.rock_ridge,
                joliet_path=paths.joliet,
                udf_path=paths.udf,
                file_mode=_FILE_MODE,
            )
    return names, size


def _tree(folder: Path, place: DiscFolder) -> Iterator[tuple[Path, DiscPaths]]:
    for path in sorted(folder.iterdir(), key=lambda item: item.name):
        if path.is_symlink() or not (path.is_dir() or path.is_file()):
            raise ImageRefused(f"{path} 是链接或特殊文件，不能刻录；请换成普通文件")
        paths = place.child(path.name, folder=path.is_dir())
        yield path, paths
        if path.is_dir():
            yield from _tree(path, DiscFolder(paths, place.depth + 1))


def _require_room(folder: Path, size: int) -> None:
    free = shutil.disk_usage(folder).free
    if free < size:
        raise ImageRefused(f"{folder} 剩余 {free >> 20} MB，映像约需 {size >> 20} MB；请清理磁盘或另选位置")


def _write_whole(image: PyCdlib, image_path: Path, at: datetime, progress: Progress | None) -> None:
    partial = image_path.with_name(f".{image_path.name}.{os.getpid()}.part")
    try:
        with partial.open("w+b") as out:
            image.write_fp(out, _BLOCK, None if progress is None else lambda done, total, _: progress(done, total))
            stamp_written(out, at)
            out.flush()
            os.fsync(out.fileno())
        partial.replace(image_path)
        _sync_folder(image_path.parent)
    except OSError as error:
        if error.errno in _FULL:
            raise ImageRefused(f"{image_path.parent} 磁盘已满，映像未写成；请清理磁盘或另选位置") from error
        raise
    finally:
        partial.unlink(missing_ok=True)


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
