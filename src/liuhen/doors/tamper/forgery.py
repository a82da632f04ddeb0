"""A package on the forger's bench: its files in memory, taken apart and put together again.

Invariant: putting together what was only taken apart gives a package that passes; that is what every twin shows.
"""

import io
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from liuhen.core.events.catalogue import encode_content, open_sealed
from liuhen.core.events.envelope import SALT_BYTES, Draft, Header, Sealed, leaf_of, parse_stream, seal_draft
from liuhen.core.events.parts import FileRef
from liuhen.core.facts.fold import fold
from liuhen.core.kernel.digests import digests_of
from liuhen.core.kernel.errors import LiuhenError
from liuhen.core.verifier import layout
from liuhen.core.verifier.contents import volume_files
from liuhen.core.verifier.logs import (
    ProofEntry,
    SeriesEntry,
    parse_proofs,
    parse_series,
    render_proofs,
    render_series,
)
from liuhen.core.verifier.records import parse_event, render_event
from liuhen.doors.tamper.shadow import Attesters, ShadowLog, size_of
from liuhen.doors.tamper.specimen import AGENCY, HAN, Specimen

SERIES = layout.CHECKPOINTS.format(number=1)
_VOLUME = (layout.DOCUMENTS, layout.RECORDINGS, layout.COMPANIONS, layout.SIGNATURES)


@cache
def head(sealed: Sealed) -> Header:
    """Read an event's header, once."""
    return sealed.header


