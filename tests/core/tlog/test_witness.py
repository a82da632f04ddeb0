"""The witness's decision and messages, with the published requests and status tables."""

import base64
from datetime import UTC, datetime

import pytest

from liuhen.core.tlog.checkpoint import EMPTY_TREE, Checkpoint, TreeHead, sign_checkpoint
from liuhen.core.tlog.cosignature import cosign
from liuhen.core.tlog.keys import KeyKind, VerifierKey
from liuhen.core.tlog.merkle import EMPTY_ROOT, prove_consistency
from liuhen.core.tlog.note import NoteSignature
from liuhen.core.tlog.reader import LogReader
from liuhen.core.tlog.refusals import Malformed, Unproven
from liuhen.core.tlog.witness import (
    SIZE_TYPE,
    Accepted,
    AddCheckpoint,
    Decision,
    Elsewhere,
    Refused,
    accept,
    answer_malformed,
    decide,
    judge_growth,
    judge_request,
    parse_request,
    parse_response,
    render_request,
)
from tests.core.tlog.memory import MemoryFiles, grow, numbered
from tests.core.tlog.signers import new_signer

ORIGIN = "sigsum.org/v1/tree/4d6d8825a6bb689d459628312889dfbb0bcd41b5211d9e1ce768b0ff0309e562"
LOG_KEY = VerifierKey(
    ORIGIN,
    KeyKind.ED25519,
    bytes.fromhex("ffdc2d4d98e4124d3feaf788c0c2f9abfd796083d1f0495437f302ec79cf100f"),
)
ONE = "KgAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="
THREE = "RcCI1Nk56ZcSmIEfIn0SleqtV7uvrlXNccFx595Iwl0="
FIVE = "QrtXrQZCCvpIgsSmOsah7HdICzMLLyDfxToMql9WTjY="
LEAF_1, LEAF_2 = "KgEAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=", "KgIAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="
PAIR, LEAF_4 = "+fUDV+k970B4I3uKrqJM4aP1lloPZP8mvr2Z4wRw2LI=", "KgQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="
SIGNED_1 = "UgIom7fPZTqpxWWhyjWduBvTvGVqsokMbqTArsQilegKoFBJQjUFAmQ0+YeSPM3wfUQMFSzVnnNuWRTYrajXpNUbIQY="
SIGNED_3 = "UgIom2VbtIcdFbwFAy1n7s6IkAxIY6J/GQOTuZF2ORV39d75cbAj2aQYwyJre36kezNobZs4SUUdrcawfAB8WVrx6go="
SIGNED_5 = "UgIomw/EOJmWi0i1FQsOj+etB7F8IccFam/jgd6wzRns4QPVmyEZtdvl1U2KEmLOZ/ASRcWJi0tW90dJWAShei7sDww="
Row = tuple[int, int, str, list[str], str]
TO_1: Row = (0, 1, ONE, [], SIGNED_1)
TO_3: Row = (1, 3, THREE, [LEAF_1, LEAF_2], SIGNED_3)
TO_5: Row = (1, 5, FIVE, [LEAF_1, PAIR, LEAF_4], SIGNED_5)


def body(row: Row) -> bytes:
    old, size, root, proof, signature = row
    lines = "".join(f"{line}\n" for line in proof)
    return f"old {old}\n{lines}\n{ORIGIN}\n{size}\n{root}\n\n— {ORIGIN} {signature}\n".encode()


def head(size: int, root: str) -> TreeHead:
    return TreeHead(size, base64.b64decode(root))


def answer(row: Row, stored: TreeHead | None) -> Decision:
    return decide(parse_request(body(row)), [LOG_KEY], stored)


def test_the_published_requests_are_accepted_in_turn() -> None:
    assert LOG_KEY.key_id.hex() == "5202289b"
    assert answer(TO_1, None).record == head(1, ONE)
    assert answer(TO_3, head(1, ONE)).record == head(3, THREE)
    assert answer(TO_5, head(1, ONE)).record == head(5, FIVE)


def test_the_published_race_ends_in_a_conflict() -> None:
    slow = parse_request(body(TO_3))
    assert judge_request(slow, [LOG_KEY]) is None
    fast = answer(TO_5, head(1, ONE))
    assert fast.status == 200
    late = judge_growth(slow, fast.record)
    assert (late.status, late.body, late.content_type, late.record) == (409, b"5\n", SIZE_TYPE, None)


LOG, WITNESS = new_signer("example.com/log", 11), new_signer("witness", 12, KeyKind.COSIGNATURE)
FILES = MemoryFiles()
READER = LogReader(FILES, grow(FILES, numbered(40), 40).size)


def tree(size: int) -> TreeHead:
    return TreeHead(size, READER.root(size))


def request(old: int, size: int, root: bytes | None = None, proof: list[bytes] | None = None) -> AddCheckpoint:
    new = TreeHead(size, tree(size).root if root is None else root)
    note = sign_checkpoint(Checkpoint("example.com/log", new.size, new.root), [LOG]).render()
    hashes = prove_consistency(old, size, READER) if proof is None and old <= size else proof or []
    return parse_request(render_request(old, hashes, note))


