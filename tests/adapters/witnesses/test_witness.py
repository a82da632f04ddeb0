"""A witness remembers before it signs, and no race makes it go back."""

import sqlite3
import threading
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest

from liuhen.adapters.witnesses.state import NotALogKey, Verdict, WitnessState
from liuhen.adapters.witnesses.witness import Witness, origin_sha256
from liuhen.core.kernel.moments import SHANGHAI
from liuhen.core.tlog.checkpoint import TreeHead, open_checkpoint
from liuhen.core.tlog.cosignature import check_cosignatures
from liuhen.core.tlog.keys import KeyKind
from liuhen.core.tlog.witness import SIZE_TYPE, parse_request
from tests.adapters.witnesses.requests import LOG_KEY, ORIGIN, ORIGIN_SHA256, broken_signature, request
from tests.core.tlog.signers import new_signer

NOON = datetime(2026, 3, 2, 12, tzinfo=SHANGHAI)
SIGNER = new_signer("witness.example/sup", 2, KeyKind.COSIGNATURE)


def open_at(path: Path, state: WitnessState | None = None) -> Witness:
    witness = Witness([SIGNER], state or WitnessState(path / "witness.sqlite3"))
    witness.trust(LOG_KEY)
    return witness


def test_origin_digest_is_the_published_one() -> None:
    assert origin_sha256(ORIGIN) == ORIGIN_SHA256


@pytest.mark.parametrize("steps", [[(0, 1), (1, 3)], [(0, 1), (1, 5)]])
def test_growth_is_cosigned_and_remembered_across_a_restart(tmp_path: Path, steps: list[tuple[int, int]]) -> None:
    for old, size in steps:
        body = request(old, size)
        decision = open_at(tmp_path).answer(body, NOON)
        assert decision.status == 200
        (good,) = check_cosignatures(parse_request(body).note.text, decision.body.decode(), [SIGNER.key])
        assert good.signed_at == NOON
    latest = open_at(tmp_path).latest(ORIGIN)
    assert latest is not None
    opened = open_checkpoint(latest, [LOG_KEY], [SIGNER.key])
    assert opened.checkpoint.size == steps[-1][1] and len(opened.cosignatures) == 1


def test_the_same_checkpoint_is_cosigned_again_with_a_fresh_time(tmp_path: Path) -> None:
    witness = open_at(tmp_path)
    witness.answer(request(0, 1), NOON)
    body = request(0, 1).replace(b"old 0\n", b"old 1\n")
    decision = witness.answer(body, NOON.replace(hour=13))
    (good,) = check_cosignatures(parse_request(body).note.text, decision.body.decode(), [SIGNER.key])
    assert good.signed_at == NOON.replace(hour=13)


def test_a_wrong_old_size_is_told_the_right_one(tmp_path: Path) -> None:
    witness = open_at(tmp_path)
    witness.answer(request(0, 1), NOON)
    decision = witness.answer(request(0, 1), NOON)
    assert (decision.status, decision.body, decision.content_type) == (409, b"1\n", SIZE_TYPE)


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"old 0\n\nnothing", 400),
        (request(0, 1).replace(b"old 0", b"old 2"), 400),
        (request(0, 1).replace(ORIGIN.encode(), b"other.example/log"), 404),
        (broken_signature(request(0, 1)), 403),
        (request(1, 3).replace(b"KgIAAAAA", b"KgMAAAAA"), 409),
    ],
)
def test_refusals_change_nothing(tmp_path: Path, body: bytes, status: int) -> None:
    witness = open_at(tmp_path)
    assert witness.answer(body, NOON).status == status
    assert witness.latest(ORIGIN) is None


def test_a_proof_that_does_not_hold_is_refused(tmp_path: Path) -> None:
    witness = open_at(tmp_path)
    witness.answer(request(0, 1), NOON)
    assert witness.answer(request(1, 3).replace(b"KgIAAAAA", b"KgMAAAAA"), NOON).status == 422


def test_a_blocked_log_is_kept_but_not_cosigned(tmp_path: Path) -> None:
    state = WitnessState(tmp_path / "witness.sqlite3")
    witness = open_at(tmp_path, state)
    witness.answer(request(0, 1), NOON)
    state.block(ORIGIN)
    assert witness.answer(request(1, 3), NOON).status == 404
    assert state.logs() == [(ORIGIN, 1)] and witness.latest(ORIGIN) is not None


def test_a_log_is_never_forgotten_and_never_set_back(tmp_path: Path) -> None:
    witness = open_at(tmp_path)
    witness.answer(request(0, 1), NOON)
    with sqlite3.connect(tmp_path / "witness.sqlite3") as connection:
        for statement in ("DELETE FROM log", "UPDATE log SET size = 0", "UPDATE log SET size = NULL"):
            with pytest.raises(sqlite3.IntegrityError):
                connection.execute(statement)


def test_a_cosigning_key_is_no_log_key(tmp_path: Path) -> None:
    with pytest.raises(NotALogKey):
        open_at(tmp_path).trust(SIGNER.key)


class HeldState(WitnessState):
    """A memory that holds one caller right before it compares and stores."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self.arrived, self.go_on = threading.Event(), threading.Event()
        self.hold = False

    def advance(self, origin: str, judge: Callable[[TreeHead | None], Verdict]) -> None:
        if self.hold:
            self.hold = False
            self.arrived.set()
            assert self.go_on.wait(10)
        super().advance(origin, judge)


def test_a_request_overtaken_between_check_and_store_gets_no_cosignature(tmp_path: Path) -> None:
    """The rollback race of the specification: hold 1→3 after its checks, let 1→5 finish, release."""
    state = HeldState(tmp_path / "witness.sqlite3")
    witness = open_at(tmp_path, state)
    witness.answer(request(0, 1), NOON)
    answers = []
    state.hold = True
    slow = threading.Thread(target=lambda: answers.append(witness.answer(request(1, 3), NOON)))
    slow.start()
    assert state.arrived.wait(10)
    assert witness.answer(request(1, 5), NOON).status == 200
    state.go_on.set()
    slow.join()
    assert [(answer.status, answer.body) for answer in answers] == [(409, b"5\n")]


def test_two_at_once_from_two_processes_worth_of_memory(tmp_path: Path) -> None:
    """The same race without a hold, many times: exactly one of two growths from the same size is cosigned."""
    for round_number in range(10):
        folder = tmp_path / str(round_number)
        open_at(folder).answer(request(0, 1), NOON)
        start = threading.Barrier(2)
        statuses: list[int] = []

        def ask(size: int, folder: Path = folder, start: threading.Barrier = start, to: list[int] = statuses) -> None:
            witness = open_at(folder)
            start.wait()
            to.append(witness.answer(request(1, size), NOON).status)

        threads = [threading.Thread(target=ask, args=(size,)) for size in (3, 5)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(statuses) == [200, 409]
