"""A small package with names that break careless programs, and a moment for its image."""

from datetime import datetime
from pathlib import Path

from liuhen.core.bag.writing import render_tag_files
from liuhen.core.kernel.digests import digests_of

AT = datetime.fromisoformat("2026-11-21T10:00:00+08:00")
LONG = ("关于对某某有限公司涉嫌违反安全生产法一案喆玥䶮现场检查全过程音像记录" * 3)[:82] + ".mp4"  # 250 bytes
FILES = {
    f"data/recordings/{LONG}": bytes(range(256)) * 300,
    f"data/recordings/{LONG[:-5]}二.mp4": b"\x00" * 2049,
    "data/documents/询问笔录（䶮 𠮷 é）.pdf": b"%PDF-1.7",
    "data/documents/100%.txt": b"1",
    "data/documents/空": b"",
    "data/1/2/3/4/5/6/深.txt": b"deep",
}


def bag_files() -> dict[str, bytes]:
    return {**FILES, **render_tag_files([(name, digests_of(data)) for name, data in FILES.items()])}


def write_folder(folder: Path, files: dict[str, bytes]) -> Path:
    for name, data in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return folder
