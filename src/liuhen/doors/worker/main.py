"""`python -m liuhen.doors.worker.main`: seal logs, judge again what time has changed, sweep what killed writers left.

Invariant: every sweep is idempotent and derives its work from state, so two workers, or one killed anywhere, do no harm.
"""

import json
import logging
import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from datetime import datetime, timedelta

from liuhen.core.kernel.errors import LiuhenError
from liuhen.core.kernel.moments import SHANGHAI, render_instant
from liuhen.doors.cli.site import start
from liuhen.doors.collecting import collect_seldom
from liuhen.doors.worker.stations import Stations

log = logging.getLogger("liuhen.worker")


class _JsonLines(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        """Write a record as one JSON line; what was passed as `extra={"facts": …}` stands beside the message."""
        line = {
            "at": render_instant(datetime.fromtimestamp(record.created, SHANGHAI)),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
            **getattr(record, "facts", {}),
        }
        if record.exc_info:
            line["error"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False)


def main() -> int:
    """Sweep until told to stop, or until the process that started this one is gone."""
    start()
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_JsonLines())
    logging.basicConfig(level=logging.INFO, handlers=[handler])
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    parent = os.getppid()
    from django.conf import settings

    from liuhen.flows.camera_sweep import finish_camera_deliveries
    from liuhen.flows.marked_copies import make_marked_copies
    from liuhen.flows.notices_run_out import count_run_out
    from liuhen.flows.recompute_terms import recompute_terms
    from liuhen.flows.resumable.finishing import expire_uploads, finish_uploads
    from liuhen.flows.study_recording import study_recordings
    from liuhen.flows.sweeps import judge_overdue, seal_new, sweep_vault

    collect_seldom()
    sweeps: list[tuple[timedelta, Callable[[datetime], int]]] = [
        (timedelta(seconds=5), seal_new),
        (timedelta(seconds=5), recompute_terms),
        (timedelta(seconds=5), finish_uploads),
        (timedelta(seconds=5), study_recordings),
        (timedelta(seconds=5), finish_camera_deliveries),
        (timedelta(seconds=2), make_marked_copies),
        (timedelta(minutes=1), judge_overdue),
        (timedelta(minutes=10), count_run_out),
        (timedelta(hours=1), expire_uploads),
        (timedelta(hours=1), sweep_vault),
    ]
    stations = Stations.read(settings.WATCH)
    sweeps.append((timedelta(seconds=5), stations.keep_watching))
    due = {sweep: 0.0 for _, sweep in sweeps}
    try:
        while not stop.is_set() and os.getppid() == parent:
            for period, sweep in sweeps:
                if time.monotonic() >= due[sweep]:
                    due[sweep] = time.monotonic() + period.total_seconds()
                    _run(sweep)
            stop.wait(1)
    finally:
        stations.stop()
    return 0


def _run(sweep: Callable[[datetime], int]) -> None:
    try:
        done = sweep(datetime.now(SHANGHAI))
    except LiuhenError as refusal:
        log.error(str(refusal), extra={"facts": {"sweep": sweep.__name__}})
    except Exception:
        # A sweep that failed is tried again at its next turn; the worker must not die with it.
        log.exception("sweep failed", extra={"facts": {"sweep": sweep.__name__}})
    else:
        if done:
            log.info("swept", extra={"facts": {"sweep": sweep.__name__, "done": done}})


if __name__ == "__main__":
    raise SystemExit(main())
