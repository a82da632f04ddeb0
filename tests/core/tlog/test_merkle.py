"""Roots and proofs against the vectors of transparency-dev/merkle, and the cases in which a proof must not hold."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liuhen.core.tlog import merkle
from liuhen.core.tlog.merkle import EMPTY_ROOT, SM3, Frontier, Node, leaf_hash, node_hash
from liuhen.core.tlog.refusals import Unproven

LEAVES = [
    bytes.fromhex(text)
    for text in ("", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f")
]
ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
CA85 = "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0"
EBC5 = "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a"
BC1A = "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b"
INCLUSIONS = {(5, 8): [BC1A, CA85, ROOTS[4]], (2, 3): [ROOTS[2]]}
CONSISTENCIES = {
    (6, 8): [EBC5, CA85, ROOTS[4]],
    (6, 7): [EBC5, "b08693ec2e721597130641e8211e7eedccb4c26413963eee6c1e2ed16ffb1a5f", ROOTS[4]],
    (2, 5): ["5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e", BC1A],
}


class InMemory:
    """A reader that computes every hash from the entries, by the definition."""

    def __init__(self, entries: Sequence[bytes], hashing: merkle.TreeHash = merkle.SHA256) -> None:
        self.entries, self.hashing = entries, hashing

    def tree(self, entries: Sequence[bytes]) -> bytes:
        if len(entries) <= 1:
            return self.hashing.leaf(entries[0]) if entries else self.hashing.empty()
        split = 1
        while split * 2 < len(entries):
            split *= 2
        return self.hashing.node(self.tree(entries[:split]), self.tree(entries[split:]))

    def read_hashes(self, nodes: Sequence[Node]) -> list[bytes]:
        return [self.tree(self.entries[number << level : (number + 1) << level]) for level, number in nodes]


def unhex(items: Sequence[str]) -> list[bytes]:
    return [bytes.fromhex(item) for item in items]


def test_hashes_of_the_empty_tree_a_leaf_and_a_node() -> None:
    assert EMPTY_ROOT.hex() == ROOTS[0]
    assert leaf_hash(b"").hex() == ROOTS[1]
    assert leaf_hash(b"L123456").hex() == "395aa064aa4c29f7010acfe3f25db9485bbd4b91897b6ad7ad547639252b4d56"
    assert node_hash(b"N123", b"N456").hex() == "aa217fe888e47007fa15edab33c2b492a722cb106c64667fc2b044444de66bbb"


def test_the_parallel_sm3_tree() -> None:
    assert SM3.empty().hex() == "1ab21d8355cfa17f8e61194831e81a8f22bec8c728fefb747ed035eb5082aa2b"
    assert SM3.leaf(b"L123456").hex() == "b62d3c1e4d175631cb0e267ac43f4fe7d45ab328085a0a0841a5dd99d72665be"
    assert SM3.node(b"N123", b"N456").hex() == "ceaddc3c5fbab603a1aa11181127a75c34acfd1a0bcd1ac67e3fa9ed55a5d5b6"
    frontier = Frontier(SM3)
    frontier.extend(SM3.leaf(leaf) for leaf in LEAVES)
    assert frontier.root().hex() == "bc48ba7a709184b5f2a631e1adeb8dc2a0d4c018c1d6cc89b5664fe154c93b38"
    proof = merkle.prove_inclusion(5, 8, InMemory(LEAVES, SM3), SM3)
    merkle.verify_inclusion(SM3.leaf(LEAVES[5]), 5, 8, proof, frontier.root(), SM3)


@pytest.mark.parametrize("size", range(9))
def test_published_roots(size: int) -> None:
    frontier = Frontier()
    for leaf in LEAVES[:size]:
        frontier.append(leaf_hash(leaf))
    assert frontier.root().hex() == ROOTS[size]
    assert merkle.read_root(size, InMemory(LEAVES)).hex() == ROOTS[size]
    assert Frontier(size=size, nodes=frontier.nodes).root() == frontier.root()


@pytest.mark.parametrize(("index", "size"), INCLUSIONS)
def test_published_inclusion_proofs(index: int, size: int) -> None:
    proof = merkle.prove_inclusion(index, size, InMemory(LEAVES))
    assert [item.hex() for item in proof] == INCLUSIONS[index, size]
    merkle.verify_inclusion(leaf_hash(LEAVES[index]), index, size, proof, bytes.fromhex(ROOTS[size]))


@pytest.mark.parametrize(("old", "new"), CONSISTENCIES)
def test_published_consistency_proofs(old: int, new: int) -> None:
    proof = merkle.prove_consistency(old, new, InMemory(LEAVES))
    assert [item.hex() for item in proof] == CONSISTENCIES[old, new]
    merkle.verify_consistency(old, new, proof, bytes.fromhex(ROOTS[old]), bytes.fromhex(ROOTS[new]))


def twisted(proof: list[bytes]) -> list[list[bytes]]:
    """Every published way to spoil a proof's list of hashes."""
    spoiled = [
        [*proof, b""],
        [*proof, EMPTY_ROOT],
        [EMPTY_ROOT, *proof],
        [b"", *proof],
        [*proof, proof[-1]],
        proof[:-1],
    ]
    spoiled += [[*proof[:n], bytes([item[0] ^ 8]) + item[1:], *proof[n + 1 :]] for n, item in enumerate(proof)]
    return spoiled + [[*proof[:n], item[:-1], *proof[n + 1 :]] for n, item in enumerate(proof)]


