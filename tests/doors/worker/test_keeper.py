"""The worker beside the server: started again when it died, gone for good when the server ends."""

import os
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from liuhen.doors.worker.keeper import Keeper

# Says that it began, ignores nothing, and lives until somebody ends it.
LIVING = "import sys, time, pathlib; pathlib.Path(sys.argv[1]).open('a').write('begun\\n'); time.sleep(600)"
STUBBORN = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); " + LIVING


def until(true: Callable[[], object]) -> None:
    end = time.monotonic() + 30
    while not true():
        assert time.monotonic() < end
        time.sleep(0.02)


def begun(path: Path) -> int:
    return path.read_text().count("begun") if path.exists() else 0


def is_living(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


def test_what_dies_is_started_again_and_ends_for_good_in_the_end(tmp_path: Path) -> None:
    said = tmp_path / "said"
    keeper = Keeper([sys.executable, "-c", LIVING, str(said)], pause=0.05)
    try:
        for count in (1, 2, 3):
            until(lambda count=count: begun(said) == count)  # type: ignore[misc]
            assert keeper.process is not None
            if count < 3:
                os.kill(keeper.process.pid, signal.SIGKILL)
    finally:
        keeper.end()
    assert keeper.process is not None and not is_living(keeper.process.pid)
    time.sleep(0.3)
    assert begun(said) == 3


def test_ending_while_it_pauses_starts_nothing_more(tmp_path: Path) -> None:
    said = tmp_path / "said"
    keeper = Keeper([sys.executable, "-c", LIVING, str(said)], pause=30)
    until(lambda: begun(said) == 1)
    assert keeper.process is not None
    os.kill(keeper.process.pid, signal.SIGKILL)
    keeper.process.wait()
    keeper.end()
    assert begun(said) == 1


def test_one_that_will_not_end_is_ended_the_hard_way(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("liuhen.doors.worker.keeper._PATIENCE", 0.2)
    said = tmp_path / "said"
    keeper = Keeper([sys.executable, "-c", STUBBORN, str(said)])
    until(lambda: begun(said) == 1)
    keeper.end()
    assert keeper.process is not None and keeper.process.poll() == -signal.SIGKILL
