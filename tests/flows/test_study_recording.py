"""Recordings are examined once, by a process that may die; what is derived comes back when it is lost; and extracts."""

import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from liuhen.adapters.media.probe import probe
from liuhen.core.events.custody import RecordingExamined
from liuhen.core.kernel.errors import BadInput
from liuhen.flows import study_recording
from liuhen.flows.access import NotAllowed, NotFound
from liuhen.flows.check_index import check_index
from liuhen.flows.claims import Claims
from liuhen.flows.derive import STUDY
from liuhen.flows.extract import extract_clip, extract_frame
from liuhen.flows.ingest import ingest_file
from liuhen.flows.office import office
from liuhen.flows.proxies import failures_of, folder_of, preview_of, proxy_of, study_of, waveform_of
from liuhen.flows.read_recording import read_recording
from liuhen.flows.study_recording import study_recordings
from liuhen.flows.writing import write_recording
from liuhen.records.index.models import RecordingRow
from liuhen.records.ledger.read import sealed_events
from tests.adapters.media.faults import Fault, film
from tests.flows.closing import KNOWING, NOT_KNOWING, PEOPLE, Story, tell

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_folder(settings: Any, tmp_path: Path) -> Iterator[None]:
    settings.DATA, settings.VAULT = tmp_path, str(tmp_path / "vault")
    study_recording._DESK = study_recording._Desk()
    yield
    if study_recording._DESK.work:
        study_recording._DESK.work.child.process.kill()
        study_recording._DESK.work.child.process.wait()


@pytest.fixture
def story(db: None) -> Story:
    """The two films of the story have no bytes: they are examined, and what was derived of them is nothing."""
    told = tell()
    for uid in (told.open, told.secret):
        write_recording(uid, told.on("registrar", 50), RecordingExamined("测试", 300_000))
        folder = folder_of(RecordingRow.objects.get(uid=uid).sha256)
        folder.mkdir(parents=True)
        (folder / STUDY).write_text('{"failures": {}}')
    return told


def store(story: Story, path: Path) -> RecordingRow:
    stored = ingest_file(path, story.on("registrar", 60), Claims())
    assert stored.status == "stored", stored.reason
    return RecordingRow.objects.get(uid=stored.recording)


def sweep_until_done(at: datetime, *, seconds: float = 60) -> int:
    """Sweep as the worker does, until there is nothing left to do; gives how many were recorded."""
    done, end = 0, time.monotonic() + seconds
    while time.monotonic() < end:
        done += study_recordings(at)
        if study_recording._DESK.work is None:
            return done
        time.sleep(0.05)
    raise AssertionError("the sweep did not come to an end")


def events_of(row: RecordingRow) -> list[str]:
    return [item.header.type for item in sealed_events(f"recording:{row.uid}")]


def test_one_event_and_everything_that_is_shown(story: Story, tmp_path: Path) -> None:
    row = store(story, film(tmp_path / "a.avi", Fault(seconds=12, black=(4, 7), codec="mpeg4", sound="pcm_s16le")))
    actor, at = PEOPLE["registrar"], story.on("registrar", 61).at
    assert (proxy_of(actor, row.uid), preview_of(actor, row.uid), waveform_of(actor, row.uid)) == (None, None, None)
    assert sweep_until_done(at) == 1 and sweep_until_done(at + timedelta(hours=1)) == 0
    assert events_of(row) == ["recording.stored", "recording.examined"]
    examined = read_recording(actor, row.uid).recording.examined
    assert isinstance(examined, RecordingExamined) and abs((examined.length_ms or 0) - 12_000) <= 200
    assert [(span.kind, span.start, span.end) for span in examined.spans] == [("黑屏", Decimal(4), Decimal(7))]
    copy, preview, waveform = proxy_of(actor, row.uid), preview_of(actor, row.uid), waveform_of(actor, row.uid)
    assert copy and probe(copy).playable_in_browser
    assert preview and preview.interval == 1 and preview.tiles in (12, 13)
    assert waveform and 118 <= len(waveform) <= 122 and max(waveform) > 0
    assert failures_of(actor, row.uid) == {} and list(check_index()) == []


def test_what_plays_gets_no_copy(story: Story, tmp_path: Path) -> None:
    row = store(story, film(tmp_path / "a.mp4", Fault(seconds=3)))
    assert sweep_until_done(story.on("registrar", 61).at) == 1
    assert proxy_of(PEOPLE["registrar"], row.uid) is None and preview_of(PEOPLE["registrar"], row.uid)


def test_the_sweep_does_not_wait_and_a_killed_process_is_tried_again(story: Story, tmp_path: Path) -> None:
    row = store(story, film(tmp_path / "a.mp4", Fault(seconds=10)))
    at = story.on("registrar", 61).at
    started = time.monotonic()
    assert study_recordings(at) == 0 and time.monotonic() - started < 1
    work = study_recording._DESK.work
    assert work is not None and work.sha256 == row.sha256
    work.child.process.kill()
    work.child.process.wait()
    assert sweep_until_done(at) == 1
    assert events_of(row).count("recording.examined") == 1


def test_a_worker_that_died_after_the_work_records_it_at_its_next_start(story: Story, tmp_path: Path) -> None:
    row = store(story, film(tmp_path / "a.mp4", Fault(seconds=3)))
    at = story.on("registrar", 61).at
    study_recordings(at)
    assert study_recording._DESK.work is not None
    study_recording._DESK.work.child.process.wait()
    study_recording._DESK = study_recording._Desk()
    assert study_recordings(at) == 1 and study_recording.record_study(row.uid, at) is False
    assert events_of(row).count("recording.examined") == 1


