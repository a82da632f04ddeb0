"""Keeping a process running beside the server: one that died is started again, after ever longer pauses while it keeps dying.

Invariant: when `end` returns, the process is gone and is not started again.
"""

import logging
import subprocess
import threading
import time
from collections.abc import Sequence
from contextlib import suppress

log = logging.getLogger("liuhen.keeper")

_LONGEST_PAUSE = 60.0
_LIVED_WELL = 60.0  # seconds after which a death counts as the first again
_PATIENCE = 10.0


class Keeper:
    """A command that is kept running until `end`."""

    def __init__(self, command: Sequence[str], *, pause: float = 1.0) -> None:
        self._command, self._first_pause = command, pause
        self._ending = threading.Event()
        self._turn = threading.Lock()
        self.process: subprocess.Popen[bytes] | None = None
        self._thread = threading.Thread(target=self._keep, daemon=True)
        self._start()
        self._thread.start()

    def end(self) -> None:
        """Ask the process to end, wait for it, and end it the hard way if it does not."""
        self._ending.set()
        with self._turn:
            process = self.process
        if process is not None:
            process.terminate()
            with suppress(subprocess.TimeoutExpired):
                process.wait(_PATIENCE)
            if process.poll() is None:
                process.kill()
                process.wait()
        self._thread.join()

    def _start(self) -> None:
        with self._turn:
            if not self._ending.is_set():
                self.process = subprocess.Popen(list(self._command))

    def _keep(self) -> None:
        pause = self._first_pause
        while self.process is not None:
            began = time.monotonic()
            code = self.process.wait()
            if self._ending.is_set():
                return
            if time.monotonic() - began > _LIVED_WELL:
                pause = self._first_pause
            log.error("the worker ended with %s; it is started again in %.0f s", code, pause)
            if self._ending.wait(pause):
                return
            pause = min(2 * pause, _LONGEST_PAUSE)
            self._start()
