"""Checking a ledger that people are working on: what is added meanwhile is no lie, and nobody waits for the check."""

import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import connection, connections, transaction

from liuhen.flows.check_ledger import Finding, LogParts, check
from liuhen.records.ledger import guards, read
from liuhen.records.ledger.models import Content, Event
from liuhen.records.ledger.snapshot import standing_still
from tests.flows.sealing import ORIGIN, Station, record

pytestmark = pytest.mark.django_db(transaction=True)


def elsewhere(*works: Callable[[], object]) -> None:
    """Do something in a thread of its own, with its own connection, and wait for its end."""
    failures: list[BaseException] = []

    def run() -> None:
        try:
            for work in works:
                work()
        except BaseException as error:
            failures.append(error)
        finally:
            connections.close_all()

    thread = threading.Thread(target=run)
    thread.start()
    thread.join(30)
    assert not thread.is_alive(), "the writer waited for the check"
    assert not failures, failures


def checked_while_others_write(station: Station, times: int) -> list[Finding]:
    """Check, and let somebody record and seal whenever the check turns to another part."""
    parts = LogParts(station.storage, [station.log_signer.key], station.witness.keys)
    minutes = iter(range(20, 20 + times))

    def parts_of(origin: str) -> LogParts:
        write()
        return parts

    def write() -> None:
        minute = next(minutes, None)
        if minute is not None:
            elsewhere(lambda: record(7, "r1", minute=minute), station.seal)

    def further() -> list[Finding]:
        write()
        return []

    return check(parts_of, further=[further])


def test_what_is_recorded_and_sealed_during_a_check_is_no_finding(tmp_path: Path) -> None:
    station = Station(tmp_path)
    record(250, "r1")
    station.seal()
    record(5, "r1", minute=12)
    assert checked_while_others_write(station, 3) == []
    assert read.find_log(ORIGIN) is not None and Event.objects.count() == 276


def test_what_was_deleted_is_found_all_the_same(tmp_path: Path) -> None:
    station = Station(tmp_path)
    record(12, "r1")
    station.seal()
    row = Event.objects.get(leaf_index=4)
    with guards.lifted(connection):
        Content.objects.filter(pk=row.pk).delete()
        Event.objects.filter(pk=row.pk).delete()
    assert "LEDGER-007" in {finding.code for finding in checked_while_others_write(station, 3)}


def test_a_moment_stands_still_whatever_others_add(tmp_path: Path) -> None:
    record(3, "r1")
    with standing_still():
        assert Event.objects.count() == 3
        elsewhere(lambda: record(2, "r1", minute=12))
        assert Event.objects.count() == 3
    assert Event.objects.count() == 5


def test_afterwards_the_connection_writes_as_before() -> None:
    with pytest.raises(RuntimeError), standing_still():
        raise RuntimeError
    with transaction.atomic():
        record(1, "r1")
    assert Event.objects.count() == 1