def test_a_file_that_kills_the_process_is_set_aside(
    story: Story, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = store(story, film(tmp_path / "a.mp4", Fault(seconds=3)))
    other = store(story, film(tmp_path / "b.mp4", Fault(seconds=4)))
    started: list[str] = []
    true_start = subprocess.Popen

    def deadly(command: list[str], **kept: Any) -> "subprocess.Popen[bytes]":
        started.append(command[5])
        if row.sha256 in command:
            command = [sys.executable, "-c", "import os; os.abort()"]
        return true_start(command, **kept)

    monkeypatch.setattr(subprocess, "Popen", deadly)
    assert sweep_until_done(story.on("registrar", 61).at) == 1
    assert started == [row.sha256] * 3 + [other.sha256]
    assert "多次异常退出" in failures_of(PEOPLE["registrar"], row.uid)["examination"]
    assert events_of(row) == ["recording.stored"] and "recording.examined" in events_of(other)


def test_a_damaged_object_is_not_examined_for_ever(story: Story, tmp_path: Path) -> None:
    row = store(story, film(tmp_path / "a.mp4", Fault(seconds=3)))
    kept = next((tmp_path / "vault").rglob(row.sha256))
    kept.chmod(0o600)
    kept.write_bytes(b"not a film any more")
    assert sweep_until_done(story.on("registrar", 61).at) == 0
    assert "无法识别" in failures_of(PEOPLE["registrar"], row.uid)["probe"] and not row.examined


def test_lost_files_come_back_without_a_second_event(story: Story, tmp_path: Path) -> None:
    row = store(story, film(tmp_path / "a.mp4", Fault(seconds=3)))
    at = story.on("registrar", 61).at
    sweep_until_done(at)
    for file in folder_of(row.sha256).iterdir():
        file.unlink()
    assert study_of(row.sha256) is None and sweep_until_done(at) == 0
    assert (folder_of(row.sha256) / STUDY).exists() and preview_of(PEOPLE["head"], row.uid)
    assert events_of(row).count("recording.examined") == 1


@pytest.mark.parametrize("ask", [proxy_of, preview_of, waveform_of, failures_of])
def test_who_may_not_know_gets_nothing(story: Story, ask: Any) -> None:
    for name in NOT_KNOWING:
        with pytest.raises(NotFound):
            ask(PEOPLE[name], story.secret)
    with pytest.raises(NotAllowed):
        ask(PEOPLE["system"], story.open)
    for name in KNOWING:
        assert not ask(PEOPLE[name], story.secret)


def test_a_still_names_its_parent(story: Story, tmp_path: Path) -> None:
    row = store(story, film(tmp_path / "现场.mp4", Fault(seconds=6)))
    taken = extract_frame(story.on("registrar", 61), row.uid, second=Decimal("3.25"), purpose="证明库门开启")
    assert (taken.from_second, taken.file.name) == (Decimal("3.200"), "现场_3.200秒.png")
    with office().vault.open(taken.file.sha256) as file, Image.open(file) as image:
        assert image.format == "PNG"
    said = read_recording(PEOPLE["partner"], row.uid).recording.extracts
    assert [(one.item, one.kind, one.parent_sha256, one.purpose, one.maker) for one in said] == [
        (taken.item, "截图", row.sha256, "证明库门开启", PEOPLE["registrar"].uid)
    ]
    assert not list((tmp_path / "cache" / "extracts").iterdir())


def test_a_clip_says_where_it_really_begins(story: Story, tmp_path: Path) -> None:
    options = (("bf", "0"), ("sc_threshold", "0"))
    row = store(story, film(tmp_path / "a.mp4", Fault(seconds=10, gop=20, options=options)))
    cut = extract_clip(story.on("partner", 61), row.uid, start=Decimal(3), end=Decimal(6), purpose="提交复议")
    assert (cut.from_second, cut.exact) == (Decimal(2), False) and cut.file.media_type == "video/mp4"
    kept = read_recording(PEOPLE["partner"], row.uid).recording.extracts[0]
    assert (kept.kind, kept.from_second, kept.exact) == ("片段", Decimal(2), False)
    assert office().vault.stat(cut.file.sha256) is not None and list(check_index()) == []


@pytest.mark.parametrize("name", ["reviewer", "head", "archivist", "system"])
def test_who_does_not_handle_cases_takes_nothing_out(story: Story, name: str) -> None:
    with pytest.raises(NotAllowed):
        extract_frame(story.on(name, 61), story.open, second=Decimal(1), purpose="用途")
    with pytest.raises(NotAllowed):
        extract_clip(story.on(name, 61), story.open, start=Decimal(1), end=Decimal(2), purpose="用途")


def test_refusals_leave_nothing(story: Story, tmp_path: Path) -> None:
    row = store(story, film(tmp_path / "a.mp4", Fault(seconds=3)))
    at, kept = story.on("registrar", 61), list(office().vault.iterate())
    with pytest.raises(NotFound):
        extract_frame(story.on("outsider", 61), story.secret, second=Decimal(1), purpose="用途")
    for second, purpose in (("1", " "), ("1", "长" * 501), ("9", "用途"), ("-1", "用途")):
        with pytest.raises(BadInput):
            extract_frame(at, row.uid, second=Decimal(second), purpose=purpose)
    for start, end in (("2", "1"), ("7", "8"), ("0", "20000")):
        with pytest.raises(BadInput):
            extract_clip(at, row.uid, start=Decimal(start), end=Decimal(end), purpose="用途")
    assert events_of(row) == ["recording.stored"] and list(office().vault.iterate()) == kept
