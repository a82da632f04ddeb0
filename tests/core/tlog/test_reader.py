"""Reading: what is asked for, what stands in for it, and what is refused."""

import pytest

from liuhen.core.tlog.keys import Primitives, parse_verifier_key
from liuhen.core.tlog.merkle import Node, leaf_hash, verify_consistency, verify_inclusion
from liuhen.core.tlog.note import open_note
from liuhen.core.tlog.reader import LogReader
from liuhen.core.tlog.refusals import Code, Malformed, Unproven
from tests.core.tlog.memory import MemoryFiles, grow, numbered
from tests.core.tlog.test_note import BOTH, PETER

ENTRIES = numbered(1000)


class CountingFiles(MemoryFiles):
    """Remembers what was read."""

    def __init__(self, files: dict[str, bytes]) -> None:
        super().__init__(files)
        self.reads: list[str] = []

    def read_file(self, path: str) -> bytes | None:
        self.reads.append(path)
        return super().read_file(path)


def stored(size: int) -> CountingFiles:
    files = MemoryFiles()
    grow(files, ENTRIES[:size], size)
    return CountingFiles(files.files)


@pytest.mark.parametrize("keep", [1, 2, 256])
def test_proofs_do_not_depend_on_how_many_tiles_are_kept(keep: int) -> None:
    reader = LogReader(stored(1000), 1000, keep_tiles=keep)
    root = reader.root()
    for index in (0, 255, 256, 700, 999):
        verify_inclusion(leaf_hash(ENTRIES[index]), index, 1000, reader.prove_inclusion(index), root)
    for old in (1, 256, 300, 999, 1000):
        verify_consistency(old, 1000, reader.prove_consistency(old), reader.root(old), root)


def test_kept_tiles_are_read_once() -> None:
    files = stored(1000)
    reader = LogReader(files, 1000)
    for index in range(0, 1000, 50):
        reader.prove_inclusion(index)
    assert sorted(files.reads) == ["tile/0/000", "tile/0/001", "tile/0/002", "tile/0/003.p/232", "tile/1/000.p/3"]


def test_an_older_tree_is_read_from_the_files_of_a_newer_one() -> None:
    files = MemoryFiles()
    head = grow(files, ENTRIES[:200], 200)
    grow(files, ENTRIES, 800, head)
    assert "tile/0/000.p/200" not in files.files
    older = LogReader(files, 200)
    assert older.root() == head.root and older.entry(199) == ENTRIES[199]
    with pytest.raises(Unproven) as caught:
        older.entry(200)
    assert caught.value.code == Code.RANGE_FALSE


@pytest.mark.parametrize("node", [Node(0, 1000), Node(0, -1), Node(3, 125), Node(10, 0)])
def test_nodes_outside_the_tree_are_refused(node: Node) -> None:
    with pytest.raises(Unproven) as caught:
        LogReader(stored(1000), 1000).read_hashes([node])
    assert caught.value.code == Code.RANGE_FALSE


def test_a_missing_or_cut_file_is_named() -> None:
    files = stored(300)
    for path in ("tile/0/000", "tile/entries/000"):
        del files.files[path]
    with pytest.raises(Unproven) as caught:
        LogReader(files, 300).prove_inclusion(5)
    assert caught.value.code == Code.FILE_MISSING and "tile/0/000" in str(caught.value)
    with pytest.raises(Unproven) as caught:
        LogReader(files, 300).entry(5)
    assert caught.value.code == Code.FILE_MISSING and "tile/entries/000" in str(caught.value)
    files.files["tile/0/000"] = bytes(8191)
    with pytest.raises(Malformed) as cut:
        LogReader(files, 300).prove_inclusion(5)
    assert cut.value.code == Code.TILE_FORM


def test_a_server_may_inject_its_own_signature_check() -> None:
    asked: list[bytes] = []

    def check(key: bytes, message: bytes, signature: bytes) -> bool:
        asked.append(key)
        return len(asked) == 1

    primitives = Primitives(ed25519=check)
    assert open_note(BOTH, [parse_verifier_key(PETER)], primitives).good
    with pytest.raises(Unproven):
        open_note(BOTH, [parse_verifier_key(PETER)], primitives)
    assert asked == [parse_verifier_key(PETER).public_key] * 2
