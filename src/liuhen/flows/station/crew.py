"""Several files at once: a few threads that each take the next piece of work, so that all cores digest.

Invariant: no more pieces are under way than there are streams, so memory does not grow with the work; each result is given as
soon as it stands; after a failure nothing new is begun, and the failure is raised when what was under way has ended.
"""

import os
import queue
import threading
from collections.abc import Callable, Iterable, Iterator
from typing import Generic, TypeVar

from django.db import connections

T = TypeVar("T")
R = TypeVar("R")

# A stream holds 16 MiB of blocks and what its probe needs: more of them would not fit into what an ingest may use of memory.
_MOST_STREAMS = 5


def streams_here() -> int:
    """Give how many files this machine should read at once: one more than it has cores, for one is always waiting for the disk."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return max(1, min(cores + 1, _MOST_STREAMS))


def together(work: Iterable[T], do: Callable[[T], R], *, streams: int) -> Iterator[tuple[T, R]]:
    """Do every piece of work and give it with its result, in the order in which they end. Raises what `do` raises."""
    if streams == 1:
        for item in work:
            yield item, do(item)
        return
    crew = _Crew(iter(work), do)
    hands = [threading.Thread(target=crew.run, daemon=True) for _ in range(streams)]
    for hand in hands:
        hand.start()
    try:
        yield from crew.results(len(hands))
    finally:
        crew.stop.set()
    for hand in hands:
        hand.join()
    if crew.failure is not None:
        raise crew.failure


class _Crew(Generic[T, R]):
    """The work, shared: whoever has nothing to do takes the next piece."""

    def __init__(self, work: Iterator[T], do: Callable[[T], R]) -> None:
        self.stop = threading.Event()
        self.failure: BaseException | None = None
        self._work = work
        self._do = do
        self._turn = threading.Lock()
        self._done: queue.SimpleQueue[tuple[T, R] | None] = queue.SimpleQueue()

    def run(self) -> None:
        """Work until nothing is left, or something failed anywhere; None says that this hand has ended."""
        try:
            while not self.stop.is_set():
                with self._turn:
                    try:
                        item = next(self._work)
                    except StopIteration:
                        return
                self._done.put((item, self._do(item)))
        except BaseException as failure:
            self.failure = self.failure or failure
            self.stop.set()
        finally:
            connections.close_all()  # a thread has connections of its own
            self._done.put(None)

    def results(self, hands: int) -> Iterator[tuple[T, R]]:
        """Give results until every hand has ended."""
        while hands:
            result = self._done.get()
            if result is None:
                hands -= 1
            else:
                yield result
