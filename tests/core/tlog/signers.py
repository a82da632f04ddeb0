"""Signers made with `cryptography`, for tests: the core itself only verifies."""

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from liuhen.core.tlog.keys import KeyKind, VerifierKey, parse_signing_seed
from liuhen.core.tlog.note import Signer

LOG_SEED = "PRIVATE+KEY+example.com/log/testdata+33d7b496+AeymY/SZAX0jZcJ8enZ5FY1Dz+wTML2yWSkK+9DSF3eg"
LOG_KEY = "example.com/log/testdata+33d7b496+AeHTu4Q3hEIMHNqc6fASMsq3rKNx280NI+oO5xCFkkSx"
WITNESS_SEED = "PRIVATE+KEY+Wit1+55ee4561+AeadRiG7XM4XiieCHzD8lxysXMwcViy5nYsoXURWGrlE"
WITNESS_KEY = "Wit1+9b3fb2d5+BFhZSmQj9+SoL+p/nN0Hh76xXmF7QcHfytUrI1XfSClk"


def signer_of(seed_text: str, kind: KeyKind = KeyKind.ED25519) -> Signer:
    """Give the signer of a published test key, under any Ed25519 kind."""
    seed = parse_signing_seed(seed_text)
    private = Ed25519PrivateKey.from_private_bytes(seed.seed)
    key = seed.verifier(private.public_key().public_bytes_raw())
    return Signer(VerifierKey(key.name, kind, key.public_key), private.sign)


def new_signer(name: str, number: int, kind: KeyKind = KeyKind.ED25519) -> Signer:
    """Give a signer with a key derived from a number."""
    private = Ed25519PrivateKey.from_private_bytes(number.to_bytes(32, "big"))
    return Signer(VerifierKey(name, kind, private.public_key().public_bytes_raw()), private.sign)
