"""Exporting a sealed log as the static files that C2SP tlog-tiles describes: `checkpoint` beside `tile/`.

Invariant: `checkpoint` is written last, so a tree with one is complete; what is exported is what was sealed, no more.
"""

from liuhen.core.kernel.errors import LiuhenError
from liuhen.core.tlog.reader import LogFiles, LogReader
from liuhen.core.tlog.tiles import CHECKPOINT_PATH, bundles_of, render_bundle, tiles_of
from liuhen.core.tlog.writer import LogStorage
from liuhen.records.ledger import read


class NothingSealed(LiuhenError):
    """The log has no checkpoint yet, so there is nothing that could be exported and verified."""

    def __init__(self, origin: str) -> None:
        super().__init__(f"日志 {origin} 尚未封存；请先运行 liuhen ledger seal，再导出。")
        self.origin = origin


def export_log(origin: str, *, storage: LogFiles, target: LogStorage) -> int:
    """Write the tree of the last checkpoint to `target` and give its size.

    Raises NothingSealed; Malformed or Unproven for a damaged or missing tile.
    """
    kept = read.last_checkpoint(origin)
    if kept is None:
        raise NothingSealed(origin)
    reader = LogReader(storage, kept.size)
    for bundle in bundles_of(kept.size):
        target.write_file_atomic(bundle.path, render_bundle(reader.bundle_entries(bundle.index)))
    for tile in tiles_of(kept.size):
        target.write_file_atomic(tile.path, reader.tile_hashes(tile.level, tile.index))
    target.write_file_atomic(CHECKPOINT_PATH, kept.cosigned_note.encode())
    return kept.size
