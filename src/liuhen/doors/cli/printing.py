"""Printing: one JSON object on stdout for programs, progress on stderr for people."""

import json
import sys
import time
from collections.abc import Callable
from typing import Any


def print_json(value: Any) -> None:
    """Print one JSON value and nothing else."""
    print(json.dumps(value, ensure_ascii=False, indent=1))


def print_line(value: Any) -> None:
    """Print a JSON value on a line of its own, at once: for what goes on and on."""
    print(json.dumps(value, ensure_ascii=True), flush=True)


def teller(quiet: bool) -> Callable[[str], None]:
    """Give a function that tells steps with their time on stderr, or nothing at all."""
    started = time.monotonic()

    def tell(step: str) -> None:
        if not quiet:
            print(f"  {time.monotonic() - started:6.1f} s  {step}", file=sys.stderr, flush=True)

    return tell
