"""RSA signature verification: PKCS #1 v1.5 and PSS (RFC 8017).

Invariant: the v1.5 block is rebuilt and compared whole, never parsed; keys below 2048 bits are not accepted.
"""

import hashlib
from dataclasses import dataclass

SMALLEST_KEY = 2048
LARGEST_KEY = 16384

_DIGEST_INFO = {
    "sha256": bytes.fromhex("3031300d060960864801650304020105000420"),
    "sha384": bytes.fromhex("3041300d060960864801650304020205000430"),
    "sha512": bytes.fromhex("3051300d060960864801650304020305000440"),
}


@dataclass(frozen=True, slots=True)
class RsaKey:
    """Modulus and public exponent."""

    modulus: int
    exponent: int

    @property
    def size(self) -> int:
        """Give the length of a signature in bytes."""
        return (self.modulus.bit_length() + 7) // 8

    @property
    def is_acceptable(self) -> bool:
        """Tell whether the key is long enough, not absurdly long, and odd where it must be."""
        bits = self.modulus.bit_length()
        return (
            SMALLEST_KEY <= bits <= LARGEST_KEY
            and bool(self.modulus & 1)
            and self.exponent > 2
            and self.exponent & 1 == 1
        )


def _open(key: RsaKey, signature: bytes) -> int | None:
    number = int.from_bytes(signature, "big")
    if len(signature) != key.size or number >= key.modulus or not key.is_acceptable:
        return None
    return pow(number, key.exponent, key.modulus)


def verify_pkcs1(key: RsaKey, hash_name: str, message: bytes, signature: bytes) -> bool:
    """Tell whether a v1.5 signature over the message is good. Spec: RFC 8017 section 8.2.2."""
    opened, prefix = _open(key, signature), _DIGEST_INFO.get(hash_name)
    if opened is None or prefix is None:
        return False
    tail = b"\x00" + prefix + hashlib.new(hash_name, message).digest()
    expected = b"\x00\x01" + b"\xff" * (key.size - 2 - len(tail)) + tail
    return opened.to_bytes(key.size, "big") == expected


def _mask(seed: bytes, length: int, hash_name: str) -> bytes:
    blocks = -(-length // hashlib.new(hash_name).digest_size)
    parts = [hashlib.new(hash_name, seed + number.to_bytes(4, "big")).digest() for number in range(blocks)]
    return b"".join(parts)[:length]


def verify_pss(
    key: RsaKey, hash_name: str, message: bytes, signature: bytes, *, salt_size: int, mask_hash: str
) -> bool:
    """Tell whether a PSS signature over the message is good. Spec: RFC 8017 section 8.1.2 and 9.1.2."""
    opened = _open(key, signature)
    digest = hashlib.new(hash_name, message).digest()
    bits = key.modulus.bit_length() - 1
    length = (bits + 7) // 8
    block = length - len(digest) - 1
    if opened is None or opened >> bits or block < salt_size + 1 or salt_size < 0:
        return False
    encoded = opened.to_bytes(length, "big")
    masked, check = encoded[:block], encoded[block:-1]
    data = int.from_bytes(masked, "big") ^ int.from_bytes(_mask(check, block, mask_hash), "big")
    data &= (1 << (bits - 8 * (length - block))) - 1
    padding, salt = divmod(data, 1 << 8 * salt_size)
    expected = hashlib.new(hash_name, bytes(8) + digest + salt.to_bytes(salt_size, "big")).digest()
    return encoded[-1] == 0xBC and padding == 1 and check == expected
