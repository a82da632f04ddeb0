"""Short Weierstrass curves over prime fields: just enough arithmetic to check a signature.

Invariant: a point that enters is checked to lie on its curve and to be smaller than the prime; infinity is None.
"""

from dataclasses import dataclass
from functools import lru_cache

Affine = tuple[int, int]
Jacobian = tuple[int, int, int]
"""X, Y, Z with x = X/Z², y = Y/Z³; Z = 0 is infinity."""

_INFINITY: Jacobian = (1, 1, 0)
_WIDTH = 5


@dataclass(frozen=True, slots=True)
class Curve:
    """y² = x³ + ax + b modulo p, with base point (gx, gy) of prime order n."""

    name: str
    p: int
    a: int
    b: int
    n: int
    gx: int
    gy: int

    @property
    def size(self) -> int:
        """Give the length of a coordinate in bytes."""
        return (self.p.bit_length() + 7) // 8


P256 = Curve(
    "P-256",
    p=0xFFFFFFFF00000001000000000000000000000000FFFFFFFFFFFFFFFFFFFFFFFF,
    a=-3,
    b=0x5AC635D8AA3A93E7B3EBBD55769886BC651D06B0CC53B0F63BCE3C3E27D2604B,
    n=0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551,
    gx=0x6B17D1F2E12C4247F8BCE6E563A440F277037D812DEB33A0F4A13945D898C296,
    gy=0x4FE342E2FE1A7F9B8EE7EB4A7C0F9E162BCE33576B315ECECBB6406837BF51F5,
)
P384 = Curve(
    "P-384",
    p=2**384 - 2**128 - 2**96 + 2**32 - 1,
    a=-3,
    b=0xB3312FA7E23EE7E4988E056BE3F82D19181D9C6EFE8141120314088F5013875AC656398D8A2ED19D2A85C8EDD3EC2AEF,
    n=0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFC7634D81F4372DDF581A0DB248B0A77AECEC196ACCC52973,
    gx=0xAA87CA22BE8B05378EB1C71EF320AD746E1D3B628BA79B9859F741E082542A385502F25DBF55296C3A545E3872760AB7,
    gy=0x3617DE4A96262C6F5D9E98BF9292DC29F8F41DBD289A147CE9DA3113B5F0B8C00A60B1CE1D7E819D7A431D7C90EA0E5F,
)
SM2 = Curve(
    "SM2",
    p=0xFFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF00000000FFFFFFFFFFFFFFFF,
    a=-3,
    b=0x28E9FA9E9D9F5E344D5A9E4BCF6509A7F39789F515AB8F92DDBCBD414D940E93,
    n=0xFFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFF7203DF6B21C6052B53BBF40939D54123,
    gx=0x32C4AE2C1F1981195F9904466A39C9948FE30BBFF2660BE1715A4589334C74C7,
    gy=0xBC3736A2F4F6779C59BDCEE36B692153D0A9877CC62A474002DF32E52139F0A0,
)


def parse_point(curve: Curve, data: bytes) -> Affine | None:
    """Read an uncompressed point 04||X||Y; None when it is no point of the curve."""
    if len(data) != 1 + 2 * curve.size or data[0] != 4:
        return None
    x, y = int.from_bytes(data[1 : 1 + curve.size], "big"), int.from_bytes(data[1 + curve.size :], "big")
    on_curve = x < curve.p and y < curve.p and (y * y - (x * x + curve.a) * x - curve.b) % curve.p == 0
    return (x, y) if on_curve else None


def _double(curve: Curve, point: Jacobian) -> Jacobian:
    # All three curves have a = -3, which turns 3X² + aZ⁴ into 3(X - Z²)(X + Z²).
    x, y, z = point
    p = curve.p
    zz, yy = z * z % p, y * y % p
    m = 3 * (x - zz) * (x + zz) % p
    s = 4 * x * yy % p
    x3 = (m * m - 2 * s) % p
    return x3, (m * (s - x3) - 8 * yy * yy) % p, 2 * y * z % p


def _add(curve: Curve, one: Jacobian, two: Affine) -> Jacobian:
    x1, y1, z1 = one
    if not z1:
        return two[0], two[1], 1
    p = curve.p
    zz = z1 * z1 % p
    h, r = (two[0] * zz - x1) % p, (two[1] * zz * z1 - y1) % p
    if not h:
        return _double(curve, one) if not r else _INFINITY
    hh = h * h % p
    hhh, v = h * hh % p, x1 * hh % p
    x3 = (r * r - hhh - 2 * v) % p
    return x3, (r * (v - x3) - y1 * hhh) % p, z1 * h % p


def _to_affine(curve: Curve, point: Jacobian) -> Affine | None:
    if not point[2]:
        return None
    inverse = pow(point[2], -1, curve.p)
    square = inverse * inverse % curve.p
    return point[0] * square % curve.p, point[1] * square * inverse % curve.p


@lru_cache(maxsize=256)
def _odd_multiples(curve: Curve, point: Affine) -> tuple[Affine, ...]:
    twice = _to_affine(curve, _double(curve, (*point, 1)))
    multiples = [point]
    while len(multiples) < 1 << (_WIDTH - 2) and twice is not None:
        following = _to_affine(curve, _add(curve, (*twice, 1), multiples[-1]))
        if following is None:  # impossible in a group of large prime order
            raise ArithmeticError(f"a multiple of a {curve.name} point vanished")
        multiples.append(following)
    return tuple(multiples)


def _sparse_digits(scalar: int) -> list[int]:
    digits: list[int] = []
    full = 1 << _WIDTH
    while scalar:
        digit = 0
        if scalar & 1:
            digit = scalar & (full - 1)
            digit -= full if digit >= full >> 1 else 0
            scalar -= digit
        digits.append(digit)
        scalar >>= 1
    return digits


def combine(curve: Curve, base_scalar: int, other_scalar: int, other: Affine) -> Affine | None:
    """Compute base_scalar·G + other_scalar·other; None is infinity. Scalars must lie in 0..n-1."""
    tables = (_odd_multiples(curve, (curve.gx, curve.gy)), _odd_multiples(curve, other))
    digits = (_sparse_digits(base_scalar), _sparse_digits(other_scalar))
    point = _INFINITY
    for at in range(max(map(len, digits)) - 1, -1, -1):
        point = _double(curve, point)
        for table, row in zip(tables, digits, strict=True):
            digit = row[at] if at < len(row) else 0
            if digit > 0:
                point = _add(curve, point, table[digit >> 1])
            elif digit:
                x, y = table[-digit >> 1]
                point = _add(curve, point, (x, curve.p - y))
    return _to_affine(curve, point)
