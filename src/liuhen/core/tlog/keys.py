"""Verifier keys and signing keys of signed notes, as one line of text each (C2SP signed-note).

Invariant: the key ID written in a key always equals the one computed from its name, kind and public key.
"""

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

from liuhen.core.crypto import ed25519, sm2
from liuhen.core.tlog.refusals import Code, Malformed
from liuhen.core.tlog.spelling import read_base64, render_base64

Verify = Callable[[bytes, bytes, bytes], bool]
"""Takes public key, message, signature; tells whether the signature is good."""

_PRIVATE = "PRIVATE+KEY+"


@dataclass(frozen=True, slots=True)
class Primitives:
    """The signature checks a note needs; a server may inject faster ones than the pure defaults."""

    ed25519: Verify = ed25519.verify
    sm2: Verify = sm2.verify


PURE = Primitives()


class KeyKind(Enum):
    """What a key signs: the bytes before the public key, and the public key's length.

    0x01, 0x04, 0x06 are C2SP's. 0xff is C2SP's hook for private kinds; the two SM2 kinds are Liuhen's own
    (docs/formats/checkpoint.md).
    """

    ED25519 = (b"\x01", 32)
    COSIGNATURE = (b"\x04", 32)
    ML_DSA = (b"\x06", 1312)
    SM2 = (b"\xffSM2-with-SM3/v1", 65)
    SM2_COSIGNATURE = (b"\xffSM2-with-SM3-cosignature/v1", 65)

    @property
    def prefix(self) -> bytes:
        return self.value[0]

    @property
    def key_size(self) -> int:
        return self.value[1]

    @property
    def signs_notes(self) -> bool:
        """Tell whether a log may sign its checkpoints with this kind."""
        return self in (KeyKind.ED25519, KeyKind.SM2)

    @property
    def cosigns(self) -> bool:
        """Tell whether signatures of this kind carry a time and are made by witnesses."""
        return self in (KeyKind.COSIGNATURE, KeyKind.SM2_COSIGNATURE, KeyKind.ML_DSA)


@dataclass(frozen=True, slots=True)
class VerifierKey:
    """A public key with the name of who holds it."""

    name: str
    kind: KeyKind
    public_key: bytes

    @property
    def key_id(self) -> bytes:
        """Give the four bytes that, with the name, identify the key."""
        return key_id(self.name, self.kind.prefix + self.public_key)

    @property
    def identity(self) -> tuple[str, bytes]:
        return self.name, self.key_id

    def render(self) -> str:
        """Write the key as its one line."""
        return f"{self.name}+{self.key_id.hex()}+{render_base64(self.kind.prefix + self.public_key)}"


@dataclass(frozen=True, slots=True)
class SigningSeed:
    """An Ed25519 private key as text carries it: the core never signs, it only hands the seed to whoever does."""

    name: str
    stated_id: bytes
    seed: bytes

    def verifier(self, public_key: bytes) -> VerifierKey:
        """Bind the public key that belongs to the seed. Raises Malformed when the stated key ID is another key's."""
        key = VerifierKey(self.name, KeyKind.ED25519, public_key)
        if key.key_id != self.stated_id:
            raise Malformed(
                Code.KEY_ID, self.name, "the private key's ID is not that of its public key; use the right key"
            )
        return key

    def render(self) -> str:
        """Write the private key as its one line; keep it secret."""
        return f"{_PRIVATE}{self.name}+{self.stated_id.hex()}+{render_base64(KeyKind.ED25519.prefix + self.seed)}"


def key_id(name: str, material: bytes) -> bytes:
    """Give SHA-256(name, newline, kind and key)[:4]. Spec: C2SP signed-note."""
    return hashlib.sha256(name.encode("utf-8") + b"\n" + material).digest()[:4]


def is_key_name(name: str) -> bool:
    """Tell whether a name may stand on a signature line: no space of any kind, no control character, no plus sign."""
    refused = any(char.isspace() or char == "+" or char < " " or "\ud800" <= char <= "\udfff" for char in name)
    return bool(name) and not refused


def parse_verifier_key(text: str, place: str = "verifier key") -> VerifierKey:
    """Read `name+keyid+base64`. Raises Malformed for a wrong key ID, an unknown kind or a key of wrong length."""
    name, stated_id, material = _split_key(text, place)
    if key_id(name, material) != stated_id:
        raise Malformed(
            Code.KEY_ID, place, "the key ID does not belong to this name and key; copy the whole line again"
        )
    for kind in KeyKind:
        if material.startswith(kind.prefix) and len(material) == len(kind.prefix) + kind.key_size:
            return VerifierKey(name, kind, material[len(kind.prefix) :])
    raise Malformed(
        Code.KEY_FORM, place, "a key of unknown kind or length; expected Ed25519, cosignature, ML-DSA-44 or SM2"
    )


def parse_signing_seed(text: str, place: str = "signing key") -> SigningSeed:
    """Read `PRIVATE+KEY+name+keyid+base64` with an Ed25519 seed. Raises Malformed, without showing the key."""
    if not text.startswith(_PRIVATE):
        raise Malformed(Code.KEY_FORM, place, "a signing key must begin with PRIVATE+KEY+")
    name, stated_id, material = _split_key(text[len(_PRIVATE) :], place)
    if len(material) != 33 or material[:1] != KeyKind.ED25519.prefix:
        raise Malformed(Code.KEY_FORM, place, "expected an Ed25519 seed of 32 bytes")
    return SigningSeed(name, stated_id, material[1:])


def _split_key(text: str, place: str) -> tuple[str, bytes, bytes]:
    parts = text.split("+", 2)  # base64 may itself hold plus signs
    if len(parts) != 3 or not is_key_name(parts[0]) or not re.fullmatch("[0-9a-f]{8}", parts[1]):
        raise Malformed(Code.KEY_FORM, place, "a key must read name+8 hexadecimal digits+base64")
    return parts[0], bytes.fromhex(parts[1]), read_base64(parts[2], Code.KEY_FORM, place)
