"""The tlog-proof file: the published example holds, and no link of its chain may be missing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liuhen.core.tlog.policy import parse_policy
from liuhen.core.tlog.proof import LogProof, parse_proof, verify_proof
from liuhen.core.tlog.reader import LogReader
from liuhen.core.tlog.refusals import Code, LogRefusal, Malformed
from tests.core.tlog.memory import MemoryFiles, grow
from tests.core.tlog.signers import LOG_KEY, WITNESS_KEY
from tests.core.tlog.test_checkpoint import COSIGNATURE_15, SIGNED_15
from tests.core.tlog.test_conformance import WORDS

PUBLISHED = (
    """c2sp.org/tlog-proof@v1
index 6
ThcgoV2DYcK+VCxBUDWAlNxmLy2r7dq7dK7+OlgQKWs=
ycRkkNklus5eMVRUvkD1pK321vMrA+jjOiZKU8aOcY4=
zY1lN35vrXYAPixXSd59LsU29xUJtuW4o2dNNg5Y2Co=
5jLpqTgjsBDSEX6SgZiRnbTMdTuRd8bQ5tSsAOxe0Ks=

"""
    + SIGNED_15
    + COSIGNATURE_15
).encode()
POLICY = parse_policy(f"log {LOG_KEY}\nwitness w {WITNESS_KEY}\nquorum w\n".encode())


def code_of(entry: bytes, data: bytes) -> Code:
    with pytest.raises(LogRefusal) as caught:
        verify_proof(entry, parse_proof(data), POLICY)
    return caught.value.code


def test_the_published_proof_holds_and_is_made_again() -> None:
    verdict = verify_proof(b"seven", parse_proof(PUBLISHED), POLICY)
    assert (verdict.index, verdict.size) == (6, 15)
    assert verdict.policy.witnessed["w"].timestamp == 1700000000
    files = MemoryFiles()
    head = grow(files, WORDS, 15)
    hashes = tuple(LogReader(files, head.size).prove_inclusion(6))
    assert LogProof(6, hashes, (SIGNED_15 + COSIGNATURE_15).encode()).render() == PUBLISHED


def test_no_link_of_the_chain_may_break() -> None:
    assert code_of(b"eight", PUBLISHED) == Code.INCLUSION_FALSE
    assert code_of(b"seven", PUBLISHED.replace(b"index 6", b"index 7")) == Code.INCLUSION_FALSE
    assert code_of(b"seven", PUBLISHED.replace(b"index 6", b"index 15")) == Code.INCLUSION_FALSE
    without_witness = PUBLISHED.replace(COSIGNATURE_15.encode(), b"")
    assert code_of(b"seven", without_witness) == Code.QUORUM_MISSED
    assert code_of(b"seven", PUBLISHED.replace(b"\n15\n", b"\n16\n")) == Code.SIGNATURE_BAD
    unsigned = PUBLISHED.replace(SIGNED_15.split("\n\n")[1].encode(), b"")
    assert code_of(b"seven", unsigned) == Code.SIGNATURE_MISSING
    assert (
        code_of(b"seven", PUBLISHED.replace(b"example.com/log/testdata\n", b"example.com/log\n")) == Code.ORIGIN_UNKNOWN
    )


def test_extra_data_is_carried_and_proves_nothing() -> None:
    data = PUBLISHED.replace(b"index 6", b"extra AAEC\nindex 6")
    assert parse_proof(data).extra == b"\x00\x01\x02"
    assert parse_proof(data).render() == data
    assert verify_proof(b"seven", parse_proof(data), POLICY).index == 6


def test_a_proof_without_hashes_reads() -> None:
    assert parse_proof(b"c2sp.org/tlog-proof@v1\nindex 0\n\ncheckpoint\n") == LogProof(0, (), b"checkpoint\n")


HASH = b"ThcgoV2DYcK+VCxBUDWAlNxmLy2r7dq7dK7+OlgQKWs="


@pytest.mark.parametrize(
    "head",
    [
        b"",
        b"c2sp.org/tlog-proof@v2\nindex 0",
        b"c2sp.org/tlog-proof@v1",
        b"c2sp.org/tlog-proof@v1\nextra AAEC",
        b"c2sp.org/tlog-proof@v1\nextra A%EC\nindex 0",
        b"c2sp.org/tlog-proof@v1\nextra " + b"A" * 65536 + b"\nindex 0",
        b"c2sp.org/tlog-proof@v1\nindex -5",
        b"c2sp.org/tlog-proof@v1\nindex 05",
        b"c2sp.org/tlog-proof@v1\nindex 0x1",
        b"c2sp.org/tlog-proof@v1\nindex",
        b"c2sp.org/tlog-proof@v1\nindex 0\nnot base64",
        b"c2sp.org/tlog-proof@v1\nindex 0\n" + b"A" * 86 + b"==",
        b"c2sp.org/tlog-proof@v1\nindex 0\n" + b"A" * 65536,
        b"c2sp.org/tlog-proof@v1\nindex 0\n" + b"\n".join([HASH] * 64),
        b"c2sp.org/tlog-proof@v1\nindex 0\r",
        b"c2sp.org/tlog-proof@v1\n" + HASH + b"\nindex 0",
    ],
)
def test_misshapen_proofs_are_refused(head: bytes) -> None:
    with pytest.raises(Malformed) as caught:
        parse_proof(head + b"\n\ncheckpoint\n")
    assert caught.value.code == Code.PROOF_FORM


def test_a_proof_without_a_checkpoint_is_refused() -> None:
    for data in (b"c2sp.org/tlog-proof@v1\nindex 0\n", b"c2sp.org/tlog-proof@v1\nindex 0\n\n", b"x" * 2_000_001):
        with pytest.raises(Malformed):
            parse_proof(data)
    with pytest.raises(Malformed):
        LogProof(0, (b"short",), b"checkpoint\n").render()


@given(
    st.integers(0, 2**63 - 1),
    st.lists(st.binary(min_size=32, max_size=32), max_size=63),
    st.binary(min_size=1, max_size=50),
    st.none() | st.binary(max_size=60),
)
def test_proofs_read_back(index: int, hashes: list[bytes], checkpoint: bytes, extra: bytes | None) -> None:
    proof = LogProof(index, tuple(hashes), checkpoint, extra)
    assert parse_proof(proof.render()) == proof
