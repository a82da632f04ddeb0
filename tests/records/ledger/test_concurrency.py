"""Many writers at once: positions stay gapless, on both databases, with threads and with processes."""

import os
import subprocess
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, connections, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from liuhen.records.ledger import read
from liuhen.records.ledger.append import append
from liuhen.records.ledger.errors import StreamMoved
from liuhen.records.ledger.models import Event
from tests.records.ledger.events import AGENCY, MORNING, at_minute, marked, recording

WRITERS = 4


def in_threads(work: Callable[[int], int]) -> list[int]:
    """Run the same work in several threads that start together, each with its own connection."""
    start = threading.Barrier(WRITERS)

    def run(number: int) -> int:
        try:
            start.wait()
            return work(number)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(WRITERS) as pool:
        return list(pool.map(run, range(WRITERS)))


def require_gapless() -> None:
    for log in read.logs():
        rows = Event.objects.filter(origin=log.origin).order_by("leaf_index")
        assert list(rows.values_list("leaf_index", flat=True)) == list(range(log.next_index))
        times = list(rows.values_list("recorded_at", flat=True))
        assert times == sorted(times)
    for stream in set(Event.objects.values_list("stream", flat=True)):
        seqs = Event.objects.filter(stream=stream).order_by("leaf_index").values_list("seq", flat=True)
        assert list(seqs) == list(range(1, len(seqs) + 1))


@pytest.mark.django_db(transaction=True)
def test_writers_of_different_streams_share_the_log_without_gaps() -> None:
    def work(number: int) -> int:
        stream = recording(f"w{number}")
        for turn in range(10):
            drafts = [marked(stream), marked(stream)]
            append(drafts, after={str(stream): 2 * turn}, recorded_at=at_minute(1 - number / 100))
        return 20

    assert sum(in_threads(work)) == Event.objects.count() == 20 * WRITERS
    require_gapless()


@pytest.mark.django_db(transaction=True)
def test_writers_of_one_stream_never_build_on_what_they_did_not_see() -> None:
    stream = recording("shared")

    def work(number: int) -> int:
        done = 0
        while done < 8:
            version = read.version_of(stream)
            try:
                append([marked(stream, topic=f"{number}/{done}")], after={str(stream): version}, recorded_at=MORNING)
            except StreamMoved:
                continue
            done += 1
        return done

    assert sum(in_threads(work)) == read.version_of(stream) == 8 * WRITERS
    require_gapless()


@pytest.mark.django_db(transaction=True)
def test_writers_of_two_agencies_have_two_logs() -> None:
    def work(number: int) -> int:
        agency = f"{AGENCY}-{number % 2}"
        stream = recording(f"{agency}-{number}")
        for turn in range(5):
            append([marked(stream, agency=agency)], after={str(stream): turn}, recorded_at=MORNING)
        return 5

    in_threads(work)
    assert [log.next_index for log in read.logs()] == [10, 10]
    require_gapless()


@pytest.mark.django_db(transaction=True)
def test_a_caller_that_rolls_back_leaves_no_hole() -> None:
    def work(number: int) -> int:
        stream = recording(f"w{number}")
        for turn in range(8):
            with transaction.atomic():
                append([marked(stream)], after={str(stream): read.version_of(stream)}, recorded_at=MORNING)
                if turn % 2:
                    transaction.set_rollback(True)
        return 4

    assert sum(in_threads(work)) == Event.objects.count() == 4 * WRITERS
    require_gapless()


def _address_of_test_database() -> str:
    database = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{database['NAME']}"
    return f"postgresql://{database['USER']}@/{database['NAME']}?host={database['HOST']}"


@pytest.mark.django_db(transaction=True)
def test_processes_share_the_log_without_gaps() -> None:
    command = [sys.executable, "-m", "tests.records.ledger.writer_process"]
    surroundings = os.environ | {"LIUHEN_DATABASE": _address_of_test_database()}
    writers = [subprocess.Popen([*command, f"p{number}", "10"], env=surroundings) for number in range(3)]
    assert [writer.wait(60) for writer in writers] == [0, 0, 0]
    assert read.version_of(recording("shared")) == 30
    assert Event.objects.count() == 60
    require_gapless()


calls = st.lists(
    st.tuples(
        st.lists(st.sampled_from(["a", "b", "c"]), min_size=1, max_size=4),
        st.integers(0, 3),
        st.integers(-3, 3),
    ),
    max_size=8,
)


@pytest.mark.django_db
@given(calls)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_calls_are_made_what_stands_is_gapless(made: list[tuple[list[str], int, int]]) -> None:
    """Random calls, right and wrong versions, clocks a little forward and back: refused whole or recorded whole."""
    with transaction.atomic():
        versions = {"a": 0, "b": 0, "c": 0}
        for names, wrong, minute in made:
            drafts = [marked(recording(name), at=at_minute(-10)) for name in names]
            after = {f"recording:{name}": versions[name] + (wrong == 3) for name in names}
            before = Event.objects.count()
            try:
                append(drafts, after=after, recorded_at=at_minute(minute))
            except Exception as refusal:
                assert type(refusal).__name__ in ("StreamMoved", "ClockWrong")
                assert Event.objects.count() == before
            else:
                for name in names:
                    versions[name] += 1
        require_gapless()
        transaction.set_rollback(True)
