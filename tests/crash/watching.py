"""What the killed program does with a watched folder: watch it and say each file that stands, then say what became of all."""

import json
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

from liuhen.adapters.station.pattern_file import read_patterns
from liuhen.adapters.vault.local import LocalVault
from liuhen.flows.ground import recording_facts
from liuhen.flows.occasion import Actor
from liuhen.flows.watch_folder import Watch, Watcher
from liuhen.records.index.models import QuarantineRow, RecordingRow
from liuhen.records.ledger.models import Event
from tests.records.ledger.events import AGENCY

Say = Callable[[str, object], None]
_STATION = Actor("station", "采集站", AGENCY, frozenset({"执法人员"}))
_MOMENT = timedelta(milliseconds=60)


def watch(folder: Path, seconds: float, now: Callable[[], datetime], say: Say) -> None:
    """Watch a folder for a while, two files at a time, saying each file once it stands."""
    patterns, until = read_patterns(), time.monotonic() + seconds
    settled = Watch(folder, patterns, folder, settle=_MOMENT, patience=_MOMENT * 20, streams=2)
    watcher = Watcher(settled, _STATION, now)
    while time.monotonic() < until:
        for row in watcher.look(time.monotonic()):
            say("watched", json.dumps([Path(row.path).name, row.status, row.recording, row.sha256]))
        time.sleep(0.02)


def judge(vault: LocalVault, findings: list[str], say: Say) -> None:
    """Say what stands: recordings with their companions and marks, what was set aside, and whether their bytes are whole."""
    rows = {}
    for row in RecordingRow.objects.all():
        facts = recording_facts(row.uid)
        beside = sorted(one.file.sha256 for one in facts.companions)
        whole = [vault.check(sha256).verdict for sha256 in (row.sha256, *beside)]
        rows[row.sha256] = {"uid": row.uid, "beside": beside, "whole": sorted(set(whole))}
    aside = sorted(QuarantineRow.objects.values_list("sha256", flat=True))
    stored = Event.objects.filter(type="recording.stored").count()
    set_aside = Event.objects.filter(type="agency.arrival-quarantined").count()
    told = {"rows": rows, "aside": aside, "stored": stored, "set_aside": set_aside, "findings": findings}
    say("judged", json.dumps(told))
