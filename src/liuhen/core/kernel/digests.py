"""SHA-256 and SM3 of bytes, side by side.

SM3 (GB/T 32905-2016) comes from OpenSSL through hashlib where it is compiled in; elsewhere the pure implementation below
serves, so that the offline verifier never has to skip a check.
"""

import hashlib
from dataclasses import dataclass
from typing import Protocol

from liuhen.core.kernel.sm3 import PureSM3


class Hasher(Protocol):
    """What hashlib gives: feed bytes, then ask for the digest."""

    def update(self, data: bytes, /) -> None: ...
    def digest(self) -> bytes: ...
    def hexdigest(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Digests:
    """What names an object: its size in bytes and both digests in lower-case hexadecimal."""

    sha256: str
    sm3: str
    size: int


def new_sm3(data: bytes = b"") -> Hasher:
    """Give an SM3 hasher: OpenSSL's where it exists, ours otherwise."""
    try:
        return hashlib.new("sm3", data)
    except ValueError:
        return PureSM3(data)


def sha256(data: bytes) -> str:
    """Give the SHA-256 of bytes in hexadecimal."""
    return hashlib.sha256(data).hexdigest()


def sm3(data: bytes) -> str:
    """Give the SM3 of bytes in hexadecimal."""
    return new_sm3(data).hexdigest()


def digests_of(data: bytes) -> Digests:
    """Give size and both digests of bytes already in memory; files are streamed by the vault and the verifier."""
    return Digests(sha256=sha256(data), sm3=sm3(data), size=len(data))
