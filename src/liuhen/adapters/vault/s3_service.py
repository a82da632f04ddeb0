"""Where the S3 service is, how to speak to it, and its refusals in our words.

Invariant: keys are never written into a message; a service that does not answer is VaultUnreachable, never "no such object".
"""

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from liuhen.adapters.vault.port import DiskFull
from liuhen.core.kernel.errors import LiuhenError

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

_EXPECTED = {
    "404", "NoSuchKey", "NotFound", "416", "InvalidRange", "412", "PreconditionFailed", "409", "ConditionalRequestConflict",
}  # fmt: skip
_FULL = {"QuotaExceeded", "InsufficientStorage", "XMinioStorageFull", "507"}


@dataclass(frozen=True, slots=True)
class S3Place:
    """One bucket of one service. Without `endpoint` it is AWS; without keys boto3 looks where it always does."""

    bucket: str
    prefix: str = ""
    endpoint: str | None = None
    region: str = "us-east-1"
    access_key: str | None = None
    secret_key: str | None = field(default=None, repr=False)


class VaultUnreachable(LiuhenError):
    """The service does not answer, or refuses us."""

    def __init__(self, place: S3Place, what: str) -> None:
        super().__init__(
            f"对象存储 {place.endpoint or 'AWS'} 的存储桶 {place.bucket} 无法使用（{what}）；请检查网络、地址和访问密钥后重试。"
        )


def connect(place: S3Place) -> "S3Client":
    """Give a client that any S3 service understands; nothing is sent yet."""
    return boto3.client(
        "s3",
        endpoint_url=place.endpoint,
        region_name=place.region,
        aws_access_key_id=place.access_key,
        aws_secret_access_key=place.secret_key,
        config=Config(
            signature_version="s3v4",
            s3={"addressing_style": "path" if place.endpoint else "auto"},
            retries={"max_attempts": 5, "mode": "standard"},
            connect_timeout=5,
            read_timeout=60,
            # Older services refuse checksums that were not asked for; where they matter they are asked for.
            request_checksum_calculation="when_required",
            response_checksum_validation="when_required",
        ),
    )


@contextlib.contextmanager
def service(place: S3Place) -> Iterator[None]:
    """Translate what the service could not do; the answers that the vault itself understands pass through."""
    try:
        yield
    except ClientError as error:
        code = str(error.response.get("Error", {}).get("Code", ""))
        if code in _EXPECTED:
            raise
        if code in _FULL:
            raise DiskFull(f"存储桶 {place.bucket}") from error
        raise VaultUnreachable(place, code or "未知错误") from error
    except BotoCoreError as error:
        raise VaultUnreachable(place, type(error).__name__) from error
