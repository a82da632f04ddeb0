"""SM2 signature verification with SM3 (GB/T 32918.2-2016), user ID fixed to 1234567812345678 unless told otherwise.

Invariant: a signature is fixed-width r||s of 64 bytes, or strict DER; which of them is never guessed.
"""

from liuhen.core.crypto import curves, der
from liuhen.core.kernel.digests import new_sm3
from liuhen.core.kernel.errors import BadInput

DEFAULT_USER_ID = b"1234567812345678"


def user_digest(public_key: bytes, user_id: bytes = DEFAULT_USER_ID) -> bytes:
    """Give Z: the digest that binds user ID, curve and public key. Spec: GB/T 32918.2 section 5.5."""
    curve = curves.SM2
    numbers = (curve.a % curve.p, curve.b, curve.gx, curve.gy)
    parameters = b"".join(number.to_bytes(32, "big") for number in numbers)
    return new_sm3((len(user_id) * 8).to_bytes(2, "big") + user_id + parameters + public_key[1:]).digest()


def verify(public_key: bytes, message: bytes, signature: bytes) -> bool:
    """Tell whether a raw 64-byte r||s over the message is good; the key is 04||X||Y, the user ID the standard one."""
    return verify_as(public_key, message, signature, DEFAULT_USER_ID)


def verify_as(public_key: bytes, message: bytes, signature: bytes, user_id: bytes) -> bool:
    """Tell whether a raw 64-byte r||s over the message is good for this user ID. Spec: GB/T 32918.2 section 7.1."""
    point = curves.parse_point(curves.SM2, public_key)
    r, s = int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big")
    order = curves.SM2.n
    if point is None or len(signature) != 64 or len(user_id) > 8191 or not (0 < r < order and 0 < s < order):
        return False
    total = (r + s) % order
    if not total:
        return False
    digest = int.from_bytes(new_sm3(user_digest(public_key, user_id) + message).digest(), "big")
    sum_point = curves.combine(curves.SM2, s, total, point)
    return sum_point is not None and (digest + sum_point[0]) % order == r


def verify_der(public_key: bytes, message: bytes, signature: bytes, user_id: bytes = DEFAULT_USER_ID) -> bool:
    """Tell whether a DER SEQUENCE of r and s is a good signature; certificates and most libraries carry this form."""
    try:
        r, s = der.read_integer_pair(signature, "SM2 signature")
        raw = r.to_bytes(32, "big") + s.to_bytes(32, "big")
    except (BadInput, OverflowError):
        return False
    return verify_as(public_key, message, raw, user_id)
