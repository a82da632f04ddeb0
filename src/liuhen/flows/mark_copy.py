"""`python -m liuhen.flows.mark_copy`: one watermarked copy, made in a process of its own that may be killed at any time.

Invariant: what it makes appears whole or not at all, in the folder of the job; why it could not be made is said in Chinese.
"""

import json
import os
import sys
from pathlib import Path

from liuhen.adapters.media.examination import OutOfTime
from liuhen.adapters.media.facts import NoPicture, Unreadable
from liuhen.adapters.media.watermark import mark_picture, mark_video
from liuhen.core.kernel.errors import LiuhenError
from liuhen.flows.derive import follow_parent, local_copy

JOB, FAILED = "job.json", "failed.txt"
VIDEO, PICTURE = "copy.mp4", "copy.png"


def make(source: Path, folder: Path, words: str, kind: str) -> None:
    """Write the copy of one file, or why there is none."""
    try:
        if kind == "photo":
            part = folder / f"{PICTURE}.part"
            part.write_bytes(mark_picture(source.read_bytes(), words))
            part.replace(folder / PICTURE)
        else:
            mark_video(source, folder / VIDEO, words)
    except (Unreadable, OutOfTime) as fault:
        (folder / FAILED).write_text(fault.reason, encoding="utf-8")
    except (NoPicture, LiuhenError) as fault:
        (folder / FAILED).write_text(str(fault), encoding="utf-8")


def main(arguments: list[str]) -> int:
    """Make the copy that the job in `FOLDER` asks for, of an object of `VAULT` (its writing place is `SPOOL`)."""
    vault, spool, target = arguments
    follow_parent()
    os.nice(10)  # people who work come first
    folder = Path(target)
    job = json.loads((folder / JOB).read_text(encoding="utf-8"))
    with local_copy(vault, Path(spool), job["sha256"], folder) as source:
        make(source, folder, job["words"], job["kind"])
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
