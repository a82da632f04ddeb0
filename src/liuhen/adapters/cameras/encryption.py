"""Encrypted content of camera systems: AES-256-CBC, its key wrapped for us by RSA-OAEP and laid beside it in a key file.

Invariant: what comes out is either the whole plain content with a sound ending or a refusal; encrypted bytes stay as they are.
"""

import base64
import binascii
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, BinaryIO

from cryptography.hazmat.primitives import hashes, padding, serialization
from cryptography.hazmat.primitives.asymmetric import padding as wrapping
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES256
from cryptography.hazmat.primitives.ciphers.modes import CBC

from liuhen.core.kernel.errors import LiuhenError

LARGEST_KEY_FILE = 64 << 10
_BLOCK = 1 << 20
_KEY_BITS = 3072
_KEY_BYTES, _IV_BYTES = 32, 16
# `openssl rsautl -oaep`, which the vendor's own script uses, means SHA-1; a newer firmware may say SHA-256.
_HASHES: tuple[type[hashes.HashAlgorithm], ...] = (hashes.SHA1, hashes.SHA256)


class DecryptionFailed(LiuhenError):
    """The content cannot be decrypted with the keys that we hold."""


@dataclass(frozen=True, slots=True)
class WrappedKey:
    """A key file: the wrapped content key, the first block's vector, and the id of the public key it was wrapped for."""

    wrapped: bytes = field(repr=False)
    vector: bytes
    key_id: str | None = None


def new_key_pair() -> tuple[bytes, bytes]:
    """Make an RSA key and give it as PEM: the private key (PKCS #8) and the public key."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=_KEY_BITS)
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    public = key.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    return private, public


def public_pem(private_pem: bytes) -> bytes:
    """Give the public key of a private one."""
    return (
        _load(private_pem)
        .public_key()
        .public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    )


def read_key_file(data: bytes) -> WrappedKey:
    """Read a key file. Raises DecryptionFailed naming what it lacks."""
    try:
        found = dict(_texts(json.loads(data)))
    except (ValueError, RecursionError):
        raise DecryptionFailed("密钥文件不是 JSON，无法解密；原件已保留，请核对摄像机系统") from None
    wrapped, vector = (_bytes(found, name) for name in ("encryptedkey", "contentencryptioniv"))
    if len(vector) != _IV_BYTES:
        raise DecryptionFailed(
            f"密钥文件的 ContentEncryptionIV 是 {len(vector)} 字节，应为 {_IV_BYTES} 字节；原件已保留"
        )
    return WrappedKey(wrapped, vector, found.get("publickeyid") or found.get("keyid"))


def unwrap(private_pem: bytes, key: WrappedKey) -> bytes:
    """Give the content key. Raises DecryptionFailed when it was wrapped for another key."""
    private = _load(private_pem)
    for kind in _HASHES:
        scheme = wrapping.OAEP(mgf=wrapping.MGF1(kind()), algorithm=kind(), label=None)
        try:
            content_key = private.decrypt(key.wrapped, scheme)
        except ValueError:
            continue
        if len(content_key) == _KEY_BYTES:
            return content_key
    raise DecryptionFailed("内容密钥不是用本连接的公钥包裹的，无法解密；原件已保留，请核对连接文件是否为最新")


def decrypt(source: BinaryIO, write: Callable[[bytes], object], content_key: bytes, vector: bytes) -> None:
    """Decrypt a stream into `write`. Raises DecryptionFailed when the end is not sound; what was written is then worthless."""
    decryptor = Cipher(AES256(content_key), CBC(vector)).decryptor()
    unpadder = padding.PKCS7(AES256.block_size).unpadder()
    try:
        while block := source.read(_BLOCK):
            write(unpadder.update(decryptor.update(block)))
        write(unpadder.update(decryptor.finalize()) + unpadder.finalize())
    except ValueError:
        raise DecryptionFailed("加密内容不完整或者密钥不符，解密后的结尾不正确；原件已保留，请要求重新传送") from None


def _load(private_pem: bytes) -> rsa.RSAPrivateKey:
    key = serialization.load_pem_private_key(private_pem, password=None)
    if not isinstance(key, rsa.RSAPrivateKey):
        raise DecryptionFailed("本连接的私钥文件不是 RSA 私钥；请从备份恢复")
    return key


def _texts(value: Any) -> list[tuple[str, str]]:
    """Gather all texts of a JSON value by the lower-case name they stand under, however deep."""
    if isinstance(value, list):
        return [pair for item in value for pair in _texts(item)]
    if not isinstance(value, dict):
        return []
    own = [(str(name).lower(), item) for name, item in value.items() if isinstance(item, str)]
    return own + [pair for item in value.values() for pair in _texts(item)]


def _bytes(found: dict[str, str], name: str) -> bytes:
    try:
        data = base64.b64decode("".join(found.get(name, "").split()), validate=True)
    except (binascii.Error, ValueError):
        data = b""
    if not data:
        raise DecryptionFailed(f"密钥文件没有可读的 {name}，无法解密；原件已保留，请核对摄像机系统")
    return data
