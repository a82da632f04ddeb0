"""The trust policy: what it accepts, what it refuses with a line number, and how it counts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liuhen.core.tlog.keys import KeyKind
from liuhen.core.tlog.note import parse_note
from liuhen.core.tlog.policy import Policy, judge_checkpoint, parse_policy
from liuhen.core.tlog.refusals import Code, Malformed, Unproven
from tests.core.tlog.signers import LOG_KEY, new_signer
from tests.core.tlog.test_checkpoint import COSIGNATURE_15, SIGNED_15


def witness(number: int) -> str:
    return new_signer(f"witness{number}", number, KeyKind.COSIGNATURE).key.render()


SUPERVISED = f"""# 市、省司法行政部门之一，及检察院、公证处、时间戳机构之一
log {LOG_KEY} https://log.example/
  witness\tcity   {witness(1)} https://city.example/
witness province {witness(2)}

witness procuratorate {witness(3)}
witness notary {witness(4)}
witness tsa {witness(5)}
group sup 1 city province
group ext any procuratorate notary tsa
group both all sup ext
quorum both
"""


def test_a_nested_policy_counts() -> None:
    policy = parse_policy(SUPERVISED.encode())
    assert policy.logs[0].url == "https://log.example/" and policy.witnesses[0].name == "city"
    assert not policy.has_quorum({"city": True, "province": True})
    assert not policy.has_quorum({"notary": True, "tsa": True})
    assert policy.has_quorum({"province": True, "tsa": True})
    assert not policy.has_quorum({})


def test_a_policy_reads_back() -> None:
    policy = parse_policy(SUPERVISED.encode())
    assert parse_policy(policy.render()) == policy


def test_a_threshold_counts_members() -> None:
    lines = "".join(f"witness w{n} {witness(n)}\n" for n in range(1, 4))
    policy = parse_policy(f"{lines}group g 2 w1 w2 w3\nquorum g\n".encode())
    assert [policy.has_quorum({"w1": a, "w2": b, "w3": True}) for a in (False, True) for b in (False, True)] == [
        False,
        True,
        True,
        True,
    ]


def test_no_quorum_needs_no_witness() -> None:
    assert parse_policy(b"quorum none").has_quorum({})
    assert parse_policy(b"\n # only\n\tquorum\tnone \n") == Policy((), (), (), "none")


W1, W2 = f"witness w1 {witness(1)}\n", f"witness w2 {witness(2)}\n"


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("", ""),
        (W1, ""),
        (f"{W1}quorum w1\nquorum w1\n", "line 3"),
        ("quorum w1\n", "line 1"),
        (f"quorum w1\n{W1}", "line 1"),
        ("quorum none # why\n", "line 1"),
        (f"{W1}{W1}quorum w1\n", "line 2"),
        (f"{W1}witness other {witness(1)}\nquorum w1\n", "line 2"),
        (f"{W1}{W2.replace('w2', 'w1', 1)}quorum w1\n", "line 2"),
        (f"witness none {witness(1)}\nquorum none\n", "line 1"),
        (f"{W1}group g all w1 w2\nquorum g\n", "line 2"),
        (f"{W1}group g all g\nquorum g\n", "line 2"),
        (f"{W1}group g all none\nquorum g\n", "line 2"),
        (f"{W1}group g all w1 w1\nquorum g\n", "line 2"),
        (f"{W1}{W2}group g all w1\ngroup h all w1 w2\nquorum h\n", "line 4"),
        (f"{W1}group w1 all w1\nquorum w1\n", "line 2"),
        (f"{W1}group g 0 w1\nquorum g\n", "line 2"),
        (f"{W1}group g 2 w1\nquorum g\n", "line 2"),
        (f"{W1}group g 01 w1\nquorum g\n", "line 2"),
        (f"{W1}group g -1 w1\nquorum g\n", "line 2"),
        (f"{W1}group g ALL w1\nquorum g\n", "line 2"),
        (f"{W1}group g all\nquorum w1\n", "line 2"),
        (f"log {LOG_KEY}\nlog {LOG_KEY} https://again\nquorum none\n", "line 2"),
        (f"log {witness(1)}\nquorum none\n", "line 1"),
        (f"witness w {LOG_KEY}\nquorum w\n", "line 1"),
        (f"log {LOG_KEY} url more\nquorum none\n", "line 1"),
        (f"log {LOG_KEY[:-2]}\nquorum none\n", "line 1"),
        ("trust everybody\nquorum none\n", "line 1"),
        ("quorum none\r\n", ""),
        ("quorum none\x00\n", ""),
        ("quorum none\x7f\n", ""),
        ("quorum\u00a0none\n", "line 1"),
    ],
)
def test_faults_are_refused_with_their_line(text: str, line: str) -> None:
    with pytest.raises(Malformed) as caught:
        parse_policy(text.encode(), "policy.txt")
    assert caught.value.code == Code.POLICY_FORM or LOG_KEY[:-2] in text
    assert caught.value.place == ("policy.txt, " + line if line else "policy.txt")


def test_names_are_opaque_octets() -> None:
    policy = parse_policy(
        b"witness K " + witness(1).encode() + b"\nwitness \xe2\x84\xaa " + witness(2).encode() + b"\nquorum K\n"
    )
    assert not policy.has_quorum({"\u212a": True})
    broken = b"witness \xff " + witness(1).encode() + b"\nquorum \xff\n"
    assert parse_policy(broken).render() == broken


def test_a_checkpoint_is_judged() -> None:
    note = parse_note((SIGNED_15 + COSIGNATURE_15).encode()).render()
    key = "Wit1+9b3fb2d5+BFhZSmQj9+SoL+p/nN0Hh76xXmF7QcHfytUrI1XfSClk"
    policy = parse_policy(f"log {LOG_KEY}\nwitness one {key}\n{W2}group g all one w2\nquorum g\n".encode())
    verdict = judge_checkpoint(note, policy)
    assert not verdict.satisfied and verdict.missing == ("w2",)
    assert verdict.witnessed["one"].timestamp == 1700000000
    with pytest.raises(Unproven) as caught:
        verdict.require_quorum()
    assert caught.value.code == Code.QUORUM_MISSED
    easier = parse_policy(f"log {LOG_KEY}\nwitness one {key}\n{W2}group g any one w2\nquorum g\n".encode())
    judge_checkpoint(note, easier).require_quorum()


def test_a_log_that_is_not_listed_is_refused() -> None:
    with pytest.raises(Unproven) as caught:
        judge_checkpoint(SIGNED_15.encode(), parse_policy(b"quorum none"))
    assert caught.value.code == Code.ORIGIN_UNKNOWN


@given(st.binary(max_size=60))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    try:
        parse_policy(data)
    except Malformed as error:
        assert error.sentence
