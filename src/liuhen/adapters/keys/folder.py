"""The folder of private keys: Ed25519 for logs and witnesses, SM2, and whatever PEM a caller brings.

Invariant: a key file appears whole or not at all, readable by its owner only, and is never overwritten: a lost or replaced
log key cannot be told from a forged log.
"""

import os
import re
import secrets
import stat
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from gmssl_pyx import sm2_key_generate

from liuhen.adapters.keys.sm2pem import read_sm2_pem, write_sm2_pem
from liuhen.core.kernel.errors import LiuhenError

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}\Z")


class KeyMissing(LiuhenError):
    """No key of that name; making a new one in silence would start a new identity."""


class KeyExists(LiuhenError):
    """A key of that name is there already and is not replaced."""


class KeyUnusable(LiuhenError):
    """The key file is open to others, damaged, or of another kind."""


@dataclass(frozen=True, slots=True)
class KeyPair:
    """Raw keys. Ed25519: a 32-byte seed and a 32-byte public key; SM2: a 32-byte number and 65 bytes 04‖X‖Y."""

    private: bytes = field(repr=False)
    public: bytes


class KeyFolder:
    """Private keys by name, one PEM file (PKCS #8) each."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def has(self, name: str) -> bool:
        """Tell whether a key of this name is there."""
        return self._path(name).exists()

    def new_ed25519(self, name: str) -> KeyPair:
        """Make and keep an Ed25519 key. Raises KeyExists."""
        self.write_pem(
            name,
            Ed25519PrivateKey.generate().private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            ),
        )
        return self.ed25519(name)

    def ed25519(self, name: str) -> KeyPair:
        """Read an Ed25519 key. Raises KeyMissing, KeyUnusable."""
        return self._read(name, "Ed25519", _read_ed25519)

    def new_sm2(self, name: str) -> KeyPair:
        """Make and keep an SM2 key (GB/T 32918). Raises KeyExists."""
        public, private = sm2_key_generate()
        self.write_pem(name, write_sm2_pem(private, b"\x04" + public))
        return self.sm2(name)

    def sm2(self, name: str) -> KeyPair:
        """Read an SM2 key. Raises KeyMissing, KeyUnusable."""
        return self._read(name, "SM2", lambda pem: KeyPair(*read_sm2_pem(pem)))

    def read_pem(self, name: str) -> bytes:
        """Give a key file's bytes. Raises KeyMissing, and KeyUnusable where others than the owner may read it."""
        path = self._path(name)
        try:
            descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW)
        except FileNotFoundError:
            raise KeyMissing(f"{path}: there is no such key; restore it from the backup, or make a new one") from None
        except OSError as error:
            raise KeyUnusable(f"{path}: the key cannot be read ({error.strerror}); check the file") from None
        with os.fdopen(descriptor, "rb") as file:
            if os.fstat(descriptor).st_mode & (stat.S_IRWXG | stat.S_IRWXO):
                raise KeyUnusable(f"{path}: others may read this private key; run chmod 600 on it and ask who did")
            return file.read()

    def write_pem(self, name: str, pem: bytes) -> None:
        """Keep a private key under a new name, whole and durable. Raises KeyExists."""
        path = self._path(name)
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        draft = self._folder / f".{name}.{secrets.token_hex(8)}"
        try:
            descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "wb") as file:
                file.write(pem)
                file.flush()
                os.fsync(file.fileno())
            # A hard link refuses to replace, so that two starting processes cannot overwrite each other's key.
            os.link(draft, path)
        except FileExistsError:
            raise KeyExists(
                f"{path}: a key of this name exists; keys are never overwritten, choose a new name"
            ) from None
        finally:
            draft.unlink(missing_ok=True)
        _sync_folder(self._folder)

    def _read(self, name: str, kind: str, decode: Callable[[bytes], KeyPair]) -> KeyPair:
        pem = self.read_pem(name)
        try:
            return decode(pem)
        except (ValueError, TypeError):
            # The cause is not chained: a decoder's message may quote the key.
            raise KeyUnusable(f"{self._path(name)}: not an {kind} key in PEM; restore it from the backup") from None

    def _path(self, name: str) -> Path:
        if not _NAME.match(name):
            raise KeyUnusable(f"{name!r}: not a key name; use ASCII letters, digits, dot, dash and underline")
        return self._folder / f"{name}.pem"


def _read_ed25519(pem: bytes) -> KeyPair:
    key = serialization.load_pem_private_key(pem, password=None)
    if not isinstance(key, Ed25519PrivateKey):
        raise TypeError("another kind of key")
    return KeyPair(key.private_bytes_raw(), key.public_key().public_bytes_raw())


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
