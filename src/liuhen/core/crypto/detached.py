"""Detached signatures: a small file beside the file it signs, by SM2 with SM3 (GB/T 32918.2) and the standard user id.

Invariant: the public key that a signature names proves nothing; whoever checks says which keys count.
Frozen format: changing a key or a spelling needs a new version in `format`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from liuhen.core.crypto.sm2 import DEFAULT_USER_ID
from liuhen.core.kernel import canonical
from liuhen.core.kernel.digests import sm3
from liuhen.core.kernel.errors import BadInput

FORMAT = "liuhen-sm2-signature/v1"
MEDIA_TYPE = "application/json"
_NAMES = {"format", "algorithm", "user_id", "public_key", "content_sm3", "signature"}
_ALGORITHM = "SM2-with-SM3"
Verify = Callable[[bytes, bytes, bytes], bool]


@dataclass(frozen=True, slots=True)
class DetachedSignature:
    """`public_key` is 65 bytes 04‖X‖Y, `content_sm3` the digest of what is signed, `signature` 64 bytes r‖s."""

    public_key: bytes
    content_sm3: str
    signature: bytes

    def render(self) -> bytes:
        """Give the file: canonical JSON."""
        return canonical.render(
            {
                "format": FORMAT,
                "algorithm": _ALGORITHM,
                "user_id": DEFAULT_USER_ID.decode(),
                "public_key": self.public_key.hex(),
                "content_sm3": self.content_sm3,
                "signature": self.signature.hex(),
            }
        )

    def fault(self, content: bytes, verify: Verify) -> str:
        """Say what is wrong with the signature over a content, empty for nothing; `verify` takes key, message, signature."""
        if self.content_sm3 != sm3(content):
            return "签的是别的内容：文件被改动过，或者被调换"
        if not verify(self.public_key, content, self.signature):
            return "签名与内容、密钥不符：签名被改动过，或者不是这把密钥所签"
        return ""


def parse_detached(data: bytes, place: str = "signature") -> DetachedSignature:
    """Read a detached signature. Raises BadInput for any other bytes."""
    given: Any = canonical.parse(data, place)
    if not isinstance(given, Mapping) or set(given) != _NAMES or given["format"] != FORMAT:
        raise BadInput(place, f"不是格式为 {FORMAT} 的签名文件")
    if (given["algorithm"], given["user_id"]) != (_ALGORITHM, DEFAULT_USER_ID.decode()):
        raise BadInput(place, f"签名算法应为 {_ALGORITHM}，用户标识应为 {DEFAULT_USER_ID.decode()}")
    try:
        found = DetachedSignature(
            bytes.fromhex(given["public_key"]), str(given["content_sm3"]), bytes.fromhex(given["signature"])
        )
    except (TypeError, ValueError):
        raise BadInput(place, "公钥和签名应为十六进制数字") from None
    if found.render() != data:
        raise BadInput(place, "不是规范的写法；签名文件只有一种写法")
    return found
