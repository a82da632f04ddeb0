"""The watched folder: nothing half-copied, nothing twice, nothing deleted, and everything that comes beside a film kept."""

import hashlib
import os
import shutil
import signal
import threading
from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from liuhen.adapters.station.pattern_file import read_patterns
from liuhen.core.events.agency import DeviceRegistered, OfficerEnrolled
from liuhen.core.events.envelope import Stream
from liuhen.core.kernel.moments import SHANGHAI
from liuhen.flows.access import NotAllowed
from liuhen.flows.ground import recording_facts
from liuhen.flows.ingest import Ingested, ingest_file
from liuhen.flows.occasion import Actor, Occasion
from liuhen.flows.station import stillness
from liuhen.flows.watch_folder import Watch, Watcher
from liuhen.flows.writing import write
from liuhen.records.index.models import QuarantineRow, RecordingRow
from liuhen.records.ledger.models import Event
from tests.adapters.media.specimens import Recipe, encode

pytestmark = pytest.mark.django_db
STATION = Actor("os:station", "station", "docked", frozenset({"执法人员"}))
NAME = "DSJ0117_012345_20260302_091205_0001"
SETTLE, PATIENCE = 10.0, 600.0


@pytest.fixture(autouse=True)
def own_folder(settings: Any, tmp_path: Path) -> None:
    settings.DATA, settings.VAULT = tmp_path / "data", str(tmp_path / "vault")


@pytest.fixture
def dock(tmp_path: Path) -> Path:
    folder = tmp_path / "dock"
    folder.mkdir()
    return folder


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return encode(tmp_path_factory.mktemp("film") / "film.mp4", Recipe()).read_bytes()


@pytest.fixture
def register() -> None:
    now = _now()
    said: list[Any] = [
        OfficerEnrolled("officer-1", "李喆", "执法人员", "012345"),
        DeviceRegistered("device-1", "执法记录仪", "执法记录仪", "DSJ0117"),
    ]
    write(Occasion(STATION, now, now), [(Stream("agency", "docked"), one) for one in said])


def _now() -> datetime:
    return datetime.now(SHANGHAI)


def other(film: bytes, number: int) -> bytes:
    """The same pictures in another file: players pass over what stands behind the last box."""
    return film + b"\0\0\0\x0cfree" + number.to_bytes(4)


class Desk:
    """A watcher with a clock that the test moves."""

    def __init__(self, dock: Path, done: Path | None = None) -> None:
        watch = Watch(dock, read_patterns(), done, timedelta(seconds=SETTLE), timedelta(seconds=PATIENCE))
        self.watcher = Watcher(watch, STATION, _now)
        self.tick = 0.0

    def look(self, after: float = SETTLE) -> list[Ingested]:
        self.tick += after
        return list(self.watcher.look(self.tick))

    def settle(self, after: float = SETTLE) -> list[Ingested]:
        """See what lies there, wait, and look again."""
        return self.look(0) + self.look(after)


def test_a_film_says_by_its_name_who_filmed_with_what_and_when(dock: Path, film: bytes, register: None) -> None:
    (dock / f"{NAME}.mp4").write_bytes(film)
    (row,) = Desk(dock).settle()
    assert row.status == "stored" and row.recording is not None
    facts = recording_facts(row.recording)
    assert (facts.device, facts.officer, facts.way) == ("device-1", "officer-1", "采集站")
    assert facts.started == datetime(2026, 3, 2, 9, 12, 5, tzinfo=SHANGHAI)
    assert (facts.whole, facts.part) == ("DSJ0117_012345_20260302_091205", 1)
    assert facts.original_name == f"{NAME}.mp4"


def test_a_number_nobody_registered_is_said_and_nothing_is_guessed(dock: Path, film: bytes, register: None) -> None:
    (dock / "DSJ011_012345_20260302_091205.mp4").write_bytes(film)
    (row,) = Desk(dock).settle()
    assert "DSJ011" in str(row.reason) and row.recording is not None
    assert recording_facts(row.recording).device is None


