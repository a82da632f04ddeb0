"""续传的每一步: begin, ask how far it is, take the next piece, give up.

Invariant: an offset is told only after its bytes are on the disk; two pieces for one place are never both taken; only the
owner, still of the agency and still allowed to bring recordings in, reaches an upload, and for others it does not exist.
"""

import base64
import errno
import fcntl
import hashlib
import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from liuhen.core.kernel.moments import SHANGHAI
from liuhen.flows.access import NotFound, Permission, require
from liuhen.flows.occasion import Actor, Occasion
from liuhen.flows.resumable.announcement import Announced, Entrance, Outcome, Upload
from liuhen.flows.resumable.places import OpenPlace, OwnerPlace, place_of, room_left
from liuhen.flows.resumable.refusals import (
    NoRoom,
    OffsetMoved,
    PieceAltered,
    TooManyUploads,
    UploadSetAside,
    UploadTooLong,
)
from liuhen.flows.sender import require_enrolled

KEPT_FOR = timedelta(days=7)
MOST_OPEN = 1000
# Small: servers give a block only when it is full, and what a cut connection left of one is lost.
_BLOCK = 1 << 16
_FLUSH_EVERY = 64 << 20
_NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}

Read = Callable[[int], bytes]


@dataclass(frozen=True, slots=True)
class Checksum:
    """What a sender says of one piece: the algorithm by hashlib's name, and the digest."""

    algorithm: str
    digest: bytes

    def __str__(self) -> str:
        return f"{self.algorithm} {base64.b64encode(self.digest).decode()}"


@dataclass(frozen=True, slots=True)
class Piece:
    """`length` bytes that begin at `offset` of the file."""

    offset: int
    length: int
    checksum: Checksum | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """How far an upload is; `expires` is None once it has ended, and `outcome` then says how."""

    upload: Upload
    offset: int
    expires: datetime | None = None
    outcome: Outcome | None = None

    @property
    def is_whole(self) -> bool:
        """Whether every byte has arrived."""
        return self.offset == self.upload.announced.size


def begin_upload(occasion: Occasion, announced: Announced, *, way: Entrance) -> Standing:
    """Make room for a file. Raises NotAllowed, BadInput, TooManyUploads, NoRoom."""
    require(occasion.actor, Permission.INGEST)
    require_enrolled(occasion.actor.agency, officer=announced.officer, device=announced.device)
    home = place_of(occasion.actor)
    if home.count_open() >= MOST_OPEN:
        raise TooManyUploads(f"您有 {MOST_OPEN} 个没有传完的文件；请先传完或者放弃一部分")
    if announced.size > room_left():
        raise NoRoom(announced.name)
    upload = Upload(occasion.new_id(), occasion.actor, way, occasion.at, announced)
    with _saying_full(announced.name):
        home.begin(upload)
    return standing_of(occasion.actor, upload.uid)


def standing_of(actor: Actor, uid: str) -> Standing:
    """Say how far an upload is; what is said to be there is on the disk. Raises NotAllowed, NotFound."""
    require(actor, Permission.INGEST)
    home = place_of(actor)
    ended = home.settled(uid)
    if ended is not None:
        return Standing(ended[0], ended[0].announced.size, outcome=ended[1])
    place = open_place(home, uid)
    with place.body.open("rb") as body:
        # A killed writer may have left bytes that only the cache holds.
        offset = os.fstat(body.fileno()).st_size
        os.fsync(body.fileno())
    return Standing(place.upload, offset, _expires(place))


def unfinished_uploads(actor: Actor) -> tuple[Standing, ...]:
    """Give the person's uploads that have not ended, the newest first. Raises NotAllowed."""
    require(actor, Permission.INGEST)
    found = [Standing(place.upload, place.offset, _expires(place)) for place in place_of(actor).all_open()]
    return tuple(sorted(found, key=lambda one: one.upload.begun_at, reverse=True))


def take_piece(actor: Actor, uid: str, piece: Piece, read: Read) -> Standing:
    """Take the next piece from `read(most)`, which gives b"" or fails where the connection is cut: what came is kept.

    Raises NotAllowed, NotFound, UploadSetAside, OffsetMoved, UploadTooLong, PieceAltered (nothing is kept), NoRoom.
    """
    require(actor, Permission.INGEST)
    home = place_of(actor)
    _require_living(home, uid)
    place = open_place(home, uid)
    if piece.offset != place.offset:
        raise OffsetMoved(place.offset)
    if piece.offset + piece.length > place.upload.announced.size:
        raise UploadTooLong(f"这一段超出了文件事先写明的 {place.upload.announced.size} 字节；请核对后重新上传")
    with _saying_full(place.upload.announced.name):
        _take(place, piece, read)
    return standing_of(actor, uid)


