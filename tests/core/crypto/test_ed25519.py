"""Ed25519: the RFC's vectors, `cryptography` as oracle, and every malleable form refused."""

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from liuhen.core.crypto.ed25519 import L, P, verify

# RFC 8032 section 7.1: public key, message, signature.
PUBLISHED = [
    (
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155"
        "5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
    ),
    (
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
        "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
    ),
    (
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac"
        "18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
    ),
]
ROWS = [tuple(bytes.fromhex(text) for text in row) for row in PUBLISHED]


@pytest.mark.parametrize(("key", "message", "signature"), ROWS)
def test_published_signatures(key: bytes, message: bytes, signature: bytes) -> None:
    assert verify(key, message, signature)
    assert not verify(key, message + b"x", signature)
    assert not verify(ROWS[0][0] if key != ROWS[0][0] else ROWS[1][0], message, signature)
    for at in range(0, 64, 9):
        assert not verify(key, message, signature[:at] + bytes([signature[at] ^ 1]) + signature[at + 1 :])


@given(st.binary(min_size=32, max_size=32), st.binary(max_size=200), st.integers(0, 511))
@settings(max_examples=60, deadline=None)
def test_agrees_with_another_implementation(seed: bytes, message: bytes, bit: int) -> None:
    private = Ed25519PrivateKey.from_private_bytes(seed)
    key, signature = private.public_key().public_bytes_raw(), private.sign(message)
    assert verify(key, message, signature)
    flipped = bytearray(signature)
    flipped[bit // 8] ^= 1 << bit % 8
    assert not verify(key, message, bytes(flipped))


@pytest.mark.parametrize(("key", "message", "signature"), ROWS)
def test_a_second_spelling_of_s_is_refused(key: bytes, message: bytes, signature: bytes) -> None:
    scalar = int.from_bytes(signature[32:], "little") + L
    assert not verify(key, message, signature[:32] + scalar.to_bytes(32, "little"))


def test_misshapen_keys_and_signatures_are_refused() -> None:
    key, message, signature = ROWS[0]
    for bad in (b"", key[:-1], key + b"\x00"):
        assert not verify(bad, message, signature)
    for bad in (b"", signature[:-1], signature + b"\x00", bytes(64)):
        assert not verify(key, message, bad)
    off_curve = (2).to_bytes(32, "little")
    too_large = (P + 1).to_bytes(32, "little")  # 1 in a second spelling
    minus_zero = (1 | 1 << 255).to_bytes(32, "little")  # x = 0 with the sign set
    for bad in (off_curve, too_large, minus_zero):
        assert not verify(bad, message, signature)


def test_a_second_spelling_of_r_is_refused() -> None:
    # The neutral point as key makes [S]B = R the whole equation; R = neutral point, S = 0 holds only as 0100...00.
    neutral = (1).to_bytes(32, "little")
    assert verify(neutral, b"any", neutral + bytes(32))
    for other in ((P + 1).to_bytes(32, "little"), (1 | 1 << 255).to_bytes(32, "little")):
        assert not verify(neutral, b"any", other + bytes(32))
