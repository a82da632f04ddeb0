"""A process of our own for work on media: it may be killed at any moment, and it is when it takes too long."""

import subprocess
import sys
import time
from dataclasses import dataclass


@dataclass(slots=True)
class Child:
    """A running `python -m MODULE …`, and until when it may run, by the monotonic clock."""

    process: subprocess.Popen[bytes]
    until: float

    def is_over(self) -> bool:
        """Say whether it ended; one that took too long is ended here."""
        if self.process.poll() is not None:
            return True
        if time.monotonic() < self.until:
            return False
        self.process.kill()
        self.process.wait()
        return True

    def wait(self) -> int:
        """Wait until it ended, or end it when it takes too long; gives its exit code, negative for the signal that ended it."""
        try:
            return self.process.wait(max(0.0, self.until - time.monotonic()))
        except subprocess.TimeoutExpired:
            self.process.kill()
            return self.process.wait()


def begin_child(module: str, *arguments: str, seconds: float) -> Child:
    """Start a module as a process that is silent and asks nothing."""
    process = subprocess.Popen(
        [sys.executable, "-m", module, *arguments],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    return Child(process, time.monotonic() + seconds)
