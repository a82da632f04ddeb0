"""SM2 signatures with SM3 (GB/T 32918.2), by gmssl-pyx, and a small file format for detached ones.

Invariant: a signature is always 64 bytes r‖s over the user id 1234567812345678, and none leaves unverified: a faulty
signature from a bad random number can give the key away.
"""

from collections.abc import Mapping

from gmssl_pyx import GmsslInnerError, sm2_sign, sm2_verify

from liuhen.core.kernel import canonical
from liuhen.core.kernel.digests import sm3
from liuhen.core.kernel.errors import BadInput, LiuhenError

USER_ID = b"1234567812345678"
FORMAT = "liuhen-sm2-signature/v1"


class SignatureFault(LiuhenError):
    """A signature just made does not verify; the key or the machine is faulty."""


class SignatureInvalid(LiuhenError):
    """A detached signature is not one of this key over these bytes."""


class Sm2Signer:
    """Signs with one SM2 key; call it with the message."""

    def __init__(self, private: bytes, public: bytes) -> None:
        if len(private) != 32 or len(public) != 65 or public[0] != 4:
            raise BadInput("SM2 key", "expected a private key of 32 bytes and a public key of 65 bytes 04‖X‖Y")
        self._private = private
        self.public = public

    def __call__(self, message: bytes) -> bytes:
        """Give the 64-byte signature r‖s of a message. Raises SignatureFault."""
        signature = _raw(sm2_sign(self._private, self.public[1:], message, USER_ID))
        if not verify_sm2(self.public, message, signature):
            raise SignatureFault("an SM2 signature did not verify after signing; stop and check key and machine")
        return signature


def verify_sm2(public: bytes, message: bytes, signature: bytes) -> bool:
    """Tell whether 64 bytes r‖s are a signature of a message by a public key 04‖X‖Y."""
    if len(public) != 65 or public[0] != 4 or len(signature) != 64:
        return False
    try:
        return bool(sm2_verify(public[1:], message, _der(signature), USER_ID))
    except GmsslInnerError:
        return False


def sign_detached(signer: Sm2Signer, content: bytes) -> bytes:
    """Give a detached signature as canonical JSON, to lie beside the file it signs.

    Frozen format: changing a key or spelling needs a new version in `format`.
    """
    return canonical.render(
        {
            "format": FORMAT,
            "algorithm": "SM2-with-SM3",
            "user_id": USER_ID.decode(),
            "public_key": signer.public.hex(),
            "content_sm3": sm3(content),
            "signature": signer(content).hex(),
        }
    )


def check_detached(document: bytes, content: bytes, *, public: bytes, place: str = "signature") -> None:
    """Pass where a detached signature is by the key we trust over this content; the key it names itself proves nothing.

    Raises BadInput for another format, SignatureInvalid for another key, content or a bad signature.
    """
    given = canonical.parse(document, place)
    if not isinstance(given, Mapping) or given.get("format") != FORMAT:
        raise BadInput(place, f"expected a detached signature of format {FORMAT}")
    if given.get("public_key") != public.hex():
        raise SignatureInvalid(f"{place}: signed with another key than the one trusted; ask the agency for its key")
    if given.get("content_sm3") != sm3(content):
        raise SignatureInvalid(f"{place}: made for other bytes; the file was changed or exchanged")
    try:
        signature = bytes.fromhex(str(given.get("signature")))
    except ValueError:
        raise BadInput(f"{place}.signature", "expected 128 hexadecimal digits") from None
    if not verify_sm2(public, content, signature):
        raise SignatureInvalid(f"{place}: the signature does not verify; the file or the signature was changed")


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
