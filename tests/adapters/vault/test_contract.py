"""What every vault promises, on whatever it stands."""

import io
import os
from concurrent.futures import ThreadPoolExecutor
from typing import BinaryIO, cast

import pytest

from liuhen.adapters.vault.port import DigestMismatch, ObjectMissing, Vault
from liuhen.core.kernel.digests import Digests, digests_of
from liuhen.core.kernel.errors import BadInput

ABSENT = "0" * 64


class Trickle(io.RawIOBase):
    """A source that delivers in small uneven pieces and, if asked, breaks off."""

    def __init__(self, data: bytes, *, piece: int = 7_001, breaks_at: int | None = None) -> None:
        super().__init__()
        self._data, self._piece, self._breaks_at, self._at = data, piece, breaks_at, 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        if self._breaks_at is not None and self._at >= self._breaks_at:
            raise ConnectionResetError("the device was unplugged")
        piece = self._data[self._at : self._at + min(self._piece, len(buffer))]
        buffer[: len(piece)] = piece
        self._at += len(piece)
        return len(piece)


class ReadOnly:
    """A source that knows nothing but `read`."""

    def __init__(self, data: bytes) -> None:
        self._file = io.BytesIO(data)

    def read(self, size: int = -1) -> bytes:
        return self._file.read(size)


@pytest.mark.parametrize("size", [0, 1, 262_143, 262_144, 262_145, 262_144 + 4 * 1024 * 1024, 9_000_001])
def test_stores_what_came_and_names_it_by_digest(vault: Vault, size: int) -> None:
    data = os.urandom(size)
    stored = vault.store(io.BytesIO(data))
    assert stored.digests == digests_of(data)
    assert stored.fresh
    assert vault.stat(stored.digests.sha256) == stored.digests
    with vault.open(stored.digests.sha256) as file:
        assert file.read() == data
    assert vault.check(stored.digests.sha256).verdict == "passed"


def test_same_bytes_again_are_one_object(vault: Vault) -> None:
    first = vault.store(io.BytesIO(b"the same act"))
    second = vault.store(io.BytesIO(b"the same act"))
    assert (first.fresh, second.fresh) == (True, False)
    assert list(vault.iterate()) == [first.digests.sha256]


def test_same_bytes_from_many_writers_at_once_are_one_object(vault: Vault) -> None:
    data = os.urandom(600_000)
    with ThreadPoolExecutor(8) as crowd:
        results = list(crowd.map(lambda _: vault.store(Trickle(data)), range(8)))  # type: ignore[arg-type]
    assert sum(result.fresh for result in results) == 1
    assert {result.digests for result in results} == {digests_of(data)}
    assert vault.check(results[0].digests.sha256).verdict == "passed"


@pytest.mark.parametrize("kind", [Trickle, ReadOnly])
def test_sources_of_other_shapes(vault: Vault, kind: type) -> None:
    data = os.urandom(700_000)
    assert vault.store(cast(BinaryIO, kind(data))).digests == digests_of(data)


def test_announced_digests_must_match(vault: Vault) -> None:
    announced = digests_of(b"what the camera announced")
    with pytest.raises(DigestMismatch, match="不一致") as refusal:
        vault.store(io.BytesIO(b"what arrived"), expect=announced)
    assert refusal.value.expected == announced
    assert list(vault.iterate()) == []
    assert vault.store(io.BytesIO(b"what the camera announced"), expect=announced).fresh


def test_wrong_sm3_alone_is_refused(vault: Vault) -> None:
    true = digests_of(b"bytes")
    with pytest.raises(DigestMismatch):
        vault.store(io.BytesIO(b"bytes"), expect=Digests(true.sha256, "0" * 64, true.size))


@pytest.mark.parametrize("breaks_at", [0, 100_000, 3_000_000, 8_000_000])
def test_a_source_that_breaks_off_leaves_nothing(vault: Vault, breaks_at: int) -> None:
    with pytest.raises(ConnectionResetError):
        vault.store(cast(BinaryIO, Trickle(bytes(9_000_000), piece=65_536, breaks_at=breaks_at)))
    assert list(vault.iterate()) == []


def test_progress_counts_up_to_the_size(vault: Vault) -> None:
    seen: list[int] = []
    vault.store(io.BytesIO(bytes(9_000_000)), progress=seen.append)
    assert seen == sorted(seen)
    assert seen[-1] == 9_000_000


def test_a_listener_may_stop_the_taking_in(vault: Vault) -> None:
    def stop(count: int) -> None:
        if count > 5_000_000:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        vault.store(io.BytesIO(bytes(20_000_000)), progress=stop)
    assert list(vault.iterate()) == []


@pytest.mark.parametrize(
    ("start", "length"), [(0, None), (0, 0), (0, 10), (5, None), (5, 7), (999, 100), (1000, None), (1000, 5), (1001, 5)]
)
def test_ranges(vault: Vault, start: int, length: int | None) -> None:
    data = os.urandom(1000)
    name = vault.store(io.BytesIO(data)).digests.sha256
    end = None if length is None else start + length
    with vault.open(name, start, length) as file:
        assert file.read() == data[start:end]


def test_a_range_may_be_read_in_pieces(vault: Vault) -> None:
    data = os.urandom(300_000)
    name = vault.store(io.BytesIO(data)).digests.sha256
    with vault.open(name, 1_000, 200_000) as file:
        pieces = [file.read(70_000), file.read(70_000), file.read(70_000), file.read(1)]
    assert b"".join(pieces) == data[1_000:201_000]


def test_absent_objects(vault: Vault) -> None:
    assert vault.stat(ABSENT) is None
    finding = vault.check(ABSENT)
    assert finding.verdict == "failed"
    assert "不在保管库" in finding.sentence
    with pytest.raises(ObjectMissing, match=ABSENT):
        vault.open(ABSENT)


@pytest.mark.parametrize("name", ["", "../../etc/passwd", "A" * 64, "0" * 63, "0" * 65, "0" * 64 + "\n"])
def test_names_that_are_no_digests_are_refused(vault: Vault, name: str) -> None:
    for ask in (vault.open, vault.stat, vault.check):
        with pytest.raises(BadInput):
            ask(name)


def test_negative_ranges_are_refused(vault: Vault) -> None:
    name = vault.store(io.BytesIO(b"abc")).digests.sha256
    for start, length in ((-1, None), (0, -1)):
        with pytest.raises(BadInput):
            vault.open(name, start, length)


def test_iterates_in_order(vault: Vault) -> None:
    names = {vault.store(io.BytesIO(bytes([number]))).digests.sha256 for number in range(20)}
    assert list(vault.iterate()) == sorted(names)
