"""`seal.toml`: where an agency's own seal is, read strictly; docs/guide/seal.md shows one.

Invariant: a file with a fault gives no seal at all; secrets are read from files that nobody but their owner may read, and are
told nowhere.
"""

import stat
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from asn1crypto import pem
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.x509.oid import NameOID
from PIL import Image, UnidentifiedImageError

from liuhen.adapters.signing.signing_keys import DeviceKey, FileKey, SigningKey
from liuhen.core.kernel.errors import BadInput

NAME = "seal.toml"
IN_FILE, ON_DEVICE = "文件", "密码设备"
_WHOLE = {"certificate": str, "issuers": list, "roots": list, "picture": str, "key": dict, "timestamps": dict}
_IN_FILE = {"file": str, "passphrase_file": str}
_ON_DEVICE = {"driver": str, "token": str, "label": str, "pin_file": str}
_TIMESTAMPS = {"address": str, "roots": list}
_LARGEST = 1 << 20
_MOST_PIXELS = 4_000_000


@dataclass(frozen=True, slots=True)
class SealFile:
    """An agency's seal as its file tells it; roots are PEM, those of seal and time stamps apart."""

    certificate: x509.Certificate
    key: SigningKey = field(repr=False)
    kept: str
    roots: tuple[bytes, ...]
    timestamps: str
    timestamp_roots: tuple[bytes, ...]
    picture: Image.Image | None

    @property
    def fingerprint(self) -> str:
        """The SHA-256 of the certificate (DER) in hexadecimal."""
        return sha256(self.certificate.public_bytes(serialization.Encoding.DER)).hexdigest()

    @property
    def subject(self) -> str:
        """The common name of whose seal it is."""
        return _common_name(self.certificate.subject)

    @property
    def issuer(self) -> str:
        """The common name of who vouches for it."""
        return _common_name(self.certificate.issuer)

    @property
    def valid_until(self) -> datetime:
        """Until when the certificate holds."""
        return self.certificate.not_valid_after_utc

    @property
    def roots_der(self) -> tuple[bytes, ...]:
        """Every root, each once, as DER."""
        return tuple(dict.fromkeys(pem.unarmor(one)[2] for one in (*self.roots, *self.timestamp_roots)))


def read_seal_file(folder: Path) -> SealFile:
    """Read the file of a folder and what it names. Raises BadInput naming the key or the file at fault."""
    path = folder / NAME
    told = _load(path)
    _require_known(told, _WHOLE, ("certificate", "roots", "key", "timestamps"), path)
    _require_known(told["timestamps"], _TIMESTAMPS, ("address", "roots"), path, "timestamps.")
    certificates = {name: _certificates(folder, told.get(name, []), f"{path} {name}") for name in ("issuers", "roots")}
    stamping = _certificates(folder, told["timestamps"]["roots"], f"{path} timestamps.roots")
    (own,) = _certificates(folder, [told["certificate"]], f"{path} certificate")
    chain = (*certificates["issuers"], *certificates["roots"])
    key, kept = _key(folder, told["key"], own, chain, path)
    return SealFile(
        certificate=x509.load_pem_x509_certificate(own),
        key=key,
        kept=kept,
        roots=certificates["roots"],
        timestamps=told["timestamps"]["address"],
        timestamp_roots=stamping,
        picture=_picture(folder / told["picture"]) if "picture" in told else None,
    )


def _load(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(_bytes(path).decode())
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as fault:
        raise BadInput(str(path), f"不是可读的 TOML（{fault}）；请照 docs/guide/seal.md 的样子写") from fault


def _require_known(
    told: Mapping[str, Any], known: Mapping[str, type], needed: tuple[str, ...], path: Path, under: str = ""
) -> None:
    for name, value in told.items():
        if name not in known:
            raise BadInput(f"{path} {under}{name}", f"没有这一项；可以写的有 {'、'.join(known)}")
        if not isinstance(value, known[name]) or value in ("", [], {}):
            raise BadInput(f"{path} {under}{name}", "写法不对或者是空的；请照 docs/guide/seal.md 的样子写")
    if missing := [name for name in needed if name not in told]:
        raise BadInput(str(path), f"缺少 {'、'.join(under + name for name in missing)}；请补上")


def _certificates(folder: Path, names: list[object], place: str) -> tuple[bytes, ...]:
    found = []
    for name in names:
        data = _bytes(folder / str(name))
        try:
            found.append(x509.load_pem_x509_certificate(data).public_bytes(serialization.Encoding.PEM))
        except ValueError as fault:
            raise BadInput(place, f"{name} 不是 PEM 格式的证书；请用 openssl x509 转换") from fault
    return tuple(found)


def _key(
    folder: Path, told: Mapping[str, Any], certificate: bytes, chain: tuple[bytes, ...], path: Path
) -> tuple[SigningKey, str]:
    if "driver" not in told:
        _require_known(told, _IN_FILE, ("file",), path, "key.")
        passphrase = _secret(folder / told["passphrase_file"]) if "passphrase_file" in told else None
        return FileKey(_private(folder / told["file"], passphrase, certificate), certificate, chain), IN_FILE
    _require_known(told, _ON_DEVICE, tuple(_ON_DEVICE), path, "key.")
    pin = _secret(folder / told["pin_file"])
    return DeviceKey(folder / told["driver"], told["token"], told["label"], certificate, chain, pin), ON_DEVICE


def _private(path: Path, passphrase: str | None, certificate: bytes) -> bytes:
    """Read a private key, which must be that of the certificate, as PEM without a passphrase."""
    _require_own(path)
    try:
        key = serialization.load_pem_private_key(_bytes(path), passphrase.encode() if passphrase is not None else None)
    except (ValueError, TypeError) as fault:
        raise BadInput(str(path), "读不出私钥；请检查是不是 PEM 格式、口令文件对不对") from fault
    spki = serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    if key.public_key().public_bytes(*spki) != x509.load_pem_x509_certificate(certificate).public_key().public_bytes(
        *spki
    ):
        raise BadInput(str(path), "私钥与证书不是一对；请换成这张证书的私钥")
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def _secret(path: Path) -> str:
    _require_own(path)
    return _bytes(path).decode(errors="replace").rstrip("\r\n")


def _require_own(path: Path) -> None:
    try:
        open_to_others = stat.S_IMODE(path.stat().st_mode) & 0o077
    except OSError as fault:
        raise BadInput(str(path), f"读不了（{fault.strerror}）；请检查文件名和权限") from fault
    if open_to_others:
        raise BadInput(str(path), "别人也能读这个文件；请改为只有本服务的用户可读（chmod 600）")


def _bytes(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            data = file.read(_LARGEST + 1)
    except OSError as fault:
        raise BadInput(str(path), f"读不了（{fault.strerror}）；请检查文件名和权限") from fault
    if len(data) > _LARGEST:
        raise BadInput(str(path), "超过 1 MB，不会是这里要的文件；请核对文件名")
    return data


def _picture(path: Path) -> Image.Image:
    try:
        picture = Image.open(path, formats=["PNG"])
        if picture.width * picture.height > _MOST_PIXELS:
            raise BadInput(str(path), f"印模图片超过 {_MOST_PIXELS} 像素；请缩小")
        return picture.convert("RGBA")
    except (OSError, UnidentifiedImageError, Image.DecompressionBombError) as fault:
        raise BadInput(str(path), "不是可读的 PNG 图片；请换成透明底的 PNG 印模") from fault


def _common_name(name: x509.Name) -> str:
    found = name.get_attributes_for_oid(NameOID.COMMON_NAME)
    return str(found[0].value) if found else name.rfc4514_string()
