"""RSA signatures against `cryptography`, and the forgeries that lax parsers accept."""

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from liuhen.core.crypto.rsa import RsaKey, verify_pkcs1, verify_pss

PRIVATE = {bits: rsa.generate_private_key(65537, bits) for bits in (1024, 2048, 2049, 3072)}
HASHES: dict[str, hashes.HashAlgorithm] = {
    "sha256": hashes.SHA256(),
    "sha384": hashes.SHA384(),
    "sha512": hashes.SHA512(),
}
MESSAGE = b"what was signed"


def key_of(bits: int) -> RsaKey:
    numbers = PRIVATE[bits].public_key().public_numbers()
    return RsaKey(numbers.n, numbers.e)


@pytest.mark.parametrize("name", HASHES)
@pytest.mark.parametrize("bits", [2048, 2049, 3072])
def test_both_paddings_agree_with_another_implementation(bits: int, name: str) -> None:
    key, private, hashing = key_of(bits), PRIVATE[bits], HASHES[name]
    signature = private.sign(MESSAGE, padding.PKCS1v15(), hashing)
    assert verify_pkcs1(key, name, MESSAGE, signature)
    assert not verify_pkcs1(key, name, MESSAGE + b"x", signature)
    assert not verify_pkcs1(key, "sha512" if name != "sha512" else "sha256", MESSAGE, signature)
    assert not verify_pkcs1(key, name, MESSAGE, signature[:-1] + bytes([signature[-1] ^ 1]))
    assert not verify_pss(key, name, MESSAGE, signature, salt_size=32, mask_hash=name)
    for salt in (0, 20, 32, 64):
        made = private.sign(MESSAGE, padding.PSS(padding.MGF1(hashing), salt), hashing)
        assert verify_pss(key, name, MESSAGE, made, salt_size=salt, mask_hash=name)
        assert not verify_pss(key, name, MESSAGE, made, salt_size=salt + 1, mask_hash=name)
        assert not verify_pss(key, name, MESSAGE + b"x", made, salt_size=salt, mask_hash=name)
        assert not verify_pss(
            key, name, MESSAGE, made[:9] + bytes([made[9] ^ 1]) + made[10:], salt_size=salt, mask_hash=name
        )


def test_the_mask_may_use_another_hash() -> None:
    made = PRIVATE[2048].sign(MESSAGE, padding.PSS(padding.MGF1(hashes.SHA512()), 32), hashes.SHA256())
    assert verify_pss(key_of(2048), "sha256", MESSAGE, made, salt_size=32, mask_hash="sha512")
    assert not verify_pss(key_of(2048), "sha256", MESSAGE, made, salt_size=32, mask_hash="sha256")


def test_short_keys_and_misshapen_signatures_are_refused() -> None:
    weak = PRIVATE[1024].sign(MESSAGE, padding.PKCS1v15(), hashes.SHA256())
    assert not verify_pkcs1(key_of(1024), "sha256", MESSAGE, weak)
    key = key_of(2048)
    good = PRIVATE[2048].sign(MESSAGE, padding.PKCS1v15(), hashes.SHA256())
    longer = (int.from_bytes(good, "big") + key.modulus).to_bytes(257, "big")
    for bad in (b"", good[:-1], b"\x00" + good, good + b"\x00", longer, bytes(256)):
        assert not verify_pkcs1(key, "sha256", MESSAGE, bad)
        assert not verify_pss(key, "sha256", MESSAGE, bad, salt_size=32, mask_hash="sha256")
    for strange in (RsaKey(key.modulus, 1), RsaKey(key.modulus, 4), RsaKey(key.modulus + 1, 65537)):
        assert not verify_pkcs1(strange, "sha256", MESSAGE, good)
    assert not verify_pkcs1(key, "md5", MESSAGE, good)


def test_a_block_with_room_for_garbage_is_refused() -> None:
    """Bleichenbacher's forgery of 2006: short padding, a right digest, garbage after it."""
    numbers = PRIVATE[2048].private_numbers()
    modulus = numbers.public_numbers.n
    digest = hashes.Hash(hashes.SHA256())
    digest.update(MESSAGE)
    info = bytes.fromhex("3031300d060960864801650304020105000420") + digest.finalize()
    for block in (
        b"\x00\x01" + b"\xff" * 8 + b"\x00" + info + b"\x5a" * (256 - 11 - len(info)),
        b"\x00\x01" + b"\xff" * (253 - len(info) - 2) + b"\x00" + info + b"\x05\x00",
        b"\x00\x02" + b"\xff" * (253 - len(info)) + b"\x00" + info,
    ):
        forged = pow(int.from_bytes(block, "big"), numbers.d, modulus).to_bytes(256, "big")
        assert not verify_pkcs1(key_of(2048), "sha256", MESSAGE, forged)
