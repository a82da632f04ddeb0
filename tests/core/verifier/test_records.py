"""Events as a package holds them: what is said of each that is not in order."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liuhen.core.events.case import ActBegun, RecordingLinked
from liuhen.core.events.envelope import Sealed
from liuhen.core.kernel.errors import BadInput
from liuhen.core.verifier.records import check_records, parse_event, render_event
from tests.core.verifier.making import AGENCY, CASE, event, events, lines, seal


def codes(items: list[Sealed], tail: bytes = b"", **changes: object) -> list[str]:
    return [item.code for item in check_records(lines(items) + tail, seal(**changes)).findings]


def test_events_in_order_are_not_remarked() -> None:
    found = check_records(lines(events()), seal())
    assert found.findings == []
    assert [item.header.id for item in found.sealed] == [item.id for item in found.events]


@given(st.integers(0, 3))
def test_a_line_reads_back(number: int) -> None:
    item = events()[number]
    assert parse_event(render_event(item).removesuffix(b"\n"), "line") == item
    bare = Sealed(item.header_bytes, None, None)
    assert parse_event(render_event(bare).removesuffix(b"\n"), "line") == bare


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"{}",
        b"[]",
        b'{"header":1}',
        b'{"header":"x","salt":"AA=="}',
        b'{"content":"x","header":"x","salt":"AA=="}',
        b"\xff",
    ],
)
def test_other_lines_are_refused(line: bytes) -> None:
    with pytest.raises(BadInput):
        parse_event(line, "line")


CASE_STREAM, AGENCY_STREAM = f"case:{CASE}", f"agency:{AGENCY}"
OTHER = ActBegun("x", "现场检查", "某处", ())


@pytest.mark.parametrize(
    ("code", "change"),
    [
        ("EVT-004", lambda them: [them[0], them[1], them[3]]),
        ("EVT-004", lambda them: [them[1], them[0], *them[2:]]),
        ("EVT-007", lambda them: [*them, them[-1]]),
        ("SEAL-004", lambda them: them[:-1]),
        ("EVT-011", lambda them: them[2:]),
        ("EVT-011", lambda them: [*them, event(CASE_STREAM, 3, RecordingLinked("r1", "x"), 30)]),
        ("EVT-012", lambda them: [*them, event("case:c2", 1, OTHER, 30)]),
        ("EVT-005", lambda them: [*them, event(CASE_STREAM, 3, OTHER, 30, agency="a2")]),
        ("EVT-008", lambda them: [*them, event(CASE_STREAM, 3, OTHER, 60, entered=30)]),
        ("EVT-013", lambda them: [*them, event(CASE_STREAM, 3, OTHER, -2000, entered=30)]),
        ("EVT-006", lambda them: [Sealed(them[0].header_bytes, None, None), *them[1:]]),
        ("EVT-002", lambda them: [Sealed(them[0].header_bytes, them[0].content_bytes, bytes(32)), *them[1:]]),
        ("EVT-003", lambda them: [Sealed(them[0].header_bytes, them[0].content_bytes, bytes(32)), *them[1:]]),
    ],
)
def test_each_disorder_has_its_code(code: str, change: Callable[[list[Sealed]], list[Sealed]]) -> None:
    assert code in codes(change(events()))


def test_late_entry_is_lawful_for_people_but_not_for_the_system_itself() -> None:
    consulted = events()[-1]
    early = event(CASE_STREAM, 2, _content_of(consulted), 20 - 10, entered=20)
    assert codes([*events()[:-1], early]) == ["EVT-010"]
    assert codes([*events()[:-1], event(CASE_STREAM, 2, OTHER, 10, entered=20)]) == []


def _content_of(item: Sealed) -> object:
    return check_records(lines([item]), seal()).events[0].content


@pytest.mark.parametrize("tail", [b"x\n", b"\n", b"[" * 100_000 + b"\n", b"9" * 9999 + b"\n", b"{", b"\xff\n"])
def test_hostile_lines_are_findings(tail: bytes) -> None:
    assert "EVT-001" in codes(events(), tail)


@given(st.binary(max_size=200))
def test_no_bytes_stop_the_reading(data: bytes) -> None:
    check_records(data, seal())
