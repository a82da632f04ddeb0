"""Sealing: whatever is killed, lost, cut off or rewritten, nothing inconsistent is ever signed."""

import hashlib
from pathlib import Path

import pytest
from django.db import connection

from liuhen.adapters.tiles.directory import LogInUse, TileDirectory
from liuhen.adapters.witnesses.client import Answer
from liuhen.core.events.envelope import leaf_of
from liuhen.core.tlog.audit import audit
from liuhen.core.tlog.checkpoint import TreeHead, open_checkpoint
from liuhen.core.tlog.keys import KeyKind
from liuhen.core.tlog.merkle import leaf_hash, verify_inclusion
from liuhen.core.tlog.note import parse_note
from liuhen.core.tlog.reader import LogReader
from liuhen.core.tlog.refusals import Code, TreeRefused
from liuhen.flows import seal as seal_flow
from liuhen.flows.ask_witnesses import LogBehindWitness, LogForked
from liuhen.flows.export_log import NothingSealed, export_log
from liuhen.flows.seal import LedgerTorn, LogUnknown, seal
from liuhen.records.ledger import guards, read
from liuhen.records.ledger.models import Attestation, Checkpoint, Event, Log
from tests.core.tlog.memory import Crash, MemoryFiles
from tests.core.tlog.signers import new_signer
from tests.flows.sealing import ORIGIN, LockedMemory, Station, record
from tests.records.ledger.events import at_minute

pytestmark = pytest.mark.django_db


@pytest.fixture
def station(tmp_path: Path) -> Station:
    return Station(tmp_path)


def test_every_event_is_proved_under_a_cosigned_and_stamped_checkpoint(station: Station) -> None:
    events = record(300)
    sealing = station.seal()

    keys = station.witness.keys
    opened = open_checkpoint(sealing.note, [station.log_signer.key], keys)
    assert (opened.checkpoint.size, sealing.added, sealing.is_attested) == (300, 300, True)
    assert [item.signed_at for item in opened.cosignatures] == [at_minute(30)]
    assert station.storage.files["checkpoint"] == sealing.note
    reader = LogReader(station.storage, 300)
    for index, event in enumerate(events):
        leaf = leaf_hash(leaf_of(event.header_bytes, event.header.id))
        verify_inclusion(leaf, index, 300, reader.prove_inclusion(index), sealing.root)
    text = parse_note(sealing.note).text.encode()
    assert station.timestamper.digests == [hashlib.sha256(text).digest()]


def test_sealing_again_changes_nothing(station: Station) -> None:
    record(5)
    first = station.seal()
    files = dict(station.storage.files)
    again = station.seal(40)
    assert (again.note, again.added, again.is_attested) == (first.note, 0, True)
    assert station.storage.files == files
    assert Checkpoint.objects.count() == 1 and Attestation.objects.count() == 2


