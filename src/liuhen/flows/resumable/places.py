"""Where pieces lie until the file is whole: one folder an upload, under a folder of its owner.

Invariant: the offset of an upload is the size of its file and nothing else; a place is looked for under the asker's own
folder only, so nobody can reach another's. An upload that has ended is one small file that says what became of it.
"""

import fcntl
import hashlib
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import Any

from liuhen.flows.occasion import Actor
from liuhen.flows.office import office
from liuhen.flows.resumable.announcement import (
    Outcome,
    Upload,
    read_outcome,
    read_upload,
    write_outcome,
    write_upload,
)
from liuhen.flows.resumable.refusals import UploadBusy

_ANNOUNCED, _BODY, _TURN = "announced.json", "body", "turn"


class OpenPlace:
    """The folder of an upload that has not ended."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.upload = read_upload(json.loads((folder / _ANNOUNCED).read_bytes()))

    @property
    def body(self) -> Path:
        """The file that grows; it bears the sender's name for it."""
        return self.folder / _BODY / self.upload.announced.name

    @property
    def offset(self) -> int:
        """How many bytes have arrived."""
        return self.body.stat().st_size

    @property
    def is_whole(self) -> bool:
        """Whether every announced byte has arrived."""
        return self.offset == self.upload.announced.size

    @property
    def touched(self) -> float:
        """When the last byte came, in seconds of the system's clock."""
        return self.body.stat().st_mtime

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Hold the only turn to take the upload in or to remove it. Raises UploadBusy; a killed holder holds nothing."""
        descriptor = os.open(self.folder / _TURN, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise UploadBusy from None
            yield
        finally:
            os.close(descriptor)

    def remove(self) -> None:
        """Make the upload not exist: first its name, then its bytes."""
        gone = self.folder.with_name(f".{self.folder.name}.gone")
        with suppress(FileNotFoundError):
            self.folder.rename(gone)
        shutil.rmtree(gone, ignore_errors=True)


class OwnerPlace:
    """The folder of one person of one agency."""

    def __init__(self, folder: Path) -> None:
        self._open, self._settled = folder / "open", folder / "settled"

    def begin(self, upload: Upload) -> None:
        """Make the place of a new upload; it appears whole and durable, or not at all."""
        draft, final = self._open / f".{upload.uid}.new", self._open / upload.uid
        (draft / _BODY).mkdir(parents=True)
        _write_durably(draft / _ANNOUNCED, write_upload(upload))
        (draft / _BODY / upload.announced.name).touch(mode=0o600)
        for folder in (draft / _BODY, draft):
            _flush_folder(folder)
        draft.rename(final)
        for folder in (self._open, self._open.parent, self._open.parent.parent):
            _flush_folder(folder)

    def open(self, uid: str) -> OpenPlace | None:
        """Give the place of an upload that has not ended."""
        try:
            return OpenPlace(self._open / uid)
        except FileNotFoundError:
            return None

    def all_open(self) -> Iterator[OpenPlace]:
        """Give every upload of the owner that has not ended."""
        for uid in _names(self._open):
            place = self.open(uid)
            if place is not None:
                yield place

    def count_open(self) -> int:
        """Count the uploads that have not ended."""
        return len(_names(self._open))

    def settle(self, place: OpenPlace, outcome: Outcome) -> None:
        """Keep what became of an upload, then let its bytes go: they stand in the vault."""
        self._settled.mkdir(exist_ok=True)
        data = write_upload(place.upload) | {"outcome": write_outcome(outcome)}
        _write_durably(self._settled / f"{place.upload.uid}.json", data)
        _flush_folder(self._settled)
        place.remove()

    def settled(self, uid: str) -> tuple[Upload, Outcome] | None:
        """Give an upload that has ended and what became of it."""
        try:
            data = json.loads((self._settled / f"{uid}.json").read_bytes())
        except FileNotFoundError:
            return None
        return read_upload(data), read_outcome(data["outcome"])

    def forget(self, uid: str) -> bool:
        """Drop what is kept of an upload that has ended; say whether there was anything."""
        try:
            (self._settled / f"{uid}.json").unlink()
        except FileNotFoundError:
            return False
        return True

    def remove_stale(self, before: datetime) -> int:
        """Remove what killed writers left and what ended before a moment; give how many."""
        gone = 0
        for folder, names in ((self._open, _hidden(self._open)), (self._settled, _all(self._settled))):
            for name in names:
                with suppress(FileNotFoundError):
                    if (folder / name).stat().st_mtime < before.timestamp():
                        _remove(folder / name)
                        gone += 1
        return gone


def place_of(owner: Actor) -> OwnerPlace:
    """Give the folder of a person, whether or not it exists yet."""
    name = hashlib.sha256(f"{owner.agency}\0{owner.uid}".encode()).hexdigest()[:32]
    return OwnerPlace(_root() / name)


def every_place() -> Iterator[OwnerPlace]:
    """Give the folders of all persons."""
    for name in _names(_root()):
        yield OwnerPlace(_root() / name)


def room_left() -> int:
    """Give how many bytes the disk under all uploads still takes."""
    _root().mkdir(parents=True, exist_ok=True)
    return shutil.disk_usage(_root()).free


def _root() -> Path:
    return office().data / "resumable"


def _all(folder: Path) -> list[str]:
    try:
        return sorted(entry.name for entry in folder.iterdir())
    except FileNotFoundError:
        return []


def _names(folder: Path) -> list[str]:
    return [name for name in _all(folder) if not name.startswith(".")]


def _hidden(folder: Path) -> list[str]:
    return [name for name in _all(folder) if name.startswith(".")]


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink()


def _write_durably(path: Path, data: dict[str, Any]) -> None:
    """Write a small file that is there whole after a power cut, or not at all."""
    draft = path.with_name(f".{path.name}.{os.getpid()}.new")
    with draft.open("wb") as file:
        file.write(json.dumps(data, ensure_ascii=False).encode())
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)


def _flush_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
