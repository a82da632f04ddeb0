"""The database itself refuses to change what was recorded."""

import pytest
from django.db import DatabaseError, connection, transaction

from liuhen.records.ledger import guards
from liuhen.records.ledger.append import append
from liuhen.records.ledger.keep import CheckpointDisputed, keep_checkpoint, keep_cosignature
from liuhen.records.ledger.models import Attestation, Checkpoint, Content, Event
from tests.records.ledger.events import MORNING, marked, recording

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _recorded() -> None:
    append([marked(recording())], after={"recording:r1": 0}, recorded_at=MORNING)
    row = keep_checkpoint("o", size=1, root=bytes(32), note="o\n1\n", sealed_at=MORNING)
    keep_cosignature(row, witness="w", line="— w x\n", at=MORNING)


@pytest.mark.parametrize(
    "statement",
    [
        *(f"DELETE FROM {table}" for table in guards.GUARDED),
        "UPDATE ledger_event SET at = recorded_at",
        "UPDATE ledger_event SET header = '{}'",
        "UPDATE ledger_content SET content = '{}'",
        "UPDATE ledger_checkpoint SET note = 'x'",
        "UPDATE ledger_attestation SET name = 'x'",
    ],
)
def test_changing_or_deleting_is_refused_with_a_sentence(statement: str) -> None:
    with pytest.raises(DatabaseError, match="只增不改"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert Event.objects.count() == Content.objects.count() == Checkpoint.objects.count() == 1


@pytest.mark.parametrize("table", guards.GUARDED)
def test_replacing_or_truncating_is_refused(table: str) -> None:
    if connection.vendor == "sqlite":
        statement = f"INSERT OR REPLACE INTO {table} SELECT * FROM {table}"
    else:
        # PostgreSQL postpones foreign keys; what is postponed would forbid TRUNCATE before the guard does.
        statement = f"SET CONSTRAINTS ALL IMMEDIATE; TRUNCATE {table} CASCADE"
    with pytest.raises(DatabaseError, match="只增不改"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_the_orm_is_refused_as_well() -> None:
    for model in (Content, Attestation):
        with pytest.raises(DatabaseError, match="只增不改"), transaction.atomic():
            model.objects.all().delete()
    with pytest.raises(DatabaseError, match="只增不改"), transaction.atomic():
        Event.objects.update(actor="somebody")


def test_a_size_has_one_root() -> None:
    again = keep_checkpoint("o", size=1, root=bytes(32), note="o\n1\nother signature", sealed_at=MORNING)
    assert Checkpoint.objects.get().pk == again and Checkpoint.objects.get().note == "o\n1\n"
    with pytest.raises(CheckpointDisputed):
        keep_checkpoint("o", size=1, root=bytes(31) + b"\x01", note="n", sealed_at=MORNING)
