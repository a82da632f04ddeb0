"""Building the single-file verifier: a zipapp of the core, the folder openers and the stand-alone door.

Invariant: deterministic (fixed dates, sorted names), and made of the very files that run here.
"""

import io
import zipfile
from functools import cache
from importlib import resources
from pathlib import Path

_PARTS = (
    "__init__.py",
    "core",
    "adapters/__init__.py",
    "adapters/disc/__init__.py",
    "adapters/disc/folders.py",
    "adapters/disc/reading.py",
    "adapters/disc/refusals.py",
    "doors/__init__.py",
    "doors/standalone",
)
_MAIN = "import sys\n\nfrom liuhen.doors.standalone.main import main\n\nsys.exit(main())\n"
_DATE = (2020, 1, 1, 0, 0, 0)


@cache
def verifier_archive() -> bytes:
    """Give the verifier as one file; run it with `python FILE`."""
    root = Path(str(resources.files("liuhen")))
    buffer = io.BytesIO(b"")
    buffer.write(b"#!/usr/bin/env python3\n")
    with zipfile.ZipFile(buffer, "a", zipfile.ZIP_DEFLATED) as archive:
        _put(archive, "__main__.py", _MAIN.encode())
        for part in _PARTS:
            path = root / part
            for file in sorted(path.rglob("*.py")) if path.is_dir() else [path]:
                _put(archive, f"liuhen/{file.relative_to(root).as_posix()}", file.read_bytes())
    return buffer.getvalue()


def _put(archive: zipfile.ZipFile, name: str, data: bytes) -> None:
    entry = zipfile.ZipInfo(name, _DATE)
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.external_attr = 0o644 << 16
    archive.writestr(entry, data)
