"""The benchmarks by name, in the order in which they run."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from liuhen.doors.bench import assess, documents, http, ingest, logs, recordings
from liuhen.doors.bench.row import Row, Size

Measure = Callable[[Size, Path], list[Row]]

BENCHMARKS: dict[str, tuple[Measure, str]] = {
    "ingest": (ingest.measure, "a large file into the vault, against its slower digest alone"),
    "append": (logs.measure_append, "entries into the log, synced, a signed checkpoint every 256"),
    "http": (http.measure, "events through the API of a running server"),
    "audit": (logs.measure_audit, "a whole log hashed again and compared"),
    "assess": (assess.measure, "the demonstration case, and a large one under two packs, folded and assessed"),
    "documents": (documents.measure, "a record of two pages typeset, and a file of three hundred pages bound"),
    "recordings": (
        recordings.measure,
        "many files, small and large ones, seeking in a served film, an hour understood",
    ),
}


def run(names: Sequence[str], size: Size, folder: Path) -> Iterator[Row]:
    """Run benchmarks one after another; `folder` lies on the disk to measure, and nothing stays in it."""
    for name in names:
        yield from BENCHMARKS[name][0](size, folder)
