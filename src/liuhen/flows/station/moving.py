"""Putting a delivered file out of the way, after what became of it stands in the ledger.

Invariant: a source is never deleted, overwritten or copied: it gets another name in the same file system, or stays where it is.
"""

import errno
import os
from contextlib import suppress
from itertools import count
from pathlib import Path

from liuhen.core.kernel.errors import BadInput

STORED, ASIDE = "已入库", "已隔离"
_NO_LINKS = {errno.EPERM, errno.EOPNOTSUPP, errno.EMLINK, errno.ENOSYS}


def places_in(done: Path) -> tuple[Path, Path]:
    """Give the folders for what was taken in and for what was set aside."""
    return done / STORED, done / ASIDE


def require_place(done: Path, folder: Path) -> None:
    """Make the folders ready. Raises BadInput where files could only be moved by copying and deleting."""
    try:
        for place in places_in(done):
            place.mkdir(parents=True, exist_ok=True)
        same = done.stat().st_dev == folder.stat().st_dev
    except OSError as error:
        raise BadInput("--move-to", f"{done} 不能使用（{error.strerror}）；请换一个可写的文件夹") from None
    if not same:
        raise BadInput(
            "--move-to", f"{done} 与采集文件夹不在同一个磁盘上，移过去等于复制后删除原件；请写同一磁盘上的文件夹"
        )


def move(path: Path, folder: Path, place: Path) -> Path:
    """Give a file its name under `place`, as it stood under `folder`; gives where it is now. Raises OSError.

    Killed between the two names, the file has both, and the next move takes the old one away.
    """
    wanted = place / path.relative_to(folder)
    wanted.parent.mkdir(parents=True, exist_ok=True)
    for number in count(1):
        target = wanted if number == 1 else wanted.with_name(f"{wanted.stem} ({number}){wanted.suffix}")
        try:
            os.link(path, target, follow_symlinks=False)
        except FileExistsError:
            if not _is_same(path, target):
                continue
        except OSError as error:
            if error.errno not in _NO_LINKS:
                raise
            if not _rename(path, target):
                continue
            return target
        path.unlink()
        return target
    raise AssertionError("unreachable")


def _is_same(path: Path, target: Path) -> bool:
    one, other = path.lstat(), target.lstat()
    return (one.st_dev, one.st_ino) == (other.st_dev, other.st_ino)


def _rename(path: Path, target: Path) -> bool:
    """Move on a file system without links (cards): the name is taken first, so that nothing of another's is overwritten."""
    try:
        os.close(os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY))
    except FileExistsError:
        return False
    try:
        path.rename(target)
    except OSError:
        with suppress(OSError):
            if target.stat().st_size == 0:
                target.unlink()
        raise
    return True