@pytest.mark.parametrize(
    ("stored", "asked", "status"),
    [
        (0, request(0, 0), 200),
        (0, request(0, 0, root=tree(1).root), 422),
        (0, request(0, 0, proof=[EMPTY_ROOT]), 422),
        (0, request(0, 1, proof=[EMPTY_ROOT]), 422),
        (1, request(0, 1), 409),
        (1, request(1, 0), 400),
        (0, request(0, 17), 200),
        (5, request(5, 33), 200),
        (5, request(5, 33, proof=[]), 422),
        (5, request(5, 33, root=tree(32).root), 422),
        (7, request(5, 33), 409),
        (3, request(5, 33), 409),
        (33, request(33, 33), 200),
        (33, request(33, 33, root=tree(32).root), 422),
        (33, request(33, 33, proof=[EMPTY_ROOT]), 422),
        (33, request(32, 33), 409),
    ],
)
def test_statuses(stored: int, asked: AddCheckpoint, status: int) -> None:
    decision = decide(asked, [LOG.key], tree(stored))
    assert decision.status == status
    assert (decision.record is not None) == (status == 200)
    if status == 409:
        assert (decision.body, decision.content_type) == (f"{stored}\n".encode(), SIZE_TYPE)


def test_checks_come_in_order() -> None:
    backwards, forged = request(5, 3), request(0, 3)
    stranger = new_signer("example.com/log", 99).key
    assert decide(backwards, None, None).status == 400
    assert decide(forged, None, tree(1)).status == 404
    assert decide(forged, [], tree(1)).status == 404
    assert decide(forged, [stranger], tree(1)).status == 403
    assert decide(forged, [new_signer("example.org/other", 11).key], tree(1)).status == 403
    assert decide(forged, [WITNESS.key], tree(1)).status == 403
    assert decide(forged, [LOG.key], tree(1)).status == 409


def test_a_bad_signature_of_a_trusted_key_is_forbidden_beside_a_good_one() -> None:
    asked, second = request(0, 3), new_signer("example.com/log", 13)
    bad = asked.note.with_signatures([NoteSignature("example.com/log", second.key.key_id, bytes(64))])
    both = parse_request(render_request(0, [], bad.render()))
    assert decide(both, [LOG.key], None).status == 200
    assert decide(both, [LOG.key, second.key], None).status == 403


NOTE = request(0, 3).note.render()


@pytest.mark.parametrize(
    "data",
    [
        b"",
        NOTE,
        b"old 0\n" + NOTE,
        b"old 00\n\n" + NOTE,
        b"old -1\n\n" + NOTE,
        b"old\n\n" + NOTE,
        b"Old 0\n\n" + NOTE,
        b"old 0\r\n\n" + NOTE,
        b"old 0\nAAAA\n\n" + NOTE,
        b"old 0\nnonsense\n\n" + NOTE,
        b"old 0\n" + f"{ONE}\n".encode() * 64 + b"\n" + NOTE,
        b"old 0\n\n" + NOTE[:-1],
        b"old 0\n\nexample.com/log\n3\n\n",
        b"old 0\n\n" + NOTE.replace(b"\n3\n", b"\n03\n"),
    ],
)
def test_misshapen_requests_are_bad_requests(data: bytes) -> None:
    with pytest.raises(Malformed) as caught:
        parse_request(data)
    assert answer_malformed(caught.value).status == 400


def test_sixty_three_hashes_are_read() -> None:
    assert len(parse_request(b"old 1\n" + f"{ONE}\n".encode() * 63 + b"\n" + NOTE).proof) == 63
    with pytest.raises(Malformed):
        render_request(1, [EMPTY_ROOT] * 64, NOTE)


def test_an_accepted_request_comes_back_cosigned() -> None:
    asked = request(5, 33)
    decision = decide(asked, [LOG.key], tree(5))
    line = cosign(asked.note, WITNESS, datetime(2026, 3, 2, 9, 10, tzinfo=UTC))
    answered = accept(decision, [line])
    result = parse_response(answered.status, answered.body, asked, [WITNESS.key])
    assert isinstance(result, Accepted) and result.cosignatures[0].line == line
    with pytest.raises(Unproven):
        parse_response(200, answered.body, request(5, 32), [WITNESS.key])
    with pytest.raises(Unproven):
        parse_response(200, answered.body, asked, [new_signer("witness", 77, KeyKind.COSIGNATURE).key])
    for garbage in (b"", b"OK\n", answered.body[:-1]):
        with pytest.raises(Malformed):
            parse_response(200, garbage, asked, [WITNESS.key])


def test_other_answers_are_understood() -> None:
    asked, again = request(5, 33), request(33, 33)
    assert parse_response(409, b"7\n", asked, []) == Elsewhere(7, ahead_of_log=False)
    assert parse_response(409, b"34\n", asked, []) == Elsewhere(34, ahead_of_log=True)
    assert parse_response(409, b"33\n", again, []) == Refused(409, "33", split_view=True)
    assert parse_response(409, b"roots differ\n", again, []) == Refused(409, "roots differ", split_view=True)
    assert parse_response(422, b"roots differ\n", again, []) == Refused(422, "roots differ", split_view=True)
    assert parse_response(422, b"bad proof\n", asked, []) == Refused(422, "bad proof")
    assert parse_response(409, b"no number\n", asked, []) == Refused(409, "no number")
    assert parse_response(503, b"\xff busy", asked, []) == Refused(503, "\ufffd busy")


def test_a_first_request_learns_the_size() -> None:
    assert decide(request(0, 33), [LOG.key], tree(12)).body == b"12\n"
    assert decide(request(0, 33), [LOG.key], None).record == tree(33)
    assert decide(request(0, 33), [LOG.key], EMPTY_TREE).record == tree(33)
