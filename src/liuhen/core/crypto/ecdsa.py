"""ECDSA verification on P-256 and P-384 (FIPS 186-5).

Invariant: r and s lie in 1..n-1 and come in strict DER; the digest is cut to the order's length as the standard says.
"""

from liuhen.core.crypto import curves, der
from liuhen.core.kernel.errors import BadInput


def verify_digest(curve: curves.Curve, public_key: bytes, digest: bytes, signature: bytes) -> bool:
    """Tell whether a DER signature over a digest was made with the key 04||X||Y. Spec: FIPS 186-5 section 6.4.2."""
    point = curves.parse_point(curve, public_key)
    try:
        r, s = der.read_integer_pair(signature, "ECDSA signature")
    except BadInput:
        return False
    order = curve.n
    if point is None or not (0 < r < order and 0 < s < order):
        return False
    number = int.from_bytes(digest, "big") >> max(0, len(digest) * 8 - order.bit_length())
    inverse = pow(s, -1, order)
    result = curves.combine(curve, number * inverse % order, r * inverse % order, point)
    return result is not None and result[0] % order == r
