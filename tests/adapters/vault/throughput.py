"""Measure storing a large object against SM3 alone, in the same run: python -m tests.adapters.vault.throughput [MiB]."""

import hashlib
import os
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from liuhen.adapters.vault.local import LocalVault

_MIB = 1 << 20


def main(mebibytes: int, rounds: int = 3) -> None:
    """Print the rates of SM3 alone and of `store`, their ratio and the peak memory."""
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "source"
        with source.open("wb") as file:
            for _ in range(mebibytes):
                file.write(os.urandom(_MIB))
        alone, stored = [], []
        for turn in range(rounds):
            alone.append(mebibytes / _timed(lambda: _hash_only(source)))
            vault = LocalVault(Path(folder) / f"vault{turn}")
            stored.append(mebibytes / _timed(lambda vault=vault: _store(vault, source)))  # type: ignore[misc]
            for sha256 in vault.iterate():
                vault.path(sha256).unlink()
        ratio = statistics.median(stored) / statistics.median(alone)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(f"SM3 alone {statistics.median(alone):.1f} MiB/s {[round(v) for v in alone]}")
        print(f"store     {statistics.median(stored):.1f} MiB/s {[round(v) for v in stored]}")
        print(f"ratio {ratio:.3f} (goal >= 0.9), peak memory {peak:.0f} MiB (goal <= 200)")


def _hash_only(path: Path) -> None:
    hasher = hashlib.new("sm3")
    block = bytearray(4 * _MIB)
    with path.open("rb", buffering=0) as file:
        while got := file.readinto(block):
            hasher.update(memoryview(block)[:got])


def _store(vault: LocalVault, path: Path) -> None:
    with path.open("rb") as file:
        vault.store(file)


def _timed(work: Callable[[], None]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1024)