def give_up(actor: Actor, uid: str) -> None:
    """Drop an upload; a recording that it became stays. Raises NotAllowed, NotFound, UploadBusy."""
    require(actor, Permission.INGEST)
    home = place_of(actor)
    if home.forget(uid):
        return
    place = open_place(home, uid)
    with place.turn():
        place.remove()


def open_place(home: OwnerPlace, uid: str) -> OpenPlace:
    """Give the place of an upload that has not ended. Raises NotFound."""
    place = home.open(uid)
    if place is None:
        raise NotFound("上传")
    return place


def _require_living(home: OwnerPlace, uid: str) -> None:
    ended = home.settled(uid)
    if ended is None:
        return
    if ended[1].status == "altered":
        raise UploadSetAside(ended[1].reason or "")
    raise OffsetMoved(ended[0].announced.size)


def _expires(place: OpenPlace) -> datetime:
    return datetime.fromtimestamp(int(place.touched), SHANGHAI) + KEPT_FOR


def _take(place: OpenPlace, piece: Piece, read: Read) -> None:
    if piece.checksum is None:
        with _Tail(place.body, piece.offset) as tail:
            for block in _blocks(read, piece.length):
                tail.append(block)
        return
    with _checked(place, piece, piece.checksum, read) as spool, _Tail(place.body, piece.offset) as tail:
        while block := os.read(spool, _BLOCK):
            tail.append(block)


@contextmanager
def _checked(place: OpenPlace, piece: Piece, checksum: Checksum, read: Read) -> Iterator[int]:
    """Keep a piece beside the file until its checksum is known to hold: the file's size must never count doubtful bytes."""
    with tempfile.TemporaryFile(dir=place.folder, buffering=0) as spool:
        digest, taken = hashlib.new(checksum.algorithm), 0
        for block in _blocks(read, piece.length):
            _write(spool.fileno(), block)
            digest.update(block)
            taken += len(block)
        if taken == piece.length and digest.digest() != checksum.digest:
            raise PieceAltered
        if taken < piece.length:
            spool.truncate(0)  # half a piece cannot be checked
        spool.seek(0)
        yield spool.fileno()


class _Tail:
    """The end of a file that grows: a block is added only if the file still ends where this writer left it.

    The lock is held for one block, not while waiting for the sender: a connection that hangs for ever blocks nobody.
    """

    def __init__(self, path: Path, end: int) -> None:
        self._path, self._end, self._unflushed = path, end, 0

    def __enter__(self) -> "_Tail":
        self._descriptor = os.open(self._path, os.O_WRONLY | os.O_APPEND | os.O_CLOEXEC)
        return self

    def append(self, block: bytes) -> None:
        fcntl.flock(self._descriptor, fcntl.LOCK_EX)
        try:
            size = os.fstat(self._descriptor).st_size
            if size != self._end:
                raise OffsetMoved(size)
            _write(self._descriptor, block)
        finally:
            fcntl.flock(self._descriptor, fcntl.LOCK_UN)
        self._end += len(block)
        self._unflushed += len(block)
        if self._unflushed >= _FLUSH_EVERY:
            self._unflushed = 0
            os.fdatasync(self._descriptor)

    def __exit__(self, *_: object) -> None:
        try:
            os.fsync(self._descriptor)
        finally:
            os.close(self._descriptor)


def _write(descriptor: int, block: bytes) -> None:
    rest = memoryview(block)
    while rest:
        rest = rest[os.write(descriptor, rest) :]


def _blocks(read: Read, length: int) -> Iterator[bytes]:
    left = length
    # A sender that is cut off has sent what it has sent; it asks for the offset when it is back.
    with suppress(OSError):
        while left and (block := read(min(_BLOCK, left))):
            left -= len(block)
            yield block


@contextmanager
def _saying_full(name: str) -> Iterator[None]:
    try:
        yield
    except FileNotFoundError:
        raise NotFound("上传") from None  # given up, or swept, while this piece was on its way
    except OSError as error:
        if error.errno in _NO_ROOM:
            raise NoRoom(name) from None
        raise
