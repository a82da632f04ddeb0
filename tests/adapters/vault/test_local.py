"""What the disk vault adds: nothing half-written, ever, whatever kills the writer."""

import io
import os
import random
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from liuhen.adapters.vault.local import LinksRefused, LocalVault
from liuhen.adapters.vault.port import DiskFull, VaultDamaged
from liuhen.core.kernel.digests import digests_of

LATER = datetime.now(UTC) + timedelta(hours=1)

WRITER = """
import io, os, sys
from pathlib import Path
from liuhen.adapters.vault.local import LocalVault
vault = LocalVault(Path(sys.argv[1]))
print("ready", flush=True)
while True:
    data = os.urandom(64) * int.from_bytes(os.urandom(2), "big")
    print(vault.store(io.BytesIO(data)).digests.sha256, flush=True)
"""

FILLER = """
import resource, sys
from pathlib import Path
from liuhen.adapters.vault.local import LocalVault
from liuhen.adapters.vault.port import DiskFull
resource.setrlimit(resource.RLIMIT_FSIZE, (6_000_000, 6_000_000))
with open("/dev/zero", "rb") as endless:
    class Limited:
        left = 50_000_000
        def read(self, size):
            piece = endless.read(min(size, self.left))
            self.left -= len(piece)
            return piece
    try:
        LocalVault(Path(sys.argv[1])).store(Limited())
    except DiskFull as refusal:
        print(refusal)
"""


def leftovers(vault_root: Path) -> list[Path]:
    return list((vault_root / "incoming").iterdir())


def test_objects_are_read_only_and_never_rewritten(local: LocalVault) -> None:
    name = local.store(io.BytesIO(b"original")).digests.sha256
    before = local.path(name).stat()
    local.store(io.BytesIO(b"original"))
    after = local.path(name).stat()
    assert before.st_mode & 0o777 == 0o444
    assert (before.st_ino, before.st_mtime_ns) == (after.st_ino, after.st_mtime_ns)


def test_nothing_stays_in_incoming(local: LocalVault, tmp_path: Path) -> None:
    for data in (b"a", b"a", os.urandom(5_000_000)):
        local.store(io.BytesIO(data))
    assert leftovers(tmp_path / "vault") == []


def test_killed_writers_leave_no_partial_object(tmp_path: Path) -> None:
    root, dice, acknowledged = tmp_path / "vault", random.Random(20261121), []
    for _ in range(8):
        with subprocess.Popen([sys.executable, "-c", WRITER, str(root)], stdout=subprocess.PIPE, text=True) as writer:
            assert writer.stdout is not None
            assert writer.stdout.readline() == "ready\n"
            time.sleep(dice.uniform(0.005, 0.15))
            writer.send_signal(signal.SIGKILL)
            acknowledged += [line.strip() for line in writer.stdout if len(line) == 65]
    vault = LocalVault(root)
    visible = list(vault.iterate())
    assert visible
    assert set(acknowledged) <= set(visible)
    assert [name for name in visible if vault.check(name).verdict != "passed"] == []
    vault.sweep(LATER)
    assert leftovers(root) == []
    assert list(vault.iterate()) == visible


def test_sweep_spares_the_young_and_the_living(local: LocalVault, tmp_path: Path) -> None:
    orphan = tmp_path / "vault" / "incoming" / "killed.part"
    orphan.write_bytes(b"half")
    assert local.sweep(datetime.now(UTC) - timedelta(hours=1)) == 0

    swept: list[int] = []
    stored = local.store(io.BytesIO(bytes(500_000)), progress=lambda _: swept.append(local.sweep(LATER)))
    assert sum(swept) == 1  # the orphan; not the file being written
    assert not orphan.exists()
    assert local.check(stored.digests.sha256).verdict == "passed"


def test_a_full_disk_gives_one_sentence_and_leaves_nothing(tmp_path: Path) -> None:
    result = subprocess.run(
        [sys.executable, "-c", FILLER, str(tmp_path / "vault")], capture_output=True, text=True, timeout=60
    )
    assert result.returncode == 0, result.stderr
    assert "存储空间不足" in result.stdout
    assert result.stdout.count("\n") == 1
    assert leftovers(tmp_path / "vault") == []
    assert list(LocalVault(tmp_path / "vault").iterate()) == []


def test_a_flush_that_fails_is_not_forgotten(local: LocalVault, monkeypatch: pytest.MonkeyPatch) -> None:
    def lose(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("liuhen.adapters.vault.durable._flush_data", lose)
    monkeypatch.setattr("liuhen.adapters.vault.durable._O_DIRECT", 0)  # as where every byte goes through the memory
    with pytest.raises(DiskFull):
        local.store(io.BytesIO(bytes(80_000_000)))
    assert list(local.iterate()) == []


def test_changed_bytes_are_found(local: LocalVault) -> None:
    name = local.store(io.BytesIO(b"the original words")).digests.sha256
    local.path(name).chmod(0o644)
    local.path(name).write_bytes(b"other words of len")
    finding = local.check(name)
    assert finding.verdict == "failed"
    assert "不一致" in finding.sentence
    assert finding.found == digests_of(b"other words of len")


def test_bytes_and_digests_changed_together_are_found(local: LocalVault) -> None:
    """A forger who rewrites the object and its digests still cannot change its name."""
    name = local.store(io.BytesIO(b"true")).digests.sha256
    forged = local.store(io.BytesIO(b"fake")).digests.sha256
    for path in (local.path(name), local.path(name).with_name(name + ".digests")):
        path.chmod(0o644)
    local.path(name).write_bytes(b"fake")
    kept = local.path(forged).with_name(forged + ".digests").read_bytes()
    local.path(name).with_name(name + ".digests").write_bytes(kept)
    assert local.check(name).verdict == "failed"
    with pytest.raises(VaultDamaged, match="另一个对象"):
        local.stat(name)


@pytest.mark.parametrize("damage", [b"", b"{}", b"[1]", b"\xff", b'{"sha256":1,"size":2,"sm3":3}'])
def test_damaged_digest_records_are_found(local: LocalVault, damage: bytes) -> None:
    name = local.store(io.BytesIO(b"words")).digests.sha256
    kept = local.path(name).with_name(name + ".digests")
    kept.chmod(0o644)
    kept.write_bytes(damage)
    assert local.check(name).verdict == "failed"
    with pytest.raises(VaultDamaged):
        local.stat(name)
    with pytest.raises(VaultDamaged):
        local.store(io.BytesIO(b"words"))


def test_a_shortened_object_is_found_without_reading_it(local: LocalVault) -> None:
    name = local.store(io.BytesIO(b"words")).digests.sha256
    local.path(name).chmod(0o644)
    os.truncate(local.path(name), 3)
    with pytest.raises(VaultDamaged, match="文件大小"):
        local.stat(name)


def test_digests_left_by_a_killed_writer_do_no_harm(local: LocalVault) -> None:
    stored = local.store(io.BytesIO(b"words")).digests
    local.path(stored.sha256).unlink()  # as if the writer had died between the two
    assert local.stat(stored.sha256) is None
    assert list(local.iterate()) == []
    again = local.store(io.BytesIO(b"words"))
    assert again.fresh
    assert again.digests == stored


def test_a_file_system_without_links_is_refused(local: LocalVault, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise OSError(95, "Operation not supported")

    monkeypatch.setattr("os.link", refuse)
    with pytest.raises(LinksRefused, match="硬链接"):
        local.store(io.BytesIO(b"words"))
