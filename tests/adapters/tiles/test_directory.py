"""A log in a directory: durable writes, one writer, and files another implementation reads."""

import os
from pathlib import Path

import pytest
from tlog_scales.backend import LocalBackend
from tlog_scales.reader import TilesReader
from tlog_scales.signing import Vkey
from tlog_scales.writer import TilesWriter

from liuhen.adapters.tiles.directory import LogInUse, TileDirectory
from liuhen.core.tlog.audit import audit
from liuhen.core.tlog.checkpoint import Checkpoint, TreeHead, sign_checkpoint
from liuhen.core.tlog.merkle import leaf_hash, verify_consistency, verify_inclusion
from liuhen.core.tlog.reader import LogReader
from liuhen.core.tlog.refusals import Malformed
from liuhen.core.tlog.writer import LogWriter
from tests.core.tlog.memory import MemoryFiles, grow, numbered
from tests.core.tlog.signers import LOG_KEY, LOG_SEED, signer_of

ENTRIES = numbered(66100)
ORIGIN = "example.com/log/testdata"


def publish(writer: LogWriter) -> None:
    note = sign_checkpoint(Checkpoint(ORIGIN, writer.head.size, writer.head.root), [signer_of(LOG_SEED)])
    writer.publish(note.render())


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("tiles") / "deep" / "log"
    writer = LogWriter.open(TileDirectory(root))
    for first, end in ((0, 66000), (66000, 66007), (66007, 66100)):
        writer.append_batch(ENTRIES[first:end], first=first)
    publish(writer)
    return root


def test_another_implementation_reads_the_log(log: Path) -> None:
    theirs = TilesReader(LocalBackend(log))
    checkpoint = theirs.get_checkpoint()
    checkpoint.verify(Vkey.from_string(LOG_KEY))
    assert checkpoint.size == 66100
    assert theirs.calculate_root_hash() == checkpoint.root_hash
    ours = LogReader(TileDirectory(log), 66100)
    for index in (0, 255, 256, 65535, 65536, 66099):
        proof = theirs.get_inclusion_proof(index, 66100)
        assert ours.prove_inclusion(index) == proof.node_hashes
        assert theirs.get_entry(index) == ours.entry(index) == ENTRIES[index]
        verify_inclusion(leaf_hash(ENTRIES[index]), index, 66100, proof.node_hashes, checkpoint.root_hash)
        theirs.get_inclusion_proof(index, 66100).check(leaf_hash(ENTRIES[index]), ours.root())
    for old in (1, 255, 256, 257, 65536, 65537, 66000):
        consistency = theirs.get_consistency_proof(old, 66100)
        assert ours.prove_consistency(old) == consistency.node_hashes
        verify_consistency(old, 66100, consistency.node_hashes, ours.root(old), checkpoint.root_hash)


def test_a_log_that_another_implementation_wrote_is_read_and_continued(tmp_path: Path) -> None:
    root = tmp_path / "log"
    theirs = TilesWriter.create(root, ORIGIN)
    for entry in ENTRIES[:700]:
        theirs.add_leaf(entry)
    theirs.commit([])
    files, same = TileDirectory(root), MemoryFiles()
    head = grow(same, ENTRIES[:700], 700)
    assert audit(files, head).is_clean
    (root / "checkpoint").unlink()
    assert LogWriter.open(files, head).append_batch(ENTRIES[700:900], first=700) == grow(same, ENTRIES[:900], 900, head)


def test_a_log_on_disk_audits_clean_and_opens_again(log: Path) -> None:
    files = TileDirectory(log)
    head = TreeHead(66100, LogReader(files, 66100).root())
    assert audit(files, head).is_clean
    assert LogWriter.open(files, head).head == head
    assert not [path for path in log.rglob(".*") if path.is_file()]


def test_obsolete_partials_and_their_folders_are_gone(tmp_path: Path) -> None:
    writer = LogWriter.open(TileDirectory(tmp_path))
    for first in range(0, 512, 64):
        writer.append_batch(ENTRIES[first : first + 64], first=first)
    assert sorted(str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*.p")) == ["tile/1/000.p"]


@pytest.mark.parametrize(
    "path", ["../escape", "/etc/passwd", "tile/0/../000", "tile/0/000/", "", "checkpoint.1", "tile/0/000.p"]
)
def test_only_paths_of_a_log_are_touched(tmp_path: Path, path: str) -> None:
    files = TileDirectory(tmp_path)
    for action in (files.read_file, files.delete_file, lambda name: files.write_file_atomic(name, b"x")):
        with pytest.raises(Malformed):
            action(path)
    with pytest.raises(Malformed):
        files.list_files("../")
    assert list(tmp_path.iterdir()) == []


def test_a_failed_write_leaves_the_old_file_and_nothing_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = TileDirectory(tmp_path)
    files.write_file_atomic("checkpoint", b"old")

    def full(handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        files.write_files_atomic([("checkpoint", b"new"), ("tile/0/000.p/1", b"x" * 32)])
    assert files.read_file("checkpoint") == b"old"
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == ["checkpoint"]


def test_everything_is_synced_before_a_write_returns(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    events: list[str] = []
    sync, replace = os.fsync, os.replace

    def seen_sync(handle: int) -> None:
        events.append(f"sync {Path(os.readlink(f'/proc/self/fd/{handle}')).name}")
        sync(handle)

    def seen_replace(source: Path, target: Path) -> None:
        events.append(f"rename {target.name}")
        replace(source, target)

    files = TileDirectory(tmp_path)
    monkeypatch.setattr(os, "fsync", seen_sync)
    monkeypatch.setattr(os, "replace", seen_replace)
    files.write_file_atomic("tile/0/000", b"x")
    created = [f"sync {tmp_path.name}", "sync tile"]
    assert events == [*created, "sync .000.new", "rename 000", "sync 0"]


def test_one_writer_at_a_time(tmp_path: Path) -> None:
    with TileDirectory(tmp_path).locked(), pytest.raises(LogInUse), TileDirectory(tmp_path).locked():
        pytest.fail("two writers held the log")
    with TileDirectory(tmp_path).locked():
        assert (tmp_path / ".lock").exists()
