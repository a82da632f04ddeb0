"""Ingest: a large file into the vault, against the slower of its two digests alone over the same file.

The measuring runs in a process of its own, so that its peak memory is that of ingesting and of nothing else.
"""

import hashlib
import json
import os
import resource
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from liuhen.adapters.vault.local import LocalVault
from liuhen.core.kernel.digests import new_sm3
from liuhen.doors.bench.row import NotMeasured, Row, Size, median, timed

_MIB = 1 << 20
_BLOCK = 4 * _MIB


def measure(size: Size, folder: Path) -> list[Row]:
    """Give the rate of storing, its ratio to hashing alone, and the peak memory of the process."""
    with tempfile.TemporaryDirectory(dir=folder) as place:
        command = [sys.executable, "-m", __name__, place, str(size.mebibytes), str(size.rounds)]
        done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        raise NotMeasured(f"--dir: the file could not be stored: {done.stderr.strip().splitlines()[-1]}")
    found: dict[str, Any] = json.loads(done.stdout)
    stored = median(found["store"])
    slower = min(("SHA-256", "SM3"), key=lambda name: median(found[name]))
    alone = median(found[slower])
    # Paired rounds: each ratio compares neighbours in time.
    ratio = median([one / other for one, other in zip(found["store"], found[slower], strict=True)])
    return [
        Row(
            "ingest",
            stored,
            "MiB/s",
            against=alone,
            ratio=ratio,
            goal=0.9,
            compared_with=f"{slower} alone over the same file",
            rounds=tuple(found["store"]),
        ),
        Row("ingest-memory", found["peak"], "MB", goal=200, better="lower"),
    ]


def _main(folder: Path, mebibytes: int, rounds: int) -> None:
    """Measure and print one JSON object: MiB/s of every round, and the peak memory in MB."""
    source = folder / "source"
    with source.open("wb") as file:
        for _ in range(mebibytes):
            file.write(os.urandom(_MIB))
    found: dict[str, Any] = {"SHA-256": [], "SM3": [], "store": []}
    for turn in range(rounds):
        found["SHA-256"].append(mebibytes / timed(lambda: _hash(source, hashlib.sha256)).wall)
        found["SM3"].append(mebibytes / timed(lambda: _hash(source, new_sm3)).wall)
        vault = LocalVault(folder / f"vault{turn}")
        found["store"].append(mebibytes / timed(lambda vault=vault: _store(vault, source)).wall)  # type: ignore[misc]
        for sha256 in vault.iterate():
            vault.path(sha256).unlink()
    # Kilobytes on Linux, bytes on macOS.
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    found["peak"] = peak / 1e6 if sys.platform == "darwin" else peak * 1024 / 1e6
    print(json.dumps(found))


def _hash(path: Path, new: Callable[[], Any]) -> None:
    hasher, block = new(), bytearray(_BLOCK)
    with path.open("rb", buffering=0) as file:
        while got := file.readinto(block):
            hasher.update(memoryview(block)[:got])


def _store(vault: LocalVault, path: Path) -> None:
    with path.open("rb") as file:
        vault.store(file)


if __name__ == "__main__":
    _main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