def test_a_later_part_carries_the_start_of_the_first_and_claims_none(dock: Path, film: bytes) -> None:
    for part in (1, 2):
        (dock / f"D1_012345_20260302_091205_000{part}.mp4").write_bytes(other(film, part))
    rows = Desk(dock).settle()
    found = {row.part: row for row in RecordingRow.objects.all()}
    assert len(rows) == 2 and {row.whole for row in found.values()} == {"D1_012345_20260302_091205"}
    assert found[1].started_at is not None and found[2].started_at is None and found[2].clock_doubt


def test_a_number_without_its_neighbours_only_counts_files(dock: Path, film: bytes) -> None:
    (dock / "D1_012345_20260302_091205_0037.mp4").write_bytes(film)
    Desk(dock).settle()
    row = RecordingRow.objects.get()
    assert row.part is None and row.started_at == datetime(2026, 3, 2, 9, 12, 5, tzinfo=SHANGHAI)


def test_a_file_that_still_grows_is_left(dock: Path, film: bytes) -> None:
    path, desk = dock / "a.mp4", Desk(dock)
    cut = len(film) // 3
    path.write_bytes(film[:cut])
    assert desk.settle(SETTLE - 1) == []
    with path.open("ab") as file:
        file.write(film[cut:])
    assert desk.look(SETTLE) == [] and desk.watcher.last.waiting == 1
    assert [row.status for row in desk.look(SETTLE)] == ["stored"]
    assert hashlib.sha256(film).hexdigest() == RecordingRow.objects.get().sha256


