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
from liuhen.flows.ground import agency_facts
from liuhen.flows.ingest import Ingested, ingest_file
from liuhen.flows.occasion import Occasion
from liuhen.flows.office import office

_BLOCK = 1 << 20
_LONGEST_NAME = 200  # bytes in UTF-8; file systems take 255
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
    _require_file_name(upload.name)
    _require_enrolled(occasion, upload)
    with _passing_place(occasion.at) as folder:
        path = folder / upload.name
        found = _spool(path, upload.size, read)
        if upload.sha256 is not None and found != upload.sha256:
            raise BadInput("sha256", "收到的内容与所写的 SHA-256 不一致，可能在传输中损坏；请重新上传")
        row = ingest_file(path, occasion, Claims(way="接口", device=upload.device, officer=upload.officer))
    return replace(row, path=upload.name)


def _require_file_name(name: str) -> None:
    """Refuse every name that could lead anywhere but into the passing folder."""
    if name in ("", ".", "..") or any(char in "/\\" or not char.isprintable() for char in name):
        raise BadInput("name", "文件名不能为空，不能含有斜杠、反斜杠或控制字符；请只写文件名本身")
    if len(name.encode("utf-8", "surrogatepass")) > _LONGEST_NAME:
        raise BadInput("name", f"文件名超过 {_LONGEST_NAME} 字节；请缩短后重新上传")


def _require_enrolled(occasion: Occasion, upload: Upload) -> None:
    if upload.device is None and upload.officer is None:
        return
    agency = agency_facts(occasion.actor.agency).agency
    if upload.officer is not None and upload.officer not in agency.officers:
        raise BadInput("officer", "本机关名册上没有这名人员；请核对编号")
    if upload.device is not None and upload.device not in agency.devices:
        raise BadInput("device", "本机关没有登记这台设备；请先由系统管理员登记")


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
