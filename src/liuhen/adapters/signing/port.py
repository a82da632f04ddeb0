"""What a seal and a signer offer, so that a certified device or a vendor's seal server can take their place."""

from datetime import datetime
from typing import Protocol


class Seal(Protocol):
    """An agency's electronic seal (电子印章)."""

    def apply(self, pdf: bytes, *, at: datetime, field: str = "印章") -> bytes:
        """Give the PDF with the seal appended as an incremental update; `field` names the signature field."""
        ...


class Signer(Protocol):
    """Signs bytes with a key it keeps; Ed25519 gives 64 bytes, SM2 gives 64 bytes r‖s."""

    @property
    def public(self) -> bytes:
        """The public key: 32 bytes of Ed25519, 65 bytes 04‖X‖Y of SM2."""
        ...

    def __call__(self, message: bytes) -> bytes:
        """Sign a message."""
        ...
