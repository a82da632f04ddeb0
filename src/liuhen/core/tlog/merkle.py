"""The Merkle tree of RFC 9162: hashes of leaves and nodes, roots, inclusion and consistency proofs.

Invariant: a proof holds only when its length is exactly what index and sizes demand and every hash has 32 bytes.
Bytes below are hashed into every log; changing them needs a new log format.
"""

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from liuhen.core.kernel.digests import Hasher, new_sm3
from liuhen.core.tlog.refusals import Code, Unproven

HASH_SIZE = 32


@dataclass(frozen=True, slots=True)
class TreeHash:
    """The hash function a tree is built with; every C2SP log uses SHA-256, a parallel national tree may use SM3."""

    name: str
    new: Callable[[bytes], Hasher]

    def leaf(self, entry: bytes) -> bytes:
        """Hash an entry. Spec: RFC 9162 section 2.1.1."""
        return self.new(b"\x00" + entry).digest()

    def node(self, left: bytes, right: bytes) -> bytes:
        """Hash two children."""
        return self.new(b"\x01" + left + right).digest()

    def empty(self) -> bytes:
        """Give the root of the tree without entries."""
        return self.new(b"").digest()


SHA256 = TreeHash("sha256", hashlib.sha256)
SM3 = TreeHash("sm3", new_sm3)
EMPTY_ROOT = SHA256.empty()

leaf_hash = SHA256.leaf
node_hash = SHA256.node


class Node(NamedTuple):
    """A complete subtree: the `number`-th of its `level`, over leaves number·2^level up to (number+1)·2^level."""

    level: int
    number: int


class HashReader(Protocol):
    """What can give the hashes of complete subtrees, many at a time."""

    def read_hashes(self, nodes: Sequence[Node]) -> list[bytes]: ...


def nodes_of_range(start: int, end: int) -> list[Node]:
    """List the complete subtrees that make up leaves start..end, left to right.

    `start` must be a multiple of the smallest power of two that is at least end - start, as it always is in a proof.
    """
    nodes: list[Node] = []
    width = end - start
    while width:
        level = width.bit_length() - 1
        nodes.append(Node(level, start >> level))
        start += 1 << level
        width ^= 1 << level
    return nodes


def join(hashes: Sequence[bytes], hashing: TreeHash = SHA256) -> bytes:
    """Join the hashes of a range's complete subtrees (left to right) into the hash of the range."""
    if not hashes:
        return hashing.empty()
    result = hashes[-1]
    for left in reversed(hashes[:-1]):
        result = hashing.node(left, result)
    return result


def inclusion_ranges(index: int, size: int) -> list[tuple[int, int]]:
    """List the leaf ranges whose hashes prove entry `index` in a tree of `size`, leaf side first."""
    start, end = 0, size
    ranges: list[tuple[int, int]] = []
    while end - start > 1:
        middle = start + _split(end - start)
        if index < middle:
            ranges.append((middle, end))
            end = middle
        else:
            ranges.append((start, middle))
            start = middle
    return ranges[::-1]


def consistency_ranges(old: int, new: int) -> list[tuple[int, int]]:
    """List the leaf ranges whose hashes prove that a tree of size `new` extends one of size `old`."""
    if old in (0, new):
        return []
    start, end, whole = 0, new, True
    ranges: list[tuple[int, int]] = []
    while end != old:
        middle = start + _split(end - start)
        if old <= middle:
            ranges.append((middle, end))
            end = middle
        else:
            ranges.append((start, middle))
            start, whole = middle, False
    if not whole:
        ranges.append((start, end))
    return ranges[::-1]


def _split(width: int) -> int:
    return 1 << ((width - 1).bit_length() - 1)


def prove_inclusion(index: int, size: int, reader: HashReader, hashing: TreeHash = SHA256) -> list[bytes]:
    """Give the inclusion proof of an entry, leaf side first. Raises Unproven when the index is outside the tree."""
    if not 0 <= index < size:
        raise Unproven(Code.RANGE_FALSE, f"entry {index} is not in a tree of {size} entries; ask for a smaller index")
    return _hash_ranges(inclusion_ranges(index, size), reader, hashing)


def prove_consistency(old: int, new: int, reader: HashReader, hashing: TreeHash = SHA256) -> list[bytes]:
    """Give the consistency proof between two sizes. Raises Unproven when old is larger than new."""
    if not 0 <= old <= new:
        raise Unproven(Code.RANGE_FALSE, f"a tree of {new} entries cannot extend one of {old}; exchange the sizes")
    return _hash_ranges(consistency_ranges(old, new), reader, hashing)


def read_root(size: int, reader: HashReader, hashing: TreeHash = SHA256) -> bytes:
    """Compute the root of the first `size` entries from stored hashes."""
    return join(reader.read_hashes(nodes_of_range(0, size)), hashing) if size else hashing.empty()


def _hash_ranges(ranges: list[tuple[int, int]], reader: HashReader, hashing: TreeHash) -> list[bytes]:
    parts = [nodes_of_range(start, end) for start, end in ranges]
    hashes = iter(reader.read_hashes([node for part in parts for node in part]))
    return [join([next(hashes) for _ in part], hashing) for part in parts]


