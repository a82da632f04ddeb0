"""SM3 against the published vectors and OpenSSL, and the pure implementation against both."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liuhen.core.kernel import digests
from liuhen.core.kernel.sm3 import PureSM3

# GB/T 32905-2016, appendix A
VECTORS = {
    b"abc": "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0",
    b"abcd" * 16: "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732",
}
HAS_OPENSSL = "sm3" in hashlib.algorithms_available


@pytest.mark.parametrize("message", VECTORS)
def test_sm3_gives_the_published_digests(message: bytes) -> None:
    assert digests.sm3(message) == VECTORS[message]
    assert PureSM3(message).hexdigest() == VECTORS[message]


@pytest.mark.skipif(not HAS_OPENSSL, reason="this OpenSSL has no SM3; the vectors above hold")
@given(st.binary(max_size=300))
def test_the_pure_sm3_agrees_with_openssl(message: bytes) -> None:
    assert PureSM3(message).digest() == hashlib.new("sm3", message).digest()


@given(st.lists(st.binary(max_size=150), max_size=5))
def test_feeding_in_pieces_changes_nothing(pieces: list[bytes]) -> None:
    fed = PureSM3()
    for piece in pieces:
        fed.update(piece)
        fed.hexdigest()  # asking in between disturbs nothing
    assert fed.hexdigest() == PureSM3(b"".join(pieces)).hexdigest()


def test_without_openssl_the_pure_sm3_serves(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(name: str, data: bytes = b"") -> None:
        raise ValueError("unsupported hash type " + name)

    monkeypatch.setattr(hashlib, "new", refuse)
    assert isinstance(digests.new_sm3(), PureSM3)
    assert digests.sm3(b"abc") == VECTORS[b"abc"]


def test_an_object_is_named_by_size_and_both_digests() -> None:
    named = digests.digests_of(b"abc")
    assert named.size == 3
    assert named.sm3 == VECTORS[b"abc"]
    # FIPS 180-4, example "abc"
    assert named.sha256 == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