def test_a_growing_log_is_sealed_in_batches_and_stays_consistent(
    station: Station, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(seal_flow, "BATCH", 100)
    sizes = []
    for count in (1, 255, 1, 300):
        record(count)
        sizes.append(station.seal().size)
    assert sizes == [1, 256, 257, 557]
    kept = list(read.checkpoints(ORIGIN))
    reader = LogReader(station.storage, 557)
    assert [reader.root(item.size) for item in kept] == [item.root for item in kept]
    assert audit(station.storage, TreeHead(557, kept[-1].root)).is_clean


def test_two_signatures_stand_side_by_side(station: Station) -> None:
    record(1)
    second = new_signer(ORIGIN, 3)
    sealing = seal(
        ORIGIN,
        at=at_minute(1),
        signers=[station.log_signer, second],
        storage=station.storage,
        witnesses=[station.witness],
    )
    assert {item.key for item in open_checkpoint(sealing.note, [second.key]).log_signatures} == {second.key}
    assert len(parse_note(sealing.note).signatures) == 3


def test_an_absent_witness_and_stamp_leave_the_seal_pending_and_are_made_up_for(station: Station) -> None:
    record(3)
    station.witness.down = station.timestamper.down = True
    sealing = station.seal()
    assert [item.name for item in sealing.pending] == ["市司法局", "时间戳"]
    assert "网络中断" in sealing.pending[0].reason
    assert open_checkpoint(sealing.note, [station.log_signer.key], station.witness.keys).cosignatures == ()

    station.witness.down = station.timestamper.down = False
    later = station.seal(50)
    assert later.is_attested and later.size == 3 and Checkpoint.objects.count() == 1
    assert len(open_checkpoint(later.note, [station.log_signer.key], station.witness.keys).cosignatures) == 1
    kept = read.last_checkpoint(ORIGIN)
    assert kept is not None and kept.timestamp is not None and kept.sealed_at == at_minute(20)


def test_a_witness_that_missed_sizes_catches_up(station: Station) -> None:
    record(2)
    station.seal()
    station.witness.down = True
    record(3)
    station.seal()
    station.witness.down = False
    record(4)
    assert station.seal().is_attested


@pytest.mark.parametrize(
    ("status", "body", "words"),
    [
        (403, b"no trusted signature\n", "登记到见证方"),
        (404, b"unknown log\n", "未登记本日志"),
        (400, b"malformed\n", "格式有误"),
        (200, "— somebody else AAAAAAAA\n".encode(), "无法验证"),
        (409, b"nonsense\n", "拒绝"),
    ],
)
def test_a_witness_of_another_mind_leaves_the_seal_pending(
    station: Station, status: int, body: bytes, words: str
) -> None:
    record(3)
    station.witness.answers = [Answer(status, body)]
    (pending,) = station.seal().pending
    assert pending.name == "市司法局"
    assert words in pending.reason


def test_a_forged_cosignature_is_not_kept(station: Station) -> None:
    record(3)
    sealing = station.seal()
    cosignature = parse_note(sealing.note).signatures[-1]
    record(1)
    station.witness.answers = [Answer(200, cosignature.render().encode())]
    (pending,) = station.seal().pending
    assert "无法验证" in pending.reason
    kept = read.last_checkpoint(ORIGIN)
    assert kept is not None and kept.size == 4 and kept.cosigners == frozenset()


def _forget_checkpoints() -> None:
    with guards.lifted(connection):
        Attestation.objects.all().delete()
        Checkpoint.objects.all().delete()


def test_a_restored_old_backup_is_never_signed_over(station: Station) -> None:
    record(5)
    station.seal()
    record(5)
    station.seal()
    old = LockedMemory()
    with guards.lifted(connection):
        Attestation.objects.filter(checkpoint__size=10).delete()
        Checkpoint.objects.filter(size=10).delete()
    old.files = {path: data for path, data in station.storage.files.items() if path != "checkpoint"}
    station.storage = old

    with pytest.raises(LogBehindWitness, match=r"已见证.*第 10 条") as alarm:
        station.seal()
    assert (alarm.value.witnessed, alarm.value.size) == (10, 5)
    assert Checkpoint.objects.count() == 1 and "checkpoint" not in old.files


def test_a_witness_without_monitoring_still_raises_the_alarm(station: Station) -> None:
    record(5)
    station.seal()
    station.witness.answers = [Answer(409, b"9\n")]
    record(1)
    published = station.storage.files["checkpoint"]
    with pytest.raises(LogBehindWitness):
        station.seal()
    assert station.storage.files["checkpoint"] == published


def test_a_rewritten_log_is_refused_by_what_the_witness_remembers(station: Station) -> None:
    record(5)
    station.seal()
    _forget_checkpoints()
    with guards.lifted(connection):
        Event.objects.filter(leaf_index=0).update(header="{}")
    station.storage = LockedMemory()
    with pytest.raises(LogBehindWitness):
        station.seal()
    assert not Checkpoint.objects.exists()


def test_another_root_at_the_same_size_is_a_fork(station: Station) -> None:
    record(5)
    station.seal()
    _forget_checkpoints()
    with guards.lifted(connection):
        row = Event.objects.get(leaf_index=0)
        Event.objects.filter(pk=row.pk).update(header=row.header.replace("recording:r1", "recording:r2"))
    station.storage = LockedMemory()
    station.witness.down = True
    station.seal()
    published = station.storage.files["checkpoint"]

    station.witness.down = False
    record(1)
    with pytest.raises(LogForked):
        station.seal()
    assert station.storage.files["checkpoint"] == published and Checkpoint.objects.count() == 1


def test_a_witness_that_answers_with_another_root_raises_the_alarm(station: Station) -> None:
    record(5)
    station.witness.answers = [Answer(409, b"5\n"), Answer(422, b"another root\n")]
    with pytest.raises(LogForked):
        station.seal()
    assert "checkpoint" not in station.storage.files


def test_tiles_that_differ_from_the_kept_checkpoint_stop_the_seal(station: Station) -> None:
    record(300)
    station.seal()
    name = "tile/0/001.p/44"
    data = bytearray(station.storage.files[name])
    data[5] ^= 1
    station.storage.files[name] = bytes(data)
    record(1)
    with pytest.raises(TreeRefused):
        station.seal()
    assert Checkpoint.objects.count() == 1


def test_an_event_changed_between_a_crash_and_the_next_run_is_refused(station: Station) -> None:
    record(3)
    station.storage.fuse = 1
    with pytest.raises(Crash):
        station.seal()
    station.storage.fuse = None
    with guards.lifted(connection):
        row = Event.objects.get(leaf_index=1)
        Event.objects.filter(pk=row.pk).update(header=row.header.replace("recording:r1", "recording:r2"))
    with pytest.raises(TreeRefused) as refusal:
        station.seal()
    assert refusal.value.code is Code.TREE_REWRITTEN


def test_a_lost_event_stops_the_seal(station: Station) -> None:
    record(5)
    with guards.lifted(connection), connection.constraint_checks_disabled():
        lost = Event.objects.get(leaf_index=3)
        lost.content.delete()
        lost.delete()
    with pytest.raises(LedgerTorn) as alarm:
        station.seal()
    assert alarm.value.leaf_index == 3
    Log.objects.update(next_index=3)
    assert station.seal().size == 3
    Log.objects.update(next_index=2)
    with pytest.raises(LedgerTorn):
        station.seal()


def test_an_unknown_log_is_named(station: Station) -> None:
    with pytest.raises(LogUnknown, match=ORIGIN):
        station.seal()


def test_killed_at_any_write_the_next_run_finishes_the_same_log(tmp_path: Path) -> None:
    record(250)
    whole = Station(tmp_path / "whole")
    whole.seal()
    _forget_checkpoints()
    fuse = 0
    while True:
        station = Station(tmp_path / str(fuse))
        station.storage.fuse = fuse
        try:
            station.seal()
            break
        except Crash:
            station.storage.fuse = None
        station.seal()
        assert station.storage.files == whole.storage.files
        _forget_checkpoints()
        fuse += 1
    assert fuse == whole.storage.changes


def test_two_processes_do_not_seal_one_log(station: Station, tmp_path: Path) -> None:
    record(1)
    folder = TileDirectory(tmp_path / "tiles")
    with folder.locked(), pytest.raises(LogInUse):
        seal(ORIGIN, at=at_minute(1), signers=[station.log_signer], storage=TileDirectory(tmp_path / "tiles"))


def test_an_exported_log_stands_alone(station: Station) -> None:
    target = MemoryFiles()
    with pytest.raises(NothingSealed):
        export_log(ORIGIN, storage=station.storage, target=target)
    record(300)
    sealing = station.seal()
    record(400)
    station.storage.fuse = station.storage.changes + 3
    with pytest.raises(Crash):
        station.seal()

    assert export_log(ORIGIN, storage=station.storage, target=target) == 300
    assert audit(target, TreeHead(300, sealing.root)).is_clean
    assert target.files["checkpoint"] == sealing.note
    assert set(target.files) == {"checkpoint", "tile/0/000", "tile/0/001.p/44", "tile/1/000.p/1"} | {
        "tile/entries/000",
        "tile/entries/001.p/44",
    }


def test_a_witness_key_is_never_a_log_key(station: Station) -> None:
    wrong = new_signer(ORIGIN, 9, KeyKind.COSIGNATURE)
    record(1)
    with pytest.raises(Exception, match="log key"):
        seal(ORIGIN, at=at_minute(1), signers=[wrong], storage=station.storage)
    assert not Checkpoint.objects.exists()
