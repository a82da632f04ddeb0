"""A bag held in memory, for tests that damage it one byte at a time."""

import io
from collections.abc import Mapping

from liuhen.core.bag.checking import ByteReader, check_bag
from liuhen.core.bag.findings import BagFinding
from liuhen.core.bag.writing import render_tag_files
from liuhen.core.kernel.digests import digests_of

PAYLOAD = {
    "data/recordings/现场检查（第1段）.mp4": bytes(range(256)) * 40,
    "data/documents/询问笔录 喆玥䶮.pdf": b"%PDF-1.7 ...",
    "data/empty": b"",
}
TAGS = {"proofs/checkpoint": b"liuhen.example/log\n1\n"}
INFO = (("Source-Organization", "陵川县财政局"), ("Bagging-Date", "2026-11-21"))


def make_bag(
    payload: Mapping[str, bytes] = PAYLOAD, info: tuple[tuple[str, str], ...] = INFO, tags: Mapping[str, bytes] = TAGS
) -> dict[str, bytes]:
    written = render_tag_files(
        [(name, digests_of(data)) for name, data in payload.items()],
        info,
        [(name, digests_of(data)) for name, data in tags.items()],
    )
    return {**payload, **tags, **written}


def check(files: Mapping[str, bytes], *required: str) -> list[BagFinding]:
    def open_file(name: str) -> ByteReader:
        return io.BytesIO(files[name])

    return check_bag(lambda: files, open_file, required=required or ("sha256", "sm3"))


def codes(found: list[BagFinding]) -> list[str]:
    return sorted({finding.code for finding in found})
