"""The connection file that an operator imports into the manager of a body-worn camera system.

Invariant: every value keeps the limit that the camera system sets; a file that it would refuse is never written.
"""

import base64
import json
from dataclasses import dataclass, field
from typing import Any, Literal

from liuhen.core.kernel.errors import BadInput

ContainerType = Literal["mkv", "mp4"]

LARGEST_FILE = 64 << 10
_MOST = 10


@dataclass(frozen=True, slots=True)
class ConnectionFile:
    """What the file says; `certificates` are certificate files as they are, `public_key` is PEM."""

    site: str
    application: str
    version: str
    addresses: tuple[str, ...]
    user: str
    key: str = field(repr=False)
    container_type: ContainerType = "mp4"
    keeps_time: bool = False
    certificates: tuple[bytes, ...] = ()
    public_key: bytes | None = None
    public_key_id: str | None = None


def render_connection(file: ConnectionFile) -> bytes:
    """Write the file. Raises BadInput naming the first value that the camera system would not take."""
    certificates = [base64.b64encode(data).decode() for data in file.certificates]
    _require_lengths(file, certificates)
    content: dict[str, Any] = {
        "ConnectionFileVersion": "1.0",
        "BlobAPI": "Swift 1.0",
        "SiteName": file.site,
        "ApplicationName": file.application,
        "ApplicationVersion": file.version,
        "ContentDestinationAsNTPServer": file.keeps_time,
        "AuthenticationTokenURI": list(file.addresses),
        "BlobAPIUserName": file.user,
        "BlobAPIKey": file.key,
        "ContainerType": file.container_type,
        "FullStoreAndReadSupport": False,
        "WantEncryption": file.public_key is not None,
    }
    if certificates:
        content["HTTPSCertificate"] = certificates
    if file.public_key is not None:
        content["PublicKey"] = base64.b64encode(file.public_key).decode()
        content["PublicKeyId"] = file.public_key_id
    data = json.dumps(content, ensure_ascii=False, indent=2).encode() + b"\n"
    if len(data) > LARGEST_FILE:
        raise BadInput("连接文件", "超过 64 kB，摄像机系统不会接受；请减少证书")
    return data


def _require_lengths(file: ConnectionFile, certificates: list[str]) -> None:
    for place, texts, most in (
        ("--site", (file.site,), 64),
        ("应用名称", (file.application,), 256),
        ("应用版本", (file.version,), 64),
        ("--url", file.addresses, 512),
        ("--certificate", certificates, 16 << 10),
        ("用户名", (file.user,), 64),
        ("密钥", (file.key,), 64),
        ("公钥", (base64.b64encode(file.public_key or b"-").decode(),), 2048),
    ):
        if any(not 0 < len(text.encode()) <= most for text in texts):
            raise BadInput(place, f"应为 1 至 {most} 字节，摄像机系统不接受更长的")
    if not 0 < len(file.addresses) <= _MOST:
        raise BadInput("--url", f"应有 1 至 {_MOST} 个地址")
    if len(certificates) > _MOST:
        raise BadInput("--certificate", f"最多 {_MOST} 份证书")
    if any(not address.startswith(("http://", "https://")) for address in file.addresses):
        raise BadInput("--url", "应以 https:// 或者 http:// 开头")
    if certificates and any(address.startswith("http://") for address in file.addresses):
        raise BadInput("--url", "给了证书就只用 https:// 地址")