def test_a_copy_that_stalls_is_waited_for_with_patience(dock: Path, film: bytes) -> None:
    """Whoever copies over a slow network pauses longer than a file must rest; the structure tells that the rest is to come."""
    path, desk = dock / "a.mp4", Desk(dock)
    path.write_bytes(film[: len(film) // 2])
    assert desk.settle(SETTLE * 5) == [] and QuarantineRow.objects.count() == 0
    path.write_bytes(film)
    assert [row.status for row in desk.settle()] == ["stored"]
    (dock / "b.mp4").write_bytes(film[: len(film) // 2])
    assert [row.status for row in desk.settle(PATIENCE)] == ["quarantined"]


def test_zeros_at_the_front_are_room_made_for_a_copy(dock: Path, film: bytes) -> None:
    path, desk = dock / "a.mp4", Desk(dock)
    path.write_bytes(b"\0" * len(film))
    assert desk.settle(SETTLE * 3) == []
    path.write_bytes(film)
    assert [row.status for row in desk.settle()] == ["stored"]


def test_a_writer_with_the_file_open_is_waited_for(dock: Path, film: bytes) -> None:
    before = signal.signal(signal.SIGIO, signal.SIG_IGN)
    try:
        desk, path = Desk(dock), dock / "a.mp4"
        with path.open("wb") as file:
            file.write(film)
            file.flush()
            assert desk.settle(SETTLE * 2) == [] and desk.watcher.last.waiting == 1
        assert [row.status for row in desk.look()] == ["stored"]
    finally:
        signal.signal(signal.SIGIO, before)


def test_a_file_changed_while_it_is_read_is_not_taken(dock: Path, film: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    path, desk = dock / "a.mp4", Desk(dock)
    path.write_bytes(film)
    whole = stillness.require_unchanged

    def grown(file: Any, seen: Any) -> None:
        with path.open("ab") as end:
            end.write(b"\0\0\0\x08free")
        whole(file, seen)

    monkeypatch.setattr("liuhen.flows.watch_folder.require_unchanged", grown)
    assert desk.settle() == [] and Event.objects.count() == 0
    monkeypatch.setattr("liuhen.flows.watch_folder.require_unchanged", whole)
    assert [row.status for row in desk.settle()] == ["stored"]


def test_what_was_taken_is_moved_and_never_written_over(dock: Path, film: bytes) -> None:
    (dock / "日" / "甲").mkdir(parents=True)
    desk = Desk(dock, dock)
    for number in range(2):
        (dock / "日" / "甲" / "a.mp4").write_bytes(other(film, number))
        assert [row.status for row in desk.settle()] == ["stored"]
    (dock / "b.docx").write_bytes(b"PK\x03\x04")
    assert [row.status for row in desk.settle()] == ["quarantined"]
    assert sorted(str(path.relative_to(dock)) for path in dock.rglob("*") if path.is_file()) == [
        "已入库/日/甲/a (2).mp4",
        "已入库/日/甲/a.mp4",
        "已隔离/b.docx",
    ]
    assert (dock / "已入库/日/甲/a.mp4").read_bytes() == other(film, 0)
    assert desk.settle() == []


def test_a_kill_before_the_move_is_made_good(dock: Path, film: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    path = dock / "a.mp4"
    path.write_bytes(film)

    def killed(*_: object) -> Path:
        raise KeyboardInterrupt

    monkeypatch.setattr("liuhen.flows.watch_folder.move", killed)
    with pytest.raises(KeyboardInterrupt):
        Desk(dock, dock).settle()
    monkeypatch.undo()
    assert path.exists() and RecordingRow.objects.count() == 1
    assert Desk(dock, dock).settle() == []
    assert not path.exists() and (dock / "已入库/a.mp4").exists() and RecordingRow.objects.count() == 1


def test_a_kill_before_anything_is_remembered_takes_nothing_twice(dock: Path, film: bytes) -> None:
    (dock / f"{NAME}.mp4").write_bytes(film)
    (dock / f"{NAME}.txt").write_text("警号：1")
    now = _now()
    ingest_file(dock / f"{NAME}.mp4", Occasion(STATION, now, now))
    rows = Desk(dock).settle()
    assert [row.status for row in rows] == ["known", "stored"]
    facts = recording_facts(RecordingRow.objects.get().uid)
    assert [one.kind for one in facts.companions] == ["说明"]
    shutil.rmtree(dock.parent / "data" / "stations")
    Desk(dock).settle()
    assert len(recording_facts(facts.uid).companions) == 1


def test_left_in_place_a_file_is_read_once(dock: Path, film: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    (dock / "a.mp4").write_bytes(film)
    Desk(dock).settle()

    def read_again(*_: object, **__: object) -> None:
        raise AssertionError("the file was read again")

    monkeypatch.setattr("liuhen.flows.station.taking.ingest_file", read_again)
    assert Desk(dock).settle() == []
    with (dock.parent / "data" / "stations" / next(os.walk(dock.parent / "data" / "stations"))[2][0]).open(
        "ab"
    ) as torn:
        torn.write(b'{"path": "/half')
    assert Desk(dock).settle() == []


def test_companions_lie_beside_the_recording(dock: Path, film: bytes, register: None) -> None:
    (dock / "片.mp4").write_bytes(film)
    (dock / "片.json").write_text('{"deviceNo": "DSJ0117", "policeNo": "012345", "startTime": "2026-03-02 09:12:05"}')
    (dock / "片.mp4.srt").write_text("1\n00:00:00,000 --> 00:00:01,000\n现场\n")
    (dock / "片.GPX").write_text("<gpx><trkpt/></gpx>")
    rows = Desk(dock, dock).settle()
    assert [row.status for row in rows] == ["stored"] * 4 and rows[0].recording is not None
    facts = recording_facts(rows[0].recording)
    assert sorted(one.kind for one in facts.companions) == ["字幕", "说明", "轨迹"]
    assert (facts.device, facts.officer) == ("device-1", "officer-1")
    assert facts.started == datetime(2026, 3, 2, 9, 12, 5, tzinfo=SHANGHAI)
    assert len(list((dock / "已入库").iterdir())) == 4


def test_companions_that_contradict_the_name_are_a_doubt(dock: Path, film: bytes, register: None) -> None:
    (dock / f"{NAME}.mp4").write_bytes(film)
    (dock / f"{NAME}.txt").write_text("警号：李喆\n开始时间：2026-03-02 11:00:00\n")
    (row, _) = Desk(dock).settle()
    assert "09:12" in str(row.reason) and "11:00" in str(row.reason)


def test_a_companion_that_comes_late_still_finds_its_recording(dock: Path, film: bytes) -> None:
    desk = Desk(dock, dock)
    (dock / "a.mp4").write_bytes(film)
    desk.settle()
    (dock / "a.gpx").write_text("<gpx/>")
    assert [row.status for row in desk.settle()] == ["stored"]
    assert [one.kind for one in recording_facts(RecordingRow.objects.get().uid).companions] == ["轨迹"]


def test_a_companion_without_a_film_is_set_aside_after_patience(dock: Path) -> None:
    (dock / "a.gpx").write_text("<gpx/>")
    desk = Desk(dock)
    assert desk.settle() == []
    (row,) = desk.look(PATIENCE)
    assert row.status == "quarantined" and "没有同名" in str(row.reason)


def test_companions_of_a_film_that_is_no_film_are_set_aside_with_it(dock: Path) -> None:
    (dock / "a.bin").write_bytes(b"PK\x03\x04")
    (dock / "a.gpx").write_text("<gpx/>")
    assert [row.status for row in Desk(dock).settle()] == ["quarantined", "quarantined"]
    assert QuarantineRow.objects.count() == 2


def ledger(*lines: tuple[str, bytes]) -> str:
    previous, text = "0" * 64, ""
    for name, data in lines:
        previous = hashlib.sha256(bytes.fromhex(previous) + hashlib.sha256(data).digest()).hexdigest()
        text += f"{previous}  {name}\n"
    return text


def test_the_recorders_ledger_is_checked_and_its_moments_become_marks(dock: Path, film: bytes) -> None:
    one, two = other(film, 1), other(film, 2)
    (dock / f"{NAME}.mp4").write_bytes(one)
    (dock / "b.mp4").write_bytes(two)
    text = ledger((f"{NAME}.mp4", one), ("b.mp4", b"something else"))
    text += f"MARK 2026-03-02T09:12:06 {NAME}.mp4 拒绝配合\nMARK 2026-03-02T10:00:00 b.mp4\n"
    (dock / "manifest.sha256").write_text(text)
    desk = Desk(dock, dock)
    rows = {Path(row.path).name: row for row in desk.settle()}
    first = recording_facts(str(rows[f"{NAME}.mp4"].recording))
    assert [(mark.second, mark.topic) for mark in first.marks] == [(Decimal(1), "重点标记")]
    assert "拒绝配合" in str(first.marks[0].note)
    assert [(one.kind, one.note) for one in first.companions] == [("校验清单", "第 1 行校验相符")]
    assert "接不上" in str(rows["b.mp4"].reason)
    second = recording_facts(str(rows["b.mp4"].recording))
    assert [mark.second for mark in second.marks] == [0] and "不在本段" in str(second.marks[0].note)
    assert (dock / "manifest.sha256").exists() and desk.settle() == []


def test_a_ledger_that_comes_or_grows_later_is_followed(dock: Path, film: bytes) -> None:
    desk, name = Desk(dock, dock), f"{NAME}.mp4"
    (dock / name).write_bytes(film)
    desk.settle()
    listed = ledger((name, film))
    for marks in ("", f"MARK 2026-03-02T09:12:06 {name} 甲\n", f"MARK 2026-03-02T09:12:06 {name} 甲\n?\n"):
        (dock / "manifest.sha256").write_text(listed + marks)
        desk.settle()
        desk.look()
    facts = recording_facts(RecordingRow.objects.get().uid)
    assert len(facts.marks) == 1 and [one.kind for one in facts.companions] == ["校验清单"]


def test_links_pipes_and_housekeeping_are_neither_read_nor_followed(dock: Path, film: bytes, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "secret.mp4").write_bytes(film)
    (dock / "link.mp4").symlink_to(outside / "secret.mp4")
    (dock / "folder").symlink_to(outside)
    os.mkfifo(dock / "pipe.mp4")
    (dock / "copy.mp4.part").write_bytes(film)
    (dock / "._a.mp4").write_bytes(b"AppleDouble")
    (dock / "System Volume Information").mkdir()
    (dock / "System Volume Information" / "x.mp4").write_bytes(film)
    desk = Desk(dock)
    assert desk.settle(PATIENCE) == [] and Event.objects.count() == 0


def test_a_link_that_takes_a_files_place_at_the_last_moment_is_not_followed(
    dock: Path, film: bytes, tmp_path: Path
) -> None:
    (tmp_path / "secret.mp4").write_bytes(film)
    path, desk = dock / "a.mp4", Desk(dock)
    path.write_bytes(film)
    desk.look(0)
    mark = desk.watcher._stillness.mark(path)
    path.unlink()
    path.symlink_to(tmp_path / "secret.mp4")
    with pytest.raises(OSError), stillness.held(path, mark):
        raise AssertionError("a link was opened")


def test_names_that_are_no_text_are_taken_like_any_other(dock: Path, film: bytes) -> None:
    raw = os.fsdecode(b"\xb4\xa6\xb7\xa3\xff.mp4")
    (dock / raw).write_bytes(film)
    (dock / "换\n行 '\"; $(x).mp4").write_bytes(other(film, 1))
    rows = Desk(dock, dock).settle()
    assert [row.status for row in rows] == ["stored", "stored"]
    assert (dock / "已入库" / raw).exists()
    assert all(name.isprintable() for name in RecordingRow.objects.values_list("name", flat=True))


def test_a_folder_that_vanishes_is_no_error_and_is_watched_again_when_it_is_back(dock: Path, film: bytes) -> None:
    desk = Desk(dock)
    (dock / "a.mp4").write_bytes(film)
    desk.look(0)
    away = dock.with_name("away")
    dock.rename(away)
    assert desk.look() == [] and "不在" in desk.watcher.last.troubles[0]
    away.rename(dock)
    assert [row.status for row in desk.settle()] == ["stored"]


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads everything")
def test_a_file_nobody_may_read_is_told_and_the_rest_is_taken(dock: Path, film: bytes) -> None:
    (dock / "a.mp4").write_bytes(film)
    (dock / "b.mp4").write_bytes(other(film, 1))
    (dock / "a.mp4").chmod(0)
    desk = Desk(dock)
    assert len(desk.settle()) == 1 and "a.mp4" in desk.watcher.last.troubles[0]


def test_a_card_that_fails_while_it_is_read_is_told_and_tried_again(
    dock: Path, film: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    (dock / "a.mp4").write_bytes(film)
    desk = Desk(dock)

    def broken(*_: object, **__: object) -> None:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr("liuhen.flows.watch_folder.take_in", broken)
    assert desk.settle() == [] and "Input/output error" in desk.watcher.last.troubles[0]
    monkeypatch.undo()
    assert [row.status for row in desk.look()] == ["stored"]


def test_another_watcher_at_a_file_is_let_be(dock: Path, film: bytes) -> None:
    path = dock / "a.mp4"
    path.write_bytes(film)
    mine, theirs = Desk(dock), Desk(dock)
    mine.look(0)
    with stillness.held(path, mine.watcher._stillness.mark(path)):
        assert theirs.settle() == [] and theirs.watcher.last.waiting == 1
    assert len(mine.look()) == 1
    assert [row.status for row in theirs.look()] == ["known"]


@pytest.mark.django_db(transaction=True)
def test_two_watchers_at_once_take_nothing_twice(dock: Path, film: bytes) -> None:
    from django.db import connections

    for number in range(12):
        content = other(film, number) if number % 3 else f"no film {number // 6}".encode()
        (dock / f"{number}.mp4").write_bytes(content)
    desks = [Desk(dock, dock), Desk(dock, dock)]
    rows: list[Ingested] = []

    def watch(desk: Desk) -> None:
        try:
            for _ in range(4):
                rows.extend(desk.look())
        finally:
            connections.close_all()

    threads = [threading.Thread(target=watch, args=(desk,)) for desk in desks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert RecordingRow.objects.count() == 8 and QuarantineRow.objects.count() == 2
    assert Event.objects.filter(type="recording.stored").count() == 8
    assert [path for path in dock.iterdir() if path.is_file()] == []


@pytest.fixture
def unpermitted() -> Iterator[Actor]:
    yield Actor("x", "系统管理员", "docked", frozenset({"系统管理员"}))


def test_who_may_not_take_in_may_not_watch(dock: Path, unpermitted: Actor) -> None:
    with pytest.raises(NotAllowed):
        Watcher(Watch(dock, read_patterns()), unpermitted, _now)
