"""The envelope: frozen bytes, commitments that hide and bind, leaves that disclose nothing."""

import hashlib
import json
from contextlib import suppress
from dataclasses import replace
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liuhen.core.events.envelope import (
    Draft,
    Stream,
    commit_sha256,
    commit_sm3,
    leaf_of,
    parse_header,
    render_header,
    seal_draft,
)
from liuhen.core.kernel import canonical
from liuhen.core.kernel.errors import BadInput
from liuhen.core.kernel.moments import SHANGHAI

MOMENT = datetime(2026, 3, 2, 9, 10, tzinfo=SHANGHAI)
SALT = bytes(range(32))
DRAFT = Draft(
    id="5f0c",
    agency="a1",
    stream=Stream("case", "c1"),
    type="case.filed",
    at=MOMENT,
    actor="p1",
    content={"number": "冀罚〔2026〕1号"},
)
SEALED = seal_draft(DRAFT, seq=2, recorded_at=MOMENT, salt=SALT)

# Frozen format liuhen-event/1: these bytes stand in ledgers; changing them needs a new version number.
HEADER_BYTES = (
    b'{"actor":"p1","agency":"a1","at":"2026-03-02T09:10:00+08:00",'
    b'"content_sha256":"%s","content_sm3":"%s",'
    b'"format":"liuhen-event/1","id":"5f0c","recorded_at":"2026-03-02T09:10:00+08:00",'
    b'"seq":2,"stream":"case:c1","type":"case.filed"}'
)
CONTENT_BYTES = '{"number":"冀罚〔2026〕1号"}'.encode()


def test_the_bytes_of_a_header_are_frozen() -> None:
    preimage = b"liuhen-content/1\n" + SALT + CONTENT_BYTES
    sha256, sm3 = hashlib.sha256(preimage).hexdigest(), commit_sm3(CONTENT_BYTES, SALT)
    assert SEALED.content_bytes == CONTENT_BYTES
    assert SEALED.header_bytes == HEADER_BYTES % (sha256.encode(), sm3.encode())
    assert commit_sha256(CONTENT_BYTES, SALT) == sha256


@pytest.mark.skipif("sm3" not in hashlib.algorithms_available, reason="this OpenSSL has no SM3 to compare with")
def test_the_sm3_commitment_is_over_the_same_bytes() -> None:
    preimage = b"liuhen-content/1\n" + SALT + CONTENT_BYTES
    assert SEALED.header.content_sm3 == hashlib.new("sm3", preimage).hexdigest()


def test_a_header_comes_back_from_its_bytes() -> None:
    assert render_header(SEALED.header) == SEALED.header_bytes
    corrected = replace(SEALED.header, corrects="e0")
    assert parse_header(render_header(corrected)) == corrected


@given(st.binary(max_size=40), st.binary(min_size=32, max_size=32), st.binary(max_size=40))
def test_a_commitment_binds_content_and_salt(content: bytes, salt: bytes, other: bytes) -> None:
    same = content == other
    assert (commit_sha256(content, salt) == commit_sha256(other, salt)) == same
    assert (commit_sm3(content, salt) == commit_sm3(other, salt)) == same


def test_one_content_under_two_salts_shows_no_likeness() -> None:
    other = seal_draft(DRAFT, seq=2, recorded_at=MOMENT, salt=b"\xff" * 32)
    assert other.header.content_sha256 != SEALED.header.content_sha256
    assert other.header.content_sm3 != SEALED.header.content_sm3


@pytest.mark.parametrize("length", [0, 16, 31, 33])
def test_a_salt_has_its_full_length(length: int) -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        seal_draft(DRAFT, seq=1, recorded_at=MOMENT, salt=b"s" * length)


def test_a_leaf_names_the_event_and_both_digests_of_its_header_and_nothing_else() -> None:
    leaf = leaf_of(SEALED.header_bytes, "5f0c")
    assert set(json.loads(leaf)) == {"event", "format", "sha256", "sm3"}
    assert json.loads(leaf)["sha256"] == hashlib.sha256(SEALED.header_bytes).hexdigest()
    assert json.loads(leaf)["format"] == "liuhen-leaf/1"
    assert canonical.render(json.loads(leaf)) == leaf
    assert "冀罚" not in leaf.decode()
    assert "p1" not in leaf.decode()


@given(st.integers(0, len(SEALED.header_bytes) - 1), st.integers(1, 255))
def test_a_changed_header_has_another_leaf_and_is_refused_or_read_without_harm(place: int, change: int) -> None:
    data = bytearray(SEALED.header_bytes)
    data[place] ^= change
    changed = bytes(data)
    assert leaf_of(changed, "5f0c") != leaf_of(SEALED.header_bytes, "5f0c")
    with suppress(BadInput):
        assert parse_header(changed).format == "liuhen-event/1"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b'"at":"2026-03-02T09:10:00+08:00"', b'"at":"2026-03-02 09:10:00+08:00"'),
        (b'"at":"2026-03-02T09:10:00+08:00"', b'"at":"2026-03-02T01:10:00+00:00"'),
        (b'"at":"2026-03-02T09:10:00+08:00"', b'"at":"20260302T091000+0800"'),
        (b'"content_sm3"', b'"corrects":null,"content_sm3"'),
    ],
)
def test_a_header_in_another_spelling_is_refused(old: bytes, new: bytes) -> None:
    """docs/formats/event.md: a reader refuses bytes that it would not write itself."""
    assert old in SEALED.header_bytes
    changed = SEALED.header_bytes.replace(old, new)
    if b"corrects" in new:
        changed = canonical.render({**json.loads(SEALED.header_bytes), "corrects": None})
    with pytest.raises(BadInput):
        parse_header(changed)


@pytest.mark.parametrize(
    "data",
    [
        SEALED.header_bytes.replace(b"liuhen-event/1", b"liuhen-event/2"),
        SEALED.header_bytes.replace(b'"seq":2', b'"seq":"2"'),
        SEALED.header_bytes.replace(b'"seq":2', b'"seq":2.0'),
        SEALED.header_bytes.replace(b'"actor":"p1",', b""),
        SEALED.header_bytes.replace(b'{"actor"', b'{"aa":1,"actor"'),
        SEALED.header_bytes + b" ",
    ],
)
def test_another_shape_of_header_is_refused(data: bytes) -> None:
    with pytest.raises(BadInput):
        parse_header(data)


def test_a_content_that_is_not_plain_is_refused() -> None:
    with pytest.raises(BadInput):
        seal_draft(replace(DRAFT, content={"amount": 12.5}), seq=1, recorded_at=MOMENT, salt=SALT)
