"""Proofs of a package: how they travel, what checkpoints are believed, and whether every event is where it says."""

import dataclasses
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liuhen.core.kernel.errors import BadInput
from liuhen.core.tlog.keys import KeyKind
from liuhen.core.tlog.note import Note, parse_note
from liuhen.core.tlog.policy import LogLine
from liuhen.core.verifier.logs import ProofEntry, SeriesEntry, parse_proofs, parse_series, render_proofs, render_series
from liuhen.core.verifier.places import agency_of, check_inclusion
from liuhen.core.verifier.series import Anchor, check_series
from tests.core.tlog.signers import new_signer
from tests.core.verifier.making import ORIGIN, POLICY, checkpoint, entries, events, proofs

HASHES = st.lists(st.binary(max_size=40), max_size=3).map(tuple)
TEXT = st.text(st.characters(codec="ascii"), max_size=30)


@given(st.lists(st.builds(ProofEntry, TEXT, TEXT, st.integers(0, 2**53 - 1), HASHES), min_size=1, max_size=4))
def test_proofs_read_back(them: list[ProofEntry]) -> None:
    assert parse_proofs(render_proofs(them)) == them


@given(st.lists(st.builds(SeriesEntry, TEXT.map(str.encode), st.none() | st.binary(min_size=1), HASHES), min_size=1))
def test_checkpoints_read_back(them: list[SeriesEntry]) -> None:
    assert parse_series(render_series(them), "series") == them


@given(st.binary(max_size=200))
def test_other_bytes_are_refused(data: bytes) -> None:
    for parse in (parse_proofs, lambda them: parse_series(them, "series")):
        with pytest.raises(BadInput):
            parse(data)


def test_a_log_names_its_agency() -> None:
    assert agency_of(ORIGIN) == "a1"
    assert agency_of("plain") == agency_of("one/slash") == ""


def anchors(*minutes: tuple[int, float]) -> list[Anchor]:
    points, before = [], 0
    for size, minute in minutes:
        points.append(checkpoint(events(), size, minute, before))
        before = size
    _, found, wrong = check_series(points, POLICY, (), "series")
    assert {item.code for item in wrong} <= {"TIME-002"}
    return found


def inclusion(found: list[Anchor], change: Callable[[list[ProofEntry]], list[ProofEntry]] = list) -> list[str]:
    return [item.code for item in check_inclusion(entries(events()), change(proofs(events())), {ORIGIN: found})]


def test_events_in_their_places_are_not_remarked() -> None:
    assert inclusion(anchors((2, 2), (4, 21))) == []


@pytest.mark.parametrize(
    ("code", "points"),
    [
        ("LOG-002", ((2, 2),)),
        ("TIME-003", ((2, 30), (4, 31))),
        ("TIME-004", ((4, 5),)),
        ("TIME-007", ((4, 25 * 60),)),
        ("TIME-006", ((4, 8 * 24 * 60),)),
    ],
)
def test_times_are_bounded_by_checkpoints(code: str, points: tuple[tuple[int, float], ...]) -> None:
    assert code in inclusion(anchors(*points))


@pytest.mark.parametrize(
    ("code", "change"),
    [
        ("LOG-001", lambda them: them[1:]),
        ("LOG-005", lambda them: [*them, them[0]]),
        ("LOG-005", lambda them: [*them, dataclasses.replace(them[0], event="nobody")]),
        ("LOG-007", lambda them: [them[0], dataclasses.replace(them[0], event=them[1].event), *them[2:]]),
        ("LOG-008", lambda them: [them[1], them[0], *them[2:]]),
        ("LOG-002", lambda them: [dataclasses.replace(them[0], hashes=()), *them[1:]]),
        ("LOG-002", lambda them: [dataclasses.replace(them[0], origin="liuhen.example/a2/2026"), *them[1:]]),
    ],
)
def test_each_false_proof_has_its_code(code: str, change: Callable[[list[ProofEntry]], list[ProofEntry]]) -> None:
    assert code in inclusion(anchors((4, 21)), change)


def test_time_that_runs_back_along_the_log() -> None:
    turned = [events()[1], events()[0], *events()[2:]]
    found = check_inclusion(entries(turned), proofs(turned), {ORIGIN: []})
    assert "LOG-006" in [item.code for item in found]


def series(change: Callable[[list[SeriesEntry]], list[SeriesEntry]]) -> set[str]:
    points = [checkpoint(events(), 2, 2), checkpoint(events(), 4, 21, 2)]
    return {item.code for item in check_series(change(points), POLICY, (), "series")[2]} - {"TIME-002"}


def without_signatures(entry: SeriesEntry, count: int) -> SeriesEntry:
    note = parse_note(entry.note)
    return dataclasses.replace(entry, note=Note(note.text, note.signatures[:-count]).render())


@pytest.mark.parametrize(
    ("codes", "change"),
    [
        (set(), lambda them: them),
        ({"LOG-003"}, lambda them: [them[0], without_signatures(them[1], 1)]),
        ({"LOG-003"}, lambda them: [them[0], dataclasses.replace(them[1], note=b"")]),
        ({"LOG-004"}, lambda them: [them[0], dataclasses.replace(them[1], consistency=())]),
        ({"LOG-004"}, lambda them: [them[1]]),
        ({"LOG-004"}, lambda them: [them[0], them[0]]),
        ({"LOG-004", "TIME-005"}, lambda them: [dataclasses.replace(them[1], consistency=()), them[0]]),
        ({"TIME-001"}, lambda them: [them[0], dataclasses.replace(them[1], timestamp=b"0")]),
    ],
)
def test_each_false_checkpoint_has_its_code(
    codes: set[str], change: Callable[[list[SeriesEntry]], list[SeriesEntry]]
) -> None:
    assert series(change) == codes


def test_a_log_that_signs_with_two_kinds_is_believed_only_with_both() -> None:
    """A key of a kind that did not sign: whoever breaks the one kind must not strip the other."""
    second = dataclasses.replace(new_signer(ORIGIN, 3).key, kind=KeyKind.SM2, public_key=b"\x04" + bytes(64))
    policy = dataclasses.replace(POLICY, logs=(*POLICY.logs, LogLine(second)))
    _, found, wrong = check_series([checkpoint(events(), 4, 21)], policy, (), "series")
    assert [item.code for item in wrong] == ["LOG-003"]
    assert found == []


def test_without_anybody_outside_no_time_is_claimed() -> None:
    bare = Anchor(4, anchors((4, 21))[0].root, None, None)
    assert inclusion([bare]) == []
