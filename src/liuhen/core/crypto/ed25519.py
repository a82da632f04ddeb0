"""Ed25519 verification (RFC 8032), fast enough to check thousands of checkpoints offline.

Invariant: cofactorless; S >= L, coordinates >= p and points off the curve are refused, so a signature has one spelling.
"""

import hashlib
from functools import lru_cache

P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
_D = -121665 * pow(121666, P - 2, P) % P
_D2 = 2 * _D % P
_ROOT_OF_MINUS_ONE = pow(2, (P - 1) // 4, P)

Extended = tuple[int, int, int, int]
"""X, Y, Z, T with x = X/Z, y = Y/Z, xy = T/Z."""
Cached = tuple[int, int, int, int]
"""Y+X, Y-X, 2Z, 2dT: what an addition needs of its second point."""

_NEUTRAL: Extended = (0, 1, 1, 0)


def _recover_x(y: int, sign: int) -> int | None:
    numerator, denominator = (y * y - 1) % P, (_D * y * y + 1) % P
    x = numerator * pow(denominator, 3, P) * pow(numerator * pow(denominator, 7, P), (P - 5) // 8, P) % P
    if (denominator * x * x - numerator) % P:
        x = x * _ROOT_OF_MINUS_ONE % P
        if (denominator * x * x - numerator) % P:
            return None
    if x == 0 and sign:
        return None
    return P - x if x & 1 != sign else x


def _decode_point(data: bytes) -> Extended | None:
    number = int.from_bytes(data, "little")
    sign, y = number >> 255, number & ((1 << 255) - 1)
    if len(data) != 32 or y >= P:
        return None
    x = _recover_x(y, sign)
    return None if x is None else (x, y, 1, x * y % P)


def _encode_point(point: Extended) -> bytes:
    inverse = pow(point[2], -1, P)
    x, y = point[0] * inverse % P, point[1] * inverse % P
    return (y | (x & 1) << 255).to_bytes(32, "little")


def _cache(point: Extended) -> Cached:
    x, y, z, t = point
    return (y + x) % P, (y - x) % P, 2 * z % P, _D2 * t % P


def _add(one: Extended, two: Cached) -> Extended:
    x1, y1, z1, t1 = one
    plus, minus, z2, t2 = two
    a, b = (y1 - x1) * minus % P, (y1 + x1) * plus % P
    c, d = t1 * t2 % P, z1 * z2 % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % P, g * h % P, f * g % P, e * h % P


def _subtract(one: Extended, two: Cached) -> Extended:
    plus, minus, z, t = two
    return _add(one, (minus, plus, z, -t))


def _double(point: Extended) -> Extended:
    x, y, z, _ = point
    a, b = x * x % P, y * y % P
    h = a + b
    e = h - (x + y) * (x + y) % P
    g = a - b
    f = 2 * z * z % P + g
    return e * f % P, g * h % P, f * g % P, e * h % P


def _odd_multiples(point: Extended, count: int) -> tuple[Cached, ...]:
    twice = _cache(_double(point))
    multiples = [point]
    for _ in range(count - 1):
        multiples.append(_add(multiples[-1], twice))
    return tuple(_cache(item) for item in multiples)


def _sparse_digits(scalar: int, width: int) -> list[int]:
    """Write a scalar in width-w non-adjacent form, least digit first."""
    digits: list[int] = []
    full, half = 1 << width, 1 << (width - 1)
    while scalar:
        digit = 0
        if scalar & 1:
            digit = scalar & (full - 1)
            digit -= full if digit >= half else 0
            scalar -= digit
        digits.append(digit)
        scalar >>= 1
    return digits


_KEY_WIDTH = 5
_BASE_WIDTH = 8
_BASE_POINT = _decode_point(bytes([0x58] + [0x66] * 31))
assert _BASE_POINT is not None
_BASE_MULTIPLES = _odd_multiples(_BASE_POINT, 1 << (_BASE_WIDTH - 2))


@lru_cache(maxsize=256)
def _key_multiples(public_key: bytes) -> tuple[Cached, ...] | None:
    point = _decode_point(public_key)
    return None if point is None else _odd_multiples(point, 1 << (_KEY_WIDTH - 2))


def _combine(base_scalar: int, key_scalar: int, key: tuple[Cached, ...]) -> Extended:
    """Compute base_scalar·B - key_scalar·A."""
    ours, theirs = _sparse_digits(base_scalar, _BASE_WIDTH), _sparse_digits(key_scalar, _KEY_WIDTH)
    length = max(len(ours), len(theirs))
    ours += [0] * (length - len(ours))
    theirs += [0] * (length - len(theirs))
    point = _NEUTRAL
    for own, other in zip(reversed(ours), reversed(theirs), strict=True):
        point = _double(point)
        if own:
            point = _add(point, _BASE_MULTIPLES[own >> 1]) if own > 0 else _subtract(point, _BASE_MULTIPLES[-own >> 1])
        if other:
            point = _subtract(point, key[other >> 1]) if other > 0 else _add(point, key[-other >> 1])
    return point


def verify(public_key: bytes, message: bytes, signature: bytes) -> bool:
    """Tell whether a 64-byte signature over the message was made with the key.

    Spec: RFC 8032 section 5.1.7, without the cofactor.
    """
    key = _key_multiples(bytes(public_key)) if len(public_key) == 32 else None
    scalar = int.from_bytes(signature[32:], "little")
    if key is None or len(signature) != 64 or scalar >= L:
        return False
    challenge = int.from_bytes(hashlib.sha512(signature[:32] + public_key + message).digest(), "little") % L
    return _encode_point(_combine(scalar, challenge, key)) == signature[:32]
