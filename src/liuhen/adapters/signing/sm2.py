"""SM2 signatures with SM3 (GB/T 32918.2), by gmssl-pyx, inline and detached.

Invariant: a signature is always 64 bytes r‖s over the user id 1234567812345678, and none leaves unverified: a faulty
signature from a bad random number can give the key away.
"""

from gmssl_pyx import GmsslInnerError, sm2_sign, sm2_verify

from liuhen.adapters.signing.port import Signer
from liuhen.core.crypto.detached import DetachedSignature
from liuhen.core.crypto.sm2 import DEFAULT_USER_ID
from liuhen.core.kernel.digests import sm3
from liuhen.core.kernel.errors import BadInput, LiuhenError


class SignatureFault(LiuhenError):
    """A signature just made does not verify; the key or the machine is faulty."""


class Sm2Signer:
    """Signs with one SM2 key; call it with the message."""

    def __init__(self, private: bytes, public: bytes) -> None:
        if len(private) != 32 or len(public) != 65 or public[0] != 4:
            raise BadInput("SM2 key", "expected a private key of 32 bytes and a public key of 65 bytes 04‖X‖Y")
        self._private = private
        self.public = public

    def __call__(self, message: bytes) -> bytes:
        """Give the 64-byte signature r‖s of a message. Raises SignatureFault."""
        signature = _raw(sm2_sign(self._private, self.public[1:], message, DEFAULT_USER_ID))
        if not verify_sm2(self.public, message, signature):
            raise SignatureFault("an SM2 signature did not verify after signing; stop and check key and machine")
        return signature


def verify_sm2(public: bytes, message: bytes, signature: bytes) -> bool:
    """Tell whether 64 bytes r‖s are a signature of a message by a public key 04‖X‖Y."""
    if len(public) != 65 or public[0] != 4 or len(signature) != 64:
        return False
    try:
        return bool(sm2_verify(public[1:], message, _der(signature), DEFAULT_USER_ID))
    except GmsslInnerError:
        return False


def sign_detached(signer: Signer, content: bytes) -> bytes:
    """Give a detached signature as a file of its own, to lie beside the file it signs."""
    return DetachedSignature(signer.public, sm3(content), signer(content)).render()


def _raw(der: bytes) -> bytes:
    """Turn SEQUENCE{r, s} into fixed-width r‖s. gmssl-pyx gives short DER, so every length is one byte."""
    middle = 4 + der[3]
    r, s = der[4:middle], der[middle + 2 :]
    return int.from_bytes(r, "big").to_bytes(32, "big") + int.from_bytes(s, "big").to_bytes(32, "big")


def _der(raw: bytes) -> bytes:
    body = _integer(raw[:32]) + _integer(raw[32:])
    return b"\x30" + bytes([len(body)]) + body


def _integer(number: bytes) -> bytes:
    short = number.lstrip(b"\0") or b"\0"
    if short[0] & 0x80:
        short = b"\0" + short
    return b"\x02" + bytes([len(short)]) + short
