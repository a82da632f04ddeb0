"""The words of tus 1.0.0: what its headers say, and which status answers which refusal.

Invariant: a header is understood wholly or refused with a sentence naming it.
Spec: tus resumable upload protocol 1.0.0; extensions creation, creation-with-upload, checksum, termination, expiration.
"""

import base64
import binascii
import re

from django.http import HttpRequest

from liuhen.adapters.vault.port import DiskFull
from liuhen.core.kernel.errors import BadInput, LiuhenError
from liuhen.doors.uploads.entry import CsrfMissing, Unknown
from liuhen.flows.access import NotAllowed, NotFound
from liuhen.flows.resumable.arriving import Checksum, Piece
from liuhen.flows.resumable.refusals import (
    NoRoom,
    OffsetMoved,
    PieceAltered,
    TooManyUploads,
    UploadAltered,
    UploadBusy,
    UploadSetAside,
    UploadTooLong,
)

VERSION = "1.0.0"
EXTENSIONS = "creation,creation-with-upload,checksum,termination,expiration"
ALGORITHMS = {"sha256": 32, "sha1": 20, "md5": 16}
PIECE_TYPE = "application/offset+octet-stream"
_LONGEST_SAID = 8192
_COUNT = re.compile(r"[0-9]{1,15}")
_KEY = re.compile(r"[!-+\--~]{1,64}")  # printable ASCII without blank and comma


class WrongVersion(LiuhenError):
    """The sender speaks another version of the protocol."""


class WrongKind(LiuhenError):
    """The body is not declared as a piece of a file."""


class LengthMissing(LiuhenError):
    """The request does not say how long its body is."""


STATUSES: dict[type[LiuhenError], int] = {
    Unknown: 401,
    CsrfMissing: 403,
    NotAllowed: 403,
    NotFound: 404,
    OffsetMoved: 409,
    UploadSetAside: 410,
    LengthMissing: 411,
    WrongVersion: 412,
    UploadTooLong: 413,
    WrongKind: 415,
    UploadBusy: 423,
    TooManyUploads: 429,
    PieceAltered: 460,
    UploadAltered: 460,
    NoRoom: 507,
    DiskFull: 507,
    BadInput: 400,
}


def status_of(refusal: LiuhenError) -> int:
    """Give the status that answers a refusal."""
    return next((status for kind, status in STATUSES.items() if isinstance(refusal, kind)), 409)


def require_version(request: HttpRequest) -> None:
    """Raises WrongVersion."""
    if request.headers.get("Tus-Resumable") != VERSION:
        raise WrongVersion(f"请求应带 Tus-Resumable: {VERSION}；请换用支持 tus {VERSION} 的程序")


def count_in(request: HttpRequest, header: str) -> int:
    """Read a whole number from a header. Raises BadInput."""
    text = request.headers.get(header, "")
    if not _COUNT.fullmatch(text):
        raise BadInput(header, "应为非负整数；请写明字节数")
    return int(text)


def read_said(text: str) -> dict[str, str]:
    """Read Upload-Metadata. Raises BadInput."""
    if len(text) > _LONGEST_SAID:
        raise BadInput("Upload-Metadata", f"不应超过 {_LONGEST_SAID} 字节；请只写文件名、摘要、设备和人员")
    said: dict[str, str] = {}
    for pair in filter(None, (part.strip() for part in text.split(","))):
        key, _, value = pair.partition(" ")
        if not _KEY.fullmatch(key) or key in said:
            raise BadInput("Upload-Metadata", "每个名称应为不含空格和逗号的 ASCII 字符，且只出现一次；请核对")
        said[key] = _decoded(key, value)
    return said


def _decoded(key: str, value: str) -> str:
    try:
        return base64.b64decode(value, validate=True).decode("utf-8")
    except (binascii.Error, UnicodeDecodeError):
        raise BadInput("Upload-Metadata", f"{key} 的值应为 UTF-8 文字的 Base64；请核对") from None


def piece_of(request: HttpRequest, offset: int) -> Piece:
    """Read what a request says of the piece in its body. Raises WrongKind, LengthMissing, BadInput."""
    if request.content_type != PIECE_TYPE:
        raise WrongKind(f"正文应声明为 Content-Type: {PIECE_TYPE}；请核对")
    stated = str(request.META.get("CONTENT_LENGTH") or "")
    if not _COUNT.fullmatch(stated):
        raise LengthMissing("没有写明 Content-Length；请写明这一段的字节数")
    return Piece(offset, int(stated), _checksum(request.headers.get("Upload-Checksum")))


def _checksum(text: str | None) -> Checksum | None:
    if text is None:
        return None
    algorithm, _, value = text.partition(" ")
    try:
        digest = base64.b64decode(value, validate=True)
    except binascii.Error:
        digest = b""
    if len(digest) != ALGORITHMS.get(algorithm, -1):
        raise BadInput("Upload-Checksum", f"应写成“算法 Base64 摘要”，算法为 {'、'.join(ALGORITHMS)} 之一；请核对")
    return Checksum(algorithm, digest)