def root_from_inclusion(
    leaf: bytes, index: int, size: int, proof: Sequence[bytes], hashing: TreeHash = SHA256
) -> bytes:
    """Compute the root that an inclusion proof leads to. Raises Unproven when lengths do not fit.

    Spec: RFC 9162 section 2.1.3.2.
    """
    if not 0 <= index < size or len(leaf) != HASH_SIZE:
        raise Unproven(Code.INCLUSION_FALSE, f"entry {index} cannot be in a tree of {size} entries")
    low, high, root = index, size - 1, leaf
    for sibling in proof:
        if high == 0 or len(sibling) != HASH_SIZE:
            raise Unproven(
                Code.INCLUSION_FALSE, f"the inclusion proof of entry {index} has surplus or misshapen hashes"
            )
        if low & 1 or low == high:
            root = hashing.node(sibling, root)
            while not low & 1 and low:
                low, high = low >> 1, high >> 1
        else:
            root = hashing.node(root, sibling)
        low, high = low >> 1, high >> 1
    if high:
        raise Unproven(Code.INCLUSION_FALSE, f"the inclusion proof of entry {index} lacks hashes")
    return root


def verify_inclusion(
    leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes, hashing: TreeHash = SHA256
) -> None:
    """Require that the leaf hash is entry `index` of the tree with this size and root. Raises Unproven."""
    if root_from_inclusion(leaf, index, size, proof, hashing) != root:
        raise Unproven(Code.INCLUSION_FALSE, f"entry {index} is not in the tree of {size} entries with this root")


def verify_consistency(
    old: int, new: int, proof: Sequence[bytes], old_root: bytes, new_root: bytes, hashing: TreeHash = SHA256
) -> None:
    """Require that the tree of size `new` extends the tree of size `old`. Raises Unproven.

    Spec: RFC 9162 section 2.1.4.2; size 0 and equal sizes, which it leaves open, demand an empty proof and fitting
    roots.
    """
    if not 0 <= old <= new or any(len(item) != HASH_SIZE for item in (*proof, old_root, new_root)):
        raise _inconsistent(old, new, "sizes or hashes are misshapen")
    if old in (0, new):
        if proof:
            raise _inconsistent(old, new, "the proof must be empty")
        expected = new_root if old == new else hashing.empty()
        if old_root != expected or (new == 0 and new_root != hashing.empty()):
            raise _inconsistent(old, new, "the roots differ")
        return
    old_seen, new_seen = _climb(old, new, proof, old_root, hashing)
    if old_seen != old_root or new_seen != new_root:
        raise _inconsistent(old, new, "the proof leads to other roots")


def _climb(old: int, new: int, proof: Sequence[bytes], old_root: bytes, hashing: TreeHash) -> tuple[bytes, bytes]:
    path = [old_root, *proof] if old & (old - 1) == 0 else list(proof)
    low, high = old - 1, new - 1
    while low & 1:
        low, high = low >> 1, high >> 1
    if not path:
        raise _inconsistent(old, new, "the proof is empty")
    older = newer = path[0]
    for item in path[1:]:
        if high == 0:
            raise _inconsistent(old, new, "the proof has surplus hashes")
        if low & 1 or low == high:
            older, newer = hashing.node(item, older), hashing.node(item, newer)
            while not low & 1 and low:
                low, high = low >> 1, high >> 1
        else:
            newer = hashing.node(newer, item)
        low, high = low >> 1, high >> 1
    if high:
        raise _inconsistent(old, new, "the proof lacks hashes")
    return older, newer


def _inconsistent(old: int, new: int, why: str) -> Unproven:
    return Unproven(Code.CONSISTENCY_FALSE, f"the tree of {new} entries is not shown to extend that of {old}: {why}")


class Frontier:
    """The right edge of a growing tree: enough to append leaves and to give the root, and nothing more."""

    __slots__ = ("_hashing", "_nodes", "size")

    def __init__(self, hashing: TreeHash = SHA256, *, size: int = 0, nodes: Iterable[bytes] = ()) -> None:
        self.size = size
        self._nodes = list(nodes)
        self._hashing = hashing
        if len(self._nodes) != size.bit_count():
            raise Unproven(Code.RANGE_FALSE, f"a tree of {size} entries has {size.bit_count()} edge hashes")

    def append(self, leaf: bytes) -> None:
        """Add the hash of the next entry."""
        joined, size, node = leaf, self.size, self._hashing.node
        while size & 1:
            joined = node(self._nodes.pop(), joined)
            size >>= 1
        self._nodes.append(joined)
        self.size += 1

    def extend(self, leaves: Iterable[bytes]) -> None:
        """Add the hashes of the next entries."""
        for leaf in leaves:
            self.append(leaf)

    @property
    def nodes(self) -> tuple[bytes, ...]:
        """Give the edge hashes, left to right."""
        return tuple(self._nodes)

    def root(self) -> bytes:
        """Give the root of what was appended so far."""
        return join(self._nodes, self._hashing)
