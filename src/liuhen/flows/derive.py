"""`python -m liuhen.flows.derive`: what is derived of one recording, made in a process of its own that may be killed at any time.

Invariant: nothing is recorded here and no database is known. Everything is written into the folder given; `study.json` comes last
and says what there is, so that a folder without it is simply not done. When the process that asked is gone, this one goes too.
"""

import json
import os
import shutil
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from decimal import Decimal
from pathlib import Path
from typing import Any

import av

from liuhen.adapters.media.examination import MOST_SPANS, Examination, OutOfTime
from liuhen.adapters.media.examine import examine
from liuhen.adapters.media.facts import MediaFacts, NoPicture, Unreadable
from liuhen.adapters.media.loudness import buckets
from liuhen.adapters.media.probe import probe
from liuhen.adapters.media.proxy import proxy
from liuhen.adapters.media.sound import samples
from liuhen.adapters.media.sprite import sprite
from liuhen.adapters.speech.silero import RATE, find_model, speech_in
from liuhen.adapters.vault.local import LocalVault
from liuhen.adapters.vault.opening import open_vault
from liuhen.core.kernel.errors import LiuhenError

STUDY, SPRITE, WAVEFORM, PROXY = "study.json", "sprite.jpg", "waveform.bin", "proxy.mp4"
TOOL = f"留痕音像检测 1（PyAV {av.__version__}）"
TOOL_WITH_SPEECH = f"{TOOL}；人声检测 silero VAD"
_BLOCK = 1 << 20


def derive(source: Path, folder: Path) -> dict[str, Any]:
    """Make everything of one file into `folder`; gives what `study.json` says.

    A failure of one part is said in Chinese under `failures` and leaves the others as they are; `length` is absent when the
    recording could not be examined. Raises DiskFull's like from the system (OSError), for the caller to try again.
    """
    folder.mkdir(parents=True, exist_ok=True)
    study: dict[str, Any] = {"tool": TOOL, "failures": {}}
    facts = _part(study, "probe", lambda: probe(source))
    if isinstance(facts, MediaFacts) and facts.kind != "photo":
        examined = _part(study, "examination", lambda: examine(source))
        if isinstance(examined, Examination):
            study["length"] = str(examined.length)
            study["spans"] = [[span.kind, str(span.start), str(span.end)] for span in examined.spans]
            _write(folder / WAVEFORM, buckets(examined.peaks))
            if examined.peaks and (model := find_model()) is not None:
                _listen(study, source, model)
        if facts.kind == "video":
            drawn = _part(study, "sprite", lambda: sprite(source, folder / SPRITE))
            study["sprite"] = asdict(drawn) if drawn is not None else None
        if not facts.playable_in_browser:
            study["proxy"] = _part(study, "proxy", lambda: proxy(source, folder / PROXY)) is not None
    _write(folder / STUDY, json.dumps(study, ensure_ascii=False).encode())
    return study


def _listen(study: dict[str, Any], source: Path, model: Path) -> None:
    """Add the speech; the tool's name says that it was listened for, so that its absence means something."""
    heard = _part(study, "speech", lambda: speech_in(samples(source, RATE), model))
    if heard is not None:
        study["tool"] = TOOL_WITH_SPEECH
        study["spans"] += [["人声", str(start), str(end)] for start, end in heard[:MOST_SPANS]]
        study["spans"].sort(key=lambda span: (Decimal(span[1]), Decimal(span[2]), span[0]))


def _part(study: dict[str, Any], name: str, make: Any) -> Any:
    try:
        return make()
    except (Unreadable, OutOfTime) as fault:
        study["failures"][name] = fault.reason
    except (NoPicture, LiuhenError) as fault:
        study["failures"][name] = str(fault)
    return None


def _write(target: Path, data: bytes) -> None:
    part = target.with_name(target.name + ".part")
    part.write_bytes(data)
    part.replace(target)


@contextmanager
def local_copy(vault: str, spool: Path, sha256: str, folder: Path) -> Iterator[Path]:
    """Give a path to an object: the vault's own file where it is on this disk, else a copy that is removed afterwards."""
    kept = open_vault(vault, spool=spool)
    if isinstance(kept, LocalVault):
        yield kept.path(sha256)
        return
    folder.mkdir(parents=True, exist_ok=True)
    with kept.open(sha256) as source, tempfile.NamedTemporaryFile(dir=folder) as copy:
        shutil.copyfileobj(source, copy, _BLOCK)
        copy.flush()
        yield Path(copy.name)


def main(arguments: list[str]) -> int:
    """Derive `SHA256` of `VAULT` (its writing place is `SPOOL`) into `FOLDER`."""
    vault, spool, sha256, target = arguments
    follow_parent()
    os.nice(10)  # people who work come first
    with local_copy(vault, Path(spool), sha256, Path(target)) as source:
        derive(source, Path(target))
    return 0


def follow_parent() -> None:
    """End this process when the one that started it is gone."""
    threading.Thread(target=_follow, args=(os.getppid(),), daemon=True).start()


def _follow(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(1)
    os._exit(1)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
