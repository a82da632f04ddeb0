"""One pass over a stream: SHA-256, SM3 and writing side by side.

Invariant: every consumer sees every byte once and in order; memory is bounded by a fixed pool of reused buffers; the first
failure of any consumer is raised to the caller after all threads have ended.
SM3 is the slowest (about 200 MB/s), so it has a thread of its own and a queue that is never empty while the source delivers.
"""

import hashlib
import mmap
import queue
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import BinaryIO, cast

from liuhen.adapters.vault.port import Progress
from liuhen.core.kernel.digests import Digests, new_sm3

Consumer = Callable[[memoryview], object]

_FIRST = 256 * 1024  # sources that end within this need no threads
_BLOCK = 2 * 1024 * 1024  # 10 ms of SM3: switching threads costs nothing against it
_POOL = 8  # 16 MiB: rides out a disk that stalls for about 80 ms
# Blocks that outlive their stream, for the next one: the system clears every fresh page first, which costs a tenth of SM3.
_MOST_SPARE = 3 * _POOL


@dataclass(slots=True)
class _Block:
    view: memoryview
    length: int = 0
    pending: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)


_spare: "queue.SimpleQueue[_Block]" = queue.SimpleQueue()


def _take_block() -> _Block:
    try:
        return _spare.get_nowait()
    except queue.Empty:
        # At the start of a page, as writing past the system's memory wants it.
        return _Block(memoryview(mmap.mmap(-1, _BLOCK)))


def _give_back(free: "queue.SimpleQueue[_Block]") -> None:
    while not free.empty() and _spare.qsize() < _MOST_SPARE:
        _spare.put(free.get())


class _Lane(threading.Thread):
    """One consumer of all blocks; after a failure it only hands buffers back."""

    def __init__(self, consume: Consumer, free: "queue.SimpleQueue[_Block]") -> None:
        super().__init__(daemon=True)
        self.blocks: queue.SimpleQueue[_Block | None] = queue.SimpleQueue()
        self.failure: BaseException | None = None
        self._consume = consume
        self._free = free

    def run(self) -> None:
        while (block := self.blocks.get()) is not None:
            if self.failure is None:
                try:
                    self._consume(block.view[: block.length])
                except BaseException as error:
                    self.failure = error
            with block.lock:
                block.pending -= 1
                last = block.pending == 0
            if last:
                self._free.put(block)


def digest_stream(source: BinaryIO, write: Consumer | None = None, progress: Progress | None = None) -> Digests:
    """Read a stream to its end, hash it twice and pass every block to `write`; give its size and digests.

    Raises whatever the source, `write` or `progress` raise.
    """
    first = memoryview(bytearray(_FIRST))
    got = _fill(source, first)
    # hashlib takes any buffer; only the type of `update` is narrower.
    hashers = (hashlib.sha256(), new_sm3())
    consumers = [cast(Consumer, hashers[1].update), cast(Consumer, hashers[0].update)]
    if write is not None:
        consumers.append(write)
    for consume in consumers:
        consume(first[:got])
    if progress is not None:
        progress(got)
    total = got + _relay(source, consumers, got, progress) if got == _FIRST else got
    return Digests(sha256=hashers[0].hexdigest(), sm3=hashers[1].hexdigest(), size=total)


def _relay(source: BinaryIO, consumers: list[Consumer], already: int, progress: Progress | None) -> int:
    free: queue.SimpleQueue[_Block] = queue.SimpleQueue()
    lanes = [_Lane(consume, free) for consume in consumers]
    for lane in lanes:
        lane.start()
    try:
        return _read_all(source, lanes, free, already, progress)
    finally:
        for lane in lanes:
            lane.blocks.put(None)
        for lane in lanes:
            lane.join()
        _give_back(free)
        # Raised here, so that a failure while the last blocks drain is not lost.
        _raise_first(lanes)


def _read_all(
    source: BinaryIO,
    lanes: list[_Lane],
    free: "queue.SimpleQueue[_Block]",
    already: int,
    progress: Progress | None,
) -> int:
    made, total = 0, 0
    while True:
        if made < _POOL and free.empty():
            block = _take_block()
            made += 1
        else:
            block = free.get()
        _raise_first(lanes)
        block.length = _fill(source, block.view)
        if block.length == 0:
            return total
        block.pending = len(lanes)
        for lane in lanes:
            lane.blocks.put(block)
        total += block.length
        if progress is not None:
            progress(already + total)


def _raise_first(lanes: list[_Lane]) -> None:
    for lane in lanes:
        if lane.failure is not None:
            raise lane.failure


def _fill(source: BinaryIO, view: memoryview) -> int:
    """Fill a buffer from a source that may deliver in small pieces; a short count means the end."""
    readinto = cast("Callable[[memoryview], int | None] | None", getattr(source, "readinto", None))
    filled = 0
    while filled < len(view):
        if readinto is not None:
            got = readinto(view[filled:]) or 0
        else:
            piece = source.read(len(view) - filled)
            got = len(piece)
            view[filled : filled + got] = piece
        if got == 0:
            break
        filled += got
    return filled
