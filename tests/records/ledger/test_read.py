"""Reading gives what was appended, in the order of the log, in pages of bounded size."""

import pytest

from liuhen.records.ledger import read
from liuhen.records.ledger.append import append
from tests.records.ledger.events import AGENCY, MORNING, at_minute, marked, recording

pytestmark = pytest.mark.django_db
ORIGIN = f"liuhen.example/{AGENCY}/2026"


def test_events_of_several_streams_come_merged_in_the_order_of_recording() -> None:
    one, two = recording("r1"), recording("r2")
    for minute, stream, version in ((0, two, 0), (1, one, 0), (1, two, 1), (3, one, 1)):
        append([marked(stream)], after={str(stream): version}, recorded_at=at_minute(minute))
    merged = [(s.header.stream[-2:], s.header.seq) for s in read.sealed_events(one, two)]
    assert merged == [("r2", 1), ("r1", 1), ("r2", 2), ("r1", 2)]


def test_a_log_is_walked_in_chunks_without_loss(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(read, "CHUNK", 4)
    append([marked(recording()) for _ in range(12)], after={"recording:r1": 0}, recorded_at=MORNING)
    assert [entry.leaf_index for entry in read.entries(ORIGIN)] == list(range(12))
    assert [entry.leaf_index for entry in read.entries(ORIGIN, 3, 9)] == list(range(3, 9))
    assert list(read.entries(ORIGIN, 12)) == []
    assert len(read.leaves(ORIGIN, 5, 8)) == 3


def test_streams_are_paged_by_name() -> None:
    names = [f"r{number:02}" for number in range(7)]
    for name in names:
        append([marked(recording(name))], after={f"recording:{name}": 0}, recorded_at=MORNING)
    first = read.streams("recording", AGENCY, limit=4)
    rest = read.streams("recording", AGENCY, after=first[-1], limit=4)
    assert first + rest == tuple(f"recording:{name}" for name in names)
    assert read.streams("case", AGENCY) == read.streams("recording", "other") == ()


def test_an_event_is_found_by_its_id() -> None:
    (sealed,) = append([marked(recording())], after={"recording:r1": 0}, recorded_at=MORNING)
    found = read.find_event(sealed.header.id)
    assert found is not None and found[0].sealed == sealed and found[1] == ORIGIN
    assert read.find_event("nobody") is None