@pytest.mark.parametrize(("index", "size"), INCLUSIONS)
def test_a_spoiled_inclusion_proof_never_holds(index: int, size: int) -> None:
    leaf, proof, root = leaf_hash(LEAVES[index]), unhex(INCLUSIONS[index, size]), bytes.fromhex(ROOTS[size])
    cases = [(leaf, index, size, spoiled, root) for spoiled in twisted(proof)]
    cases += [(leaf, other, size, proof, root) for other in (index - 1, index + 1, index ^ 2, -1, size)]
    cases += [(leaf, index, other, proof, root) for other in (size * 2, size // 2, 0, -1)]
    cases += [(leaf_hash(b"wrong"), index, size, proof, root), (b"", index, size, proof, root)]
    cases += [(leaf, index, size, proof, other) for other in (b"", EMPTY_ROOT, leaf)]
    for case in cases:
        with pytest.raises(Unproven):
            merkle.verify_inclusion(*case)


@pytest.mark.parametrize(("old", "new"), CONSISTENCIES)
def test_a_spoiled_consistency_proof_never_holds(old: int, new: int) -> None:
    proof, before, after = unhex(CONSISTENCIES[old, new]), bytes.fromhex(ROOTS[old]), bytes.fromhex(ROOTS[new])
    cases = [(old, new, spoiled, before, after) for spoiled in [*twisted(proof), []]]
    cases += [(other, new, proof, before, after) for other in (old - 1, old + 1, old ^ 2, 0, new)]
    cases += [(old, other, proof, before, after) for other in (new * 2, new // 2, old)]
    cases += [(old, new, proof, after, before), (old, new, proof, b"", after), (old, new, proof, before, b"")]
    cases += [(old, new, proof, EMPTY_ROOT, after), (old, new, proof, before, EMPTY_ROOT)]
    for case in cases:
        with pytest.raises(Unproven):
            merkle.verify_consistency(*case)


def test_sizes_that_the_rfc_leaves_open() -> None:
    root, other = bytes.fromhex(ROOTS[3]), bytes.fromhex(ROOTS[2])
    merkle.verify_consistency(3, 3, [], root, root)
    merkle.verify_consistency(0, 3, [], EMPTY_ROOT, root)
    merkle.verify_consistency(0, 0, [], EMPTY_ROOT, EMPTY_ROOT)
    for case in ((3, 3, [root], root, root), (3, 3, [], root, other), (0, 3, [root], EMPTY_ROOT, root)):
        with pytest.raises(Unproven):
            merkle.verify_consistency(*case)
    for case in ((0, 3, [], other, root), (0, 0, [], root, root), (3, 2, [], root, other)):
        with pytest.raises(Unproven):
            merkle.verify_consistency(*case)


def test_an_entry_outside_the_tree_is_not_proved() -> None:
    reader = InMemory(LEAVES)
    for index, size in ((8, 8), (-1, 8), (0, 0)):
        with pytest.raises(Unproven):
            merkle.prove_inclusion(index, size, reader)
    with pytest.raises(Unproven):
        merkle.prove_consistency(8, 7, reader)
    with pytest.raises(Unproven):
        Frontier(size=3, nodes=[EMPTY_ROOT])


@given(st.integers(1, 130), st.data())
def test_proofs_of_any_size_hold_and_changed_ones_do_not(size: int, data: st.DataObject) -> None:
    entries = [bytes([number]) for number in range(size)]
    reader, root = InMemory(entries), InMemory(entries).tree(entries)
    index, old = data.draw(st.integers(0, size - 1)), data.draw(st.integers(1, size))
    inclusion = merkle.prove_inclusion(index, size, reader)
    merkle.verify_inclusion(leaf_hash(entries[index]), index, size, inclusion, root)
    consistency, old_root = merkle.prove_consistency(old, size, reader), reader.tree(entries[:old])
    merkle.verify_consistency(old, size, consistency, old_root, root)
    if inclusion:
        with pytest.raises(Unproven):
            spoiled = data.draw(st.sampled_from(twisted(inclusion)))
            merkle.verify_inclusion(leaf_hash(entries[index]), index, size, spoiled, root)
    if consistency:
        with pytest.raises(Unproven):
            spoiled = data.draw(st.sampled_from(twisted(consistency)))
            merkle.verify_consistency(old, size, spoiled, old_root, root)
