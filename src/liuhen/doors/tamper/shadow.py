"""The insider's log: the real leaves, and what somebody with the agency's keys can do with them.

Witnesses and the time-stamping authority are the real ones: they do what they are asked only as long as it is honest. A
stranger brings keys, witnesses and an authority of their own.
"""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from liuhen.adapters.witnesses.client import Answer
from liuhen.core.kernel.moments import SHANGHAI
from liuhen.core.tlog.checkpoint import Checkpoint, parse_checkpoint, sign_checkpoint
from liuhen.core.tlog.merkle import Node, leaf_hash, node_hash, prove_consistency, prove_inclusion, read_root
from liuhen.core.tlog.note import Signer, parse_note, parse_signature_lines
from liuhen.core.tlog.witness import render_request
from liuhen.core.verifier.logs import SeriesEntry

Submit = Callable[[bytes, datetime], Sequence[Answer]]
Stamp = Callable[[bytes, datetime], bytes]


@dataclass(frozen=True, slots=True)
class Attesters:
    """Who signs and who attests: the log's keys, what all witnesses answer to a request, what the authority stamps."""

    signers: tuple[Signer, ...]
    submit: Submit
    stamp: Stamp


@dataclass(slots=True)
class ShadowLog:
    """Leaves in memory, with proofs over them."""

    origin: str
    leaves: list[bytes]
    _known: dict[Node, bytes] = field(default_factory=dict)

    def read_hashes(self, nodes: Sequence[Node]) -> list[bytes]:
        """Give hashes of complete subtrees, as `merkle` asks for them."""
        return [self._hash(node) for node in nodes]

    def _hash(self, node: Node) -> bytes:
        if node.level == 0:
            return leaf_hash(self.leaves[node.number])
        if node not in self._known:
            below = node.level - 1
            left, right = (self._hash(Node(below, 2 * node.number + side)) for side in (0, 1))
            self._known[node] = node_hash(left, right)
        return self._known[node]

    def prove(self, index: int, size: int) -> tuple[bytes, ...]:
        """Prove that the entry at `index` is in the tree of `size`."""
        return tuple(prove_inclusion(index, size, self))

    def consistency(self, old: int, new: int) -> tuple[bytes, ...]:
        """Prove that the tree of size `new` extends that of `old`."""
        return tuple(prove_consistency(old, new, self)) if old else ()

    def attest(self, size: int, before: int, at: datetime, attesters: Attesters) -> SeriesEntry:
        """Sign a checkpoint, ask every witness that stands at `before`, and have it stamped; refusals leave gaps."""
        note = sign_checkpoint(Checkpoint(self.origin, size, read_root(size, self)), attesters.signers)
        request = render_request(before, self.consistency(before, size), note.render())
        answers = [answer for answer in attesters.submit(request, at) if answer.status == 200]
        lines = [line for answer in answers for line in parse_signature_lines(answer.body.decode())]
        stamp = attesters.stamp(hashlib.sha256(note.text.encode()).digest(), at)
        return SeriesEntry(note.with_signatures(lines).render(), stamp, ())

    def link(self, entries: Sequence[SeriesEntry]) -> list[SeriesEntry]:
        """Give the entries with consistency proofs from one to the next."""
        sizes = [0, *(size_of(entry) for entry in entries)]
        return [
            SeriesEntry(entry.note, entry.timestamp, self.consistency(old, new))
            for entry, old, new in zip(entries, sizes[:-1], sizes[1:], strict=True)
        ]


def size_of(entry: SeriesEntry) -> int:
    """Give the size a checkpoint speaks of."""
    return parse_checkpoint(parse_note(entry.note).text).size


def witnessed_at(entry: SeriesEntry) -> datetime:
    """Give the time that the first cosignature of a checkpoint states."""
    note = parse_note(entry.note)
    origin = parse_checkpoint(note.text).origin
    line = next(line for line in note.signatures if line.name != origin)
    return datetime.fromtimestamp(int.from_bytes(line.signature[:8], "big"), SHANGHAI)
