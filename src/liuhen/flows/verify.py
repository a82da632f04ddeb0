"""Verifying a package with the compiled checks of signatures; the verdict is that of the stand-alone verifier."""

from collections.abc import Callable
from pathlib import Path

from liuhen.adapters.disc.containers import open_container
from liuhen.core.verifier.report import Report
from liuhen.core.verifier.trust import Trust
from liuhen.core.verifier.verify import verify_package
from liuhen.flows.keep_log import FAST


def verify_path(path: Path, *, trust: Trust | None = None, progress: Callable[[int], None] | None = None) -> Report:
    """Verify the folder, zip file or disc image at a path. Raises NotAPackage, DamagedPackage."""
    with open_container(path) as package:
        return verify_package(package, trust=trust, primitives=FAST, progress=progress)
