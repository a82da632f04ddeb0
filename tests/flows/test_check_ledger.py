"""Checking the ledger: every lie that a person with the database password or the disk can tell is named where it stands."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import connection

from liuhen.core.events.envelope import commit_sha256, commit_sm3
from liuhen.flows.check_ledger import SENTENCES, Finding, LogParts, check, found
from liuhen.records.ledger import guards, read
from liuhen.records.ledger.models import Attestation, Checkpoint, Content, Event, Log
from tests.core.tlog.signers import new_signer
from tests.flows.sealing import ORIGIN, Station, record
from tests.records.ledger.events import at_minute

pytestmark = pytest.mark.django_db


@pytest.fixture
def station(tmp_path: Path) -> Station:
    """A log of 300 events sealed in two steps, and 5 events that are not sealed yet."""
    station = Station(tmp_path)
    record(3, "r1")
    station.seal()
    record(297, "r2", minute=11)
    station.seal()
    record(5, "r1", minute=12)
    return station


def run(station: Station) -> list[Finding]:
    parts = LogParts(station.storage, [station.log_signer.key], station.witness.keys)
    return check(lambda origin: parts)


def event(leaf_index: int) -> Event:
    return Event.objects.get(leaf_index=leaf_index)


def test_an_honest_ledger_has_no_findings(station: Station) -> None:
    assert run(station) == []


def test_an_empty_ledger_has_no_findings(tmp_path: Path) -> None:
    assert run(Station(tmp_path)) == []


def _edit_header(row: Event) -> None:
    Event.objects.filter(pk=row.pk).update(header=row.header.replace(row.actor, "0" * 32))


def _edit_header_and_row(row: Event) -> None:
    _edit_header(row)
    Event.objects.filter(pk=row.pk).update(actor="0" * 32)


def _spell_header_otherwise(row: Event) -> None:
    Event.objects.filter(pk=row.pk).update(header=row.header.replace(":", ": ", 1))


def _edit_column(row: Event) -> None:
    Event.objects.filter(pk=row.pk).update(at=at_minute(-60))


def _edit_content(row: Event) -> None:
    Content.objects.filter(pk=row.pk).update(content='{"second":"1","topic":"改过"}')


def _edit_content_and_commitments(row: Event) -> None:
    content, salt = b'{"second":"1","topic":"x"}', bytes(32)
    Content.objects.filter(pk=row.pk).update(content=content.decode(), salt=salt)
    header = row.header
    for old, new in (
        (_committed(row, "sha256"), commit_sha256(content, salt)),
        (_committed(row, "sm3"), commit_sm3(content, salt)),
    ):
        header = header.replace(old, new)
    Event.objects.filter(pk=row.pk).update(header=header)


def _committed(row: Event, digest: str) -> str:
    return row.header.partition(f'"content_{digest}":"')[2][:64]


def _delete_content(row: Event) -> None:
    Content.objects.filter(pk=row.pk).delete()


@pytest.mark.parametrize(
    ("lie", "codes"),
    [
        (_edit_header, {"LEDGER-002", "LEDGER-006"}),
        (_edit_header_and_row, {"LEDGER-006"}),
        (_spell_header_otherwise, {"LEDGER-001", "LEDGER-006"}),
        (_edit_column, {"LEDGER-002"}),
        (_edit_content, {"LEDGER-003"}),
        (_edit_content_and_commitments, {"LEDGER-006"}),
        (_delete_content, {"LEDGER-004"}),
    ],
)
@pytest.mark.parametrize("leaf_index", [2, 299])
def test_a_changed_event_is_named(
    station: Station, leaf_index: int, lie: Callable[[Event], None], codes: set[str]
) -> None:
    row = event(leaf_index)
    with guards.lifted(connection):
        lie(row)
    findings = run(station)
    assert {item.code for item in findings} == codes
    assert {item.path for item in findings} == {f"event:{row.pk}"}


def _delete(row: Event) -> None:
    with guards.lifted(connection), connection.cursor() as cursor:
        cursor.execute("DELETE FROM ledger_content WHERE event_id = %s", [row.pk])
        cursor.execute("DELETE FROM ledger_event WHERE id = %s", [row.pk])


def test_a_deleted_event_is_named_by_the_log(station: Station) -> None:
    row = event(100)
    _delete(row)
    findings = {(item.code, item.path): item.message for item in run(station)}
    assert set(findings) == {("LEDGER-007", f"log:{ORIGIN}#100"), ("LEDGER-008", "stream:recording:r2")}
    assert row.pk in findings["LEDGER-007", f"log:{ORIGIN}#100"]


def test_a_deleted_event_that_was_not_sealed_leaves_a_hole(station: Station) -> None:
    _delete(event(304))
    assert [(item.code, item.path) for item in run(station)] == [("LEDGER-014", f"log:{ORIGIN}#304")]


def test_an_inserted_event_is_named(station: Station) -> None:
    last = event(304)
    last.pk, last.leaf_index, last.seq = "smuggled", 305, 9
    last.save(force_insert=True)
    assert {item.code for item in run(station) if item.path == "event:smuggled"} == {
        "LEDGER-009",
        "LEDGER-002",
        "LEDGER-004",
    }


def test_an_event_of_a_log_that_does_not_exist_is_named(station: Station) -> None:
    last = event(304)
    last.pk, last.origin, last.seq = "astray", "liuhen.example/other/2026", 9
    last.save(force_insert=True)
    assert [(item.code, item.path) for item in run(station)] == [("LEDGER-011", "event:astray")]


def test_time_running_backwards_is_named(station: Station) -> None:
    with guards.lifted(connection):
        Event.objects.filter(leaf_index=303).update(recorded_at=at_minute(1))
    assert {item.code for item in run(station)} == {"LEDGER-010", "LEDGER-002"}


def test_swapped_leaves_are_named(station: Station) -> None:
    with guards.lifted(connection):
        Event.objects.filter(leaf_index=301).update(leaf_index=900)
        Event.objects.filter(leaf_index=302).update(leaf_index=301)
        Event.objects.filter(leaf_index=900).update(leaf_index=302)
    assert [item.code for item in run(station)] == ["LEDGER-013"]


@pytest.mark.parametrize("path", ["tile/0/000", "tile/0/001.p/44", "tile/entries/000", "tile/entries/001.p/44"])
def test_a_damaged_or_missing_file_is_named(station: Station, path: str) -> None:
    data = station.storage.files[path]
    station.storage.files[path] = data[:-3] + bytes([data[-3] ^ 1]) + data[-2:]
    assert any(item.code == "LEDGER-020" and item.path == f"log:{ORIGIN}/{path}" for item in run(station))
    del station.storage.files[path]
    assert any(item.code == "LEDGER-020" and item.path == f"log:{ORIGIN}/{path}" for item in run(station))


def test_another_log_of_the_same_size_is_named(station: Station, tmp_path: Path) -> None:
    other = Station(tmp_path / "other")
    with guards.lifted(connection):
        Attestation.objects.all().delete()
        Checkpoint.objects.filter(size=3).update(root="00" * 32)
    codes = {(item.code, item.path) for item in run(station)}
    assert ("LEDGER-021", f"checkpoint:{ORIGIN}@3") in codes
    assert ("LEDGER-022", f"checkpoint:{ORIGIN}@3") in codes
    assert other.storage.files == {}


def test_a_checkpoint_of_another_key_is_named(station: Station) -> None:
    stranger = LogParts(station.storage, [new_signer(ORIGIN, 77).key], station.witness.keys)
    assert {item.code for item in check(lambda origin: stranger)} == {"LEDGER-023"}
    nobody = LogParts(station.storage)
    assert [item.code for item in check(lambda origin: nobody)] == ["LEDGER-027"]


def test_a_changed_cosignature_is_named(station: Station) -> None:
    with guards.lifted(connection):
        first, second = Attestation.objects.filter(kind="cosignature").order_by("id")
        Attestation.objects.filter(pk=second.pk).update(value=bytes(first.value))
    assert [(item.code, item.path) for item in run(station)] == [("LEDGER-025", f"checkpoint:{ORIGIN}@300")]


def test_a_published_checkpoint_that_was_never_kept_is_named(station: Station) -> None:
    with guards.lifted(connection):
        Attestation.objects.filter(checkpoint__size=300).delete()
        Checkpoint.objects.filter(size=300).delete()
    assert [item.code for item in run(station)] == ["LEDGER-024"]
    station.storage.files["checkpoint"] = b"nonsense"
    assert [item.code for item in run(station)] == ["LEDGER-024"]
    del station.storage.files["checkpoint"]
    assert run(station) == []


def test_a_counter_set_back_is_named(station: Station) -> None:
    Log.objects.update(next_index=299)
    assert {item.code for item in run(station)} == {"LEDGER-026", "LEDGER-009"}


def test_other_rooms_add_their_checks(station: Station) -> None:
    parts = LogParts(station.storage, [station.log_signer.key], station.witness.keys)
    (finding,) = check(lambda origin: parts, further=[lambda: [found("LEDGER-030", "case:1", "stage")]])
    assert finding == Finding("LEDGER-030", "case:1", "索引与由事件重算的结果不一致(stage)")


def test_every_sentence_can_be_said() -> None:
    assert all(found(code, "x", "细节").message for code in SENTENCES)


def test_a_check_reads_the_log_in_pages(station: Station, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(read, "CHUNK", 7)
    assert run(station) == []
