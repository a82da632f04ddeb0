"""The writer: same bytes however it was interrupted, and no head that contradicts an earlier one."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from liuhen.core.tlog.audit import audit
from liuhen.core.tlog.checkpoint import EMPTY_TREE, Checkpoint, TreeHead, sign_checkpoint
from liuhen.core.tlog.merkle import Frontier, leaf_hash
from liuhen.core.tlog.refusals import Code, Malformed, TreeRefused
from liuhen.core.tlog.tiles import bundles_of, tiles_of
from liuhen.core.tlog.writer import LogWriter
from tests.core.tlog.memory import Crash, MemoryFiles, grow, numbered
from tests.core.tlog.signers import LOG_SEED, signer_of

ENTRIES = numbered(1100)


def root_of(entries: list[bytes]) -> bytes:
    frontier = Frontier()
    frontier.extend(leaf_hash(entry) for entry in entries)
    return frontier.root()


@given(st.lists(st.integers(0, 300), max_size=8))
@settings(max_examples=25, deadline=None)
def test_any_batches_give_the_root_of_the_entries(batches: list[int]) -> None:
    files, writer, entries = MemoryFiles(), None, numbered(sum(batches))
    writer = LogWriter.open(files)
    for count in batches:
        first = writer.head.size
        writer.append_batch(entries[first : first + count], first=first)
    assert writer.head == TreeHead(len(entries), root_of(entries))
    assert audit(files, writer.head).is_clean
    assert LogWriter.open(files, writer.head).head == writer.head


def test_one_batch_leaves_exactly_the_files_of_its_size() -> None:
    files = MemoryFiles()
    grow(files, ENTRIES, len(ENTRIES))
    expected = [item.path for item in bundles_of(1100)] + [item.path for item in tiles_of(1100)]
    assert sorted(files.files) == sorted(expected)


def test_partial_files_go_once_the_full_one_exists() -> None:
    files = MemoryFiles()
    grow(files, ENTRIES[:512], 64)
    assert [path for path in files.files if ".p/" in path] == ["tile/1/000.p/1", "tile/1/000.p/2"]


@pytest.mark.parametrize("batch", [1, 100, 256, 300])
def test_a_crash_at_any_write_and_a_resume_give_the_same_bytes(batch: int) -> None:
    before = MemoryFiles()
    start = grow(before, ENTRIES[:200], 40)
    whole = MemoryFiles(dict(before.files))
    entries = ENTRIES[:520] if batch > 1 else ENTRIES[:258]
    head = grow(whole, entries, batch, start)
    for fuse in range(0, whole.changes, 1 if batch > 1 else 5):
        files = MemoryFiles(dict(before.files), fuse=fuse)
        with pytest.raises(Crash):
            grow(files, entries, batch, start)
        files.fuse = None
        assert grow(files, entries, batch, start) == head
        assert files.files == whole.files, f"crash at change {fuse}"


def test_a_failed_batch_leaves_the_writer_where_it_was() -> None:
    files = MemoryFiles()
    writer = LogWriter.open(files)
    writer.append_batch(ENTRIES[:250], first=0)
    head, files.fuse = writer.head, files.changes + 2
    with pytest.raises(Crash):
        writer.append_batch(ENTRIES[250:300], first=250)
    assert writer.head == head
    files.fuse = None
    assert writer.append_batch(ENTRIES[250:300], first=250).root == root_of(ENTRIES[:300])


def test_a_resume_with_other_batches_gives_the_same_head() -> None:
    files = MemoryFiles()
    first = grow(files, ENTRIES[:100], 100)
    grow(files, ENTRIES[:600], 500, first)
    resumed = grow(files, ENTRIES[:600], 33, first)
    assert resumed.root == root_of(ENTRIES[:600])
    assert audit(files, resumed).is_clean


def refused(files: MemoryFiles, last: TreeHead, witnessed: list[TreeHead] | None = None) -> Code:
    with pytest.raises(TreeRefused) as caught:
        LogWriter.open(files, last, witnessed or [])
    return caught.value.code


def test_files_behind_the_signed_head_are_refused() -> None:
    old, new = MemoryFiles(), MemoryFiles()
    grow(old, ENTRIES[:300], 300)
    head = grow(new, ENTRIES[:600], 600)
    assert refused(old, head) == Code.TREE_BEHIND


def test_a_start_behind_a_witness_is_refused() -> None:
    files = MemoryFiles()
    early = grow(files, ENTRIES[:300], 300)
    late = grow(files, ENTRIES[:400], 100, early)
    assert refused(files, early, [late]) == Code.TREE_BEHIND
    assert LogWriter.open(files, late, [early]).head == late


def test_a_start_behind_the_published_checkpoint_is_refused() -> None:
    files = MemoryFiles()
    writer = LogWriter.open(files)
    early = writer.append_batch(ENTRIES[:10], first=0)
    late = writer.append_batch(ENTRIES[10:20], first=10)
    writer.publish(
        sign_checkpoint(Checkpoint("example.com/log/testdata", 20, late.root), [signer_of(LOG_SEED)]).render()
    )
    assert refused(files, early) == Code.TREE_BEHIND
    assert refused(files, TreeHead(20, early.root)) == Code.TREE_BEHIND


@pytest.mark.parametrize("known", [10, 256, 300])
def test_a_history_that_was_rewritten_is_refused(known: int) -> None:
    files, other = MemoryFiles(), MemoryFiles()
    head = grow(files, ENTRIES[:300], 10)
    forged = grow(other, [b"forged", *ENTRIES[1:known]], 300)
    assert refused(files, head, [forged]) in {Code.TREE_INCONSISTENT, Code.TREE_BEHIND}
    assert refused(files, TreeHead(head.size, forged.root)) == Code.TREE_INCONSISTENT


@pytest.mark.parametrize("path", ["tile/0/001.p/44", "tile/1/000.p/1", "tile/entries/001.p/44"])
def test_a_changed_edge_file_is_refused(path: str) -> None:
    files = MemoryFiles()
    head = grow(files, ENTRIES[:300], 300)
    data = bytearray(files.files[path])
    data[-1] ^= 1
    files.files[path] = bytes(data)
    assert refused(files, head) == Code.TREE_INCONSISTENT


def test_a_published_file_is_never_rewritten() -> None:
    files = MemoryFiles()
    grow(files, [*ENTRIES[:100], b"another"], 101)
    writer = LogWriter.open(MemoryFiles(files.files))
    with pytest.raises(TreeRefused) as caught:
        writer.append_batch(ENTRIES[:101], first=0)
    assert caught.value.code == Code.TREE_REWRITTEN


class LossyFiles(MemoryFiles):
    """Accepts every write and flips a bit in one file."""

    victim = ""

    def write_file_atomic(self, path: str, data: bytes) -> None:
        flipped = bytes([data[0] ^ 1]) + data[1:] if path == self.victim else data
        super().write_file_atomic(path, flipped)


@pytest.mark.parametrize(
    "victim", ["tile/entries/000", "tile/entries/001.p/44", "tile/0/000", "tile/0/001.p/44", "tile/1/000.p/1"]
)
def test_a_storage_that_flips_a_bit_never_yields_a_head(victim: str) -> None:
    files = LossyFiles()
    files.victim = victim
    writer = LogWriter.open(files)
    with pytest.raises(TreeRefused) as caught:
        writer.append_batch(ENTRIES[:300], first=0)
    assert caught.value.code == Code.TREE_UNSTABLE
    assert writer.head == EMPTY_TREE


def test_entries_come_in_order_and_fit() -> None:
    writer = LogWriter.open(MemoryFiles())
    for entries, first in (([b"late"], 1), ([b"x" * 65536], 0)):
        with pytest.raises(TreeRefused) as caught:
            writer.append_batch(entries, first=first)
        assert caught.value.code == Code.ENTRY_REFUSED
    assert writer.append_batch([b"x" * 65535, b""], first=0).size == 2


def test_only_the_current_head_is_published() -> None:
    writer = LogWriter.open(MemoryFiles())
    writer.append_batch([b"one"], first=0)
    with pytest.raises(TreeRefused) as caught:
        writer.publish(
            sign_checkpoint(Checkpoint("example.com/log/testdata", 0, EMPTY_TREE.root), [signer_of(LOG_SEED)]).render()
        )
    assert caught.value.code == Code.HEAD_REFUSED
    with pytest.raises(Malformed):
        writer.publish(b"nonsense")
