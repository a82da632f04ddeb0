"""A log fed the words of the published 15-entry log gives the published files, byte for byte, at every size."""

from pathlib import Path

import pytest

from liuhen.core.tlog.audit import audit
from liuhen.core.tlog.checkpoint import Checkpoint, open_checkpoint, sign_checkpoint
from liuhen.core.tlog.keys import parse_verifier_key
from liuhen.core.tlog.reader import LogReader
from liuhen.core.tlog.writer import LogWriter
from tests.core.tlog.memory import MemoryFiles
from tests.core.tlog.signers import LOG_KEY, LOG_SEED, signer_of

VECTORS = Path(__file__).parents[2] / "vectors" / "tlog-15-entries"
ORIGIN = "example.com/log/testdata"
WORDS = b"one two three four five six seven eit nain ten ileven twelf threeten fourten fivten".split()


def published(path: str) -> bytes:
    return (VECTORS / path).read_bytes()


def sign(writer: LogWriter) -> bytes:
    signer = signer_of(LOG_SEED)
    return sign_checkpoint(Checkpoint(ORIGIN, writer.head.size, writer.head.root), [signer]).render()


def test_every_size_gives_the_published_checkpoint() -> None:
    writer = LogWriter.open(MemoryFiles())
    assert sign(writer) == published("checkpoint.0")
    for size, word in enumerate(WORDS, 1):
        writer.append_batch([word], first=size - 1)
        assert sign(writer) == published(f"checkpoint.{size}")


def test_growing_by_one_gives_every_published_file_and_no_other() -> None:
    files = MemoryFiles()
    writer = LogWriter.open(files)
    for index, word in enumerate(WORDS):
        writer.append_batch([word], first=index)
    writer.publish(sign(writer))
    expected = {str(path.relative_to(VECTORS)) for path in VECTORS.rglob("*") if path.is_file()}
    expected = {path for path in expected if not path.startswith("checkpoint.")}
    assert files.files == {path: published(path) for path in expected}


@pytest.mark.parametrize("size", range(16))
def test_every_published_size_reads_opens_and_audits(size: int) -> None:
    files = MemoryFiles(
        {path: published(path) for path in (f"tile/{kind}/000.p/{n}" for kind in (0, "entries") for n in range(1, 16))}
    )
    opened = open_checkpoint(published(f"checkpoint.{size}"), [parse_verifier_key(LOG_KEY)])
    head = opened.checkpoint.head
    assert LogReader(files, size).root() == head.root
    assert LogWriter.open(files, head).head == head
    report = audit(files, head)
    assert report.is_clean and report.entries == size and report.root == head.root
