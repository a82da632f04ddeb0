"""The vault on a local disk, the embedded default.

Invariant: under `objects/` stands only what is whole: bytes flushed, made read-only, their digests written beside them first,
then linked into place by a call that cannot overwrite. `kill -9` or a power cut at any moment leaves at most a file under
`incoming/`, which `sweep` removes.
"""

import errno
import fcntl
import io
import os
import secrets
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO, cast

from liuhen.adapters.vault.durable import DurableFile, flush_folder
from liuhen.adapters.vault.port import (
    DiskFull,
    Fixity,
    ObjectMissing,
    Progress,
    Stored,
    VaultDamaged,
    require_expected,
    require_name,
    require_range,
)
from liuhen.adapters.vault.ranges import Window
from liuhen.adapters.vault.stream import digest_stream
from liuhen.core.kernel import canonical
from liuhen.core.kernel.digests import Digests
from liuhen.core.kernel.errors import BadInput, LiuhenError

_NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_NO_LINKS = {errno.EPERM, errno.EOPNOTSUPP, errno.EMLINK}
_KEPT = ".digests"


class LinksRefused(LiuhenError):
    """The file system cannot link, so nothing can be put in place without the risk of overwriting."""

    def __init__(self, root: Path) -> None:
        super().__init__(
            f"{root}：该文件系统不支持硬链接，无法保证只写一次；请把保管库放在 ext4、XFS 等本地文件系统上。"
        )


class LocalVault:
    """Objects under `ROOT/objects/ab/cd/<sha256>`, their digests beside them, unfinished writing under `ROOT/incoming`."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._objects = root / "objects"
        self._incoming = root / "incoming"
        self._objects.mkdir(parents=True, exist_ok=True)
        self._incoming.mkdir(parents=True, exist_ok=True)

    def store(self, source: BinaryIO, *, expect: Digests | None = None, progress: Progress | None = None) -> Stored:
        """Take in a stream; see Vault.store. Raises DigestMismatch, DiskFull, LinksRefused, VaultDamaged."""
        try:
            with self._new_part() as part:
                digests = digest_stream(source, part.write, progress)
                require_expected(digests, expect)
                part.finish()
                return Stored(digests, self._publish(part.path, digests))
        except OSError as error:
            if error.errno in _NO_ROOM:
                raise DiskFull(str(self._root)) from error
            raise

    def open(self, sha256: str, start: int = 0, length: int | None = None) -> BinaryIO:
        """Open an object or a range of it; see Vault.open. Raises ObjectMissing, BadInput."""
        require_range(start, length)
        try:
            file = self.path(sha256).open("rb")
        except FileNotFoundError:
            raise ObjectMissing(sha256) from None
        file.seek(start)
        if length is None:
            return file
        return io.BufferedReader(cast(Any, Window(file, length)))

    def stat(self, sha256: str) -> Digests | None:
        """Give the kept digests; see Vault.stat. Raises VaultDamaged."""
        try:
            size = self.path(sha256).stat().st_size
        except FileNotFoundError:
            return None
        kept = _read_kept(self._kept_path(sha256), sha256)
        if kept.size != size:
            raise VaultDamaged(sha256, f"文件大小为 {size} 字节，入库时为 {kept.size} 字节")
        return kept

    def iterate(self) -> Iterator[str]:
        """Give all names in ascending order."""
        for folder in sorted(self._objects.glob("[0-9a-f][0-9a-f]/[0-9a-f][0-9a-f]")):
            yield from sorted(entry.name for entry in os.scandir(folder) if not entry.name.endswith(_KEPT))

    def check(self, sha256: str) -> Fixity:
        """Re-hash an object; see Vault.check."""
        try:
            kept = _read_kept(self._kept_path(sha256), sha256)
        except VaultDamaged:
            kept = None  # reported as a failed finding by Fixity
        try:
            with self.path(sha256).open("rb", buffering=0) as file:
                found = digest_stream(cast(BinaryIO, file))
        except OSError:
            return Fixity(sha256, kept, None)
        return Fixity(sha256, kept, found)

    def path(self, sha256: str) -> Path:
        """Give where an object stands or would stand, for sending it without copying. Raises BadInput for a bad name."""
        require_name(sha256)
        return self._objects / sha256[:2] / sha256[2:4] / sha256

    def sweep(self, older_than: datetime) -> int:
        """Remove what killed writers left and nobody has touched since `older_than`; give how many files went.

        A living writer holds a lock on its file, so it is spared however slow its source is.
        """
        gone = 0
        for entry in self._incoming.iterdir():
            try:
                stale = entry.stat().st_mtime < older_than.timestamp()
                if stale and _is_abandoned(entry):
                    entry.unlink()
                    gone += 1
            except FileNotFoundError:
                continue  # its writer has just finished
        return gone

    def _new_part(self) -> DurableFile:
        part = DurableFile(self._incoming / f"{secrets.token_hex(16)}.part")
        fcntl.flock(part.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
        return part

    def _publish(self, part: Path, digests: Digests) -> bool:
        """Give the part its final name, digests first; False when the object was there already."""
        target = self.path(digests.sha256)
        target.parent.mkdir(parents=True, exist_ok=True)
        self._keep(digests)
        fresh = self._link(part, target)
        if not fresh and self.stat(digests.sha256) != digests:
            raise VaultDamaged(digests.sha256, "已有对象与本次内容不一致")
        # All three, even if others made them: their flush may still be under way when we say "stored".
        for folder in (target.parent, target.parent.parent, self._objects):
            flush_folder(folder)
        return fresh

    def _keep(self, digests: Digests) -> None:
        kept = self._kept_path(digests.sha256)
        if not kept.exists():
            with self._new_part() as note:
                note.write(memoryview(_render_kept(digests)))
                note.finish()
                self._link(note.path, kept)
            flush_folder(kept.parent)
        if _read_kept(kept, digests.sha256) != digests:
            raise VaultDamaged(digests.sha256, "已有的摘要记录与本次内容不一致")

    def _link(self, part: Path, target: Path) -> bool:
        try:
            os.link(part, target)
        except FileExistsError:
            return False
        except OSError as error:
            if error.errno in _NO_LINKS:
                raise LinksRefused(self._root) from error
            raise
        return True

    def _kept_path(self, sha256: str) -> Path:
        return self.path(sha256).with_name(sha256 + _KEPT)


def _is_abandoned(part: Path) -> bool:
    with part.open("rb") as file:
        try:
            fcntl.flock(file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
    return True


def _render_kept(digests: Digests) -> bytes:
    # Frozen: these files stay beside their objects for the whole retention period.
    return canonical.render({"sha256": digests.sha256, "size": digests.size, "sm3": digests.sm3})


def _read_kept(path: Path, sha256: str) -> Digests:
    try:
        value = canonical.parse(path.read_bytes(), str(path))
        kept = Digests(sha256=value["sha256"], sm3=value["sm3"], size=value["size"])
    except (OSError, BadInput, KeyError, TypeError) as error:
        raise VaultDamaged(sha256, "摘要记录缺失或无法读取") from error
    if kept.sha256 != sha256:
        raise VaultDamaged(sha256, "摘要记录写的是另一个对象")
    return kept