@dataclass(slots=True)
class Forgery:
    """What an attacker works on. `packed_at` and `signers` are what the seal will say and be signed with."""

    specimen: Specimen
    attesters: Attesters
    files: dict[str, bytes]
    packed_at: datetime
    case: str
    pool: dict[str, bytes] = field(default_factory=dict)
    count: int = 0
    grown: dict[str, int] = field(default_factory=dict)

    @property
    def now(self) -> datetime:
        """The moment of the attack: just after the real package was made."""
        return self.specimen.packed_at + timedelta(minutes=1)

    @property
    def events(self) -> list[Sealed]:
        """The events that can be read, in the order of the file."""
        found = []
        for line in self.lines(layout.EVENTS):
            try:
                found.append(parse_event(line, "event"))
            except (LiuhenError, RecursionError):
                continue
        return found

    @events.setter
    def events(self, events: Sequence[Sealed]) -> None:
        self.files[layout.EVENTS] = b"".join(render_event(item) for item in events)

    @property
    def proofs(self) -> list[ProofEntry]:
        """The inclusion proofs."""
        return parse_proofs(self.files[layout.PROOFS])

    @proofs.setter
    def proofs(self, proofs: Sequence[ProofEntry]) -> None:
        self.files[layout.PROOFS] = render_proofs(proofs)

    @property
    def series(self) -> list[SeriesEntry]:
        """The checkpoints."""
        return parse_series(self.files[SERIES], SERIES)

    @series.setter
    def series(self, entries: Sequence[SeriesEntry]) -> None:
        self.files[SERIES] = render_series(entries)

    def lines(self, name: str) -> list[bytes]:
        """Give the lines of a file without their newlines."""
        return self.files[name].removesuffix(b"\n").split(b"\n")

    def set_lines(self, name: str, lines: Sequence[bytes]) -> None:
        """Write a file line by line."""
        self.files[name] = b"".join(line + b"\n" for line in lines)

    def replace(self, name: str, old: bytes, new: bytes) -> None:
        """Exchange bytes once; a lie that finds nothing to change would prove nothing."""
        if old not in self.files[name]:
            raise LookupError(f"{name} does not hold {old!r}")
        self.files[name] = self.files[name].replace(old, new, 1)

    def pick(self, kind: str, number: int = 0) -> int:
        """Give the line of the n-th event of a type."""
        return [at for at, item in enumerate(self.events) if head(item).type == kind][number]

    def keep(self, data: bytes, name: str, media_type: str = "application/pdf") -> FileRef:
        """Lay bytes aside for an event that will name them."""
        digests = digests_of(data)
        self.pool[digests.sha256] = data
        return FileRef(digests.sha256, digests.sm3, digests.size, name, media_type)

    def seal_event(
        self, stream: str, content: Any, *, at: datetime, recorded_at: datetime, seq: int | None = None
    ) -> Sealed:
        """Make an event with everything in order but its truth; it goes to the end of its stream."""
        self.count += 1
        self.grown[stream] = self.grown.get(stream, 0) + 1
        name, data = encode_content(content)
        last = max((head(item).seq for item in self.specimen.sealed.values() if head(item).stream == stream), default=0)
        draft = Draft(f"{self.count:032x}", AGENCY, parse_stream(stream), name, at, HAN.uid, data)
        place = seq or last + self.grown[stream]
        return seal_draft(draft, seq=place, recorded_at=recorded_at, salt=secrets.token_bytes(SALT_BYTES))

    def append(
        self, *added: Sealed, others: Sequence[Sealed] = (), dropping: Sequence[int] = (), bare: bool = False
    ) -> None:
        """Append events to the real log now, have it attested, and pack them with all that the case has by now.

        `others` are further events of the real log to pack; `dropping` leaves checkpoints out, by their number; `bare`
        leaves out what the case has by now, as if nothing had followed the archive.
        """
        specimen = self.specimen
        leaves = [leaf_of(item.header_bytes, head(item).id) for item in added]
        log = ShadowLog(specimen.origin, [*specimen.leaves, *leaves])
        entry = log.attest(len(log.leaves), len(specimen.leaves), self.now, self.attesters)
        places = {event: number for number, event in enumerate(specimen.sealed)}
        places |= {head(item).id: len(specimen.leaves) + number for number, item in enumerate(added)}
        kept = [one for number, one in enumerate(self.series) if number not in dropping]
        packed, own = self.events, f"case:{self.case}"
        since = [item for item in specimen.sealed.values() if head(item).stream == own and item not in packed]
        since = [] if bare else since
        self.lay_out([*packed, *since, *others, *added], log, places, [*kept, entry])
        self.place_files()

    def begin_anew(self, case: str, *contents: object) -> None:
        """Make the package one of another case, begun and recorded now."""
        self.case = case
        self.events = [item for item in self.events if head(item).stream.startswith("agency:")]
        stream, now = f"case:{case}", self.now
        self.append(*(self.seal_event(stream, said, at=now, recorded_at=now) for said in contents))

    def lay_out(
        self, events: Sequence[Sealed], log: ShadowLog, places: dict[str, int], series: Sequence[SeriesEntry]
    ) -> None:
        """Write events, proofs and checkpoints in their one order."""

        def order(item: Sealed) -> tuple[bool, datetime, int]:
            return head(item).stream.startswith("case:"), head(item).recorded_at, places[head(item).id]

        self.events = sorted(events, key=order)
        size = size_of(series[-1])
        indexes = [(head(item).id, places[head(item).id]) for item in self.events]
        self.proofs = [ProofEntry(event, log.origin, index, log.prove(index, size)) for event, index in indexes]
        self.series = log.link(series)

    def place_files(self) -> None:
        """Lay every file of the volume where the events say that it lies."""
        pool = {digests_of(data).sha256: data for data in self.files.values()} | self.pool
        events = [open_sealed(item) for item in self.events]
        places = volume_files(events, fold(events))
        for name in [name for name in self.files if name.startswith(_VOLUME) and name not in places]:
            del self.files[name]
        self.files |= {name: pool[file.sha256] for name, (_, file) in places.items()}


class InMemory:
    """A package in memory, as the verifier reads one."""

    def __init__(self, files: dict[str, bytes]) -> None:
        self._files = files

    def list_files(self) -> list[str]:
        return sorted(self._files)

    def open(self, name: str, /) -> io.BytesIO:
        return io.BytesIO(self._files[name])
