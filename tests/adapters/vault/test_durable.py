"""Writing past the system's memory where that is possible, and the ordinary way where it is not: the same bytes."""

import errno
import fcntl
import io
import mmap
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from liuhen.adapters.vault import durable
from liuhen.adapters.vault.durable import DurableFile
from liuhen.adapters.vault.local import LocalVault
from liuhen.adapters.vault.port import DiskFull

MIB = 1 << 20
SIZES = [0, 1, 4095, 4096, MIB - 1, MIB, MIB + 1, 3 * MIB, 3 * MIB + 4097]
needs_direct = pytest.mark.skipif(durable._O_DIRECT == 0, reason="this system cannot write past its memory")


def content(size: int, salt: int = 0) -> bytes:
    return (bytes(range(256)) * (size // 256 + 2))[salt : salt + size]


def aligned(data: bytes) -> memoryview:
    """Put bytes at the start of a page of memory."""
    buffer = mmap.mmap(-1, max(1, len(data)))
    buffer[: len(data)] = data
    return memoryview(buffer)[: len(data)]


def written(path: Path, blocks: list[memoryview]) -> bytes:
    with DurableFile(path) as file:
        for block in blocks:
            file.write(block)
        file.finish()
        return path.read_bytes()


@given(sizes=st.lists(st.sampled_from(SIZES), max_size=5), at_page=st.lists(st.booleans(), min_size=5, max_size=5))
@settings(max_examples=40, deadline=None)
def test_any_blocks_from_anywhere_in_memory_are_written_as_they_are(
    tmp_path_factory: pytest.TempPathFactory, sizes: list[int], at_page: list[bool]
) -> None:
    pieces = [content(size, salt) for salt, size in enumerate(sizes)]
    blocks = [
        aligned(piece) if page else memoryview(b"x" + piece)[1:] for piece, page in zip(pieces, at_page, strict=False)
    ]
    assert written(tmp_path_factory.mktemp("one") / "file", blocks) == b"".join(pieces)


def _watch(monkeypatch: pytest.MonkeyPatch, before: Callable[[bool], None]) -> list[bool]:
    """Tell of every write whether it goes past the system's memory, and ask `before` what becomes of it."""
    seen: list[bool] = []
    write = os.write

    def watched(descriptor: int, data: memoryview) -> int:
        direct = bool(fcntl.fcntl(descriptor, fcntl.F_GETFL) & durable._O_DIRECT)
        seen.append(direct)
        before(direct)
        return write(descriptor, data)

    monkeypatch.setattr(os, "write", watched)
    return seen


@needs_direct
def test_large_blocks_go_past_the_memory_and_the_rest_the_ordinary_way(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = _watch(monkeypatch, lambda direct: None)
    data = content(2 * MIB + 100)
    assert written(tmp_path / "file", [aligned(data), aligned(b"end")]) == data + b"end"
    # The second where the file system of this machine's temporary folder does not allow it.
    assert seen in ([True, False, False], [False, False])


@needs_direct
def test_a_file_system_that_refuses_gets_the_ordinary_way_and_is_not_asked_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(direct: bool) -> None:
        if direct:
            raise OSError(errno.EINVAL, "Invalid argument")

    seen = _watch(monkeypatch, refuse)
    data = content(2 * MIB)
    assert written(tmp_path / "file", [aligned(data), aligned(data)]) == data + data
    assert seen == [True, False, False]


@needs_direct
def test_a_disk_that_is_full_says_so_and_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(direct: bool) -> None:
        if direct:
            raise OSError(errno.ENOSPC, "No space left on device")

    _watch(monkeypatch, fail)
    vault = LocalVault(tmp_path / "vault")
    with pytest.raises(DiskFull):
        vault.store(io.BytesIO(content(20 * MIB)))
    assert list(vault.iterate()) == [] and list((tmp_path / "vault" / "incoming").iterdir()) == []
