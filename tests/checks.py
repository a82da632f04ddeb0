"""`./dev check`: what CI asks first. Style, types, floors, the law's own linter, and the house rules, in this order."""

import ast
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "src" / "liuhen"
LONGEST_FILE = 450
LONGEST_FUNCTION = 50
A_TABLE = 6
DRAWERS = {"utils", "common", "helpers", "base", "misc", "util"}


def main() -> int:
    """Run every check, telling each with its time; 1 when any failed."""
    steps: tuple[tuple[str, Callable[[], bool]], ...] = (
        ("ruff check", lambda: _run("ruff", "check", "--quiet", ".")),
        ("ruff format", lambda: _run("ruff", "format", "--check", "--quiet", ".")),
        ("house rules", house_rules),
        ("import contracts", lambda: _run("lint-imports", quiet=True)),
        ("packs", lambda: _run("liuhen", "packs", "check", quiet=True)),
        ("mypy", lambda: _run("mypy", "src", "tests")),
    )
    failed = [name for name, step in steps if not _timed(name, step)]
    if failed:
        print(f"check: failed: {', '.join(failed)}", file=sys.stderr)
    return 1 if failed else 0


def _timed(name: str, step: Callable[[], bool]) -> bool:
    started = time.monotonic()
    passed = step()
    print(f"{'ok  ' if passed else 'FAIL'}  {name:<18} {time.monotonic() - started:5.1f} s", flush=True)
    return passed


def _run(*command: str, quiet: bool = False) -> bool:
    tool = Path(sys.executable).with_name(command[0])
    done = subprocess.run([str(tool), *command[1:]], cwd=ROOT, capture_output=quiet, text=True)
    if quiet and done.returncode:
        print(done.stdout, done.stderr)
    return done.returncode == 0


def house_rules() -> bool:
    """Print every breach of the house rules; true when there is none."""
    breaches = list(_breaches())
    for breach in breaches:
        print(f"      {breach}")
    return not breaches


def _breaches() -> Iterator[str]:
    for file in sorted(SOURCE.rglob("*.py")):
        shown = file.relative_to(ROOT)
        text = file.read_text(encoding="utf-8")
        lines = text.count("\n")
        if "migrations" in file.parts:
            continue
        if lines > LONGEST_FILE:
            yield f"{shown}: {lines} lines, a room is missing past {LONGEST_FILE}; split it by noun"
        if file.stem in DRAWERS:
            yield f"{shown}: a drawer, not a noun; give its content the name of what it is"
        tree = ast.parse(text)
        if text.strip() and ast.get_docstring(tree) is None and not (file.name == "__init__.py" and not tree.body):
            yield f"{shown}: no module docstring; say the purpose and the invariant"
        yield from _function_breaches(tree, shown)


def _function_breaches(tree: ast.Module, shown: Path) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = (node.end_lineno or node.lineno) - node.lineno + 1
            statements = sum(isinstance(inner, ast.stmt) for inner in ast.walk(node)) - 1
            # A table written as one expression is long to print, not long to follow.
            if length > LONGEST_FUNCTION and statements > A_TABLE:
                yield f"{shown}:{node.lineno}: {node.name} has {length} lines; look for the noun inside it"


if __name__ == "__main__":
    raise SystemExit(main())
