"""接收上传的音像: a stream becomes a file on this disk and is then taken in like any other.

Invariant: nothing is taken in that is shorter, longer or other than the sender said; whatever happens, the passing copy is
gone afterwards, and what a killed process left is removed by a later upload.
"""

import errno
import hashlib
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from liuhen.adapters.vault.port import DiskFull
from liuhen.core.kernel.errors import BadInput, LiuhenError
from liuhen.flows.access import Permission, require
from liuhen.flows.claims import Claims
from liuhen.flows.ingest import Ingested, ingest_file
from liuhen.flows.occasion import Occasion
from liuhen.flows.office import office
from liuhen.flows.sender import file_name, require_enrolled

_BLOCK = 1 << 20
_ABANDONED = timedelta(days=2)
_NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


class UploadCut(LiuhenError):
    """The stream ended before it had given what it announced."""


@dataclass(frozen=True, slots=True)
class Upload:
    """What a sender says of a file: its own name for it, its size in bytes, and, if it knows, its SHA-256."""

    name: str
    size: int
    sha256: str | None = None
    device: str | None = None
    officer: str | None = None


def receive_recording(occasion: Occasion, upload: Upload, read: Callable[[int], bytes]) -> Ingested:
    """Take a file in from `read(most)`, which gives b"" at the end.

    Raises NotAllowed, BadInput naming the field, UploadCut, DiskFull. Sending the same bytes again gives `known`.
    """
    require(occasion.actor, Permission.INGEST)
    name = file_name(upload.name, "name")
    require_enrolled(occasion.actor.agency, officer=upload.officer, device=upload.device)
    with _passing_place(occasion.at) as folder:
        path = folder / name
        found = _spool(path, upload.size, read)
        if upload.sha256 is not None and found != upload.sha256:
            raise BadInput("sha256", "收到的内容与所写的 SHA-256 不一致，可能在传输中损坏；请重新上传")
        row = ingest_file(path, occasion, Claims(way="接口", device=upload.device, officer=upload.officer))
    return replace(row, path=name)


@contextmanager
def _passing_place(at: datetime) -> Iterator[Path]:
    root = office().data / "uploads"
    root.mkdir(parents=True, exist_ok=True)
    _remove_abandoned(root, at - _ABANDONED)
    folder = Path(tempfile.mkdtemp(dir=root))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _remove_abandoned(root: Path, before: datetime) -> None:
    for entry in root.iterdir():
        try:
            abandoned = entry.stat().st_mtime < before.timestamp()
        except FileNotFoundError:
            continue  # its upload has just ended
        if abandoned:
            shutil.rmtree(entry, ignore_errors=True)


def _spool(path: Path, size: int, read: Callable[[int], bytes]) -> str:
    """Write the stream to a file and give its SHA-256. Raises UploadCut, DiskFull."""
    digest, left = hashlib.sha256(), size
    try:
        with path.open("xb") as file:
            while left and (block := _next_block(read, min(_BLOCK, left))):
                file.write(block)
                digest.update(block)
                left -= len(block)
    except OSError as error:
        if error.errno in _NO_ROOM:
            raise DiskFull(str(path.parent.parent)) from None
        raise
    if left:
        raise UploadCut(f"上传中断，应有 {size} 字节，还差 {left} 字节，没有入库；请重新上传")
    return digest.hexdigest()


def _next_block(read: Callable[[int], bytes], most: int) -> bytes:
    try:
        return read(most)
    except OSError:
        raise UploadCut("上传中断，文件没有入库；请重新上传") from None
