"""SM2 private keys as PKCS #8 PEM, as OpenSSL 3 writes and reads them.

Invariant: one spelling. The fields have fixed lengths, so the DER is a fixed frame around number and point.
Spec: RFC 5958, RFC 5915; curve OID 1.2.156.10197.1.301 (GM/T 0006).
"""

import base64

# PrivateKeyInfo{0, {id-ecPublicKey, sm2}, OCTET STRING{ECPrivateKey{1, number, [1] BIT STRING point}}}
_BEFORE = bytes.fromhex("308187020100301306072a8648ce3d020106082a811ccf5501822d046d306b0201010420")
_BETWEEN = bytes.fromhex("a144034200")
_HEAD, _FOOT = b"-----BEGIN PRIVATE KEY-----\n", b"-----END PRIVATE KEY-----\n"


def write_sm2_pem(private: bytes, public: bytes) -> bytes:
    """Write a 32-byte number and its 65-byte point 04‖X‖Y as PEM. Raises ValueError for other lengths."""
    if len(private) != 32 or len(public) != 65 or public[0] != 4:
        raise ValueError("an SM2 key is 32 bytes and 65 bytes")
    text = base64.b64encode(_BEFORE + private + _BETWEEN + public)
    return _HEAD + b"".join(text[n : n + 64] + b"\n" for n in range(0, len(text), 64)) + _FOOT


def read_sm2_pem(pem: bytes) -> tuple[bytes, bytes]:
    """Read number and point from PEM. Raises ValueError for anything but an SM2 key in this form."""
    if not pem.startswith(_HEAD) or not pem.rstrip(b"\n").endswith(_FOOT.rstrip(b"\n")):
        raise ValueError("not a PEM private key")
    der = base64.b64decode(b"".join(pem.split(b"\n")[1:-2]), validate=True)
    start = len(_BEFORE)
    middle = start + 32
    if len(der) != middle + len(_BETWEEN) + 65 or der[:start] != _BEFORE or der[middle : middle + 5] != _BETWEEN:
        raise ValueError("not an SM2 key")
    return der[start:middle], der[middle + 5 :]
