"""Turns to write: everybody gets one, a turn inside a turn is part of it, and the line holds nobody up for ever."""

import fcntl
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.db import connection, transaction

from liuhen.records.ledger import read, turn
from liuhen.records.ledger.append import append, hold
from liuhen.records.ledger.models import Event
from tests.records.ledger.events import AGENCY, at_minute, marked, recording


def _record(number: int) -> int:
    """Read and write in one turn: without turns, two would base themselves on the same version."""
    try:
        with turn.turn():
            hold(AGENCY)
            stream = recording("r1")
            version = read.version_of(stream)
            append([marked(stream, at=at_minute(1))], after={str(stream): version}, recorded_at=at_minute(2))
            return version + 1
    finally:
        connection.close()


@pytest.mark.django_db(transaction=True)
def test_everybody_gets_a_turn_and_sees_what_came_before() -> None:
    _record(0)  # the log's row is made by the first
    with ThreadPoolExecutor(4) as pool:
        versions = sorted(pool.map(_record, range(20)))
    assert versions == list(range(2, 22))


@pytest.mark.django_db(transaction=True)
def test_a_turn_inside_a_turn_is_part_of_it() -> None:
    with pytest.raises(KeyError), turn.turn():
        with turn.turn():
            append([marked(recording("r1"), at=at_minute(1))], after={"recording:r1": 0}, recorded_at=at_minute(2))
        assert connection.in_atomic_block
        raise KeyError
    assert not Event.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_turn_inside_a_plain_transaction_does_not_wait_for_the_line() -> None:
    with transaction.atomic(), turn.turn():
        assert connection.in_atomic_block


@pytest.mark.django_db(transaction=True)
def test_who_never_leaves_the_line_holds_nobody_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turn, "_PATIENCE", 0.05)
    if connection.vendor != "sqlite":
        pytest.skip("only SQLite has a line")
    with Path(f"{connection.settings_dict['NAME']}.turn").open("ab") as stuck:
        fcntl.flock(stuck, fcntl.LOCK_EX)
        assert _record(0) == 1
