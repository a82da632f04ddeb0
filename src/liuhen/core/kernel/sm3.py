"""SM3 in pure Python (GB/T 32905-2016), for a Python whose OpenSSL has none.

About 0.3 MB/s: enough to verify documents and events; a large recording takes minutes and says so in the report.
"""

import struct

_MASK = 0xFFFFFFFF
_START = (0x7380166F, 0x4914B2B9, 0x172442D7, 0xDA8A0600, 0xA96F30BC, 0x163138AA, 0xE38DEE4D, 0xB0FB0E4E)


def _rotate(word: int, count: int) -> int:
    count %= 32
    return ((word << count) | (word >> (32 - count))) & _MASK


_CONSTANTS = tuple(_rotate(0x79CC4519 if j < 16 else 0x7A879D8A, j) for j in range(64))


def _compress(state: tuple[int, ...], block: bytes) -> tuple[int, ...]:
    words = list(struct.unpack(">16I", block))
    for j in range(16, 68):
        mixed = words[j - 16] ^ words[j - 9] ^ _rotate(words[j - 3], 15)
        mixed ^= _rotate(mixed, 15) ^ _rotate(mixed, 23)
        words.append(mixed ^ _rotate(words[j - 13], 7) ^ words[j - 6])
    a, b, c, d, e, f, g, h = state
    for j in range(64):
        turned = _rotate(a, 12)
        ss1 = _rotate((turned + e + _CONSTANTS[j]) & _MASK, 7)
        if j < 16:
            ff, gg = a ^ b ^ c, e ^ f ^ g
        else:
            ff, gg = (a & b) | (a & c) | (b & c), (e & f) | (~e & g)
        tt1 = (ff + d + (ss1 ^ turned) + (words[j] ^ words[j + 4])) & _MASK
        tt2 = (gg + h + ss1 + words[j]) & _MASK
        d, c, b, a = c, _rotate(b, 9), a, tt1
        h, g, f, e = g, _rotate(f, 19), e, tt2 ^ _rotate(tt2, 9) ^ _rotate(tt2, 17)
    return tuple(old ^ new for old, new in zip(state, (a, b, c, d, e, f, g, h), strict=True))


class PureSM3:
    """A hasher with the shape of hashlib's."""

    def __init__(self, data: bytes = b"") -> None:
        self._state: tuple[int, ...] = _START
        self._length = 0
        self._pending = b""
        self.update(data)

    def update(self, data: bytes, /) -> None:
        """Feed more bytes."""
        self._length += len(data)
        buffered = self._pending + data
        whole = len(buffered) - len(buffered) % 64
        for start in range(0, whole, 64):
            self._state = _compress(self._state, buffered[start : start + 64])
        self._pending = buffered[whole:]

    def digest(self) -> bytes:
        """Give the 32-byte digest of what was fed so far."""
        padding = b"\x80" + b"\x00" * ((55 - self._length) % 64) + struct.pack(">Q", self._length * 8)
        state, tail = self._state, self._pending + padding
        for start in range(0, len(tail), 64):
            state = _compress(state, tail[start : start + 64])
        return struct.pack(">8I", *state)

    def hexdigest(self) -> str:
        """Give the digest in hexadecimal."""
        return self.digest().hex()
