"""Bytes of the vault as a file of this disk for as long as a flow works with them, decrypted where they came encrypted.

Invariant: the passing folder is gone afterwards, whatever happens; the vault's own object is only ever read.
"""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from liuhen.adapters.cameras.encryption import LARGEST_KEY_FILE, decrypt, read_key_file, unwrap
from liuhen.adapters.vault.local import LocalVault
from liuhen.flows.camera_connection import private_key_of
from liuhen.flows.office import office

_BLOCK = 1 << 20


@contextmanager
def passing_file(sha256: str) -> Iterator[Path]:
    """Give an object of the vault as a file. Raises ObjectMissing."""
    vault = office().vault
    if isinstance(vault, LocalVault):
        yield vault.path(sha256)
        return
    with _folder() as folder, vault.open(sha256) as source:
        path = folder / sha256
        with path.open("xb") as target:
            shutil.copyfileobj(source, target, _BLOCK)
        yield path


@contextmanager
def decrypted_file(sha256: str, key_sha256: str, connection_uid: str) -> Iterator[Path]:
    """Give an encrypted object as a plain file. Raises DecryptionFailed, KeyMissing, KeyUnusable, ObjectMissing."""
    wrapped = read_key_file(read_bytes(key_sha256, LARGEST_KEY_FILE))
    content_key = unwrap(private_key_of(connection_uid), wrapped)
    with _folder() as folder, office().vault.open(sha256) as source:
        path = folder / sha256
        with path.open("xb") as target:
            os.fchmod(target.fileno(), 0o600)
            decrypt(source, target.write, content_key, wrapped.vector)
        yield path


def read_bytes(sha256: str, most: int) -> bytes:
    """Give the beginning of an object, at most so many bytes."""
    with office().vault.open(sha256, 0, most) as source:
        return source.read()


@contextmanager
def _folder() -> Iterator[Path]:
    # The place of all uploads: what a killed process leaves there is removed by a later upload.
    root = office().data / "uploads"
    root.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(dir=root))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
