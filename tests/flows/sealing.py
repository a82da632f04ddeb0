"""A whole sealing station for tests: events, keys, tiles in memory or on disk, a witness with a clock that stands still."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from liuhen.adapters.witnesses.client import Answer, InProcessWitness, WitnessUnreachable
from liuhen.adapters.witnesses.state import WitnessState
from liuhen.adapters.witnesses.witness import Witness
from liuhen.core.events.envelope import Sealed
from liuhen.core.tlog.keys import KeyKind, VerifierKey
from liuhen.core.tlog.note import Signer
from liuhen.flows.seal import Sealing, seal
from liuhen.records.ledger import read
from liuhen.records.ledger.append import append
from tests.core.tlog.memory import MemoryFiles
from tests.core.tlog.signers import new_signer
from tests.records.ledger.events import AGENCY, at_minute, marked, recording

ORIGIN = f"liuhen.example/{AGENCY}/2026"


@dataclass
class LockedMemory(MemoryFiles):
    """Log files in memory with the lock that sealing asks for."""

    @contextmanager
    def locked(self) -> Iterator[None]:
        yield


class StampedByTest:
    """A time-stamping authority that only says what it was asked; `down` makes it silent."""

    def __init__(self) -> None:
        self.down = False
        self.digests: list[bytes] = []

    def stamp(self, digest_sha256: bytes, *, at: datetime) -> bytes:
        if self.down:
            raise WitnessUnreachable("测试时间戳", "没有应答")
        self.digests.append(digest_sha256)
        return b"stamp of " + digest_sha256


@dataclass
class Unsteady:
    """A witness that can be cut off, or give the answers a test wants before its own."""

    inner: InProcessWitness
    down: bool = False
    answers: list[Answer] = field(default_factory=list)
    name: str = "市司法局"

    @property
    def keys(self) -> tuple[VerifierKey, ...]:
        return self.inner.keys

    def submit(self, body: bytes) -> Answer:
        if self.down:
            raise WitnessUnreachable(self.name, "网络中断")
        return self.answers.pop(0) if self.answers else self.inner.submit(body)

    def latest(self, origin: str) -> bytes | None:
        if self.down:
            raise WitnessUnreachable(self.name, "网络中断")
        return self.inner.latest(origin)


@dataclass
class Station:
    """What one agency needs to seal its log of 2026."""

    folder: Path
    storage: LockedMemory = field(default_factory=LockedMemory)
    log_signer: Signer = field(default_factory=lambda: new_signer(ORIGIN, 1))
    timestamper: StampedByTest = field(default_factory=StampedByTest)

    def __post_init__(self) -> None:
        state = WitnessState(self.folder / "witness.sqlite3")
        witness = Witness([new_signer("witness.example/sup", 2, KeyKind.COSIGNATURE)], state)
        witness.trust(self.log_signer.key)
        self.witness = Unsteady(InProcessWitness("市司法局", witness, lambda: at_minute(30)))

    def seal(self, minute: float = 20) -> Sealing:
        """Seal with everything this station has."""
        return seal(
            ORIGIN,
            at=at_minute(minute),
            signers=[self.log_signer],
            storage=self.storage,
            witnesses=[self.witness],
            timestamper=self.timestamper,
        )


def record(count: int, stream: str = "r1", minute: float = 10) -> tuple[Sealed, ...]:
    """Append so many marks to a recording's stream."""
    line = recording(stream)
    drafts = [marked(line, topic=f"要点 {number}") for number in range(count)]
    return append(drafts, after={str(line): read.version_of(line)}, recorded_at=at_minute(minute))
