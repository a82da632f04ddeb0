"""Ed25519 signatures (RFC 8032) for logs and witnesses.

Invariant: the private key stays inside the signer and out of its repr.
"""

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from liuhen.core.kernel.errors import BadInput


class Ed25519Signer:
    """Signs with one Ed25519 key; call it with the message."""

    def __init__(self, seed: bytes) -> None:
        if len(seed) != 32:
            raise BadInput("Ed25519 key", f"expected a seed of 32 bytes, found {len(seed)}")
        self._key = Ed25519PrivateKey.from_private_bytes(seed)
        self.public = self._key.public_key().public_bytes_raw()

    def __call__(self, message: bytes) -> bytes:
        """Give the 64-byte signature of a message."""
        return self._key.sign(message)


def verify_ed25519(public: bytes, message: bytes, signature: bytes) -> bool:
    """Tell whether a 64-byte signature of a message is by a 32-byte public key."""
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True
